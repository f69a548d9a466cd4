//! `/api/v1/webhooks`: addresses that are told of events.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::auth::{Admin, Authorized};
use crate::http::extract::{Json, Path, Query, Raw, read_json_body};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::webhooks::{self, Asked, DeliveryPage, NewWebhook, ReplayAsked, Verb, Wanted, WebhookView};

/// Attempts of one answer, unless it is said.
const LIMIT: usize = 50;

/// All of a realm.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WebhookList {
    data: Vec<WebhookView>,
}

/// Lists the webhooks of the key's realm, also disabled ones.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "list_webhooks", security(("api_key" = ["admin"])), responses((status = 200, description = "The webhooks", body = WebhookList)))]
pub(in crate::http) async fn list(State(app): State<Arc<App>>, caller: Authorized<Admin>) -> Result<Response, Problem> {
    Ok(Json(WebhookList { data: webhooks::list(&app, caller.realm).await? }).into_response())
}

/// Makes a webhook. Its secret is in this answer and nowhere else; its public key is shown at any time.
#[utoipa::path(
    post, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "create_webhook", request_body = NewWebhook, security(("api_key" = ["admin"])),
    responses(
        (status = 201, description = "The webhook and its secret", body = WebhookView),
        (status = 409, description = "There are as many as there may be", body = ProblemBody),
        (status = 422, description = "An address that cannot be told anything, or an unknown type", body = ProblemBody),
    )
)]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Authorized<Admin>,
    Json(new): Json<NewWebhook>,
) -> Result<Response, Problem> {
    let webhook = webhooks::create(&app, caller.realm, new).await?;
    Ok((StatusCode::CREATED, Json(webhook)).into_response())
}

/// Shows a webhook.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhook}", tag = "webhooks", operation_id = "show_webhook",
    params(("webhook" = String, Path, description = "The webhook's id")), security(("api_key" = ["admin"])),
    responses((status = 200, description = "The webhook", body = WebhookView), (status = 404, description = "No such webhook", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<Admin>,
    Path(webhook): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(webhooks::show(&app, caller.realm, &webhook).await?).into_response())
}

/// Removes a webhook with its log.
#[utoipa::path(
    delete, path = "/api/v1/webhooks/{webhook}", tag = "webhooks", operation_id = "remove_webhook",
    params(("webhook" = String, Path, description = "The webhook's id")), security(("api_key" = ["admin"])),
    responses((status = 204, description = "It is gone"), (status = 404, description = "No such webhook", body = ProblemBody))
)]
pub(in crate::http) async fn remove(
    State(app): State<Arc<App>>,
    caller: Authorized<Admin>,
    Path(webhook): Path<String>,
) -> Result<Response, Problem> {
    webhooks::remove(&app, caller.realm, &webhook).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Tests, rotates, disables or enables a webhook, or replays events to it.
#[utoipa::path(
    post, path = "/api/v1/webhooks/{webhook}/{verb}", tag = "webhooks", operation_id = "change_webhook",
    params(
        ("webhook" = String, Path, description = "The webhook's id"),
        ("verb" = String, Path, description = "`test`, `rotate`, `disable`, `enable` or `replay`"),
    ),
    request_body(content = ReplayAsked, description = "What to replay; nothing for the other verbs"), security(("api_key" = ["admin"])),
    responses(
        (status = 200, description = "The webhook as it is now", body = Asked),
        (status = 202, description = "Events will be told: after `test` and `replay`", body = Asked),
        (status = 404, description = "No such webhook, verb or event", body = ProblemBody),
        (status = 409, description = "It is disabled, or replaying already", body = ProblemBody),
        (status = 422, description = "A replay of nothing", body = ProblemBody),
    )
)]
pub(in crate::http) async fn act(
    State(app): State<Arc<App>>,
    caller: Authorized<Admin>,
    Path((webhook, verb)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let mut verb: Verb = verb.parse().map_err(|()| {
        Problem::new(Code::NotFound, "There is no such verb.").hint("test, rotate, disable, enable or replay")
    })?;
    if let Verb::Replay(asked) = &mut verb
        && !raw.bytes.is_empty()
    {
        *asked = read_json_body(&raw)?;
    }
    let asked = webhooks::act(&app, caller.realm, &webhook, &verb).await?;
    let later = matches!(verb, Verb::Test | Verb::Replay(_));
    Ok((if later { StatusCode::ACCEPTED } else { StatusCode::OK }, Json(asked)).into_response())
}

/// Which attempts are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DeliveryQuery {
    /// `delivered` or `failed`
    status: Option<String>,
    /// The `next_cursor` of the page before
    cursor: Option<String>,
    /// How many, 200 at most [default: 50]
    limit: Option<usize>,
}

/// What a webhook was told in the last 30 days, newest first: every attempt and its answer.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhook}/deliveries", tag = "webhooks", operation_id = "list_webhook_deliveries",
    params(("webhook" = String, Path, description = "The webhook's id"), DeliveryQuery), security(("api_key" = ["admin"])),
    responses((status = 200, description = "The attempts", body = DeliveryPage), (status = 404, description = "No such webhook", body = ProblemBody))
)]
pub(in crate::http) async fn deliveries(
    State(app): State<Arc<App>>,
    caller: Authorized<Admin>,
    Path(webhook): Path<String>,
    Query(query): Query<DeliveryQuery>,
) -> Result<Response, Problem> {
    let delivered = match query.status.as_deref() {
        None => None,
        Some("delivered") => Some(true),
        Some("failed") => Some(false),
        Some(_) => {
            let problem = Problem::new(Code::MalformedRequest, "There is no such status of attempts.");
            return Err(problem.at("status", "is neither delivered nor failed"));
        }
    };
    let wanted = Wanted { delivered, cursor: query.cursor, limit: query.limit.unwrap_or(LIMIT) };
    Ok(Json(webhooks::deliveries(&app, caller.realm, &webhook, wanted).await?).into_response())
}
