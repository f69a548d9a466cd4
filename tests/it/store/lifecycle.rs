//! Opening, closing and opening again.

use std::sync::Arc;
use std::time::Duration;

use assay::store::engine::sled::{InUse, SledEngine};
use assay::store::{Batch, Engine, EngineError, Position};

use super::{commit, get, key, open, options};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_keeps_everything_when_it_is_closed_and_opened() {
    let directory = tempfile::tempdir().unwrap();
    let mut last = Position::START;
    for round in 0..3u64 {
        let engine = open(directory.path());
        for n in 0..50 {
            let batch = Batch::default()
                .create(key(&["doc"]).number(round, 2).number(n, 3), "x".repeat(3000))
                .append(format!("{round}/{n}"));
            let at = commit(&engine, batch).await;
            assert_eq!(at.0, last.0 + 1, "positions go on where they ended");
            last = at;
        }
        let feed = engine.feed(Position::START, 10_000, Duration::ZERO).await.unwrap();
        assert_eq!(feed.entries.len() as u64, (round + 1) * 50);
        assert!(get(&engine, &key(&["doc"]).number(0, 2).number(49, 3)).await.is_some());
        engine.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_what_waits() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Arc::new(open(directory.path()));
    let writers: Vec<_> = (0..100u64)
        .map(|n| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move { engine.commit(Batch::default().put(key(&["w"]).number(n, 3), "x")).await })
        })
        .collect();
    engine.close().await;
    let mut acknowledged = Vec::new();
    for (n, writer) in writers.into_iter().enumerate() {
        match writer.await.unwrap() {
            Ok(_) => acknowledged.push(n as u64),
            Err(EngineError::Unavailable(_) | EngineError::Unknown(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(matches!(engine.get(&[key(&["w"])]).await, Err(EngineError::Unavailable(_))));
    assert!(matches!(engine.commit(Batch::default()).await, Err(EngineError::Unavailable(_))));
    engine.close().await;
    let again = open(directory.path());
    for n in acknowledged {
        assert!(get(&again, &key(&["w"]).number(n, 3)).await.is_some(), "{n}");
    }
    again.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_open_cannot_be_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    match SledEngine::open(directory.path(), options()) {
        Err(EngineError::Unavailable(source)) => {
            assert!(source.is::<InUse>(), "{source}");
            assert!(source.to_string().contains("in use"), "{source}");
        }
        other => panic!("{other:?}"),
    }
    engine.close().await;
    open(directory.path()).close().await;
}

#[test]
fn a_store_that_cannot_be_made_is_unavailable() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let opened = SledEngine::open(file.path().join("store"), options());
    assert!(matches!(opened, Err(EngineError::Unavailable(_))), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_does_not_print_what_it_holds() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    let address = key(&["email", "ada@example.org"]);
    let batch = Batch::default().create(address.clone(), "Ada Lovelace");
    let asked = format!("{batch:?}");
    commit(&engine, batch).await;
    let printed = format!("{asked} {engine:?} {:?}", get(&engine, &address).await);
    assert!(!printed.contains("ada") && !printed.contains("Ada"), "{printed}");
    engine.close().await;
}
