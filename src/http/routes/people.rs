//! `/api/v1/people`: persons, what they are found by, and what they hold. Addresses stay out of URLs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::awards::{answered, idempotency_key};
use crate::app::App;
use crate::http::auth::{Authorized, PeopleRead, PeopleWrite};
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, ProblemBody};
use crate::id::PersonId;
use crate::intake::ExternalId;
use crate::service::caller::Caller;
use crate::service::people::{
    self, Change, FindPerson, GivenManagers, MergeRequest, Merged, NewPerson, PersonError, PersonView,
};

/// Makes a person. A result makes one too, so that this is for who wants to be first.
#[utoipa::path(
    post, path = "/api/v1/people", tag = "people", operation_id = "create_person", request_body = NewPerson,
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat with the same key is answered as before")),
    security(("api_key" = ["people:write"])),
    responses(
        (status = 201, description = "The person", body = PersonView),
        (status = 409, description = "Somebody is found by the address or an id", body = ProblemBody),
    )
)]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    headers: HeaderMap,
    Json(new): Json<NewPerson>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let answer = people::create(&app, &caller, &new, key.as_deref()).await?;
    Ok(answered(answer).into_response())
}

/// Finds a person by a verified address, an id in another system, or an award.
#[utoipa::path(
    post, path = "/api/v1/people/find", tag = "people", operation_id = "find_person", request_body = FindPerson,
    security(("api_key" = ["people:read"])),
    responses((status = 200, description = "The person", body = PersonView), (status = 404, description = "Nobody", body = ProblemBody))
)]
pub(in crate::http) async fn find(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleRead>,
    Json(by): Json<FindPerson>,
) -> Result<Response, Problem> {
    Ok(Json(people::find(&app, &caller, &by).await?).into_response())
}

/// A person. The id of somebody who turned out to be another shows that one.
#[utoipa::path(
    get, path = "/api/v1/people/{person}", tag = "people", operation_id = "show_person",
    params(("person" = String, Path, description = "The person's id")), security(("api_key" = ["people:read"])),
    responses((status = 200, description = "The person", body = PersonView), (status = 404, description = "Nobody", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleRead>,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(people::show(&app, &caller, &id(&person)?).await?).into_response())
}

/// One address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Address {
    #[schema(example = "ana@partner.example")]
    email: String,
}

/// Names an address: a link is mailed to it, good for 24 hours; once that is confirmed the person is found by it.
/// Repeated, the link is mailed again.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/addresses", tag = "people", operation_id = "add_address",
    params(("person" = String, Path, description = "The person's id")), request_body = Address,
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "The person, with the address not verified yet", body = PersonView),
        (status = 409, description = "Another person has it", body = ProblemBody),
    )
)]
pub(in crate::http) async fn add_address(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(address): Json<Address>,
) -> Result<Response, Problem> {
    Ok(Json(people::add_address(&app, &caller, &id(&person)?, &address.email).await?).into_response())
}

/// Removes an address, but never the last one and not the badge's.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/addresses/remove", tag = "people", operation_id = "remove_address",
    params(("person" = String, Path, description = "The person's id")), request_body = Address,
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 409, description = "It is the last one, or the badge's", body = ProblemBody),
    )
)]
pub(in crate::http) async fn remove_address(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(address): Json<Address>,
) -> Result<Response, Problem> {
    Ok(Json(people::remove_address(&app, &caller, &id(&person)?, &address.email).await?).into_response())
}

/// Chooses the address of the badge. Credentials that bear its hash are signed anew at their addresses.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/addresses/primary", tag = "people", operation_id = "choose_address",
    params(("person" = String, Path, description = "The person's id")), request_body = Address,
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 409, description = "It is not verified", body = ProblemBody),
    )
)]
pub(in crate::http) async fn make_primary(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(address): Json<Address>,
) -> Result<Response, Problem> {
    Ok(Json(people::make_primary(&app, &caller, &id(&person)?, &address.email).await?).into_response())
}

/// Adds an id in another system.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/external", tag = "people", operation_id = "add_external_id",
    params(("person" = String, Path, description = "The person's id")), request_body = ExternalId,
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 409, description = "Another person has it", body = ProblemBody),
    )
)]
pub(in crate::http) async fn add_external(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(external): Json<ExternalId>,
) -> Result<Response, Problem> {
    changed(&app, &caller, &person, Change::AddExternal(external)).await
}

