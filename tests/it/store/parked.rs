//! A future that is polled no more, at whatever it awaits, keeps nobody else from the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use assay::store::engine::sled::SledEngine;
use assay::store::engine::{Sink, Source};
use assay::store::{Batch, Engine, Key, KeyRange, Page, Position, Versioned};
use async_trait::async_trait;
use futures_util::future::BoxFuture;

use super::{commit, get, key, open};
use crate::support::parked::park;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Counts what it is given.
struct Counting(usize);

#[async_trait]
impl Sink for Counting {
    async fn write(&mut self, _: Key, _: Versioned) -> Result<(), Source> {
        self.0 += 1;
        Ok(())
    }
}

/// A call of an engine that keeps it for itself.
fn call<F: Future<Output = ()> + Send + 'static>(
    engine: &Arc<SledEngine>,
    call: impl FnOnce(Arc<SledEngine>) -> F,
) -> BoxFuture<'static, ()> {
    Box::pin(call(engine.clone()))
}

/// Everything that an engine does.
fn calls(engine: &Arc<SledEngine>) -> Vec<BoxFuture<'static, ()>> {
    vec![
        call(engine, |it| async move { drop(it.get(&[key(&["w", "0"]), key(&["none"])]).await) }),
        call(engine, |it| async move { drop(it.scan(&KeyRange::under(&key(&["w"])), Page::first(10)).await) }),
        call(
            engine,
            |it| async move { drop(it.commit(Batch::default().put(key(&["parked"]), "x").append("x")).await) },
        ),
        call(engine, |it| async move { drop(it.feed(Position(u64::MAX / 2), 10, PATIENCE).await) }),
        call(engine, |it| async move { drop(it.export(&mut Counting(0)).await) }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_still_keeps_nobody_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Arc::new(open(directory.path()));
    for n in 0..200u64 {
        commit(&*engine, Batch::default().put(key(&["w"]).number(n, 4), "x".repeat(1_000))).await;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (engine, stop, key) = (engine.clone(), stop.clone(), key(&["w", &writer.to_string()]));
            tokio::spawn(async move {
                let mut written = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    commit(&*engine, Batch::default().put(key.clone(), written.to_string()).append("x")).await;
                    written += 1;
                }
                (key, written)
            })
        })
        .collect();
    let mut standing = Vec::new();
    for _ in 0..40 {
        for waits in 0..3 {
            for call in calls(&engine) {
                standing.push(park(call, waits).await);
            }
        }
    }
    assert!(standing.iter().filter(|parked| !parked.has_ended()).count() > 100, "few had to wait");
    let everybody_else = async {
        commit(&*engine, Batch::default().put(key(&["last"]), "x")).await;
        assert!(get(&*engine, &key(&["last"])).await.is_some());
        assert_eq!(engine.scan(&KeyRange::under(&key(&["w"])), Page::first(10)).await.unwrap().rows.len(), 10);
        let mut all = Counting(0);
        engine.export(&mut all).await.unwrap();
        assert!(all.0 > 200);
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            let (key, written) = writer.await.unwrap();
            assert!(written > 0 && get(&*engine, &key).await.is_some());
        }
        engine.close().await;
    };
    tokio::time::timeout(PATIENCE, everybody_else).await.expect("everybody else goes on");
}
