//! Verifying: our own awards from one read, anybody's badge from what it says and what could be found out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::awards::{self, Known, Then};
use super::point_in_time::PointInTime;
use super::{Breakdown, issuer, moment, signing_keys, status};
use crate::app::App;
use crate::clock::whole_seconds;
use crate::id::AwardId;
use crate::proof::PublicKey;
use crate::proof::did::{self, PublishedKey};
use crate::rules::{self, Award, AwardState, Happening};
use crate::store::ReadSet;
use crate::urls::path;
use crate::verification::{
    self, Facts, Found, Hindsight, HolderShown, Malformed, Need, OwnAward, Presented, Report, TwoViews, WhichCopy,
};

/// Most rounds of asking what is needed: one for keys, one for lists, one for the lists' keys, one to spare.
const ROUNDS: usize = 4;

/// One of our own awards, what it was, and the report on it.
pub struct Spoken {
    /// The award as it is now.
    pub known: Known,
    /// As the report speaks of it; `None` if nothing of it had been recorded by then.
    pub then: Option<Then>,
    /// On the credential that was current.
    pub report: Report,
}

/// The report on one of our own awards: one read of its history, its credential and its key, nothing fetched.
///
/// `None` if there is no such award that the public may know of.
pub async fn award(app: &App, id: AwardId, when: PointInTime) -> Result<Option<Spoken>, Breakdown> {
    let Some(known) = awards::find(app, id).await? else {
        return Ok(None);
    };
    let Some(then) = known.then(app, when).await? else {
        let report = nothing_recorded(app, &known, when);
        return Ok(Some(Spoken { known, then: None, report }));
    };
    let presented = read(&awards::signed(app, &known, then.version().number).await?.text)?;
    let corrected = awards::served(known.award(), Some(then.version().number)).is_none();
    let holder_shown = if corrected {
        let newest = awards::signed(app, &known, known.award().current().number).await?;
        verification::holder_of(&read(&newest.text)?).map_or(HolderShown::Withheld, HolderShown::Instead)
    } else {
        HolderShown::AsSigned
    };
    let report = inspect(app, &presented, Some((&known, &then)), when, holder_shown).await?;
    Ok(Some(Spoken { known, then: Some(then), report }))
}

/// The report on whatever was handed in: a credential, a baked picture, or the number or address of an award of ours. What
/// was recorded when can be told of our own awards only.
pub async fn anything(app: &App, bytes: &[u8], when: PointInTime) -> Result<Report, Breakdown> {
    let now = moment(app);
    if let Some(id) = named_award(app, bytes) {
        let found = award(app, id, when).await?;
        return Ok(found.map_or_else(|| verification::not_found(now), |spoken| spoken.report));
    }
    let presented = match verification::read(bytes) {
        Ok(presented) => presented,
        Err(fault) => return Ok(verification::malformed(&fault, now)),
    };
    let ours = app.store.issuer(&mut ReadSet::new()).await?.map(|issuer| issuer.did);
    let own = presented.id().filter(|_| presented.issuer() == ours.as_deref()).and_then(|id| app.urls.award_in(id));
    let known = match own {
        Some(id) => awards::find(app, id).await?,
        None => None,
    };
    let Some(known) = known else { return inspect(app, &presented, None, when, HolderShown::AsSigned).await };
    match known.then(app, when).await? {
        Some(then) => inspect(app, &presented, Some((&known, &then)), when, HolderShown::AsSigned).await,
        None => Ok(nothing_recorded(app, &known, when)),
    }
}

fn read(text: &str) -> Result<Presented, Breakdown> {
    verification::read(text.as_bytes()).map_err(|e| Breakdown::Unsound(e.to_string()))
}

fn nothing_recorded(app: &App, known: &Known, when: PointInTime) -> Report {
    let now = moment(app);
    let known_at = when.known.unwrap_or(now);
    verification::unrecorded(when.at.unwrap_or(known_at), known_at, known.basis.program.timezone, now)
}

/// A short text that is the number of an award, or one of our own addresses.
fn named_award(app: &App, bytes: &[u8]) -> Option<AwardId> {
    let text = std::str::from_utf8(bytes.get(..bytes.len().min(300))?).ok()?.trim();
    if bytes.len() > 300 {
        return None;
    }
    text.parse().ok().or_else(|| app.urls.award_in(text))
}

