//! `serve`: listens until it is told to stop, then finishes what is under way.

use std::future::pending;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::args::{Place, Serve};
use super::failure::{Exit, say};
use super::open::{self, Opened};
use super::service::Running;
use crate::config::{HttpConfig, Settings};
use crate::service::presence;
use crate::{http, workers};

/// How long clients may take to finish what they have begun when the service is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn run(place: Place, args: Serve) -> anyhow::Result<Exit> {
    log();
    let flags = Settings { base: args.base, bind: args.bind, cache_mb: args.cache_mb, ..Settings::default() };
    let config = open::config(&place, flags)?;
    let mut opened = open::open(&place, &config)?.into_app(config.base()).await?;
    if let Some(vc_api) = config.vc_api {
        let did = opened.switch_on(vc_api).await?;
        say(format!("VC API is on: it signs test credentials for everybody who asks, as {did}"));
    }
    let listener = TcpListener::bind(config.bind).await.with_context(|| format!("cannot listen on {}", config.bind))?;
    say(format!("Assay serves {} on http://{}. Stop with Ctrl-C.", opened.app.urls.base(), listener.local_addr()?));
    until_stopped(opened, listener, &config.http, &config.data).await?;
    Ok(Exit::Done)
}

/// Serves until a signal; `serve.json` stands in `data` meanwhile.
pub(super) async fn until_stopped(
    opened: Opened,
    listener: TcpListener,
    http: &HttpConfig,
    data: &std::path::Path,
) -> anyhow::Result<()> {
    // Before anybody is told the address: who finds it may ask the service to stop at once.
    let stopped = Stopped::listen()?;
    let announced = Announced::write(
        data,
        &Running { address: format!("http://{}", listener.local_addr()?), operator: opened.secret.clone() },
    )?;
    // One process has the store at a time: whoever is said to be there has died.
    presence::alone(&opened.app).await.unwrap_or_else(|error| tracing::warn!(%error, "others are thought to be there"));
    let asked = stopped.asked.clone();
    tokio::select! {
        ended = finishing(opened, listener, http, announced, asked) => ended,
        () = stopped.again() => {
            tracing::warn!("stopped at once: asked a second time");
            Ok(())
        }
    }
}

/// Serves until `asked`, then finishes what is under way. Nothing of it takes longer than [`GRACE`], whatever hangs.
async fn finishing(
    opened: Opened,
    listener: TcpListener,
    http: &HttpConfig,
    announced: Announced,
    mut asked: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let app = &opened.app.clone();
    let mut working = tokio::spawn(workers::run(app.clone(), asked.clone()));
    let stop = async {
        // An error: nobody can ask any more, as when it was asked.
        let _ = asked.wait_for(|asked| *asked).await;
        app.caches.stopping.store(true, Ordering::Relaxed);
    };
    if !http::serve(listener, app.clone(), http, stop, GRACE).await {
        tracing::warn!("stopped with clients in the middle of their requests");
    }
    drop(announced);
    // Each step ends by itself; what was not begun is found again at the next start.
    if timeout(GRACE, &mut working).await.is_err() {
        working.abort();
        tracing::warn!("stopped with a worker in the middle of its work");
    }
    let leave = async {
        presence::leave(app).await.unwrap_or_else(|error| tracing::warn!(%error, "left without a word"));
        opened.close().await
    };
    timeout(GRACE, leave).await.unwrap_or_else(|_| {
        tracing::warn!("stopped with the store in the middle of its work");
        Ok(())
    })
}

/// Whether the service was asked to stop, by Ctrl-C or a polite kill.
struct Stopped {
    /// Once.
    asked: watch::Receiver<bool>,
    again: oneshot::Receiver<()>,
}

impl Stopped {
    /// Listens from now on.
    fn listen() -> std::io::Result<Self> {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let ((once, asked), (twice, again)) = (watch::channel(false), oneshot::channel());
        tokio::spawn(async move {
            let mut signal = async || {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            };
            signal().await;
            let _ = once.send(true);
            signal().await;
            let _ = twice.send(());
        });
        Ok(Stopped { asked, again })
    }

    /// Waits until it was asked a second time.
    async fn again(self) {
        if self.again.await.is_err() {
            pending::<()>().await;
        }
    }
}

/// Removes `serve.json` when the service ends, however it ends.
struct Announced(PathBuf);

impl Announced {
    fn write(data: &std::path::Path, running: &Running) -> anyhow::Result<Self> {
        use std::io::Write as _;
        let path = Running::path(data);
        let draft = path.with_extension("json.new");
        let text = serde_json::to_string_pretty(running)?;
        let write = || -> std::io::Result<()> {
            // A file of an earlier run keeps its mode: begin anew.
            let _ = std::fs::remove_file(&draft);
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Announced(path))
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// One line a request, on stderr; `RUST_LOG` says how much.
fn log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Set already when a test runs several services in one process.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
