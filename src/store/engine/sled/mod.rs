//! The default engine: sled behind one committer thread, durable when it answers, and back by itself after a breakdown.

mod committer;
mod disk;
mod export;
mod files;
mod plan;
mod shared;
mod space;

use std::fmt;
use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use self::committer::{Command, Files, Job};
use self::disk::Disk;
pub use self::files::{Damaged, NoSpace};
use self::shared::{Gate, Mark, Read, Seen, Shared, is_open};
use self::space::Space;
use super::{
    Batch, Commit, Direction, Engine, EngineError, Feed, Generation, Key, KeyRange, MAX_WAIT, Page, Position, Rows,
    Sink, Versioned,
};

/// How a store on this machine's disk is kept.
#[derive(Debug, Clone)]
pub struct SledOptions {
    /// Memory for pages that were read, in bytes.
    pub cache_bytes: u64,
    /// Writes are refused while the disk has less free space than this, in bytes. Opening needs some of it.
    pub min_free_bytes: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        SledOptions { cache_bytes: 96 << 20, min_free_bytes: 64 << 20 }
    }
}

/// Another engine, mostly of another process, has the store open.
#[derive(Debug, thiserror::Error)]
#[error("the store at {} is in use by another process", .0.display())]
pub struct InUse(pub PathBuf);

/// [`SledEngine::close`] was called.
#[derive(Debug, thiserror::Error)]
#[error("the store was closed")]
pub struct Closed;

/// A store in a directory of this machine.
pub struct SledEngine {
    shared: Arc<Shared>,
    space: Space,
    queue: mpsc::Sender<Command>,
    committer: Mutex<Option<JoinHandle<()>>>,
}

impl SledEngine {
    /// Opens the store in this directory, or makes one. Blocks: after a crash of a large store for seconds.
    pub fn open(path: impl Into<PathBuf>, options: SledOptions) -> Result<Self, EngineError> {
        let path = path.into();
        let lock = lock(&path)?;
        let (disk, durable) = Disk::open(&path, &options).map_err(EngineError::Unavailable)?;
        let shared = Arc::new(Shared::new(disk, durable));
        let (queue, commands) = mpsc::channel();
        let space = Space { path: path.clone(), least: options.min_free_bytes };
        let files = Files { path, options, space: space.clone(), lock };
        let committer = committer::start(Arc::clone(&shared), commands, files)?;
        Ok(SledEngine { shared, space, queue, committer: Mutex::new(Some(committer)) })
    }

    /// Finishes what waits to be committed, closes the files and lets go of the directory. Later calls find the store
    /// unavailable.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.queue.send(Command::Close(reply)).is_ok() {
            // An error means that the committer is gone, which is as closed as can be.
            let _ = closed.await;
        }
        let committer = self.committer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(committer) = committer {
            let _ = tokio::task::spawn_blocking(move || committer.join()).await;
        }
    }

    /// Reads on a thread that may wait for the disk, until all that was seen is durable.
    async fn read<T, F>(&self, read: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: Fn(&Disk, &Gate, Position) -> Read<T> + Clone + Send + 'static,
    {
        loop {
            let (shared, read) = (Arc::clone(&self.shared), read.clone());
            let seen =
                tokio::task::spawn_blocking(move || shared.seen(read)).await.map_err(EngineError::unavailable)?;
            if let Some(seen) = self.settle(seen).await? {
                return Ok(seen);
            }
        }
    }

    /// Waits until what was seen is durable; `None` if the store broke down before it was. Tells the committer about a
    /// breakdown that the reader met itself.
    async fn settle<T>(&self, seen: Seen<T>) -> Result<Option<T>, EngineError> {
        match seen.what {
            Ok((what, newest)) => Ok(self.shared.is_durable(newest, seen.life).await.then_some(what)),
            Err(error) => {
                if let EngineError::Unavailable(source) = &error
                    && source.is::<::sled::Error>()
                    && is_open(seen.life)
                {
                    // Nobody there to be told: then the store is closed.
                    let _ = self.queue.send(Command::Broken { life: seen.life, source: Arc::clone(source) });
                }
                Err(error)
            }
        }
    }
}

