//! Who calls, and what they may do.

use std::ops::Deref;

use subtle::ConstantTimeEq;

use crate::app::App;
use crate::id::Realm;
use crate::store::{EngineError, ReadSet, sha256_hex};

/// What an API key may be allowed. `admin` implies the others.
pub const SCOPES: [&str; 9] = [
    "results:write",
    "awards:read",
    "awards:write",
    "people:read",
    "people:write",
    "program:write",
    "reports:read",
    "keys:write",
    "admin",
];

/// Name under which the operator of this machine acts.
pub const OPERATOR: &str = "operator";
/// Name under which holders act on their own awards.
pub const HOLDER: &str = "holder";

/// Somebody whose key was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's name; the source of the results it reports.
    pub name: String,
    /// Hash of the key, for idempotency.
    pub key: String,
    /// Where what it writes goes.
    pub realm: Realm,
    /// What it may do.
    pub scopes: Vec<String>,
}

impl Caller {
    /// The operator of this machine, at work on this realm.
    pub fn operator(realm: Realm) -> Self {
        Caller { name: OPERATOR.to_owned(), key: OPERATOR.to_owned(), realm, scopes: vec!["admin".to_owned()] }
    }

    /// Whether the key was given this scope.
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|s| s == scope || s == "admin")
    }

    /// Whether this is the operator, who may touch awards of both realms.
    pub fn is_operator(&self) -> bool {
        self.key == OPERATOR
    }

    /// Whether things of this realm are its to see and to change: a test key has nothing to do with what is live.
    pub fn reaches(&self, realm: Realm) -> bool {
        realm == self.realm || self.realm == Realm::Live || self.is_operator()
    }
}

/// A caller that reaches the live realm. What there is once and counts (the rules, the issuer's keys, whom it relies on, time
/// itself) is changed by nobody else, and whatever changes it asks for one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCaller(Caller);

impl LiveCaller {
    /// `None` for a test key.
    pub fn new(caller: Caller) -> Option<Self> {
        caller.reaches(Realm::Live).then_some(LiveCaller(caller))
    }
}

impl Deref for LiveCaller {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

/// The caller that `secret` (`ask_live_…` or `ask_test_…`) belongs to; `None` for an unknown or revoked key.
pub async fn authenticate(app: &App, secret: &str) -> Result<Option<Caller>, EngineError> {
    let Some((realm, rest)) = split(secret) else {
        return Ok(None);
    };
    if app.operator.as_ref().is_some_and(|known| same(known, &hash(rest))) {
        return Ok(Some(Caller::operator(realm)));
    }
    let hash = hash(secret);
    let found = app.store.api_key(&hash, &mut ReadSet::new()).await?;
    let sound = found.filter(|key| key.revoked_at.is_none() && key.realm == realm && same(&key.hash, &hash));
    Ok(sound.map(|key| Caller { name: key.name, key: key.hash, realm, scopes: key.scopes }))
}

/// A new secret: 256 random bits behind a prefix that tells its kind.
pub fn new_secret(app: &App, realm: Realm) -> String {
    format!("{}{}", prefix(realm), random_part(app.ids.as_ref()))
}

/// The random part of a secret.
pub fn random_part(ids: &dyn crate::id::IdSource) -> String {
    let mut bytes = [0u8; 32];
    ids.fill(&mut bytes);
    bs58::encode(bytes).into_string()
}

/// `ask_live_` or `ask_test_`.
pub fn prefix(realm: Realm) -> &'static str {
    match realm {
        Realm::Live => "ask_live_",
        Realm::Test => "ask_test_",
    }
}

/// The form in which a secret is kept.
pub fn hash(secret: &str) -> String {
    sha256_hex(secret.as_bytes())
}

fn split(secret: &str) -> Option<(Realm, &str)> {
    let sound = secret.len() <= 100;
    let live = secret.strip_prefix(prefix(Realm::Live)).map(|rest| (Realm::Live, rest));
    live.or_else(|| secret.strip_prefix(prefix(Realm::Test)).map(|rest| (Realm::Test, rest))).filter(|_| sound)
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
