//! Whatever is done to both, the engine on disk answers as the engine in memory does.

use std::time::Duration;

use assay::store::engine::Direction;
use assay::store::engine::memory::MemoryEngine;
use assay::store::{Batch, Engine, Key, KeyRange, Page, Position, Version};
use proptest::prelude::*;

use super::{key, open};

#[derive(Debug, Clone)]
enum Step {
    Commit { expect: Vec<(u8, u8)>, put: Vec<(u8, u16)>, delete: Vec<u8>, append: u8 },
    Scan { from: u8, to: u8, limit: usize, after: Option<u8>, backward: bool },
    Feed { after: u8, limit: usize },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (
            prop::collection::vec((0u8..12, 0u8..30), 0..2),
            prop::collection::vec((0u8..12, 0u16..2000), 0..4),
            prop::collection::vec(0u8..12, 0..3),
            0u8..3,
        ).prop_map(|(expect, put, delete, append)| Step::Commit { expect, put, delete, append }),
        3 => (0u8..12, 0u8..13, 1usize..6, prop::option::of(0u8..12), any::<bool>())
            .prop_map(|(from, to, limit, after, backward)| Step::Scan { from, to, limit, after, backward }),
        2 => (0u8..30, 1usize..5).prop_map(|(after, limit)| Step::Feed { after, limit }),
        1 => Just(Step::Reopen),
    ]
}

fn name(n: u8) -> Key {
    key(&["m"]).number(u64::from(n), 2)
}

async fn play(engine: &dyn Engine, step: &Step) -> String {
    match step {
        Step::Commit { expect, put, delete, append } => {
            let mut batch = Batch::default();
            for (k, version) in expect {
                batch = batch.expect(name(*k), Version(u64::from(*version / 2)));
            }
            for (k, len) in put {
                batch = batch.put(name(*k), "d".repeat(usize::from(*len)));
            }
            batch.delete = delete.iter().map(|k| name(*k)).collect();
            batch = (0..*append).fold(batch, |batch, n| batch.append(n.to_string()));
            format!("{:?}", engine.commit(batch).await.unwrap())
        }
        Step::Scan { from, to, limit, after, backward } => {
            let direction = if *backward { Direction::Backward } else { Direction::Forward };
            let page = Page { after: after.map(name), limit: *limit, direction };
            format!("{:?}", engine.scan(&KeyRange::between(&name(*from), &name(*to)), page).await.unwrap())
        }
        Step::Feed { after, limit } => {
            format!("{:?}", engine.feed(Position(u64::from(*after)), *limit, Duration::ZERO).await.unwrap())
        }
        Step::Reopen => String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_engines_answer_alike(steps in prop::collection::vec(step(), 1..60)) {
        let directory = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let memory = MemoryEngine::new();
            let mut disk = open(directory.path());
            for step in &steps {
                if matches!(step, Step::Reopen) {
                    disk.close().await;
                    disk = open(directory.path());
                }
                prop_assert_eq!(play(&disk, step).await, play(&memory, step).await);
            }
            let everything = |engine| play_all(engine);
            prop_assert_eq!(everything(&disk as &dyn Engine).await, everything(&memory).await);
            disk.close().await;
            Ok(())
        })?;
    }
}

async fn play_all(engine: &dyn Engine) -> String {
    format!("{:?}", engine.scan(&KeyRange::all(), Page::first(10_000)).await.unwrap())
}
