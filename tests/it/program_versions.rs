//! The rule book changes: previewed by name, in force by date, and never against a holder without a second caller.

use std::sync::Arc;

use assay::store::Position;
use assay::workers;
use base64::Engine as _;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{NOW, PROGRAM, Reply, TestApp, ana, path};
use crate::support::binary::Home;

const LOGO: &[u8] = include_bytes!("../../templates/programs/northwind.svg");

/// The starter program with one text in place of another.
#[track_caller]
fn with(old: &str, new: &str) -> String {
    assert!(PROGRAM.contains(old), "{old}");
    PROGRAM.replacen(old, new, 1)
}

/// With another pass mark of associates.
fn passing(mark: u32) -> String {
    with("theme = \"bronze\"\npass = 70\nattempts = 3", &format!("theme = \"bronze\"\npass = {mark}\nattempts = 3"))
}

/// Without Certified Sales Associate, and without what refers to it.
fn without_sales_associate() -> String {
    let begin = PROGRAM.find("[[certification]]\nid = \"sales-associate\"").unwrap();
    let end = begin + 1 + PROGRAM[begin + 1..].find("[[certification]]\n").unwrap();
    let text = format!("{}{}", &PROGRAM[..begin], &PROGRAM[end..]);
    let text = &text[..text.find("[[map]]").unwrap()];
    text.replace("\"sales-associate\"", "\"technical-associate\"")
}

