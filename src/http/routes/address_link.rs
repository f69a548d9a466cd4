//! `/a/{token}`: the mailed link by which somebody shows that an address is theirs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::site;
use crate::app::App;
use crate::http::extract::Path;
use crate::http::page::AddressPage;
use crate::http::problem::Problem;
use crate::service::people;

/// The page with one button. Looking at it changes nothing, since mail programs look at links before people do.
#[utoipa::path(
    get, path = "/a/{token}", tag = "people", operation_id = "address_link",
    params(("token" = String, Path, description = "From the mail")),
    responses((status = 200, description = "The page", content_type = "text/html"), (status = 404, description = "Unknown or over"))
)]
pub(in crate::http) async fn show(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Problem> {
    let (address, is_confirmed) = people::shown_link(&app, &token).await?;
    let (_, site) = site(&app).await?;
    let page = if is_confirmed { AddressPage::confirmed(&site, &address) } else { AddressPage::new(&site, &address) };
    Ok(page.into_response())
}

/// The button was pressed.
#[utoipa::path(
    post, path = "/a/{token}", tag = "people", operation_id = "confirm_address",
    params(("token" = String, Path, description = "From the mail")),
    responses(
        (status = 200, description = "The address is confirmed", content_type = "text/html"),
        (status = 404, description = "Unknown or over"),
        (status = 409, description = "Another person has the address"),
    )
)]
pub(in crate::http) async fn confirm(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let address = people::confirm(&app, &token).await?;
    let (_, site) = site(&app).await?;
    Ok(AddressPage::confirmed(&site, &address).into_response())
}
