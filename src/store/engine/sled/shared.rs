//! What readers and the committer share: the disk behind a gate, and how far it is durable.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

use tokio::sync::watch;

use super::super::{EngineError, Key, Position, Source, Versioned};
use super::disk::Disk;
use super::export::Exports;

/// What readers and the committer share.
pub(super) struct Shared {
    /// No lock that futures queue for: one that is given its turn and is not polled would keep everybody out for good.
    gate: RwLock<Gate>,
    pub(super) mark: watch::Sender<Mark>,
    pub(super) exports: Exports,
}

/// Held for reading by whoever reads, so that what they see is one snapshot; for writing only while a group is applied
/// or the disk comes and goes. Whoever lets go of it keeps nothing of the disk.
pub(super) struct Gate {
    /// Or why there is none.
    pub(super) disk: Result<Disk, Source>,
    /// The last commit that a reader may see; it may not be durable yet.
    pub(super) applied: Position,
    /// What the last group removed: to see that these are absent is to see its commits.
    pub(super) removed: HashSet<Key>,
}

/// How far the store is durable, and which life of it: it dies when sled breaks down and lives again when re-opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) durable: Position,
    /// Changes with every breakdown and every return; see [`is_open`].
    pub(super) life: u64,
}

/// Lives alternate: open, broken down, open again.
pub(super) fn is_open(life: u64) -> bool {
    life.is_multiple_of(2)
}

/// What a reader finds, and the newest commit that it has seen traces of.
pub(super) type Read<T> = Result<(T, Position), EngineError>;

/// What a reader saw, or met instead, and in which life.
pub(super) struct Seen<T> {
    pub(super) what: Read<T>,
    pub(super) life: u64,
}

impl Shared {
    pub(super) fn new(disk: Disk, durable: Position) -> Self {
        Shared {
            gate: RwLock::new(Gate { disk: Ok(disk), applied: durable, removed: HashSet::new() }),
            mark: watch::Sender::new(Mark { durable, life: 0 }),
            exports: Exports::default(),
        }
    }

    /// For the moment of a read. Whoever has it cannot await.
    pub(super) fn reading(&self) -> RwLockReadGuard<'_, Gate> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// While a group is applied, or the disk comes or goes.
    pub(super) fn writing(&self) -> RwLockWriteGuard<'_, Gate> {
        self.gate.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a read sees. Waits for who writes.
    pub(super) fn seen<T>(&self, read: impl FnOnce(&Disk, &Gate, Position) -> Read<T>) -> Seen<T> {
        self.seen_through(&self.reading(), read)
    }

    /// The same without waiting: `None` while somebody writes.
    pub(super) fn seen_at_once<T>(&self, read: impl FnOnce(&Disk, &Gate, Position) -> Read<T>) -> Option<Seen<T>> {
        match self.gate.try_read() {
            Ok(gate) => Some(self.seen_through(&gate, read)),
            Err(TryLockError::Poisoned(gate)) => Some(self.seen_through(&gate.into_inner(), read)),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn seen_through<T>(&self, gate: &Gate, read: impl FnOnce(&Disk, &Gate, Position) -> Read<T>) -> Seen<T> {
        let Mark { durable, life } = *self.mark.borrow();
        let what = match &gate.disk {
            Ok(disk) => read(disk, gate, durable),
            Err(source) => Err(EngineError::Unavailable(Arc::clone(source))),
        };
        Seen { what, life }
    }

    /// Waits until `newest` is durable; false if the store broke down before.
    pub(super) async fn is_durable(&self, newest: Position, life: u64) -> bool {
        let mut mark = self.mark.subscribe();
        let settled = mark.wait_for(|mark| mark.life != life || mark.durable >= newest).await;
        settled.is_ok_and(|mark| mark.life == life)
    }
}

impl Gate {
    /// The newest commit that a reader has seen traces of, in documents or in what is absent.
    pub(super) fn newest_seen<'a>(
        &self,
        found: impl Iterator<Item = &'a Versioned>,
        looked_at: impl Fn(&Key) -> bool,
    ) -> Position {
        if self.removed.iter().any(looked_at) {
            return self.applied;
        }
        found.map(|value| Position(value.version.0)).max().unwrap_or_default()
    }
}
