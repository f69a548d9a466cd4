//! What applying a program, ordering a recertification, and asking about the past refuse.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::point_in_time::PointInTimeError;
use crate::service::program::{ApplyError, ReviewError};
use crate::service::recertification::OrderError;

/// What to do when the second caller is the first.
const OTHER_KEY: &str =
    "Make a key of another name for another person: assay api-key create NAME --scope program:write";

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Faults(faults) => {
                let problem = Problem::new(
                    Code::InvalidValue,
                    format!("The program file has {} fault(s); nothing was applied.", faults.count()),
                )
                .hint("Each is named with line and column; `assay program check FILE` shows the same.");
                faults.list().iter().fold(problem, |problem, fault| problem.at("/text", fault.to_string()))
            }
            ApplyError::Unfit(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/text", "cannot be taken in")
            }
            ApplyError::TooLarge { .. } => Problem::new(Code::PayloadTooLarge, sentence(&error)),
            ApplyError::Past { .. } => Problem::new(Code::InvalidValue, sentence(&error))
                .at("/effective_at", "is in the past")
                .hint("Leave it out to apply the version now."),
            ApplyError::TooFar { .. } => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/effective_at", "is more than 366 days ahead")
            }
            ApplyError::Waiting { version, .. } => Problem::new(Code::InvalidState, sentence(&error))
                .hint(format!("assay program confirm {version}, or assay program reject {version}")),
            ApplyError::NotProposed { .. } => {
                Problem::new(Code::InvalidState, sentence(&error)).hint("assay program show lists the versions.")
            }
            ApplyError::SameCaller { .. } => Problem::new(Code::Forbidden, sentence(&error)).hint(OTHER_KEY),
            ApplyError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Unknown(_) => {
                Problem::new(Code::UnknownCertification, sentence(&error)).hint("The catalogue is at /.")
            }
            ReviewError::NotAsked(_) => Problem::new(Code::InvalidState, sentence(&error))
                .hint("Give the certification a content_review in the program file."),
            ReviewError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Invalid { pointer, detail } => {
                Problem::new(Code::InvalidValue, "A value cannot be; nothing was ordered.").at(pointer, detail)
            }
            OrderError::UnknownCertification(_) => Problem::new(Code::UnknownCertification, sentence(&error))
                .at("/certifications", "names one that is not in the program")
                .hint("The catalogue is at /."),
            OrderError::UnknownRequirement { .. } => Problem::new(Code::UnknownRequirement, sentence(&error))
                .at("/requirement", "is not of each of these certifications"),
            OrderError::Taken(_) => {
                Problem::new(Code::EditConflict, sentence(&error)).hint("Order something else under a new id.")
            }
            OrderError::Unknown(_) => Problem::new(Code::NotFound, sentence(&error)),
            OrderError::NotProposed(_) => Problem::new(Code::InvalidState, sentence(&error)),
            OrderError::SameCaller { .. } => Problem::new(Code::Forbidden, sentence(&error)).hint(OTHER_KEY),
            OrderError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<PointInTimeError> for Problem {
    fn from(error: PointInTimeError) -> Self {
        match error {
            PointInTimeError::Malformed { parameter } => {
                Problem::new(Code::MalformedRequest, sentence(&error)).at(format!("/{parameter}"), "cannot be read")
            }
            PointInTimeError::Future { parameter } => Problem::new(Code::InvalidValue, sentence(&error))
                .at(format!("/{parameter}"), "lies in the future")
                .hint("Leave it out to ask about now."),
            PointInTimeError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
