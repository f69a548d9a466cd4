//! The files of the store: sled, and a second handle that makes what sled wrote survive a power cut.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sled::IVec;

use super::super::{EngineError, Key, Position, Source, Version, Versioned};
use super::SledOptions;
use super::files::{self, Damaged};
use super::plan::Plan;

/// Holds the position of the last commit; no key begins with a zero byte.
const LAST: &[u8] = b"\0last";
/// sled never syncs the files it makes for values beyond a segment; no batch comes near this.
pub(super) const SEGMENT_BYTES: usize = 8 << 20;
/// sled's own threads may hold its file a little longer than the one who closed it.
const STRAGGLERS: Duration = Duration::from_secs(2);

/// sled, while it is open. There is one of these for a directory and no clone of the handle leaves it.
pub(super) struct Disk {
    db: sled::Db,
    file: File,
}

impl Disk {
    /// Opens or makes the files; what they hold is durable afterwards, and this was the last commit.
    pub(super) fn open(path: &Path, options: &SledOptions) -> Result<(Self, Position), Source> {
        files::prepare(path)?;
        let opened = guarded(|| {
            let db = open_sled(path, options)?;
            let file = File::options().write(true).open(path.join("db")).map_err(source)?;
            // Also the names of the files, and what a crash left in the system's cache.
            file.sync_all().map_err(source)?;
            files::sync(path).map_err(source)?;
            let last = match db.get(LAST).map_err(source)? {
                Some(stored) => decode(&Key::from_stored(LAST), &stored).map_err(|e| Arc::new(e) as Source)?.version,
                None => Version::ABSENT,
            };
            Ok((Disk { db, file }, Position(last.0)))
        });
        opened.map_err(|error| unopened(path, error))
    }

    /// Forgets what the system believes to have written, so that the next opening reads what the disk really holds: after
    /// a failed sync its cache may hold pages that never arrived.
    pub(super) fn distrust_cache(path: &Path) {
        #[cfg(target_os = "linux")]
        if let Ok(file) = File::open(path.join("db")) {
            // Only advice; without it the next opening reads from the cache.
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
    }

    /// Closes the files; sled writes a little more.
    pub(super) fn close(self) -> Result<(), Source> {
        guarded(|| {
            drop(self);
            Ok(())
        })
    }

    pub(super) fn get(&self, key: &Key) -> Result<Option<Versioned>, EngineError> {
        self.stored(key)?.map(|stored| decode(key, &stored)).transpose()
    }

    /// Which commit wrote the document, without the document.
    pub(super) fn version(&self, key: &Key) -> Result<Version, EngineError> {
        self.stored(key)?.map_or(Ok(Version::ABSENT), |stored| Ok(split(key, &stored)?.0))
    }

    fn stored(&self, key: &Key) -> Result<Option<IVec>, EngineError> {
        unharmed(key, || self.db.get(key.as_bytes()))
    }

    /// The rows from `from` up to but without `to`.
    pub(super) fn rows(
        &self,
        from: &[u8],
        to: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Key, Versioned), EngineError>> + use<> {
        Range { rows: self.db.range(from..to), place: Key::from_stored(from.to_vec()), over: false }
    }

    /// Writes the group as one; not durable before [`Disk::sync`].
    pub(super) fn apply(&self, plan: &Plan) -> Result<(), Source> {
        let mut batch = sled::Batch::default();
        for (key, write) in &plan.writes {
            match write {
                Some(value) => batch.insert(key.as_bytes(), encode(value.version, &value.doc)),
                None => batch.remove(key.as_bytes()),
            }
        }
        batch.insert(LAST, encode(Version(plan.last.0), b""));
        self.db.apply_batch(batch).map_err(source)
    }

    /// Makes everything durable that was applied. sled's own flush does not reach through the cache of the disk.
    pub(super) fn sync(&self) -> Result<(), Source> {
        self.db.flush().map_err(source)?;
        self.file.sync_data().map_err(source)
    }
}

/// Rows as sled finds them, up to the first that it cannot read.
struct Range {
    rows: sled::Iter,
    /// What was read last: damage lies behind it.
    place: Key,
    over: bool,
}

impl Range {
    fn row(&mut self, next: impl FnOnce(&mut sled::Iter) -> Option<sled::Result<(IVec, IVec)>>) -> Option<Row> {
        if self.over {
            return None;
        }
        let row = unharmed(&self.place, || next(&mut self.rows).transpose()).transpose()?.and_then(|(key, stored)| {
            self.place = Key::from_stored(Bytes::copy_from_slice(&key));
            Ok((self.place.clone(), decode(&self.place, &stored)?))
        });
        self.over = row.is_err();
        Some(row)
    }
}

type Row = Result<(Key, Versioned), EngineError>;

impl Iterator for Range {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.row(Iterator::next)
    }
}

