//! Results that do not say all that is asked: recorded, put before a person, neither passed nor an attempt; and how they count.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{app, basic, known, program, reviews, send_event};
use crate::support::app::{PROGRAM, Reply, TestApp};
use crate::support::binary::Home;

fn person(n: usize) -> Value {
    json!({ "name": format!("Person {n}"), "email": format!("p{n}@partner.example") })
}

/// An exam on which nothing is said but how it went.
fn exam(n: usize, day: &str, more: &Value) -> Value {
    let mut exam = json!({
        "id": format!("exam {n} {day}"), "person": person(n), "certification": "sales-associate", "requirement": "exam",
        "outcome": "passed", "at": format!("{day}T09:00:00Z"),
    });
    for (member, value) in more.as_object().unwrap() {
        exam[member] = value.clone();
    }
    exam
}

async fn trained(app: &TestApp, n: usize) {
    let training = json!({
        "id": format!("training {n}"), "person": person(n), "certification": "sales-associate", "requirement": "sales-101",
        "outcome": "completed", "at": "2026-11-01T09:00:00Z",
    });
    app.post("/api/v1/results", &training).await.expect(200);
}

async fn accept(app: &TestApp, source: &str) -> Value {
    let wanted = json!({ "source": source, "certification": "sales-associate", "requirement": "exam" });
    app.post("/api/v1/reviews/accept", &wanted).await.expect(200).json()
}

async fn apply(app: &TestApp, text: &str) -> Reply {
    app.post("/api/v1/program", &json!({ "text": text, "assets": logo() })).await
}

fn logo() -> Value {
    use base64::Engine as _;
    let logo = std::fs::read(crate::support::repository().join("templates/programs/northwind.svg")).unwrap();
    json!({ "northwind.svg": base64::engine::general_purpose::STANDARD.encode(logo) })
}

/// The name under which the tests' key reports.
async fn source_of(app: &TestApp) -> String {
    reviews(app).await[0]["source"].as_str().unwrap().to_owned()
}

async fn trail_of(app: &TestApp, n: usize) -> Value {
    let find = json!({ "email": format!("p{n}@partner.example") });
    app.post("/api/v1/standings/find", &find).await.expect(200).json()["standings"][0].clone()
}

#[tokio::test]
async fn a_pass_without_the_score_that_is_asked_waits_and_is_no_attempt() {
    let app = app().await;
    trained(&app, 1).await;
    let answer = app.post("/api/v1/results", &exam(1, "2026-11-02", &json!({}))).await.expect(200).json();
    assert_eq!((&answer["decision"], &answer["unmet"][0]["code"]), (&"withheld".into(), &"score-missing".into()));
    assert_eq!(answer["unmet"][0]["words"], "Exam: no score was reported, 70 % needed.");
    let open = reviews(&app).await;
    assert_eq!((&open[0]["id"], &open[0]["code"]), (&answer["review"], &"incomplete".into()));
    let again = app.post("/api/v1/results", &exam(1, "2026-11-02", &json!({}))).await.expect(200).json();
    assert_eq!(again, answer, "a repeat changes nothing");
    assert_eq!(reviews(&app).await.len(), 1);

    let trail = trail_of(&app, 1).await;
    let result = trail["results"].as_array().unwrap().iter().find(|result| result["requirement"] == "exam").unwrap();
    assert_eq!((&result["counts"], &result["code"]), (&false.into(), &"incomplete".into()), "{result}");
    let path = &trail["outlook"]["paths"][0]["requirements"][1];
    assert_eq!(path["attempts_used"], 0, "{path}");
    let scored = app.post("/api/v1/results", &exam(1, "2026-11-03", &json!({ "score": 84 }))).await.expect(201).json();
    assert_eq!(scored["award"]["awarded_at"], "2026-11-03T09:00:00Z", "it was not taken within a waiting period");
}

#[tokio::test]
async fn what_waits_is_accepted_in_bulk_and_keeps_its_own_date() {
    let app = app().await;
    for (n, day) in [(1, "2026-11-02"), (2, "2026-11-03"), (3, "2026-11-04")] {
        trained(&app, n).await;
        app.post("/api/v1/results", &exam(n, day, &json!({}))).await.expect(200);
    }
    trained(&app, 4).await;
    app.post("/api/v1/results", &exam(4, "2026-11-04", &json!({ "outcome": "failed" }))).await.expect(200);
    assert_eq!(reviews(&app).await.len(), 3, "what failed says enough");
    assert_eq!(accept(&app, "somebody-else").await["accepted"], 0);
    let source = source_of(&app).await;
    let done = accept(&app, &source).await;
    assert_eq!(done, json!({ "accepted": 3, "awarded": 3, "renewed": 0, "moot": 0, "more": false }));
    assert_eq!(trail_of(&app, 2).await["award"]["awarded_at"], "2026-11-03T09:00:00Z");
    assert!(trail_of(&app, 4).await["award"].is_null());
    let closed = reviews(&app).await;
    assert!(closed.iter().all(|review| review["closed"]["accepted"] == true), "{closed:?}");
    assert_eq!(accept(&app, &source).await["accepted"], 0, "once");
    let writer = app.caller("writer", &["results:write"]).await;
    let wanted = json!({ "source": source, "certification": "sales-associate", "requirement": "exam" }).to_string();
    app.post_with(&writer, "/api/v1/reviews/accept", wanted).await.expect(403);
    let unknown = json!({ "source": source, "certification": "sales-associate", "requirement": "nothing" });
    app.post("/api/v1/reviews/accept", &unknown).await.expect(422);
}

