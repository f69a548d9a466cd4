//! Webhooks that exam vendors sign: their secrets, and what is believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::id::Realm;
use crate::intake::Submission;
use crate::proof::standard_webhooks::{self as webhooks, MalformedSecret, Secret, SignatureFault};
use crate::service::api_keys::is_vouched_for;
use crate::service::caller::{Caller, HOLDER, OPERATOR};
use crate::service::lookalike::passes_for;
use crate::service::results::{self, SubmitError, body_digest};
use crate::service::{Answer, Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, FeedRecord, InboundWebhookRecord, ReadSet};

/// What a source may do.
const GIVES: &str = "results:write";

/// Why a source was not made, changed or believed.
#[derive(Debug, thiserror::Error)]
pub enum InboundError {
    /// The name cannot be part of an address.
    #[error("a source's name is 1 to 64 lower-case letters, digits, dots, hyphens or underscores")]
    Name,
    /// Readers of a history would take it for somebody else.
    #[error("the name {0:?} passes for \"{OPERATOR}\" or \"{HOLDER}\", which are no sources")]
    Misleading(String),
    /// The rules take this source at its word, so that its name is power.
    #[error("the program vouches for {0:?}: only a key with the scope admin makes a source of this name")]
    Vouched(String),
    /// It is there already.
    #[error("there is already an inbound webhook for {0:?}")]
    Taken(String),
    /// There is none.
    #[error("there is no inbound webhook for {0:?}")]
    Unknown(String),
    /// Nobody gives what they have not.
    #[error("a source reports results, so it is made with a key that has {GIVES} in its realm")]
    Lacking,
    /// The public key cannot be used.
    #[error(transparent)]
    Key(#[from] MalformedSecret),
    /// Nobody is told whether the source exists.
    #[error("this address takes nothing from there")]
    NotExpected,
    /// It is not signed as it should be.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The id of the delivery was used for another one.
    #[error("another delivery came under the webhook-id {id:?}")]
    Conflict {
        /// As sent.
        id: String,
    },
    /// Its result was refused.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(InboundError);

/// A source to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewSource<'a> {
    /// Part of its address.
    pub source: &'a str,
    /// Where its results go.
    pub realm: Realm,
    /// `whpk_…`, if it signs with a private key of its own; else a shared secret is made.
    pub public_key: Option<&'a str>,
    /// The source exists, and its secret is replaced: the last one stays good beside the new one.
    pub rotate: bool,
}

/// Makes a source that may do no more than who makes it, or replaces its secret. The second value is the secret, which is shown this once.
pub async fn create(
    app: &App,
    by: &Caller,
    new: NewSource<'_>,
) -> Result<(InboundWebhookRecord, Option<String>), InboundError> {
    let source = new.source;
    if !by.may(GIVES) || !by.reaches(new.realm) {
        return Err(InboundError::Lacking);
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if source.is_empty() || source.len() > 64 || !source.chars().all(plain) || source.starts_with('.') {
        return Err(InboundError::Name);
    }
    if passes_for(source, OPERATOR) || passes_for(source, HOLDER) {
        return Err(InboundError::Misleading(source.to_owned()));
    }
    let (kept, shown) = match new.public_key {
        Some(key) if key.starts_with("whpk_") => {
            Secret::parse(key)?;
            (key.to_owned(), None)
        }
        Some(_) => return Err(MalformedSecret::Prefix.into()),
        None => {
            let mut bytes = [0u8; 32];
            app.ids.fill(&mut bytes);
            let secret = format!("whsec_{}", STANDARD.encode(bytes));
            (secret.clone(), Some(secret))
        }
    };
    let mut reads = ReadSet::new();
    if is_vouched_for(app, by, source, &mut reads).await? {
        return Err(InboundError::Vouched(source.to_owned()));
    }
    let known = app.store.inbound_webhook(source, &mut reads).await?.filter(|known| known.revoked_at.is_none());
    let record = match (known, new.rotate) {
        (Some(_), false) => return Err(InboundError::Taken(source.to_owned())),
        (None, true) => return Err(InboundError::Unknown(source.to_owned())),
        (Some(known), true) if !by.reaches(known.realm) => return Err(InboundError::Unknown(known.source)),
        (Some(known), true) => {
            let secrets = [kept].into_iter().chain(known.secrets.iter().take(1).cloned()).collect();
            InboundWebhookRecord { secrets, ..known }
        }
        (None, false) => InboundWebhookRecord {
            source: source.to_owned(),
            realm: new.realm,
            secrets: vec![kept],
            created_at: moment(app),
            revoked_at: None,
        },
    };
    write(app, &record, &reads).await?;
    Ok((record, shown))
}

/// All that `by` reaches, also revoked ones.
pub async fn list(app: &App, by: &Caller) -> Result<Vec<InboundWebhookRecord>, Breakdown> {
    let mut sources = app.store.inbound_webhooks().await?;
    sources.retain(|source| by.reaches(source.realm));
    Ok(sources)
}

/// Takes nothing more from a source, and forgets its secrets.
pub async fn revoke(app: &App, by: &Caller, source: &str) -> Result<InboundWebhookRecord, InboundError> {
    let mut reads = ReadSet::new();
    let known = app.store.inbound_webhook(source, &mut reads).await?;
    let known = known.filter(|known| by.reaches(known.realm));
    let mut record = known.ok_or_else(|| InboundError::Unknown(source.to_owned()))?;
    if record.revoked_at.is_none() {
        record.revoked_at = Some(moment(app));
        record.secrets.clear();
        write(app, &record, &reads).await?;
    }
    Ok(record)
}

async fn write(app: &App, record: &InboundWebhookRecord, reads: &ReadSet) -> Result<(), InboundError> {
    let mut changes = Changes::new(Realm::Live);
    changes.inbound_webhook(record);
    match app.store.commit(reads, changes).await? {
        Commit::Done(_) => Ok(()),
        Commit::Conflict(_) => Err(Breakdown::Busy.into()),
    }
}

/// The source that deliveries are taken from at an address.
pub async fn expect(app: &App, source: &str) -> Result<InboundWebhookRecord, InboundError> {
    let known = app.store.inbound_webhook(source, &mut ReadSet::new()).await?;
    known.filter(|known| known.revoked_at.is_none()).ok_or(InboundError::NotExpected)
}

/// The caller that a delivery is believed to come from.
pub fn believe(
    app: &App,
    known: &InboundWebhookRecord,
    headers: webhooks::Headers<'_>,
    body: &[u8],
) -> Result<Caller, InboundError> {
    let secrets: Vec<Secret> = known.secrets.iter().filter_map(|secret| Secret::parse(secret).ok()).collect();
    webhooks::verify(&secrets, headers, body, app.clock.now())?;
    let name = format!("hook:{}", known.source);
    Ok(Caller { key: name.clone(), name, realm: known.realm, scopes: vec![GIVES.to_owned()] })
}

/// Takes the result of a delivery that is believed. The same delivery again is answered as before.
pub async fn take(
    app: &App,
    caller: &Caller,
    id: &str,
    submission: &Submission,
    raw: &[u8],
) -> Result<Answer, InboundError> {
    let body = body_digest(raw)?;
    let conflict = || InboundError::Conflict { id: id.to_owned() };
    let reads = &mut ReadSet::new();
    if app.store.feed_message(caller.realm, &caller.name, id, reads).await?.is_some_and(|known| known.body != body) {
        return Err(conflict());
    }
    let answer = results::submit(app, caller, submission, raw).await?;
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        match app.store.feed_message(caller.realm, &caller.name, id, &mut reads).await? {
            Some(known) if known.body == body => return Ok(answer),
            Some(_) => return Err(conflict()),
            None => {}
        }
        let mut changes = Changes::new(caller.realm);
        let record = FeedRecord { body: body.clone(), answer: answer.body.clone(), settled: true, at: moment(app) };
        changes.feed_message(&caller.name, id, &record);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}
