//! The server at a real socket: who may take how much of it, for how long.

mod built;
mod connections;
mod hosts;
mod rates;

use std::time::Duration;

use assay::config::{HttpConfig, HttpSettings};
use assay::http;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::app::TestApp;

/// For what must come soon, on a machine that is busy.
const SOON: Duration = Duration::from_secs(20);
/// What is never waited for to its end.
const LONG: Duration = Duration::from_secs(3_600);

/// The service of a [`TestApp`], served.
struct Served {
    app: TestApp,
    address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<bool>,
}

/// `[http]` with these settings, and nothing given up by itself.
fn patient(settings: &str) -> HttpConfig {
    let settings: HttpSettings = toml::from_str(settings).unwrap();
    HttpConfig { head: LONG, stall: LONG, idle: LONG, ..HttpConfig::new(settings).unwrap() }
}

async fn serve(config: HttpConfig) -> Served {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let parts = app.app.clone();
    let serving = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        http::serve(listener, parts, &config, stopped, LONG).await
    });
    Served { app, address, stop: Some(stop), serving }
}

impl Served {
    async fn connect(&self) -> Line {
        Line(TcpStream::connect(self.address).await.unwrap())
    }

    /// One request on a connection of its own.
    async fn ask(&self, request: &str) -> String {
        let mut line = self.connect().await;
        line.say(request).await;
        line.answer().await
    }

    /// Asks the service to stop; answers whether everybody was answered.
    async fn stop(mut self) -> bool {
        self.stop.take().unwrap().send(()).unwrap();
        timeout(SOON, self.serving).await.expect("it stops soon").unwrap()
    }
}

/// A connection, with a client that says what it likes.
struct Line(TcpStream);

impl Line {
    async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// One answer with a body of a known length: head and body.
    async fn answer(&mut self) -> String {
        let mut heard = Vec::new();
        loop {
            if let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&heard[..end]).to_ascii_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                if heard.len() >= end + 4 + length.unwrap_or(0) {
                    return String::from_utf8_lossy(&heard).into_owned();
                }
            }
            let read = timeout(SOON, self.0.read_buf(&mut heard)).await.expect("an answer comes").unwrap();
            assert!(read > 0, "it broke off: {}", String::from_utf8_lossy(&heard));
        }
    }

    /// Whether the service ends it without a word.
    async fn is_ended(&mut self) -> bool {
        let mut heard = [0; 64];
        // An end is an end, whether or not what was sent had been read.
        timeout(SOON, self.0.read(&mut heard)).await.expect("it ends").unwrap_or(0) == 0
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer}"))
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    head.lines()
        .find_map(|line| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)))
        .map(|(_, v)| v)
}