fn body(text: &str, more: Value) -> Value {
    let logo = base64::engine::general_purpose::STANDARD.encode(LOGO);
    let mut body = json!({ "text": text, "assets": { "northwind.svg": logo } });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn apply(app: &TestApp, text: &str, more: Value) -> Reply {
    app.post("/api/v1/program", &body(text, more)).await
}

/// Another live key with these scopes.
async fn key(app: &TestApp, name: &str, scopes: &[&str]) -> String {
    let new = json!({ "name": name, "scopes": scopes, "realm": "live" });
    app.post("/api/v1/api-keys", &new).await.expect(201).json()["secret"].as_str().unwrap().to_owned()
}

async fn get(app: &TestApp, address: &str) -> Reply {
    let request = axum::http::Request::get(address).header("authorization", format!("Bearer {}", app.live));
    app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

fn result(id: &str, person: &Value, requirement: &str, score: u32, at: &str) -> Value {
    let outcome = if requirement == "exam" { "passed" } else { "completed" };
    let mut body = json!({
        "id": id, "person": person, "certification": "sales-associate", "requirement": requirement,
        "outcome": outcome, "at": at,
    });
    if requirement == "exam" {
        body["score"] = json!(score);
    }
    body
}

async fn told(app: &TestApp) -> Vec<Value> {
    let feed = app.app.store.engine().feed(Position::START, 1_000, std::time::Duration::ZERO).await.unwrap();
    feed.entries.iter().map(|entry| serde_json::from_slice(&entry.doc).unwrap()).collect()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str, detail: &str) {
    let problem = reply.json();
    assert_eq!((reply.status, &problem["type"]), (status, &json!(format!("urn:assay:problem:{code}"))), "{problem}");
    assert_eq!(problem["detail"], detail, "{problem}");
}

#[tokio::test]
async fn a_harmless_change_is_a_version_at_once_and_the_same_file_again_changes_nothing() {
    let app = TestApp::new().await;
    let renamed = with("name = \"Sales 101\"", "name = \"Selling the Suite\"");
    let done = apply(&app, &renamed, json!({})).await.expect(201).json();
    assert_eq!(
        (&done["outcome"], &done["version"], &done["effective_at"]),
        (&json!("applied"), &json!(2), &json!(NOW))
    );
    let changed = &done["preview"]["definitions"][0];
    assert_eq!(changed["what"], "certification sales-associate, requirement sales-101");
    assert_eq!((&changed["before"], &changed["after"]), (&json!("Sales 101"), &json!("Selling the Suite")));
    let again = apply(&app, &renamed, json!({})).await.expect(200).json();
    assert_eq!((&again["outcome"], &again["version"]), (&json!("unchanged"), &json!(2)));

    let all = get(&app, "/api/v1/program").await.expect(200).json();
    assert_eq!((&all["current"]["version"], all["versions"].as_array().unwrap().len()), (&json!(2), 2));
    let second = get(&app, "/api/v1/program/2").await.expect(200).json();
    assert_eq!((&second["text"], &second["state"]), (&json!(renamed), &json!("in_force")));
    assert_eq!(second["files"], json!(["northwind.svg"]));
    let first = get(&app, "/api/v1/program/1").await.expect(200).json();
    assert_eq!((&first["text"], &first["state"]), (&json!(PROGRAM), &json!("past")));
    for number in ["0", "3", "x"] {
        get(&app, &format!("/api/v1/program/{number}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_version_of_next_week_decides_only_from_then_and_what_was_earned_before_is_judged_by_the_old_one() {
    let app = TestApp::new().await;
    let strict = passing(90);
    let done = apply(&app, &strict, json!({ "effective_at": "2026-11-27" })).await.expect(201).json();
    assert_eq!(done["effective_at"], "2026-11-26T23:00:00Z", "the start of the local day");
    let award = app.certify(&ana()).await;
    assert_eq!(award["program"], 1);

    app.clock.advance(TimeDelta::days(8));
    let ben = json!({ "name": "Ben Okafor", "email": "ben@partner.example" });
    app.post("/api/v1/results", &result("1", &ben, "sales-101", 0, "2026-11-24T10:00:00Z")).await.expect(200);
    let late = result("2", &ben, "exam", 84, "2026-11-26T22:59:59Z");
    let late = app.post("/api/v1/results", &late).await.expect(201).json();
    assert_eq!((&late["decision"], &late["award"]["program"]), (&json!("awarded"), &json!(1)), "{late}");

    let cleo = json!({ "name": "Cleo Reyes", "email": "cleo@partner.example" });
    app.post("/api/v1/results", &result("3", &cleo, "sales-101", 0, "2026-11-24T10:00:00Z")).await.expect(200);
    let exam = result("4", &cleo, "exam", 84, "2026-11-26T23:00:00Z");
    let withheld = app.post("/api/v1/results", &exam).await.expect(200).json();
    assert_eq!(withheld["unmet"][0]["facts"]["need"], 90.0, "{withheld}");
    let dora = json!({ "name": "Dora Lind", "email": "dora@partner.example" });
    app.post("/api/v1/results", &result("6", &dora, "sales-101", 0, "2026-11-24T10:00:00Z")).await.expect(200);
    let exam = result("5", &dora, "exam", 92, "2026-11-27T10:00:00Z");
    let awarded = app.post("/api/v1/results", &exam).await.expect(201).json();
    assert_eq!(awarded["award"]["program"], 2);
    assert_eq!(awarded["award"]["history"][0]["program"], 2);

    for (award, line) in [
        (&award, "Dates by version 1 of the program, in force since 20 November 2026."),
        (&awarded["award"], "Dates by version 2 of the program, in force since 27 November 2026."),
    ] {
        let page = app.get_as(&path(&award["addresses"]["page"]), "text/html").await.expect(200).text();
        assert!(page.contains(line), "{line}");
    }
}

#[tokio::test]
async fn pending_versions_take_over_by_date() {
    let app = TestApp::new().await;
    let later = apply(&app, &passing(72), json!({ "effective_at": "2026-12-20" })).await;
    assert_eq!(later.expect(201).json()["version"], 2);
    let sooner = apply(&app, &passing(71), json!({ "effective_at": "2026-12-10" })).await;
    let sooner = sooner.expect(201).json();
    assert_eq!((&sooner["version"], &sooner["followed_by"]), (&json!(3), &json!(2)));
    for (days, version) in [(0, 1), (20, 3), (10, 2)] {
        app.clock.advance(TimeDelta::days(days));
        let all = get(&app, "/api/v1/program").await.json();
        assert_eq!(all["current"]["version"], version, "{all}");
    }
}

#[tokio::test]
async fn a_dry_run_lists_by_name_what_would_change_for_whom_and_writes_nothing() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let ben = json!({ "name": "Ben Okafor", "email": "ben@partner.example" });
    app.post("/api/v1/results", &result("1", &ben, "sales-101", 0, "2026-11-18T10:00:00Z")).await.expect(200);
    app.post("/api/v1/results", &result("2", &ben, "exam", 68, "2026-11-20T09:00:00Z")).await.expect(200);
    let before = told(&app).await.len();

    // What was shown is judged by the version of its day: another mark would change nothing.
    let easier = with("  id = \"exam\"\n  kind = \"exam\"\n", "  id = \"exam\"\n  kind = \"exam\"\n  first = false\n")
        .replace("pass = 70", "pass = 65")
        .replacen("name = \"Certified Sales Associate\"", "name = \"Certified Seller\"", 1);
    let preview = apply(&app, &easier, json!({ "dry_run": true })).await.expect(200).json()["preview"].clone();
    let lines: Vec<String> = preview["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let text = |member: &str| line[member].as_str().unwrap_or_default();
            format!("{}, {}, {}: {}", text("kind"), text("name"), text("award"), text("words"))
        })
        .collect();
    let number = award["number"].as_str().unwrap();
    assert_eq!(
        lines,
        [
            format!("shown-later, Ana Lopes, {number}: Certified Seller: another name from the next credential on."),
            "awarded, Ben Okafor, : Certified Seller: everything would be met.".to_owned(),
        ]
    );
    assert_eq!((&preview["total"], &preview["shortens"]), (&json!(2), &json!(0)));

    let gone = apply(&app, &without_sales_associate(), json!({ "dry_run": true })).await.expect(200).json();
    let lines = gone["preview"]["changes"].as_array().unwrap();
    assert_eq!(
        lines[0]["words"],
        "Certified Sales Associate is not in the program any more: the award cannot be renewed; it ends on 2027-11-20."
    );
    assert_eq!(
        (&lines[0]["name"], &lines[0]["award"], &lines[0]["shortens"]),
        (&json!("Ana Lopes"), &json!(number), &json!(true))
    );
    assert_eq!(gone["preview"]["counts"], json!({ "removed": 1, "path-gone": 1 }));

    let nameless = key(&app, "editor", &["program:write"]).await;
    let asked = body(&without_sales_associate(), json!({ "dry_run": true })).to_string();
    let hidden = app.post_with(&nameless, "/api/v1/program", asked).await.expect(200);
    assert!(!hidden.text().contains("Ana"), "names are for people:read");
    assert_eq!(told(&app).await.len() - before, 1, "the new key alone was told");
    assert_eq!(get(&app, "/api/v1/program").await.json()["versions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_ends_an_award_waits_for_another_caller() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let gone = without_sales_associate();
    let proposed = apply(&app, &gone, json!({})).await.expect(202).json();
    assert_eq!(
        (&proposed["outcome"], &proposed["version"], &proposed["proposed_by"]),
        (&json!("proposed"), &json!(2), &json!("lms"))
    );
    assert!(proposed["next_step"].as_str().unwrap().contains("assay program confirm 2"));
    assert_eq!(
        apply(&app, &gone, json!({})).await.expect(202).json()["version"],
        2,
        "proposing again is the same proposal"
    );
    let other = apply(&app, &passing(71), json!({})).await;
    refused(&other, 409, "invalid-state", "Version 2, proposed by \"lms\", waits to be confirmed or rejected first.");
    let own = app.post("/api/v1/program/2/confirm", &json!({})).await;
    refused(&own, 403, "forbidden", "Version 2 was proposed by \"lms\", who cannot confirm it.");

    // Nothing has changed so far.
    app.certify(&json!({ "name": "Ben Okafor", "email": "ben@partner.example" })).await;
    let all = get(&app, "/api/v1/program").await.json();
    assert_eq!(
        (&all["current"]["version"], &all["proposed"]["version"], &all["proposed"]["state"]),
        (&json!(1), &json!(2), &json!("proposed"))
    );

    app.clock.advance(TimeDelta::hours(1));
    let second = key(&app, "compliance", &["program:write"]).await;
    let wrong = app.post_with(&second, "/api/v1/program/3/confirm", "").await;
    refused(&wrong, 409, "invalid-state", "Version 3 does not wait to be confirmed.");
    let done = app.post_with(&second, "/api/v1/program/2/confirm", "").await.expect(200).json();
    assert_eq!(
        (&done["outcome"], &done["effective_at"]),
        (&json!("applied"), &json!("2026-11-20T11:00:00Z")),
        "not before it is confirmed"
    );
    let exam =
        app.post("/api/v1/results", &result("9", &ana(), "exam", 90, "2026-11-20T11:00:00Z")).await.expect(422).json();
    assert_eq!(exam["type"], "urn:assay:problem:unknown-certification");

    // What is held still shows, from the version that dated it.
    let page = app.get_as(&path(&award["addresses"]["page"]), "text/html").await.expect(200).text();
    assert!(page.contains("Certified Sales Associate") && page.contains("Dates by version 1"));
    for address in ["page", "credential", "baked_png", "picture", "card"] {
        app.get(&path(&award["addresses"][address])).await.expect(200);
    }
    app.get("/achievements/sales-associate.json").await.expect(200);
    let refusal = app.act(&award, "renew", &json!({})).await.expect(409).json();
    assert_eq!(refusal["detail"], "The program in force has no certification \"sales-associate\" any more.");
    app.clock.advance(TimeDelta::days(370));
    let report = app.get(&format!("{}.json", path(&award["addresses"]["page"]))).await.expect(200).json();
    assert_eq!(report["headline"], "Expired on 20 November 2027; may be renewed until 20 December 2027.");

    let kinds: Vec<String> = told(&app)
        .await
        .iter()
        .map(|e| e["type"].as_str().unwrap().to_owned())
        .filter(|k| k.starts_with("program."))
        .collect();
    assert_eq!(kinds, ["program.applied", "program.proposed", "program.applied"]);
}

#[tokio::test]
async fn a_proposal_that_was_rejected_never_decides_and_keeps_its_number() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let closing = with(
        "track = \"sales\"\nlevel = \"associate\"",
        "closes = 2027-06-30\ntrack = \"sales\"\nlevel = \"associate\"",
    );
    let proposed = apply(&app, &closing, json!({ "effective_at": "2027-01-01" })).await.expect(202).json();
    assert_eq!(
        proposed["preview"]["changes"][0]["words"],
        "Certified Sales Associate closes on 2027-06-30: after that the award cannot be renewed; it ends on 2027-11-20."
    );
    let rejected = app.post("/api/v1/program/2/reject", &json!({})).await.expect(200).json();
    assert_eq!(rejected["outcome"], "rejected", "who proposed it may take it back");
    assert_eq!(get(&app, "/api/v1/program/2").await.expect(200).json()["state"], "rejected");
    app.post("/api/v1/program/2/reject", &json!({})).await.expect(409);
    assert_eq!(apply(&app, &passing(71), json!({})).await.expect(201).json()["version"], 3);
    app.clock.advance(TimeDelta::days(60));
    assert_eq!(get(&app, "/api/v1/program").await.json()["current"]["version"], 3);
}

#[tokio::test]
async fn what_cannot_be_applied_is_refused_by_name() {
    let app = TestApp::new().await;
    let changed = passing(71);
    for (what, more, pointer) in [
        (
            "yesterday",
            json!({ "effective_at": "2026-11-19" }),
            "A version cannot decide about the past: 2026-11-18T23:00:00Z is over.",
        ),
        (
            "a second ago",
            json!({ "effective_at": "2026-11-20T09:59:59Z" }),
            "A version cannot decide about the past: 2026-11-20T09:59:59Z is over.",
        ),
        (
            "far away",
            json!({ "effective_at": "2027-11-23" }),
            "2027-11-22T23:00:00Z is too far ahead; a version can be applied for 2027-11-21T10:00:00Z at the latest.",
        ),
        ("no date", json!({ "effective_at": "soon" }), "The effective date cannot be read."),
        ("no logo", json!({ "assets": {} }), "The program names the file \"northwind.svg\", which is not beside it."),
    ] {
        let reply = apply(&app, &changed, more).await;
        assert_eq!((reply.status, &reply.json()["detail"]), (422, &json!(pointer)), "{what}");
    }
    let today =
        apply(&app, &changed, json!({ "effective_at": "2026-11-20", "dry_run": true })).await.expect(200).json();
    assert_eq!(today["effective_at"], NOW, "today is now");

    let broken = apply(&app, "[program]\nid = \"x\"\nname = 7\n", json!({})).await;
    refused(&broken, 422, "invalid-value", "The program file has 2 fault(s); nothing was applied.");
    let faults: Vec<String> =
        broken.json()["errors"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap().to_owned()).collect();
    assert!(faults.iter().any(|fault| fault.starts_with("3:8: error: program › name:")), "{faults:?}");

    let test = app.post_with(&app.test, "/api/v1/program", body(&changed, json!({})).to_string()).await;
    refused(&test, 403, "forbidden", "A test key cannot do that.");
    let reader = key(&app, "reader", &["people:read"]).await;
    app.post_with(&reader, "/api/v1/program", body(&changed, json!({})).to_string()).await.expect(403);
    let mut unknown = body(&changed, json!({}));
    unknown["force"] = json!(true);
    app.post("/api/v1/program", &unknown).await.expect(400);
    let mut no_base64 = body(&changed, json!({}));
    no_base64["assets"]["northwind.svg"] = json!("%%%");
    assert_eq!(
        app.post("/api/v1/program", &no_base64).await.expect(400).json()["errors"][0]["pointer"],
        "/assets/northwind.svg"
    );
    assert_eq!(get(&app, "/api/v1/program").await.json()["versions"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_change_while_results_come_in() {
    let app = Arc::new(TestApp::new().await);
    let certifying = {
        let app = app.clone();
        tokio::spawn(async move {
            let mut awards = Vec::new();
            for n in 0..12 {
                awards.push(app.certify(&json!({ "name": "Person", "email": format!("{n}@partner.example") })).await);
            }
            awards
        })
    };
    for pass in 50..62 {
        apply(&app, &passing(pass), json!({})).await.expect(201);
    }
    let awards = certifying.await.unwrap();
    let all = get(&app, "/api/v1/program").await.json();
    assert_eq!(all["current"]["version"], 13);
    for award in awards {
        let shown = get(&app, &format!("/api/v1/awards/{}", award["id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(shown, award, "each award stays as it was answered");
        assert!((1..=13).contains(&award["program"].as_u64().unwrap()));
    }
}

#[tokio::test]
async fn a_review_of_contents_is_told_once_in_each_period_until_it_is_done() {
    let reviewed = with(
        "track = \"sales\"\nlevel = \"associate\"",
        "content_review = \"6mo\"\ntrack = \"sales\"\nlevel = \"associate\"",
    );
    let app = TestApp::with_program(&reviewed).await;
    let due = |told: Vec<Value>| -> Vec<Value> {
        told.into_iter()
            .filter(|e| e["type"] == "certification.content_review_due")
            .map(|e| e["since"].clone())
            .collect()
    };
    workers::tick(&app.app).await.unwrap();
    assert!(due(told(&app).await).is_empty());
    app.clock.advance(TimeDelta::days(200));
    for _ in 0..3 {
        workers::tick(&app.app).await.unwrap();
    }
    assert_eq!(due(told(&app).await), ["2027-05-19T22:00:00Z"]);
    let letters = app.post.taken();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].subject, "The contents of Certified Sales Associate are due for a review");
    let text = letters[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("by 20 May 2027.") && text.contains("assay program reviewed sales-associate"), "{text}");
    let shown = get(&app, "/api/v1/program").await.json()["content_reviews"][0].clone();
    assert_eq!((&shown["certification"], &shown["is_due"]), (&json!("sales-associate"), &json!(true)));
    let done = app.post("/api/v1/certifications/sales-associate/reviewed", &json!({})).await.expect(200).json();
    assert_eq!(done["due_at"], "2027-12-07T23:00:00Z");
    app.clock.advance(TimeDelta::days(400));
    workers::tick(&app.app).await.unwrap();
    assert_eq!(
        due(told(&app).await),
        ["2027-05-19T22:00:00Z", "2028-06-07T22:00:00Z"],
        "only the latest that was missed"
    );
    let unknown = app.post("/api/v1/certifications/cooking/reviewed", &json!({})).await;
    refused(&unknown, 422, "unknown-certification", "The program has no certification \"cooking\".");
    let not_asked = app.post("/api/v1/certifications/sales-expert/reviewed", &json!({})).await;
    refused(&not_asked, 409, "invalid-state", "The program asks for no review of \"sales-expert\".");
}

#[test]
fn the_command_applies_a_file_with_what_lies_beside_it() {
    let home = Home::new();
    let text = std::fs::read_to_string(home.folder().join("partner-framework.toml")).unwrap();
    std::fs::write(home.folder().join("next.toml"), text.replacen("pass = 70\nattempts", "pass = 72\nattempts", 1))
        .unwrap();
    let preview = home.run(&["program", "apply", "next.toml", "--dry-run"]).done().stdout;
    assert!(
        preview.contains("pass: 70 -> 72")
            && preview.ends_with("0 change(s) for persons, 0 shorten or end an award.\n"),
        "{preview}"
    );
    let done = home.run(&["program", "apply", "next.toml"]).done().stdout;
    assert!(done.starts_with("Version 2 decides from "), "{done}");
    let same = home.run(&["program", "apply", "next.toml"]).done().stdout;
    assert_eq!(same, "Nothing changes: version 2 says the same.\n");
    let shown = home.run(&["program", "show"]).done().stdout;
    assert!(shown.starts_with("1     past") && shown.contains("\n2     in force"), "{shown}");
    assert!(home.run(&["program", "show", "2"]).done().stdout.contains("pass = 72"));
    home.run(&["program", "show", "7"]).refused(&["There is no such version of the program."]);
    home.run(&["program", "apply", "next.toml", "--effective", "2020-01-01"])
        .refused(&["A version cannot decide about the past"]);
    home.run(&["program", "confirm", "2"]).refused(&["Version 2 does not wait to be confirmed."]);
    std::fs::write(home.folder().join("bad.toml"), "[program]\nname = 7\n").unwrap();
    home.run(&["program", "apply", "bad.toml"]).refused(&["bad.toml:2:8: error:"]);
}
