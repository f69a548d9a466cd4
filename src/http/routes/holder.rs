//! The holder's own page: the button behind `/h/{token}` opens it, `/holder` is it, or has a link mailed.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::site;
use crate::app::App;
use crate::http::client::Client;
use crate::http::extract::{Fields, Path};
use crate::http::page::{AppealPage, DeclinePage, HolderPage, HolderSays, Said, SignInPage, Site};
use crate::http::problem::Problem;
use crate::http::rates::Cost;
use crate::id::AwardId;
use crate::intake::is_email;
use crate::service::awards::Known;
use crate::service::holder::{self, AppealError, SESSION_LIVES, Session};
use crate::service::tokens::TokenError;
use crate::service::{moment, notices};

const COOKIE: &str = "assay_holder";

/// The page behind a mailed link: one button. Looking at it spends nothing, since mail programs look at links before people do.
#[utoipa::path(
    get, path = "/h/{token}", tag = "pages", operation_id = "holder_link",
    params(("token" = String, Path, description = "From a mail")),
    responses(
        (status = 200, description = "A button that opens the page", content_type = "text/html"),
        (status = 303, description = "To the page, for who has opened it with this link"),
        (status = 404, description = "No such link"),
        (status = 410, description = "It was used, or is too old; the page offers a new one", content_type = "text/html"),
    )
)]
pub(in crate::http) async fn link(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    match holder::look(&app, &secret).await {
        Ok(()) => Ok(HolderSays::new(&site, Said::Open(&secret)).into_response()),
        Err(error) => refused(&app, &site, &headers, (&secret, error)).await,
    }
}

/// Opens the holder's page with a mailed link, once, and leads on to it: the secret does not stay in the address bar. With
/// `again=yes`, sends a new link to the address on record instead, for one that was used or is too old.
#[utoipa::path(
    post, path = "/h/{token}", tag = "pages", operation_id = "open_holder_page",
    params(("token" = String, Path, description = "From a mail")),
    request_body(content_type = "application/x-www-form-urlencoded", description = "`open=yes` or `again=yes`: the button of the page"),
    responses(
        (status = 303, description = "To the page, with a cookie that opens it for two hours"),
        (status = 200, description = "A new link is on its way", content_type = "text/html"),
        (status = 404, description = "No such link"),
        (status = 410, description = "It was used, or is too old; the page offers a new one", content_type = "text/html"),
    )
)]
pub(in crate::http) async fn open(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    if fields.text("again") == Some("yes") {
        client.charge(Cost::Link)?;
        return match holder::resend(&app, &secret).await {
            Ok(()) => Ok(HolderSays::new(&site, Said::Sent).into_response()),
            Err(error) => refused(&app, &site, &headers, (&secret, error)).await,
        };
    }
    match holder::open(&app, &secret).await {
        Ok(session) => {
            let mut answer = lead_on(&app);
            answer.headers_mut().insert(header::SET_COOKIE, cookie(&app, &session, SESSION_LIVES.num_seconds()));
            Ok(answer)
        }
        Err(error) => refused(&app, &site, &headers, (&secret, error)).await,
    }
}

/// Who opened the page with this link, and still has it open, is led on.
async fn refused(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    (secret, error): (&str, TokenError),
) -> Result<Response, Problem> {
    let said = match error {
        TokenError::Used(shown) => match session(app, headers).await? {
            Some(session) if session.is_of(&shown) => return Ok(lead_on(app)),
            _ => Said::Used(secret),
        },
        TokenError::Expired(_) => Said::TooOld(secret),
        TokenError::Unknown => Said::Unknown,
        TokenError::Breakdown(breakdown) => return Err(breakdown.into()),
    };
    Ok(HolderSays::new(site, said).into_response())
}

fn lead_on(app: &App) -> Response {
    let to = app.urls.local(&app.urls.holder()).to_owned();
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// The holder's page, while it is open; else a form that has a link to it mailed.
#[utoipa::path(
    get, path = "/holder", tag = "pages", operation_id = "holder_page",
    responses((status = 200, description = "The page, or the form", content_type = "text/html"))
)]
pub(in crate::http) async fn page(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(session) = session(&app, &headers).await? else { return Ok(SignInPage::new(&site).into_response()) };
    let mut page = HolderPage::new(&site, &session.person.name, &session.form);
    for known in holder::held(&app, &session).await? {
        let name = known.pointer.certification.as_str();
        page = page.award(known.award(), known.certification(), name, moment(&app));
    }
    Ok(page.into_response())
}

/// Has a link to the holder's page mailed. Who asks is told the same of every address, on record or not.
#[utoipa::path(
    post, path = "/holder", tag = "pages", operation_id = "ask_for_holder_link",
    request_body(content_type = "application/x-www-form-urlencoded", description = "`address`: a mail address"),
    responses(
        (status = 200, description = "If the address is on record, a link is on its way to it", content_type = "text/html"),
        (status = 422, description = "That is no mail address", content_type = "text/html"),
    )
)]
pub(in crate::http) async fn ask(
    State(app): State<Arc<App>>,
    client: Client,
    fields: Fields,
) -> Result<Response, Problem> {
    client.charge(Cost::Link)?;
    let (_, site) = site(&app).await?;
    let address = fields.text("address").unwrap_or_default();
    if !is_email(address) {
        return Ok(SignInPage::new(&site).no_address(address).into_response());
    }
    notices::ask_for_link(&app, address).await?;
    Ok(HolderSays::new(&site, Said::Asked).into_response())
}

