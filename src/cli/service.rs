//! [`Service`]: the one way in which commands reach the use cases, whether a service runs or not.
//!
//! `--url` names a service; else, while a service holds the store, its `serve.json` says where it answers; else the store
//! is opened here and the same router answers in this process.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt;

use super::args::Place;
use super::failure::{FAULT, Hinted};
use super::open::{self, Opened};
use super::upload::{FileBody, Incoming};
use crate::http;
use crate::id::Realm;
use crate::service::caller;

/// Most bytes of an answer.
const MAX_ANSWER: usize = 16 << 20;
/// The longest that an answer in lines may take.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// Where a running service answers, and the operator's key: written by `serve` (mode 0600), removed when it stops.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) address: String,
    pub(super) operator: String,
}

impl Running {
    pub(super) fn path(data: &Path) -> PathBuf {
        data.join("serve.json")
    }
}

/// A service, near or far.
pub(super) enum Service {
    Far { client: reqwest::Client, base: String, key: String },
    Here { router: Router, key: String, opened: Opened },
}

/// An answer in JSON.
pub(super) struct Reply {
    pub(super) body: Value,
}

impl Service {
    /// Finds the service for `place`, or opens the store.
    pub(super) async fn find(place: &Place) -> anyhow::Result<Self> {
        if let Some(url) = &place.url {
            let no_key =
                || Hinted::error("--url needs an API key", "set ASSAY_API_KEY; `assay api-key create` makes one");
            let key = place.api_key.clone().ok_or_else(no_key)?;
            return Ok(Service::Far { client: client()?, base: url.trim_end_matches('/').to_owned(), key });
        }
        let config = open::config(place, crate::config::Settings::default())?;
        if let Some(running) = running(&config.data).await? {
            return Ok(running);
        }
        let opened = open::open(place, &config)?.into_app(None).await?;
        let (app, secret) = (opened.app.clone(), opened.secret.clone());
        Ok(Service::Here { router: http::router(app), key: format!("{}{secret}", caller::prefix(Realm::Live)), opened })
    }

    /// Writes go to the test realm from now on. Only for the operator of this machine.
    pub(super) fn as_test(&mut self) {
        let (Service::Far { key, .. } | Service::Here { key, .. }) = self;
        if let Some(secret) = key.strip_prefix(caller::prefix(Realm::Live)) {
            *key = format!("{}{secret}", caller::prefix(Realm::Test));
        }
    }

    /// One call. An answer that is a problem becomes an error with its hint.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> anyhow::Result<Reply> {
        let (status, bytes) = self.ask(method, path, body).await?;
        let body: Value =
            serde_json::from_slice(&bytes).with_context(|| format!("the service answered {status} without JSON"))?;
        if status >= 400 {
            return Err(problem(status, &body));
        }
        Ok(Reply { body })
    }

    /// Removes something, which is answered without a body.
    pub(super) async fn delete(&self, path: &str) -> anyhow::Result<()> {
        let (status, bytes) = self.ask("DELETE", path, None).await?;
        if status == 204 { Ok(()) } else { Err(problem(status, &serde_json::from_slice(&bytes).unwrap_or_default())) }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> anyhow::Result<(u16, Vec<u8>)> {
        match self {
            Service::Far { client, base, key } => far(client, &format!("{base}{path}"), method, key, body).await,
            Service::Here { router, key, .. } => here(router.clone(), path, method, key, body).await,
        }
    }

    /// One call that is answered line by line, each a JSON object, for as long as it takes.
    pub(super) async fn lines(&self, path: &str, body: Vec<u8>, mut take: impl FnMut(Value)) -> anyhow::Result<()> {
        let mut lines = Lines::default();
        match self {
            Service::Far { client, base, key } => {
                let request = client.post(format!("{base}{path}")).bearer_auth(key).timeout(LONGEST);
                let request = request.header("content-type", "application/json").body(body);
                let mut answer = request.send().await.with_context(|| format!("cannot reach the service at {base}"))?;
                let status = answer.status().as_u16();
                while let Some(piece) = answer.chunk().await? {
                    lines.add(&piece, status < 400, &mut take)?;
                }
                lines.end(status)
            }
            Service::Here { router, key, .. } => {
                let answer = router.clone().oneshot(request(path, "POST", key, Some(body))?).await?;
                let status = answer.status().as_u16();
                let mut pieces = answer.into_body().into_data_stream();
                while let Some(piece) = pieces.next().await {
                    lines.add(&piece?, status < 400, &mut take)?;
                }
                lines.end(status)
            }
        }
    }

    /// The bytes of a public address.
    pub(super) async fn fetch(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let (status, bytes) = match self {
            Service::Far { client, base, key } => far(client, &format!("{base}{path}"), "GET", key, None).await?,
            Service::Here { router, key, .. } => here(router.clone(), path, "GET", key, None).await?,
        };
        if status != 200 {
            bail!("{path} answered {status}");
        }
        Ok(bytes)
    }

    /// Sends a file; the answer is read while it comes, for as long as it does.
    pub(super) async fn upload(
        &self,
        path: &str,
        media: &str,
        accept: &str,
        file: std::fs::File,
    ) -> anyhow::Result<Incoming> {
        let body = FileBody::new(file)?;
        match self {
            Service::Far { base, key, .. } => {
                let request = patient_client()?.post(format!("{base}{path}")).bearer_auth(key);
                let request = request.header("accept", accept).header("content-type", media);
                let answer = request.body(reqwest::Body::wrap(body)).send().await;
                Ok(Incoming::Far(answer.with_context(|| format!("cannot reach the service at {base}"))?))
            }
            Service::Here { router, key, .. } => {
                let request = axum::http::Request::post(path)
                    .header("authorization", format!("Bearer {key}"))
                    .header("accept", accept)
                    .header("content-type", media)
                    .body(Body::new(body))?;
                let answer = router.clone().oneshot(request).await?;
                Ok(Incoming::Here(answer.status().as_u16(), answer.into_body().into_data_stream()))
            }
        }
    }

    /// Closes the store if it was opened here.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self {
            Service::Far { .. } => Ok(()),
            Service::Here { router, opened, .. } => {
                drop(router);
                opened.close().await
            }
        }
    }
}

