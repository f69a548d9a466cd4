//! The story that every engine must play alike.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use assay::store::engine::memory::MemoryEngine;
use assay::store::engine::{MAX_APPENDS, MAX_BATCH_BYTES, MAX_BATCH_KEYS, MAX_DOCUMENT, MAX_KEY, MAX_PAGE_BYTES};
use assay::store::{Batch, Commit, Engine, EngineError, Key, KeyRange, Page, Position, Version};

use super::{commit, get, key, number, open, version};

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_in_memory_plays_the_story() {
    story(Arc::new(MemoryEngine::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_on_disk_plays_the_story() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Arc::new(open(directory.path()));
    story(Arc::clone(&engine) as Arc<dyn Engine>).await;
    engine.close().await;
}

async fn story(engine: Arc<dyn Engine>) {
    an_empty_store_has_nothing(&*engine).await;
    a_version_is_the_position_of_its_commit(&*engine).await;
    a_conflict_names_its_keys_and_changes_nothing(&*engine).await;
    a_version_is_never_used_again(&*engine).await;
    a_key_named_twice_has_one_outcome(&*engine).await;
    ranges_are_read_in_order_and_by_pages(&*engine).await;
    a_page_stops_at_its_bytes(&*engine).await;
    what_is_too_large_is_refused(&*engine).await;
    the_feed_has_no_gaps(&*engine).await;
    a_commit_is_not_torn_apart_in_the_feed(&*engine).await;
    the_feed_wakes_who_waits(&engine).await;
    no_update_is_lost(&engine).await;
    one_of_many_wins_a_unique_key(&engine).await;
    reading_is_one_snapshot(&engine).await;
}

async fn end(engine: &dyn Engine) -> Position {
    let mut after = Position::START;
    loop {
        let feed = engine.feed(after, 1000, Duration::ZERO).await.unwrap();
        if feed.entries.is_empty() {
            return feed.upto;
        }
        after = feed.upto;
    }
}

async fn an_empty_store_has_nothing(engine: &dyn Engine) {
    assert_eq!(get(engine, &key(&["none"])).await, None);
    let rows = engine.scan(&KeyRange::all(), Page::first(10)).await.unwrap();
    assert!(rows.rows.is_empty() && rows.next.is_none());
    let feed = engine.feed(Position::START, 10, Duration::ZERO).await.unwrap();
    assert!(feed.entries.is_empty());
    assert_eq!(feed.upto, Position::START);
}

async fn a_version_is_the_position_of_its_commit(engine: &dyn Engine) {
    let (a, b) = (key(&["v", "a"]), key(&["v", "b"]));
    let first = commit(engine, Batch::default().create(a.clone(), "1").create(b.clone(), "1")).await;
    let second = commit(engine, Batch::default().expect(a.clone(), Version(first.0)).put(a.clone(), "2")).await;
    assert_eq!(second.0, first.0 + 1);
    let found = engine.get(&[b.clone(), key(&["v", "c"]), a.clone(), b]).await.unwrap();
    let seen: Vec<_> =
        found.iter().map(|value| value.as_ref().map(|value| (value.version.0, &value.doc[..]))).collect();
    assert_eq!(seen, [Some((first.0, &b"1"[..])), None, Some((second.0, b"2")), Some((first.0, b"1"))]);
}

async fn a_conflict_names_its_keys_and_changes_nothing(engine: &dyn Engine) {
    let (a, b, c) = (key(&["k", "a"]), key(&["k", "b"]), key(&["k", "c"]));
    let at = commit(engine, Batch::default().create(a.clone(), "1").create(b.clone(), "1")).await;
    let version = Version(at.0);
    for (batch, conflicts) in [
        (Batch::default().expect(a.clone(), Version::ABSENT), vec![&a]),
        (Batch::default().expect(a.clone(), Version(at.0 + 100)), vec![&a]),
        (Batch::default().expect(c.clone(), version), vec![&c]),
        (Batch::default().expect(a.clone(), version).expect(b.clone(), Version(1_000_000)), vec![&b]),
        (
            Batch::default().expect(b.clone(), Version::ABSENT).expect(c.clone(), version).expect(a.clone(), version),
            vec![&b, &c],
        ),
    ] {
        let batch = batch.put(a.clone(), "2").put(c.clone(), "2").delete(b.clone()).append("never said");
        let answer = engine.commit(batch).await.unwrap();
        assert_eq!(answer, Commit::Conflict(conflicts.into_iter().cloned().collect()));
    }
    assert_eq!(get(engine, &a).await.unwrap().version, version);
    assert_eq!(get(engine, &b).await.unwrap().version, version);
    assert_eq!(get(engine, &c).await, None);
    let next = commit(engine, Batch::default().expect(a, version).expect(b, version)).await;
    assert_eq!(next.0, at.0 + 1, "conflicts take no position");
}

async fn a_version_is_never_used_again(engine: &dyn Engine) {
    let k = key(&["again"]);
    let mut versions = BTreeSet::new();
    for _ in 0..3 {
        let at = commit(engine, Batch::default().create(k.clone(), "x")).await;
        assert!(versions.insert(at));
        let gone = commit(engine, Batch::default().expect(k.clone(), Version(at.0)).delete(k.clone())).await;
        assert!(versions.insert(gone));
        assert_eq!(version(engine, &k).await, Version::ABSENT);
        let late = engine.commit(Batch::default().expect(k.clone(), Version(at.0)).put(k.clone(), "y")).await.unwrap();
        assert_eq!(late, Commit::Conflict(vec![k.clone()]));
    }
    commit(engine, Batch::default().delete(k)).await;
}

async fn a_key_named_twice_has_one_outcome(engine: &dyn Engine) {
    let k = key(&["twice"]);
    commit(engine, Batch::default().put(k.clone(), "1").put(k.clone(), "2").delete(k.clone())).await;
    assert_eq!(get(engine, &k).await.unwrap().doc, "2");
}

async fn pages(engine: &dyn Engine, range: &KeyRange, first: Page) -> Vec<Key> {
    let (mut keys, mut page) = (Vec::new(), first);
    loop {
        let rows = engine.scan(range, page.clone()).await.unwrap();
        assert!(rows.rows.len() <= page.limit);
        keys.extend(rows.rows.into_iter().map(|(key, _)| key));
        match rows.next {
            Some(next) => page = page.after(next),
            None => return keys,
        }
    }
}

async fn ranges_are_read_in_order_and_by_pages(engine: &dyn Engine) {
    let all: Vec<Key> = (0..25).map(|n| key(&["scan", "in"]).number(n, 4)).collect();
    let mut batch = Batch::default().put(key(&["scan", "in"]), "parent").put(key(&["scan", "inn", "x"]), "neighbour");
    for k in all.iter().rev() {
        batch = batch.put(k.clone(), "x");
    }
    commit(engine, batch).await;
    let backward: Vec<Key> = all.iter().rev().cloned().collect();
    let range = KeyRange::under(&key(&["scan", "in"]));
    for limit in [1, 7, 24, 25, 26, 1000] {
        assert_eq!(pages(engine, &range, Page::first(limit)).await, all, "{limit}");
        assert_eq!(pages(engine, &range, Page::last(limit)).await, backward, "{limit}");
    }
    let part = KeyRange::between(&all[3], &all[9]);
    assert_eq!(pages(engine, &part, Page::first(4)).await, all[3..9]);
    assert_eq!(pages(engine, &part, Page::last(4)).await, backward[16..22]);
    assert_eq!(pages(engine, &part, Page::first(4).after(all[8].clone())).await, []);
    assert_eq!(pages(engine, &part, Page::first(4).after(all[20].clone())).await, []);
    assert_eq!(pages(engine, &part, Page::first(4).after(all[0].clone())).await, all[3..9]);
    assert_eq!(pages(engine, &part, Page::last(4).after(all[20].clone())).await, backward[16..22]);
    assert_eq!(pages(engine, &KeyRange::between(&all[9], &all[3]), Page::first(4)).await, []);
    let starting = KeyRange::starting(&key(&["scan", "in"]));
    assert_eq!(pages(engine, &starting, Page::first(10)).await.len(), 27);
}

async fn a_page_stops_at_its_bytes(engine: &dyn Engine) {
    let doc = vec![b'x'; MAX_DOCUMENT];
    for half in 0..2u64 {
        let put = |batch: Batch, n| batch.put(key(&["large"]).number(half * 40 + n, 4), doc.clone());
        commit(engine, (0..40).fold(Batch::default(), put)).await;
    }
    let range = KeyRange::under(&key(&["large"]));
    let rows = engine.scan(&range, Page::first(1000)).await.unwrap();
    let bytes: usize = rows.rows.iter().map(|(key, value)| key.as_bytes().len() + value.doc.len()).sum();
    assert!(bytes <= MAX_PAGE_BYTES && bytes > MAX_PAGE_BYTES - 2 * MAX_DOCUMENT, "{bytes}");
    assert_eq!(rows.next.as_ref(), rows.rows.last().map(|(key, _)| key));
    assert_eq!(pages(engine, &range, Page::first(1000)).await.len(), 80);
    assert_eq!(pages(engine, &range, Page::last(1000)).await.len(), 80);
}

async fn what_is_too_large_is_refused(engine: &dyn Engine) {
    let before = end(engine).await;
    let k = key(&["too-large"]);
    let long = key(&["long", &"k".repeat(MAX_KEY)]);
    let doc = vec![b'x'; MAX_DOCUMENT];
    let many = (0..=MAX_BATCH_KEYS as u64).fold(Batch::default(), |batch, n| batch.delete(key(&["n"]).number(n, 5)));
    let heavy = (0..=(MAX_BATCH_BYTES / MAX_DOCUMENT) as u64)
        .fold(Batch::default(), |batch, n| batch.put(key(&["n"]).number(n, 5), doc.clone()));
    let talkative = (0..=MAX_APPENDS).fold(Batch::default(), |batch, _| batch.append("x"));
    for (batch, named) in [
        (Batch::default().put(k.clone(), vec![b'x'; MAX_DOCUMENT + 1]), Some(&k)),
        (Batch::default().put(long.clone(), "x"), Some(&long)),
        (Batch::default().delete(long.clone()), Some(&long)),
        (Batch::default().expect(long.clone(), Version::ABSENT), Some(&long)),
        (Batch::default().append(vec![b'x'; MAX_DOCUMENT + 1]), None),
        (many, None),
        (heavy, None),
        (talkative, None),
    ] {
        match engine.commit(batch).await {
            Err(EngineError::TooLarge(key)) => assert!(named.is_none_or(|named| *named == key), "{key:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(end(engine).await, before);
    commit(engine, Batch::default().put(k, doc)).await;
}

async fn the_feed_has_no_gaps(engine: &dyn Engine) {
    let start = end(engine).await;
    let mut said = Vec::new();
    for n in 0..10u64 {
        let entries = n % 3;
        let batch = (0..entries).fold(Batch::default(), |batch, i| batch.append(format!("{n}.{i}")));
        let at = commit(engine, batch).await;
        assert_eq!(at.0, start.0 + 1 + n);
        said.extend((0..entries).map(|i| (at, format!("{n}.{i}"))));
    }
    for limit in [1, 2, 5, 100] {
        let (mut heard, mut after) = (Vec::new(), start);
        loop {
            let feed = engine.feed(after, limit, Duration::ZERO).await.unwrap();
            assert!(feed.entries.len() <= limit + 1);
            assert!(feed.upto >= after);
            after = feed.upto;
            if feed.entries.is_empty() {
                break;
            }
            heard.extend(feed.entries.into_iter().map(|e| (e.position, String::from_utf8(e.doc.to_vec()).unwrap())));
        }
        assert_eq!(heard, said, "{limit}");
        assert_eq!(after.0, start.0 + 10);
    }
    let beyond = engine.feed(Position(u64::MAX), 10, Duration::ZERO).await.unwrap();
    assert!(beyond.entries.is_empty());
}

async fn a_commit_is_not_torn_apart_in_the_feed(engine: &dyn Engine) {
    let start = end(engine).await;
    let batch = (0..MAX_APPENDS).fold(Batch::default(), |batch, n| batch.append(n.to_string()));
    commit(engine, batch).await;
    commit(engine, Batch::default().append("next")).await;
    let feed = engine.feed(start, 1, Duration::ZERO).await.unwrap();
    let heard: Vec<_> = feed.entries.iter().map(|entry| String::from_utf8(entry.doc.to_vec()).unwrap()).collect();
    assert_eq!(heard, (0..MAX_APPENDS).map(|n| n.to_string()).collect::<Vec<_>>());
}

async fn the_feed_wakes_who_waits(engine: &Arc<dyn Engine>) {
    let start = end(&**engine).await;
    let waiting = tokio::spawn({
        let engine = Arc::clone(engine);
        async move { engine.feed(start, 10, Duration::from_secs(60)).await.unwrap() }
    });
    commit(&**engine, Batch::default().put(key(&["silent"]), "x")).await;
    let at = commit(&**engine, Batch::default().append("spoken")).await;
    let feed = waiting.await.unwrap();
    assert_eq!(feed.entries.iter().map(|entry| entry.position).collect::<Vec<_>>(), [at]);
    let asked = Instant::now();
    let silence = engine.feed(at, 10, Duration::from_millis(30)).await.unwrap();
    assert!(silence.entries.is_empty() && asked.elapsed() >= Duration::from_millis(30));
    assert_eq!(silence.upto, at);
}

async fn no_update_is_lost(engine: &Arc<dyn Engine>) {
    let start = end(&**engine).await;
    let writers = (0..20u64).map(|writer| {
        let engine = Arc::clone(engine);
        tokio::spawn(async move {
            let counter = key(&["count"]).number(writer % 2, 1);
            for _ in 0..10 {
                loop {
                    let (n, version) = number(&*engine, &counter).await;
                    let batch = Batch::default()
                        .expect(counter.clone(), version)
                        .put(counter.clone(), (n + 1).to_string())
                        .append(format!("{}:{}", writer % 2, n + 1));
                    match engine.commit(batch).await.unwrap() {
                        Commit::Done(_) => break,
                        // The winner is durable: what is read now is newer.
                        Commit::Conflict(keys) => {
                            assert_eq!(keys, std::slice::from_ref(&counter));
                            assert!(super::version(&*engine, &counter).await > version);
                        }
                    }
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let feed = engine.feed(start, 1000, Duration::ZERO).await.unwrap();
    assert_eq!(feed.upto.0, start.0 + 200);
    for counter in 0..2u64 {
        assert_eq!(number(&**engine, &key(&["count"]).number(counter, 1)).await.0, 100);
        let prefix = format!("{counter}:");
        let order: Vec<u64> = feed
            .entries
            .iter()
            .filter_map(|entry| std::str::from_utf8(&entry.doc).unwrap().strip_prefix(&prefix)?.parse().ok())
            .collect();
        assert_eq!(order, (1..=100).collect::<Vec<_>>(), "the feed is in commit order");
    }
}

async fn one_of_many_wins_a_unique_key(engine: &Arc<dyn Engine>) {
    for round in 0..5u64 {
        let unique = key(&["unique"]).number(round, 2);
        let tries: Vec<_> = (0..16u64)
            .map(|n| {
                let (engine, unique) = (Arc::clone(engine), unique.clone());
                let own = key(&["own"]).number(round, 2).number(n, 2);
                tokio::spawn(async move {
                    let batch = Batch::default().create(unique.clone(), n.to_string()).put(own.clone(), "x");
                    let won = match engine.commit(batch).await.unwrap() {
                        Commit::Done(_) => true,
                        Commit::Conflict(keys) => {
                            assert_eq!(keys, std::slice::from_ref(&unique));
                            false
                        }
                    };
                    assert_eq!(get(&*engine, &own).await.is_some(), won, "a loser leaves nothing");
                    won.then_some(n)
                })
            })
            .collect();
        let mut winners = HashSet::new();
        for attempt in tries {
            winners.extend(attempt.await.unwrap());
        }
        assert_eq!(winners.len(), 1);
        let (holder, _) = number(&**engine, &unique).await;
        assert!(winners.contains(&holder));
    }
}

async fn reading_is_one_snapshot(engine: &Arc<dyn Engine>) {
    let keys: Vec<Key> = (0..8).map(|n| key(&["together"]).number(n, 2)).collect();
    let write = |n: u64| keys.iter().fold(Batch::default(), |batch, key| batch.put(key.clone(), n.to_string()));
    commit(&**engine, write(0)).await;
    let readers: Vec<_> = (0..4)
        .map(|reader| {
            let (engine, keys) = (Arc::clone(engine), keys.clone());
            tokio::spawn(async move {
                let range = KeyRange::under(&key(&["together"]));
                let mut last = Version::ABSENT;
                while last.0 == 0 || get(&*engine, &key(&["together-end"])).await.is_none() {
                    let found: Vec<_> = if reader % 2 == 0 {
                        engine.get(&keys).await.unwrap().into_iter().flatten().collect()
                    } else {
                        let rows = engine.scan(&range, Page::first(100)).await.unwrap();
                        rows.rows.into_iter().map(|(_, value)| value).collect()
                    };
                    assert_eq!(found.len(), 8);
                    assert!(found.iter().all(|value| *value == found[0]), "{found:?}");
                    assert!(found[0].version >= last);
                    last = found[0].version;
                }
            })
        })
        .collect();
    for n in 1..100 {
        commit(&**engine, write(n)).await;
    }
    commit(&**engine, Batch::default().put(key(&["together-end"]), "x")).await;
    for reader in readers {
        reader.await.unwrap();
    }
}
