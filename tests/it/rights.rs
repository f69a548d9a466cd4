//! What persons may do: before an award, with it, in its grace, and not while it is suspended.

use std::fs;

use assay::clock::{Clock as _, SystemClock, rfc3339};
use assay::program::Assets;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, ana};
use crate::support::binary::Home;
use crate::support::desk::{by_mail, person, refused, with};

const PROGRAM: &str = r#"
program = { id = "field", name = "Field Program", timezone = "Europe/Berlin" }
issuer = { name = "Field", url = "https://field.example", email = "badges@field.example" }
track = [{ id = "service", name = "Service" }]

[[certification]]
id = "technician"
track = "service"
name = "Certified Technician"
description = "Installs and repairs."
criteria = "Two trainings and an exam."
validity = "1y"
unlocks = ["on-site-work"]
[[certification.requirement]]
id = "safety"
kind = "training"
unlocks = ["sandbox"]
[[certification.requirement]]
id = "tools"
kind = "training"
unlocks = ["sandbox"]
[[certification.requirement]]
id = "exam"
kind = "exam"
[certification.renewal]
window = "90d"
grace = "30d"
rights_in_grace = true

[[certification]]
id = "advisor"
track = "service"
name = "Certified Advisor"
description = "Advises."
criteria = "An exam."
validity = "1y"
unlocks = ["price-list"]
[[certification.requirement]]
id = "exam"
kind = "exam"
[certification.renewal]
grace = "30d"

[[right]]
id = "sandbox"
name = "Sandbox"
of = "person"
[[right]]
id = "on-site-work"
name = "Work on site"
of = "person"
[[right]]
id = "price-list"
name = "Price list"
of = "person"
[[right]]
id = "portal"
name = "Partner portal"
of = "firm"
"#;

async fn app() -> TestApp {
    TestApp::with_assets(PROGRAM, &Assets::new()).await
}

fn report(id: &str, requirement: &str, at: &str) -> Value {
    let (certification, requirement) = requirement.split_once(' ').unwrap();
    let outcome = if requirement == "exam" { "passed" } else { "completed" };
    json!({
        "id": id, "person": ana(), "certification": certification, "requirement": requirement, "outcome": outcome, "at": at,
    })
}

async fn asked(app: &TestApp, more: Value) -> Reply {
    app.post("/api/v1/rights/check", &with(json!({ "person": by_mail(&ana()) }), more)).await
}

/// `sandbox by safety until 2027-11-20 in grace`, for each right.
async fn held(app: &TestApp) -> Vec<String> {
    let answer = asked(app, json!({})).await.expect(200).json();
    let words = |held: &Value| {
        let text = |name: &str| held[name].as_str().map(|text| text.get(..10).unwrap_or(text).to_owned());
        let part = |before: &str, name: &str| text(name).map(|text| format!(" {before} {text}")).unwrap_or_default();
        let grace = if held["in_grace"] == true { " in grace" } else { "" };
        let right = held["right"].as_str().unwrap();
        format!("{right}{}{}{grace}", part("by", "requirement"), part("until", "until"))
    };
    answer["rights"].as_array().unwrap().iter().map(words).collect()
}

async fn words(app: &TestApp, right: &str) -> String {
    let answer = asked(app, json!({ "right": right })).await.expect(200).json();
    assert_eq!(answer["right"], right);
    let words = answer["words"].as_str().unwrap().to_owned();
    assert_eq!(answer["granted"], words.starts_with("Yes: "), "{answer}");
    assert_eq!(answer["because"].is_object(), words.starts_with("Yes: "), "{answer}");
    words
}

#[tokio::test]
async fn a_technician_may_do_more_with_each_step_and_nothing_while_suspended() {
    let app = app().await;
    app.report(&report("1", "technician safety", "2026-11-18T09:00:00Z")).await;
    assert_eq!(held(&app).await, ["sandbox by safety"]);
    assert_eq!(words(&app, "sandbox").await, "Yes: Safety, a step towards Certified Technician, is completed.");
    let no = "No: Certified Technician is not held, and no step is completed that unlocks it.";
    assert_eq!(words(&app, "on-site-work").await, no);

    app.report(&report("2", "technician tools", "2026-11-19T09:00:00Z")).await;
    assert_eq!(held(&app).await, ["sandbox by safety", "sandbox by tools"]);
    let award = app.report(&report("3", "technician exam", "2026-11-20T09:00:00Z")).await["award"].clone();
    assert_eq!(held(&app).await, ["on-site-work until 2027-11-20", "sandbox until 2027-11-20"]);
    let one = asked(&app, json!({ "right": "on-site-work" })).await.expect(200).json();
    let until = "2027-11-20T22:59:59Z";
    let expected = json!({
        "right": "on-site-work", "granted": true, "until": until,
        "because": { "right": "on-site-work", "certification": "technician", "until": until },
        "words": "Yes: Certified Technician is valid until 20 November 2027.",
    });
    assert_eq!(one, expected);

    app.clock.set("2026-11-20T11:00:00Z".parse().unwrap());
    app.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    assert_eq!(held(&app).await, [""; 0]);
    assert_eq!(words(&app, "sandbox").await, "No: Certified Technician is suspended since 20 November 2026.");
    app.clock.set("2026-11-20T12:00:00Z".parse().unwrap());
    app.act(&award, "reinstate", &json!({})).await.expect(200);
    app.clock.set("2026-11-20T12:00:01Z".parse().unwrap());
    assert_eq!(held(&app).await.len(), 2);

    app.clock.set("2027-11-21T09:00:00Z".parse().unwrap());
    assert_eq!(held(&app).await, ["on-site-work until 2027-12-20 in grace", "sandbox until 2027-12-20 in grace"]);
    let yes = "Yes: Certified Technician expired on 20 November 2027; its rights go on until 20 December 2027.";
    assert_eq!(words(&app, "on-site-work").await, yes);
    app.clock.set("2027-12-21T09:00:00Z".parse().unwrap());
    assert_eq!(held(&app).await, [""; 0]);
    assert_eq!(words(&app, "on-site-work").await, "No: Certified Technician expired on 20 November 2027.");
}

