//! `/api/v1/api-keys`: keys for callers of the API.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{Authorized, KeysWrite};
use crate::http::extract::Json;
use crate::http::problem::{Problem, ProblemBody};
use crate::id::Realm;
use crate::service::api_keys;
use crate::store::ApiKeyRecord;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewKey {
    /// Unique; the source of the results the key reports.
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    /// `live` or `test`.
    #[schema(value_type = String)]
    realm: Realm,
}

/// Which key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Named {
    /// Its name.
    name: String,
}

/// A key as it is shown: never its secret, but once.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct KeyView {
    name: String,
    #[schema(value_type = String)]
    realm: Realm,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<DateTime<Utc>>,
    /// Shown when the key is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl KeyView {
    fn new(key: ApiKeyRecord, secret: Option<String>) -> Self {
        let ApiKeyRecord { name, realm, scopes, created_at, revoked_at, .. } = key;
        KeyView { name, realm, scopes, created_at, revoked_at, secret }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct KeyList {
    data: Vec<KeyView>,
}

/// Lists the keys, also revoked ones; a test key sees test keys only.
#[utoipa::path(get, path = "/api/v1/api-keys", tag = "keys", operation_id = "list_api_keys", security(("api_key" = ["keys:write"])), responses((status = 200, description = "The keys", body = KeyList)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
) -> Result<Response, Problem> {
    let data = api_keys::list(&app, &caller).await?.into_iter().map(|key| KeyView::new(key, None)).collect();
    Ok(Json(KeyList { data }).into_response())
}

/// Makes a key: of what its maker may do, nothing more; a test key makes test keys. Its secret is in this answer and nowhere
/// else.
#[utoipa::path(
    post, path = "/api/v1/api-keys", tag = "keys", operation_id = "create_api_key", request_body = NewKey, security(("api_key" = ["keys:write"])),
    responses((status = 201, description = "The key and its secret", body = KeyView), (status = 409, description = "The name is taken", body = ProblemBody))
)]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
    Json(new): Json<NewKey>,
) -> Result<Response, Problem> {
    let wanted = api_keys::NewKey { name: &new.name, realm: new.realm, scopes: &new.scopes };
    let (key, secret) = api_keys::create(&app, &caller, wanted).await?;
    Ok((StatusCode::CREATED, Json(KeyView::new(key, Some(secret)))).into_response())
}

/// Ends a key.
#[utoipa::path(
    post, path = "/api/v1/api-keys/revoke", tag = "keys", operation_id = "revoke_api_key", request_body = Named, security(("api_key" = ["keys:write"])),
    responses((status = 200, description = "The key", body = KeyView), (status = 404, description = "No such key", body = ProblemBody))
)]
pub(in crate::http) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
    Json(named): Json<Named>,
) -> Result<Response, Problem> {
    let key = api_keys::revoke(&app, &caller, &named.name).await?;
    Ok(Json(KeyView::new(key, None)).into_response())
}
