//! What others report, read into results: a [`Submission`] is one result as it is reported, and the checks of it that need
//! no program.

pub mod canvas;
pub mod csv;
pub mod feed;
pub mod lines;
mod maps;
pub mod moodle;
mod submission;
pub mod xapi;

pub use maps::unanswerable;
pub use submission::{
    EvidenceRecord, ExternalId, InvalidValue, RubricScore, Submission, SubmittedPerson, flaw_of_text, is_email,
};
