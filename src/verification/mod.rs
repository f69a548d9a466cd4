//! Judging a credential, our own or a stranger's: pure; what must be fetched is asked for by name.

mod checks;
mod data_model;
mod earlier;
mod facts;
mod inspect;
mod keys;
mod own;
mod own_terms;
mod past;
mod presentation;
mod presented;
mod receipt;
mod report;
pub mod shape;
mod signatures;
mod spelling;
mod summary;
mod token;
mod trusted;
mod verdict;
mod web;
mod words;

pub use data_model::flaws;
pub use facts::{Facts, Found, Need};
pub use inspect::{Judgement, inspect, judge, needs};
pub use own::{OwnAward, WhichCopy};
pub use past::{Hindsight, Past, TwoViews, past};
pub use presentation::{
    Challenged, Presentation, PresentationJudgement, PresentationProblem, judge_presentation, read_presentation,
};
pub use presented::{Form, MAXIMUM_JSON, MAXIMUM_PICTURE, Malformed, Presented, read};
pub use receipt::{RECEIPT_TYPE, receipt};
pub use report::*;
pub use signatures::Held;
pub use trusted::{TrustList, TrustedIssuer};
pub use verdict::{malformed, not_found, unreached};
