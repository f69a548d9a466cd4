//! What wants a person's eye: listed; and what waits because it does not say all that is asked, let through: by somebody
//! who looked, or by a `[[source]]` that was applied later.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::id::{CertificationId, Realm, ReviewId};
use crate::program::{Particular, source_name};
use crate::rules::{self, Cause, Decision, RecordedResult, Unmet};
use crate::service::caller::Caller;
use crate::service::desk::Desk;
use crate::service::refused::{self, Refused};
use crate::service::{Breakdown, TRIES, moment, program};
use crate::store::{Changes, Commit, EventKind, ReadSet, ReviewCode, ReviewRecord, Reviewed, Vouching, WaitingReview};

/// The most of one page.
pub const MAX_PAGE: usize = 200;
/// The most that one call lets through.
pub const AT_ONCE: usize = 2_000;
/// The most that one step of the worker looks at.
const STEP: usize = 100;

/// Reviews, newest first; `before` is the last one of the page before. The second value tells whether there are more.
pub async fn list(
    app: &App,
    realm: Realm,
    before: Option<&ReviewId>,
    limit: usize,
) -> Result<(Vec<ReviewRecord>, bool), Breakdown> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut found = app.store.reviews(realm, before, limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}

/// What shall be let through.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Who reported it: the name of an API key or feed.
    #[schema(example = "moodle")]
    pub source: String,
    /// Id of the certification.
    #[schema(example = "sales-associate")]
    pub certification: String,
    /// Id of the requirement within it.
    #[schema(example = "exam")]
    pub requirement: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Accepted {
    /// Results that count now, each by its own date.
    pub accepted: u32,
    /// First awards among what followed.
    pub awarded: u32,
    /// Renewals among what followed.
    pub renewed: u32,
    /// What was struck out, or can matter no more.
    pub moot: u32,
    /// More wait: call again.
    pub more: bool,
}

/// Opens a review about a result that does not say all that is asked.
pub(in crate::service) fn open(
    desk: &mut Desk<'_>,
    certification: &CertificationId,
    result: &RecordedResult,
    unsaid: &[Unmet],
) -> ReviewId {
    let id = ReviewId::new(desk.now, desk.app.ids.as_ref());
    let review = ReviewRecord {
        id: id.clone(),
        code: ReviewCode::Incomplete,
        source: source_name(&result.source).to_owned(),
        message: result.id.clone(),
        person: desk.person.id.clone(),
        certification: certification.clone(),
        requirement: result.requirement.clone(),
        words: unsaid.iter().map(|unmet| unmet.words.as_str()).collect::<Vec<_>>().join(" "),
        candidates: Vec::new(),
        before: None,
        now: result.score.map(rules::Score::percent),
        at: result.at,
        opened_at: desk.now,
        closed: None,
    };
    desk.changes.review(&review);
    let (person, requirement) = (review.person, review.requirement);
    let (certification, code) = (review.certification, review.code);
    desk.tell(EventKind::ResultReviewOpened { person, certification, requirement, code });
    id
}

/// Accepts what waits of one source and requirement, as somebody who looked at it.
pub async fn accept(app: &App, caller: &Caller, wanted: &Acceptance) -> Result<Accepted, Refused> {
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let certification = refused::certification(&in_force.program, &wanted.certification)?;
    let requirement = &refused::requirement(certification, &wanted.requirement)?.id;
    let mut accepted = Accepted::default();
    let of = (wanted.source.as_str(), &certification.id, requirement);
    let waiting =
        app.store.waiting_reviews(caller.realm, Some(of), None, AT_ONCE + 1).await.map_err(Breakdown::from)?;
    accepted.more = waiting.len() > AT_ONCE;
    let trust = Trust { particulars: &Particular::ALL, by: &caller.name };
    for one in waiting.iter().take(AT_ONCE) {
        accepted.count(let_through(app, caller.realm, &one.review, trust).await?);
    }
    Ok(accepted)
}

