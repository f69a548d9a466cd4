//! The store as it was at one position, while writing goes on: what is overwritten ahead of the copy is kept aside.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::{EngineError, Key, KeyRange, MAX_PAGE_BYTES, Position, Source, Versioned};
use super::disk::Disk;
use super::plan::Plan;

/// So much may be kept aside before the export is given up.
const MAX_KEPT_BYTES: usize = 256 << 20;

/// The exports on their way. Each goes at its own pace: one that stands still keeps nobody waiting.
#[derive(Default)]
pub(super) struct Exports(Mutex<Open>);

#[derive(Default)]
struct Open {
    /// Of the export that was entered last.
    number: u64,
    /// `None`: not begun yet.
    snapshots: BTreeMap<u64, Option<Snapshot>>,
}

/// A place among the exports, given back when dropped, however it came to that.
pub(super) struct Entered<'a> {
    exports: &'a Exports,
    pub(super) number: u64,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.exports.open().snapshots.remove(&self.number);
    }
}

/// The store at one position. The committer keeps old documents in it; the copy takes them out.
struct Snapshot {
    position: Position,
    /// Everything up to here has been copied.
    copied: Option<Key>,
    kept: BTreeMap<Key, Versioned>,
    kept_bytes: usize,
    /// More was overwritten than may be kept: nothing is kept any more.
    spoilt: bool,
}

/// The export cannot go on.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("the store broke down during the export")]
    BrokenDown,
    #[error("too much was overwritten during the export")]
    Overwritten,
}

impl Snapshot {
    fn new(position: Position) -> Self {
        Snapshot { position, copied: None, kept: BTreeMap::new(), kept_bytes: 0, spoilt: false }
    }

    /// Whether the copy will need the document under this key as it is now.
    fn wants(&self, key: &Key) -> bool {
        !self.spoilt && self.copied.as_ref().is_none_or(|copied| key > copied) && !self.kept.contains_key(key)
    }

    fn keep(&mut self, key: &Key, value: Versioned) {
        if value.version.0 > self.position.0 {
            return;
        }
        self.kept_bytes += value.doc.len() + key.as_bytes().len();
        self.kept.insert(key.clone(), value);
        if self.kept_bytes > MAX_KEPT_BYTES {
            self.spoilt = true;
            self.kept.clear();
        }
    }

    fn take_until(&mut self, last: &Key) -> BTreeMap<Key, Versioned> {
        let later = self.kept.split_off(&Key::from_stored(successor(last)));
        let taken = std::mem::replace(&mut self.kept, later);
        self.kept_bytes -= taken.iter().map(|(key, value)| key.as_bytes().len() + value.doc.len()).sum::<usize>();
        taken
    }

    fn page(&mut self, disk: &Disk) -> Result<Option<BTreeMap<Key, Versioned>>, EngineError> {
        let all = KeyRange::all();
        let from = self.copied.as_ref().map_or(all.from().to_vec(), successor);
        if from.as_slice() >= all.to() {
            return Ok(None);
        }
        let (mut rows, mut bytes) = (BTreeMap::new(), 0);
        let mut copied = Key::from_stored(all.to().to_vec());
        for row in disk.rows(&from, all.to()) {
            let (key, value) = row?;
            bytes += key.as_bytes().len() + value.doc.len();
            let full = bytes >= MAX_PAGE_BYTES;
            if full {
                copied = key.clone();
            }
            if value.version.0 <= self.position.0 {
                rows.insert(key, value);
            }
            if full {
                break;
            }
        }
        rows.extend(self.take_until(&copied));
        self.copied = Some(copied);
        Ok(Some(rows))
    }
}

impl Exports {
    /// A place for an export that is about to begin.
    pub(super) fn enter(&self) -> Entered<'_> {
        let mut open = self.open();
        open.number += 1;
        let number = open.number;
        open.snapshots.insert(number, None);
        Entered { exports: self, number }
    }

    /// Begins an export at a durable position, if somebody still wants it.
    pub(super) fn begin(&self, number: u64, position: Position) {
        if let Some(entered) = self.open().snapshots.get_mut(&number) {
            *entered = Some(Snapshot::new(position));
        }
    }

    /// Breaks off what was begun: the store broke down.
    pub(super) fn break_off(&self) {
        self.open().snapshots.values_mut().for_each(|snapshot| *snapshot = None);
    }

    /// Keeps aside what the plan is about to overwrite and a copy has not reached; called before it is applied, while no
    /// reader is in.
    pub(super) fn keep(&self, disk: &Disk, plan: &Plan) -> Result<(), Source> {
        let mut open = self.open();
        for snapshot in open.snapshots.values_mut().flatten() {
            for key in plan.writes.keys() {
                if !snapshot.wants(key) {
                    continue;
                }
                match disk.get(key) {
                    Ok(Some(value)) => snapshot.keep(key, value),
                    Err(EngineError::Unavailable(source)) => return Err(source),
                    // The copy will miss an unreadable document that is now overwritten: it was in no state to be copied.
                    Ok(None) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// The next documents in order of their keys; `None` at the end. Called while the committer is kept out.
    pub(super) fn page(&self, number: u64, disk: &Disk) -> Result<Option<BTreeMap<Key, Versioned>>, EngineError> {
        let mut open = self.open();
        let snapshot = open.snapshots.get_mut(&number).and_then(Option::as_mut);
        let snapshot = snapshot.ok_or_else(|| EngineError::unavailable(Lost::BrokenDown))?;
        if snapshot.spoilt {
            return Err(EngineError::unavailable(Lost::Overwritten));
        }
        snapshot.page(disk)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of the first key after this one.
fn successor(key: &Key) -> Vec<u8> {
    [key.as_bytes(), &[0]].concat()
}
