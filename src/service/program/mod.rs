//! The versions of the program, each parsed once; how one comes into force, and what it would change.

mod apply;
mod definitions;
mod preview;
mod reviews;
mod versions;

pub use apply::{Application, Applied, ApplyError, FARTHEST, Fate, MOST_BYTES, Outcome, apply, decide};
pub use definitions::{Definition, DefinitionChange, changed};
pub use preview::{Line, LineKind, MOST_LINES, Preview};
pub(super) use preview::{demand_line, name_of};
pub(crate) use reviews::tell_due;
pub use reviews::{Review, ReviewError, reviewed, reviews};
pub use versions::{Overview, VersionState, VersionView, VersionWithText, overview, show};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Breakdown, moment};
use crate::app::{App, InForce};
use crate::id::CertificationId;
use crate::program::Program;
use crate::render::Logo;
use crate::store::{Asset, ReadSet};
use crate::words::mails::{OwnTexts, is_own_text};

/// The program in force now. The timeline of versions is noted in `reads`, so that a decision made under another conflicts.
pub async fn in_force(app: &App, reads: &mut ReadSet) -> Result<Arc<InForce>, Breakdown> {
    in_force_at(app, moment(app), reads).await
}

/// The program in force at `at`; before its first version, that.
pub async fn in_force_at(app: &App, at: DateTime<Utc>, reads: &mut ReadSet) -> Result<Arc<InForce>, Breakdown> {
    let timeline = app.store.program_timeline(reads).await?.unwrap_or_default();
    let number = timeline.at(at).ok_or(Breakdown::Missing("the program in force"))?;
    version(app, number).await
}

/// Every version that decided until `now`, each with its first moment, ascending: never empty, and the last one is in force.
/// The timeline of versions is noted in `reads`, so that a decision made under another conflicts.
pub async fn decided(
    app: &App,
    now: DateTime<Utc>,
    reads: &mut ReadSet,
) -> Result<Vec<(DateTime<Utc>, Arc<InForce>)>, Breakdown> {
    let timeline = app.store.program_timeline(reads).await?.unwrap_or_default();
    let mut decided = Vec::new();
    for effective in timeline.versions.iter().filter(|known| known.from <= now) {
        decided.push((effective.from, version(app, effective.version).await?));
    }
    if decided.is_empty() {
        decided.push((now, in_force_at(app, now, reads).await?));
    }
    Ok(decided)
}

/// The last version that defines a certification and that has come into force: what was ever offered keeps its address.
/// `None` if none does.
pub async fn defining(app: &App, certification: &CertificationId) -> Result<Option<Arc<InForce>>, Breakdown> {
    let now = moment(app);
    let timeline = app.store.program_timeline(&mut ReadSet::new()).await?.unwrap_or_default();
    let begun = timeline.at(now);
    for effective in timeline.versions.iter().rev().filter(|v| v.from <= now || Some(v.version) == begun) {
        let known = version(app, effective.version).await?;
        if known.program.certification(certification).is_some() {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// From when a version decided, decides or shall; `None` for one that was never put in force.
pub async fn effective_from(app: &App, number: u32) -> Result<Option<DateTime<Utc>>, Breakdown> {
    let timeline = app.store.program_timeline(&mut ReadSet::new()).await?.unwrap_or_default();
    Ok(timeline.versions.iter().find(|v| v.version == number).map(|v| v.from))
}

/// One version of the program, parsed once.
pub async fn version(app: &App, number: u32) -> Result<Arc<InForce>, Breakdown> {
    let known = |programs: &HashMap<u32, Arc<InForce>>| programs.get(&number).cloned();
    if let Some(found) = known(&app.caches.programs.read().expect("no panic while the programs are held")) {
        return Ok(found);
    }
    let parsed = Arc::new(load(app, number).await?);
    app.caches.programs.write().expect("no panic while the programs are held").insert(number, parsed.clone());
    Ok(parsed)
}

async fn load(app: &App, version: u32) -> Result<InForce, Breakdown> {
    let record = app.store.program(version).await?.ok_or(Breakdown::Missing("a version of the program"))?;
    let text = content(app, &record.text).await?;
    let text = String::from_utf8(text).map_err(|_| Breakdown::Missing("the text of the program"))?;
    let program = Program::parse(&text).map_err(|faults| Breakdown::Program { version, faults: faults.to_string() })?;
    let (mut files, mut texts) = (BTreeMap::new(), OwnTexts::default());
    for (name, asset) in &record.assets {
        let bytes = content(app, asset).await?;
        if is_own_text(name) {
            texts.add(name, &bytes).map_err(|e| Breakdown::Program { version, faults: e.to_string() })?;
            continue;
        }
        let logo = Logo::parse(&bytes).map_err(|e| Breakdown::Program { version, faults: e.to_string() })?;
        files.insert(name.clone(), logo);
    }
    Ok(InForce { record, program, files, texts })
}

async fn content(app: &App, asset: &Asset) -> Result<Vec<u8>, Breakdown> {
    app.store.asset(asset).await?.ok_or(Breakdown::Missing("a file of the program"))
}
