//! [`Incoming`]: a body read piece by piece, for as long as pieces keep coming.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};

use super::problem::{Code, Problem};
use super::router::TIME_LIMIT;

/// A body on its way in.
pub(super) struct Incoming {
    pieces: BodyDataStream,
    limit: Duration,
}

impl Incoming {
    pub(super) fn new(body: Body) -> Self {
        Incoming::within(body, TIME_LIMIT)
    }

    /// With another limit for each piece.
    fn within(body: Body, limit: Duration) -> Self {
        Incoming { pieces: body.into_data_stream(), limit }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if let Ok(piece) = tokio::time::timeout(self.limit, self.pieces.next()).await {
            return piece.transpose().map_err(broken_off);
        }
        let words = format!("Nothing came for {} seconds.", self.limit.as_secs());
        Err(Problem::new(Code::RequestTimeout, words)
            .hint("Send the rest again; what was recorded is answered as before."))
    }

    /// The next piece if it is there already.
    pub(super) fn ready(&mut self) -> Option<Result<Option<Bytes>, Problem>> {
        self.pieces.next().now_or_never().map(|piece| piece.transpose().map_err(broken_off))
    }
}

fn broken_off(error: axum::Error) -> Problem {
    Problem::new(Code::MalformedRequest, "The body broke off.").because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_may_go_on_but_not_stand_still() {
        let piece = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"one"))]);
        let body = Body::from_stream(piece.chain(futures_util::stream::pending()));
        let mut incoming = Incoming::within(body, Duration::from_millis(5));
        assert_eq!(incoming.next().await.unwrap().as_deref(), Some(&b"one"[..]));
        assert!(incoming.ready().is_none());
        let problem = incoming.next().await.unwrap_err();
        assert_eq!(problem.code(), Code::RequestTimeout);
    }
}
