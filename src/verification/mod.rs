//! Judging a credential, our own or a stranger's: pure; what must be fetched is asked for by name.

mod checks;
mod earlier;
mod facts;
mod hindsight;
mod inspect;
mod keys;
mod own;
mod presented;
mod receipt;
mod report;
mod signatures;
mod spelling;
mod summary;
mod token;
mod verdict;
mod words;

pub use facts::{Facts, Found, Need, TrustedIssuer};
pub use hindsight::{Hindsight, TwoViews, hindsight, unrecorded};
pub use inspect::{Judgement, inspect, judge, needs};
pub use own::{HolderShown, OwnAward, WhichCopy};
pub use presented::{Form, MAXIMUM_JSON, MAXIMUM_PICTURE, Malformed, Presented, read};
pub use receipt::{RECEIPT_TYPE, receipt};
pub use report::*;
pub use summary::holder_of;
pub use verdict::{malformed, not_found, unreached};
