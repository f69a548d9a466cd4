//! Answers that are hot: what everybody was told in this second, and since the last commit, is told again as it was.
//!
//! A public answer is made of the store, of the whole second, and of what was asked. While the store has the same
//! [`Generation`] and the second has not passed, it cannot have changed: nothing is ever told a moment longer than it is true.
//! It is kept as it goes out, compressed. What is personal goes past: whoever brings a key or a cookie, and what is `no-store`.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::headers::unless_known;
use crate::app::App;
use crate::service::moment;
use crate::store::engine::Generation;

/// The longest body that is kept, in bytes.
const LONGEST: usize = 256 << 10;
/// How many bytes of bodies and questions are kept at most. They are forgotten with the second.
const MOST: usize = 16 << 20;
/// The longest address and preferences that are remembered; others are answered anew.
const LONGEST_QUESTION: usize = 1_024;

/// What was told in one second of one generation.
#[derive(Debug, Default)]
pub(super) struct Hot(RwLock<Told>);

#[derive(Debug, Default)]
struct Told {
    since: Option<Since>,
    answers: HashMap<String, Arc<Kept>>,
    bytes: usize,
}

/// The store and the whole second.
type Since = (Generation, i64);

#[derive(Debug)]
struct Kept {
    headers: HeaderMap,
    body: Bytes,
}

/// Middleware, around compression.
pub(super) async fn again(State((app, hot)): State<(Arc<App>, Arc<Hot>)>, request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let Some(question) = question(&request) else { return next.run(request).await };
    let Some(since) = since(&app) else { return next.run(request).await };
    if let Some(kept) = hot.find(&question, since) {
        let answer = (kept.headers.clone(), Body::from(kept.body.clone())).into_response();
        return unless_known(known.as_ref(), answer);
    }
    let answer = next.run(request).await;
    if answer.status() != StatusCode::OK || !may_be_kept(answer.headers()) {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    // Bodies of public answers are in memory already.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if self::since(&app) == Some(since) {
        hot.keep(question, since, Kept { headers: parts.headers.clone(), body: body.clone() });
    }
    Response::from_parts(parts, Body::from(body))
}

/// Asked for before anything is read: what is read afterwards is at least as new.
fn since(app: &App) -> Option<Since> {
    Some((app.store.engine().generation()?, moment(app).timestamp()))
}

/// All that the answer may depend on, if it is for everybody.
fn question(request: &Request) -> Option<String> {
    const PERSONAL: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, header::RANGE];
    let headers = request.headers();
    if *request.method() != Method::GET || PERSONAL.iter().any(|name| headers.contains_key(name)) {
        return None;
    }
    let mut question = request.uri().path_and_query()?.as_str().to_owned();
    for name in [header::ACCEPT, header::ACCEPT_ENCODING] {
        for value in headers.get_all(&name) {
            question.push('\n');
            question.push_str(value.to_str().ok()?);
        }
        question.push('\n');
    }
    (question.len() <= LONGEST_QUESTION).then_some(question)
}

fn may_be_kept(headers: &HeaderMap) -> bool {
    let policy = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    policy.is_some_and(|policy| !policy.contains("no-store")) && !headers.contains_key(header::SET_COOKIE)
}

impl Hot {
    fn find(&self, question: &str, since: Since) -> Option<Arc<Kept>> {
        let told = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (told.since == Some(since)).then(|| told.answers.get(question).cloned()).flatten()
    }

    fn keep(&self, question: String, since: Since, kept: Kept) {
        if kept.body.len() > LONGEST {
            return;
        }
        let mut told = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if told.since != Some(since) {
            *told = Told { since: Some(since), ..Told::default() };
        }
        let bytes = told.bytes + question.len() + kept.body.len();
        if bytes <= MOST {
            told.bytes = bytes;
            told.answers.insert(question, Arc::new(kept));
        }
    }
}
