//! Verifying: our own awards from one read, anybody's badge from what it says and what could be found out.

mod follow;
mod outside;
mod own;
mod receipt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::clock::whole_seconds;
use crate::fetch::Door;
use crate::id::AwardId;
use crate::service::awards::{self, Known, Then};
use crate::service::point_in_time::PointInTime;
use crate::service::{Breakdown, issuer, moment, trust};
use crate::store::ReadSet;
use crate::verification::{self, Challenged, Facts, Presentation, PresentationJudgement, Presented, Report, Verdict};

use self::follow::Handed;
use self::outside::Outside;

pub use own::did_document;
pub use receipt::receipt;

/// What somebody wants to know of a badge.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The moment that is asked about.
    pub when: PointInTime,
    /// Who is said to hold it: a mail address, a DID. Compared, and not kept.
    pub holder: Option<String>,
}

/// One of our own awards, as it is now, and the report on it.
pub struct Spoken {
    /// The award as it is recorded.
    pub known: Known,
    /// What is true of it now.
    pub now: Then,
    /// On its newest credential; of the moment that was asked about, it says what was true beside that.
    pub report: Report,
}

/// The report on one of our own awards: one read of its history, its credential and its key, nothing fetched.
///
/// `None` if there is no such award that the public may know of.
pub async fn award(app: &App, id: AwardId, when: PointInTime) -> Result<Option<Spoken>, Breakdown> {
    spoken(app, id, &Asked { when, holder: None }).await
}

async fn spoken(app: &App, id: AwardId, asked: &Asked) -> Result<Option<Spoken>, Breakdown> {
    let Some(known) = awards::find(app, id).await? else {
        return Ok(None);
    };
    let now = known.now(app).await?;
    let text = awards::signed(app, &known, now.version().number).await?.text;
    let presented = verification::read(text.as_bytes()).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    let outside = Outside::at_home(app, issuer(app, &mut ReadSet::new()).await?.did);
    let report = inspect(app, &outside, presented, Some((&known, &now)), asked).await?;
    Ok(Some(Spoken { known, now, report }))
}

/// The report on whatever was handed in: a badge in any form, a picture of its QR code, its address, or the number of an
/// award of ours. What was recorded when can be told of our own awards only.
pub async fn anything(app: &App, bytes: &Bytes, asked: &Asked) -> Result<Report, Breakdown> {
    let outside = Outside::of(app, issuer(app, &mut ReadSet::new()).await?.did);
    match follow::handed(&outside, bytes).await? {
        Handed::Award(id) => {
            let found = spoken(app, id, asked).await?;
            Ok(found.map_or_else(|| verification::not_found(moment(app)), |spoken| spoken.report))
        }
        Handed::Nothing(report) => Ok(report(moment(app))),
        Handed::Badge(presented) => badge(app, &outside, *presented, asked).await,
    }
}

/// The report on a credential that was handed in as itself; no address is followed to find it.
pub async fn credential(app: &App, presented: Presented) -> Result<Report, Breakdown> {
    let outside = Outside::of(app, issuer(app, &mut ReadSet::new()).await?.did);
    badge(app, &outside, presented, &Asked::default()).await
}

/// A presentation and all credentials in it. Those of our own are judged by what we publish, as a stranger would.
pub async fn presentation(
    app: &App,
    presentation: Presentation,
    challenged: Challenged,
) -> Result<PresentationJudgement, Breakdown> {
    let outside = Outside::of(app, issuer(app, &mut ReadSet::new()).await?.did);
    let facts = Facts { ours: outside.ours(), listed: trust::all(app).await?, ..Facts::at(moment(app)) };
    outside.settle((presentation, challenged), facts).await
}

async fn badge(app: &App, outside: &Outside<'_>, presented: Presented, asked: &Asked) -> Result<Report, Breakdown> {
    let is_ours = presented.issuer().is_some_and(|issuer| outside.ours().iter().any(|did| did == issuer));
    let own = presented.id().filter(|_| is_ours).and_then(|id| app.urls.award_in(id));
    let known = match own {
        Some(id) => awards::find(app, id).await?,
        None => None,
    };
    let Some(known) = known else {
        return inspect(app, outside, presented, None, asked).await;
    };
    let now = known.now(app).await?;
    inspect(app, outside, presented, Some((&known, &now)), asked).await
}

/// Judges a badge with no service at hand: keys and lists are fetched, nobody is listed, nothing is recorded.
pub async fn alone(
    door: &Door,
    bytes: &Bytes,
    now: DateTime<Utc>,
    as_of: Option<DateTime<Utc>>,
    holder: Option<String>,
) -> Result<Report, Breakdown> {
    let now = whole_seconds(now);
    let outside = Outside::alone(door);
    match follow::handed(&outside, bytes).await? {
        Handed::Badge(presented) => {
            let facts = Facts { as_of: as_of.map(whole_seconds), holder, ..Facts::at(now) };
            outside.settle(*presented, facts).await
        }
        Handed::Award(_) => Ok(verification::not_found(now)),
        Handed::Nothing(report) => Ok(report(now)),
    }
}

/// Judges a badge. What we have `recorded` of it leads, as it is now; others are judged as of the moment asked about.
async fn inspect(
    app: &App,
    outside: &Outside<'_>,
    presented: Presented,
    recorded: Option<(&Known, &Then)>,
    asked: &Asked,
) -> Result<Report, Breakdown> {
    let facts = Facts {
        as_of: asked.when.at,
        ours: outside.ours(),
        listed: trust::all(app).await?,
        holder: asked.holder.clone(),
        own: recorded.map(|(known, now)| own::award(app, known, now, &presented)),
        ..Facts::at(moment(app))
    };
    let then = match recorded {
        Some((known, _)) => own::past(app, known, &presented, asked.when).await?,
        None => None,
    };
    let mut report = outside.settle(presented, facts).await?;
    // Of what may be forged, nothing is told.
    let forged = matches!(report.verdict, Verdict::Invalid | Verdict::Malformed | Verdict::Inconclusive);
    report.then = then.filter(|_| !forged);
    Ok(report)
}
