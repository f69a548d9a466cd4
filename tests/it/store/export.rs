//! An export is one position, whatever is written meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use assay::store::engine::memory::MemoryEngine;
use assay::store::engine::{MAX_DOCUMENT, Sink, Source};
use assay::store::{Batch, Commit, Engine, EngineError, Key, Position, Versioned};
use async_trait::async_trait;

use super::{commit, key, number, open};

const ACCOUNTS: u64 = 20;
const DOOMED: u64 = 200;

#[derive(Default)]
struct Copy {
    rows: Vec<(Key, Versioned)>,
    fails_after: Option<usize>,
}

#[async_trait]
impl Sink for Copy {
    async fn write(&mut self, key: Key, value: Versioned) -> Result<(), Source> {
        if self.fails_after.is_some_and(|n| self.rows.len() >= n) {
            return Err(Arc::new(std::io::Error::other("the sink is full")));
        }
        self.rows.push((key, value));
        // Slow enough for the writers to get ahead.
        tokio::task::yield_now().await;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_from_memory_is_one_position() {
    check(Arc::new(MemoryEngine::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_from_disk_is_one_position() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Arc::new(open(directory.path()));
    check(Arc::clone(&engine) as Arc<dyn Engine>).await;
    engine.close().await;
}

async fn check(engine: Arc<dyn Engine>) {
    fill(&*engine).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers: Vec<_> =
        (0..4).map(|n| tokio::spawn(transfers(Arc::clone(&engine), Arc::clone(&stop), n))).collect();
    writers.push(tokio::spawn(removals(Arc::clone(&engine), Arc::clone(&stop))));
    let mut last = Position::START;
    for _ in 0..4 {
        let mut copy = Copy::default();
        let position = engine.export(&mut copy).await.unwrap();
        assert!(position >= last);
        last = position;
        consistent(&copy.rows, position);
    }
    let mut broken = Copy { fails_after: Some(3), ..Copy::default() };
    assert!(matches!(engine.export(&mut broken).await, Err(EngineError::Unavailable(_))));
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let mut copy = Copy::default();
    let position = engine.export(&mut copy).await.unwrap();
    assert!(position > Position(80 + 2));
    consistent(&copy.rows, position);
}

/// Accounts at both ends of the order of keys and much between them, so that a copy takes several pages.
async fn fill(engine: &dyn Engine) {
    for n in 0..160u64 {
        commit(engine, Batch::default().put(key(&["m"]).number(n, 4), vec![b'x'; MAX_DOCUMENT])).await;
    }
    let accounts = (0..ACCOUNTS).fold(Batch::default(), |batch, n| batch.put(account(n), "100"));
    commit(engine, (0..DOOMED).fold(accounts, |batch, n| batch.put(doomed(n), "x"))).await;
}

fn account(n: u64) -> Key {
    key(&[if n.is_multiple_of(2) { "a" } else { "z" }]).number(n, 4)
}

fn doomed(n: u64) -> Key {
    key(&["y"]).number(n, 4)
}

async fn transfers(engine: Arc<dyn Engine>, stop: Arc<AtomicBool>, writer: u64) {
    let mut turn = writer;
    while !stop.load(Ordering::SeqCst) {
        turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (from, to) = ((turn >> 33) % ACCOUNTS, (turn >> 40) % ACCOUNTS);
        let ((a, a_version), (b, b_version)) =
            (number(&*engine, &account(from)).await, number(&*engine, &account(to)).await);
        if from == to || a == 0 {
            continue;
        }
        let batch = Batch::default()
            .expect(account(from), a_version)
            .expect(account(to), b_version)
            .put(account(from), (a - 1).to_string())
            .put(account(to), (b + 1).to_string());
        let _: Commit = engine.commit(batch).await.unwrap();
    }
}

/// Removes a document and says so, makes one and says so.
async fn removals(engine: Arc<dyn Engine>, stop: Arc<AtomicBool>) {
    for n in 0..DOOMED {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let batch = Batch::default().delete(doomed(n)).put(key(&["b"]).number(n, 4), "x").append(n.to_string());
        commit(&*engine, batch).await;
    }
}

#[track_caller]
fn consistent(rows: &[(Key, Versioned)], position: Position) {
    assert!(rows.is_sorted_by(|(a, _), (b, _)| a < b), "each key once and in order");
    assert!(rows.iter().all(|(_, value)| value.version.0 <= position.0));
    let rows: BTreeMap<&Key, &Versioned> = rows.iter().map(|(key, value)| (key, value)).collect();
    let sum: u64 =
        (0..ACCOUNTS).map(|n| std::str::from_utf8(&rows[&account(n)].doc).unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(sum, ACCOUNTS * 100);
    let said: Vec<u64> = rows
        .iter()
        .filter(|(key, _)| key.as_bytes().starts_with(b"e/"))
        .map(|(_, value)| std::str::from_utf8(&value.doc).unwrap().parse().unwrap())
        .collect();
    assert_eq!(said, (0..said.len() as u64).collect::<Vec<_>>());
    for n in 0..DOOMED {
        let gone = n < said.len() as u64;
        assert_eq!(!rows.contains_key(&doomed(n)), gone, "{n}");
        assert_eq!(rows.contains_key(&key(&["b"]).number(n, 4)), gone, "{n}");
    }
}
