//! The one thread that writes: it takes what waits as a group, makes it durable, answers, and brings a broken store back.

use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::super::{Batch, Commit, EngineError, Position, Source};
use super::disk::{Disk, guarded};
use super::plan::Plan;
use super::shared::{Gate, Mark, Shared, is_open};
use super::space::Space;
use super::{Closed, SledOptions};

/// The most batches of a group.
const MAX_GROUP: usize = 64;
/// A group takes no further batch beyond this, so that it fits into the space that is kept free.
const MAX_GROUP_BYTES: usize = 8 << 20;
/// The pauses between attempts to re-open: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// What the committer is asked.
pub(super) enum Command {
    /// Commit this.
    Commit(Job),
    /// Begin the export of this number here.
    Export(u64, oneshot::Sender<Result<Position, EngineError>>),
    /// A reader met a breakdown in this life of the store.
    Broken { life: u64, source: Source },
    /// Finish, close and tell.
    Close(oneshot::Sender<()>),
}

/// A batch and who waits for the answer.
pub(super) struct Job {
    pub(super) batch: Batch,
    pub(super) reply: oneshot::Sender<Result<Commit, EngineError>>,
}

/// Starts the thread. It ends when it is told to close or when the engine is dropped.
pub(super) fn start(
    shared: Arc<Shared>,
    commands: Receiver<Command>,
    files: Files,
) -> Result<JoinHandle<()>, EngineError> {
    let committer = Committer { shared, commands, files, retry: None };
    let work = move || {
        let files = committer.run();
        // Closing the file would not do while a process that is just being started holds a copy of it.
        let _ = files.lock.unlock();
    };
    std::thread::Builder::new().name("store".into()).spawn(work).map_err(EngineError::unavailable)
}

/// Where the store is, and how it is kept.
pub(super) struct Files {
    pub(super) path: PathBuf,
    pub(super) options: SledOptions,
    pub(super) space: Space,
    pub(super) lock: File,
}

struct Committer {
    shared: Arc<Shared>,
    commands: Receiver<Command>,
    files: Files,
    /// While broken down: when to try again, and how long to pause after that.
    retry: Option<(Instant, Duration)>,
}

