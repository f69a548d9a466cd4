//! A process that is killed while it writes loses nothing that it acknowledged, and tears nothing.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use assay::store::{Engine, Key, KeyRange, Page, Position, Versioned};

use super::child::{self, Role, WRITERS};
use super::open;

const ROUNDS: u64 = 14;
/// A machine under load does fewer rounds.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the children said before they died.
#[derive(Default)]
struct Said {
    /// Position by writer and number.
    acknowledged: HashMap<(u64, u64), u64>,
    /// The highest number that a reader saw, by writer.
    seen: HashMap<u64, u64>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_it_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let mut said = Said::default();
    for round in 0..ROUNDS {
        if started.elapsed() > PATIENCE {
            break;
        }
        // From none to some hundreds of acknowledgements, in no order.
        let limit = (round * 7919 + 5) % 11 * 37;
        run_and_kill(directory.path(), usize::try_from(limit).unwrap(), &mut said);
        // In the other rounds the next child finds what the killed one left.
        if round % 2 == 1 {
            check(directory.path(), &said).await;
        }
    }
    check(directory.path(), &said).await;
    assert!(said.acknowledged.len() > 100);
}

fn run_and_kill(store: &Path, limit: usize, said: &mut Said) {
    let mut child = child::command(&[], Role::Load, store).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (mut line, mut acknowledged, mut killed) = (String::new(), 0, false);
    while lines.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |i: usize| words[i].parse::<u64>().unwrap();
        match words.first() {
            Some(&"A") => {
                acknowledged += 1;
                let before = said.acknowledged.insert((number(1), number(2)), number(3));
                assert_eq!(before, None, "a number was acknowledged twice");
            }
            Some(&"S") => {
                let seen = said.seen.entry(number(1)).or_default();
                *seen = number(2).max(*seen);
            }
            _ => {}
        }
        let ready = acknowledged > 0 || line == "READY\n";
        if ready && acknowledged >= limit && !killed {
            child.kill().unwrap();
            killed = true;
        }
        line.clear();
    }
    child.wait().unwrap();
    assert!(killed, "the child ended by itself");
}

async fn check(store: &Path, said: &Said) {
    let engine = open(store);
    let rows = everything(&engine).await;
    let mut positions = BTreeMap::new();
    for writer in 0..WRITERS {
        let counter = rows.get(&child::counter(writer));
        let last: u64 = counter.map_or(0, |value| text(value).parse().unwrap());
        let seen = said.seen.get(&writer).copied().unwrap_or(0);
        assert!(seen <= last, "a reader saw {seen} of writer {writer}, but only {last} are there");
        for n in 1..=last {
            let document = &rows[&child::document(writer, n)];
            assert_eq!(text(document), child::contents(writer, n));
            let index = &rows[&child::index(writer, n)];
            assert_eq!((text(index), index.version), (format!("{writer} {n}").as_str(), document.version));
            assert_eq!(rows.contains_key(&child::passing(writer, n)), n == last);
            assert_eq!(positions.insert(document.version.0, (writer, n)), None, "one commit, one position");
        }
        assert!(!rows.contains_key(&child::document(writer, last + 1)));
    }
    for (&(writer, n), &position) in &said.acknowledged {
        assert_eq!(positions.get(&position), Some(&(writer, n)), "{writer} {n} was acknowledged");
    }
    let commits = positions.len() as u64;
    assert!(positions.into_keys().eq(1..=commits), "positions have no gaps");
    let documents = rows.keys().filter(|key| !key.as_bytes().starts_with(b"e/")).count() as u64;
    let counters = rows.keys().filter(|key| KeyRange::under(&super::key(&["n"])).contains(key)).count() as u64;
    assert_eq!(documents, 2 * commits + 2 * counters, "nothing is there that belongs to no commit");
    feed_agrees(&engine, &rows, commits).await;
    engine.close().await;
}

async fn feed_agrees(engine: &dyn Engine, rows: &BTreeMap<Key, Versioned>, commits: u64) {
    let (mut after, mut heard) = (Position::START, 0);
    loop {
        let feed = engine.feed(after, 500, Duration::ZERO).await.unwrap();
        for entry in &feed.entries {
            heard += 1;
            assert_eq!(entry.position.0, heard);
            let (writer, n) = std::str::from_utf8(&entry.doc).unwrap().split_once(' ').unwrap();
            let document = child::document(writer.parse().unwrap(), n.parse().unwrap());
            assert_eq!(rows[&document].version.0, entry.position.0);
        }
        after = feed.upto;
        if feed.entries.is_empty() {
            assert_eq!((heard, after.0), (commits, commits));
            return;
        }
    }
}

async fn everything(engine: &dyn Engine) -> BTreeMap<Key, Versioned> {
    let (mut all, mut page) = (BTreeMap::new(), Page::first(10_000));
    loop {
        let rows = engine.scan(&KeyRange::all(), page.clone()).await.unwrap();
        all.extend(rows.rows);
        match rows.next {
            Some(next) => page = page.after(next),
            None => return all,
        }
    }
}

#[track_caller]
fn text(value: &Versioned) -> &str {
    std::str::from_utf8(&value.doc).unwrap()
}
