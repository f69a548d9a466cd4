//! `/`: who issues here, and what.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::site;
use crate::app::App;
use crate::http::page::HomePage;
use crate::http::problem::Problem;
use crate::program::duration::local_day;

/// The front page: the issuer, its catalogue, and a form to check a badge.
#[utoipa::path(get, path = "/", tag = "pages", responses((status = 200, description = "The front page", content_type = "text/html")))]
pub(in crate::http) async fn home(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let (in_force, site) = site(&app).await?;
    let today = local_day(app.clock.now(), in_force.program.timezone);
    Ok(HomePage::new(&site, &in_force.program, today).into_response())
}
