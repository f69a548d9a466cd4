//! `/hooks/results/…`: results that exam vendors sign, and `/api/v1/inbound-webhooks`: with what.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::awards::answered;
use super::results::ResultAnswer;
use crate::app::App;
use crate::http::auth::{Authorized, KeysWrite};
use crate::http::client::Client;
use crate::http::extract::{Json, Path, Raw, read_json_body};
use crate::http::problem::{Problem, ProblemBody};
use crate::http::rates::Cost;
use crate::id::Realm;
use crate::intake::Submission;
use crate::proof::standard_webhooks::Headers;
use crate::service::intake::inbound::{self, InboundError, NewSource};
use crate::store::InboundWebhookRecord;

/// A source to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewInboundWebhook {
    /// Part of its address: 1 to 64 lower-case letters, digits, dots, hyphens or underscores.
    source: String,
    /// `live` or `test`.
    #[schema(value_type = String)]
    realm: Realm,
    /// `whpk_…`, if the source signs with a private key of its own; else a shared secret is made.
    #[serde(default)]
    public_key: Option<String>,
    /// The source exists, and its secret is replaced; the last one stays good beside the new one.
    #[serde(default)]
    rotate: bool,
}

/// Which source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NamedSource {
    /// Its name.
    source: String,
}

/// A source as it is shown.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct InboundWebhookView {
    source: String,
    #[schema(value_type = String)]
    realm: Realm,
    /// Where it sends its results.
    address: String,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<DateTime<Utc>>,
    /// Shown when it is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl InboundWebhookView {
    fn new(app: &App, record: InboundWebhookRecord, secret: Option<String>) -> Self {
        let address = app.urls.inbound_webhook(&record.source);
        let InboundWebhookRecord { source, realm, created_at, revoked_at, .. } = record;
        InboundWebhookView { source, realm, address, created_at, revoked_at, secret }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct InboundWebhookList {
    data: Vec<InboundWebhookView>,
}

/// Lists the sources that sign what they send, also revoked ones; a test key sees test sources only.
#[utoipa::path(get, path = "/api/v1/inbound-webhooks", tag = "keys", operation_id = "list_inbound_webhooks", security(("api_key" = ["keys:write"])), responses((status = 200, description = "The sources", body = InboundWebhookList)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
) -> Result<Response, Problem> {
    let data =
        inbound::list(&app, &caller).await?.into_iter().map(|one| InboundWebhookView::new(&app, one, None)).collect();
    Ok(Json(InboundWebhookList { data }).into_response())
}

/// Makes a source, or replaces its secret, which is in this answer and nowhere else. It may report results, so its maker must,
/// too.
#[utoipa::path(
    post, path = "/api/v1/inbound-webhooks", tag = "keys", operation_id = "create_inbound_webhook", request_body = NewInboundWebhook, security(("api_key" = ["keys:write"])),
    responses((status = 201, description = "The source and its secret", body = InboundWebhookView), (status = 409, description = "There is one already", body = ProblemBody))
)]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
    Json(new): Json<NewInboundWebhook>,
) -> Result<Response, Problem> {
    let NewInboundWebhook { source, realm, public_key, rotate } = new;
    let new = NewSource { source: &source, realm, public_key: public_key.as_deref(), rotate };
    let (record, secret) = inbound::create(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(InboundWebhookView::new(&app, record, secret))).into_response())
}

/// Takes nothing more from a source.
#[utoipa::path(
    post, path = "/api/v1/inbound-webhooks/revoke", tag = "keys", operation_id = "revoke_inbound_webhook", request_body = NamedSource, security(("api_key" = ["keys:write"])),
    responses((status = 200, description = "The source", body = InboundWebhookView), (status = 404, description = "No such source", body = ProblemBody))
)]
pub(in crate::http) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Authorized<KeysWrite>,
    Json(named): Json<NamedSource>,
) -> Result<Response, Problem> {
    let record = inbound::revoke(&app, &caller, &named.source).await?;
    Ok(Json(InboundWebhookView::new(&app, record, None)).into_response())
}

/// Takes one result that is signed as Standard Webhooks 1.0 says.
#[utoipa::path(
    post, path = "/hooks/results/{source}", tag = "results", operation_id = "receive_signed_result",
    params(
        ("source" = String, Path, description = "Name of the source"),
        ("webhook-id" = String, Header, description = "The same for all deliveries of one message"),
        ("webhook-timestamp" = String, Header, description = "Seconds since 1970, within five minutes of now"),
        ("webhook-signature" = String, Header, description = "`v1,…` (HMAC-SHA256) or `v1a,…` (Ed25519); several with spaces between"),
    ),
    request_body = Submission,
    responses(
        (status = 201, description = "Everything is met: awarded", body = ResultAnswer),
        (status = 200, description = "Recorded, or withheld with every reason", body = ResultAnswer),
        (status = 401, description = "Not signed as it should be", body = ProblemBody),
        (status = 409, description = "Another delivery or result came under this id", body = ProblemBody),
    )
)]
pub(in crate::http) async fn receive(
    State(app): State<Arc<App>>,
    client: Client,
    Path(source): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let stranger = |error: InboundError| match error {
        InboundError::NotExpected | InboundError::Signature(_) => {
            client.charge(Cost::SignIn).err().unwrap_or(error.into())
        }
        other => other.into(),
    };
    let expected = inbound::expect(&app, &source).await.map_err(stranger)?;
    let headers = request.headers().clone();
    let raw = Raw::from_request(request, &app).await?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed =
        Headers { id: text("webhook-id"), timestamp: text("webhook-timestamp"), signature: text("webhook-signature") };
    let caller = inbound::believe(&app, &expected, signed, &raw.bytes).map_err(stranger)?;
    let submission: Submission = read_json_body(&raw)?;
    Ok(answered(inbound::take(&app, &caller, signed.id, &submission, &raw.bytes).await?).into_response())
}
