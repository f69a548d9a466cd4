//! Futures that nobody polls any more, with whatever they had in their hands.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// A future that was polled so often and then stands still.
pub(crate) enum Parked<F: Future> {
    Ended,
    Standing { _future: Pin<Box<F>> },
}

impl<F: Future> Parked<F> {
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self, Parked::Ended)
    }
}

/// Polls a future until it has waited so often, and then no more.
pub(crate) async fn park<F: Future>(future: F, waits: usize) -> Parked<F> {
    let (mut future, mut left) = (Box::pin(future), waits);
    let ended = poll_fn(|context| match (future.as_mut().poll(context), left) {
        (Poll::Ready(_), _) => Poll::Ready(true),
        (Poll::Pending, 0) => Poll::Ready(false),
        (Poll::Pending, _) => {
            left -= 1;
            Poll::Pending
        }
    });
    if ended.await { Parked::Ended } else { Parked::Standing { _future: future } }
}
