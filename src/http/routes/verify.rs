//! `/verify` and `/api/v1/verify`: any badge of anyone.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::award::{When, report_json};
use super::site;
use crate::app::App;
use crate::http::extract::{Fields, Query, Raw, read_json};
use crate::http::page::{ReportPage, VerifyPage};
use crate::http::problem::{Code, Problem};
use crate::id::AwardId;
use crate::service::point_in_time::PointInTime;
use crate::service::verify::{self, Asked};
use crate::verification::Report;

/// A number typed into the form.
#[derive(Debug, Deserialize, IntoParams)]
pub(in crate::http) struct Typed {
    /// The number of an award, as printed on its badge.
    number: Option<String>,
    /// What was true then: a day or a moment.
    at: Option<String>,
    /// By what had been recorded then.
    known: Option<String>,
}

/// The form; a number leads to its page.
#[utoipa::path(get, path = "/verify", tag = "verify", operation_id = "verify_form", params(Typed), responses((status = 200, description = "The form", content_type = "text/html")))]
pub(in crate::http) async fn form(
    State(app): State<Arc<App>>,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(number) = typed.number.filter(|number| !number.trim().is_empty()) else {
        return Ok(VerifyPage::new(&site).into_response());
    };
    match number.trim().parse::<AwardId>() {
        Ok(id) => {
            let page = app.urls.award_page(id);
            let address = format!("{}{}", app.urls.local(&page), query(typed.at.as_deref(), typed.known.as_deref()));
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
        }
        Err(malformed) => {
            let why = format!("That is no number of a badge: {malformed}.");
            Ok(VerifyPage::no_number(&site, &number, &why).into_response())
        }
    }
}

/// The moment asked about, to be handed on.
fn query(at: Option<&str>, known: Option<&str>) -> String {
    let given = [("at", at), ("known", known)].into_iter();
    let given = given.filter_map(|(name, text)| Some((name, text?.trim()))).filter(|(_, t)| !t.is_empty());
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = given.map(|(name, text)| format!("{name}={}", encoded(text))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The form, sent: a file or a text.
#[utoipa::path(
    post, path = "/verify", tag = "verify", operation_id = "verify_submitted",
    request_body(content_type = "multipart/form-data", description = "`file`: a picture or credential; or `text`: a credential, a number or an address; `at` and `known`: the moment asked about"),
    responses((status = 200, description = "The report as a page, whatever the verdict", content_type = "text/html"))
)]
pub(in crate::http) async fn submitted(State(app): State<Arc<App>>, fields: Fields) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let given = fields.bytes("file").map(AsRef::as_ref).or_else(|| fields.text("text").map(str::as_bytes));
    let Some(bytes) = given else {
        return Ok(VerifyPage::nothing_sent(&site).into_response());
    };
    let when = PointInTime::read(&app, fields.text("at"), fields.text("known")).await?;
    let report = verify::anything(&app, bytes, &Asked { when, holder: None }).await?;
    Ok(ReportPage::new(&site, &report).into_response())
}

/// What to verify, wrapped in JSON. A credential or picture may also be the body itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct VerifyRequest {
    /// The credential.
    #[schema(value_type = Option<Object>)]
    credential: Option<Box<RawValue>>,
    /// A picture, a credential, a number or an address, as base64.
    base64: Option<String>,
    /// The number of an award, or the address of a badge anywhere.
    id: Option<String>,
    /// Who is said to hold it, such as a mail address: compared, and not kept.
    holder: Option<String>,
    /// Whether to add a signed receipt of the check.
    #[serde(default)]
    receipt: bool,
    /// What was true then: a day (`2026-03-01`, its last second in the program's time zone) or a moment with its time zone.
    /// Now unless told.
    at: Option<String>,
    /// By what we had recorded then, of our own awards. Now unless told.
    known: Option<String>,
}

/// The report, and the receipt if one was asked for.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Verified {
    #[serde(flatten)]
    report: Report,
    /// What this service signed about the check (compact JWS); verifying it gives it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// Verifies any badge: a credential or a baked picture as the body, or a JSON object that wraps it.
#[utoipa::path(
    post, path = "/api/v1/verify", tag = "verify", operation_id = "verify_badge",
    request_body(content = VerifyRequest, description = "Or the credential (JSON) or the picture (PNG, SVG) itself"),
    responses((status = 200, description = "The report, whatever the verdict", body = Verified), (status = 400, description = "Not readable"))
)]
pub(in crate::http) async fn api(State(app): State<Arc<App>>, raw: Raw) -> Result<Response, Problem> {
    let Question { bytes, when, holder, receipt } = unwrap(&raw)?;
    let asked = Asked { when: when.read(&app).await?, holder };
    let report = verify::anything(&app, &bytes, &asked).await?;
    let receipt = if receipt { Some(verify::receipt(&app, &report, &bytes).await?) } else { None };
    report_json(StatusCode::OK, &Verified { report, receipt })
}

/// What is asked.
struct Question {
    bytes: Vec<u8>,
    when: When,
    holder: Option<String>,
    receipt: bool,
}

/// The bytes to verify: what a request object wraps, or the body as it is.
fn unwrap(raw: &Raw) -> Result<Question, Problem> {
    let wrapped = raw.media == "application/json" && is_request(&raw.bytes);
    if !wrapped {
        let bytes = raw.bytes.to_vec();
        return Ok(Question { bytes, when: When::default(), holder: None, receipt: false });
    }
    let request: VerifyRequest = read_json(&raw.bytes)?;
    let bytes = match (request.credential, request.base64, request.id) {
        (Some(credential), None, None) => credential.get().as_bytes().to_vec(),
        (None, Some(text), None) => base64::engine::general_purpose::STANDARD.decode(text.trim()).map_err(|_| {
            Problem::new(Code::MalformedRequest, "The field /base64 is no base64.").at("/base64", "is no base64")
        })?,
        (None, None, Some(id)) => id.into_bytes(),
        _ => return Err(Problem::new(Code::MalformedRequest, "Give exactly one of credential, base64 and id.")),
    };
    let when = When { at: request.at, known: request.known };
    Ok(Question { bytes, when, holder: request.holder, receipt: request.receipt })
}

/// A request object has no `@context`; a credential has.
fn is_request(bytes: &[u8]) -> bool {
    let members: Result<std::collections::HashMap<String, &RawValue>, _> = serde_json::from_slice(bytes);
    members.is_ok_and(|members| {
        ["credential", "base64", "id"].iter().any(|m| members.contains_key(*m)) && !members.contains_key("@context")
    })
}
