//! The engine that other tests break on purpose breaks where it says.

use std::sync::Arc;

use assay::store::engine::memory::MemoryEngine;
use assay::store::{Batch, Engine, EngineError};

use super::{key, number};
use crate::support::faulty::FaultyEngine;

/// Counts one up, as a caller who reads again after a fault.
async fn count(engine: &dyn Engine) -> Result<(), EngineError> {
    let counter = key(&["counter"]);
    let found = engine.get(std::slice::from_ref(&counter)).await?.remove(0);
    let batch = match found {
        Some(_) => return Ok(()),
        None => Batch::default().create(counter, "1"),
    };
    engine.commit(batch).await.map(|_| ())
}

#[tokio::test]
async fn a_use_case_is_broken_at_every_step_in_turn() {
    let mut seen = Vec::new();
    for step in 0.. {
        let memory = Arc::new(MemoryEngine::new());
        let engine = FaultyEngine::new(Arc::clone(&memory) as Arc<dyn Engine>, step);
        let first = count(&engine).await;
        let stored = number(&*memory, &key(&["counter"])).await.0;
        seen.push(match &first {
            Ok(()) => format!("done, {stored}"),
            Err(EngineError::Unavailable(_)) => format!("unavailable, {stored}"),
            Err(EngineError::Unknown(_)) => format!("unknown, {stored}"),
            Err(error) => panic!("{error}"),
        });
        if !engine.has_failed() {
            break;
        }
        count(&engine).await.unwrap();
        assert_eq!(number(&*memory, &key(&["counter"])).await.0, 1);
    }
    assert_eq!(seen, ["unavailable, 0", "unavailable, 0", "unknown, 1", "done, 1"]);
}
