//! [`Incoming`]: a body read piece by piece, for as long as pieces keep coming. [`whole`]: one that is needed as a whole.

use std::error::Error;
use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::{Instant, timeout_at};

use super::problem::{Code, Problem};
use crate::service::intake::{Spool, SpoolError};

/// What of an upload is held in memory while it comes; the rest waits on disk.
const IN_MEMORY: usize = 64 << 10;
/// The slowest that a whole body may come, in bytes a second. Whoever drips keeps a place that others need.
const SLOWEST: u64 = 1_024;
/// For its first bytes.
const FIRST: Duration = Duration::from_secs(30);

/// Nothing came of a body for too long: the source of the error that it ends with.
#[derive(Debug, thiserror::Error)]
#[error("nothing came for too long")]
pub(super) struct Stalled;

/// A body on its way in.
pub(super) struct Incoming(BodyDataStream);

impl Incoming {
    pub(super) fn new(body: Body) -> Self {
        Incoming(body.into_data_stream())
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        self.0.next().await.transpose().map_err(broken_off)
    }

    /// The next piece if it is there already.
    pub(super) fn ready(&mut self) -> Option<Result<Option<Bytes>, Problem>> {
        self.0.next().now_or_never().map(|piece| piece.transpose().map_err(broken_off))
    }
}

/// A whole body of at most `limit` bytes; `None` if it has more. While it comes, little of it is in memory.
pub(super) async fn whole(body: Body, limit: usize) -> Result<Option<Bytes>, Problem> {
    whole_within(body, limit, FIRST).await
}

async fn whole_within(body: Body, limit: usize, first: Duration) -> Result<Option<Bytes>, Problem> {
    let (mut incoming, begun) = (Incoming::new(body), Instant::now());
    let (mut held, mut spool, mut came) = (Vec::new(), None::<Spool>, 0usize);
    loop {
        let until = begun + first + Duration::from_secs(came as u64 / SLOWEST);
        let Some(piece) = timeout_at(until, incoming.next()).await.map_err(|_| too_slow())?? else { break };
        came += piece.len();
        if came > limit {
            return Ok(None);
        }
        if came > IN_MEMORY && spool.is_none() {
            spool = Some(Spool::new()?);
        }
        match &mut spool {
            None => held.extend_from_slice(&piece),
            Some(spool) => spool.push(&piece).await?,
        }
    }
    let Some(mut spool) = spool else { return Ok(Some(held.into())) };
    let mut file = spool.read().await?;
    let read = tokio::task::spawn_blocking(move || {
        held.reserve_exact(came - held.len());
        file.read_to_end(&mut held).map(|_| held)
    });
    let held = read.await.map_err(Problem::internal)?.map_err(SpoolError::from)?;
    Ok(Some(held.into()))
}

fn broken_off(error: axum::Error) -> Problem {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if error.is::<Stalled>() {
            return too_slow();
        }
        cause = error.source();
    }
    Problem::new(Code::MalformedRequest, "The body broke off.").because(error)
}

fn too_slow() -> Problem {
    Problem::new(Code::RequestTimeout, "The body did not go on.")
        .hint("Send the rest again; what was recorded is answered as before.")
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn pieces(pieces: Vec<Result<&'static [u8], axum::BoxError>>) -> Body {
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_body_may_go_on_but_not_stand_still() {
        let mut incoming = Incoming::new(pieces(vec![Ok(b"one"), Err(Stalled.into())]));
        assert_eq!(incoming.next().await.unwrap().as_deref(), Some(&b"one"[..]));
        assert_eq!(incoming.next().await.unwrap_err().code(), Code::RequestTimeout);
        let mut broken = Incoming::new(pieces(vec![Err("reset".into())]));
        assert_eq!(broken.next().await.unwrap_err().code(), Code::MalformedRequest);
        let body = Body::from_stream(pieces(vec![Ok(b"one")]).into_data_stream().chain(stream::pending()));
        let mut incoming = Incoming::new(body);
        assert!(incoming.ready().is_some() && incoming.ready().is_none());
    }

    #[tokio::test]
    async fn whoever_drips_is_not_waited_for() {
        let first = Duration::from_millis(5);
        let ends = async |came: &'static [u8]| {
            let body = pieces(vec![Ok(came)]).into_data_stream().chain(stream::pending());
            let ended = whole_within(Body::from_stream(body), 1 << 20, first);
            tokio::time::timeout(Duration::from_millis(500), ended).await
        };
        assert_eq!(ends(b"x").await.unwrap().unwrap_err().code(), Code::RequestTimeout);
        assert!(ends(&[7; 10 << 10]).await.is_err(), "what has come has earned another ten seconds");
    }

    #[tokio::test]
    async fn a_large_body_comes_whole_and_one_that_is_too_large_not_at_all() {
        let body = || pieces(vec![Ok(&[1; 40 << 10]), Ok(&[2; 40 << 10]), Ok(&[3; 40 << 10])]);
        let read = whole(body(), 120 << 10).await.unwrap().unwrap();
        assert_eq!((read.len(), read[0], read[50 << 10], read[119 << 10]), (120 << 10, 1, 2, 3));
        assert!(whole(body(), (120 << 10) - 1).await.unwrap().is_none());
        assert_eq!(whole(Body::empty(), 0).await.unwrap().unwrap(), Bytes::new());
    }
}
