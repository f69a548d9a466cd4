//! Files that are not as they were written: what an opening left behind that was broken off, and flipped bits.

use std::fs;
use std::path::{Path, PathBuf};

use assay::store::engine::sled::SledEngine;
use assay::store::{Batch, Engine, EngineError};

use super::{commit, key, open};

const DOCUMENTS: u64 = 300;

fn document(n: u64) -> String {
    format!("#{n} {}", "0123456789abcdef".repeat(1_500 + usize::try_from(n).unwrap()))
}

/// A store that was written, written over, closed, opened, and written again: more than sled goes through when it opens.
async fn written(path: &Path) {
    for round in 0..3 {
        let engine = open(path);
        for n in (0..DOCUMENTS).filter(|n| round < 2 || n % 3 == 0) {
            let doc = if round == 0 { "before".repeat(300) } else { document(n) };
            commit(&engine, Batch::default().put(key(&["d"]).number(n, 4), doc).append("said")).await;
        }
        engine.close().await;
    }
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        } else {
            fs::create_dir(to.path().join(entry.file_name())).unwrap();
        }
    }
    to
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 0x10;
    fs::write(file, bytes).unwrap();
}

fn snapshots(path: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("snap.")).collect()
}

/// The documents that cannot be read; all others are as they were.
async fn unreadable(engine: &SledEngine) -> Vec<u64> {
    let mut unreadable = Vec::new();
    for n in 0..DOCUMENTS {
        let place = key(&["d"]).number(n, 4);
        match engine.get(std::slice::from_ref(&place)).await {
            Ok(found) => assert!(found[0].as_ref().is_some_and(|it| it.doc == document(n)), "{n}: {found:?}"),
            Err(EngineError::Corrupt { key, .. }) => {
                assert_eq!(key, place, "it names what it hit");
                unreadable.push(n);
            }
            Err(error) => panic!("{n}: {error:?}"),
        }
    }
    unreadable
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_off_opening_left_behind_is_no_obstacle() {
    let directory = tempfile::tempdir().unwrap();
    written(directory.path()).await;
    let last = snapshots(directory.path()).pop().unwrap();
    let same = PathBuf::from(format!("{}.generating", last.display()));
    for leftover in [directory.path().join("snap.7FFFFFFFFFFFFFFF.generating"), same] {
        fs::write(&leftover, "x".repeat(100_000)).unwrap();
        let engine = open(directory.path());
        assert!(unreadable(&engine).await.is_empty());
        engine.close().await;
        assert!(!leftover.exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_made_anew_is_made_anew() {
    let original = tempfile::tempdir().unwrap();
    written(original.path()).await;
    let [snapshot] = snapshots(original.path()).try_into().unwrap();
    for file in [snapshot.file_name().unwrap().to_str().unwrap(), "conf"] {
        let length = usize::try_from(fs::metadata(original.path().join(file)).unwrap().len()).unwrap();
        for at in [0, length / 2, length - 1] {
            let directory = copy(original.path());
            flip(&directory.path().join(file), at);
            for _ in 0..2 {
                let engine = open(directory.path());
                assert!(unreadable(&engine).await.is_empty(), "{file} at {at}");
                engine.close().await;
            }
            assert!(directory.path().join(format!("damaged-{file}")).exists());
        }
        let directory = copy(original.path());
        fs::write(directory.path().join(file), "").unwrap();
        let engine = open(directory.path());
        assert!(unreadable(&engine).await.is_empty(), "{file} is empty");
        engine.close().await;
    }
}
