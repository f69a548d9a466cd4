//! What a certification is: its criteria, its requirements in words, its exam.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde_json::json;

use super::Site;
use super::escape::{link, plain, script_json};
use super::report::capitalized;
use crate::id::{CertificationId, RequirementId, RightId};
use crate::program::duration::CalendarDuration;
use crate::program::{Blueprint, Certification, Proctoring, Program, Renewal, Requirement, RequirementKind, Reviewer};
use crate::words::Words;

/// `GET /achievements/{certification}` for people.
#[derive(Template)]
#[template(path = "pages/achievement.html")]
pub struct AchievementPage<'a> {
    site: &'a Site,
    w: &'static Words,
    certification: &'a Certification,
    level: Option<&'a str>,
    track: Option<&'a str>,
    ways: Vec<Vec<RequirementLine>>,
    prerequisites: Vec<Vec<Link>>,
    exam: Vec<String>,
    domains: &'a [(String, u32)],
    skills: Vec<(&'a str, Option<String>)>,
    areas: Vec<&'a str>,
    unlocks: Vec<&'a str>,
    validity: String,
    renewal: Option<String>,
    notes: Vec<String>,
    canonical: String,
    json: String,
    picture: String,
    card_picture: String,
    structured: String,
}

struct Link {
    href: String,
    text: String,
}

struct RequirementLine {
    name: String,
    kind: &'static str,
    terms: String,
    description: Option<String>,
}

impl<'a> AchievementPage<'a> {
    /// As the program in force says, on `today`, the vendor's day.
    pub fn new(site: &'a Site, program: &'a Program, certification: &'a Certification, today: NaiveDate) -> Self {
        let (w, urls) = (site.words(), &site.urls);
        let page = urls.achievement(&certification.id);
        let unlocked = |id: &RightId| program.rights.iter().find(|r| r.id == *id).map(|r| r.name.as_str());
        AchievementPage {
            site,
            w,
            certification,
            level: certification.level.as_ref().and_then(|id| program.level(id)).map(|l| l.name.as_str()),
            track: program.track(&certification.track).map(|t| t.name.as_str()),
            ways: ways(w, certification),
            prerequisites: certification.prerequisites.iter().map(|any| any_of(site, program, any)).collect(),
            exam: certification.blueprint.as_ref().map(|b| exam(w, b)).unwrap_or_default(),
            domains: certification.blueprint.as_ref().map_or(&[], |b| &b.domains),
            skills: certification.skills.iter().map(|s| (s.name.as_str(), link(&s.url))).collect(),
            areas: program
                .areas
                .iter()
                .filter(|area| certification.areas.contains(&area.id))
                .map(|a| a.name.as_str())
                .collect(),
            unlocks: certification.unlocks.iter().filter_map(unlocked).collect(),
            validity: certification
                .validity
                .map_or_else(|| w.achievement.no_expiry.to_owned(), |d| (w.achievement.valid_for)(&long(w, d))),
            renewal: certification.validity.map(|_| renewal(w, &certification.renewal)),
            notes: notes(site, certification, today),
            json: format!("{}.json", urls.local(&page)),
            picture: site.achievement_picture(&certification.id),
            card_picture: urls.achievement_image(&certification.id, "png"),
            structured: structured(site, certification, &page),
            canonical: page,
        }
    }
}

impl IntoResponse for AchievementPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.indexed().negotiated())
    }
}

/// Each path to a first award.
fn ways(w: &Words, certification: &Certification) -> Vec<Vec<RequirementLine>> {
    let line = |id: &RequirementId| Some(requirement_line(w, certification, certification.requirement(id)?));
    certification.any_of.iter().map(|path| path.iter().filter_map(line).collect()).collect()
}

