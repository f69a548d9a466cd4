//! How many awards a second the store on disk takes, and how long each waits: batches of six keys and an event.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::store::{Batch, Commit, Engine, Key};

const COMMITS: u64 = 40_000;
const READS: u64 = 200_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the runtime starts");
    runtime.block_on(async {
        for writers in [1, 16, 64] {
            let directory = tempfile::tempdir().expect("a directory");
            let engine = SledEngine::open(directory.path(), SledOptions::default()).expect("the store opens");
            let engine = Arc::new(engine);
            let commits = if writers == 1 { COMMITS / 10 } else { COMMITS };
            let (took, waits) = write(&engine, writers, commits).await;
            say(&format!("{writers:>3} writers: {}", line(commits, took, waits)));
            if writers == 64 {
                let (took, waits) = read(&engine, commits).await;
                say(&format!(" 16 readers: {}", line(READS, took, waits)));
            }
            engine.close().await;
        }
    });
}

async fn write(engine: &Arc<SledEngine>, writers: u64, commits: u64) -> (Duration, Vec<Duration>) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let engine = Arc::clone(engine);
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for n in (writer..commits).step_by(usize::try_from(writers).expect("few writers")) {
                    let batch = award(n);
                    let asked = Instant::now();
                    let done = engine.commit(batch).await.expect("the store works");
                    assert!(matches!(done, Commit::Done(_)));
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.expect("the writer ends"));
    }
    (started.elapsed(), waits)
}

/// A verification reads a pointer and the standing it points to.
async fn read(engine: &Arc<SledEngine>, commits: u64) -> (Duration, Vec<Duration>) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..16)
        .map(|reader| {
            let engine = Arc::clone(engine);
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for turn in (reader..READS).step_by(16) {
                    let keys = [standing(scattered(turn) % commits)];
                    let asked = Instant::now();
                    assert!(engine.get(&keys).await.expect("the store works")[0].is_some());
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.expect("the reader ends"));
    }
    (started.elapsed(), waits)
}

/// Large documents in order of time, small pointers anywhere.
fn award(n: u64) -> Batch {
    let pointer = |kind: &str, salt: u64| Key::new(&[kind, &format!("{:016x}", scattered(n ^ salt << 40))]);
    Batch::default()
        .create(standing(n), "s".repeat(700))
        .create(Key::new(&["c"]).number(n, 10).number(1, 4), "c".repeat(3000))
        .create(Key::new(&["r", "exams"]).number(n, 10), "r".repeat(400))
        .create(pointer("a", 1), "p".repeat(60))
        .create(pointer("due", 2), "p".repeat(60))
        .create(Key::new(&["bit", "1"]).number(n, 6), "{}")
        .append("e".repeat(300))
}

fn standing(n: u64) -> Key {
    Key::new(&["s"]).number(n, 10).text("certification")
}

fn scattered(n: u64) -> u64 {
    n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn line(count: u64, took: Duration, mut waits: Vec<Duration>) -> String {
    waits.sort_unstable();
    let per_mille = |n: usize| waits[waits.len() * n / 1000];
    let rate = u128::from(count) * 1_000_000 / took.as_micros().max(1);
    format!("{rate} a second, p50 {:?}, p99 {:?}", per_mille(500), per_mille(990))
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody listens");
}