impl Committer {
    /// Until it is told to close.
    fn run(mut self) -> Files {
        let mut next = None;
        loop {
            let command = match (next.take(), self.retry) {
                (Some(command), _) => Ok(command),
                (None, None) => self.commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
                (None, Some((at, _))) => self.commands.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            if self.retry.is_some_and(|(at, _)| at <= Instant::now()) {
                self.reopen();
            }
            match command {
                Ok(Command::Commit(job)) => {
                    let (jobs, met) = self.group(job);
                    next = met;
                    self.commit(jobs);
                }
                Ok(Command::Export(number, reply)) => self.export(number, reply),
                Ok(Command::Broken { life, source }) => {
                    if is_open(life) && self.shared.mark.borrow().life == life {
                        self.break_down(source);
                    }
                }
                Ok(Command::Close(reply)) => {
                    self.close();
                    // Whoever asked may have gone.
                    let _ = reply.send(());
                    return self.files;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.close();
                    return self.files;
                }
            }
        }
    }

    /// The batches that wait now, and the first command among them that is none.
    fn group(&self, first: Job) -> (Vec<Job>, Option<Command>) {
        let mut bytes = first.batch.size();
        let mut jobs = vec![first];
        while jobs.len() < MAX_GROUP && bytes < MAX_GROUP_BYTES {
            match self.commands.try_recv() {
                Ok(Command::Commit(job)) => {
                    bytes += job.batch.size();
                    jobs.push(job);
                }
                Ok(other) => return (jobs, Some(other)),
                Err(_) => break,
            }
        }
        (jobs, None)
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        let (batches, replies): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.batch, job.reply)).unzip();
        let count = replies.len();
        let answers = self.answers(batches).unwrap_or_else(|error| vec![Err(error); count]);
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may have gone; what is committed stays committed.
            let _ = reply.send(answer);
        }
    }

    /// The answers to a group once it is durable, or the one answer to all of it if nothing was tried.
    fn answers(&mut self, batches: Vec<Batch>) -> Result<Vec<Result<Commit, EngineError>>, EngineError> {
        let last = self.shared.mark.borrow().durable;
        let planned = {
            let gate = self.shared.reading();
            let disk = gate.disk.as_ref().map_err(|source| EngineError::Unavailable(Arc::clone(source)))?;
            if self.files.space.is_short() {
                return Err(EngineError::Full);
            }
            guarded(|| Plan::new(disk, last, batches))
        };
        let mut plan = planned.map_err(|source| self.break_down(source))?;
        if plan.last == last {
            return Ok(plan.answers);
        }
        let answers = std::mem::take(&mut plan.answers);
        match self.write(plan) {
            Ok(()) => Ok(answers),
            Err(source) => {
                self.break_down(Arc::clone(&source));
                Ok(answers.into_iter().map(|answer| after_failure(answer, &source)).collect())
            }
        }
    }

    fn write(&self, plan: Plan) -> Result<(), Source> {
        guarded(|| {
            let mut gate = self.shared.writing();
            let Gate { disk, applied, removed } = &mut *gate;
            let disk = disk.as_ref().map_err(Arc::clone)?;
            self.shared.exports.keep(disk, &plan)?;
            disk.apply(&plan)?;
            *applied = plan.last;
            *removed = plan.writes.iter().filter(|(_, write)| write.is_none()).map(|(key, _)| key.clone()).collect();
            Ok(())
        })?;
        guarded(|| self.shared.reading().disk.as_ref().map_err(Arc::clone)?.sync())?;
        self.shared.mark.send_modify(|mark| mark.durable = plan.last);
        Ok(())
    }

    fn export(&self, number: u64, reply: oneshot::Sender<Result<Position, EngineError>>) {
        // Between groups all that was applied is durable.
        let position = match &self.shared.reading().disk {
            Ok(_) => Ok(self.shared.mark.borrow().durable),
            Err(source) => Err(EngineError::Unavailable(Arc::clone(source))),
        };
        if let Ok(position) = position {
            self.shared.exports.begin(number, position);
        }
        // Whoever asked may have gone, and the export with them.
        let _ = reply.send(position);
    }

    /// Lets go of sled, whose handle never recovers from an error, and answers why.
    fn break_down(&mut self, source: Source) -> EngineError {
        tracing::error!(error = &*source as &(dyn std::error::Error + 'static), "the store broke down");
        self.replace(Err(Arc::clone(&source)));
        self.retry = Some((Instant::now() + PAUSES.0, PAUSES.0 * 2));
        EngineError::Unavailable(source)
    }

    fn reopen(&mut self) {
        Disk::distrust_cache(&self.files.path);
        let Mark { durable, .. } = *self.shared.mark.borrow();
        let opened = Disk::open(&self.files.path, &self.files.options).and_then(|(disk, last)| {
            if last < durable { Err(Arc::new(Lost { durable, last }) as Source) } else { Ok((disk, last)) }
        });
        match opened {
            Ok((disk, last)) => {
                self.shared.mark.send_modify(|mark| mark.durable = last);
                self.replace(Ok(disk));
                self.retry = None;
                tracing::info!(position = last.0, "the store is back");
            }
            Err(source) => {
                tracing::warn!(
                    error = &*source as &(dyn std::error::Error + 'static),
                    "the store cannot be re-opened yet"
                );
                let pause = self.retry.map_or(PAUSES.0, |(_, pause)| pause);
                self.retry = Some((Instant::now() + pause, (pause * 2).min(PAUSES.1)));
            }
        }
    }

    fn close(&mut self) {
        self.replace(Err(Arc::new(Closed)));
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Commit(job) => drop(job.reply.send(Err(EngineError::unavailable(Closed)))),
                Command::Export(_, reply) => drop(reply.send(Err(EngineError::unavailable(Closed)))),
                Command::Close(reply) => drop(reply.send(())),
                Command::Broken { .. } => {}
            }
        }
    }

    /// Puts another disk, or the reason why there is none, in place of what was there: a new life begins.
    fn replace(&mut self, disk: Result<Disk, Source>) {
        self.shared.exports.break_off();
        let mut gate = self.shared.writing();
        let applied = self.shared.mark.borrow().durable;
        let old = std::mem::replace(&mut *gate, Gate { disk, applied, removed: HashSet::new() });
        self.shared.mark.send_modify(|mark| mark.life += 1);
        drop(gate);
        if let Ok(old) = old.disk
            && let Err(source) = old.close()
        {
            tracing::warn!(error = &*source as &(dyn std::error::Error + 'static), "the store was not closed cleanly");
        }
    }
}

/// What is answered to a batch of a group that may or may not have been stored.
fn after_failure(answer: Result<Commit, EngineError>, source: &Source) -> Result<Commit, EngineError> {
    match answer {
        Ok(Commit::Done(_)) => Err(EngineError::Unknown(Arc::clone(source))),
        // Perhaps it lost to a batch of the same group, and that may not have been stored.
        Ok(Commit::Conflict(_)) => Err(EngineError::Unavailable(Arc::clone(source))),
        Err(error) => Err(error),
    }
}

/// The disk came back without commits that had been answered.
#[derive(Debug, thiserror::Error)]
#[error("the disk holds commits up to {last} only, but {durable} were stored")]
struct Lost {
    durable: Position,
    last: Position,
}
