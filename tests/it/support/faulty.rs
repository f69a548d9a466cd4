//! An engine that breaks down once, at a chosen step: tests try every step in turn until none is left. It can also let
//! others be faster.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use assay::store::engine::{
    Batch, Commit, Engine, EngineError, Feed, Generation, KeyRange, Page, Position, Rows, Sink, Versioned,
};
use async_trait::async_trait;

/// Fails at one step and at no other, unless told so. Reading is one step; a commit is two: before it happens, and after.
///
/// ```ignore
/// for step in 0.. {
///     let engine = Arc::new(FaultyEngine::new(Arc::new(MemoryEngine::new()), step));
///     // … run the use case, repeat it as a caller would, check that nothing is half done …
///     if !engine.has_failed() { break; }
/// }
/// ```
pub(crate) struct FaultyEngine {
    inner: Arc<dyn Engine>,
    fails_at: AtomicUsize,
    recovers_at: AtomicUsize,
    steps: AtomicUsize,
    outrun: AtomicUsize,
    tells_generation: AtomicBool,
    takes_turns: AtomicBool,
    hangs: AtomicBool,
    full: AtomicBool,
}

impl FaultyEngine {
    /// Counts steps from 0.
    pub(crate) fn new(inner: Arc<dyn Engine>, fails_at: usize) -> Self {
        let recovers_at = AtomicUsize::new(fails_at.saturating_add(1));
        let (fails_at, steps, outrun) = (AtomicUsize::new(fails_at), AtomicUsize::new(0), AtomicUsize::new(0));
        let (tells_generation, takes_turns, hangs, full) = Default::default();
        FaultyEngine { inner, fails_at, recovers_at, steps, outrun, tells_generation, takes_turns, hangs, full }
    }

    /// Works until [`FaultyEngine::fail_at`] says otherwise.
    pub(crate) fn sound(inner: Arc<dyn Engine>) -> Self {
        FaultyEngine::new(inner, usize::MAX)
    }

    /// Counts steps from 0 again, from now on.
    pub(crate) fn fail_at(&self, step: usize) {
        self.fail_within(step, step.saturating_add(1));
    }

    /// The same, but it fails at every step from the first up to but without the last.
    pub(crate) fn fail_within(&self, first: usize, last: usize) {
        self.fails_at.store(first, Ordering::SeqCst);
        self.recovers_at.store(last, Ordering::SeqCst);
        self.steps.store(0, Ordering::SeqCst);
    }

    /// So many commits from now on come too late: what they rest on was changed by others.
    pub(crate) fn outrun(&self, commits: usize) {
        self.outrun.store(commits, Ordering::SeqCst);
    }

    /// Public answers may be kept from now on, so that they make no step. Before, each is made anew.
    pub(crate) fn tell_generation(&self) {
        self.tells_generation.store(true, Ordering::SeqCst);
    }

    /// From now on everybody else gets a turn before each step, so that what is asked at once is done at once.
    pub(crate) fn take_turns(&self) {
        self.takes_turns.store(true, Ordering::SeqCst);
    }

    async fn turn(&self) {
        if self.takes_turns.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    }

    /// From now on it answers no read, or does again.
    pub(crate) fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::SeqCst);
    }

    /// From now on its disk is full, or not any more.
    pub(crate) fn fill(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    /// How many were made.
    pub(crate) fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    /// Whether the step was reached.
    pub(crate) fn has_failed(&self) -> bool {
        self.steps.load(Ordering::SeqCst) > self.fails_at.load(Ordering::SeqCst)
    }

    fn step(&self) -> Result<(), Injected> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        let failing = self.fails_at.load(Ordering::SeqCst)..self.recovers_at.load(Ordering::SeqCst);
        if failing.contains(&step) { Err(Injected) } else { Ok(()) }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a fault was injected")]
struct Injected;

#[async_trait]
impl Engine for FaultyEngine {
    async fn get(&self, keys: &[assay::store::Key]) -> Result<Vec<Option<Versioned>>, EngineError> {
        self.turn().await;
        self.step().map_err(EngineError::unavailable)?;
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.inner.get(keys).await
    }

    async fn scan(&self, range: &KeyRange, page: Page) -> Result<Rows, EngineError> {
        self.turn().await;
        self.step().map_err(EngineError::unavailable)?;
        self.inner.scan(range, page).await
    }

    async fn commit(&self, batch: Batch) -> Result<Commit, EngineError> {
        self.turn().await;
        self.step().map_err(EngineError::unavailable)?;
        if self.full.load(Ordering::SeqCst) {
            return Err(EngineError::Full);
        }
        if self.outrun.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Ok(Commit::Conflict(Vec::new()));
        }
        let answer = self.inner.commit(batch).await;
        self.step().map_err(|fault| EngineError::Unknown(Arc::new(fault)))?;
        answer
    }

    fn generation(&self) -> Option<Generation> {
        self.inner.generation().filter(|_| self.tells_generation.load(Ordering::SeqCst))
    }

    async fn feed(&self, after: Position, limit: usize, wait: Duration) -> Result<Feed, EngineError> {
        self.step().map_err(EngineError::unavailable)?;
        self.inner.feed(after, limit, wait).await
    }

    async fn is_full(&self) -> bool {
        self.full.load(Ordering::SeqCst)
    }

    async fn export(&self, sink: &mut (dyn Sink + Send)) -> Result<Position, EngineError> {
        self.step().map_err(EngineError::unavailable)?;
        self.inner.export(sink).await
    }
}
