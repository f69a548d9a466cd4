//! `/verify` and `/api/v1/verify`: any badge of anyone.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::award::{When, report_json};
use super::site;
use crate::app::App;
use crate::http::auth::Guest;
use crate::http::extract::{Fields, PublicQuery, Raw, is_form, read_json};
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::page::{LONGEST_HOLDER, ReportPage, VERIFY_SCRIPT, VerifyPage};
use crate::http::problem::{Code, Problem};
use crate::id::AwardId;
use crate::service::Breakdown;
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
    PublicQuery(typed): PublicQuery<Typed>,
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

/// The script of the form.
#[utoipa::path(get, path = "/verify.js", tag = "verify", operation_id = "verify_script", responses((status = 200, description = "The script of the form", content_type = "text/javascript")))]
pub(in crate::http) async fn script() -> Response {
    Answer::new("text/javascript; charset=utf-8", Audience::Part, Cache::Page, VERIFY_SCRIPT).into_response()
}

/// The form, sent: a file or a text.
#[utoipa::path(
    post, path = "/verify", tag = "verify", operation_id = "verify_submitted",
    request_body(content = VerifyForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The report as a page, whatever the verdict", content_type = "text/html"))
)]
pub(in crate::http) async fn submitted(
    State(app): State<Arc<App>>,
    guest: Guest,
    fields: Fields,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(handed) = Handed::in_form(&fields)? else {
        return Ok(VerifyPage::nothing_sent(&site).into_response());
    };
    // Whoever reads the page may want to keep what it says.
    let Verified { report, receipt } = Handed { receipt: true, ..handed }.judged(&app, &guest).await?;
    let page = ReportPage::new(&site, &report);
    Ok(match &receipt {
        Some(receipt) => page.receipt(receipt).into_response(),
        None => page.into_response(),
    })
}

/// The report, and the receipt if one was asked for.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Verified {
    #[serde(flatten)]
    report: Report,
    /// What this service signed about the check (compact JWS). Whoever verifies it reads what was found, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// Verifies any badge: a credential or a picture as the body, a JSON object that wraps it, or a form. It needs no API key;
/// whoever sends one is not counted by address.
#[utoipa::path(
    post, path = "/api/v1/verify", tag = "verify", operation_id = "verify_badge",
    request_body(content(
        (VerifyRequest = "application/json"),
        (VerifyForm = "multipart/form-data"),
    ), description = "Or the credential (JSON, JWT) or the picture (PNG, SVG, JPEG, WebP) itself"),
    responses((status = 200, description = "The report, whatever the verdict", body = Verified), (status = 400, description = "Not readable"))
)]
pub(in crate::http) async fn api(
    State(app): State<Arc<App>>,
    guest: Guest,
    handed: Handed,
) -> Result<Response, Problem> {
    report_json(StatusCode::OK, &handed.judged(&app, &guest).await?)
}

/// What to verify, as the fields of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form, which is read field by field")]
pub(in crate::http) struct VerifyForm {
    /// A picture or a credential.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<Vec<u8>>,
    /// Else: a credential, the number of an award, or an address.
    text: Option<String>,
    /// Whom it is said to belong to: a mail address or a DID, compared and not kept.
    holder: Option<String>,
    /// As in JSON.
    at: Option<String>,
    /// As in JSON.
    known: Option<String>,
    /// `true` for a signed receipt of the check.
    receipt: Option<String>,
}

/// What to verify, wrapped in JSON. A credential or picture may also be the body itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct VerifyRequest {
    /// The credential: an object, or a string that is a JWT.
    #[schema(value_type = Option<serde_json::Value>)]
    credential: Option<Box<RawValue>>,
    /// A picture, a credential, a number or an address, as base64.
    base64: Option<String>,
    /// The number or address of an award.
    id: Option<String>,
    /// The address of a badge.
    url: Option<String>,
    /// Whatever can be typed or pasted: a credential, a number or an address.
    text: Option<String>,
    /// Whom it is said to belong to: a mail address or a DID, compared and not kept.
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

/// What was handed in, in whichever way.
#[derive(Debug)]
pub(in crate::http) struct Handed {
    bytes: Bytes,
    when: When,
    holder: Option<String>,
    receipt: bool,
}

impl Handed {
    /// The one place where the service is asked.
    async fn judged(self, app: &App, guest: &Guest) -> Result<Verified, Problem> {
        if !self.names_ours(app) {
            guest.charge_check()?;
        }
        let asked = Asked { when: self.when.read(app).await?, holder: self.holder };
        let report = verify::anything(app, &self.bytes, &asked).await?;
        let receipt = if self.receipt { Some(verify::receipt(app, &report, &self.bytes).await?) } else { None };
        Ok(Verified { report, receipt })
    }

