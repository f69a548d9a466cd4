//! A disk that fills up: refused in time, or survived, and never at the cost of what was acknowledged.

use std::path::Path;
use std::time::{Duration, Instant};

use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::store::{Batch, Commit, Engine, EngineError, KeyRange, Page, Position};

use super::{commit, get, key};
use crate::support::disk::{MIB, SmallDisk};

fn open(path: &Path, min_free_bytes: u64) -> SledEngine {
    SledEngine::open(path, SledOptions { cache_bytes: 8 * MIB, min_free_bytes }).unwrap()
}

/// Two documents that belong together.
fn batch(n: u64) -> Batch {
    let doc = format!("{n} {}", "x".repeat(30_000));
    Batch::default().create(key(&["a"]).number(n, 6), doc.clone()).create(key(&["b"]).number(n, 6), doc).append("said")
}

/// Whether both documents of a batch are there; one alone is a torn batch.
async fn is_there(engine: &dyn Engine, n: u64) -> bool {
    let found = engine.get(&[key(&["a"]).number(n, 6), key(&["b"]).number(n, 6)]).await.unwrap();
    assert_eq!(found[0], found[1], "batch {n} is torn");
    found[0].as_ref().is_some_and(|value| value.doc.starts_with(format!("{n} ").as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_gets_full_stops_writing_and_nothing_else() {
    let Some(disk) = SmallDisk::mount(128 * MIB) else { return };
    let engine = open(&disk.path().join("store"), 48 * MIB);
    for n in 0..100 {
        commit(&engine, batch(n)).await;
    }
    let ballast = disk.fill(47 * MIB);
    for n in 100..200 {
        let answer = engine.commit(batch(n)).await;
        assert!(matches!(answer, Err(EngineError::Full)), "{answer:?}");
    }
    for n in 0..100 {
        assert!(is_there(&engine, n).await);
    }
    assert!(!is_there(&engine, 100).await);
    let rows = engine.scan(&KeyRange::under(&key(&["a"])), Page::first(50)).await.unwrap();
    assert_eq!(rows.rows.len(), 50);
    let feed = engine.feed(Position::START, 1000, Duration::ZERO).await.unwrap();
    assert_eq!(feed.upto, Position(100));
    // Also a store that is opened while space is low can be read.
    engine.close().await;
    let engine = open(&disk.path().join("store"), 48 * MIB);
    assert!(is_there(&engine, 99).await);
    assert!(matches!(engine.commit(batch(100)).await, Err(EngineError::Full)));
    drop(ballast);
    assert_eq!(commit(&engine, batch(100)).await, Position(101));
    engine.close().await;
    let engine = open(&disk.path().join("store"), 48 * MIB);
    for n in 0..=100 {
        assert!(is_there(&engine, n).await, "{n}");
    }
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_comes_back_by_itself_when_a_full_disk_has_space_again() {
    let Some(disk) = SmallDisk::mount(96 * MIB) else { return };
    let engine = open(&disk.path().join("store"), 0);
    let (mut acknowledged, mut uncertain, mut n) = (Vec::new(), Vec::new(), 0);
    for _ in 0..3 {
        let ballast = disk.fill(12 * MIB);
        let mut refused = 0;
        while refused < 20 {
            n += 1;
            match engine.commit(batch(n)).await {
                Ok(Commit::Done(_)) => acknowledged.push(n),
                Err(EngineError::Unknown(_)) => {
                    uncertain.push(n);
                    refused += 1;
                }
                Err(EngineError::Unavailable(_)) => refused += 1,
                other => panic!("{other:?}"),
            }
            // As long as it is down, reading says so; it never says that something is not there.
            if let Some(last) = acknowledged.last() {
                match engine.get(&[key(&["a"]).number(*last, 6)]).await {
                    Ok(found) => assert!(found[0].is_some(), "{last}"),
                    Err(EngineError::Unavailable(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        }
        drop(ballast);
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            n += 1;
            match engine.commit(batch(n)).await {
                Ok(Commit::Done(_)) => break acknowledged.push(n),
                Err(EngineError::Unknown(_)) => uncertain.push(n),
                Err(EngineError::Unavailable(_)) => {}
                other => panic!("{other:?}"),
            }
            assert!(Instant::now() < deadline, "the store did not come back");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for n in &acknowledged {
            assert!(is_there(&engine, *n).await, "{n} was acknowledged");
        }
    }
    assert!(!uncertain.is_empty(), "the disk was never full");
    engine.close().await;
    let engine = open(&disk.path().join("store"), 0);
    let mut stored = 0;
    for n in 1..=n {
        let there = is_there(&engine, n).await;
        stored += u64::from(there);
        assert!(there || !acknowledged.contains(&n), "{n} was acknowledged");
        assert!(!there || acknowledged.contains(&n) || uncertain.contains(&n), "{n} was refused");
    }
    let feed = engine.feed(Position::START, 100_000, Duration::ZERO).await.unwrap();
    assert_eq!((feed.entries.len() as u64, feed.upto.0), (stored, stored), "the feed has no gaps");
    assert!(get(&engine, &key(&["none"])).await.is_none());
    engine.close().await;
}
