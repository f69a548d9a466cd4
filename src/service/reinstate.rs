//! Ending a suspension on a desk.

use super::desk::{self, Desk};
use super::{Breakdown, issue, program};
use crate::id::CertificationId;
use crate::rules::{Happening, Term, VersionKind};
use crate::store::{AwardPointer, EventKind};

/// Makes a suspended award valid again, for the term it had or for another. A term that ran out meanwhile is not signed
/// anew: from now on the award is expired, and can be renewed.
pub(super) async fn reinstate(desk: &mut Desk<'_>, id: &CertificationId, term: Option<Term>) -> Result<(), Breakdown> {
    let (now, in_force) = (desk.now, desk.in_force.clone());
    let standing = desk.standing(id).await?.clone();
    let current = desk::held(&standing).current().clone();
    let term = term.unwrap_or_else(|| Term::of(&current, in_force.program.timezone));
    let over = term.valid_until.is_some_and(|until| until <= now);
    if !over {
        // A certification that the program has no more is signed as the version has it that dated the term.
        let judge = match in_force.program.certification(id) {
            Some(_) => in_force,
            None => program::version(desk.app, current.program).await?,
        };
        let certification =
            judge.program.certification(id).ok_or(Breakdown::Missing("the certification of an award"))?;
        return desk.sign(&judge, certification, VersionKind::Reinstatement, term).await;
    }
    let pointer = AwardPointer { person: standing.person.clone(), certification: id.clone() };
    let signed = desk.app.store.credential(desk.realm, &pointer, current.number).await?;
    let signed = signed.ok_or(Breakdown::Missing("a signed credential"))?;
    let fact = issue::fact(&standing, desk::held(&standing).id, &current, &signed);
    desk.write_down(id, Happening::Reinstated { version: current.number }, now).await?;
    desk.tell(EventKind::AwardReinstated(fact));
    Ok(())
}
