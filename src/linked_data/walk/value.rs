//! Values: scalars with what their term says about them, value objects, JSON literals.

use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::{Found, Kind, Place, Walk};
use crate::linked_data::Error;
use crate::linked_data::context::{Coercion, Context, Definition, Direction, Expanded, language_tag, read_direction};
use crate::linked_data::dataset::{Node, XSD_STRING};
use crate::linked_data::error::invalid;
use crate::linked_data::iri::{self, Keyword};

const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
const I18N: &str = "https://www.w3.org/ns/i18n#";
const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";

impl Walk<'_> {
    /// A bare string, number or truth value.
    pub(super) fn scalar(&mut self, place: &Place<'_>, value: &Value) -> Result<(), Error> {
        let super::Property::Term { name, definition } = place.property else {
            return Err(Error::Dropped { what: format!("the value {value} directly in {}", place.property.name()) });
        };
        match place.property.scoped() {
            None => self.scalar_of(place.context, (name, definition), value),
            Some(scoped) => {
                let context = self.contexts.process(place.context, scoped, true, true)?;
                let definition = context.term(name).map(|definition| &**definition);
                self.scalar_of(&context, (name, definition), value)
            }
        }
    }

    /// Value expansion (JSON-LD 1.1 API §5.3).
    pub(super) fn scalar_of(
        &mut self,
        context: &Arc<Context>,
        (name, definition): (&str, Option<&Definition>),
        value: &Value,
    ) -> Result<(), Error> {
        let coercion = definition.map_or(&Coercion::Absent, |definition| &definition.coercion);
        if let Value::String(text) = value {
            let expanded = match coercion {
                Coercion::Id => context.expand_id(text),
                Coercion::Vocab => context.expand_type(text),
                Coercion::Datatype(datatype) => {
                    let node = self.data.literal(text, datatype, None);
                    return self.literal(node, datatype);
                }
                Coercion::Absent | Coercion::None | Coercion::Json => {
                    let language = definition.and_then(|definition| definition.language.as_ref());
                    let language = language.unwrap_or(&context.language).clone();
                    let direction = definition.and_then(|definition| definition.direction);
                    return self.text(text, language.as_deref(), direction.unwrap_or(context.direction));
                }
            };
            let Some(iri) = expanded.named() else {
                return Err(Error::RelativeIri { iri: text.clone() });
            };
            let node = self.named(iri);
            self.found.push(Found { node, kind: Kind::Node });
            return Ok(());
        }
        let datatype = match coercion {
            Coercion::Datatype(datatype) => Some(&**datatype),
            _ => None,
        };
        self.native(value, datatype, name)
    }

    /// A text in a language, if it has one, and in a direction, if it has one. RDF knows no direction beside a language, so
    /// both go into the datatype (`i18n-datatype`, JSON-LD 1.1 §10.2.2): without it the direction would not be signed.
    pub(super) fn text(
        &mut self,
        text: &str,
        language: Option<&str>,
        direction: Option<Direction>,
    ) -> Result<(), Error> {
        let Some(direction) = direction else {
            let node = self.data.literal(text, XSD_STRING, language);
            return self.literal(node, XSD_STRING);
        };
        let datatype = format!("{I18N}{}_{}", language.unwrap_or_default(), direction.name());
        let node = self.data.literal(text, &datatype, None);
        self.literal(node, &datatype)
    }

    /// A number or truth value, in the words of its datatype (JSON-LD 1.1 API §7.2).
    fn native(&mut self, value: &Value, datatype: Option<&str>, name: &str) -> Result<(), Error> {
        let (text, usual) = match value {
            Value::Bool(value) => (if *value { "true" } else { "false" }.to_owned(), XSD_BOOLEAN),
            Value::Number(number) => number_text(number, datatype == Some(XSD_DOUBLE))
                .ok_or_else(|| Error::Dropped { what: format!("the precision of {number} in \"{name}\"") })?,
            other => return Err(invalid("invalid value object value", other.to_string())),
        };
        let datatype = datatype.unwrap_or(usual);
        let node = self.data.literal(&text, datatype, None);
        self.literal(node, datatype)
    }

    pub(super) fn json_literal(&mut self, value: &Value) -> Result<(), Error> {
        let text = serde_json_canonicalizer::to_string(value)
            .map_err(|error| invalid("invalid JSON literal", error.to_string()))?;
        let node = self.data.literal(&text, RDF_JSON, None);
        self.literal(node, RDF_JSON)
    }

    fn literal(&mut self, node: Node, datatype: &str) -> Result<(), Error> {
        if !iri::is_iri(datatype) {
            return Err(Error::RelativeIri { iri: datatype.to_owned() });
        }
        self.found.push(Found { node, kind: Kind::Literal });
        Ok(())
    }

    /// `{"@value": …}`.
    pub(super) fn value_object(
        &mut self,
        place: &Place<'_>,
        type_scope: &Arc<Context>,
        map: &Map<String, Value>,
    ) -> Result<(), Error> {
        let (mut value, mut datatype, mut language, mut direction) = (None, None, None, None);
        for (key, entry) in map {
            let slot = match place.context.keyword(key) {
                Some(Keyword::Context) => continue,
                Some(Keyword::Index) if entry.is_string() => continue,
                Some(Keyword::Index) => return Err(invalid("invalid @index value", entry.to_string())),
                Some(Keyword::Value) => &mut value,
                Some(Keyword::Type) => &mut datatype,
                Some(Keyword::Language) => &mut language,
                Some(Keyword::Direction) => &mut direction,
                _ => return Err(invalid("invalid value object", key.as_str())),
            };
            if slot.replace(entry).is_some() {
                return Err(invalid("colliding keywords", key.as_str()));
            }
        }
        if place.property.free() {
            return Err(Error::Dropped { what: format!("a value directly in {}", place.property.name()) });
        }
        if datatype.is_some() && (language.is_some() || direction.is_some()) {
            return Err(invalid("invalid value object", "a datatype beside a language or direction"));
        }
        let value = value.unwrap_or(&Value::Null);
        let datatype = match datatype {
            None => None,
            Some(Value::String(name)) => match type_scope.expand_type(name) {
                Expanded::Keyword(Keyword::Json) => return self.json_literal(value),
                Expanded::Text(iri) if iri::is_iri(&iri) => Some(iri.into_owned()),
                _ => return Err(invalid("invalid typed value", name.as_str())),
            },
            Some(other) => return Err(invalid("invalid typed value", other.to_string())),
        };
        let language = match language {
            None | Some(Value::Null) => None,
            Some(Value::String(tag)) => Some(language_tag(tag)?),
            Some(other) => return Err(invalid("invalid language-tagged string", other.to_string())),
        };
        let direction = match direction {
            // Contexts may take a direction back, texts have none to take back.
            Some(Value::Null) => return Err(invalid("invalid base direction", "null")),
            None => None,
            Some(direction) => read_direction(direction)?,
        };
        match (value, datatype) {
            (Value::Null, _) => Err(Error::Dropped { what: format!("a null value of \"{}\"", place.property.name()) }),
            (Value::String(text), None) => self.text(text, language.as_deref(), direction),
            (_, _) if language.is_some() => Err(invalid("invalid language-tagged value", value.to_string())),
            (Value::String(text), Some(datatype)) => {
                let node = self.data.literal(text, &datatype, None);
                self.literal(node, &datatype)
            }
            (value, datatype) => self.native(value, datatype.as_deref(), place.property.name()),
        }
    }
}

/// The lexical form of a number and its usual datatype: whole numbers as integers, others as `2.1E0`. Nothing where the
/// number is too large to be told from its neighbours.
fn number_text(number: &Number, double: bool) -> Option<(String, &'static str)> {
    const EXACT: u64 = 1 << 53;
    if number.as_u64().is_some_and(|whole| whole > EXACT)
        || number.as_i64().is_some_and(|whole| whole.unsigned_abs() > EXACT)
    {
        return None;
    }
    let value = number.as_f64()?;
    if !double && value.fract() == 0.0 && value.abs() < 1e21 {
        // `+ 0.0` makes an integer of a negative zero.
        return Some((format!("{:.0}", value + 0.0), XSD_INTEGER));
    }
    let text = format!("{value:.15E}");
    let (mantissa, exponent) = text.split_once('E')?;
    let mantissa = mantissa.trim_end_matches('0');
    let zero = if mantissa.ends_with('.') { "0" } else { "" };
    Some((format!("{mantissa}{zero}E{exponent}"), XSD_DOUBLE))
}
