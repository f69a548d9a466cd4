//! The page that every link and QR code of an award leads to.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::escape::{plain, script_json};
use super::share::Shared;
use super::site::Moment;
use super::{Band, CheckLine, Share, Site};
use crate::http::negotiate::Media;
use crate::program::{Certification, Program};
use crate::rules::{Award, Happening, HistoryEntry, Reason};
use crate::verification::{Past, Report, Verdict};
use crate::words::{HistoryWords, Words};

/// What the page is filled from.
#[derive(Debug, Clone, Copy)]
pub struct AwardFacts<'a> {
    /// The rule book that the award's current version names.
    pub program: &'a Program,
    /// What is held, as of that rule book.
    pub certification: &'a Certification,
    /// With its history, as far as it is spoken of.
    pub award: &'a Award,
    /// The award that was asked for, where that was joined with this one: it keeps its own history.
    pub joined: Option<&'a Award>,
    /// Whether the program in force now lets codes of reasons be told.
    pub tell_reasons: bool,
    /// Number of that rule book's version, and from when it decided.
    pub dated_by: (u32, Option<DateTime<Utc>>),
    /// Of its current credential.
    pub report: &'a Report,
    /// `d` and side of the QR symbol's path, for print (`render::qr_svg_path` of [`crate::urls::Urls::qr`]).
    pub qr: Option<(&'a str, usize)>,
}

/// `GET /v/{award}` for people.
#[derive(Template)]
#[template(path = "pages/award.html")]
pub struct AwardPage<'a> {
    site: &'a Site,
    w: &'static Words,
    band: Band,
    past: Option<&'a Past>,
    dated_by: String,
    name: String,
    holder: Option<String>,
    track: Option<String>,
    level: Option<String>,
    criteria: String,
    achievement: String,
    awarded: Moment,
    until: Option<Moment>,
    until_label: &'static str,
    number: String,
    checks: Vec<CheckLine>,
    history: Vec<HistoryLine>,
    share: Option<Share>,
    links: Links,
    report_url: String,
    qr: Option<(&'a str, usize)>,
    structured: String,
}

struct Links {
    page: String,
    /// Absolute, for programs that were led here by a QR code.
    credential: String,
    picture: String,
    card: String,
    json: String,
    png: String,
    svg: String,
}

struct HistoryLine {
    what: &'static str,
    at: Moment,
    /// Only if we heard of it on another day.
    recorded: Option<Moment>,
    /// The reason, or until when it made the award valid.
    note: Option<String>,
}

impl<'a> AwardPage<'a> {
    /// Everything on the page follows from these.
    pub fn new(site: &'a Site, facts: &AwardFacts<'a>) -> Self {
        let AwardFacts { program, certification, award, joined, tell_reasons, dated_by, report, qr } = *facts;
        let (w, current, urls) = (site.words(), award.current(), &site.urls);
        let is_valid = report.verdict == Verdict::Valid;
        let local = |address: String| urls.local(&address).to_owned();
        let name = certification.name.clone();
        let shared =
            Shared { award: award.id, name: &name, awarded_at: current.awarded_at, valid_until: current.valid_until };
        AwardPage {
            site,
            w,
            band: Band::new(site, report),
            past: report.then.as_ref(),
            dated_by: match dated_by {
                (version, Some(from)) => (w.award.dated_by)(version, &site.day(from).words),
                (version, None) => (w.award.dated_by_unknown)(version),
            },
            holder: report.credential.holder.clone(),
            track: program.track(&certification.track).map(|track| track.name.clone()),
            level: certification.level.as_ref().and_then(|id| program.level(id)).map(|level| level.name.clone()),
            criteria: certification.criteria.clone(),
            achievement: site.achievement(&certification.id),
            awarded: site.day(current.awarded_at),
            until: current.valid_until.map(|at| site.day(at)),
            until_label: if is_valid { w.award.valid_until } else { w.award.end_of_term },
            number: award.id.grouped(),
            checks: CheckLine::all(report, w),
            history: history(site, award, joined, tell_reasons),
            share: is_valid.then(|| Share::new(site, shared)),
            links: Links {
                page: urls.award_page(award.id),
                credential: urls.credential_as(award.id, "json"),
                // What does not hold shines on no page: the live picture says so itself.
                picture: local(if is_valid {
                    urls.achievement_image(&certification.id, "svg")
                } else {
                    urls.badge(award.id, "svg")
                }),
                card: urls.card(award.id),
                json: local(urls.credential_as(award.id, "json")),
                png: local(urls.credential_as(award.id, "png")),
                svg: local(urls.credential_as(award.id, "svg")),
            },
            report_url: report_url(site, &award.id.grouped()),
            qr,
            structured: structured(site, facts),
            name,
        }
    }
}