impl DoubleEndedIterator for Range {
    fn next_back(&mut self) -> Option<Row> {
        self.row(DoubleEndedIterator::next_back)
    }
}

/// What sled reads at a place. At some damage it answers an error, at other it panics: both are about this place alone.
fn unharmed<T>(place: &Key, read: impl FnOnce() -> sled::Result<T>) -> Result<T, EngineError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Err(error @ sled::Error::Corruption { .. })) => Err(EngineError::corrupt(place.clone(), error)),
        Ok(read) => read.map_err(|error| EngineError::Unavailable(source(error))),
        Err(_) => Err(EngineError::corrupt(place.clone(), Panicked)),
    }
}

/// In words, why the files could not be opened.
fn unopened(path: &Path, error: Source) -> Source {
    let space = match error.downcast_ref::<sled::Error>() {
        Some(sled::Error::Io(error)) => files::of_space(path, error),
        _ => error.downcast_ref().and_then(|error| files::of_space(path, error)),
    };
    let damaged = error.is::<Panicked>()
        || error.is::<EngineError>()
        || matches!(error.downcast_ref(), Some(sled::Error::Corruption { .. } | sled::Error::ReportableBug(_)));
    match space {
        Some(space) => Arc::new(space),
        None if damaged => Arc::new(Damaged { path: path.to_owned(), source: error }),
        None => error,
    }
}

/// A panic inside sled is a breakdown like any other.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Source>) -> Result<T, Source> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Arc::new(Panicked)))
}

/// sled gave up in the middle of something.
#[derive(Debug, thiserror::Error)]
#[error("sled panicked")]
struct Panicked;

fn open_sled(path: &Path, options: &SledOptions) -> Result<sled::Db, Source> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(options.cache_bytes)
        .segment_size(SEGMENT_BYTES)
        .flush_every_ms(None);
    let deadline = Instant::now() + STRAGGLERS;
    loop {
        match config.open() {
            Err(sled::Error::Io(e))
                if e.to_string().starts_with("could not acquire lock") && Instant::now() < deadline =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome.map_err(source),
        }
    }
}

fn encode(version: Version, doc: &[u8]) -> IVec {
    [version.0.to_be_bytes().as_slice(), doc].concat().into()
}

fn decode(key: &Key, stored: &[u8]) -> Result<Versioned, EngineError> {
    let (version, doc) = split(key, stored)?;
    Ok(Versioned { version, doc: Bytes::copy_from_slice(doc) })
}

fn split<'a>(key: &Key, stored: &'a [u8]) -> Result<(Version, &'a [u8]), EngineError> {
    let (version, doc) = stored
        .split_first_chunk::<8>()
        .ok_or_else(|| EngineError::corrupt(key.clone(), "shorter than a version number"))?;
    Ok((Version(u64::from_be_bytes(*version)), doc))
}

fn source(error: impl std::error::Error + Send + Sync + 'static) -> Source {
    Arc::new(error)
}
