//! [`Problem`]: everything that goes wrong, in the words of RFC 9457 for programs and as a page for people.

use std::error::Error;
use std::fmt::Write as _;
use std::future::{Ready, ready};
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::headers::{Answer, Audience, Cache};
use super::negotiate::{Media, choose_or_first};
use super::page::{ErrorPage, NoRecordPage, Site};

/// The stable names of problems. `type` is `urn:assay:problem:` and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its name; the statuses are below")]
pub enum Code {
    EditConflict,
    Forbidden,
    IdempotencyConflict,
    Internal,
    InvalidState,
    InvalidValue,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    PersonConflict,
    RequestTimeout,
    ResultConflict,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnknownAchievement,
    UnknownAward,
    UnknownCertification,
    UnknownCredential,
    UnknownPerson,
    UnknownRequirement,
    UnsupportedMediaType,
}

impl Code {
    /// Name, status and title.
    const fn facts(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Code::EditConflict => ("edit-conflict", StatusCode::CONFLICT, "Somebody else changed it meanwhile"),
            Code::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "This key may not do that"),
            Code::IdempotencyConflict => {
                ("idempotency-conflict", StatusCode::CONFLICT, "This key was used with another request")
            }
            Code::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here"),
            Code::InvalidState => ("invalid-state", StatusCode::CONFLICT, "Not possible in the present state"),
            Code::InvalidValue => ("invalid-value", StatusCode::UNPROCESSABLE_ENTITY, "A value is out of range"),
            Code::MalformedRequest => ("malformed-request", StatusCode::BAD_REQUEST, "The request cannot be read"),
            Code::MethodNotAllowed => {
                ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "This address does not answer that method")
            }
            Code::NotAcceptable => ("not-acceptable", StatusCode::NOT_ACCEPTABLE, "Not to be had in that form"),
            Code::NotFound => ("not-found", StatusCode::NOT_FOUND, "Nothing at this address"),
            Code::PayloadTooLarge => ("payload-too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Code::PersonConflict => ("person-conflict", StatusCode::CONFLICT, "It belongs to another person"),
            Code::RequestTimeout => ("request-timeout", StatusCode::REQUEST_TIMEOUT, "The request took too long"),
            Code::ResultConflict => ("result-conflict", StatusCode::CONFLICT, "Same result id, other contents"),
            Code::TooManyRequests => ("too-many-requests", StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Code::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED, "An API key is needed"),
            Code::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Not possible just now"),
            Code::UnknownAchievement => ("unknown-achievement", StatusCode::NOT_FOUND, "No such achievement"),
            Code::UnknownAward => ("unknown-award", StatusCode::NOT_FOUND, "No public record under this number"),
            Code::UnknownCertification => {
                ("unknown-certification", StatusCode::UNPROCESSABLE_ENTITY, "The program has no such certification")
            }
            Code::UnknownCredential => ("unknown-credential", StatusCode::NOT_FOUND, "No such credential"),
            Code::UnknownPerson => ("unknown-person", StatusCode::NOT_FOUND, "No such person"),
            Code::UnknownRequirement => {
                ("unknown-requirement", StatusCode::UNPROCESSABLE_ENTITY, "The certification has no such requirement")
            }
            Code::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not a form this address reads")
            }
        }
    }

    /// For tables and tests.
    pub const fn name(self) -> &'static str {
        self.facts().0
    }

    /// The status it always has.
    pub const fn status(self) -> StatusCode {
        self.facts().1
    }

    fn of_status(status: StatusCode) -> Code {
        match status.as_u16() {
            400 => Code::MalformedRequest,
            401 => Code::Unauthorized,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            405 => Code::MethodNotAllowed,
            406 => Code::NotAcceptable,
            408 => Code::RequestTimeout,
            413 => Code::PayloadTooLarge,
            415 => Code::UnsupportedMediaType,
            429 => Code::TooManyRequests,
            502..=504 => Code::Unavailable,
            s if s < 500 => Code::MalformedRequest,
            _ => Code::Internal,
        }
    }
}

/// One place in the request that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong there.
    pub detail: String,
}

/// What went wrong, what to do about it, and (for the log only) why.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    hint: Option<String>,
    errors: Vec<Fault>,
    retry_after: Option<u32>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// The body that programs read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `urn:assay:problem:` and a stable name.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every problem of the type.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where, if that can be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

impl Problem {
    /// `detail` is a sentence about this case; it is public.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem { code, detail: detail.into(), hint: None, errors: Vec::new(), retry_after: None, cause: None }
    }

    /// Something of ours broke. The answer says nothing of `cause`; the log does.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        Problem::new(Code::Internal, "").because(cause)
    }

    /// The one answer to a number that is unknown, private or erased; people see [`NoRecordPage`].
    pub fn no_record() -> Self {
        Problem::new(Code::UnknownAward, "It was mistyped, does not exist, or is kept private by its holder.")
            .hint("Ask the holder.")
    }

    /// The answer to an address that nobody knows.
    pub fn nothing_here() -> Self {
        Problem::new(Code::NotFound, "").hint("See the addresses in /openapi.json, or begin at /.")
    }

    /// Safe to repeat after so many seconds.
    pub fn unavailable(detail: impl Into<String>, retry_after: u32) -> Self {
        Problem::new(Code::Unavailable, detail).retry_after(retry_after)
    }

    /// What to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A place that is at fault; may be said repeatedly.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(Fault { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Seconds until another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Why, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Its name.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The cause and the causes of it, in one line.
    pub fn chain(&self) -> Option<String> {
        let first: &dyn Error = self.cause.as_deref()?;
        let mut text = first.to_string();
        let mut next = first.source();
        while let Some(cause) = next {
            write!(text, ": {cause}").expect("writing to a string does not fail");
            next = cause.source();
        }
        Some(text)
    }

    /// As programs read it.
    pub fn body(&self) -> ProblemBody {
        let (name, status, title) = self.code.facts();
        ProblemBody {
            kind: format!("urn:assay:problem:{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail.clone(),
            hint: self.hint.clone(),
            errors: self.errors.clone(),
        }
    }

    fn dress(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == Code::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"assay\""));
        }
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
}