#[tokio::test]
async fn a_source_that_is_vouched_for_need_not_say_it_and_what_waited_counts_too() {
    let app = app().await;
    trained(&app, 1).await;
    app.post("/api/v1/results", &exam(1, "2026-11-02", &json!({}))).await.expect(200);
    let source = source_of(&app).await;
    let vouched = format!("{}\n[[source]]\nid = {source:?}\nvouches = [\"score\"]\n", program());
    apply(&app, &vouched).await.expect(201);
    assay::workers::tick(&app.app).await.unwrap();
    assert_eq!(trail_of(&app, 1).await["award"]["awarded_at"], "2026-11-02T09:00:00Z");
    let closed = &reviews(&app).await[0]["closed"];
    assert_eq!((&closed["accepted"], &closed["by"]), (&true.into(), &source.as_str().into()));

    trained(&app, 2).await;
    let exam_of_two = exam(2, "2026-11-05", &json!({}));
    app.post("/api/v1/results", &exam_of_two).await.expect(201);
    trained(&app, 3).await;
    let weak = app.post("/api/v1/results", &exam(3, "2026-11-05", &json!({ "score": 60 }))).await.expect(200).json();
    assert_eq!(weak["unmet"][0]["code"], "below-pass-mark", "what is said counts");
}

#[tokio::test]
async fn moodle_holds_no_score_so_its_passes_wait_and_its_maps_are_named() {
    let app = app().await;
    known(&app, "moodle.example", "5").await;
    let event = json!({
        "eventname": "\\core\\event\\course_module_completion_updated", "host": "moodle.example", "courseid": 2,
        "relateduserid": 5, "userid": 5, "objectid": 3, "timecreated": 1_794_823_200, "contextinstanceid": 17,
        "other": { "completionstate": 2 },
    });
    let answer = send_event(&app, "moodle", &event).await.expect(200).json();
    assert_eq!(answer["result"]["unmet"][0]["code"], "score-missing", "{answer}");
    assert_eq!(answer["review"], reviews(&app).await[0]["id"]);
    assert_eq!(source_of(&app).await, "moodle");

    let same = apply(&app, &format!("{}\n# as before\n", program())).await.expect(201).json();
    let warnings: Vec<&str> = same["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0]
            .starts_with("[[map]] moodle / module/17 / course_module_completion_updated -> sales-associate/exam: ")
    );
    assert!(warnings[0].ends_with("say [[source]] id = \"moodle\", vouches = [\"score\"]."), "{}", warnings[0]);
    assert_eq!(accept(&app, "moodle").await["awarded"], 1);
    let request = Request::post("/feeds/moodle").header("authorization", basic(&app, "moodle"));
    let repeat = request.header("content-type", "application/json").body(Body::from(event.to_string())).unwrap();
    app.send(repeat).await.expect(200);
    assert_eq!(reviews(&app).await.len(), 1, "a repeat opens no other");
}

#[test]
fn the_terminal_names_such_maps_and_accepts_what_waits() {
    let home = Home::new();
    let map = "[[map]]\nsource = \"moodle\"\nobject = \"module/17\"\nverb = \"course_module_completion_updated\"\n\
               requirement = \"sales-associate/exam\"\n";
    let path = |name: &str| home.folder().join(name);
    std::fs::write(path("program.toml"), format!("{PROGRAM}\n{map}")).unwrap();
    let checked = home.run(&["program", "check", path("program.toml").to_str().unwrap()]).done();
    assert!(checked.stderr.contains("its messages do not say what is asked (score)"), "{}", checked.stderr);

    let rows = "name,email,certification,requirement,outcome,at\n\
                Ana Lopes,ana@partner.example,sales-associate,sales-101,completed,2026-11-02\n\
                Ana Lopes,ana@partner.example,sales-associate,exam,passed,2026-11-03\n";
    std::fs::write(path("results.csv"), rows).unwrap();
    home.run(&["import", path("results.csv").to_str().unwrap()]).done();
    let listed = home.run(&["review", "list"]).done();
    assert!(listed.stdout.contains("waits    incomplete    sales-associate/exam  operator:"), "{}", listed.stdout);
    home.run(&["review", "accept", "--source", "operator", "--requirement", "exam"])
        .refused(&["does not name a requirement"]);
    let accepted =
        home.run(&["review", "accept", "--source", "operator", "--requirement", "sales-associate/exam"]).done();
    assert!(accepted.stderr.contains("accepted 1, awarded 1, renewed 0, moot 0"), "{}", accepted.stderr);
    assert!(home.run(&["review", "list"]).done().stdout.contains("accepted incomplete"));
}
