//! [`Receiver`]: a server on loopback that notes what it is sent and answers as it was told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// A stranger's server, gone when the test ends.
pub(crate) struct Receiver {
    pub(crate) place: String,
    state: Arc<Inner>,
}

struct Inner {
    seen: watch::Sender<Vec<Seen>>,
    script: Mutex<VecDeque<Line>>,
    gate: Semaphore,
    /// How many requests were being answered at a time, now and at most.
    at_once: Mutex<(usize, usize)>,
}

/// Status, fields and body of an answer.
type Line = (u16, Vec<(String, String)>, Vec<u8>);

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let (seen, script, gate) = (watch::Sender::default(), Mutex::default(), Semaphore::new(Semaphore::MAX_PERMITS));
        let state = Arc::new(Inner { seen, script, gate, at_once: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Receiver { place, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.place)
    }

    /// The next requests are answered so; then 204 again.
    pub(crate) fn answers(&self, statuses: &[u16]) {
        for status in statuses {
            self.answers_with(*status, &[], "");
        }
    }

    pub(crate) fn answers_with(&self, status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.state.script.lock().unwrap().push_back((status, headers, body.as_ref().to_vec()));
    }

    /// Notes requests, but answers none before [`Receiver::goes_on`].
    pub(crate) fn hangs(&self) {
        self.state.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn goes_on(&self) {
        self.state.gate.add_permits(1_000);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.borrow().clone()
    }

    /// What was seen since the last look.
    pub(crate) fn take(&self) -> Vec<Seen> {
        self.state.seen.send_replace(Vec::new())
    }

    /// The types of the events told since the last look.
    pub(crate) fn told(&self) -> Vec<String> {
        self.take().iter().map(Seen::kind).collect()
    }

    /// How many requests it was ever sent before it had answered the first of them.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.at_once.lock().unwrap().1
    }

    /// Waits until so many requests have come.
    pub(crate) async fn has_seen(&self, count: usize) {
        self.state.seen.subscribe().wait_for(|seen| seen.len() >= count).await.unwrap();
    }
}

async fn answer(
    State(state): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let (method, path, body) = (method.to_string(), uri.to_string(), String::from_utf8(body.to_vec()).unwrap());
    {
        let (now, most) = &mut *state.at_once.lock().unwrap();
        *now += 1;
        *most = (*most).max(*now);
    }
    state.seen.send_modify(|seen| seen.push(Seen { method, path, headers, body }));
    let permit = state.gate.acquire().await.unwrap();
    drop(permit);
    state.at_once.lock().unwrap().0 -= 1;
    let (status, fields, body) = state.script.lock().unwrap().pop_front().unwrap_or((204, Vec::new(), Vec::new()));
    let mut answer = HeaderMap::new();
    for (name, value) in fields {
        answer.append(axum::http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), answer, body)
}
