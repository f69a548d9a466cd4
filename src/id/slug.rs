//! Ids that a vendor chooses in the program file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Not an id of a program file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 lower-case letters, digits and hyphens, and begins with a letter or digit")]
pub struct MalformedSlug;

fn check(text: &str) -> Result<(), MalformedSlug> {
    let mut bytes = text.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let rest = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if first && rest && text.len() <= 64 { Ok(()) } else { Err(MalformedSlug) }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as written in the program file.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = MalformedSlug;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                check(text).map(|()| $name(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedSlug;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug! {
    /// The program.
    ProgramId
}
slug! {
    /// A product, solution, industry or integration that certifications are layered on.
    AreaId
}
slug! {
    /// A role line.
    TrackId
}
slug! {
    /// A rung.
    LevelId
}
slug! {
    /// What a certification, tier or accreditation unlocks.
    RightId
}
slug! {
    /// The thing one can hold; an OB `Achievement`.
    CertificationId
}
slug! {
    /// What must be shown, within one certification.
    RequirementId
}
slug! {
    /// A program rung of a firm.
    TierId
}
slug! {
    /// A firm-level credential.
    AccreditationId
}