fn requirement_line(w: &Words, certification: &Certification, requirement: &Requirement) -> RequirementLine {
    let r = &w.requirement;
    let kind = match requirement.kind {
        RequirementKind::Exam => r.exam,
        RequirementKind::Training => r.training,
        RequirementKind::Review => r.review,
        RequirementKind::Evidence => r.evidence,
    };
    let exam = requirement.kind == RequirementKind::Exam;
    let mut terms = Vec::new();
    if requirement.count > 1 {
        terms.push((r.pieces)(requirement.count));
    }
    if requirement.hours > 0.0 {
        terms.push((r.hours)(&requirement.hours.to_string()));
    }
    terms.extend(requirement.pass.map(|percent| (r.pass)(&percent.to_string())));
    if exam {
        terms.push(watched(w, requirement.proctoring).to_owned());
    }
    if requirement.kind == RequirementKind::Review {
        terms.push(reviewer(w, requirement.by).to_owned());
    }
    if requirement.attempts > 0 {
        terms.push((r.attempts)(requirement.attempts));
    }
    if !requirement.wait.is_zero() && requirement.attempts != 1 {
        terms.push((r.wait)(&long(w, requirement.wait)));
    }
    terms.extend(requirement.valid_for.map(|d| (r.valid_for)(&long(w, d))));
    let before: Vec<&str> =
        requirement.after.iter().filter_map(|id| certification.requirement(id)).map(|q| q.name.as_str()).collect();
    if !before.is_empty() {
        terms.push((r.after)(&before.join(", ")));
    }
    let (name, description) = (requirement.name.clone(), requirement.description.clone());
    RequirementLine { name, kind, terms: capitalized(&terms.join("; ")), description }
}

fn watched(w: &Words, proctoring: Proctoring) -> &'static str {
    match proctoring {
        Proctoring::SelfPaced => w.requirement.self_paced,
        Proctoring::Live => w.requirement.live,
        Proctoring::InPerson => w.requirement.in_person,
    }
}

fn reviewer(w: &Words, by: Reviewer) -> &'static str {
    match by {
        Reviewer::Assessor => w.requirement.by_assessor,
        Reviewer::Peer => w.requirement.by_peer,
        Reviewer::Ai => w.requirement.by_ai,
        Reviewer::Manager => w.requirement.by_manager,
    }
}

fn any_of(site: &Site, program: &Program, ids: &[CertificationId]) -> Vec<Link> {
    let named = |id: &CertificationId| program.certification(id).map_or(id.as_str(), |c| c.name.as_str()).to_owned();
    ids.iter().map(|id| Link { href: site.achievement(id), text: named(id) }).collect()
}

fn exam(w: &Words, blueprint: &Blueprint) -> Vec<String> {
    let a = &w.achievement;
    let mut facts = Vec::new();
    facts.extend(blueprint.questions.map(a.questions));
    facts.extend(blueprint.bank.map(a.bank));
    facts.extend(blueprint.minutes.map(a.minutes));
    facts.extend(blueprint.hours.as_deref().map(a.hours));
    facts
}

fn renewal(w: &Words, renewal: &Renewal) -> String {
    let window = (w.achievement.renewal_window)(&long(w, renewal.window));
    if renewal.grace.is_zero() {
        return format!("{window}.");
    }
    format!("{window} {}.", (w.achievement.renewal_grace)(&long(w, renewal.grace)))
}

fn notes(site: &Site, certification: &Certification, today: NaiveDate) -> Vec<String> {
    let a = &site.words().achievement;
    let mut notes = Vec::new();
    notes.extend(certification.fee.as_ref().map(|fee| format!("{}: {fee}", a.fee)));
    notes.extend(certification.opens.map(|day| (a.opens)(&site.date(day))));
    notes.extend(certification.closes.map(|day| {
        if day < today { (a.closed)(&site.date(day.succ_opt().unwrap_or(day))) } else { (a.closes)(&site.date(day)) }
    }));
    notes
}

fn long(w: &Words, duration: CalendarDuration) -> String {
    w.duration(&duration.to_string())
}

fn structured(site: &Site, certification: &Certification, page: &str) -> String {
    let skills: Vec<String> = certification.skills.iter().map(|s| plain(&s.name)).collect();
    script_json(&json!({
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": page,
        "url": page,
        "name": plain(&certification.name),
        "description": plain(&certification.description),
        "credentialCategory": "certification",
        "recognizedBy": {"@type": "Organization", "name": plain(&site.vendor), "url": site.vendor_url},
        "competencyRequired": skills,
    }))
}