impl IntoResponse for AwardPage<'_> {
    fn into_response(self) -> Response {
        let media = Media::VcLdJson.content_type();
        super::page(&self, |answer| answer.negotiated().alternate(&self.links.credential, media))
    }
}

/// What happened to the award; of one that was joined with another, what happened to itself, and to both since.
fn history(site: &Site, award: &Award, joined: Option<&Award>, reasons: bool) -> Vec<HistoryLine> {
    let own = joined.iter().flat_map(|own| own.history.iter().map(|entry| (*own, entry)));
    let since = joined.and_then(|own| {
        let joining = Happening::Merged { other: own.id };
        award.history.iter().position(|entry| entry.what == joining)
    });
    let both = award.history.iter().skip(since.unwrap_or(0)).map(|entry| (award, entry));
    own.chain(both).map(|(award, entry)| history_line(site, award, entry, reasons)).collect()
}

fn history_line(site: &Site, award: &Award, entry: &HistoryEntry, reasons: bool) -> HistoryLine {
    let words = &site.words().history;
    let until = |number| {
        let until = award.version(number)?.valid_until?;
        Some((words.valid_until)(&site.day(until).words))
    };
    let (what, note) = match entry.what {
        Happening::Issued { version } => (words.issued, until(version)),
        Happening::Renewed { version } => (words.renewed, until(version)),
        Happening::Corrected { .. } => (words.corrected, None),
        Happening::Extended { version } => (words.extended, until(version)),
        Happening::Expired => (words.expired_early, None),
        Happening::Merged { .. } => (words.merged, None),
        Happening::Suspended { reason } => (words.suspended, reason_in_words(reason, words).filter(|_| reasons)),
        Happening::Reinstated { .. } => (words.reinstated, None),
        Happening::Revoked { reason } => (words.revoked, reason_in_words(reason, words).filter(|_| reasons)),
    };
    let (at, recorded) = (site.day(entry.valid_at), site.day(entry.recorded_at));
    let recorded = (recorded != at).then_some(recorded);
    HistoryLine { what, at, recorded, note }
}

/// "Other" says nothing, so nothing is said.
fn reason_in_words(reason: Reason, words: &HistoryWords) -> Option<String> {
    let said = match reason {
        Reason::IssuedInError => words.issued_in_error,
        Reason::RequirementsNotMet => words.requirements_not_met,
        Reason::HolderRequest => words.holder_request,
        Reason::KeyCompromise => words.key_compromise,
        Reason::UnderReview => words.under_review,
        Reason::UpkeepMissed => words.upkeep_missed,
        Reason::Other => return None,
    };
    Some(said.to_owned())
}

/// A mail gets a subject, so that the vendor knows which badge is meant.
fn report_url(site: &Site, number: &str) -> String {
    let subject = (site.words().award.report_subject)(number).replace(' ', "%20");
    match site.report_url.strip_prefix("mailto:") {
        Some(address) if !address.contains('?') => format!("mailto:{address}?subject={subject}"),
        _ => site.report_url.clone(),
    }
}

/// For search engines and assistants: nothing of the holder.
fn structured(site: &Site, facts: &AwardFacts<'_>) -> String {
    let (award, current) = (facts.award, facts.award.current());
    let active = if facts.report.verdict == Verdict::Valid { "Active" } else { "Inactive" };
    let page = site.urls.award_page(award.id);
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "Certification",
        "@id": page,
        "url": page,
        "name": plain(&facts.certification.name),
        "certificationIdentification": award.id.grouped(),
        "certificationStatus": format!("https://schema.org/Certification{active}"),
        "issuedBy": {"@type": "Organization", "name": plain(&site.vendor), "url": site.vendor_url},
        "validFrom": site.day(current.awarded_at).datetime,
    });
    if let Some(until) = current.valid_until {
        value["expires"] = json!(site.day(until).datetime);
    }
    script_json(&value)
}
