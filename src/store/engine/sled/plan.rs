//! A group of batches, checked against the store and against the batches before them in the group.

use std::collections::HashMap;

use super::super::{Batch, Commit, EngineError, Key, Position, Source, Version, Versioned};
use super::disk::Disk;

/// What a group would write, and what its batches are answered once that is durable.
pub(super) struct Plan {
    /// The last write of each key; `None` removes it.
    pub(super) writes: HashMap<Key, Option<Versioned>>,
    /// In the order of the batches.
    pub(super) answers: Vec<Result<Commit, EngineError>>,
    /// The position of the last commit of the group.
    pub(super) last: Position,
}

impl Plan {
    /// Fails only if the disk does.
    pub(super) fn new(disk: &Disk, last: Position, batches: Vec<Batch>) -> Result<Self, Source> {
        let mut plan = Plan { writes: HashMap::new(), answers: Vec::with_capacity(batches.len()), last };
        for batch in batches {
            let answer = match plan.conflicts(disk, &batch) {
                Ok(conflicts) if conflicts.is_empty() => Ok(Commit::Done(plan.add(batch))),
                Ok(conflicts) => Ok(Commit::Conflict(conflicts)),
                Err(EngineError::Unavailable(source)) => return Err(source),
                Err(error) => Err(error),
            };
            plan.answers.push(answer);
        }
        Ok(plan)
    }

    fn conflicts(&self, disk: &Disk, batch: &Batch) -> Result<Vec<Key>, EngineError> {
        let mut conflicts = Vec::new();
        for (key, expected) in &batch.expect {
            let version = match self.writes.get(key) {
                Some(written) => written.as_ref().map_or(Version::ABSENT, |value| value.version),
                None => disk.version(key)?,
            };
            if version != *expected {
                conflicts.push(key.clone());
            }
        }
        // sled breaks down when it is to write where it cannot read: found out before, that strikes this batch alone.
        for key in batch.put.iter().map(|(key, _)| key).chain(&batch.delete) {
            if !self.writes.contains_key(key) {
                disk.version(key)?;
            }
        }
        Ok(conflicts)
    }

    fn add(&mut self, batch: Batch) -> Position {
        let position = Position(self.last.0 + 1);
        let version = Version(position.0);
        self.last = position;
        self.writes.extend(batch.delete.into_iter().map(|key| (key, None)));
        self.writes.extend(batch.put.into_iter().map(|(key, doc)| (key, Some(Versioned { version, doc }))));
        let entries = batch.append.into_iter().enumerate();
        self.writes.extend(entries.map(|(n, doc)| (Key::feed_entry(position, n), Some(Versioned { version, doc }))));
        position
    }
}
