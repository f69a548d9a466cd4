//! The description of the API: what the handlers say of themselves, and what every address refuses alike.

use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, License, OpenApi, OpenApiBuilder, Server};

use super::headers::{Answer, Audience, Cache};

/// Without its addresses, which the handlers add.
pub(super) fn description(base: &str) -> OpenApi {
    let mut info = Info::new("Assay", env!("CARGO_PKG_VERSION"));
    info.description = Some("Issues and verifies Open Badges for the people of partner firms.".to_owned());
    info.license = Some(License::new("MIT OR Apache-2.0"));
    let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new().security_scheme("api_key", scheme).build();
    OpenApiBuilder::new().info(info).servers(Some([Server::new(base)])).components(Some(components)).build()
}

/// As it is sent: with everything that an operation may answer.
pub(super) fn completed(api: &OpenApi) -> Bytes {
    let mut api = serde_json::to_value(api).expect("the description is JSON");
    let mut shared = Map::new();
    for (path, item) in api["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let about = About::new(path, method, operation);
            let responses = operation["responses"].as_object_mut().expect("an operation answers something");
            // What an operation says of a status itself goes before what all say of it.
            responses.iter_mut().filter(|(status, _)| status.as_str() >= "400").for_each(|(_, answer)| problem(answer));
            for (status, name, words) in about.answers() {
                shared.entry(name).or_insert_with(|| answered(status, words));
                let reference = || json!({ "$ref": format!("#/components/responses/{name}") });
                responses.entry(status.to_string()).or_insert_with(reference);
            }
            let mut sorted: Vec<_> = std::mem::take(responses).into_iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
            *responses = Map::from_iter(sorted);
        }
    }
    api["components"]["responses"] = Value::Object(shared);
    serde_json::to_vec_pretty(&api).expect("the description is JSON").into()
}

/// What many operations answer alike.
fn answered(status: u16, words: &str) -> Value {
    let mut answer = json!({ "description": words });
    if status >= 400 {
        problem(&mut answer);
    }
    answer
}

/// A refusal is a problem for programs, and a page for who prefers one.
fn problem(answer: &mut Value) {
    let content = answer.as_object_mut().expect("an answer is described").entry("content").or_insert(json!({}));
    let said = content.as_object().expect("a content is described by its media");
    // What has a body of its own kind, says so itself.
    let own = |schema: &Value| schema["schema"]["$ref"].as_str().is_some_and(|to| !to.ends_with("/ProblemBody"));
    if !said.values().any(own) {
        *content = json!({
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemBody" } },
            "text/html": { "schema": { "type": "string" } },
        });
    }
}

/// What decides which refusals an operation shares with others.
struct About {
    /// It wants an API key.
    guarded: bool,
    /// It can be known by one, or counted by address.
    counted: bool,
    reads: bool,
    has_body: bool,
    has_place: bool,
    /// Its address has one form, to which the others lead.
    canonical: bool,
}

/// What begins with these is told in one form only: see `case`.
const CANONICAL: [&str; 10] = [
    "/achievements",
    "/issuer",
    "/status",
    "/verify",
    "/healthz",
    "/readyz",
    "/v/",
    "/credentials/{",
    "/badges",
    "/cards",
];
/// Strangers are counted there.
const COUNTED: [&str; 5] = ["/verify", "/api/v1/verify", "/h/{token}", "/holder", "/hooks/results/{source}"];

impl About {
    fn new(path: &str, method: &str, operation: &Value) -> Self {
        let reads = method == "get";
        About {
            guarded: operation["security"].is_array(),
            counted: !reads && COUNTED.contains(&path),
            reads,
            has_body: operation["requestBody"].is_object(),
            has_place: path.contains('{'),
            canonical: reads && CANONICAL.iter().any(|start| path.starts_with(start)),
        }
    }

    /// Statuses, each with the name and the words under which all share it.
    fn answers(&self) -> impl Iterator<Item = (u16, &'static str, &'static str)> {
        let public = self.reads && !self.guarded;
        let decides = self.guarded || self.has_body;
        let all = [
            (self.canonical, 301, "MovedPermanently", "To the one form of this address"),
            (public, 304, "NotModified", "Who asks has it already"),
            (true, 400, "BadRequest", "The request cannot be read"),
            (self.guarded || self.counted, 401, "Unauthorized", "The API key is missing, unknown or revoked"),
            (self.guarded, 403, "Forbidden", "The API key may not do that"),
            (self.has_place, 404, "NotFound", "There is nothing of this name"),
            (true, 408, "RequestTimeout", "The request did not go on, or took too long"),
            (self.guarded && !self.reads, 409, "Conflict", "Not possible in the present state"),
            (self.has_body, 413, "PayloadTooLarge", "The body is too large"),
            (self.has_body, 415, "UnsupportedMediaType", "Not a form that is read here"),
            (decides, 422, "UnprocessableEntity", "A value is missing or cannot be"),
            (self.guarded || self.counted, 429, "TooManyRequests", "Too often; `Retry-After` says when it goes on"),
            (true, 500, "InternalServerError", "Something went wrong here"),
            (true, 503, "ServiceUnavailable", "Not possible just now; `Retry-After` says when to try again"),
        ];
        all.into_iter().filter(|(applies, ..)| *applies).map(|(_, status, name, words)| (status, name, words))
    }
}

/// `/openapi.json`.
pub(super) fn answer(api: Bytes) -> Response {
    Answer::new("application/json", Audience::PublicData, Cache::Page, api).into_response()
}
