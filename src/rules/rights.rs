//! [`rights_of_person`], [`right_of_person`]: what a person may do, and which certification or step towards one gives it
//! until when.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::explain::written;
use super::outlook::{Outlook, Phase};
use crate::id::{CertificationId, RequirementId, RightId};
use crate::program::duration::local_day;
use crate::program::{Certification, Program, Requirement, Right, RightOf};

/// One right that a person has, and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RightHeld {
    /// Which.
    #[schema(value_type = String)]
    pub right: RightId,
    /// The certification that unlocks it.
    #[schema(value_type = String)]
    pub certification: CertificationId,
    /// The step towards the certification that unlocks it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub requirement: Option<RequirementId>,
    /// Its last second; none: no end is known.
    pub until: Option<DateTime<Utc>>,
    /// The award expired, and the program lets rights go on while it can be renewed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_grace: bool,
}

/// Whether a person has one right, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RightDecision {
    /// Which.
    #[schema(value_type = String)]
    pub right: RightId,
    /// Yes or no.
    pub granted: bool,
    /// Its last second; none: no end is known, or it is not granted.
    pub until: Option<DateTime<Utc>>,
    /// What gives it; of several, what gives it longest.
    pub because: Option<RightHeld>,
    /// In a sentence.
    pub words: String,
}

/// Every right of persons that these standings unlock. Rights of firms, and rights that need more than an unlock, are not for
/// one person to have.
pub fn rights_of_person(program: &Program, outlooks: &[Outlook]) -> Vec<RightHeld> {
    let of_person = |id: &RightId| program.rights.iter().any(|right| right.id == *id && is_of_person(right));
    let mut rights = Vec::new();
    for outlook in outlooks {
        if let Some(certification) = program.certification(&outlook.certification) {
            rights.extend(unlocked(certification, outlook).into_iter().filter(|held| of_person(&held.right)));
        }
    }
    rights
}

/// Whether these standings give this right.
pub fn right_of_person(program: &Program, right: &Right, outlooks: &[Outlook]) -> RightDecision {
    let giving = rights_of_person(program, outlooks).into_iter().filter(|held| held.right == right.id);
    // What has no known end lasts longest.
    let because = giving.max_by_key(|held| (held.until.is_none(), held.until));
    let words = match &because {
        Some(held) => format!("Yes: {}", why_yes(program, held, outlooks)),
        None => format!("No: {}", why_no(program, right, outlooks)),
    };
    let until = because.as_ref().and_then(|held| held.until);
    RightDecision { right: right.id.clone(), granted: because.is_some(), until, because, words }
}

fn is_of_person(right: &Right) -> bool {
    right.of == RightOf::Person && right.require.is_empty()
}

fn unlocked(certification: &Certification, outlook: &Outlook) -> Vec<RightHeld> {
    let (until, in_grace, held) = match outlook.phase {
        Phase::Valid | Phase::Window => (outlook.valid_until, false, true),
        Phase::Grace if certification.renewal.rights_in_grace => {
            (outlook.renewal.map(|renewal| renewal.grace_until), true, true)
        }
        Phase::NotHeld => (None, false, false),
        Phase::NotYetValid | Phase::Grace | Phase::Streamlined | Phase::Lapsed | Phase::Suspended | Phase::Revoked => {
            return Vec::new();
        }
    };
    let of_award = certification.unlocks.iter().filter(|_| held).map(|right| (right, None));
    let taken = |step: &&Requirement| is_met(outlook, &step.id) || (held && leads_to(certification, &step.id));
    let of_steps = certification
        .requirements
        .iter()
        .filter(taken)
        .flat_map(|step| step.unlocks.iter().map(move |right| (right, (!held).then(|| step.id.clone()))));
    let mut found: Vec<RightHeld> = Vec::new();
    for (right, requirement) in of_award.chain(of_steps) {
        let (right, certification) = (right.clone(), certification.id.clone());
        let right = RightHeld { right, certification, requirement, until, in_grace };
        if !found.contains(&right) {
            found.push(right);
        }
    }
    found
}

fn is_met(outlook: &Outlook, id: &RequirementId) -> bool {
    outlook.paths.iter().flat_map(|path| &path.requirements).any(|step| step.met && step.requirement == *id)
}

/// Whoever holds the award has gone this step, or another one instead.
fn leads_to(certification: &Certification, id: &RequirementId) -> bool {
    certification.any_of.iter().flatten().any(|step| step == id)
}

fn why_yes(program: &Program, held: &RightHeld, outlooks: &[Outlook]) -> String {
    let day = |at: DateTime<Utc>| written(local_day(at, program.timezone));
    let certification = program.certification(&held.certification);
    let name = certification.map_or(held.certification.as_str(), |c| c.name.as_str());
    if let Some(step) = &held.requirement {
        let step = certification.and_then(|c| c.requirement(step)).map_or(step.as_str(), |r| r.name.as_str());
        return format!("{step}, a step towards {name}, is completed.");
    }
    let outlook = outlooks.iter().find(|outlook| outlook.certification == held.certification);
    let expired = outlook.and_then(|outlook| outlook.since).filter(|_| held.in_grace);
    match (held.until, expired) {
        (Some(until), Some(expired)) => {
            format!("{name} expired on {}; its rights go on until {}.", day(expired), day(until))
        }
        (Some(until), None) => format!("{name} is valid until {}.", day(until)),
        (None, _) => format!("{name} is valid and does not expire."),
    }
}

/// Of several certifications that could give it: what is nearest to giving it.
fn why_no(program: &Program, right: &Right, outlooks: &[Outlook]) -> String {
    if right.of == RightOf::Firm {
        return format!("{} is a right of firms, not of persons.", right.name);
    }
    if !is_of_person(right) {
        return format!("{} takes more than an award of one person.", right.name);
    }
    let gives = |c: &&Certification| {
        c.unlocks.contains(&right.id) || c.requirements.iter().any(|step| step.unlocks.contains(&right.id))
    };
    let giving: Vec<&Certification> = program.certifications.iter().filter(gives).collect();
    let seen = outlooks.iter().filter_map(|outlook| {
        giving
            .iter()
            .find(|certification| certification.id == outlook.certification)
            .map(|c| (c.name.as_str(), outlook))
    });
    let nearest = seen.min_by_key(|(_, outlook)| distance(outlook.phase));
    let Some((name, outlook)) = nearest else {
        let names: Vec<&str> = giving.iter().map(|certification| certification.name.as_str()).collect();
        return match names.as_slice() {
            [] => format!("no certification unlocks {}.", right.name),
            names => format!("it takes {}, which is not held.", names.join(" or ")),
        };
    };
    let day = outlook.since.map(|since| written(local_day(since, program.timezone))).unwrap_or_default();
    match outlook.phase {
        Phase::Valid | Phase::Window => format!("{name} is held, but not the step completed that unlocks it."),
        Phase::NotYetValid => format!("{name} is valid only from {day}."),
        Phase::Suspended => format!("{name} is suspended since {day}."),
        Phase::Grace | Phase::Streamlined | Phase::Lapsed => format!("{name} expired on {day}."),
        Phase::Revoked => format!("{name} was revoked on {day}."),
        Phase::NotHeld => format!("{name} is not held, and no step is completed that unlocks it."),
    }
}

fn distance(phase: Phase) -> u8 {
    match phase {
        Phase::Valid | Phase::Window => 0,
        Phase::NotYetValid => 1,
        Phase::Suspended => 2,
        Phase::Grace => 3,
        Phase::Streamlined => 4,
        Phase::Lapsed => 5,
        Phase::NotHeld => 6,
        Phase::Revoked => 7,
    }
}
