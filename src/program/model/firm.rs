//! What a firm can hold, and what it takes.

use super::{Renewal, Upkeep};
use crate::id::{AccreditationId, AreaId, CertificationId, LevelId, RightId, TierId, TrackId};
use crate::program::duration::CalendarDuration;

/// Which certified people a line counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct People {
    pub certification: Option<CertificationId>,
    pub track: Option<TrackId>,
    /// This level or higher.
    pub level: Option<LevelId>,
    pub area: Option<AreaId>,
    pub role: Option<String>,
    pub exclusive: bool,
}

/// One condition on a firm.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Line {
    People {
        at_least: u32,
        who: People,
    },
    Share {
        percent: f64,
        who: People,
    },
    Metric {
        name: String,
        at_least: Option<f64>,
        at_most: Option<f64>,
        over: Option<CalendarDuration>,
    },
    Document {
        name: String,
        count: u32,
        review: bool,
        valid_for: Option<CalendarDuration>,
        over: Option<CalendarDuration>,
    },
    Accreditation(AccreditationId),
    Tier(TierId),
    Any(Vec<Line>),
}

/// `[[tier]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Tier {
    pub id: TierId,
    pub name: String,
    pub require: Vec<Line>,
    pub unlocks: Vec<RightId>,
    pub grace: CalendarDuration,
    pub settle: CalendarDuration,
    pub approval: u8,
    pub badge: bool,
}

/// Kinds of accreditation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum AccreditationKind {
    Technical,
    Industry,
    Delivery,
    Compliance,
}

/// `[[accreditation]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Accreditation {
    pub id: AccreditationId,
    pub name: String,
    pub kind: AccreditationKind,
    pub description: String,
    pub criteria: String,
    pub require: Vec<Line>,
    pub image: Option<String>,
    pub validity: Option<CalendarDuration>,
    pub unlocks: Vec<RightId>,
    pub renewal: Option<Renewal>,
    pub upkeep: Vec<Upkeep>,
    pub grace: CalendarDuration,
    pub settle: CalendarDuration,
    pub approval: u8,
    pub identifiers: Vec<String>,
}
