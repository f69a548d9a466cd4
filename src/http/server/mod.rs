//! The server: takes connections, and lets none of them take more than its share.
//!
//! A connection has so long for the head of a request, for a body that does not go on, for an answer that is not taken, and
//! for the next request; there are so many, and the idle longest goes first when another comes.

mod connections;
mod pulse;
mod stream;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tower::ServiceExt as _;

use self::connections::{Connections, Place};
use self::pulse::Patience;
pub(super) use self::pulse::Pulse;
use self::stream::{Ending, Paced, Watched};
use super::client::{Peer, Reception, receive};
use super::problem::{Code, Problem};
use super::router::router;
use crate::app::App;
use crate::config::HttpConfig;

/// The largest head of a request, and what is read of a body at a time.
const BUFFER: usize = 32 << 10;
/// How long to wait when no connection can be taken: descriptors have run out.
const BREATH: Duration = Duration::from_millis(50);

/// What all connections share.
struct Shared {
    router: Router,
    patience: Patience,
    stopping: watch::Receiver<bool>,
}

/// Serves until `stop`, then lets what has been asked be answered for `grace`; answers whether all of it was.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    config: &HttpConfig,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> bool {
    let reception = Arc::new(Reception::new(config));
    let router =
        router(app).layer(middleware::from_fn(one_host)).layer(middleware::from_fn_with_state(reception, receive));
    let (stops, stopping) = watch::channel(false);
    let shared = Arc::new(Shared { router, patience: Patience::of(config), stopping });
    let connections = Arc::new(Connections::new(config.connections));
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let (socket, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        while tasks.try_join_next().is_some() {}
        // Nobody can be asked to go: the newcomer does.
        let Some(place) = connections.enter() else { continue };
        tasks.spawn(attend(socket, peer, place, shared.clone()));
    }
    drop(listener);
    // Nobody there to be told: then all have ended.
    let _ = stops.send(true);
    let ended = timeout(grace, async { while tasks.join_next().await.is_some() {} }).await;
    tasks.shutdown().await;
    ended.is_ok()
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Of one connection only, which is gone already.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
                ) => {}
            Err(error) => {
                tracing::warn!(error = %error, "no connection can be taken");
                sleep(BREATH).await;
            }
        }
    }
}

/// One connection, from its first byte to its last.
async fn attend(socket: TcpStream, peer: SocketAddr, place: Place, shared: Arc<Shared>) {
    // Answers are written in one piece; without this the last one would wait for an acknowledgement.
    let _ = socket.set_nodelay(true);
    let (pulse, patience, mut stopping) = (place.pulse.clone(), shared.patience, shared.stopping.clone());
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let (pulse, router) = (pulse.clone(), shared.router.clone());
        pulse.begin();
        let mut request = request.map(|body| Body::new(Paced::new(body, pulse.clone(), patience.stall)));
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(pulse.clone());
        async move {
            let Ok(answer) = router.oneshot(request).await;
            Ok::<_, Infallible>(answer.map(|body| Ending { body, pulse }))
        }
    });
    let io = TokioIo::new(Watched { socket, pulse: place.pulse.clone() });
    let connection = http1::Builder::new().header_read_timeout(None).max_buf_size(BUFFER).serve_connection(io, service);
    let mut connection = pin!(connection);
    let mut wait = pin!(sleep_until(Instant::now()));
    loop {
        let is_stopping = *stopping.borrow();
        // Looked at whenever the connection moves: it is the same task.
        let over = std::future::poll_fn(|cx| {
            let Some(until) = place.pulse.until(patience, is_stopping) else { return Poll::Pending };
            if wait.deadline() != until {
                wait.as_mut().reset(until);
            }
            wait.as_mut().poll(cx)
        });
        tokio::select! {
            biased;
            // What goes wrong on the way is the other end's affair: it has gone, or does not speak HTTP.
            _ = connection.as_mut() => return,
            () = over => return,
            () = place.pulse.goes.notified() => return,
            changed = stopping.changed() => {
                if changed.is_ok() {
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Middleware: a request is for one host (RFC 9112 §3.2); two, or none, are how requests are smuggled past a proxy.
async fn one_host(request: Request, next: Next) -> Response {
    match fault_of_host(request.version(), request.headers()) {
        None => next.run(request).await,
        Some(words) => Problem::new(Code::MalformedRequest, words).into_response(),
    }
}

fn fault_of_host(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let Some(host) = hosts.next() else {
        return (version >= Version::HTTP_11).then_some("There is no Host in the request.");
    };
    let is_sound = host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(|it| !it.as_str().contains('@'));
    match (hosts.next(), is_sound) {
        (Some(_), _) => Some("There is more than one Host in the request."),
        (None, false) => Some("The Host of the request is none."),
        (None, true) => None,
    }
}
