//! Every certification of the starter program, earned by what its requirements ask for, under every privacy setting.

use std::sync::Arc;

use assay::clock::rfc3339;
use assay::decimal::Decimal;
use assay::program::{Certification, Proctoring, Program, Requirement, RequirementKind, Reviewer};
use assay::store::engine::memory::MemoryEngine;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::gallery::{GOOD, Gallery, fetch};
use crate::support::app::{PROGRAM, TestApp, ana};

/// What a program lets become public.
#[derive(Clone, Copy)]
struct Privacy {
    name: &'static str,
    email_hash: bool,
    score: bool,
    evidence: bool,
}

const AS_SHIPPED: Privacy = Privacy { name: "full", email_hash: true, score: false, evidence: false };

/// Every certification under two settings, one of each level under the others.
pub(super) async fn hang(gallery: &mut Gallery, base: &str) {
    let open = Privacy { score: true, evidence: true, ..AS_SHIPPED };
    hang_under(gallery, base, AS_SHIPPED, "").await;
    hang_under(gallery, base, open, "").await;
    for name in ["full", "initials", "none"] {
        for email_hash in [true, false] {
            for (score, evidence) in [(true, false), (false, true)] {
                let one_of_each_level = "sales-associate technical-associate technical-professional technical-expert";
                hang_under(gallery, base, Privacy { name, email_hash, score, evidence }, one_of_each_level).await;
            }
        }
    }
}

/// `only`: these certifications, or all.
async fn hang_under(gallery: &mut Gallery, base: &str, privacy: Privacy, only: &str) {
    let text = under(privacy);
    let app = TestApp::with(Arc::new(MemoryEngine::new()), &text, base).await;
    let program = Program::parse(&text).expect("the starter program");
    assert_eq!(program.certifications.len(), 10);
    let mut person = ana();
    person["consent"] = json!(["score", "evidence"]);
    let Privacy { name, email_hash, score, evidence } = privacy;
    let title = format!("name {name}, hash {email_hash}, score {score}, evidence {evidence}");
    for certification in &program.certifications {
        if !only.is_empty() && !only.split(' ').any(|id| certification.id.as_str() == id) {
            continue;
        }
        let award = earn(&app, certification, &person).await;
        let credential = gallery.hang(&app, &title, &award, GOOD).await;
        check_content(&credential, privacy, certification);
    }
    if only.is_empty() {
        withheld_without_consent(&app, &program, privacy).await;
    }
}

/// The text of the starter program with other settings.
fn under(privacy: Privacy) -> String {
    let mut text = PROGRAM.to_owned();
    let mut set = |key: &str, shipped: &str, wanted: &str| {
        let line = format!("\n{key} = {shipped}");
        let at = text.find("[privacy]").and_then(|from| Some(from + text[from..].find(&line)?));
        let at = at.unwrap_or_else(|| panic!("the starter program has no {key} = {shipped}"));
        text.replace_range(at..at + line.len(), &format!("\n{key} = {wanted}"));
    };
    set("name", "\"full\"", &format!("\"{}\"", privacy.name));
    set("email_hash", "true", &privacy.email_hash.to_string());
    set("score", "false", &privacy.score.to_string());
    set("evidence", "false", &privacy.evidence.to_string());
    text
}

/// Submits a result for everything the first path asks for; the last one must bring the award.
pub(super) async fn earn(app: &TestApp, certification: &Certification, person: &Value) -> Value {
    let path = &certification.any_of[0];
    let mut answer = Value::Null;
    for (n, id) in path.iter().enumerate() {
        let requirement = certification.requirement(id).expect("a path names requirements");
        let mut result = result(requirement);
        result["id"] = json!(format!("{} {} {id}", person["email"], certification.id));
        result["person"] = person.clone();
        result["certification"] = json!(certification.id.as_str());
        let ago = TimeDelta::hours(i64::try_from(path.len() - n).expect("few"));
        result["at"] = json!(rfc3339(app.now() - ago));
        let status = if n + 1 == path.len() { 201 } else { 200 };
        answer = app.post("/api/v1/results", &result).await.expect(status).json();
    }
    answer["award"].clone()
}

