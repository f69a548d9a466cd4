//! Moments that no caller can hold still: between applied and durable, and between broken and back.

use std::pin::pin;

use super::plan::Plan;
use super::*;
use crate::store::engine::{Source, Version};

/// A pause after which a read that does not wait would long have answered.
const LONG: Duration = Duration::from_millis(100);

fn open(directory: &tempfile::TempDir) -> SledEngine {
    SledEngine::open(directory.path(), SledOptions { cache_bytes: 8 << 20, min_free_bytes: 0 }).expect("it opens")
}

fn key(name: &str) -> Key {
    Key::new(&["k", name])
}

/// Shows a batch to readers as the committer does, and stops before it is durable.
fn apply(engine: &SledEngine, batch: Batch) -> Position {
    let mut gate = engine.shared.writing();
    let last = engine.shared.mark.borrow().durable;
    let Gate { disk, applied, removed } = &mut *gate;
    let disk = disk.as_ref().expect("it is open");
    let plan = Plan::new(disk, last, vec![batch]).expect("the disk is read");
    disk.apply(&plan).expect("it is written");
    *applied = plan.last;
    *removed = plan.writes.iter().filter(|(_, write)| write.is_none()).map(|(key, _)| key.clone()).collect();
    plan.last
}

/// Checks that a read waits until `position` is durable, and returns what it then answers.
async fn waits<T>(engine: &SledEngine, position: Position, read: impl Future<Output = Result<T, EngineError>>) -> T {
    let mut read = pin!(read);
    assert!(tokio::time::timeout(LONG, &mut read).await.is_err(), "it answered before position {position} was durable");
    engine.shared.mark.send_modify(|mark| mark.durable = position);
    read.await.expect("it answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_seen_when_it_is_durable() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    engine.commit(Batch::default().put(key("old"), "x")).await.unwrap();
    let position = apply(&engine, Batch::default().put(key("new"), "x"));
    let old = engine.get(&[key("old")]).await.unwrap();
    assert_eq!(old[0].as_ref().map(|value| value.version), Some(Version(1)), "what is durable is seen at once");
    assert_eq!(engine.get(&[key("none")]).await.unwrap(), [None]);
    let found = waits(&engine, position, engine.get(&[key("old"), key("new")])).await;
    assert_eq!(found[1].as_ref().map(|value| value.version), Some(Version(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_is_seen_when_it_is_durable() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    engine.commit(Batch::default().put(key("a"), "x").put(key("b"), "x")).await.unwrap();
    let position = apply(&engine, Batch::default().delete(key("a")));
    assert!(engine.get(&[key("b")]).await.unwrap()[0].is_some());
    assert_eq!(waits(&engine, position, engine.get(&[key("a")])).await, [None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_seen_when_it_is_durable() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    engine.commit(Batch::default().put(key("a"), "x").put(key("b"), "x")).await.unwrap();
    let range = KeyRange::under(&Key::new(&["k"]));
    for (batch, rows) in [
        (Batch::default().put(key("c"), "x"), 3),
        (Batch::default().put(key("c"), "y"), 3),
        (Batch::default().delete(key("a")), 2),
    ] {
        let position = apply(&engine, batch);
        let seen = waits(&engine, position, engine.scan(&range, Page::first(10))).await;
        assert_eq!(seen.rows.len(), rows);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_says_what_is_durable() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    engine.commit(Batch::default().append("one")).await.unwrap();
    let position = apply(&engine, Batch::default().append("two"));
    let feed = engine.feed(Position::START, 10, Duration::ZERO).await.unwrap();
    assert_eq!((feed.entries.len(), feed.upto), (1, Position(1)));
    let feed = waits(&engine, position, engine.feed(feed.upto, 10, MAX_WAIT)).await;
    assert_eq!((feed.entries.len(), feed.upto), (1, Position(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_what_was_lost_reads_again() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    engine.commit(Batch::default().put(key("a"), "x")).await.unwrap();
    apply(&engine, Batch::default().put(key("a"), "y"));
    let keys = [key("a")];
    let mut read = pin!(engine.get(&keys));
    assert!(tokio::time::timeout(LONG, &mut read).await.is_err());
    // As when the sync failed: the group is as good as not written.
    break_down(&engine, 0);
    match read.await {
        Ok(found) => assert!(found[0].is_some()),
        Err(error) => assert!(matches!(error, EngineError::Unavailable(_)), "{error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_a_reader_found_broken_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory);
    for n in 1..=3u64 {
        let done = engine.commit(Batch::default().put(key("a"), n.to_string()).append("x")).await;
        assert!(matches!(done, Ok(Commit::Done(at)) if at == Position(n)), "{done:?}");
        let life = 2 * (n - 1);
        break_down(&engine, life);
        let mut mark = engine.shared.mark.subscribe();
        let back = mark.wait_for(|mark| mark.life == life + 2);
        assert!(tokio::time::timeout(Duration::from_secs(20), back).await.is_ok_and(|back| back.is_ok()));
        // An old report changes nothing.
        break_down(&engine, life);
        let found = engine.get(&[key("a")]).await.unwrap();
        assert_eq!(found[0].as_ref().map(|value| value.version), Some(Version(n)));
    }
    let feed = engine.feed(Position::START, 10, Duration::ZERO).await.unwrap();
    assert_eq!((feed.entries.len(), feed.upto), (3, Position(3)));
    assert_eq!(engine.shared.mark.borrow().life, 6);
}

fn break_down(engine: &SledEngine, life: u64) {
    let source: Source = Arc::new(::sled::Error::Io(std::io::Error::other("the disk is gone")));
    engine.queue.send(Command::Broken { life, source }).expect("the committer listens");
}
