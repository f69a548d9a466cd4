//! Webhooks and events on the command line.

use std::fs;

use serde_json::Value;

use crate::support::binary::Home;

#[test]
fn a_webhook_is_kept_from_the_terminal() {
    let home = Home::new();
    fs::write(home.folder().join("assay.toml"), "[fetch]\nallow = ['intranet.example:8080']\n").unwrap();
    let added = home.run(&["webhook", "add", "http://intranet.example:8080/hook", "--type", "award.*"]).done();
    let lines: Vec<&str> = added.stdout.lines().collect();
    let id = lines[0].split("  ").next().unwrap();
    assert_eq!(lines[0], format!("{id}  http://intranet.example:8080/hook  award.*"));
    assert!(lines[1].starts_with("secret      whsec_") && lines[2].starts_with("public key  whpk_"), "{lines:?}");
    assert_eq!(home.run(&["webhook", "list"]).done().stdout.trim(), lines[0]);

    let rotated = home.run(&["webhook", "rotate", id]).done();
    assert!(rotated.stdout.contains("whsec_") && !rotated.stdout.contains(lines[1]));
    assert!(rotated.stderr.contains("The old keys sign, too, for 24 hours."), "{}", rotated.stderr);
    let event = home.run(&["webhook", "test", id]).done().stdout.trim().to_owned();
    assert_eq!(event.len(), 26);
    home.run(&["webhook", "replay", id, "--event", &event]).done();
    home.run(&["webhook", "replay", id, "--from", "2026-11-20T00:00:00Z"]).done();
    let disabled = home.run(&["webhook", "disable", id]).done().stdout;
    assert!(disabled.trim_end().ends_with("(by-hand)"), "{disabled}");
    home.run(&["webhook", "test", id]).refused(&["The webhook is disabled.", "hint: Enable it first"]);
    home.run(&["webhook", "enable", id]).done();
    assert_eq!(home.run(&["webhook", "log", id, "--failed"]).done().stdout, "");
    let shown: Value = serde_json::from_str(&home.run(&["webhook", "list", "--json"]).done().stdout).unwrap();
    assert_eq!(shown["data"][0]["id"], id);
    home.run(&["webhook", "remove", id]).done();
    assert_eq!(home.run(&["webhook", "list"]).done().stdout, "");
    home.run(&["webhook", "remove", id]).refused(&["There is no webhook", "hint: "]);
    home.run(&["webhook", "add", "http://crm.example/"]).refused(&["must be asked over https", "hint: "]);
    home.run(&["webhook", "add", "https://crm.example/", "--type", "award"]).refused(&["no event of the type"]);

    let all = home.run(&["events"]).done();
    let kinds: Vec<&str> = all.stdout.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(kinds[..3], ["issuer.created", "signing_key.generated", "program.applied"]);
    assert_eq!(kinds[3..], ["webhook.created", "webhook.test", "webhook.disabled"]);
    let cursor = all.stderr.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(home.run(&["events", "--after", &cursor]).done().stdout, "");
    let json = home.run(&["events", "--type", "webhook.test", "--type", "award.*", "--json"]).done().stdout;
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["id"], event);
    home.run(&["events", "--follow"]).refused(&["while no service runs", "hint: start one with `assay serve`"]);
    home.run(&["events", "--after", "nonsense"]).refused(&["This is no cursor of events."]);
}

#[test]
fn a_place_that_is_none_is_a_fault_of_the_settings() {
    let home = Home::new();
    fs::write(home.folder().join("assay.toml"), "[fetch]\nallow = ['intranet.example']\n").unwrap();
    home.run(&["webhook", "list"]).refused(&["fetch.allow has \"intranet.example\", which is no host and port"]);
}
