//! Corrected details: every credential of the person is signed anew at its address, and what came before is taken back.

use super::find::view;
use super::{Person, PersonError, PersonView, known, outgrown, standings};
use crate::app::App;
use crate::id::{CertificationId, PersonId};
use crate::intake::flaw_of_text;
use crate::rules::{AwardState, Cause, FormerWhy, Happening, Standing, Term, VersionKind};
use crate::service::caller::Caller;
use crate::service::desk::{self, Desk, Whom};
use crate::service::{Breakdown, TRIES};
use crate::store::{Commit, EventKind, ReadSet};

/// The name as it shall stand from now on. The old one is shown nowhere any more: every award gets a corrected credential at
/// its address, also one that is over, and all earlier copies that have not run out by themselves are taken back.
pub async fn correct_name(app: &App, caller: &Caller, id: &PersonId, name: &str) -> Result<PersonView, PersonError> {
    if let Some(flaw) = flaw_of_text(name) {
        return Err(PersonError::invalid("/name", &flaw));
    }
    let name = name.trim();
    reissued(app, caller, id, |person| {
        name.clone_into(&mut person.name);
        Ok(true)
    })
    .await
}

/// Changes what stands in the person's credentials. `correct` answers whether it does stand there; nothing is signed when
/// it changes nothing.
pub async fn reissued(
    app: &App,
    caller: &Caller,
    id: &PersonId,
    correct: impl Fn(&mut Person) -> Result<bool, PersonError> + Send,
) -> Result<PersonView, PersonError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let before = known(app, caller, id, &mut reads).await?;
        let mut person = before.clone();
        let is_shown = correct(&mut person)?;
        if person == before {
            return Ok(view(app, caller, &before).await?);
        }
        let held = standings(app, caller.realm, &person.id, &mut reads).await?;
        let whom = Whom { known: Some(before), person };
        let mut desk = Desk::new(app, caller.realm, whom, Cause::Details, reads).await?;
        let corrected = desk.person.id.clone();
        desk.tell(EventKind::PersonCorrected { person: corrected });
        if is_shown {
            reissue(&mut desk, &held).await?;
        }
        let person = desk.person.clone();
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            return Ok(view(app, caller, &person).await?);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Signs everything the person on the desk holds or held, with their details as they are now.
pub(in crate::service) async fn reissue_all(desk: &mut Desk<'_>) -> Result<(), Breakdown> {
    let (app, realm, person) = (desk.app, desk.realm, desk.person.id.clone());
    let held = standings(app, realm, &person, &mut desk.reads).await?;
    reissue(desk, &held).await
}

async fn reissue(desk: &mut Desk<'_>, held: &[Standing]) -> Result<(), Breakdown> {
    for standing in held {
        reissue_standing(desk, &standing.certification).await?;
    }
    Ok(())
}

/// The same for one certification: its award, those that were undone, and the copies of those that were joined.
pub(super) async fn reissue_standing(desk: &mut Desk<'_>, id: &CertificationId) -> Result<(), Breakdown> {
    if desk.standing(id).await?.award.is_none() {
        return Ok(());
    }
    reissue_award(desk, id).await?;
    for n in 0..desk.standing(id).await?.former.len() {
        match desk.standing(id).await?.former[n].why {
            FormerWhy::Undone => reissue_former(desk, id, n).await?,
            FormerWhy::Alias => take_back_alias(desk, id, n).await?,
        }
    }
    Ok(())
}

/// Signs an award that was undone, whose address goes on saying so.
pub(super) async fn reissue_former(desk: &mut Desk<'_>, id: &CertificationId, n: usize) -> Result<(), Breakdown> {
    swap(desk, id, n).await?;
    reissue_award(desk, id).await?;
    swap(desk, id, n).await?;
    desk.plan(id).await
}

/// Puts a former award in the place of the current one, and back.
async fn swap(desk: &mut Desk<'_>, id: &CertificationId, n: usize) -> Result<(), Breakdown> {
    let standing = desk.standing(id).await?;
    if let (Some(award), Some(former)) = (standing.award.as_mut(), standing.former.get_mut(n)) {
        std::mem::swap(award, &mut former.award);
    }
    Ok(())
}

/// Signs the award with the dates it has. One that is over gets a credential that is over, and one that is suspended or
/// revoked gets one that is suspended or revoked: their pages show the corrected details, too.
pub(super) async fn reissue_award(desk: &mut Desk<'_>, id: &CertificationId) -> Result<(), Breakdown> {
    let state = desk.state(id).await?.ok_or(Breakdown::Missing("the award to correct"))?;
    let Some(judge) = desk.basis(id).await? else { return Ok(()) };
    let Some(certification) = judge.program.certification(id) else { return Ok(()) };
    let (now, was_history) = (desk.now, desk.history);
    let (told, current) = {
        let standing = desk.standing(id).await?;
        (standing.told, desk::held(standing).current().clone())
    };
    desk.take_back(id).await?;
    // Dated just after the one before, so that it was valid for a while.
    desk.history = was_history.or(current.valid_until.filter(|until| *until <= now));
    let term = Term::of(&current, judge.program.timezone);
    desk.sign(&judge, certification, VersionKind::Correction, term).await?;
    desk.history = was_history;
    if !matches!(state, AwardState::Valid { .. } | AwardState::NotYetValid { .. }) {
        desk.take_back(id).await?;
    }
    // A correction tells nothing of what time brought.
    desk.standing(id).await?.told = told;
    desk.plan(id).await
}

/// The copies of an award that was joined with the current one bear the details as they were: nobody shall rely on them.
pub(super) async fn take_back_alias(desk: &mut Desk<'_>, id: &CertificationId, n: usize) -> Result<(), Breakdown> {
    let alias = desk.standing(id).await?.former[n].award.clone();
    desk.take_back_versions(&alias).await?;
    let what = Happening::Corrected { version: alias.current().number };
    let line = desk.line(what, desk.now);
    desk.standing(id).await?.former[n].award.history.push(line);
    Ok(())
}
