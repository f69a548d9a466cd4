//! Pictures: drawn when first asked for, kept while they are true, never stored.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::awards::{self, Known};
use super::{Breakdown, moment, program};
use crate::app::{App, InForce};
use crate::id::{AwardId, CredentialVersion};
use crate::program::Certification;
use crate::program::duration::local_day;
use crate::render::{Face, FaceState, bake};
use crate::rules::{self, AwardState, VersionEntry};

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// 600x600 pixels.
    Png,
    /// Vectors, text as paths.
    Svg,
}

impl Format {
    /// The format of a file ending.
    pub fn of(suffix: &str) -> Option<Format> {
        match suffix {
            "png" => Some(Format::Png),
            "svg" => Some(Format::Svg),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Svg => "image/svg+xml",
        }
    }
}

/// A picture and until when it is sure to be true.
pub struct Picture {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// When time alone will change it, if it will.
    pub changes_at: Option<DateTime<Utc>>,
}

/// The live picture of an award: says its state in words. `None`: no public record.
pub async fn live(app: &App, award: AwardId, format: Format) -> Result<Option<Picture>, Breakdown> {
    let Some(known) = awards::find(app, award).await? else {
        return Ok(None);
    };
    let now = moment(app);
    let zone = known.basis.program.timezone;
    let state = rules::state_at(known.award(), known.dated_by(), zone, now);
    let day = |at| local_day(at, zone);
    let (state, changes_at) = match state {
        AwardState::Valid { until } => (FaceState::Valid { until: until.map(day) }, until),
        AwardState::Expired { since, .. } => (FaceState::Expired { on: day(since) }, None),
        AwardState::Suspended { since, .. } => (FaceState::Suspended { since: day(since) }, None),
        AwardState::Revoked { since, .. } => (FaceState::Revoked { since: day(since) }, None),
        AwardState::NotYetValid { from } => (FaceState::Plain, Some(from)),
    };
    let bytes = draw(app, (&known, &known.basis), known.award().current(), state, format)?;
    Ok(Some(Picture { bytes, changes_at }))
}

/// The badge of one version with its credential baked in. `None`: no such award or version, or not served any more.
pub async fn baked(
    app: &App,
    award: AwardId,
    version: Option<CredentialVersion>,
    format: Format,
) -> Result<Option<Vec<u8>>, Breakdown> {
    let Some(known) = awards::find(app, award).await? else {
        return Ok(None);
    };
    let Some((award, entry)) = awards::served_here(&known, version) else {
        return Ok(None);
    };
    let credential = awards::signed_of(app, &known, award, entry.number).await?;
    let basis = program::version(app, entry.program).await?;
    let plain = draw(app, (&known, &basis), entry, FaceState::Plain, format)?;
    let baked = match format {
        Format::Png => bake::png(&plain, &credential.text),
        Format::Svg => {
            let svg = std::str::from_utf8(&plain).map_err(|e| Breakdown::Drawing(e.to_string()))?;
            bake::svg(svg, &credential.text).map(String::into_bytes)
        }
    };
    baked.map(Some).map_err(|e| Breakdown::Drawing(e.to_string()))
}

/// The 1200x630 preview of an award; it says nothing that could go stale. `None`: no public record.
pub async fn card(app: &App, award: AwardId) -> Result<Option<Arc<[u8]>>, Breakdown> {
    let Some(known) = awards::find(app, award).await? else {
        return Ok(None);
    };
    let award = known.award().id;
    let qr = app.urls.qr(award);
    let current = known.award().current();
    let key = format!("card {award} {} {}", current.number, known.basis.record.version);
    kept(app, key, || {
        let face = award_face(&known, &known.basis, current, FaceState::Plain, &qr)?;
        app.painter.card_png(&face, app.urls.host()).map_err(|e| Breakdown::Drawing(e.to_string()))
    })
    .map(Some)
}

/// The picture of what can be held, without an award.
pub async fn achievement(app: &App, certification: &str, format: Format) -> Result<Option<Arc<[u8]>>, Breakdown> {
    let Some(id) = certification.parse().ok() else { return Ok(None) };
    let Some(in_force) = program::defining(app, &id).await? else { return Ok(None) };
    let Some(certification) = in_force.program.certification(&id) else { return Ok(None) };
    let face = face(&in_force, certification);
    let key = format!("achievement {} {} {format:?}", certification.id, in_force.record.version);
    kept(app, key, || paint(app, &face, format)).map(Some)
}

/// What stands where an award has no public record.
pub fn no_record(app: &App, format: Format) -> Result<Arc<[u8]>, Breakdown> {
    kept(app, format!("no record {format:?}"), || match format {
        Format::Png => app.painter.no_record_png().map_err(|e| Breakdown::Drawing(e.to_string())),
        Format::Svg => Ok(app.painter.no_record_svg().into_bytes()),
    })
}

fn draw(
    app: &App,
    (known, basis): (&Known, &InForce),
    version: &VersionEntry,
    state: FaceState,
    format: Format,
) -> Result<Arc<[u8]>, Breakdown> {
    let qr = app.urls.qr(known.award().id);
    let key = format!("badge {} {} {} {state:?} {format:?}", known.award().id, version.number, basis.record.version);
    kept(app, key, || paint(app, &award_face(known, basis, version, state, &qr)?, format))
}

fn award_face<'a>(
    known: &Known,
    basis: &'a InForce,
    version: &VersionEntry,
    state: FaceState,
    qr: &'a str,
) -> Result<Face<'a>, Breakdown> {
    let certification = basis.program.certification(&known.pointer.certification);
    let certification = certification.ok_or(Breakdown::Missing("the certification of an award"))?;
    let zone = basis.program.timezone;
    Ok(Face {
        awarded: Some(local_day(version.awarded_at, zone)),
        until: version.valid_until.map(|until| local_day(until, zone)),
        award: Some(known.award().id),
        qr: Some(qr),
        state,
        test: known.realm.is_test(),
        ..face(basis, certification)
    })
}

fn face<'a>(in_force: &'a InForce, certification: &'a Certification) -> Face<'a> {
    Face {
        certification: &certification.name,
        level: certification.level.as_ref().and_then(|id| in_force.program.level(id)).map(|l| l.name.as_str()),
        theme: certification.theme,
        vendor: &in_force.program.issuer.name,
        logo: in_force.logo(),
        artwork: in_force.artwork(certification),
        awarded: None,
        until: None,
        award: None,
        qr: None,
        state: FaceState::Plain,
        test: false,
    }
}

fn paint(app: &App, face: &Face<'_>, format: Format) -> Result<Vec<u8>, Breakdown> {
    match format {
        Format::Png => app.painter.badge_png(face).map_err(|e| Breakdown::Drawing(e.to_string())),
        Format::Svg => {
            app.painter.badge_svg(face).map(String::into_bytes).map_err(|e| Breakdown::Drawing(e.to_string()))
        }
    }
}

fn kept(app: &App, key: String, draw: impl FnOnce() -> Result<Vec<u8>, Breakdown>) -> Result<Arc<[u8]>, Breakdown> {
    let held = "no panic while the pictures are held";
    if let Some(found) = app.caches.pictures.read().expect(held).get(&key) {
        return Ok(found);
    }
    let drawn: Arc<[u8]> = aside(draw)?.into();
    app.caches.pictures.write().expect(held).put(key, drawn.clone());
    Ok(drawn)
}

/// Drawing takes milliseconds: other requests go on meanwhile, where the runtime has other threads.
fn aside<T>(draw: impl FnOnce() -> T) -> T {
    let threads = Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if threads { tokio::task::block_in_place(draw) } else { draw() }
}
