//! [`Incoming`]: a body read piece by piece, for as long as pieces keep coming.

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};

use super::problem::{Code, Problem};
use super::router::TIME_LIMIT;

/// A body on its way in.
pub(super) struct Incoming(BodyDataStream);

impl Incoming {
    pub(super) fn new(body: Body) -> Self {
        Incoming(body.into_data_stream())
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if let Ok(piece) = tokio::time::timeout(TIME_LIMIT, self.0.next()).await {
            return piece.transpose().map_err(broken_off);
        }
        let words = format!("Nothing came for {} seconds.", TIME_LIMIT.as_secs());
        Err(Problem::new(Code::RequestTimeout, words)
            .hint("Send the rest again; what was recorded is answered as before."))
    }

    /// The next piece if it is there already.
    pub(super) fn ready(&mut self) -> Option<Result<Option<Bytes>, Problem>> {
        self.0.next().now_or_never().map(|piece| piece.transpose().map_err(broken_off))
    }
}

fn broken_off(error: axum::Error) -> Problem {
    Problem::new(Code::MalformedRequest, "The body broke off.").because(error)
}