/// One step of letting through what a `[[source]]` of the program in force vouches for; whether there was anything to do.
pub async fn advance(app: &App) -> Result<bool, Breakdown> {
    for realm in [Realm::Live, Realm::Test] {
        let mut reads = ReadSet::new();
        let in_force = program::in_force(app, &mut reads).await?;
        let version = in_force.record.version;
        let known = app.store.vouching(realm, &mut reads).await?.filter(|known| known.version == version);
        let known = known.unwrap_or(Vouching { version, after: None, done: false });
        if known.done {
            continue;
        }
        let waiting = app.store.waiting_reviews(realm, None, known.after.as_ref(), STEP).await?;
        for WaitingReview { source, review, .. } in &waiting {
            let particulars = in_force.program.vouched(source);
            if !particulars.is_empty() {
                let_through(app, realm, review, Trust { particulars, by: source }).await?;
            }
        }
        let (mut changes, last) = (Changes::new(realm), waiting.last().cloned());
        changes.vouching(&Vouching { version, done: last.is_none(), after: last });
        // Somebody else who got there first did the same.
        app.store.commit(&reads, changes).await?;
        return Ok(true);
    }
    Ok(false)
}

/// What need not be said, and on whose word.
#[derive(Clone, Copy)]
struct Trust<'a> {
    particulars: &'a [Particular],
    by: &'a str,
}

/// What became of a review.
enum Effect {
    /// Nothing: it is closed already, or something else is missing still.
    None,
    Moot,
    Accepted(Decision),
}

impl Accepted {
    fn count(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::Moot => self.moot += 1,
            Effect::Accepted(decision) => {
                self.accepted += 1;
                self.awarded += u32::from(matches!(decision, Decision::Award(_)));
                self.renewed += u32::from(matches!(decision, Decision::Renew(_)));
            }
        }
    }
}

/// Lets one result through, if nothing else is missing; it keeps the date on which it was earned.
async fn let_through(app: &App, realm: Realm, id: &ReviewId, trust: Trust<'_>) -> Result<Effect, Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let Some(review) = app.store.review(realm, id, &mut reads).await? else { return Ok(Effect::None) };
        let person = app.store.person(realm, &review.person, &mut reads).await?;
        let (Some(person), None) = (person, &review.closed) else { return Ok(Effect::None) };
        let mut desk = Desk::new(app, realm, person, Cause::Time, reads).await?;
        let judge = program::in_force_at(app, review.at.min(desk.now), &mut desk.reads).await?;
        let asked = judge.program.certification(&review.certification);
        let asked = asked.and_then(|certification| certification.requirement(&review.requirement));
        let results = &mut desk.standing(&review.certification).await?.results;
        let waits = |result: &&mut RecordedResult| {
            let is_it = result.id == review.message && source_name(&result.source) == review.source;
            is_it && result.void_at.is_none()
        };
        let result = results.iter_mut().find(waits);
        let effect = if let (Some(result), Some(asked)) = (result, asked) {
            let new = trust.particulars.iter().filter(|one| !result.vouched.contains(one)).copied().collect::<Vec<_>>();
            result.vouched.extend(new);
            if !rules::unsaid(asked, result).is_empty() {
                return Ok(Effect::None);
            }
            let cause = Cause::Result(result.named());
            desk.because(cause);
            Effect::Accepted(desk.reconsidered(&review.certification).await?.decision)
        } else {
            Effect::Moot
        };
        let closed =
            Reviewed { at: moment(app), by: trust.by.to_owned(), accepted: matches!(effect, Effect::Accepted(_)) };
        let review = ReviewRecord { closed: Some(closed), ..review };
        desk.changes.review(&review);
        let (person, requirement) = (desk.person.id.clone(), review.requirement);
        let (certification, code) = (review.certification, review.code);
        desk.tell(EventKind::ResultReviewClosed { person, certification, requirement, code });
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(effect);
        }
    }
    Err(Breakdown::Busy)
}
