//! The router: every address, and what is put around all of them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::{Instant, timeout_at};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use utoipa_axum::router::OpenApiRouter;

use super::hot::{self, Hot};
use super::server::Pulse;
use super::{case, headers, openapi, problem, routes};
use crate::app::App;
use crate::urls::path;

/// The longest an answer may take once the last byte of its request has come.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Their answers begin while they are still being asked, or take as long as their files are large.
const STREAMED: [&str; 2] = [path::API_RESULTS, path::API_IMPORTS];

/// Everything the service answers.
pub fn router(app: Arc<App>) -> Router {
    let (routes, api) =
        OpenApiRouter::with_openapi(openapi::description(app.urls.base())).merge(routes::all()).split_for_parts();
    let api = openapi::completed(&api);
    let urls = Arc::new(app.urls.clone());
    routes
        .route(path::OPENAPI, get(move || std::future::ready(openapi::answer(api.clone()))))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(time_limit))
        .layer(middleware::from_fn_with_state(app.clone(), problem::finish))
        .layer(middleware::from_fn_with_state(urls, case::redirect))
        .layer(middleware::from_fn(headers::finish))
        // Lines of a stream go out one by one; a compressor would hold them back.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/x-ndjson"))),
        )
        .layer(middleware::map_response(headers::weaken))
        .layer(middleware::from_fn_with_state((app.clone(), Arc::<Hot>::default()), hot::again))
        .layer(middleware::from_fn_with_state(app.clone(), one_line))
        .with_state(app)
}

/// Ends what takes too long, unless it is a stream.
async fn time_limit(request: Request, next: Next) -> Response {
    let streamed = request.extensions().get::<MatchedPath>().is_some_and(|path| STREAMED.contains(&path.as_str()));
    if streamed {
        return next.run(request).await;
    }
    let pulse = request.extensions().get::<Arc<Pulse>>().cloned();
    let mut answer = pin!(next.run(request));
    let mut until = Instant::now() + TIME_LIMIT;
    loop {
        if let Ok(answer) = timeout_at(until, &mut answer).await {
            return answer;
        }
        // A body that came meanwhile took its own time.
        match pulse.as_ref().map(|pulse| pulse.moved() + TIME_LIMIT).filter(|moved| *moved > until) {
            Some(moved) => until = moved,
            None => return StatusCode::REQUEST_TIMEOUT.into_response(),
        }
    }
}

/// One line in the log for each request: the pattern of its address, never the address, which may come from anybody.
async fn one_line(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut id = [0u8; 8];
    app.ids.fill(&mut id);
    let id = format!("{:016x}", u64::from_be_bytes(id));
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let began = app.clock.now();
    let mut response = next.run(request).await;
    let took = (app.clock.now() - began).num_microseconds().unwrap_or(0);
    tracing::info!(request = %id, %method, route, status = response.status().as_u16(), micros = took, "answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