/// Asks whether an award shall be declined.
#[utoipa::path(
    get, path = "/holder/{award}/decline", tag = "pages", operation_id = "decline_form",
    params(("award" = String, Path, description = "The award's number")),
    responses((status = 200, description = "The question", content_type = "text/html"), (status = 403, description = "The page is not open"))
)]
pub(in crate::http) async fn decline_form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(award): Path<String>,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(session) = session(&app, &headers).await? else { return Ok(not_open(&site)) };
    let known = own(&app, &session, &award).await?;
    Ok(DeclinePage::new(&site, known.award().id, name(&known), &session.form, false).into_response())
}

/// Declines an award: it is revoked at its holder's request.
#[utoipa::path(
    post, path = "/holder/{award}/decline", tag = "pages", operation_id = "decline",
    params(("award" = String, Path, description = "The award's number")),
    request_body(content_type = "application/x-www-form-urlencoded", description = "`form`: the mark of the page's forms"),
    responses((status = 200, description = "It is done", content_type = "text/html"), (status = 403, description = "The page is not open, or the form is not of it"))
)]
pub(in crate::http) async fn decline(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(award): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(session) = session(&app, &headers).await? else { return Ok(not_open(&site)) };
    let fields = Fields::from_request(request, &app).await?;
    let known = own(&app, &session, &award).await?;
    if !is_own_form(&session, &fields) {
        return Ok(DeclinePage::new(&site, known.award().id, name(&known), &session.form, true).into_response());
    }
    holder::decline(&app, &session, known.award().id).await?;
    Ok(HolderSays::new(&site, Said::Declined(name(&known))).into_response())
}

/// The form of an appeal.
#[utoipa::path(
    get, path = "/holder/{award}/appeal", tag = "pages", operation_id = "appeal_form",
    params(("award" = String, Path, description = "The award's number")),
    responses((status = 200, description = "The form", content_type = "text/html"), (status = 403, description = "The page is not open"))
)]
pub(in crate::http) async fn appeal_form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(award): Path<String>,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(session) = session(&app, &headers).await? else { return Ok(not_open(&site)) };
    let known = own(&app, &session, &award).await?;
    Ok(AppealPage::new(&site, known.award().id, name(&known), &session.form).into_response())
}

/// Appeals a decision about an award, in the holder's words.
#[utoipa::path(
    post, path = "/holder/{award}/appeal", tag = "pages", operation_id = "appeal",
    params(("award" = String, Path, description = "The award's number")),
    request_body(content_type = "application/x-www-form-urlencoded", description = "`text`, and `form`: the mark of the page's forms"),
    responses(
        (status = 200, description = "The appeal was sent", content_type = "text/html"),
        (status = 403, description = "The page is not open, or the form is not of it"),
        (status = 422, description = "Nothing was said, or too much"),
    )
)]
pub(in crate::http) async fn appeal(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(award): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let Some(session) = session(&app, &headers).await? else { return Ok(not_open(&site)) };
    let fields = Fields::from_request(request, &app).await?;
    let known = own(&app, &session, &award).await?;
    let text = fields.text("text").unwrap_or_default();
    let again = |status, why: &str| {
        let form = AppealPage::new(&site, known.award().id, name(&known), &session.form);
        form.refused(status, why, text).into_response()
    };
    if !is_own_form(&session, &fields) {
        return Ok(again(StatusCode::FORBIDDEN, site.words().holder.stale_form));
    }
    match holder::appeal(&app, &session, known.award().id, text).await {
        Ok(_) => Ok(HolderSays::new(&site, Said::Appealed).into_response()),
        Err(AppealError::Breakdown(breakdown)) => Err(breakdown.into()),
        Err(AppealError::Unknown { .. }) => Err(Problem::no_record()),
        Err(refused @ (AppealError::Length { .. } | AppealError::TooMany)) => {
            Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &crate::http::refusal::sentence(&refused)))
        }
    }
}

/// Closes the page.
#[utoipa::path(
    post, path = "/holder/leave", tag = "pages", operation_id = "leave_holder_page",
    request_body(content_type = "application/x-www-form-urlencoded", description = "`form`: the mark of the page's forms"),
    responses((status = 200, description = "The page is closed", content_type = "text/html"))
)]
pub(in crate::http) async fn leave(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    if let Some(session) = session(&app, &headers).await?
        && is_own_form(&session, &Fields::from_request(request, &app).await?)
    {
        holder::leave(&app, session).await?;
    }
    let mut answer = HolderSays::new(&site, Said::Left).into_response();
    answer.headers_mut().insert(header::SET_COOKIE, cookie(&app, "", 0));
    Ok(answer)
}

fn not_open(site: &Site) -> Response {
    SignInPage::new(site).not_open().into_response()
}

/// Not told apart: an award of somebody else, and none at all.
async fn own(app: &App, session: &Session, award: &str) -> Result<Known, Problem> {
    let award: AwardId = award.parse().map_err(|_| Problem::no_record())?;
    holder::own(app, session, award).await?.ok_or_else(Problem::no_record)
}

fn name(known: &Known) -> &str {
    known.certification().map_or(known.pointer.certification.as_str(), |certification| &certification.name)
}

fn is_own_form(session: &Session, fields: &Fields) -> bool {
    let sent = fields.text("form").unwrap_or_default();
    sent.as_bytes().ct_eq(session.form.as_bytes()).into()
}

async fn session(app: &App, headers: &HeaderMap) -> Result<Option<Session>, Problem> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, secret)) = pairs.find(|(name, _)| *name == COOKIE) else { return Ok(None) };
    Ok(holder::session(app, secret).await?)
}

/// For the holder's pages only, and for no script.
fn cookie(app: &App, secret: &str, seconds: i64) -> HeaderValue {
    let secure = if app.urls.base().starts_with("https://") { "; Secure" } else { "" };
    let path = app.urls.holder();
    let path = app.urls.local(&path);
    let text = format!("{COOKIE}={secret}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("secrets and paths of ours are ASCII")
}
