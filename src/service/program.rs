//! The program in force, parsed once per version.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Breakdown;
use crate::app::{App, InForce};
use crate::program::Program;
use crate::render::Logo;
use crate::store::{Asset, ReadSet};

/// The program in force. The pointer to it is noted in `reads`, so that a decision made under an older one conflicts.
pub async fn in_force(app: &App, reads: &mut ReadSet) -> Result<Arc<InForce>, Breakdown> {
    let version = app.store.current_program(reads).await?.ok_or(Breakdown::Missing("the program in force"))?;
    let cached = app.caches.program.read().expect("no panic while the program is held").clone();
    if let Some(found) = cached.filter(|p| p.record.version == version) {
        return Ok(found);
    }
    let parsed = Arc::new(load(app, version).await?);
    *app.caches.program.write().expect("no panic while the program is held") = Some(parsed.clone());
    Ok(parsed)
}

async fn load(app: &App, version: u32) -> Result<InForce, Breakdown> {
    let record = app.store.program(version).await?.ok_or(Breakdown::Missing("a version of the program"))?;
    let text = content(app, &record.text).await?;
    let text = String::from_utf8(text).map_err(|_| Breakdown::Missing("the text of the program"))?;
    let program = Program::parse(&text).map_err(|faults| Breakdown::Program { version, faults: faults.to_string() })?;
    let mut files = BTreeMap::new();
    for (name, asset) in &record.assets {
        let bytes = content(app, asset).await?;
        let logo = Logo::parse(&bytes).map_err(|e| Breakdown::Program { version, faults: e.to_string() })?;
        files.insert(name.clone(), logo);
    }
    Ok(InForce { record, program, files })
}

async fn content(app: &App, asset: &Asset) -> Result<Vec<u8>, Breakdown> {
    app.store.asset(asset).await?.ok_or(Breakdown::Missing("a file of the program"))
}
