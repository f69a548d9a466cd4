//! The words that the tables of classes are written in.

use serde_json::{Map, Value};

use super::vocabulary::Vocabulary;

/// Of the data model of verifiable credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    /// 1.1: `issuanceDate`; only the "any" schemas take it.
    One,
    /// 2.0: `validFrom`.
    Two,
}

impl Generation {
    /// The address that `@context` begins with.
    pub(super) fn context(self) -> &'static str {
        match self {
            Generation::One => "https://www.w3.org/2018/credentials/v1",
            Generation::Two => "https://www.w3.org/ns/credentials/v2",
        }
    }
}

/// A class of the data model.
pub(super) struct Class {
    pub(super) typing: Typing,
    /// In groups, so that classes can share some.
    pub(super) members: &'static [&'static [Member]],
    /// Whether it may have no other members.
    pub(super) closed: Closed,
    /// What prose asks of its members together.
    pub(super) rule: Option<Rule>,
}

/// What is wrong with the members together, and what to write instead.
pub(super) type Rule = fn(&Map<String, Value>) -> Option<(&'static str, &'static str)>;

/// How an object names its class.
pub(super) enum Typing {
    /// Not at all, or as an ordinary member.
    Free,
    /// As a list that contains this.
    List(&'static str),
    /// As this text alone.
    Single(&'static str),
    /// As a list that contains `VerifiableCredential` and one of these.
    Credential(&'static [&'static str]),
}

/// Whether members that the class does not define are refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    No,
    Yes,
    /// In the older data model only.
    In(Generation),
}

/// A member of a class.
pub(super) struct Member {
    pub(super) name: &'static str,
    /// What to add when it is missing, if the class requires it.
    pub(super) required: Option<&'static str>,
    /// Takes a list.
    pub(super) many: bool,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// A date with time and time zone.
    Moment,
    /// A date without a time.
    Day,
    Number,
    /// `true` or `false`.
    Flag,
    /// A language tag.
    Language,
    /// A compact JWS.
    Token,
    /// One word of a list.
    Word(&'static Vocabulary),
    Object(&'static Class),
    /// An endorsement, whose class goes by the generation.
    Endorsement,
    /// A profile, or its id alone.
    Issuer,
    /// The contexts.
    Context,
}

pub(super) const fn required(name: &'static str, kind: Kind, add: &'static str) -> Member {
    Member { name, required: Some(add), many: false, kind }
}

pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, required: None, many: false, kind }
}

pub(super) const fn list(name: &'static str, kind: Kind) -> Member {
    Member { name, required: None, many: true, kind }
}

impl Class {
    pub(super) const fn new(typing: Typing, members: &'static [&'static [Member]]) -> Class {
        Class { typing, members, closed: Closed::No, rule: None }
    }

    pub(super) const fn closed(mut self, closed: Closed) -> Class {
        self.closed = closed;
        self
    }

    pub(super) const fn rule(mut self, rule: Rule) -> Class {
        self.rule = Some(rule);
        self
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &'static Member> {
        self.members.iter().flat_map(|group| group.iter())
    }

    /// Whether it is one of its members.
    pub(super) fn defines(&self, name: &str) -> bool {
        let typed = !matches!(self.typing, Typing::Free) && name == "type";
        typed || self.members().any(|member| member.name == name)
    }

    /// Whether it may have no members but its own.
    pub(super) fn is_closed(&self, generation: Generation) -> bool {
        match self.closed {
            Closed::No => false,
            Closed::Yes => true,
            Closed::In(only) => only == generation,
        }
    }

    /// As people may call it.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self.typing {
            Typing::Free => None,
            Typing::List(name) | Typing::Single(name) => Some(name),
            Typing::Credential(names) => names.first().copied(),
        }
    }
}