/// The service that holds the store in `data`, if it answers.
async fn running(data: &Path) -> anyhow::Result<Option<Service>> {
    let Ok(text) = std::fs::read(Running::path(data)) else {
        return Ok(None);
    };
    let running: Running =
        serde_json::from_slice(&text).with_context(|| format!("cannot read {}", Running::path(data).display()))?;
    let client = client()?;
    let health = client.get(format!("{}{}", running.address, crate::urls::path::HEALTHZ)).send().await;
    let alive = health.is_ok_and(|answer| answer.status().is_success());
    // A service that was killed leaves its file behind.
    Ok(alive.then(|| Service::Far {
        client,
        base: running.address,
        key: format!("{}{}", caller::prefix(Realm::Live), running.operator),
    }))
}

fn client() -> anyhow::Result<reqwest::Client> {
    Ok(builder().timeout(std::time::Duration::from_secs(60)).build()?)
}

/// For answers that come piece by piece.
fn patient_client() -> anyhow::Result<reqwest::Client> {
    Ok(builder().read_timeout(std::time::Duration::from_secs(600)).build()?)
}

fn builder() -> reqwest::ClientBuilder {
    // A second installation in one process is refused and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none())
}

async fn far(
    client: &reqwest::Client,
    url: &str,
    method: &str,
    key: &str,
    body: Option<Vec<u8>>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    let method = reqwest::Method::from_bytes(method.as_bytes())?;
    let mut request = client.request(method, url).bearer_auth(key).header("accept", "application/json");
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body);
    }
    let answer = request.send().await.with_context(|| format!("cannot reach the service at {url}"))?;
    let status = answer.status().as_u16();
    if answer.content_length().is_some_and(|length| length > MAX_ANSWER as u64) {
        bail!("the answer of {url} is too large");
    }
    Ok((status, answer.bytes().await?.to_vec()))
}

async fn here(
    router: Router,
    path: &str,
    method: &str,
    key: &str,
    body: Option<Vec<u8>>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    let answer = router.oneshot(request(path, method, key, body)?).await?;
    let status = answer.status().as_u16();
    Ok((status, axum::body::to_bytes(answer.into_body(), MAX_ANSWER).await?.to_vec()))
}

fn request(path: &str, method: &str, key: &str, body: Option<Vec<u8>>) -> anyhow::Result<axum::http::Request<Body>> {
    let request = axum::http::Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .header("accept", "application/json")
        .header("content-type", "application/json");
    Ok(request.body(Body::from(body.unwrap_or_default()))?)
}

/// Lines out of pieces.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, piece: &[u8], in_lines: bool, take: &mut impl FnMut(Value)) -> anyhow::Result<()> {
        self.0.extend_from_slice(piece);
        while let Some(end) = self.0.iter().position(|byte| *byte == b'\n').filter(|_| in_lines) {
            take(serde_json::from_slice(&self.0[..end]).context("the service answered a line that is no JSON")?);
            self.0.drain(..=end);
        }
        if self.0.len() > MAX_ANSWER {
            bail!("a line of the answer is too large");
        }
        Ok(())
    }

    fn end(self, status: u16) -> anyhow::Result<()> {
        if status < 400 {
            return Ok(());
        }
        let body = serde_json::from_slice(&self.0).with_context(|| format!("the service answered {status}"))?;
        Err(problem(status, &body))
    }
}

pub(super) fn problem(status: u16, body: &Value) -> anyhow::Error {
    let text = |member: &str| body[member].as_str().map(str::to_owned);
    let mut message =
        text("detail").or_else(|| text("title")).unwrap_or_else(|| format!("the service answered {status}"));
    for fault in body["errors"].as_array().into_iter().flatten() {
        let (pointer, detail) =
            (fault["pointer"].as_str().unwrap_or_default(), fault["detail"].as_str().unwrap_or_default());
        message.extend([FAULT, pointer, ": ", detail]);
    }
    match text("hint") {
        Some(hint) => Hinted::error(message, hint),
        None => anyhow::anyhow!(message),
    }
}