#[tokio::test]
async fn where_the_program_does_not_say_otherwise_rights_end_with_the_award() {
    let app = app().await;
    app.report(&report("1", "advisor exam", "2026-11-20T09:00:00Z")).await;
    app.clock.set("2027-11-20T22:59:59Z".parse().unwrap());
    assert_eq!(held(&app).await, ["price-list until 2027-11-20"]);
    app.clock.set("2027-11-20T23:00:00Z".parse().unwrap());
    assert_eq!(held(&app).await, [""; 0]);
    let no = asked(&app, json!({ "right": "price-list" })).await.expect(200).json();
    let expected = json!({
        "right": "price-list", "granted": false, "until": null, "because": null,
        "words": "No: Certified Advisor expired on 20 November 2027.",
    });
    assert_eq!(no, expected);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_with_what_can() {
    let app = app().await;
    refused(asked(&app, json!({})).await, 404, "not-found");
    app.report(&report("1", "advisor exam", "2026-11-20T09:00:00Z")).await;
    assert_eq!(words(&app, "portal").await, "No: Partner portal is a right of firms, not of persons.");
    assert_eq!(words(&app, "sandbox").await, "No: it takes Certified Technician, which is not held.");
    let problem = refused(asked(&app, json!({ "right": "flying" })).await, 422, "invalid-value");
    assert_eq!(problem["errors"][0]["pointer"], "/right");
    let detail = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.ends_with("it has: sandbox, on-site-work, price-list, portal"), "{detail}");
    refused(asked(&app, json!({ "person": {} })).await, 422, "invalid-value");
    refused(asked(&app, json!({ "person": by_mail(&person("Cy Novak")) })).await, 404, "not-found");
    asked(&app, json!({ "rights": "sandbox" })).await.expect(400);

    let body = json!({ "person": by_mail(&ana()) }).to_string();
    let reader = app.caller("portal", &["awards:read"]).await;
    app.post_with(&reader, "/api/v1/rights/check", body.clone()).await.expect(200);
    let writer = app.caller("writer", &["results:write"]).await;
    refused(app.post_with(&writer, "/api/v1/rights/check", body.clone()).await, 403, "forbidden");
    app.post_with(&app.test, "/api/v1/rights/check", body).await.expect(404);
}

#[test]
fn rights_are_asked_for_at_the_terminal() {
    let home = Home::empty();
    fs::write(home.folder().join("partner-framework.toml"), PROGRAM).unwrap();
    home.init().done();
    let ask = |more: &[&str]| {
        let words = ["right", "check", "--email", "ana@partner.example"];
        home.run(&words.iter().chain(more).copied().collect::<Vec<_>>())
    };
    ask(&[]).refused(&["Nobody is known", "hint: "]);
    let at = rfc3339(SystemClock.now() - TimeDelta::days(1));
    for (id, requirement) in [("1", "technician safety"), ("2", "advisor exam")] {
        fs::write(home.folder().join("result.json"), report(id, requirement, &at).to_string()).unwrap();
        home.run(&["result", "submit", "result.json"]).done();
    }
    let all = ask(&[]).done().stdout;
    let lines: Vec<Vec<&str>> = all.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..3], ["price-list", "advisor", "until"]);
    assert_eq!(lines[1], ["sandbox", "technician,", "safety", "no", "end", "is", "known"]);
    assert_eq!(
        ask(&["--right", "sandbox"]).done().stdout.trim(),
        "Yes: Safety, a step towards Certified Technician, is completed."
    );
    let no = ask(&["--right", "on-site-work"]);
    assert_eq!((no.code, no.stdout.starts_with("No: Certified Technician is not held")), (3, true), "{}", no.stdout);
    let json: Value = serde_json::from_str(&ask(&["--json"]).done().stdout).unwrap();
    assert_eq!(json["rights"].as_array().map(Vec::len), Some(2));
    ask(&["--right", "flying"]).refused(&["it has: sandbox, on-site-work"]);
}
