//! [`rights_of_person`]: what a person may do, and which certification or step towards one gives it until when.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::outlook::{Outlook, Phase};
use crate::id::{CertificationId, RequirementId, RightId};
use crate::program::{Certification, Program, RightOf};

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

/// Every right of persons that these standings unlock. Rights of firms, and rights that need more than an unlock, are not for
/// one person to have.
pub fn rights_of_person(program: &Program, outlooks: &[Outlook]) -> Vec<RightHeld> {
    let of_person = |id: &RightId| {
        program.rights.iter().any(|right| right.id == *id && right.of == RightOf::Person && right.require.is_empty())
    };
    let mut rights = Vec::new();
    for outlook in outlooks {
        if let Some(certification) = program.certification(&outlook.certification) {
            rights.extend(unlocked(certification, outlook).into_iter().filter(|held| of_person(&held.right)));
        }
    }
    rights
}

fn unlocked(certification: &Certification, outlook: &Outlook) -> Vec<RightHeld> {
    let held = |right: &RightId, requirement: Option<&RequirementId>, until, in_grace| RightHeld {
        right: right.clone(),
        certification: certification.id.clone(),
        requirement: requirement.cloned(),
        until,
        in_grace,
    };
    let grace = outlook.renewal.map(|renewal| renewal.grace_until);
    match outlook.phase {
        Phase::Valid | Phase::Window => {
            let of_award = certification.unlocks.iter();
            let of_steps = certification.requirements.iter().flat_map(|requirement| &requirement.unlocks);
            of_award.chain(of_steps).map(|right| held(right, None, outlook.valid_until, false)).collect()
        }
        Phase::Grace if certification.renewal.rights_in_grace => {
            certification.unlocks.iter().map(|right| held(right, None, grace, true)).collect()
        }
        Phase::NotHeld => {
            let steps = outlook.paths.iter().flat_map(|path| &path.requirements).filter(|step| step.met);
            let mut found: Vec<RightHeld> = Vec::new();
            for step in steps {
                let unlocks = certification.requirement(&step.requirement).into_iter().flat_map(|r| &r.unlocks);
                for right in unlocks.map(|right| held(right, Some(&step.requirement), None, false)) {
                    if !found.contains(&right) {
                        found.push(right);
                    }
                }
            }
            found
        }
        Phase::NotYetValid | Phase::Grace | Phase::Streamlined | Phase::Lapsed | Phase::Suspended | Phase::Revoked => {
            Vec::new()
        }
    }
}
