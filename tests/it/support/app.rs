//! [`TestApp`]: the router over a store in memory, with a fixed clock, counted ids and a seed key.

use std::sync::Arc;

use assay::app::{App, Caches, Judges};
use assay::clock::FixedClock;
use assay::config::{Places, VcApiConfig};
use assay::fetch::{Door, Limits};
use assay::http;
use assay::id::{CountedIds, Realm};
use assay::keyring::{SeedKey, Signer};
use assay::mail::MemoryPost;
use assay::program::Assets;
use assay::render::Painter;
use assay::service::api_keys::{self, NewKey};
use assay::service::caller::Caller;
use assay::service::setup::{self, Setup};
use assay::service::vc_api;
use assay::store::Store;
use assay::store::engine::Engine;
use assay::store::engine::memory::MemoryEngine;
use assay::urls::Urls;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// The starter program, as it ships.
pub(crate) const PROGRAM: &str = include_str!("../../../templates/programs/partner-framework.toml");
const LOGO: &[u8] = include_bytes!("../../../templates/programs/northwind.svg");

/// Where the test service answers: https with a name, so the issuer is a `did:web`.
pub(crate) const BASE: &str = "https://badges.northwind.example";
/// When every story begins.
pub(crate) const NOW: &str = "2026-11-20T10:00:00Z";

pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) post: Arc<MemoryPost>,
    pub(crate) live: String,
    pub(crate) test: String,
    router: Router,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status and body of an answer that must be `status`.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        TestApp::over(Arc::new(MemoryEngine::new())).await
    }

    /// Over another engine.
    pub(crate) async fn over(engine: Arc<dyn Engine>) -> Self {
        TestApp::with(engine, PROGRAM, BASE).await
    }

    /// With another program.
    pub(crate) async fn with_program(program: &str) -> Self {
        TestApp::with(Arc::new(MemoryEngine::new()), program, BASE).await
    }

    /// With another program or base.
    pub(crate) async fn with(engine: Arc<dyn Engine>, program: &str, base: &str) -> Self {
        TestApp::signing(Arc::new(SeedKey::new(&[7; 32])), engine, program, base).await
    }

    /// With another keyring too.
    pub(crate) async fn signing(signer: Arc<dyn Signer>, engine: Arc<dyn Engine>, program: &str, base: &str) -> Self {
        let assets: Assets = [("northwind.svg".to_owned(), LOGO.to_vec())].into();
        TestApp::made(signer, engine, base, (program, &assets)).await
    }

    /// With a program and the files that travel with it.
    pub(crate) async fn with_assets(program: &str, assets: &Assets) -> Self {
        TestApp::made(Arc::new(SeedKey::new(&[7; 32])), Arc::new(MemoryEngine::new()), BASE, (program, assets)).await
    }

    async fn made(
        signer: Arc<dyn Signer>,
        engine: Arc<dyn Engine>,
        base: &str,
        (program, assets): (&str, &Assets),
    ) -> Self {
        let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
        let ids = Arc::new(CountedIds::default());
        let post = Arc::new(MemoryPost::default());
        let store = Store::new(engine);
        let setup = Setup { text: program, assets, base };
        setup::init(&store, signer.as_ref(), clock.as_ref(), ids.as_ref(), setup).await.unwrap();
        let app = Arc::new(App {
            clock: clock.clone(),
            ids,
            store,
            signer,
            door: Door::new(Places::default(), Limits::default(), clock.clone()),
            judges: Judges::default(),
            post: post.clone(),
            urls: Urls::new(base),
            painter: Painter::new(),
            operator: None,
            vc_api: None,
            caches: Caches::default(),
        });
        let live = key(&app, "lms", Realm::Live, &["admin"]).await;
        let test = key(&app, "lms test", Realm::Test, &["admin"]).await;
        TestApp { router: http::router(app.clone()), app, clock, post, live, test }
    }

    /// The same store, keys and clock in a new process: caches and leases are gone.
    pub(crate) fn restarted(self) -> Self {
        let door = self.app.door.clone();
        self.through(door)
    }

    /// The same with another way to the outside.
    pub(crate) fn through(self, door: Door) -> Self {
        self.anew(|app| app.door = door)
    }

    /// The same with others who judge what strangers send.
    pub(crate) fn judged_by(self, judges: Judges) -> Self {
        self.anew(|app| app.judges = judges)
    }

    /// The same, and badges may lead to these places.
    pub(crate) fn open_to_strangers(self, places: &[&str]) -> Self {
        let strangers = places.iter().map(|place| place.parse().unwrap()).collect();
        let places = Places { strangers, ..Places::default() };
        let door = Door::new(places, Limits::default(), self.clock.clone());
        self.through(door)
    }

    /// The same with the W3C VC API switched on.
    pub(crate) async fn with_vc_api(self, refuse_invalid: bool) -> Self {
        let on = vc_api::switch_on(&self.app, VcApiConfig { refuse_invalid }).await.unwrap();
        self.anew(|app| app.vc_api = Some(on))
    }

    fn anew(self, change: impl FnOnce(&mut App)) -> Self {
        let mut app = App {
            clock: self.clock.clone(),
            ids: self.app.ids.clone(),
            store: self.app.store.clone(),
            signer: self.app.signer.clone(),
            door: self.app.door.clone(),
            judges: self.app.judges.clone(),
            post: self.post.clone(),
            urls: self.app.urls.clone(),
            painter: Painter::new(),
            operator: None,
            vc_api: self.app.vc_api.clone(),
            caches: Caches::default(),
        };
        change(&mut app);
        let app = Arc::new(app);
        TestApp { router: http::router(app.clone()), app, ..self }
    }

    /// Another key, made by the operator.
    pub(crate) async fn key(&self, name: &str, realm: Realm, scopes: &[&str]) -> String {
        key(&self.app, name, realm, scopes).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.get_as(path, "*/*").await
    }

    pub(crate) async fn get_as(&self, path: &str, accept: &str) -> Reply {
        self.send(Request::get(path).header("accept", accept).body(Body::empty()).unwrap()).await
    }

    /// With the live key.
    pub(crate) async fn get_key(&self, path: &str) -> Reply {
        let request = Request::get(path).header("authorization", format!("Bearer {}", self.live));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// With the live key.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(&self.live, path, body.to_string()).await
    }

    pub(crate) async fn post_with(&self, key: &str, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// The same service, to be served on a port.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// The path of one of this service's own addresses.
    #[track_caller]
    pub(crate) fn local(&self, address: &Value) -> String {
        let path = address.as_str().and_then(|a| a.strip_prefix(self.app.urls.base()));
        path.unwrap_or_else(|| panic!("{address} is not ours")).to_owned()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        assay::clock::Clock::now(self.clock.as_ref())
    }

    /// Training and exam of Sales Associate; answers the award.
    pub(crate) async fn certify(&self, person: &Value) -> Value {
        self.certify_with(&self.live, person, json!({})).await
    }

    /// The same, with a key and with more members for the exam's result.
    pub(crate) async fn certify_with(&self, key: &str, person: &Value, more: Value) -> Value {
        let name = person["email"].as_str().or(person["name"].as_str()).unwrap();
        let at = |ago| assay::clock::rfc3339(self.now() - ago);
        let training = json!({
            "id": format!("{name} training"), "person": person, "certification": "sales-associate", "requirement": "sales-101",
            "outcome": "completed", "at": at(TimeDelta::days(2)),
        });
        self.post_with(key, "/api/v1/results", training.to_string()).await.expect(200);
        let mut exam = json!({
            "id": format!("{name} exam"), "person": person, "certification": "sales-associate", "requirement": "exam",
            "outcome": "passed", "score": 84, "at": at(TimeDelta::hours(1)),
        });
        for (member, value) in more.as_object().unwrap() {
            exam[member] = value.clone();
        }
        let answer = self.post_with(key, "/api/v1/results", exam.to_string()).await.expect(201).json();
        assert_eq!(answer["decision"], "awarded", "{answer}");
        answer["award"].clone()
    }

    /// One verb on an award, with the live key.
    pub(crate) async fn act(&self, award: &Value, verb: &str, body: &Value) -> Reply {
        self.post(&format!("/api/v1/awards/{}/{verb}", award["id"].as_str().unwrap()), body).await
    }
}

async fn key(app: &App, name: &str, realm: Realm, scopes: &[&str]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = NewKey { name, realm, scopes: &scopes };
    api_keys::create(app, &Caller::operator(realm), new).await.unwrap().1
}

/// The person of most stories.
pub(crate) fn ana() -> Value {
    json!({ "name": "Ana Lopes", "email": "Ana@Partner.example" })
}

/// The path of one of our own addresses.
#[track_caller]
pub(crate) fn path(address: &Value) -> String {
    address.as_str().and_then(|a| a.strip_prefix(BASE)).unwrap_or_else(|| panic!("{address} is not ours")).to_owned()
}
