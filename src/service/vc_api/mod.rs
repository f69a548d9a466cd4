//! The W3C VC API (VCALM), at which public test suites are pointed: it issues and verifies whatever credential it is given.
//!
//! What it issues says nothing of this service: it is signed with a key that serves nothing else, and kept nowhere.

mod issue;
mod key;
mod options;
mod presentation;
mod problem;
mod verify;

pub use issue::{IssueError, issue};
pub use key::switch_on;
pub use options::Options;
pub use presentation::{PresentationResult, presentation};
pub use problem::{ProblemDetails, ProblemType};
pub use verify::{VerificationResult, credential};
