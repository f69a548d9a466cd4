//! Files of results over HTTP and on the command line: all rows or none, unless some are asked for.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use super::app;
use crate::support::app::{Reply, TestApp};
use crate::support::binary::Home;

const HEAD: &str = "id;Recipient Name;E-Mail;certification;requirement;outcome;score;date;Colour\r\n";

/// A thousand results of five hundred persons; three rows are wrong.
fn export() -> String {
    let mut text = format!("\u{feff}{HEAD}");
    for n in 0..1_000 {
        let (person, part) = (n / 2, n % 2);
        let (requirement, outcome, score) =
            if part == 0 { ("sales-101", "completed", "") } else { ("exam", "passed", "84,5") };
        let (email, score, date) = match n {
            17 => (format!("p{person} at partner"), score, "2026-11-03"),
            401 => (format!("p{person}@partner.example"), "eighty", "2026-11-03"),
            998 => (format!("p{person}@partner.example"), score, "03.11.2026"),
            _ => (format!("p{person}@partner.example"), score, if part == 0 { "2026-11-02" } else { "2026-11-03" }),
        };
        write!(text, "r{n};Person {person};{email};sales-associate;{requirement};{outcome};{score};{date};blue\r\n")
            .unwrap();
    }
    text
}

const FAULTS: [(&str, &str); 3] = [
    ("line 19, column 3 \"E-Mail\"", "\"p8 at partner\" is no mail address; write it as name@firm.example"),
    ("line 403, column 7 \"score\"", "\"eighty\" is no number; write it as 84 or 84.5"),
    (
        "line 1000, column 8 \"date\"",
        "\"03.11.2026\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00",
    ),
];

async fn import(app: &TestApp, query: &str, accept: &str, file: &str) -> Reply {
    let request =
        Request::post(format!("/api/v1/imports{query}")).header("authorization", format!("Bearer {}", app.live));
    let request = request.header("content-type", "text/csv").header("accept", accept);
    app.send(request.body(Body::from(file.to_owned())).unwrap()).await
}

#[track_caller]
fn check_faults(errors: &Value) {
    let found: Vec<_> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["detail"].as_str().unwrap()))
        .collect();
    assert_eq!(found, FAULTS);
}

#[tokio::test]
async fn a_thousand_rows_with_three_bad_ones() {
    let app = app().await;
    let file = export();
    let refused = import(&app, "", "*/*", &file).await.expect(422).json();
    assert_eq!(refused["detail"], "3 of 1000 rows cannot be imported; nothing was written.");
    assert_eq!(refused["hint"], "Correct these rows, or ask for the others only: partial=true (--partial).");
    check_faults(&refused["errors"]);

    let looked = import(&app, "?dry_run=true&partial=true", "*/*", &file).await.expect(200).json();
    check_faults(&looked["errors"]);
    assert_eq!(
        (&looked["rows"], &looked["bad"], &looked["known"]),
        (&1_000.into(), &3.into(), &0.into()),
        "nothing was written"
    );
    assert_eq!(looked["ignored_columns"], serde_json::json!(["\"Colour\""]));

    let done = import(&app, "?partial=true", "*/*", &file).await.expect(200).json();
    assert_eq!(done["counts"], serde_json::json!({ "awarded": 497, "refused": 3, "withheld": 500 }));

    let again = import(&app, "?partial=true", "application/x-ndjson", &file).await.expect(200);
    let lines: Vec<Value> = again.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1_002);
    assert_eq!(lines[0]["known"], 997);
    assert!(
        lines[1..1_001].iter().all(|line| line["known"] == true || line["decision"] == "refused"),
        "changes nothing"
    );
    assert_eq!(lines[1]["line"], 2);
    assert_eq!(
        lines[1_001],
        serde_json::json!({ "done": true, "counts": { "awarded": 497, "refused": 3, "withheld": 500 } })
    );

    let mended =
        file.replace("p8 at partner", "p8@partner.example").replace("eighty", "80").replace("03.11.2026", "2026-11-02");
    let whole = import(&app, "", "text/csv", &mended).await.expect(200).text();
    let rows: Vec<&str> = whole.lines().collect();
    assert_eq!(rows.len(), 1_001);
    assert_eq!(rows[0], "line,id,decision,award,address,message");
    assert!(rows[1].starts_with("2,r0,withheld before,"), "{}", rows[1]);
    assert!(
        rows[18].starts_with("19,r17,awarded,") && rows[18].contains("https://badges.northwind.example/v/"),
        "{}",
        rows[18]
    );
    assert!(rows[402].starts_with("403,r401,awarded,"), "{}", rows[402]);
}

#[tokio::test]
async fn a_row_that_contradicts_what_was_reported_before_is_a_fault() {
    let app = app().await;
    let row =
        |score: &str| format!("{HEAD}r1;Ana;ana@partner.example;sales-associate;exam;passed;{score};2026-11-03;\n");
    import(&app, "", "*/*", &row("84")).await.expect(200);
    let refused = import(&app, "", "*/*", &row("85")).await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "line 2");
    assert_eq!(
        refused["errors"][0]["detail"],
        "another result was reported before under the id \"r1\"; if this one is right too, give it an id of its own"
    );
    let other = import(&app, "?source=second", "*/*", &row("85")).await.expect(200).json();
    assert_eq!(other["counts"], serde_json::json!({ "withheld": 1 }), "each source counts its own ids");
}

