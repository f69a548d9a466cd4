//! The containers that a term can name.

use serde_json::Value;

use crate::linked_data::Error;
use crate::linked_data::error::invalid;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::linked_data) struct Container(u8);

impl Container {
    pub(in crate::linked_data) const SET: Container = Container(1);
    pub(in crate::linked_data) const LIST: Container = Container(2);
    pub(in crate::linked_data) const GRAPH: Container = Container(4);
    pub(in crate::linked_data) const LANGUAGE: Container = Container(8);
    pub(in crate::linked_data) const INDEX: Container = Container(16);
    pub(in crate::linked_data) const ID: Container = Container(32);
    pub(in crate::linked_data) const TYPE: Container = Container(64);

    pub(in crate::linked_data) fn has(self, other: Container) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::linked_data) fn without(self, other: Container) -> Container {
        Container(self.0 & !other.0)
    }

    pub(in crate::linked_data) fn with(self, other: Container) -> Container {
        Container(self.0 | other.0)
    }

    /// `@container` of a term.
    pub(super) fn read(value: &Value) -> Result<Container, Error> {
        let wrong = || invalid("invalid container mapping", value.to_string());
        let items = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut container = Container::default();
        for item in items {
            container = container.with(match item.as_str().ok_or_else(wrong)? {
                "@set" => Container::SET,
                "@list" => Container::LIST,
                "@graph" => Container::GRAPH,
                "@language" => Container::LANGUAGE,
                "@index" => Container::INDEX,
                "@id" => Container::ID,
                "@type" => Container::TYPE,
                _ => return Err(wrong()),
            });
        }
        let rest = container.without(Container::SET);
        let alone = [
            Container::default(),
            Container::GRAPH,
            Container::LANGUAGE,
            Container::INDEX,
            Container::ID,
            Container::TYPE,
            Container::GRAPH.with(Container::ID),
            Container::GRAPH.with(Container::INDEX),
        ];
        if alone.contains(&rest) || container == Container::LIST { Ok(container) } else { Err(wrong()) }
    }
}
