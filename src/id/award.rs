//! [`AwardId`]: the public, permanent number of an award.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{CROCKFORD, IdSource, crockford};

/// 80 random bits as 16 Crockford base32 characters, upper case and without hyphens: the form in ids, keys and addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AwardId([u8; 16]);

/// No award can have this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verification number has 16 letters and digits, such as 7K3Q-X9M2-TR4H-B6WD")]
pub struct MalformedAwardId;

impl AwardId {
    /// A new, unguessable number.
    pub fn new(ids: &dyn IdSource) -> Self {
        let mut bytes = [0u8; 16];
        ids.fill(&mut bytes[6..]);
        let text = crockford(u128::from_be_bytes(bytes), 16);
        AwardId(text.as_bytes().try_into().expect("16 characters were asked for"))
    }

    /// The 16 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("base32 is ASCII")
    }

    /// The form for people: `7K3Q-X9M2-TR4H-B6WD`.
    pub fn grouped(&self) -> String {
        let s = self.as_str();
        [&s[..4], &s[4..8], &s[8..12], &s[12..]].join("-")
    }
}

/// Forgives case, hyphens and spaces, O for 0, I and L for 1.
impl FromStr for AwardId {
    type Err = MalformedAwardId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut out = [0u8; 16];
        let mut n = 0;
        for c in text.bytes().filter(|c| !matches!(c, b'-' | b' ')) {
            let c = match c.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                c => c,
            };
            if n == 16 || !CROCKFORD.contains(&c) {
                return Err(MalformedAwardId);
            }
            out[n] = c;
            n += 1;
        }
        if n == 16 { Ok(AwardId(out)) } else { Err(MalformedAwardId) }
    }
}

impl fmt::Display for AwardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AwardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

impl From<AwardId> for String {
    fn from(id: AwardId) -> String {
        id.as_str().to_owned()
    }
}

impl TryFrom<String> for AwardId {
    type Error = MalformedAwardId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(text.parse::<AwardId>().ok().map(|id| id.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn input_forgives_what_people_mistype_and_nothing_else() {
        check("7K3QX9M2TR4HB6WD", Some("7K3QX9M2TR4HB6WD"));
        check("7k3q-x9m2-tr4h-b6wd", Some("7K3QX9M2TR4HB6WD"));
        check("7K3Q X9M2 TR4H B6WD", Some("7K3QX9M2TR4HB6WD"));
        check("OIL0-0000-0000-0000", Some("0110000000000000"));
        check("7K3QX9M2TR4HB6W", None);
        check("7K3QX9M2TR4HB6WDD", None);
        check("UK3QX9M2TR4HB6WD", None);
        check("7K3QX9M2TR4HB6W!", None);
        check("", None);
        check(&"-".repeat(100_000), None);
    }
}
