//! [`Authorized`]: a caller whose API key was recognised.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::problem::{Code, Problem};
use crate::app::App;
use crate::service::Breakdown;
use crate::service::caller::{self, Caller};

/// Somebody with a valid key; what they may do is asked with [`Authorized::with`].
pub(super) struct Authorized(Caller);

impl Authorized {
    /// The caller, if its key has this scope.
    pub(super) fn with(self, scope: &str) -> Result<Caller, Problem> {
        if self.0.may(scope) {
            return Ok(self.0);
        }
        Err(Problem::new(Code::Forbidden, format!("This key lacks the scope {scope}."))
            .hint("Make a key that has it: assay api-key create NAME --scope SCOPE"))
    }
}

impl FromRequestParts<Arc<App>> for Authorized {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret =
            header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, secret)) = secret else {
            return Err(Problem::new(Code::Unauthorized, "There is no API key in the request.")
                .hint("Send Authorization: Bearer ask_…"));
        };
        let known = caller::authenticate(app, secret.trim()).await.map_err(Breakdown::from)?;
        known.map(Authorized).ok_or_else(|| Problem::new(Code::Unauthorized, "This API key is unknown or was revoked."))
    }
}

/// Somebody with a valid key who may be a learning platform: those know `Basic` only.
pub(super) struct Feeder {
    caller: Caller,
    user: Option<String>,
}

impl Feeder {
    /// The caller, if its key may report results, and the feed it is: the user name beside the key, else the key's name.
    pub(super) fn feed(self) -> Result<(Caller, String), Problem> {
        let caller = Authorized(self.caller).with("results:write")?;
        let source = self.user.unwrap_or_else(|| caller.name.clone());
        Ok((caller, source))
    }
}

impl FromRequestParts<Arc<App>> for Feeder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let basic =
            header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
        let Some((_, encoded)) = basic else {
            let Authorized(caller) = Authorized::from_request_parts(parts, app).await?;
            return Ok(Feeder { caller, user: None });
        };
        let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
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
        let known = caller::authenticate(app, secret).await.map_err(Breakdown::from)?;
        let unknown = || Problem::new(Code::Unauthorized, "This API key is unknown or was revoked.");
        Ok(Feeder { caller: known.ok_or_else(unknown)?, user: user.map(str::to_owned) })
    }
}
