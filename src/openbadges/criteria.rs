//! `Criteria`: what it takes.

use serde::Serialize;

/// What it takes, as text and as the address of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Criteria {
    pub id: String,
    /// Markdown.
    pub narrative: String,
}
