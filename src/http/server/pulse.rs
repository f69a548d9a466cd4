//! [`Pulse`]: what a connection is doing, and until when it may go on without a byte. Limits are by progress: a file may take
//! minutes as long as it comes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::config::HttpConfig;

/// How long a body that does not go on may keep a service from stopping.
const WHEN_STOPPING: Duration = Duration::from_secs(1);

/// How long a connection may stand still, by what it is doing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) head: Duration,
    pub(super) stall: Duration,
    pub(super) idle: Duration,
}

impl Patience {
    pub(super) fn of(config: &HttpConfig) -> Self {
        Patience { head: config.head, stall: config.stall, idle: config.idle }
    }
}

/// One connection, as it stands.
#[derive(Debug)]
pub(in crate::http) struct Pulse {
    state: Mutex<State>,
    /// Told when another one needs the place.
    pub(super) goes: Notify,
}

#[derive(Debug)]
struct State {
    doing: Doing,
    /// The last byte, either way.
    moved: Instant,
    /// Since when bytes wait for the other end to take them.
    stuck: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Waits for a request.
    Nothing,
    /// Reads the head of one, since then.
    Head(Instant),
    /// Answers it.
    Answering,
    /// Waits for more of its body.
    Body,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Pulse { state: Mutex::new(State::new(Instant::now())), goes: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes came.
    pub(super) fn came(&self) {
        self.state().came(Instant::now());
    }

    /// Bytes went.
    pub(super) fn went(&self) {
        let mut state = self.state();
        (state.moved, state.stuck) = (Instant::now(), None);
    }

    /// Bytes could not go.
    pub(super) fn stuck(&self) {
        self.state().stuck.get_or_insert_with(Instant::now);
    }

    /// A request is there.
    pub(super) fn begin(&self) {
        self.state().doing = Doing::Answering;
    }

    /// Whether it waits for more of its body.
    pub(super) fn body(&self, waits: bool) {
        self.state().doing = if waits { Doing::Body } else { Doing::Answering };
    }

    /// The answer is over.
    pub(super) fn end(&self) {
        let mut state = self.state();
        (state.doing, state.moved) = (Doing::Nothing, Instant::now());
    }

    /// The last byte, either way.
    pub(in crate::http) fn moved(&self) -> Instant {
        self.state().moved
    }

    /// Until when it may go on as it is; `None` while it is our turn.
    pub(super) fn until(&self, patience: Patience, stopping: bool) -> Option<Instant> {
        self.state().until(patience, stopping)
    }

    /// Since when it waits for its other end; `None` while it is our turn.
    pub(super) fn waits_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.doing != Doing::Answering || state.stuck.is_some()).then_some(state.moved)
    }
}

impl State {
    fn new(now: Instant) -> Self {
        State { doing: Doing::Nothing, moved: now, stuck: None }
    }

    fn came(&mut self, now: Instant) {
        self.moved = now;
        if self.doing == Doing::Nothing {
            self.doing = Doing::Head(now);
        }
    }

    fn until(&self, patience: Patience, stopping: bool) -> Option<Instant> {
        let stuck = self.stuck.map(|since| since + patience.stall);
        let idle = match self.doing {
            // The end of an answer may still be on its way.
            Doing::Nothing | Doing::Head(_) if stopping && self.stuck.is_none() => Some(self.moved),
            Doing::Nothing => Some(self.moved + patience.idle),
            Doing::Head(since) => Some(since + patience.head),
            Doing::Body if stopping => Some(self.moved + WHEN_STOPPING),
            // Told to the handler, who can answer: see `Paced`.
            Doing::Body | Doing::Answering => None,
        };
        [stuck, idle].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { head: Duration::from_secs(10), stall: Duration::from_secs(30), idle: Duration::from_secs(75) };

    #[test]
    fn each_wait_has_its_own_end() {
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let left = |state: &State| state.until(PATIENCE, false).map(|until| (until - begun).as_secs());
        let mut state = State::new(begun);
        assert_eq!(left(&state), Some(75), "for a request");
        state.came(at(5));
        assert_eq!(left(&state), Some(15), "for the rest of its head");
        state.came(at(10));
        assert_eq!(left(&state), Some(15), "a head is not read byte by byte for ever");
        for doing in [Doing::Answering, Doing::Body] {
            state.doing = doing;
            assert_eq!(left(&state), None, "{doing:?}");
        }
        state.stuck = Some(at(20));
        assert_eq!(left(&state), Some(50), "for the answer to be taken");
    }

    #[test]
    fn whoever_sends_nothing_does_not_keep_a_service_from_stopping() {
        let now = Instant::now();
        let mut state = State::new(now);
        assert_eq!(state.until(PATIENCE, true), Some(now));
        state.came(now);
        assert_eq!(state.until(PATIENCE, true), Some(now), "half a head is no request");
        state.stuck = Some(now);
        assert_eq!(state.until(PATIENCE, true), Some(now + PATIENCE.head), "an answer is sent to its end");
        state.stuck = None;
        state.doing = Doing::Answering;
        assert_eq!(state.until(PATIENCE, true), None);
        state.doing = Doing::Body;
        assert_eq!(state.until(PATIENCE, true), Some(now + WHEN_STOPPING));
    }
}