/// As JSON; `finish` makes a page of it for who prefers one.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = serde_json::to_vec(&self.body()).expect("strings and numbers are JSON");
        let mut response = Answer::new(Media::ProblemJson.content_type(), Audience::PublicData, Cache::NoStore, json)
            .status(self.code.status())
            .into_response();
        self.dress(&mut response);
        response.extensions_mut().insert(self);
        response
    }
}

/// What stands around an error page, looked up when one is shown: the program may have changed meanwhile.
#[async_trait]
pub(super) trait Frame: Send + Sync + 'static {
    /// None while it cannot be read.
    async fn site(&self) -> Option<Site>;

    /// Notes a failure for the log; how often it happened since it was told last, if it is to be told now.
    fn is_news(&self, failure: &str) -> Option<u64>;
}

/// Middleware, around all routes: a problem becomes a page for who prefers one, its cause goes to the log, and refusals
/// that others made (time limits, body limits, panics) become problems too.
pub(super) async fn finish<F: Frame>(State(frame): State<Arc<F>>, request: Request, next: Next) -> Response {
    let media = choose_or_first(request.headers(), &[Media::ProblemJson, Media::Json, Media::Html]);
    let response = next.run(request).await;
    let Some(problem) = problem_in(&response) else { return response };
    match (problem.chain(), problem.code.status().is_server_error()) {
        (Some(cause), true) => {
            if let Some(times) = frame.is_news(&cause) {
                tracing::error!(problem = problem.code.name(), cause, times, "request failed");
            }
        }
        (Some(cause), false) => tracing::debug!(problem = problem.code.name(), cause, "request refused"),
        (None, true) => tracing::warn!(problem = problem.code.name(), "request failed"),
        (None, false) => {}
    }
    if media != Media::Html {
        return if response.extensions().get::<Problem>().is_some() { response } else { problem.into_response() };
    }
    // Without a program there is nothing to put around a page.
    let Some(site) = frame.site().await else { return problem.into_response() };
    let mut page = match problem.code {
        Code::UnknownAward => NoRecordPage::new(&site).into_response(),
        _ => ErrorPage::new(&site, &problem.body()).into_response(),
    };
    problem.dress(&mut page);
    page
}

/// Ours, or one made of a bare refusal.
fn problem_in(response: &Response) -> Option<Problem> {
    let ours = response.extensions().get::<Problem>().cloned();
    ours.or_else(|| {
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
        let refused = status.is_client_error() || status.is_server_error();
        (refused && bare).then(|| Problem::new(Code::of_status(status), ""))
    })
}

/// For `Router::fallback`.
pub fn not_found() -> Ready<Problem> {
    ready(Problem::nothing_here())
}

/// For `Router::method_not_allowed_fallback`.
pub fn method_not_allowed() -> Ready<Problem> {
    ready(Problem::new(Code::MethodNotAllowed, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::fmt::Error);

    #[test]
    fn a_cause_is_logged_whole_and_never_told() {
        let problem = Problem::internal(Outer(std::fmt::Error));
        let told = serde_json::to_string(&problem.body()).unwrap();
        assert_eq!(told, r#"{"type":"urn:assay:problem:internal","title":"Something went wrong here","status":500}"#);
        assert!(problem.chain().unwrap().starts_with("outer: "));
    }

    #[test]
    fn a_problem_says_what_where_and_what_to_do() {
        let problem = Problem::new(Code::InvalidValue, "The score is out of range.")
            .hint("Send 0 to 100.")
            .at("/score", "101 is more than 100");
        let expected = serde_json::json!({
            "type": "urn:assay:problem:invalid-value", "title": "A value is out of range", "status": 422,
            "detail": "The score is out of range.", "hint": "Send 0 to 100.",
            "errors": [{"pointer": "/score", "detail": "101 is more than 100"}],
        });
        assert_eq!(serde_json::to_value(problem.body()).unwrap(), expected);
    }

    #[test]
    fn refusals_say_how_to_go_on() {
        let busy = Problem::unavailable("The disk is full.", 30).into_response();
        assert_eq!((busy.status().as_u16(), busy.headers()["retry-after"].to_str().unwrap()), (503, "30"));
        let stranger = Problem::new(Code::Unauthorized, "").into_response();
        assert_eq!(stranger.headers()["www-authenticate"], "Bearer realm=\"assay\"");
        assert_eq!(stranger.headers()["cache-control"], "no-store");
    }
}
