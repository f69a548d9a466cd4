//! What follows for awards when something that they rest on counts no more: the one decision of undo and uphold.

use super::{Grounds, Rest, compare};
use crate::decimal::Decimal;
use crate::id::{CertificationId, CredentialVersion};
use crate::program::Certification;
use crate::rules::{self, AwardState, Cause, Reason, Standing, Term, VersionKind};
use crate::service::Breakdown;
use crate::service::desk::{self, Desk};
use crate::service::{issue, program};
use crate::store::{UndoEffect, UndoneAward};

/// Why something counts no more, and who says so.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Fall<'a> {
    /// Of a revocation.
    pub(in crate::service) reason: Reason,
    pub(in crate::service) by: &'a str,
    /// Private words.
    pub(in crate::service) text: Option<&'a str>,
    /// An award that rests because of what was in doubt holds again, now that this is decided.
    pub(in crate::service) reinstates: bool,
    /// Only awards that nothing carries any more are touched.
    pub(in crate::service) firsts_only: bool,
}

/// Versions of a person's awards whose terms stand no more.
pub(in crate::service) type Fallen = Vec<(CertificationId, CredentialVersion)>;

/// Gives an award what is left of it; `None`: nothing changes for anybody who looks.
pub(in crate::service) async fn fall(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    left: Grounds,
    how: &Fall<'_>,
    fallen: &mut Fallen,
) -> Result<Option<UndoneAward>, Breakdown> {
    if matches!(desk.state(id).await?, None | Some(AwardState::Revoked { .. })) {
        return Ok(None);
    }
    let award = desk::held(desk.standing(id).await?).clone();
    let (effect, valid_until) = match left {
        Grounds::Whole => return Ok(None),
        Grounds::None => {
            fallen.extend(award.versions.iter().map(|version| (id.clone(), version.number)));
            desk.revoke(id, how.reason).await?;
            (UndoEffect::Revoked, None)
        }
        Grounds::Rest(_) if how.firsts_only => return Ok(None),
        Grounds::Rest(rest) => {
            fallen.extend(rest.fallen.iter().map(|number| (id.clone(), *number)));
            let Some(effect) = give(desk, id, &rest, how).await? else { return Ok(None) };
            (effect, rest.award.current().valid_until)
        }
    };
    desk.annotate(id, how.by, how.text).await?;
    Ok(Some(UndoneAward { award: award.id, certification: id.clone(), effect, valid_until }))
}

/// What follows for the person's other awards: those that waited for one that fell, or were renewed along with it.
pub(in crate::service) async fn ripple(
    desk: &mut Desk<'_>,
    how: &Fall<'_>,
    mut fallen: Fallen,
) -> Result<Vec<UndoneAward>, Breakdown> {
    let (mut done, mut seen) = (Vec::new(), 0);
    while seen < fallen.len() {
        let now = fallen[seen..].to_vec();
        seen = fallen.len();
        let doubt = |_: &rules::VersionEntry, cause: &Cause| match cause {
            Cause::Award { certification, version } => now.iter().any(|(c, v)| c == certification && v == version),
            _ => false,
        };
        for standing in desk.app.store.standings_of(desk.realm, &desk.person.id).await? {
            let id = standing.certification;
            let standing = desk.standing(&id).await?.clone();
            let left = compare(desk, &id, &standing, &doubt).await?;
            done.extend(fall(desk, &id, left, how, &mut fallen).await?);
        }
    }
    Ok(done)
}

/// Signs the term that is left, unless a reader would see no difference.
async fn give(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    rest: &Rest,
    how: &Fall<'_>,
) -> Result<Option<UndoEffect>, Breakdown> {
    let (now, zone) = (desk.now, desk.in_force.program.timezone);
    let state = desk.state(id).await?;
    let rests = matches!(state, Some(AwardState::Suspended { .. }));
    let reinstates = how.reinstates && rests;
    let judge = program::version(desk.app, rest.award.current().program).await?;
    let certification = judge.program.certification(id).ok_or(Breakdown::Missing("the certification of an award"))?;
    let shows = desk.in_force.program.privacy.score;
    let standing = desk.standing(id).await?;
    let told = shows.then(|| score(standing, certification));
    let from = carry(standing, rest);
    if rest.fallen.is_empty() && told == shows.then(|| score(standing, certification)) && !reinstates {
        return Ok(None);
    }
    let award = desk::held(standing).clone();
    let wrong: Vec<_> = award.versions.iter().filter(|version| version.number >= from).collect();
    for version in wrong.iter().filter(|version| version.valid_until.is_none_or(|until| until >= now)) {
        desk.changes.set_bit(version.list, version.index);
    }
    let earned = rest.earned(zone);
    let Term { valid_until, .. } = earned.term;
    let over = valid_until.filter(|until| *until <= now);
    let latest = wrong.iter().map(|version| version.valid_from).max();
    if over.is_some_and(|until| latest.is_some_and(|latest| until <= latest + chrono::TimeDelta::seconds(1))) {
        // What fell came after the term was over: there is no moment at which a credential for that could begin.
        desk.expire(id, now).await?;
        return Ok(Some(UndoEffect::Expired));
    }
    // A term that is over meanwhile is signed as it was then, not from now on.
    let was_history = std::mem::replace(&mut desk.history, over);
    let kind = if reinstates { VersionKind::Reinstatement } else { VersionKind::Correction };
    desk.sign(&judge, certification, kind, earned).await?;
    desk.history = was_history;
    if rests && !reinstates {
        let current = desk::held(desk.standing(id).await?).current().clone();
        desk.changes.set_bit(current.list, current.index);
    }
    let Some(until) = over else { return Ok(Some(UndoEffect::EarlierTerm)) };
    // That it is over is still to be told.
    desk.standing(id).await?.told = Some(until);
    desk.plan(id).await?;
    Ok(Some(UndoEffect::Expired))
}

/// Puts down what carries each term now, and which fell, with what was demanded within those. Answers from which version on
/// copies are wrong.
fn carry(standing: &mut Standing, rest: &Rest) -> CredentialVersion {
    let award = standing.award.as_mut().expect("what is left of it was compared");
    let fell = |number: CredentialVersion| rest.fallen.contains(&number);
    for version in &mut award.versions {
        version.fallen |= fell(version.number);
        if let Some(left) = rest.award.version(version.number).filter(|left| !fell(left.number)) {
            version.rests_on.clone_from(&left.rests_on);
        }
    }
    let lines = award.history.iter().filter(|line| line.what.version().is_some_and(fell));
    if let Some(since) = lines.map(|line| line.recorded_at).min() {
        award.demands.retain(|demand| demand.placed_at < since);
    }
    rest.fallen.iter().min().copied().unwrap_or(rest.award.began().number)
}

/// The best score of an exam among what the current term rests on, also of what was struck out.
fn score(standing: &Standing, certification: &Certification) -> Option<Decimal> {
    let rests_on = &desk::held(standing).began().rests_on;
    issue::best_score(certification, standing.results.iter().filter(|result| rests_on.contains(&result.named())))
}
