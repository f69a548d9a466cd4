//! `assay verify` with the built command: strangers' badges, folders of them, and receipts.

use std::fs;

use serde_json::{Value, json};

use super::network::{House, JSON, an_hour_ago, photo};
use crate::badges::Office;
use crate::support::binary::Home;
use crate::support::command::Desk;

/// A folder with a stranger's badge, and settings that allow to ask its host. No service, and no store.
fn desk(house: &House) -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("assay.toml"), format!("[fetch]\nstrangers = [\"{}\"]\n", house.host.place)).unwrap();
    fs::write(desk.path("badge.json"), house.badge.to_string()).unwrap();
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_branches_on_the_exit_code() {
    let house = House::today().await;
    let desk = desk(&house);
    let said =
        format!("Signed by the holder of {}, whom you have not listed. Everything else checks.\n", house.host.place);
    let out = desk.run(["verify", "badge.json"]).code(4).stdout;
    assert!(out.starts_with(&said), "{out}");
    assert!(
        out.contains("  status       passed           Not revoked, by the status list that its issuer signs.\n"),
        "{out}"
    );
    house.host.serves("/badge.json", JSON, house.badge.to_string());
    fs::write(desk.path("photo.jpg"), photo(&house.host.url("/badge.json"))).unwrap();
    for what in [house.host.url("/badge.json").as_str(), "photo.jpg"] {
        let out = desk.run(["verify", what]).code(4).stdout;
        assert!(out.starts_with(&said), "{what}: {out}");
    }
    desk.run(["verify", "badge.json", "--holder", "ana@partner.example"]).code(4);
    let out = desk.run(["verify", "badge.json", "--holder", "bob@partner.example"]).code(3).stdout;
    assert!(out.starts_with("It was not issued to the holder you named"), "{out}");

    let changed = house.badge.to_string().replace("Ana Lopes", "Ana Lopez");
    fs::write(desk.path("changed.json"), changed).unwrap();
    let report = desk.run(["verify", "--json", "changed.json"]).code(3).json();
    assert_eq!(report["verdict"], "invalid");
    assert!(report["headline"].as_str().unwrap().starts_with("The signature does not fit this content"));
    let failed = |check: &&Value| check["outcome"] == "failed";
    assert_eq!(report["checks"].as_array().unwrap().iter().find(failed).unwrap()["id"], "proof");

    house.host.answers("/status/1", 500, JSON, "");
    let report = desk.run(["verify", "--json", "badge.json"]).code(4).json();
    assert_eq!(report["verdict"], "inconclusive");
    house.host.serves("/status/1", JSON, house.office.status_list(&[42], &an_hour_ago()).to_string());
    let report = desk.run(["verify", "--json", "badge.json"]).code(3).json();
    assert_eq!(report["verdict"], "revoked");
    assert!(!desk.path("data").exists(), "verifying makes no store");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_webhooks_may_call_is_not_open_to_badges() {
    let house = House::today().await;
    let desk = desk(&house);
    fs::write(desk.path("assay.toml"), format!("[fetch]\nallow = [\"{}\"]\n", house.host.place)).unwrap();
    for what in ["badge.json", house.host.url("/badge.json").as_str()] {
        let report = desk.run(["verify", "--json", what]).code(4).json();
        assert_eq!(report["verdict"], "inconclusive", "{what}: {report:#}");
    }
    assert!(house.host.asked().is_empty(), "{:?}", house.host.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_gets_a_line_for_each_file() {
    let house = House::today().await;
    let desk = desk(&house);
    for folder in ["in", "in/below", "in/.hidden"] {
        fs::create_dir(desk.path(folder)).unwrap();
    }
    let mut lasting = house.badge.clone();
    lasting.as_object_mut().unwrap().shift_remove("credentialStatus");
    let lasting = crate::verify_reports::forge(&house.office, lasting).to_string();
    fs::write(desk.path("in/a.json"), &lasting).unwrap();
    fs::write(desk.path("in/below/b.json"), lasting.replace("Ana Lopes", "Ana Lopez")).unwrap();
    fs::write(desk.path("in/c.txt"), "no badge").unwrap();
    fs::write(desk.path("in/.hidden/d.json"), "{}").unwrap();
    let ended = desk.run(["verify", "in", "--report", "out.csv"]).code(3);
    assert_eq!(ended.stdout, "", "the lines are in the report");
    assert_eq!(ended.stderr, "3 files: 1 invalid, 1 malformed, 1 untrusted issuer\n");
    let report = fs::read_to_string(desk.path("out.csv")).unwrap();
    let mut lines = csv::Reader::from_reader(report.as_bytes());
    let head = lines.headers().unwrap().iter().take(6).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(head, ["file", "verdict", "headline", "then", "issuer", "issuer_known"]);
    let lines: Vec<Vec<String>> = lines.records().map(|l| l.unwrap().iter().map(str::to_owned).collect()).collect();
    let told = |n: usize, column: usize| lines[n][column].as_str();
    assert_eq!((told(0, 0), told(0, 1), told(0, 5)), ("a.json", "untrusted_issuer", "unlisted"));
    assert_eq!((told(1, 0), told(1, 1), told(1, 11)), ("below/b.json", "invalid", "proof issuer status refresh"));
    assert_eq!((told(2, 0), told(2, 1)), ("c.txt", "malformed"));
    // To the terminal without a report; as JSON a line each.
    let ended = desk.run(["verify", "in"]).code(3);
    assert_eq!(ended.stdout.lines().count(), 3);
    let ended = desk.run(["verify", "in", "--json"]).code(3);
    let first: Value = serde_json::from_str(ended.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&first["file"], &first["report"]["verdict"]), (&json!("a.json"), &json!("untrusted_issuer")));
    desk.run(["verify", "badge.json", "--report", "out.csv"]).failed("--report is about a folder", "name a folder");
    desk.run(["verify", "in", "--receipt", "r.jws"]).failed("a receipt is about one badge", "name a file");
    desk.run(["verify", "badge.json", "--receipt", "r.jws"]).failed("only a service can sign a receipt", "--url");
}

/// A file name or a badge that steers the terminal could show a line that nobody said; a cell could fetch or run something.
#[test]
fn strangers_write_neither_to_the_terminal_nor_into_formulas() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).unwrap();
    let badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "id": "=HYPERLINK(\"https://evil.example\")", "name": "+1", "issuer": "@evil\u{202e}\u{1b}[2K",
    });
    fs::write(desk.path("in/a\u{1b}[2K\nValid. b\u{202e}.json"), badge.to_string()).unwrap();
    fs::write(desk.path("in/=cmd.json"), "{").unwrap();
    let shown = |text: &str| text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}');
    let ran = desk.run(["verify", "in"]);
    assert!(shown(&ran.stdout) && shown(&ran.stderr), "{:?}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    assert!(ran.stdout.contains("a\\u001b[2K\\nValid. b\\u202e.json: "), "{}", ran.stdout);
    let lines = desk.run(["verify", "in", "--json"]).stdout;
    assert!(shown(&lines), "{lines:?}");
    let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told[1]["file"], "a\u{1b}[2K\nValid. b\u{202e}.json", "JSON says what there is");
    desk.run(["verify", "in", "--report", "out.csv"]);
    let report = fs::read_to_string(desk.path("out.csv")).unwrap();
    assert!(report.starts_with("\u{feff}file,verdict,"), "{report}");
    let mut cells = csv::ReaderBuilder::new().from_reader(report.as_bytes());
    for cell in cells.records().flat_map(|line| line.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
    }
    assert!(report.contains("'=cmd.json"), "{report}");
}

#[test]
fn a_receipt_is_written_and_read_back() {
    let home = Home::new();
    let office = Office::local();
    let mut badge = office.issue(|_| {}).value().clone();
    for member in ["credentialStatus", "refreshService"] {
        badge.as_object_mut().unwrap().shift_remove(member);
    }
    let badge = crate::verify_reports::forge(&office, badge);
    fs::write(home.folder().join("badge.json"), badge.to_string()).unwrap();
    home.run(&["trust", "add", &office.did, "--name", "Contoso Academy"]).done();
    let ran = home.run(&["verify", "badge.json", "--receipt", "receipt.jws"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let headline = ran.stdout.lines().next().unwrap().to_owned();
    assert_eq!(headline, "Valid. Ana Lopes holds Certified Sales Associate from Contoso Academy until 3 May 2028.");
    let back = home.run(&["verify", "receipt.jws"]);
    assert_eq!(back.code, 0, "{}", back.stderr);
    let said = back.stdout.lines().next().unwrap();
    assert!(said.starts_with("Receipt of a check made by badges.northwind.example on "), "{said}");
    assert!(said.ends_with(&headline), "{said}");
}
