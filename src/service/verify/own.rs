//! What our own records say: of an award, of our keys, of our status lists. Nothing of it is fetched.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::app::App;
use crate::id::AwardId;
use crate::proof::PublicKey;
use crate::proof::did::{self, PublishedKey};
use crate::rules::{self, Award, AwardState, Happening};
use crate::service::awards::{self, Known, Then};
use crate::service::point_in_time::PointInTime;
use crate::service::{Breakdown, moment, signing_keys, status};
use crate::urls::path;
use crate::verification::{self, OwnAward, Past, Presented, TwoViews, WhichCopy};

pub(super) fn award(app: &App, known: &Known, then: &Then, presented: &Presented) -> OwnAward {
    let program = &then.basis.program;
    let (mut state, mut copy) = (then.state, WhichCopy::of(&then.award, presented.value()));
    let named = presented.id().and_then(|id| app.urls.award_in(id));
    let joined = known.alias().filter(|alias| named == Some(alias.id) && then.award.id != alias.id);
    if let Some(alias) = joined {
        copy = copy_of_alias(alias, known.award(), presented);
        let of_alias = rules::state_at(alias, then.certification(known), program.timezone, then.at);
        // What rested when the two were joined rests with both, and what became of that is told of both.
        let is_told_of_both = rested_since(known.award(), alias.id).is_some();
        if !is_told_of_both && matches!(of_alias, AwardState::Suspended { .. } | AwardState::Revoked { .. }) {
            state = of_alias;
        }
    }
    OwnAward {
        award: then.award.id,
        state,
        copy,
        vendor: program.issuer.name.clone(),
        zone: program.timezone,
        rights_in_grace: then.certification(known).is_some_and(|c| c.renewal.rights_in_grace),
        // What may be told is decided today.
        tell_reason: known.in_force.program.privacy.reasons,
    }
}

/// What was true of it at the moment that is asked about; `None` if that is now.
pub(super) async fn past(
    app: &App,
    known: &Known,
    presented: &Presented,
    when: PointInTime,
) -> Result<Option<Past>, Breakdown> {
    let Some(at) = when.at.or(when.known) else { return Ok(None) };
    let known_at = when.known.unwrap_or(at);
    let now = known.at(app, at).await?;
    let before = known.then(app, PointInTime { at: Some(at), known: Some(known_at) }).await?;
    let asked = if when.known.is_some() { before.as_ref() } else { Some(&now) };
    Ok(Some(verification::past(&TwoViews {
        at,
        version: asked.map(|then| then.version().number),
        now: &award(app, known, &now, presented),
        before: before.as_ref().map(|then| award(app, known, then, presented)).as_ref(),
        known_at,
        recorded_at: known.recorded_after(known_at, at),
        asked_of_before: when.known.is_some(),
        asked_at: moment(app),
    })))
}

/// A copy of an award that was joined with another: older, and as good as that one, unless its own details are wrong.
fn copy_of_alias(alias: &Award, current: &Award, presented: &Presented) -> WhichCopy {
    let of_itself = WhichCopy::of(alias, presented.value());
    let Some(entry) = of_itself.version().and_then(|number| alias.version(number)) else { return of_itself };
    let version = entry.number;
    if let Some(on) = awards::taken_back_at(alias, entry) {
        return WhichCopy::Corrected { version, on };
    }
    match (of_itself, rested_since(current, alias.id)) {
        (WhichCopy::Current(_) | WhichCopy::Renewed { .. }, None) => WhichCopy::Joined { version, with: current.id },
        (WhichCopy::Current(_) | WhichCopy::Renewed { .. }, Some(on)) => WhichCopy::Reinstated { version, on },
        (other, _) => other,
    }
}

/// When the award last rested or ended since another was joined with it: then all copies were taken back.
fn rested_since(current: &Award, alias: AwardId) -> Option<DateTime<Utc>> {
    let merged = |what: Happening| matches!(what, Happening::Merged { .. });
    let directly = current.history.iter().position(|line| line.what == Happening::Merged { other: alias });
    let joined = directly.or_else(|| current.history.iter().rposition(|line| merged(line.what)))?;
    let since = current.history[joined..].iter().rev();
    since
        .filter(|line| matches!(line.what, Happening::Suspended { .. } | Happening::Expired))
        .map(|l| l.valid_at)
        .next()
}

/// One of our own status lists, by its address.
pub(super) async fn list(app: &App, address: &str) -> Result<Option<Value>, Breakdown> {
    let prefix = format!("{}{}", app.urls.base(), path::STATUS_LIST.trim_end_matches("{list}"));
    let Some(name) = address.strip_prefix(&prefix).and_then(|name| name.parse().ok()) else {
        return Ok(None);
    };
    let list = status::list_credential(app, name).await?;
    Ok(list.and_then(|list| serde_json::from_str(&list.text).ok()))
}

/// Our own DID document: every key that ever signed, so that what it signed can be checked for ever.
pub async fn did_document(app: &App, did: &str) -> Result<Value, Breakdown> {
    let mut published = Vec::new();
    for key in signing_keys::list(app).await? {
        let public = PublicKey::from_multibase(&key.kid).map_err(|e| Breakdown::Unsound(e.to_string()))?;
        published.push(PublishedKey { key: public, revoked: key.revoked_at });
    }
    Ok(did::document(did, &published))
}
