//! [`Authorized`] and [`Live`]: a caller whose API key was recognised, and may do what is asked for.
//!
//! What an address asks for stands in the signature of its handler, before the body: whoever may not do it is refused before
//! a byte of the body is read, and no handler gets to its work without having asked.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::client::Client;
use super::problem::{Code, Problem};
use super::rates::Cost;
use crate::app::App;
use crate::service::Breakdown;
use crate::service::caller::{self, Caller, LiveCaller};

/// A right of API keys, as a type.
pub(super) trait Scope: Send + Sync {
    /// One of [`caller::SCOPES`].
    const NAME: &'static str;
}

macro_rules! scopes {
    ($($scope:ident = $name:literal),* $(,)?) => {
        $(
            #[doc = concat!("The scope `", $name, "`.")]
            pub(super) struct $scope;

            impl Scope for $scope {
                const NAME: &'static str = $name;
            }
        )*

        #[cfg(test)]
        const ALL: &[&str] = &[$($name),*];
    };
}

scopes! {
    ResultsWrite = "results:write",
    AwardsRead = "awards:read",
    AwardsWrite = "awards:write",
    PeopleRead = "people:read",
    PeopleWrite = "people:write",
    ProgramWrite = "program:write",
    ReportsRead = "reports:read",
    KeysWrite = "keys:write",
    Admin = "admin",
}

/// Somebody whose key has the scope `S`, in the key's realm.
pub(super) struct Authorized<S>(Caller, PhantomData<S>);

impl<S> Authorized<S> {
    /// For what goes on after the handler has answered.
    pub(super) fn into_caller(self) -> Caller {
        self.0
    }
}

impl<S> Deref for Authorized<S> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl<S: Scope> FromRequestParts<Arc<App>> for Authorized<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let no_key = || {
            Problem::new(Code::Unauthorized, "There is no API key in the request.")
                .hint("Send Authorization: Bearer ask_…")
        };
        let secret = credentials(parts, "bearer").ok_or_else(no_key)?;
        let caller = signed_in(parts, app, secret).await?;
        permitted::<S>(caller).map(|caller| Authorized(caller, PhantomData))
    }
}

/// Somebody whose live key has the scope `S`: for what there is only once, and test keys do not reach.
pub(super) struct Live<S>(LiveCaller, PhantomData<S>);

impl<S> Deref for Live<S> {
    type Target = LiveCaller;

    fn deref(&self) -> &LiveCaller {
        &self.0
    }
}

impl<S: Scope> FromRequestParts<Arc<App>> for Live<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Authorized(caller, _) = Authorized::<S>::from_request_parts(parts, app).await?;
        let live = LiveCaller::new(caller).map(|caller| Live(caller, PhantomData));
        live.ok_or_else(|| Problem::new(Code::Forbidden, "A test key cannot do that.").hint("Use a live key."))
    }
}

/// Anybody who wants a badge checked. Whoever brings a key is known by it, and not counted by address.
pub(super) struct Guest {
    client: Client,
    is_known: bool,
}

impl Guest {
    /// Counts a check of what may be a stranger's badge.
    pub(super) fn charge_check(&self) -> Result<(), Problem> {
        if self.is_known { Ok(()) } else { self.client.charge(Cost::Verify) }
    }
}

impl FromRequestParts<Arc<App>> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let client = Client::of(&parts.extensions);
        let Some(secret) = credentials(parts, "bearer") else { return Ok(Guest { client, is_known: false }) };
        signed_in(parts, app, secret).await?;
        Ok(Guest { client, is_known: true })
    }
}

/// Somebody whose key may report results, perhaps a learning platform: those know `Basic` only.
pub(super) struct Feeder {
    pub(super) caller: Caller,
    /// The feed it is: the user name beside the key, else the key's name.
    pub(super) source: String,
}

impl FromRequestParts<Arc<App>> for Feeder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Some(encoded) = credentials(parts, "basic") else {
            let Authorized(caller, _) = Authorized::<ResultsWrite>::from_request_parts(parts, app).await?;
            let source = caller.name.clone();
            return Ok(Feeder { caller, source });
        };
        let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let refused = || {
            Problem::new(Code::Unauthorized, "There is no API key in the request.")
                .hint("Send Basic with the name of the feed as user and an API key (ask_…) as password.")
        };
        let (user, password) = decoded.as_deref().and_then(|pair| pair.split_once(':')).ok_or_else(refused)?;
        let (secret, user) = match (password.starts_with("ask_"), user.starts_with("ask_")) {
            (true, _) => (password, Some(user.trim()).filter(|user| !user.is_empty() && user.len() <= 64)),
            (false, true) => (user, None),
            (false, false) => return Err(refused()),
        };
        let caller = permitted::<ResultsWrite>(signed_in(parts, app, secret).await?)?;
        let source = user.unwrap_or(&caller.name).to_owned();
        Ok(Feeder { caller, source })
    }
}

/// What stands behind the scheme in `Authorization`.
fn credentials<'a>(parts: &'a Parts, scheme: &str) -> Option<&'a str> {
    let (given, rest) = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

async fn signed_in(parts: &Parts, app: &App, secret: &str) -> Result<Caller, Problem> {
    let client = Client::of(&parts.extensions);
    let Some(caller) = caller::authenticate(app, secret).await.map_err(Breakdown::from)? else {
        client.charge(Cost::SignIn)?;
        return Err(Problem::new(Code::Unauthorized, "This API key is unknown or was revoked."));
    };
    client.charge_key(&caller.key)?;
    Ok(caller)
}

fn permitted<S: Scope>(caller: Caller) -> Result<Caller, Problem> {
    if caller.may(S::NAME) {
        return Ok(caller);
    }
    Err(Problem::new(Code::Forbidden, format!("This key lacks the scope {}.", S::NAME))
        .hint("Make a key that has it: assay api-key create NAME --scope SCOPE"))
}

#[test]
fn every_scope_is_a_type() {
    assert_eq!(ALL, caller::SCOPES);
}
