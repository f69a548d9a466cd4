//! `/status/{list}`: the signed status list credentials.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::extract::Path;
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::problem::{Code, Problem};
use crate::service::status;

/// A status list credential (Bitstring Status List 1.0), signed anew when a bit changed and every six hours.
#[utoipa::path(
    get, path = "/status/{list}", tag = "credentials", operation_id = "status_list",
    params(("list" = String, Path, description = "Number of the list; those of test badges begin with t")),
    responses((status = 200, description = "The list", content_type = "application/vc+ld+json"), (status = 404, description = "No such list"))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    Path(list): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let unknown = || Problem::new(Code::NotFound, "There is no such status list.");
    let name = list.parse().map_err(|_| unknown())?;
    let found = status::list_credential(&app, name).await?.ok_or_else(unknown)?;
    let media = choose_or_first(&headers, &[Media::VcLdJson, Media::Vc, Media::LdJson, Media::Json]);
    let cache = Cache::live(app.clock.now(), None);
    Ok(Answer::new(media.content_type(), Audience::PublicData, cache, found.text.as_bytes().to_vec())
        .negotiated()
        .into_response())
}