async fn inspect(
    app: &App,
    presented: &Presented,
    own: Option<(&Known, &Then)>,
    when: PointInTime,
    holder_shown: HolderShown,
) -> Result<Report, Breakdown> {
    let issuer = issuer(app, &mut ReadSet::new()).await?;
    let as_of = when.at.or(when.known.filter(|_| own.is_some())).map(whole_seconds);
    let mut facts = Facts { as_of, ours: vec![issuer.did.clone()], holder_shown, ..Facts::at(moment(app)) };
    facts.own = own.map(|(known, then)| own_award(app, known, then, presented));
    for _ in 0..ROUNDS {
        let needs = verification::needs(presented, &facts);
        if needs.is_empty() {
            break;
        }
        for need in needs {
            match need {
                Need::ControllerDocument(id) => {
                    let found = if id == issuer.did { Found::Got(did_document(app, &id).await?) } else { no_door() };
                    facts.controllers.insert(id, found);
                }
                Need::StatusList(address) => {
                    let found = own_list(app, &address).await?.map_or_else(no_door, Found::Got);
                    facts.status_lists.insert(address, found);
                }
            }
        }
    }
    let mut report = verification::inspect(presented, &facts);
    if let Some((known, then)) = own {
        report.as_known_at = when.known;
        report.hindsight = hindsight(app, known, then, when).await?;
    }
    Ok(report)
}

fn own_award(app: &App, known: &Known, then: &Then, presented: &Presented) -> OwnAward {
    let program = &then.basis.program;
    let (mut state, mut copy) = (then.state, WhichCopy::of(&then.award, presented.value()));
    if matches!(copy, WhichCopy::Unknown) {
        // Signed later than the moment that is asked about.
        copy = WhichCopy::of(known.award(), presented.value());
    }
    let named = presented.id().and_then(|id| app.urls.award_in(id));
    if let Some(alias) = known.alias().filter(|alias| named == Some(alias.id)) {
        copy = copy_of_alias(alias, known.award(), presented);
        let of_alias = rules::state_at(alias, then.certification(known), program.timezone, then.at);
        if matches!(of_alias, AwardState::Suspended { .. } | AwardState::Revoked { .. }) {
            state = of_alias;
        }
    }
    OwnAward {
        award: known.award().id,
        state,
        copy,
        vendor: program.issuer.name.clone(),
        zone: program.timezone,
        rights_in_grace: then.certification(known).is_some_and(|c| c.renewal.rights_in_grace),
        // What may be told is decided today.
        tell_reason: known.in_force.program.privacy.reasons,
    }
}

/// Whether what had been recorded of that moment before, and what is recorded now, differ.
async fn hindsight(app: &App, known: &Known, then: &Then, when: PointInTime) -> Result<Option<Hindsight>, Breakdown> {
    let at = then.at;
    let (known_at, other) = match (when.at, when.known) {
        (None, None) => return Ok(None),
        (_, Some(known_at)) => (known_at, PointInTime { at: Some(at), known: None }),
        (Some(at), None) => (at, PointInTime { at: Some(at), known: Some(at) }),
    };
    let other = known.then(app, other).await?;
    let asked_of_before = when.known.is_some();
    let before = if asked_of_before { Some(&then.state) } else { other.as_ref().map(|other| &other.state) };
    let now = if asked_of_before { other.as_ref().map_or(&then.state, |other| &other.state) } else { &then.state };
    // What did not exist at that moment needs no second view.
    if before.is_none() && matches!(now, AwardState::NotYetValid { .. }) {
        return Ok(None);
    }
    let recorded_at = known.recorded_after(known_at, at);
    let zone = then.basis.program.timezone;
    Ok(verification::hindsight(&TwoViews { at, now, before, known_at, recorded_at, asked_of_before, zone }))
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

/// This service does not reach other hosts.
fn no_door() -> Found<Value> {
    Found::CouldNot("was not asked: this service does not reach other hosts".to_owned())
}

async fn own_list(app: &App, address: &str) -> Result<Option<Value>, Breakdown> {
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

/// Judges a credential with no service at hand: what cannot be computed from it alone could not be checked.
pub fn offline(bytes: &[u8], now: DateTime<Utc>, as_of: Option<DateTime<Utc>>) -> Result<Report, Malformed> {
    let presented = verification::read(bytes)?;
    let mut facts = Facts { as_of: as_of.map(whole_seconds), ..Facts::at(whole_seconds(now)) };
    for _ in 0..ROUNDS {
        let unreachable: HashMap<_, _> =
            verification::needs(&presented, &facts).into_iter().map(|need| (need, no_door())).collect();
        for (need, found) in unreachable {
            match need {
                Need::ControllerDocument(id) => facts.controllers.insert(id, found),
                Need::StatusList(address) => facts.status_lists.insert(address, found),
            };
        }
    }
    Ok(verification::inspect(&presented, &facts))
}
