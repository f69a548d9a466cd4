//! What imports, feeds and signed deliveries refuse.

use super::{is_full, sentence};
use crate::http::problem::{Code, Problem};
use crate::service::intake::feeds::FeedError;
use crate::service::intake::import::{Checked, ImportError};
use crate::service::intake::inbound::InboundError;
use crate::service::intake::{MAX_FILE, SpoolError};

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::File(_) => {
                Problem::new(Code::MalformedRequest, format!("{} Nothing was written.", sentence(&error)))
                    .hint("Say what a column holds with map=COLUMN=FIELD (--map \"E-Mail=email\"), or begin with the template: /api/v1/imports/template.csv (assay import --template).")
            }
            ImportError::Rows(checked) => rows(&checked),
            ImportError::Spool(error) => error.into(),
            ImportError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

/// Every row that is wrong, with line and column.
fn rows(checked: &Checked) -> Problem {
    let words = format!("{} of {} rows cannot be imported; nothing was written.", checked.bad, checked.rows);
    let problem = Problem::new(Code::InvalidValue, words)
        .hint("Correct these rows, or ask for the others only: partial=true (--partial).");
    let problem = checked.faults.iter().fold(problem, |problem, fault| problem.at(fault.place(), fault.words.clone()));
    let told = checked.faults.iter().map(|fault| fault.line).collect::<std::collections::BTreeSet<_>>().len() as u64;
    match checked.bad.saturating_sub(told) {
        0 => problem,
        more => problem.at("", format!("and {more} more rows")),
    }
}

impl From<SpoolError> for Problem {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLarge => {
                let mib = MAX_FILE / (1024 * 1024);
                Problem::new(Code::PayloadTooLarge, format!("The file may have at most {mib} MiB."))
                    .hint("Split it; each part must begin with the header.")
            }
            SpoolError::Io(ref source) if is_full(source) => {
                Problem::unavailable("The temporary folder is full; nothing was written.", super::RETRY).because(error)
            }
            SpoolError::Io(_) => Problem::internal(error),
        }
    }
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Conflict { .. } => {
                Problem::new(Code::ResultConflict, sentence(&error)).hint("Send what is new under a new id.")
            }
            FeedError::Submit(error) => error.into(),
            FeedError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<InboundError> for Problem {
    fn from(error: InboundError) -> Self {
        match error {
            InboundError::Name | InboundError::Misleading(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/source", "cannot be")
            }
            InboundError::Lacking => Problem::new(Code::Forbidden, sentence(&error))
                .hint("Let somebody make it whose key has that scope, or the operator: assay inbound-webhook create"),
            InboundError::Vouched(_) => Problem::new(Code::Forbidden, sentence(&error))
                .hint("Let an administrator make it, or the operator: assay inbound-webhook create"),
            InboundError::Taken(_) => Problem::new(Code::EditConflict, sentence(&error))
                .hint("Send rotate: true to replace its secret; the last one stays good beside the new one."),
            InboundError::Unknown(_) => Problem::new(Code::NotFound, sentence(&error)),
            InboundError::Key(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/public_key", "is no public key of a webhook")
            }
            InboundError::NotExpected => Problem::new(Code::Unauthorized, sentence(&error))
                .hint("Whoever runs this service makes the address known: assay inbound-webhook create SOURCE"),
            InboundError::Signature(_) => Problem::new(Code::Unauthorized, sentence(&error))
                .hint("Sign as Standard Webhooks 1.0 says, over the bytes that are sent."),
            InboundError::Conflict { .. } => {
                Problem::new(Code::ResultConflict, sentence(&error)).hint("A new delivery needs a new webhook-id.")
            }
            InboundError::Submit(error) => error.into(),
            InboundError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
