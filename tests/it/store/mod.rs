//! What every engine must hold, and what the engine on disk must survive.

mod child;
mod crash;
mod damage;
mod export;
mod faulty;
mod full_disk;
mod lifecycle;
mod model;
mod parked;
mod power;
mod story;

use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::store::{Batch, Commit, Engine, Key, Position, Version, Versioned};

/// Small stores need little memory.
fn options() -> SledOptions {
    SledOptions { cache_bytes: 16 << 20, ..SledOptions::default() }
}

fn open(path: &std::path::Path) -> SledEngine {
    SledEngine::open(path, options()).expect("the store opens")
}

fn key(parts: &[&str]) -> Key {
    Key::new(parts)
}

async fn get(engine: &dyn Engine, key: &Key) -> Option<Versioned> {
    engine.get(std::slice::from_ref(key)).await.unwrap().remove(0)
}

async fn version(engine: &dyn Engine, key: &Key) -> Version {
    get(engine, key).await.map_or(Version::ABSENT, |value| value.version)
}

#[track_caller]
fn done(commit: Commit) -> Position {
    match commit {
        Commit::Done(position) => position,
        Commit::Conflict(keys) => panic!("conflict at {keys:?}"),
    }
}

async fn commit(engine: &dyn Engine, batch: Batch) -> Position {
    done(engine.commit(batch).await.unwrap())
}

/// A number kept in a document.
async fn number(engine: &dyn Engine, key: &Key) -> (u64, Version) {
    get(engine, key).await.map_or((0, Version::ABSENT), |value| {
        (std::str::from_utf8(&value.doc).unwrap().parse().unwrap(), value.version)
    })
}

/// Says on the terminal that a test could not do its work here.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