/// Removes an id in another system, but never the last thing that the person is found by.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/external/remove", tag = "people", operation_id = "remove_external_id",
    params(("person" = String, Path, description = "The person's id")), request_body = ExternalId,
    security(("api_key" = ["people:write"])),
    responses((status = 200, description = "The person", body = PersonView), (status = 409, description = "It is the last one", body = ProblemBody))
)]
pub(in crate::http) async fn remove_external(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(external): Json<ExternalId>,
) -> Result<Response, Problem> {
    changed(&app, &caller, &person, Change::RemoveExternal(external)).await
}

/// What a person agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Consent {
    /// `score`, `evidence`; all that is left out is withdrawn.
    consent: Vec<String>,
}

/// Says what may become public. Credentials follow when they are next signed.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/consent", tag = "people", operation_id = "change_consent",
    params(("person" = String, Path, description = "The person's id")), request_body = Consent,
    security(("api_key" = ["people:write"])), responses((status = 200, description = "The person", body = PersonView))
)]
pub(in crate::http) async fn consent(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(consent): Json<Consent>,
) -> Result<Response, Problem> {
    changed(&app, &caller, &person, Change::Consent(consent.consent)).await
}

/// What a person reads.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Language {
    /// BCP 47 tag; none: the program's first language.
    language: Option<String>,
}

/// Says in which language the person is written to.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/language", tag = "people", operation_id = "change_language",
    params(("person" = String, Path, description = "The person's id")), request_body = Language,
    security(("api_key" = ["people:write"])), responses((status = 200, description = "The person", body = PersonView))
)]
pub(in crate::http) async fn language(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(language): Json<Language>,
) -> Result<Response, Problem> {
    changed(&app, &caller, &person, Change::Language(language.language)).await
}

/// Says who looks after the person, in full: they are told what time brings to the person's awards, where the certification
/// notifies them. Who is left out is nobody; for the partner's manager, the issuer.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/managers", tag = "people", operation_id = "change_managers",
    params(("person" = String, Path, description = "The person's id")), request_body = GivenManagers,
    security(("api_key" = ["people:write"])), responses((status = 200, description = "The person", body = PersonView))
)]
pub(in crate::http) async fn managers(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(managers): Json<GivenManagers>,
) -> Result<Response, Problem> {
    changed(&app, &caller, &person, Change::Managers(managers)).await
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Name {
    #[schema(example = "Ana Lopes Duarte")]
    name: String,
}

/// Corrects the name. Every credential is signed anew at its address, every earlier copy is taken back, also renewed ones
/// that have not run out, and the name before is shown nowhere any more.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/name", tag = "people", operation_id = "correct_name",
    params(("person" = String, Path, description = "The person's id")), request_body = Name,
    security(("api_key" = ["people:write"])), responses((status = 200, description = "The person", body = PersonView))
)]
pub(in crate::http) async fn name(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
    Json(name): Json<Name>,
) -> Result<Response, Problem> {
    Ok(Json(people::correct_name(&app, &caller, &id(&person)?, &name.name).await?).into_response())
}

/// Mails the person a code, good for 30 minutes and five tries: whoever tells it is that person. For `merge`.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/proof", tag = "people", operation_id = "ask_for_proof",
    params(("person" = String, Path, description = "The person's id")),
    request_body(content_type = "application/json", description = "Nothing is read from it; it may be empty"),
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "The person; the mail is on its way", body = PersonView),
        (status = 409, description = "The person has no verified address", body = ProblemBody),
    )
)]
pub(in crate::http) async fn proof(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(people::ask_for_proof(&app, &caller, &id(&person)?).await?).into_response())
}

/// Joins two persons who turned out to be one. Both must have told the code that was mailed to them. Nothing is lost: every
/// id finds the person who is kept, every award keeps its number, page and QR code, and of two awards of one certification
/// the longer one is shown at both.
#[utoipa::path(
    post, path = "/api/v1/people/merge", tag = "people", operation_id = "merge_people", request_body = MergeRequest,
    security(("api_key" = ["people:write"])),
    responses(
        (status = 200, description = "What was joined, or (with `preview`) would be", body = Merged),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 422, description = "A code is missing, wrong or over", body = ProblemBody),
    )
)]
pub(in crate::http) async fn merge(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleWrite>,
    Json(request): Json<MergeRequest>,
) -> Result<Response, Problem> {
    Ok(Json(people::merge(&app, &caller, &request).await?).into_response())
}

async fn changed(app: &App, caller: &Caller, person: &str, what: Change) -> Result<Response, Problem> {
    Ok(Json(people::change(app, caller, &id(person)?, &what).await?).into_response())
}

fn id(text: &str) -> Result<PersonId, Problem> {
    text.parse().map_err(|_| PersonError::Unknown.into())
}
