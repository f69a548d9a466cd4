//! The front page: who issues here, what can be held, and the way to check a badge.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::Site;
use crate::program::{Certification, Program};
use crate::words::Words;

/// `GET /`.
#[derive(Template)]
#[template(path = "pages/home.html")]
pub struct HomePage<'a> {
    site: &'a Site,
    w: &'static Words,
    program: &'a str,
    canonical: String,
    tracks: Vec<TrackSection<'a>>,
}

struct TrackSection<'a> {
    name: &'a str,
    audience: Option<&'a str>,
    cards: Vec<Card<'a>>,
}

struct Card<'a> {
    name: &'a str,
    description: &'a str,
    level: Option<&'a str>,
    validity: Option<String>,
    /// It is no longer offered; what is held runs out.
    closed: Option<String>,
    page: String,
    picture: String,
}

impl<'a> HomePage<'a> {
    /// The catalogue as it stands on `today`, the vendor's day: by track, and within it by level.
    pub fn new(site: &'a Site, program: &'a Program, today: NaiveDate) -> Self {
        let open: Vec<&Certification> = program.certifications.iter().filter(|c| has_opened(c, today)).collect();
        let section = |track: &'a crate::program::Track| {
            let mut held: Vec<&Certification> = open.iter().copied().filter(|c| c.track == track.id).collect();
            held.sort_by_key(|c| rank(program, c));
            let cards = held.into_iter().map(|c| card(site, program, c, today)).collect();
            TrackSection { name: &track.name, audience: track.audience.as_deref(), cards }
        };
        let tracks = program.tracks.iter().map(section).filter(|s| !s.cards.is_empty()).collect();
        HomePage { site, w: site.words(), program: &program.name, canonical: site.urls.home(), tracks }
    }
}

impl IntoResponse for HomePage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, super::Answer::indexed)
    }
}

/// What is closed stays on the page: people hold it.
fn has_opened(certification: &Certification, today: NaiveDate) -> bool {
    certification.opens.is_none_or(|day| day <= today)
}

/// Position of the level; what has none comes last.
fn rank(program: &Program, certification: &Certification) -> usize {
    let level = certification.level.as_ref();
    program.levels.iter().position(|l| Some(&l.id) == level).unwrap_or(usize::MAX)
}

fn card<'a>(site: &Site, program: &'a Program, certification: &'a Certification, today: NaiveDate) -> Card<'a> {
    let words = site.words();
    let level = certification.level.as_ref().and_then(|id| program.level(id));
    let duration = certification.validity.map(|d| words.duration(&d.to_string()));
    Card {
        name: &certification.name,
        description: &certification.description,
        level: level.map(|l| l.name.as_str()),
        closed: certification.closes.filter(|day| *day < today).map(|day| {
            let since = day.succ_opt().unwrap_or(day);
            (words.home.closed)(&site.date(since))
        }),
        validity: duration.map(|d| (words.home.valid_for)(&d)),
        page: site.achievement(&certification.id),
        picture: site.achievement_picture(&certification.id),
    }
}
