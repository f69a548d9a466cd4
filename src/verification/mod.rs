//! Judging a credential, our own or a stranger's: pure; what must be fetched is asked for by name.

mod checks;
mod facts;
mod hindsight;
mod keys;
mod needs;
mod presented;
mod report;
pub mod shape;
mod signatures;
mod spelling;
mod summary;
mod verdict;
mod words;

pub use facts::{Facts, Found, HolderShown, Need, OwnAward, WhichCopy};
pub use hindsight::{Hindsight, TwoViews, hindsight, unrecorded};
pub use needs::needs;
pub use presented::{Form, MAXIMUM_JSON, MAXIMUM_PICTURE, Malformed, Presented, read};
pub use report::*;
pub use summary::holder_of;
pub use verdict::{inspect, malformed, not_found};