impl fmt::Debug for SledEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledEngine").field("mark", &self.shared.mark.borrow()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Engine for SledEngine {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Versioned>>, EngineError> {
        // On this thread unless somebody writes: the documents of a decision are few and mostly cached, a hop to another
        // costs more.
        if let Some(seen) = self.shared.seen_at_once(|disk, gate, _| documents(disk, gate, keys))
            && let Some(found) = self.settle(seen).await?
        {
            return Ok(found);
        }
        let keys = keys.to_vec();
        self.read(move |disk, gate, _| documents(disk, gate, &keys)).await
    }

    async fn scan(&self, range: &KeyRange, page: Page) -> Result<Rows, EngineError> {
        let range = range.clone();
        self.read(move |disk, gate, _| {
            let Some((from, to)) = page.bounds(&range) else { return Ok((Rows::default(), Position::START)) };
            let rows = match page.direction {
                Direction::Forward => Rows::collect(disk.rows(&from, to), page.limit),
                Direction::Backward => Rows::collect(disk.rows(&from, to).rev(), page.limit),
            }?;
            let newest = gate.newest_seen(rows.rows.iter().map(|(_, value)| value), |key| range.contains(key));
            Ok((rows, newest))
        })
        .await
    }

    async fn commit(&self, batch: Batch) -> Result<Commit, EngineError> {
        batch.check()?;
        let (reply, answer) = oneshot::channel();
        self.queue.send(Command::Commit(Job { batch, reply })).map_err(|_| EngineError::unavailable(Closed))?;
        answer.await.unwrap_or_else(|_| Err(EngineError::Unknown(Arc::new(Closed))))
    }

    fn generation(&self) -> Option<Generation> {
        let Mark { durable, life } = *self.shared.mark.borrow();
        is_open(life).then_some(Generation { life, position: durable })
    }

    async fn feed(&self, after: Position, limit: usize, wait: Duration) -> Result<Feed, EngineError> {
        let deadline = Instant::now() + wait.min(MAX_WAIT);
        let mut mark = self.shared.mark.subscribe();
        loop {
            mark.mark_unchanged();
            let piece = move |disk: &Disk, _: &Gate, durable: Position| {
                if durable <= after {
                    return Ok((Feed { entries: Vec::new(), upto: after }, Position::START));
                }
                let range = KeyRange::feed(after, durable);
                let feed = Feed::collect(disk.rows(range.from(), range.to()), limit, durable)?;
                Ok((feed, Position::START))
            };
            let feed = self.read(piece).await?;
            if !feed.entries.is_empty() || !matches!(timeout_at(deadline, mark.changed()).await, Ok(Ok(()))) {
                return Ok(feed);
            }
        }
    }

    async fn is_full(&self) -> bool {
        let space = self.space.clone();
        tokio::task::spawn_blocking(move || space.is_short()).await.unwrap_or(false)
    }

    async fn export(&self, sink: &mut (dyn Sink + Send)) -> Result<Position, EngineError> {
        let export = self.shared.exports.enter();
        let (number, (reply, answer)) = (export.number, oneshot::channel());
        self.queue.send(Command::Export(number, reply)).map_err(|_| EngineError::unavailable(Closed))?;
        let position = answer.await.unwrap_or_else(|_| Err(EngineError::unavailable(Closed)))?;
        loop {
            let shared = Arc::clone(&self.shared);
            let page = move |disk: &Disk, _: &Gate, _| Ok((shared.exports.page(number, disk)?, Position::START));
            let Some(rows) = self.read(page).await? else { return Ok(position) };
            for (key, value) in rows {
                sink.write(key, value).await.map_err(EngineError::Unavailable)?;
            }
        }
    }
}

fn documents(disk: &Disk, gate: &Gate, keys: &[Key]) -> Read<Vec<Option<Versioned>>> {
    let found = keys.iter().map(|key| disk.get(key)).collect::<Result<Vec<_>, _>>()?;
    let newest = gate.newest_seen(found.iter().flatten(), |key| keys.contains(key));
    Ok((found, newest))
}

/// Keeps other engines, of this process or another, out of the directory for as long as the file is open.
fn lock(path: &Path) -> Result<File, EngineError> {
    let mut builder = DirBuilder::new();
    // People's names and addresses are in there.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path).map_err(EngineError::unavailable)?;
    let options = File::options().create(true).write(true).truncate(false).open(path.join("lock"));
    let file = options.map_err(EngineError::unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EngineError::unavailable(InUse(path.to_owned()))),
        Err(TryLockError::Error(error)) => Err(EngineError::unavailable(error)),
    }
}

#[cfg(test)]
mod tests;