    /// Whether it is the number or an address of an award of ours, for which nothing is fetched.
    fn names_ours(&self, app: &App) -> bool {
        let text = std::str::from_utf8(&self.bytes).map(str::trim).unwrap_or_default();
        text.parse::<AwardId>().is_ok() || app.urls.award_in(text).is_some()
    }

    /// `None` if neither a file nor a text was filled in.
    fn in_form(fields: &Fields) -> Result<Option<Handed>, Problem> {
        let text = || fields.text("text").map(|text| Bytes::copy_from_slice(text.as_bytes()));
        let Some(bytes) = fields.bytes("file").cloned().or_else(text) else { return Ok(None) };
        let given = |name| fields.text(name).map(str::to_owned);
        let receipt = fields.text("receipt").is_some_and(|wanted| wanted == "true");
        Handed { bytes, when: When { at: given("at"), known: given("known") }, holder: given("holder"), receipt }
            .bounded()
            .map(Some)
    }

    /// The bytes to verify: what a request object wraps, or the body as it is.
    fn in_body(raw: &Raw) -> Result<Handed, Problem> {
        let wrapped = raw.media == "application/json" && is_request(&raw.bytes);
        if !wrapped {
            return Ok(Handed { bytes: raw.bytes.clone(), when: When::default(), holder: None, receipt: false });
        }
        let request: VerifyRequest = read_json(&raw.bytes)?;
        let credential = request.credential.as_deref().map(unquoted).transpose()?;
        let decoded = request.base64.as_deref().map(decoded).transpose()?;
        let text = |text: Option<String>| text.map(Bytes::from);
        let all = [credential, decoded, text(request.id), text(request.url), text(request.text)];
        let [bytes] = <[Bytes; 1]>::try_from(all.into_iter().flatten().collect::<Vec<_>>()).map_err(|_| {
            Problem::new(Code::MalformedRequest, "Give exactly one of credential, base64, id, url and text.")
        })?;
        let when = When { at: request.at, known: request.known };
        Handed { bytes, when, holder: request.holder, receipt: request.receipt }.bounded()
    }

    fn bounded(self) -> Result<Handed, Problem> {
        match &self.holder {
            Some(holder) if holder.len() > LONGEST_HOLDER => {
                let detail = format!("is longer than {LONGEST_HOLDER} bytes");
                Err(Problem::new(Code::MalformedRequest, format!("The field /holder {detail}.")).at("/holder", detail))
            }
            _ => Ok(self),
        }
    }
}

impl FromRequest<Arc<App>> for Handed {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        if is_form(request.headers()) {
            let fields = Fields::from_request(request, app).await?;
            let nothing = || Problem::new(Code::MalformedRequest, "Give a file or a text.");
            return Handed::in_form(&fields)?.ok_or_else(nothing);
        }
        let raw = Raw::from_request(request, app).await?;
        app.judges.judge(move || Handed::in_body(&raw)).await.map_err(Breakdown::from)?
    }
}

/// A JWT comes as a string; anything else is the credential as it was written.
fn unquoted(credential: &RawValue) -> Result<Bytes, Problem> {
    let text = credential.get();
    if !text.starts_with('"') {
        return Ok(Bytes::copy_from_slice(text.as_bytes()));
    }
    serde_json::from_str::<String>(text).map(Bytes::from).map_err(|_| {
        Problem::new(Code::MalformedRequest, "The field /credential is no text.").at("/credential", "is no text")
    })
}

fn decoded(text: &str) -> Result<Bytes, Problem> {
    base64::engine::general_purpose::STANDARD.decode(text.trim()).map(Bytes::from).map_err(|_| {
        Problem::new(Code::MalformedRequest, "The field /base64 is no base64.").at("/base64", "is no base64")
    })
}

/// A request object has no `@context`; a credential has. Nothing of it is kept, however much there is.
fn is_request(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Asks>(bytes).is_ok_and(|asks| asks.0)
}

/// Whether an object asks for something to be verified.
struct Asks(bool);

impl<'de> Deserialize<'de> for Asks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Asks;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Asks, A::Error> {
                let mut asks = false;
                while let Some(name) = members.next_key::<Cow<str>>()? {
                    if name == "@context" {
                        return Err(A::Error::custom("a credential"));
                    }
                    asks |= ["credential", "base64", "id", "url", "text"].contains(&&*name);
                    members.next_value::<IgnoredAny>()?;
                }
                Ok(Asks(asks))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
