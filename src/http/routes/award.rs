//! `/v/{award}`: where every link and QR code leads.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{site, split_suffix};
use crate::app::App;
use crate::http::extract::{Path, PublicQuery};
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::page::{AwardFacts, AwardPage, NoRecordPage, ReportPage};
use crate::http::problem::{Code, Problem};
use crate::id::AwardId;
use crate::render::qr_svg_path;
use crate::service::moment;
use crate::service::point_in_time::PointInTime;
use crate::service::program::effective_from;
use crate::service::verify::{self, Spoken};
use crate::verification::{self, Report};

/// The moment an answer shall be about.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct When {
    /// What was true then: a day (`2026-03-01`, its last second in the program's time zone) or a moment with its time zone
    /// (`2026-03-01T10:00:00Z`). Now unless told.
    pub(super) at: Option<String>,
    /// By what had been recorded then, in the same forms. Now unless told; alone, it is also the moment asked about.
    pub(super) known: Option<String>,
}

impl When {
    /// Neither lies in the future.
    pub(super) async fn read(&self, app: &App) -> Result<PointInTime, Problem> {
        Ok(PointInTime::read(app, self.at.as_deref(), self.known.as_deref()).await?)
    }
}

/// The verification page of an award: what is true today, and of the moment that is asked about, what was, beside it; as a report with `.json` or `Accept: application/json`.
#[utoipa::path(
    get, path = "/v/{award}", tag = "verify", operation_id = "verification_page",
    params(("award" = String, Path, description = "The award's number, with `.json` for the report"), When),
    responses(
        (status = 200, description = "The page, or the report", body = Report),
        (status = 301, description = "The number was written in another way"),
        (status = 404, description = "No public record under this number"),
        (status = 422, description = "The moment lies in the future"),
    )
)]
pub(in crate::http) async fn award(
    State(app): State<Arc<App>>,
    Path(given): Path<String>,
    PublicQuery(when): PublicQuery<When>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (number, suffix) = split_suffix(&given);
    let json = match suffix {
        None => choose_or_first(&headers, &[Media::Html, Media::Json]) == Media::Json,
        Some("json") => true,
        Some(_) => return Err(Problem::new(Code::NotFound, "").hint("Ask for /v/{award} or /v/{award}.json.")),
    };
    let when = when.read(&app).await?;
    let found = match number.parse::<AwardId>() {
        Ok(id) => verify::award(&app, id, when).await?,
        Err(_) => None,
    };
    let Some(Spoken { known, now, report }) = found else {
        return if json {
            Ok(report_json(StatusCode::NOT_FOUND, &verification::not_found(moment(&app)))?)
        } else {
            no_record(&app).await
        };
    };
    if json {
        return report_json(StatusCode::OK, &report);
    }
    let (_, site) = site(&app).await?;
    let Some(certification) = now.certification(&known) else {
        return Ok(ReportPage::new(&site, &report).into_response());
    };
    let qr = qr_svg_path(&app.urls.qr(known.award().id)).map_err(Problem::internal)?;
    let dated_by = now.version().program;
    let facts = AwardFacts {
        program: &now.basis.program,
        certification,
        award: &now.award,
        joined: known.alias(),
        tell_reasons: known.in_force.program.privacy.reasons,
        dated_by: (dated_by, effective_from(&app, dated_by).await?),
        report: &report,
        qr: Some((&qr.0, qr.1)),
    };
    Ok(AwardPage::new(&site, &facts).into_response())
}

async fn no_record(app: &App) -> Result<Response, Problem> {
    let (_, site) = site(app).await?;
    Ok(NoRecordPage::new(&site).into_response())
}

/// A report for programs.
pub(super) fn report_json(status: StatusCode, report: &impl serde::Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(report).map_err(Problem::internal)?;
    let cache = if status == StatusCode::OK { Cache::Page } else { Cache::NoStore };
    Ok(Answer::new(Media::Json.content_type(), Audience::PublicData, cache, body)
        .status(status)
        .negotiated()
        .into_response())
}
