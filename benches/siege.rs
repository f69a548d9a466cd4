//! Everything at once, for as long as it is asked to last: `cargo bench --bench siege -- 600` gives each part ten minutes.
//!
//! First four clients send results as fast as they are answered, while a quick and a slow webhook and a mail folder follow and
//! others read. Then sixteen clients hand in the costliest badges there are, while others ask whether the service lives. Nobody
//! may wait longer than [`PATIENCE`] for anything that is not itself the flood, and the service ends when it is told to.

#[path = "../tests/it/support/binary.rs"]
#[expect(dead_code, reason = "the stories of the tests use the rest")]
mod binary;
#[path = "support/client.rs"]
mod client;
#[path = "../tests/it/support/hostile/mod.rs"]
#[expect(dead_code, reason = "the stories of the tests use the rest")]
mod hostile;

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use futures_util::future::{join, join_all};
use serde_json::json;

use binary::{Home, Service, exam, training};
use client::{Connection, request, say};

/// Seconds of each part, if nothing is said.
const SECONDS: u64 = 30;
/// Longer than anybody waits for anything on a busy machine of two cores; what froze is found by it.
const PATIENCE: Duration = Duration::from_secs(10);
const WRITERS: usize = 4;
const BESIEGERS: usize = 16;
/// Between two looks of a reader: it is there to notice, and takes no core for itself.
const LOOK: Duration = Duration::from_millis(20);

fn main() {
    let seconds = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(SECONDS);
    let part = Duration::from_secs(seconds);
    let quick = Receiver::start(Duration::ZERO);
    let slow = Receiver::start(Duration::from_secs(1));
    let home = Home::new();
    let settings = format!("[fetch]\nallow = ['{}', '{}']\n", quick.address, slow.address);
    fs::write(home.folder().join("assay.toml"), settings).expect("a folder of our own");
    let key = home.api_key("exams");
    let service = home.serve();
    for receiver in [&quick, &slow] {
        let hook = json!({ "url": format!("http://{}/", receiver.address), "types": ["award.*"] });
        service.post("/api/v1/webhooks", &hook).expect(201);
    }
    let page = hot_page(&service);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");

    let (results, looks) = runtime.block_on(join(results(&service, &key, part), look(&service, &page, part)));
    let (sent, waits) = results;
    say(&format!("{WRITERS} clients, {} results a second; a result took {}", sent as u64 / seconds, spread(waits)));
    say(&format!("told meanwhile: {} by the quick webhook, {} by the slow one", quick.told(), slow.told()));
    tell(looks);

    let (flood, looks) = runtime.block_on(join(flood(&service, part), look(&service, &page, part)));
    say(&format!("{BESIEGERS} clients with the costliest badges, answered: {flood:?}"));
    tell(looks);
    assert!(service.stop(None).success(), "the service stops in peace");
}

/// An award, and where it is found.
fn hot_page(service: &Service) -> String {
    service.post("/api/v1/results", &training("hot")).expect(200);
    let answer = service.post("/api/v1/results", &exam("hot")).expect(201).json();
    format!("/v/{}", answer["award"]["id"].as_str().expect("a number"))
}

/// Sends results until time is up: how many, and how long each took.
async fn results(service: &Service, key: &str, part: Duration) -> (usize, Vec<Duration>) {
    let (ends, next) = (Instant::now() + part, AtomicUsize::new(0));
    let writer = || async {
        let mut connection = Connection::open(service.address()).await;
        let mut waits = Vec::new();
        while Instant::now() < ends {
            let name = format!("s{}", next.fetch_add(1, Ordering::Relaxed));
            for (body, status) in [(training(&name), 200), (exam(&name), 201)] {
                let post = request("POST", "/api/v1/results", key, "", &body.to_string());
                let (answered, took) = timed(&mut connection, &post).await;
                assert_eq!(answered, status, "{}", String::from_utf8_lossy(&connection.body));
                waits.push(took);
            }
        }
        waits
    };
    let waits = join_all((0..WRITERS).map(|_| writer())).await.concat();
    (waits.len(), waits)
}

/// Hands in the costliest badges again and again: how often each status was answered.
async fn flood(service: &Service, part: Duration) -> BTreeMap<u16, usize> {
    let ends = Instant::now() + part;
    let inputs = hostile::all();
    let badges = inputs.iter().filter(|input| input.reader == hostile::Reader::Badge);
    let posts: Vec<Vec<u8>> = badges.map(|input| handed_in(&input.bytes)).collect();
    let next = AtomicUsize::new(0);
    let besieger = || async {
        let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
        while Instant::now() < ends {
            let post = &posts[next.fetch_add(1, Ordering::Relaxed) % posts.len()];
            // A refusal may end the connection.
            let mut connection = Connection::open(service.address()).await;
            *answers.entry(connection.ask(post).await).or_default() += 1;
        }
        answers
    };
    let mut all: BTreeMap<u16, usize> = BTreeMap::new();
    for (status, count) in join_all((0..BESIEGERS).map(|_| besieger())).await.into_iter().flatten() {
        *all.entry(status).or_default() += count;
    }
    all
}

/// A badge as the body itself.
fn handed_in(badge: &[u8]) -> Vec<u8> {
    let length = badge.len();
    let head = format!(
        "POST /api/v1/verify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), badge].concat()
}

/// What those who only look wait for: whether the service lives, whether it is ready, and an award.
async fn look(service: &Service, page: &str, part: Duration) -> Vec<(String, Vec<Duration>)> {
    let ends = Instant::now() + part;
    let looker = async |path: String| {
        let mut connection = Connection::open(service.address()).await;
        let (get, mut waits) = (request("GET", &path, "", "application/json", ""), Vec::new());
        while Instant::now() < ends {
            let (status, took) = timed(&mut connection, &get).await;
            assert_eq!(status, 200, "{path}");
            waits.push(took);
            tokio::time::sleep(LOOK).await;
        }
        (path, waits)
    };
    join_all(["/healthz", "/readyz", page].map(|path| looker(path.to_owned()))).await
}

async fn timed(connection: &mut Connection, request: &[u8]) -> (u16, Duration) {
    let asked = Instant::now();
    let answer = tokio::time::timeout(PATIENCE, connection.ask(request)).await;
    (answer.expect("nobody waits that long"), asked.elapsed())
}

fn tell(looks: Vec<(String, Vec<Duration>)>) {
    for (path, waits) in looks {
        say(&format!("    {path} beside it: {}", spread(waits)));
    }
}

fn spread(mut waits: Vec<Duration>) -> String {
    waits.sort_unstable();
    let per_mille = |n: usize| waits[(waits.len() - 1) * n / 1000];
    format!("p50 {:?}, p99 {:?}, at most {:?}", per_mille(500), per_mille(990), per_mille(1000))
}

/// A server that is told what happens, on a thread of its own.
struct Receiver {
    address: SocketAddr,
    told: Arc<Mutex<usize>>,
}

impl Receiver {
    /// Answers each delivery after so long.
    fn start(after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let (address, told) = (listener.local_addr().expect("it is bound"), Arc::new(Mutex::new(0)));
        let count = Arc::clone(&told);
        let router = Router::new().route(
            "/",
            post(async move |_: String| {
                tokio::time::sleep(after).await;
                *count.lock().expect("nobody panics with it") += 1;
                StatusCode::NO_CONTENT
            }),
        );
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
                axum::serve(listener, router).await
            })
        });
        Receiver { address, told }
    }

    fn told(&self) -> usize {
        *self.told.lock().expect("nobody panics with it")
    }
}