#[tokio::test]
async fn a_file_that_was_undone_is_imported_again_with_one_row_corrected() {
    let app = app().await;
    let file = |score: &str| {
        let rows = [("Ana", "ana", "84"), ("Bo", "bo", score)].map(|(name, id, score)| {
            let who = format!("{name} Lind;{id}@partner.example;sales-associate");
            format!("{id}-t;{who};sales-101;completed;;2026-11-02;\n{id}-e;{who};exam;passed;{score};2026-11-03;\n")
        });
        format!("{HEAD}{}", rows.concat())
    };
    let counts = |reply: &Value| reply["counts"].clone();
    let made = serde_json::json!({ "awarded": 2, "withheld": 2 });
    assert_eq!(counts(&import(&app, "", "*/*", &file("95")).await.expect(200).json()), made);
    app.clock.advance(chrono::TimeDelta::hours(1));
    let batch = serde_json::json!({ "recorded_from": "2026-11-20", "recorded_until": "2026-11-20" });
    assert_eq!(app.post("/api/v1/undo", &batch).await.expect(200).json()["counts"]["revoked"], 2);
    // Within the same second: a script does one after the other.
    let looked = import(&app, "?dry_run=true", "*/*", &file("72")).await.expect(200).json();
    assert_eq!((&looked["bad"], &looked["known"]), (&0.into(), &0.into()), "{looked}");
    assert_eq!(counts(&import(&app, "", "*/*", &file("72")).await.expect(200).json()), made);
    for address in ["ana@partner.example", "bo@partner.example"] {
        let asked = serde_json::json!({ "email": address, "certification": "sales-associate" });
        let found = app.post("/api/v1/standings/find", &asked).await.expect(200).json()["standings"][0].clone();
        assert_eq!(
            (&found["award"]["state"], found["former"].as_array().unwrap().len()),
            (&"valid".into(), 1),
            "{found}"
        );
    }
}

#[tokio::test]
async fn an_import_says_what_it_cannot_use() {
    let app = app().await;
    let file = format!("{HEAD}r1;Ana;ana@partner.example;sales-associate;exam;passed;84;2026-11-03;\n");
    for (query, status, detail) in [
        ("?dry_run=maybe", 400, "The parameter dry_run is neither true nor false."),
        ("?dryrun=true", 400, "The parameter dryrun is unknown here."),
        ("?certification=A%20B", 400, "The parameter certification is no id of a certification."),
        (
            "?map=Colour",
            400,
            "\"Colour\" is no mapping; write it as column=field, such as \"E-Mail=email\". Nothing was written.",
        ),
        (
            "?map=Color%3Dsite",
            400,
            "The file has no column \"Color\"; it has: \"id\", \"Recipient Name\", \"E-Mail\", \"certification\", \"requirement\", \"outcome\", \"score\", \"date\", \"Colour\". Nothing was written.",
        ),
        ("?source=", 400, "The parameter source must have 1 to 64 characters of one line."),
        ("?map=Colour%3Dsite", 200, ""),
    ] {
        let answer = import(&app, query, "*/*", &file).await.expect(status).json();
        assert_eq!(answer["detail"].as_str().unwrap_or_default(), detail, "{query}");
    }
    let request = Request::post("/api/v1/imports").header("authorization", format!("Bearer {}", app.live));
    app.send(request.header("content-type", "application/json").body(Body::from(file)).unwrap()).await.expect(415);
    app.send(Request::post("/api/v1/imports").body(Body::empty()).unwrap()).await.expect(401);
}

#[tokio::test]
async fn only_the_first_thousand_faults_are_told_one_by_one() {
    let app = app().await;
    let file = format!("{HEAD}{}", ";;;;;;;;x\n".repeat(1_500));
    let refused = import(&app, "", "*/*", &file).await.expect(422).json();
    assert_eq!(refused["detail"], "1500 of 1500 rows cannot be imported; nothing was written.");
    let errors = refused["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1_001);
    assert_eq!(errors[1_000]["detail"], "and 1300 more rows");
}

#[tokio::test]
async fn the_template_has_every_column() {
    let app = app().await;
    let request = Request::get("/api/v1/imports/template.csv").header("authorization", format!("Bearer {}", app.live));
    let template = app.send(request.body(Body::empty()).unwrap()).await.expect(200);
    assert_eq!(template.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(template.text(), assay::intake::csv::template());
}

#[test]
fn the_command_imports_a_file() {
    let home = Home::new();
    let file = home.folder().join("export.csv");
    std::fs::write(&file, export()).unwrap();
    let refused = home.run(&["import", "export.csv"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    for (place, words) in FAULTS {
        assert!(refused.stderr.contains(&format!("{place}: {words}")), "{}", refused.stderr);
    }
    let looked = home.run(&["import", "export.csv", "--dry-run"]);
    assert_eq!(
        (looked.code, looked.stdout.as_str()),
        (1, "rows        1000\ngood        997\nbad         3\nknown       0\n")
    );
    let done = home.run(&["import", "export.csv", "--partial", "--result", "done.csv"]).done();
    assert_eq!(done.stdout, "rows        1000\nawarded     497\nrefused     3\nwithheld    500\nknown       0\n");
    let results = std::fs::read_to_string(home.folder().join("done.csv")).unwrap();
    assert_eq!(results.lines().count(), 1_001);
    assert!(results.starts_with("\u{feff}line,id,decision,"), "{results:.100}");
    assert!(
        results.contains("19,,refused,,,\"column 3 \"\"E-Mail\"\": \"\"p8 at partner\"\" is no mail address"),
        "{results:.3000}"
    );
    let again = home.run(&["import", "export.csv", "--partial", "--json"]).done();
    let again: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(again["known"], 997);
    let template = home.run(&["import", "--template"]).done();
    assert_eq!(template.stdout.trim(), assay::intake::csv::template().trim());
}
