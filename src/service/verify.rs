//! Verifying: our own awards from one read, anybody's badge from what it says and what could be found out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::awards::{self, Known};
use super::{Breakdown, issuer, moment, signing_keys, status};
use crate::app::App;
use crate::clock::whole_seconds;
use crate::id::AwardId;
use crate::proof::PublicKey;
use crate::proof::did::{self, PublishedKey};
use crate::rules::{self, Award, AwardState, Happening};
use crate::store::ReadSet;
use crate::urls::path;
use crate::verification::{self, Facts, Found, Malformed, Need, OwnAward, Presented, Report, WhichCopy};

/// Most rounds of asking what is needed: one for keys, one for lists, one for the lists' keys, one to spare.
const ROUNDS: usize = 4;

/// The report on one of our own awards: one read of its history, its credential and its key, nothing fetched.
///
/// `None` if there is no such award that the public may know of.
pub async fn award(app: &App, id: AwardId, as_of: Option<DateTime<Utc>>) -> Result<Option<(Known, Report)>, Breakdown> {
    let Some(known) = awards::find(app, id).await? else {
        return Ok(None);
    };
    let current = known.award().current().number;
    let credential = awards::signed(app, &known, current).await?;
    let presented = verification::read(credential.text.as_bytes()).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    let report = inspect(app, &presented, Some(&known), as_of).await?;
    Ok(Some((known, report)))
}

/// The report on whatever was handed in: a credential, a baked picture, or the number or address of an award of ours.
pub async fn anything(app: &App, bytes: &[u8], as_of: Option<DateTime<Utc>>) -> Result<Report, Breakdown> {
    let now = moment(app);
    if let Some(id) = named_award(app, bytes) {
        let found = award(app, id, as_of).await?;
        return Ok(found.map_or_else(|| verification::not_found(now), |(_, report)| report));
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
    inspect(app, &presented, known.as_ref(), as_of).await
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
    known: Option<&Known>,
    as_of: Option<DateTime<Utc>>,
) -> Result<Report, Breakdown> {
    let issuer = issuer(app, &mut ReadSet::new()).await?;
    let as_of = as_of.map(whole_seconds);
    let mut facts = Facts { as_of, ours: vec![issuer.did.clone()], ..Facts::at(moment(app)) };
    facts.own = known.map(|known| own(app, known, presented, facts.moment()));
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
    Ok(verification::inspect(presented, &facts))
}

fn own(app: &App, known: &Known, presented: &Presented, moment: DateTime<Utc>) -> OwnAward {
    let program = &known.in_force.program;
    let state_of = |award| rules::state_at(award, known.certification(), program.timezone, moment);
    let (mut state, mut copy) = (state_of(known.award()), WhichCopy::of(known.award(), presented.value()));
    let named = presented.id().and_then(|id| app.urls.award_in(id));
    if let Some(alias) = known.alias().filter(|alias| named == Some(alias.id)) {
        copy = copy_of_alias(alias, known.award(), presented);
        let of_alias = state_of(alias);
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
        rights_in_grace: known.certification().is_some_and(|c| c.renewal.rights_in_grace),
        tell_reason: program.privacy.reasons,
    }
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
