//! [`Host`]: a stranger's server on loopback that serves documents by path, and notes what it is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// A stranger's server; answers 404 to everything that it was not told to serve.
pub(crate) struct Host {
    /// Host and port.
    pub(crate) place: String,
    state: Arc<Inner>,
}

/// Status, media type or place to go on to, and body.
type Served = (u16, String, Vec<u8>);

#[derive(Default)]
struct Inner {
    served: Mutex<HashMap<String, Served>>,
    asked: Mutex<Vec<(String, String)>>,
}

impl Host {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Inner::default());
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Host { place, state }
    }

    /// The address of a path here.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.place)
    }

    /// From now on this is what is there.
    pub(crate) fn serves(&self, path: &str, media: &str, body: impl AsRef<[u8]>) {
        self.answers(path, 200, media, body);
    }

    /// From now on this is how it answers.
    pub(crate) fn answers(&self, path: &str, status: u16, media: &str, body: impl AsRef<[u8]>) {
        let answer = (status, media.to_owned(), body.as_ref().to_vec());
        self.state.served.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// From now on it sends on to another address.
    pub(crate) fn sends_on(&self, path: &str, to: &str) {
        self.answers(path, 302, to, "");
    }

    /// The paths it was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.asked.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    /// The `Accept` of the last request for a path.
    pub(crate) fn accept(&self, path: &str) -> String {
        let asked = self.state.asked.lock().unwrap();
        asked.iter().rev().find(|(asked, _)| asked == path).map(|(_, accept)| accept.clone()).unwrap_or_default()
    }
}

async fn answer(State(state): State<Arc<Inner>>, uri: Uri, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    state.asked.lock().unwrap().push((uri.to_string(), accept.to_owned()));
    match state.served.lock().unwrap().get(&uri.to_string()).cloned() {
        Some((302, to, _)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Some((status, media, body)) => {
            (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, media)], body).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
