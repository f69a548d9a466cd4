//! What undoing a batch means for one person.

use chrono::{DateTime, Utc};

use crate::id::CertificationId;
use crate::rules::{Award, AwardState, Cause, HistoryEntry, Reason, RecordedResult, Standing, Term, VersionKind};
use crate::service::desk::{self, Desk};
use crate::service::grounds::before_renewal;
use crate::service::{Breakdown, program};
use crate::store::{EventKind, UndoEffect, UndoRecord, UndoneAward, UndoneRecord};

/// Whether anything of a person's is part of the batch.
pub(super) fn concerns(record: &UndoRecord, standings: &[Standing]) -> bool {
    standings.iter().any(|standing| standing.results.iter().any(|r| record.criteria.fit(&standing.certification, r)))
}

/// Undoes what is part of the batch, at most `most` results at a time; `None`: nothing is left.
pub(super) async fn undo(
    desk: &mut Desk<'_>,
    certifications: &[CertificationId],
    record: &UndoRecord,
    most: usize,
) -> Result<Option<UndoneRecord>, Breakdown> {
    let mut wrong = Wrong::default();
    for id in certifications {
        let standing = desk.standing(id).await?;
        let meant = standing.results.iter().filter(|result| record.criteria.fit(id, result));
        wrong.0.extend(meant.map(|result| (id.clone(), result.clone())));
    }
    let mut awards = Vec::new();
    let mut issued = Vec::new();
    for id in certifications {
        if let Some(award) = revoke(desk, id, &wrong, record).await? {
            issued.push(id.clone());
            awards.push(award);
        } else if !record.criteria.issued_only
            && let Some(award) = give_back(desk, id, &wrong, record).await?
        {
            awards.push(award);
        }
    }
    if record.criteria.issued_only {
        wrong.0.retain(|(id, _)| issued.contains(id));
    }
    // Once its award is revoked, a standing is not known by it any more.
    let most = if record.criteria.issued_only { usize::MAX } else { most };
    if wrong.0.is_empty() {
        return Ok(None);
    }
    let results = u32::try_from(wrong.0.len().min(most)).unwrap_or(u32::MAX);
    for (id, result) in wrong.0.iter().take(most) {
        strike_out(desk, id, result).await?;
    }
    Ok(Some(UndoneRecord { person: desk.person.id.clone(), results, awards }))
}

/// The results of one person that were a mistake.
#[derive(Default)]
struct Wrong(Vec<(CertificationId, RecordedResult)>);

impl Wrong {
    /// Whether a line of an award's history goes back to one of them, if only by way of other awards of the person.
    async fn led_to(&self, desk: &mut Desk<'_>, line: &HistoryEntry) -> Result<bool, Breakdown> {
        let mut cause = line.cause.clone();
        let mut seen = Vec::new();
        loop {
            match cause {
                Cause::Result(named) => return Ok(self.0.iter().any(|(_, result)| result.named() == named)),
                Cause::Award { certification, version } if !seen.contains(&certification) => {
                    let award = desk.standing(&certification).await?.award.as_ref();
                    let made = |line: &&HistoryEntry| line.what.version() == Some(version);
                    let Some(line) = award.and_then(|award| award.history.iter().find(made)) else { return Ok(false) };
                    cause = line.cause.clone();
                    seen.push(certification);
                }
                _ => return Ok(false),
            }
        }
    }
}

async fn strike_out(desk: &mut Desk<'_>, id: &CertificationId, wrong: &RecordedResult) -> Result<(), Breakdown> {
    let now = desk.now;
    let named = wrong.named();
    if let Some(result) = desk.standing(id).await?.results.iter_mut().find(|result| result.is(&named)) {
        result.void_at = Some(now);
    }
    desk.changes.result_undone(&named.source, &named.id);
    let (person, requirement) = (desk.person.id.clone(), wrong.requirement.clone());
    desk.tell(EventKind::ResultVoided { person, certification: id.clone(), requirement });
    Ok(())
}

/// What somebody did by hand has words or at least a name; what a result led to has none.
async fn by_hand(desk: &Desk<'_>, award: &Award, line: usize) -> Result<bool, Breakdown> {
    Ok(desk.app.store.note(desk.realm, award.id, line).await?.is_some())
}

