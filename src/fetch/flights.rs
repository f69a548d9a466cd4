//! What is under way: whoever asks for the same meanwhile waits for the same answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::{FetchError, Fetched};

/// What became of a request.
pub(super) type Outcome = Result<Fetched, FetchError>;

type Flying = BoxFuture<'static, Outcome>;
type UnderWay = Mutex<HashMap<String, WeakShared<Flying>>>;

/// Requests under way, by name. They go on as long as anybody waits for them.
#[derive(Default)]
pub(super) struct Flights(Arc<UnderWay>);

impl Flights {
    /// The one under way by this name, or else `new`.
    pub(super) fn join(&self, name: &str, new: impl Future<Output = Outcome> + Send + 'static) -> Shared<Flying> {
        let mut under_way = self.0.lock().expect("no panic while flights are counted");
        if let Some(flight) = under_way.get(name).and_then(WeakShared::upgrade) {
            return flight;
        }
        let landing = Landing { flights: self.0.clone(), name: name.to_owned() };
        let flight = async move {
            let outcome = new.await;
            drop(landing);
            outcome
        };
        let flight = flight.boxed().shared();
        under_way.extend(flight.downgrade().map(|weak| (name.to_owned(), weak)));
        flight
    }
}

/// Ends a flight, also one that nobody waits for any more.
struct Landing {
    flights: Arc<UnderWay>,
    name: String,
}

impl Drop for Landing {
    fn drop(&mut self) {
        if let Ok(mut under_way) = self.flights.lock() {
            under_way.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_is_forgotten_when_it_lands_or_nobody_waits() {
        let flights = Flights::default();
        let under_way = || flights.0.lock().unwrap().len();
        let failed = || Err(FetchError::Unreachable { host: "badges.example".to_owned() });

        let first = flights.join("a", async move { failed() });
        let second = flights.join("a", async { unreachable!("joined the first") });
        let other = flights.join("b", std::future::pending());
        assert_eq!(under_way(), 2);
        assert_eq!((first.now_or_never(), second.now_or_never()), (Some(failed()), Some(failed())));
        assert_eq!(under_way(), 1);
        assert_eq!(other.now_or_never(), None);
        assert_eq!(under_way(), 0);
    }
}