/// A result that meets a requirement, and no more.
fn result(requirement: &Requirement) -> Value {
    let mut result = json!({ "requirement": requirement.id.as_str(), "outcome": "passed" });
    match requirement.kind {
        RequirementKind::Training => {
            result["outcome"] = json!("completed");
            result["minutes"] = json!(requirement.hours * 60.0);
        }
        RequirementKind::Exam => {
            let proctoring = match requirement.proctoring {
                Proctoring::SelfPaced => "self",
                Proctoring::Live => "live",
                Proctoring::InPerson => "in-person",
            };
            result["proctoring"] = json!(proctoring);
            // Marks out of 80, so that the percentage has decimals.
            result["score"] = json!((requirement.pass.unwrap_or_default().to_f64() * 0.8).ceil() + 7.3);
            result["max"] = json!(80);
            result["evidence"] = json!([
                { "name": "R\u{e9}sum\u{e9} \u{201e}1\u{201c}: a \"quoted\" \\ path", "url": "https://partner.example/a?b=c&d=%C3%A9#f" },
                { "name": "\u{88fd}\u{54c1}", "url": "https://partner.example/d\u{e9}mo" },
                { "name": "The same place, told again", "url": "https://partner.example/d\u{e9}mo" },
            ]);
        }
        RequirementKind::Review => {
            let by = match requirement.by {
                Reviewer::Assessor => "assessor",
                Reviewer::Peer => "peer",
                Reviewer::Ai => "ai",
                Reviewer::Manager => "manager",
            };
            result["by"] = json!(by);
            result["score"] = json!(requirement.pass);
            let line =
                |c: &assay::program::Criterion| json!({ "id": c.id, "score": c.pass.unwrap_or(Decimal::HUNDRED) });
            result["rubric"] = requirement.rubric.iter().map(line).collect();
        }
        RequirementKind::Evidence => {
            let piece =
                |n| json!({ "name": format!("Piece {n}"), "url": format!("https://partner.example/pieces/{n}") });
            result["evidence"] = (1..=requirement.count).map(piece).collect();
        }
    }
    result
}

/// What the settings let be seen is there, and nothing else.
#[track_caller]
fn check_content(credential: &Value, privacy: Privacy, certification: &Certification) {
    let subject = &credential["credentialSubject"];
    let text = credential.to_string();
    let identity = |kind: &str| {
        let all = subject["identifier"].as_array().into_iter().flatten();
        all.filter(|one| one["identityType"] == kind).map(|one| one["identityHash"].clone()).collect::<Vec<_>>()
    };
    let name = match privacy.name {
        "full" => vec![json!("Ana Lopes")],
        "initials" => vec![json!("A. L.")],
        _ => Vec::new(),
    };
    assert_eq!(identity("name"), name);
    assert_eq!(identity("emailAddress").len(), usize::from(privacy.email_hash));
    assert!(!text.to_lowercase().contains("ana@partner.example"));
    let scored = subject["result"][0]["value"].as_str();
    assert_eq!(scored.is_some(), privacy.score, "{text}");
    assert!(scored.is_none_or(|value| value.contains('.') && value.len() <= 5), "{scored:?}");
    let evidence = credential["evidence"].as_array().map_or(0, Vec::len);
    assert_eq!(evidence > 0, privacy.evidence, "{text}");
    let tag: Vec<_> = certification.level.iter().map(|level| level.as_str().to_owned()).collect();
    assert_eq!(subject["achievement"]["tag"].to_string().to_lowercase(), json!(tag).to_string());
}

/// The same settings, a person who agreed to nothing.
async fn withheld_without_consent(app: &TestApp, program: &Program, privacy: Privacy) {
    let person = json!({ "name": "Ben Silent", "email": "ben@partner.example" });
    let award = earn(app, &program.certifications[0], &person).await;
    let credential = fetch(app, &award).await;
    assert_eq!(credential.get("evidence"), None);
    assert_eq!(credential["credentialSubject"]["result"][0].get("value"), None, "score {}", privacy.score);
}
