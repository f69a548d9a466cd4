//! [`flaws`]: what a credential is made of, against what Open Badges 3.0 asks of it, with words that say where and what to do.
//!
//! The tables hold the facts of the specification's data model and of both published generations of its JSON schema: the
//! first wants a list wherever several values are possible, the one of 2026 takes what JSON-LD compaction leaves, and the
//! "any" schema takes the shape of the older data model 1.1 besides. What has no flaw here is accepted by all that judge
//! its shape; a flaw that is [`Weight::Required`] means that none does, but for what [`Weight`] lists.
//!
//! | file | holds |
//! |---|---|
//! | `credential` | the credential itself, endorsements, and what every verifiable credential has |
//! | `achievement` | the subject, the achievement, results |
//! | `profile` | issuers, creators, holders: profiles, identifiers, addresses, pictures |
//! | `vocabulary` | closed lists of words |
//! | `text` | dates, languages, tokens, addresses of contexts |
//! | `walk` | the one walk over a document |

mod achievement;
mod class;
mod credential;
mod profile;
mod text;
mod vocabulary;
mod walk;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::Value;

use class::Generation;

/// The most flaws that are told; the grave ones come first.
pub const MOST: usize = 32;
/// How deep objects may lie in one another; a badge of an endorsed member of a daughter firm comes to eight.
pub const DEEPEST: usize = 16;

/// How grave a flaw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A member that its class requires is missing or of the wrong kind. Neither generation of the schema accepts it, except
    /// that the newer one takes any single text as `type`, and an object without members, or of texts by language, as a
    /// text, a `type` or an issuer; and except for what lies deeper than [`DEEPEST`].
    Required,
    /// The specification or one of the schemas refuses it, and it does no harm. Whatever is wrong with an endorsement is of
    /// this weight: it is somebody else's word, not the badge's.
    Odd,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Where: `credentialSubject.identifier[0].identityHash`.
    pub path: String,
    /// What is wrong there, to be read after the path: "is missing".
    pub words: String,
    /// What to write instead, as an imperative.
    pub fix: String,
    /// Whether it counts.
    #[serde(skip)]
    pub weight: Weight,
}

/// Everything about the shape of an Open Badges 3.0 credential that is not as it should be, at most [`MOST`] flaws, the
/// grave ones first and otherwise in the order of the data model. Which generation of the data model it is judged by
/// follows from its first context, or else from its dates.
pub fn flaws(document: &Value) -> Vec<Flaw> {
    let generation = generation(document);
    let mut walk = walk::Walk::new(generation);
    walk.document(credential::root(generation), document);
    walk.finish()
}

/// Contexts name it; a single context leaves it to the dates.
fn generation(document: &Value) -> Generation {
    let first = document.get("@context").and_then(Value::as_array).and_then(|contexts| contexts.first());
    match first.and_then(Value::as_str) {
        Some(context) if context == Generation::One.context() => Generation::One,
        Some(context) if context == Generation::Two.context() => Generation::Two,
        _ if document.get("issuanceDate").is_some() && document.get("validFrom").is_none() => Generation::One,
        _ => Generation::Two,
    }
}
