//! [`Authorized`]: a caller whose API key was recognised.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

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
