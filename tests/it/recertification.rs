//! Recertification by event: holders are told to complete a delta by a date, from the program file or by order.

use assay::clock::{Clock as _, SystemClock, rfc3339};
use assay::store::Position;
use assay::workers;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, Reply, TestApp, ana};
use crate::support::binary::Home;

const ENTRY: &str = r#"
[[recertify]]
id = "suite-9"
announced = 2026-12-01
certifications = ["sales-associate"]
requirement = "annual-update"
by = "60d"
"#;

fn person(n: usize) -> Value {
    json!({ "name": format!("Person {n}"), "email": format!("{n}@partner.example") })
}

async fn told(app: &TestApp, kind: &str) -> Vec<Value> {
    let feed = app.app.store.engine().feed(Position::START, 10_000, std::time::Duration::ZERO).await.unwrap();
    let events = feed.entries.iter().map(|entry| serde_json::from_slice::<Value>(&entry.doc).unwrap());
    events.filter(|event| event["type"] == kind).collect()
}

async fn get(app: &TestApp, address: &str) -> Reply {
    let request = axum::http::Request::get(address).header("authorization", format!("Bearer {}", app.live));
    app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn second_key(app: &TestApp) -> String {
    let new = json!({ "name": "compliance", "scopes": ["program:write"], "realm": "live" });
    app.post("/api/v1/api-keys", &new).await.expect(201).json()["secret"].as_str().unwrap().to_owned()
}

/// The demands on an award, as stored.
async fn demands(app: &TestApp, award: &Value) -> Vec<Value> {
    let id = award["id"].as_str().unwrap().parse().unwrap();
    let (realm, pointer) = app.app.store.find_award(id).await.unwrap().unwrap();
    let mut reads = assay::store::ReadSet::new();
    let standing = app.app.store.standing(realm, &pointer.person, &pointer.certification, &mut reads).await.unwrap();
    let demands = standing.award.unwrap().demands;
    demands.iter().map(|demand| serde_json::to_value(demand).unwrap()).collect()
}

fn order(more: Value) -> Value {
    let mut body = json!({ "id": "rules-2027", "certifications": ["sales-associate"], "requirement": "annual-update", "by": "60d" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn update(id: &str, person: &Value, at: &str) -> Value {
    json!({
        "id": id, "person": person, "certification": "sales-associate", "requirement": "annual-update",
        "outcome": "completed", "at": at,
    })
}

#[tokio::test]
async fn an_entry_of_the_program_is_asked_of_holders_once_it_is_announced() {
    let app = TestApp::with_program(&format!("{PROGRAM}{ENTRY}")).await;
    let before = app.certify(&ana()).await;
    let test = app.certify_with(&app.test, &person(2), json!({})).await;
    workers::tick(&app.app).await.unwrap();
    assert!(demands(&app, &before).await.is_empty(), "it is not announced yet");

    app.clock.set("2026-12-02T10:00:00Z".parse().unwrap());
    for _ in 0..2 {
        workers::tick(&app.app).await.unwrap();
    }
    let placed = demands(&app, &before).await;
    assert_eq!(placed.len(), 1, "and only once");
    let expected = json!({
        "id": "suite-9", "kind": "recertification", "paths": [["annual-update"]],
        "opens": "2026-11-30T23:00:00Z", "due": "2027-01-30T22:59:59Z", "cutoff": "2027-01-30T22:59:59Z",
        "placed_at": "2026-12-02T10:00:00Z", "program": 1,
    });
    assert_eq!(placed[0], expected);
    assert_eq!(demands(&app, &test).await.len(), 1, "each realm asks its own");
    assert_eq!(told(&app, "award.demand_placed").await.len(), 2);
    let ends: Vec<Value> =
        told(&app, "recertification.placed").await.iter().map(|e| json!([e["realm"], e["awards"]])).collect();
    assert_eq!(ends, [json!(["live", 1]), json!(["test", 1])]);

    let shown = get(&app, "/api/v1/recertifications/suite-9").await.expect(200).json();
    assert_eq!(
        (&shown["stage"], &shown["progress"]),
        (&json!("placed"), &json!({ "asked": 1, "met": 0, "missed": 0, "open": 1 }))
    );
    assert_eq!(
        shown["outstanding"],
        json!([{ "name": "Ana Lopes", "certification": "sales-associate", "award": before["number"], "state": "open" }])
    );
    app.clock.set("2027-01-30T23:00:00Z".parse().unwrap());
    let list = get(&app, "/api/v1/recertifications").await.expect(200).json();
    assert_eq!(list["data"][0]["progress"]["missed"], 1);
}

/// Everybody who begins a term before its date is asked, and has at least two weeks.
#[tokio::test]
async fn nobody_escapes_by_coming_later_than_the_others() {
    let app = TestApp::new().await;
    let late = app.certify(&ana()).await;
    // Expired on 20 November 2027; announced five days later, when nobody holds it.
    app.clock.set("2027-11-25T10:00:00Z".parse().unwrap());
    let nobody = app.post("/api/v1/recertifications", &order(json!({}))).await.expect(201).json();
    assert_eq!(nobody["outcome"], "ordered");
    let narrow = order(json!({ "id": "of-old", "issued_before": "2027-11-25" }));
    app.post("/api/v1/recertifications", &narrow).await.expect(201);
    workers::tick(&app.app).await.unwrap();

    let due = |demands: &[Value], id: &str| {
        let found: Vec<Value> = demands.iter().filter(|d| d["id"] == id).map(|d| d["due"].clone()).collect();
        found
    };
    app.clock.set("2027-11-30T10:00:00Z".parse().unwrap());
    app.act(&late, "renew", &json!({})).await.expect(200);
    let placed = demands(&app, &late).await;
    assert_eq!(due(&placed, "rules-2027"), [json!("2028-01-24T22:59:59Z")], "who renews in grace, on the day of all");
    assert_eq!(due(&placed, "of-old"), [json!("2028-01-24T22:59:59Z")], "the award is an old one");
    let new = app.certify(&person(1)).await;
    let placed = demands(&app, &new).await;
    assert_eq!(due(&placed, "rules-2027"), [json!("2028-01-24T22:59:59Z")], "who is certified for the first time");
    assert_eq!(due(&placed, "of-old"), [] as [Value; 0], "it was narrowed to others");

    app.post("/api/v1/results", &update("early", &person(2), "2027-11-29T11:00:00Z")).await.expect(200);
    let shown = app.certify(&person(2)).await;
    assert!(demands(&app, &shown).await.is_empty(), "who has shown it since");

    app.clock.set("2028-01-20T10:00:00Z".parse().unwrap());
    let last = app.certify(&person(3)).await;
    assert_eq!(due(&demands(&app, &last).await, "rules-2027"), [json!("2028-02-03T22:59:59Z")], "two weeks at least");
    app.act(&last, "suspend", &json!({ "reason": "other" })).await.expect(200);
    app.act(&last, "reinstate", &json!({})).await.expect(200);
    assert_eq!(demands(&app, &last).await.len(), 1, "and once");
    let progress = get(&app, "/api/v1/recertifications/rules-2027").await.expect(200).json()["progress"].clone();
    assert_eq!(progress, json!({ "asked": 3, "met": 0, "missed": 0, "open": 3 }));
    assert_eq!(told(&app, "award.demand_placed").await.len(), 4);

    app.clock.set("2028-01-24T23:00:00Z".parse().unwrap());
    workers::tick(&app.app).await.unwrap();
    let after = app.certify(&person(4)).await;
    assert!(demands(&app, &after).await.is_empty(), "its date is over");
    let state = async |award: &Value| {
        let address = format!("/api/v1/awards/{}", award["id"].as_str().unwrap());
        get(&app, &address).await.expect(200).json()["state"].clone()
    };
    assert_eq!((state(&late).await, state(&last).await), (json!("expired"), json!("valid")));
    app.post("/api/v1/results", &update("done", &person(3), "2028-01-24T22:30:00Z")).await.expect(200);
    app.clock.set("2028-02-04T10:00:00Z".parse().unwrap());
    workers::tick(&app.app).await.unwrap();
    assert_eq!(state(&last).await, "valid");
}

#[tokio::test]
async fn who_was_suspended_meanwhile_is_asked_when_it_ends() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    app.clock.advance(TimeDelta::days(1));
    app.post("/api/v1/recertifications", &order(json!({ "region": ["EU"] }))).await.expect(201);
    workers::tick(&app.app).await.unwrap();
    assert!(demands(&app, &award).await.is_empty(), "where they work was not known");
    let mut there = update("now-in-eu", &ana(), "2026-11-21T09:00:00Z");
    there["requirement"] = json!("sales-101");
    there["person"]["region"] = json!("eu");
    app.post("/api/v1/results", &there).await.expect(200);
    app.act(&award, "reinstate", &json!({})).await.expect(200);
    assert_eq!(demands(&app, &award).await.len(), 1);
}

#[tokio::test]
async fn an_order_is_previewed_by_name_and_waits_for_another_caller() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let preview = app.post("/api/v1/recertifications", &order(json!({ "dry_run": true }))).await.expect(200).json();
    assert_eq!((&preview["outcome"], &preview["total"]), (&json!("preview"), &json!(1)));
    let line = &preview["holders"][0];
    assert_eq!((&line["name"], &line["award"]), (&json!("Ana Lopes"), &award["number"]));
    let words = line["words"].as_str().unwrap();
    assert!(
        words.starts_with("Certified Sales Associate: \"")
            && words.ends_with("must be completed by 2027-01-19, or the award expires then."),
        "{words}"
    );
    get(&app, "/api/v1/recertifications/rules-2027").await.expect(404);

    let ordered = app.post("/api/v1/recertifications", &order(json!({}))).await.expect(202).json();
    assert_eq!(ordered["recertification"]["stage"], "proposed");
    let again = app.post("/api/v1/recertifications", &order(json!({}))).await.expect(200).json();
    assert_eq!(again["outcome"], "known");
    let other = app.post("/api/v1/recertifications", &order(json!({ "by": "90d" }))).await.expect(409).json();
    assert_eq!(other["detail"], "Another recertification has the id \"rules-2027\".");
    workers::tick(&app.app).await.unwrap();
    assert!(demands(&app, &award).await.is_empty(), "nothing is asked before it is confirmed");
    let own = app.post("/api/v1/recertifications/rules-2027/confirm", &json!({})).await.expect(403).json();
    assert_eq!(own["detail"], "The recertification \"rules-2027\" was ordered by \"lms\", who cannot confirm it.");

    // Shown between the announcement and the asking: it counts.
    let cleo = app.certify(&person(7)).await;
    app.clock.advance(TimeDelta::hours(2));
    app.post("/api/v1/results", &update("early", &ana(), "2026-11-20T11:00:00Z")).await.expect(200);
    let second = second_key(&app).await;
    app.post_with(&second, "/api/v1/recertifications/rules-2027/confirm", "").await.expect(200);
    workers::tick(&app.app).await.unwrap();
    assert_eq!(demands(&app, &award).await[0]["met"]["at"], "2026-11-20T11:00:00Z");
    assert_eq!(demands(&app, &cleo).await.len(), 1, "earned in the same hour, before the announcement");
    let shown = get(&app, "/api/v1/recertifications/rules-2027").await.expect(200).json();
    assert_eq!(shown["progress"], json!({ "asked": 2, "met": 1, "missed": 0, "open": 1 }));
    assert_eq!((told(&app, "award.demand_placed").await.len(), told(&app, "award.demand_met").await.len()), (2, 1));
    assert_eq!(
        app.post_with(&second, "/api/v1/recertifications/rules-2027/reject", "").await.expect(409).json()["detail"],
        "The recertification \"rules-2027\" does not wait to be confirmed."
    );
}

#[tokio::test]
async fn an_order_that_concerns_nobody_needs_nobody_and_orders_can_be_narrowed() {
    let app = TestApp::new().await;
    let nobody = app.post("/api/v1/recertifications", &order(json!({ "id": "empty" }))).await.expect(201).json();
    assert_eq!((&nobody["outcome"], &nobody["recertification"]["stage"]), (&json!("ordered"), &json!("placing")));
    app.certify(&ana()).await;
    for (more, total) in [
        (json!({ "issued_before": "2026-11-20" }), 0),
        (json!({ "issued_before": "2026-11-21" }), 1),
        (json!({ "program_version": 1 }), 1),
        (json!({ "program_version": 2 }), 0),
        (json!({ "certifications": ["sales-professional"] }), 0),
        (json!({ "by": null, "deadline": "2026-11-20" }), 1),
    ] {
        let mut asked = more.clone();
        asked["dry_run"] = json!(true);
        let preview = app.post("/api/v1/recertifications", &order(asked)).await.expect(200).json();
        assert_eq!(preview["total"], total, "{more}");
    }
}

#[tokio::test]
async fn only_holders_of_the_regions_that_are_named_are_asked() {
    let entry = ENTRY.replace("by = ", "region = [\"EU\", \"UK\"]\nby = ");
    assert_ne!(entry, ENTRY);
    let app = TestApp::with_program(&format!("{PROGRAM}{entry}")).await;
    let mut awards = Vec::new();
    for (n, region) in [(1, json!("eu")), (2, json!("US")), (3, Value::Null)] {
        let mut holder = person(n);
        holder["region"] = region;
        awards.push(app.certify(&holder).await);
    }
    let order = order(json!({ "id": "us-only", "region": ["US"], "dry_run": true }));
    assert_eq!(app.post("/api/v1/recertifications", &order).await.expect(200).json()["total"], 1);
    app.clock.set("2026-12-02T10:00:00Z".parse().unwrap());
    workers::tick(&app.app).await.unwrap();
    let mut asked = Vec::new();
    for award in &awards {
        asked.push(demands(&app, award).await.len());
    }
    assert_eq!(asked, [1, 0, 0], "of whom the region is not known is not asked");
}

#[tokio::test]
async fn orders_that_cannot_be_are_refused_by_name() {
    let app = TestApp::new().await;
    for (more, code, pointer, detail) in [
        (json!({ "id": "No Id" }), "invalid-value", "/id", ""),
        (json!({ "region": ["EU", "two\nlines"] }), "invalid-value", "/region", "must be at most 100 lines of text"),
        (json!({ "certifications": [] }), "invalid-value", "/certifications", "must name at least one"),
        (
            json!({ "certifications": ["sales-associate", "sales-associate"] }),
            "invalid-value",
            "/certifications",
            "names one of them twice",
        ),
        (
            json!({ "certifications": ["cooking"] }),
            "unknown-certification",
            "/certifications",
            "names one that is not in the program",
        ),
        (
            json!({ "requirement": "juggling" }),
            "unknown-requirement",
            "/requirement",
            "is not of each of these certifications",
        ),
        (
            json!({ "by": "soon" }),
            "invalid-value",
            "/by",
            "a duration is a whole number with d, w, mo or y, such as 30d or 1y",
        ),
        (json!({ "deadline": "2027-01-31" }), "invalid-value", "/by", "give exactly one of by and deadline"),
        (json!({ "by": null }), "invalid-value", "/by", "give exactly one of by and deadline"),
        (json!({ "by": null, "deadline": "2026-11-19" }), "invalid-value", "/deadline", "is over"),
        (json!({ "by": "20y" }), "invalid-value", "/by", "is more than ten years ahead"),
        (json!({ "program_version": 0 }), "invalid-value", "/program_version", "is counted from 1"),
    ] {
        let problem = app.post("/api/v1/recertifications", &order(more.clone())).await.expect(422).json();
        assert_eq!(problem["type"], format!("urn:assay:problem:{code}"), "{more}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{more}");
        assert!(detail.is_empty() || problem["errors"][0]["detail"] == detail, "{more}: {problem}");
    }
    app.post("/api/v1/recertifications", &order(json!({ "firm": "x" }))).await.expect(400);
    app.post("/api/v1/recertifications/none/confirm", &json!({})).await.expect(404);
    app.post("/api/v1/recertifications/none/allow", &json!({})).await.expect(404);
    assert!(get(&app, "/api/v1/recertifications").await.expect(200).json()["data"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn asking_goes_on_where_it_stopped_and_asks_nobody_twice() {
    let app = TestApp::new().await;
    let mut awards = Vec::new();
    for n in 0..130 {
        awards.push(app.certify(&person(n)).await);
    }
    app.post("/api/v1/recertifications", &order(json!({}))).await.expect(202);
    let second = second_key(&app).await;
    app.post_with(&second, "/api/v1/recertifications/rules-2027/confirm", "").await.expect(200);
    assert!(assay::service::recertification::place(&app.app).await.unwrap());
    let some = told(&app, "award.demand_placed").await.len();
    assert!((1..130).contains(&some), "{some} in one piece of work");
    let app = app.restarted();
    workers::tick(&app.app).await.unwrap();
    assert_eq!(told(&app, "award.demand_placed").await.len(), 130);
    for award in &awards {
        assert_eq!(demands(&app, award).await.len(), 1);
    }
    assert_eq!(told(&app, "recertification.placed").await[0]["awards"], 130);
}

#[tokio::test]
async fn a_version_with_a_new_entry_needs_a_second_caller_and_gives_late_told_holders_as_long() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.clock.set("2027-03-01T10:00:00Z".parse().unwrap());
    let logo = include_bytes!("../../templates/programs/northwind.svg");
    let logo = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, logo);
    let body = json!({ "text": format!("{PROGRAM}{ENTRY}"), "assets": { "northwind.svg": logo } });
    let proposed = app.post("/api/v1/program", &body).await.expect(202).json();
    let line = &proposed["preview"]["changes"][0];
    assert_eq!((&line["kind"], &line["name"]), (&json!("demand"), &json!("Ana Lopes")));
    let words =
        "Certified Sales Associate: \"Sales update\" must be completed by 2027-04-30, or the award expires then.";
    assert_eq!(line["words"], words, "60 days from 1 March, since the date of the entry is over");
    workers::tick(&app.app).await.unwrap();
    assert!(demands(&app, &award).await.is_empty());
    let second = second_key(&app).await;
    app.post_with(&second, "/api/v1/program/2/confirm", "").await.expect(200);
    workers::tick(&app.app).await.unwrap();
    let placed = &demands(&app, &award).await[0];
    assert_eq!((&placed["cutoff"], &placed["program"]), (&json!("2027-04-30T21:59:59Z"), &json!(2)));
}

#[test]
fn recertifications_are_ordered_at_the_terminal() {
    let home = Home::new();
    let day = |days| (SystemClock.now() + TimeDelta::days(days)).date_naive().to_string();
    let at = |days| rfc3339(SystemClock.now() - TimeDelta::days(days));
    for (id, requirement, outcome, days) in [("1", "sales-101", "completed", 2), ("2", "exam", "passed", 1)] {
        let result = json!({
            "id": id, "person": ana(), "certification": "sales-associate", "requirement": requirement, "outcome": outcome,
            "score": 84, "at": at(days),
        });
        std::fs::write(home.folder().join("result.json"), result.to_string()).unwrap();
        home.run(&["result", "submit", "result.json"]).done();
    }
    let order = |more: &[&str]| {
        let mut words = vec!["recertification", "order", "rules", "--requirement", "annual-update"];
        words.extend(["--certification", "sales-associate"]);
        words.extend(more);
        home.run(&words)
    };
    assert_eq!(order(&[]).code, 2, "by when?");
    assert_eq!(order(&["--by", "60d", "--deadline", &day(60)]).code, 2);
    order(&["--by", "soon"]).refused(&["error: "]);
    let preview = order(&["--by", "60d", "--dry-run"]).done();
    assert!(preview.stdout.starts_with("Ana Lopes ") && preview.stdout.lines().count() == 1, "{}", preview.stdout);
    assert!(
        preview.stderr.contains("Nothing was ordered") && preview.stderr.contains("1 holders"),
        "{}",
        preview.stderr
    );
    let spared = order(&["--deadline", &day(60), "--issued-before", &day(-30), "--dry-run"]).done();
    assert_eq!(spared.stdout, "");
    assert_eq!(home.run(&["recertification", "list"]).done().stdout, "");

    let ordered = order(&["--by", "60d"]).done();
    assert!(ordered.stdout.starts_with("rules "), "{}", ordered.stdout);
    assert!(ordered.stdout.contains("proposed  annual-update of sales-associate until "), "{}", ordered.stdout);
    assert!(ordered.stderr.contains("must confirm it"), "{}", ordered.stderr);
    let listed = home.run(&["recertification", "list"]).done().stdout;
    assert!(listed.contains("proposed") && listed.contains("0 asked"), "{listed}");
    home.run(&["recertification", "confirm", "rules"]).refused(&["cannot confirm it"]);
    let secret = home.api_key("compliance");
    let service = home.serve();
    let address = format!("http://{}", service.address());
    let mut second = home.command(&[], &["recertification", "confirm", "rules", "--url", &address]);
    let confirmed = second.env("ASSAY_API_KEY", &secret).output().unwrap();
    assert!(confirmed.status.success(), "{}", String::from_utf8_lossy(&confirmed.stderr));
    let shown = home.run(&["recertification", "show", "rules"]).done().stdout;
    assert!(shown.contains("decided by  compliance"), "{shown}");
    home.run(&["recertification", "reject", "rules"]).refused(&["does not wait"]);
    home.run(&["recertification", "show", "other"]).refused(&["There is no recertification"]);
    let json: Value = serde_json::from_str(&home.run(&["recertification", "list", "--json"]).done().stdout).unwrap();
    assert_eq!(json[0]["id"], "rules");
}
