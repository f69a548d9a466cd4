//! The store as it was at one position, while writing goes on: what is overwritten ahead of the copy is kept aside.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::{EngineError, Key, KeyRange, MAX_PAGE_BYTES, Position, Source, Versioned};
use super::disk::Disk;
use super::plan::Plan;

/// So much may be kept aside before the export is given up.
const MAX_KEPT_BYTES: usize = 256 << 20;

/// An export on its way. The committer keeps old documents in it; the copy takes them out.
pub(super) struct Snapshot {
    position: Position,
    /// Everything up to here has been copied.
    copied: Option<Key>,
    kept: BTreeMap<Key, Versioned>,
    kept_bytes: usize,
}

/// The export cannot go on.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("the store broke down during the export")]
    BrokenDown,
    #[error("too much was overwritten during the export")]
    Overwritten,
}

/// Ends the export when dropped, however it came to that.
pub(super) struct Ended<'a>(pub(super) &'a Mutex<Option<Snapshot>>);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        end(self.0);
    }
}

impl Snapshot {
    pub(super) fn new(position: Position) -> Self {
        Snapshot { position, copied: None, kept: BTreeMap::new(), kept_bytes: 0 }
    }

    fn keep(&mut self, key: &Key, value: Versioned) {
        if value.version.0 <= self.position.0 && !self.kept.contains_key(key) {
            self.kept_bytes += value.doc.len() + key.as_bytes().len();
            self.kept.insert(key.clone(), value);
        }
    }

    fn take_until(&mut self, last: &Key) -> BTreeMap<Key, Versioned> {
        let later = self.kept.split_off(&Key::from_stored(successor(last)));
        let taken = std::mem::replace(&mut self.kept, later);
        self.kept_bytes -= taken.iter().map(|(key, value)| key.as_bytes().len() + value.doc.len()).sum::<usize>();
        taken
    }
}

/// Keeps aside what the plan is about to overwrite and the copy has not reached; called before it is applied, while no
/// reader is in.
pub(super) fn keep(disk: &Disk, snapshot: &Mutex<Option<Snapshot>>, plan: &Plan) -> Result<(), Source> {
    let mut slot = locked(snapshot);
    let Some(snapshot) = slot.as_mut() else { return Ok(()) };
    for key in plan.writes.keys() {
        if snapshot.copied.as_ref().is_some_and(|copied| key <= copied) {
            continue;
        }
        match disk.get(key) {
            Ok(Some(value)) => snapshot.keep(key, value),
            Err(EngineError::Unavailable(source)) => return Err(source),
            // The copy will miss an unreadable document that is now overwritten: it was in no state to be copied.
            Ok(None) | Err(_) => {}
        }
    }
    Ok(())
}

/// The next documents in order of their keys; `None` at the end. Called while the committer is kept out.
pub(super) fn page(
    disk: &Disk,
    snapshot: &Mutex<Option<Snapshot>>,
) -> Result<Option<BTreeMap<Key, Versioned>>, EngineError> {
    let mut slot = locked(snapshot);
    let snapshot = slot.as_mut().ok_or_else(|| EngineError::unavailable(Lost::BrokenDown))?;
    if snapshot.kept_bytes > MAX_KEPT_BYTES {
        return Err(EngineError::unavailable(Lost::Overwritten));
    }
    let all = KeyRange::all();
    let from = snapshot.copied.as_ref().map_or(all.from().to_vec(), successor);
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
        if value.version.0 <= snapshot.position.0 {
            rows.insert(key, value);
        }
        if full {
            break;
        }
    }
    rows.extend(snapshot.take_until(&copied));
    snapshot.copied = Some(copied);
    Ok(Some(rows))
}

/// Ends an export: nobody wants it, or the store broke down.
pub(super) fn end(snapshot: &Mutex<Option<Snapshot>>) {
    *locked(snapshot) = None;
}

/// Begins an export at a durable position.
pub(super) fn begin(snapshot: &Mutex<Option<Snapshot>>, position: Position) {
    *locked(snapshot) = Some(Snapshot::new(position));
}

/// The bytes of the first key after this one.
fn successor(key: &Key) -> Vec<u8> {
    [key.as_bytes(), &[0]].concat()
}

fn locked(snapshot: &Mutex<Option<Snapshot>>) -> MutexGuard<'_, Option<Snapshot>> {
    snapshot.lock().unwrap_or_else(PoisonError::into_inner)
}