/// A first award that was made by the batch.
async fn revoke(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    wrong: &Wrong,
    record: &UndoRecord,
) -> Result<Option<UndoneAward>, Breakdown> {
    let standing = desk.standing(id).await?.clone();
    let Some(award) = &standing.award else { return Ok(None) };
    let first = &award.history[0];
    if !wrong.led_to(desk, first).await? || by_hand(desk, award, 0).await? || is_revoked(desk, id).await? {
        return Ok(None);
    }
    desk.revoke(id, Reason::IssuedInError).await?;
    desk.annotate(id, &record.by, record.text.as_deref()).await?;
    let (award, certification) = (award.id, id.clone());
    Ok(Some(UndoneAward { award, certification, effect: UndoEffect::Revoked, valid_until: None }))
}

async fn is_revoked(desk: &mut Desk<'_>, id: &CertificationId) -> Result<bool, Breakdown> {
    Ok(matches!(desk.state(id).await?, Some(AwardState::Revoked { .. })))
}

/// An award whose last renewals were made by the batch has the term from before them.
async fn give_back(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    wrong: &Wrong,
    record: &UndoRecord,
) -> Result<Option<UndoneAward>, Breakdown> {
    let standing = desk.standing(id).await?.clone();
    let Some(award) = &standing.award else { return Ok(None) };
    let mut earlier = None;
    let mut before = award.clone();
    while let Some((former, _)) = before_renewal(&before) {
        let line = former.history.len();
        if !wrong.led_to(desk, &before.history[line]).await? || by_hand(desk, award, line).await? {
            break;
        }
        earlier = Some(before.history[line].recorded_at);
        before = former;
    }
    let Some(since) = earlier else { return Ok(None) };
    if is_revoked(desk, id).await? {
        return Ok(None);
    }
    let effect = sign_earlier(desk, id, &before, since).await?;
    desk.annotate(id, &record.by, record.text.as_deref()).await?;
    let (award, valid_until) = (award.id, before.current().valid_until);
    Ok(Some(UndoneAward { award, certification: id.clone(), effect, valid_until }))
}

async fn sign_earlier(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    before: &Award,
    since: DateTime<Utc>,
) -> Result<UndoEffect, Breakdown> {
    let (now, zone) = (desk.now, desk.in_force.program.timezone);
    let suspended = matches!(desk.state(id).await?, Some(AwardState::Suspended { .. }));
    let standing = desk.standing(id).await?;
    let award = standing.award.as_mut().expect("its earlier term is known");
    award.demands.retain(|demand| demand.placed_at < since);
    let wrong: Vec<_> = award.versions.iter().skip(before.versions.len()).cloned().collect();
    for version in wrong.iter().filter(|version| version.valid_until.is_none_or(|until| until >= now)) {
        desk.changes.set_bit(version.list, version.index);
    }
    let term = Term::of(before.current(), zone);
    let over = term.valid_until.filter(|until| *until <= now);
    let latest = wrong.iter().map(|version| version.valid_from).max();
    if over.is_some_and(|until| latest.is_some_and(|latest| until <= latest + chrono::TimeDelta::seconds(1))) {
        // The renewal came after the term was over: there is no moment at which a credential for that could begin.
        desk.expire(id, now).await?;
        return Ok(UndoEffect::Expired);
    }
    let judge = program::version(desk.app, before.current().program).await?;
    let certification = judge.program.certification(id).ok_or(Breakdown::Missing("the certification of an award"))?;
    // A term that is over meanwhile is signed as it was then, not from now on.
    desk.history = over.is_some();
    desk.sign(&judge, certification, VersionKind::Correction, term).await?;
    desk.history = false;
    if suspended {
        let current = desk::held(desk.standing(id).await?).current().clone();
        desk.changes.set_bit(current.list, current.index);
    }
    let Some(until) = over else { return Ok(UndoEffect::EarlierTerm) };
    // That it is over is still to be told.
    desk.standing(id).await?.told = Some(until);
    desk.plan(id).await?;
    Ok(UndoEffect::Expired)
}
