//! The built command: what it prints where, and how it ends.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::json;

use crate::support::command::{Desk, Ended, copy};
use crate::support::{json as read_json, repository};

const STARTER: &str = "templates/programs/partner-framework.toml";

/// One demo for all tests: each works on a copy.
static DEMO: LazyLock<(Desk, Ended)> = LazyLock::new(|| {
    let desk = Desk::new();
    let ended = desk.run(["demo", "--once", "--port", "0", "--dir", "demo"]);
    (desk, ended)
});

/// A copy of the demo's folder, as a desk where `--data` and `--keys` are set.
fn demo() -> Desk {
    let desk = Desk::new().with("ASSAY_DATA", "demo/data").with("ASSAY_KEYS", "demo/keys");
    copy(&DEMO.0.path("demo"), &desk.path("demo"));
    desk
}

fn number(desk: &Desk) -> String {
    let credential = read_json(&desk.path("demo/credential.json"));
    credential["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn starter() -> String {
    repository().join(STARTER).display().to_string()
}

#[test]
fn help_says_what_there_is_and_no_secret() {
    let desk = Desk::new().with("ASSAY_API_KEY", "ask_live_verysecret").with("ASSAY_KEY_PASSPHRASE", "open sesame");
    let top = desk.run(["--help"]).done();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("help", top.stdout);
    });
    for command in [
        "demo",
        "init",
        "serve",
        "program",
        "program check",
        "result",
        "result submit",
        "award",
        "award show",
        "award renew",
        "award reissue",
        "award suspend",
        "award reinstate",
        "award revoke",
        "person",
        "person show",
        "person create",
        "person add-address",
        "person remove-address",
        "person primary",
        "person add-id",
        "person remove-id",
        "person consent",
        "person language",
        "person name",
        "person proof",
        "person merge",
        "clock",
        "verify",
        "bake",
        "unbake",
        "keys",
        "keys list",
        "keys generate",
        "keys rotate",
        "keys retire",
        "api-key",
        "api-key create",
        "api-key list",
        "api-key revoke",
        "trust",
        "trust add",
        "trust list",
        "trust remove",
        "webhook",
        "webhook add",
        "webhook list",
        "webhook test",
        "webhook rotate",
        "webhook disable",
        "webhook enable",
        "webhook remove",
        "webhook log",
        "webhook replay",
        "events",
    ] {
        for help in ["--help", "-h"] {
            let ended = desk.run(command.split(' ').chain([help])).done();
            assert!(ended.stdout.contains("Usage: assay") && ended.stderr.is_empty(), "{command}: {ended:#?}");
            for secret in ["verysecret", "open sesame", "--api-key ", "--key-passphrase"] {
                assert!(!ended.stdout.contains(secret), "{command} {help} shows {secret}");
            }
        }
    }
    assert_eq!(desk.run(["--version"]).done().stdout, format!("assay {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let desk = Desk::new();
    for arguments in [
        "",
        "explode",
        "demo --port 70000",
        "award",
        "award revoke 7K3QX9M2TR4HB6WD",
        "award revoke X --reason spite",
        "verify",
        "verify x --at yesterday",
        "bake a.png b.json",
        "api-key create lms",
        "init",
        "serve --cache-mb lots",
        "webhook add",
        "webhook replay x",
        "webhook replay x --event y --from 2026-11-20T00:00:00Z",
        "webhook replay x --until 2026-11-20T00:00:00Z",
    ] {
        let ended = desk.run(arguments.split_whitespace()).code(2);
        assert!(ended.stdout.is_empty() && ended.stderr.contains("--help"), "{arguments}: {ended:#?}");
    }
}

#[test]
fn a_program_is_checked_with_every_fault_at_its_place() {
    let desk = Desk::new();
    let good = desk.run(["program", "check", &starter()]).done();
    assert!(good.stdout.ends_with("10 certifications, 4 tiers, 4 accreditations. No faults.\n"), "{good:#?}");
    assert_eq!(good.stderr, "");

    std::fs::copy(repository().join("tests/fixtures/programs/twelve-faults.toml"), desk.path("twelve-faults.toml"))
        .unwrap();
    let bad = desk.run(["program", "check", "twelve-faults.toml"]).code(1);
    let text = std::fs::read_to_string(desk.path("twelve-faults.toml")).unwrap();
    let faults = assay::program::Program::parse(&text).unwrap_err();
    assert_eq!((bad.stdout.as_str(), bad.stderr), ("", faults.render("twelve-faults.toml")));
    assert_eq!(faults.count(), 12);

    desk.run(["program", "check", "nowhere.toml"]).failed("cannot read nowhere.toml", "");
    std::fs::copy(repository().join(STARTER), desk.path("program.toml")).unwrap();
    desk.run(["program", "check", "program.toml"]).failed("northwind.svg", "put it beside program.toml");
    std::fs::write(desk.path("northwind.svg"), "no drawing").unwrap();
    desk.run(["program", "check", "program.toml"]).failed("the logo \"northwind.svg\" cannot be used", "");
    desk.run(["init", "--program", "program.toml"]).failed("the logo \"northwind.svg\" cannot be used", "");

    let text = std::fs::read_to_string(repository().join(STARTER)).unwrap();
    std::fs::copy(repository().join("templates/programs/northwind.svg"), desk.path("northwind.svg")).unwrap();
    std::fs::write(desk.path("program.toml"), text.replace("Complete Sales 101 and", "Complete\tSales 101 and"))
        .unwrap();
    for command in [["program", "check", "program.toml"], ["init", "--program", "program.toml"]] {
        let tab = desk.run(command).code(1);
        assert!(tab.stderr.contains("program.toml:") && tab.stderr.contains("U+0009"), "{tab:#?}");
    }
    let long = text
        .replace("\"Certified Sales Associate\"", &format!("\"{}\"", "Sales ".repeat(33).trim()))
        .replace("name = \"Associate\"", &format!("name = \"{}\"", "Associate ".repeat(15).trim()));
    std::fs::write(desk.path("program.toml"), long).unwrap();
    for command in [["program", "check", "program.toml"], ["init", "--program", "program.toml"]] {
        desk.run(command).failed("certification \"sales-associate\"", "shorten");
    }
}

#[test]
fn the_demo_leaves_a_badge_that_verifies_and_a_forgery_that_does_not() {
    let (desk, ended) = &*DEMO;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended:#?}");
    for said in [
        "did:key:z6Mk",
        "TEST. Valid. Ana Lopes holds Certified Sales Associate",
        "ask_test_",
        "curl -sS http://localhost:",
    ] {
        assert!(ended.stdout.contains(said), "{said}: {ended:#?}");
    }
    let folder = desk.path("demo");
    for file in
        ["badge.png", "badge.svg", "credential.json", "tampered.json", "program.toml", "northwind.svg", "data", "keys"]
    {
        assert!(folder.join(file).exists(), "{file}");
    }
    assert!(!folder.join("data/serve.json").exists(), "nothing serves any more");
    let credential = std::fs::read_to_string(folder.join("credential.json")).unwrap();
    for picture in ["demo/badge.png", "demo/badge.svg"] {
        let out = desk.run(["unbake", picture]).done();
        assert_eq!((out.stdout.trim_end(), out.stderr.as_str()), (credential.as_str(), ""), "{picture}");
    }
    let again = Desk::new();
    std::fs::create_dir(again.path("mine")).unwrap();
    std::fs::write(again.path("mine/thesis.txt"), "years of work").unwrap();
    again
        .run(["demo", "--once", "--port", "0", "--dir", "mine"])
        .failed("mine is not empty and was not made by a demo", "--dir");
    assert!(again.path("mine/thesis.txt").exists());
}

#[test]
fn verify_answers_by_its_exit_code() {
    let desk = demo();
    let id = number(&desk);
    let credential = std::fs::read(desk.path("demo/credential.json")).unwrap();
    let valid = "TEST. Valid. Ana Lopes holds Certified Sales Associate from Northwind Traders until ";
    for what in ["demo/badge.png", "demo/badge.svg", "demo/credential.json", &id, &id.to_lowercase()] {
        let out = desk.run(["verify", what]).done();
        assert!(out.stdout.starts_with(valid) && out.stderr.is_empty(), "{what}: {out:#?}");
        assert!(out.stdout.contains("  proof        passed"), "{out:#?}");
    }
    assert!(desk.run_with(["verify", "-"], &credential).done().stdout.starts_with(valid));
    let forged = desk.run(["verify", "demo/tampered.json"]).code(3);
    assert!(forged.stdout.contains("The signature does not fit this content") && forged.stdout.contains("FAILED"));
    assert!(desk.run(["verify", "0000-0000-0000-0000"]).code(3).stdout.starts_with("No public record"));
    let report = desk.run(["verify", "--json", "demo/badge.png"]).done().json();
    assert_eq!((&report["verdict"], &report["credential"]["award"]), (&json!("valid"), &json!(id)));
    assert_eq!(desk.run(["verify", "--json", "demo/tampered.json"]).code(3).json()["verdict"], "invalid");
    // What is true today decides; what was true stands beside it.
    let then = desk.run(["verify", &id, "--at", "2020-01-01T00:00:00Z", "--json"]).done().json();
    assert_eq!((&then["verdict"], &then["then"]["verdict"]), (&json!("valid"), &json!("not_yet_valid")));
    let then = desk.run(["verify", &id, "--at", "2020-01-01T00:00:00Z"]).done().stdout;
    assert!(then.starts_with(valid) && then.contains("\nOn 1 January 2020 at 00:00 UTC it was not issued: "), "{then}");
    desk.run(["verify", &id, "--at", "2090-01-01"]).failed("At lies in the future", "Leave it out");
    desk.run(["verify", "no-such-file.png"]).failed("there is no file \"no-such-file.png\"", "name a file");

    // Without a store the proof can be checked and the status cannot.
    let alone = Desk::new();
    copy(&desk.path("demo"), &alone.path("demo"));
    std::fs::remove_dir_all(alone.path("demo/data")).unwrap();
    for what in ["demo/badge.png", "demo/badge.svg", "demo/credential.json"] {
        let out = alone.run(["verify", what]).code(4);
        assert!(out.stdout.contains("could not check") && out.stdout.contains("  proof        passed"), "{out:#?}");
    }
    alone.run(["verify", "demo/tampered.json"]).code(3);
    alone.run(["verify", "demo/northwind.svg"]).code(3);
    alone.run_with(["verify", "-"], b"").code(3);
    alone.run(["verify", &id]).failed("only by the service that issued it", "--url");
    assert!(!alone.path("data").exists(), "verifying makes no store");
}

#[test]
fn a_credential_goes_into_a_picture_and_comes_out() {
    let desk = demo();
    let credential = std::fs::read_to_string(desk.path("demo/credential.json")).unwrap();
    std::fs::write(desk.path("plain.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9\"/></svg>")
        .unwrap();
    image::RgbImage::new(8, 8).save_with_format(desk.path("plain.png"), image::ImageFormat::Png).unwrap();
    for kind in ["png", "svg"] {
        let (plain, baked) = (format!("plain.{kind}"), format!("baked.{kind}"));
        desk.run(["unbake", &plain]).failed("carries no credential", "");
        let wrote = desk.run(["bake", &plain, "demo/credential.json", "-o", &baked]).done();
        assert_eq!((wrote.stdout.as_str(), wrote.stderr), ("", format!("Wrote {baked}.\n")));
        assert_eq!(desk.run(["unbake", &baked]).done().stdout.trim_end(), credential);
        desk.run(["verify", &baked]).done();
    }
    desk.run(["bake", "plain.png", "plain.svg", "-o", "x.png"]).failed("plain.svg is no credential in JSON", "");
    desk.run(["bake", "demo/credential.json", "demo/credential.json", "-o", "x.png"]).failed("", "");
    assert!(!desk.path("x.png").exists());
}

#[test]
fn an_award_is_shown_and_changed_while_no_service_runs() {
    let desk = demo();
    let id = number(&desk);
    let award = |arguments: &str| desk.run(["award"].into_iter().chain(arguments.split(' ')).chain([id.as_str()]));
    let verdict = || desk.run(["verify", "--json", &id]).json()["verdict"].as_str().unwrap().to_owned();

    let shown = award("show").done();
    assert_eq!((shown.value("state"), shown.value("holds")), ("valid".to_owned(), "sales-associate".to_owned()));
    assert!(
        shown.stdout.contains("issued") && shown.stdout.ends_with("TEST: this award counts nowhere.\n"),
        "{shown:#?}"
    );
    assert_eq!(shown.stderr, "");
    let until = shown.value("until");

    assert_eq!(award("suspend --reason other --text secret").done().value("state"), "suspended");
    assert_eq!(verdict(), "suspended");
    award("renew").failed("annot renew an award that is suspended", "");
    let reinstated = award("reinstate").done();
    assert_eq!((reinstated.value("state"), reinstated.value("until")), ("valid".to_owned(), until.clone()));
    let renewed = award("renew --json").done().json();
    assert!(renewed["valid_until"].as_str().unwrap() > until.as_str(), "{renewed}");
    award("reissue --name Ana\u{a0}Duarte").done();
    award("reissue --name \u{202e}Ana").failed("/name: contains the text direction override U+202E", "");
    assert_eq!(award("revoke --reason issued-in-error").done().value("state"), "revoked");
    let again = award("revoke --reason other").done();
    assert!(again.stdout.contains("(issued-in-error)") && !again.stdout.contains("secret"), "{again:#?}");
    assert_eq!(verdict(), "revoked");
    award("reinstate").failed("annot reinstate an award that is revoked", "");
    desk.run(["verify", "demo/badge.png"]).code(3);

    desk.run(["award", "show", "none"]).failed("\"none\" is no award's number", "");
    desk.run(["award", "show", "0000000000000000"]).failed("There is no award under this number.", "");
    let nowhere = Desk::new();
    nowhere.run(["award", "show", &id]).failed("there is no store in data", "assay init");
    assert!(!nowhere.path("data").exists());
}

#[test]
fn a_result_is_reported_from_a_file_or_standard_input() {
    let desk = demo();
    let exam = json!({
        "id": "cli-1", "person": { "name": "Ben Okafor", "email": "ben@partner.example" }, "certification": "sales-associate",
        "requirement": "exam", "outcome": "passed", "score": 65, "at": "2026-01-01T00:00:00Z",
    });
    std::fs::write(desk.path("exam.json"), exam.to_string()).unwrap();
    let withheld = desk.run(["result", "submit", "--test", "exam.json"]).done();
    assert_eq!(withheld.value("decision"), "withheld");
    assert!(withheld.stdout.contains("65") && withheld.stdout.contains("70"), "{withheld:#?}");
    let again = desk.run_with(["result", "submit", "--test", "--json", "-"], exam.to_string().as_bytes()).done();
    assert_eq!(again.json()["decision"], "withheld");
    let other = exam.to_string().replace("65", "95");
    desk.run_with(["result", "submit", "--test", "-"], other.as_bytes())
        .failed("nother result was reported under the id \"cli-1\"", "new id");
    let faulty = exam.to_string().replace("cli-1", "cli-2").replace("65", "101").replace("Ben Okafor", "Ben\\tOkafor");
    let refused = desk.run_with(["result", "submit", "--test", "-"], faulty.as_bytes()).code(1);
    for said in ["\n  /person/name: contains the control character U+0009", "\n  /score: must be from 0 to 100"] {
        assert!(refused.stderr.contains(said), "{refused:#?}");
    }
    desk.run(["result", "submit", "nowhere.json"]).failed("cannot read nowhere.json", "");
}

#[test]
fn api_keys_are_made_listed_and_ended() {
    let desk = demo();
    let made = desk.run(["api-key", "create", "lms", "--scope", "results:write", "--scope", "awards:read"]).done();
    assert!(
        made.stdout.starts_with("ask_live_") && made.stdout.lines().count() == 1,
        "only the secret is data: {made:#?}"
    );
    assert!(made.stderr.contains("only time the key is shown"));
    assert!(desk.run(["api-key", "create", "x", "--scope", "admin", "--test"]).done().stdout.starts_with("ask_test_"));
    desk.run(["api-key", "create", "lms", "--scope", "admin"])
        .failed("already an API key named \"lms\"", "not given away twice");
    desk.run(["api-key", "create", "y", "--scope", "all"]).failed("no scope \"all\"", "");
    desk.run(["api-key", "revoke", "nobody"]).failed("no API key \"nobody\"", "");
    desk.run(["api-key", "revoke", "lms"]).done();
    let list = desk.run(["api-key", "list"]).done();
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{list:#?}");
    assert!(lines.iter().any(|l| l.starts_with("lms ") && l.contains("results:write awards:read  revoked since ")));
    assert!(!list.stdout.contains(made.stdout.trim()), "a secret is shown once");
}

#[test]
fn keys_of_an_issuer_that_is_its_key_cannot_change() {
    let desk = demo();
    let list = desk.run(["keys", "list"]).done();
    assert!(list.stdout.starts_with("z6Mk") && list.stdout.contains("active since "), "{list:#?}");
    for verb in ["generate", "rotate"] {
        desk.run(["keys", verb]).failed("its name is its key", "did:web");
    }
    assert_eq!(std::fs::read_dir(desk.path("demo/keys")).unwrap().count(), 1, "no key file was made");
}

/// An issuer at an https address, in folders named by `assay.toml`.
fn office() -> Desk {
    let desk = Desk::new();
    std::fs::write(
        desk.path("assay.toml"),
        "base = \"https://badges.northwind.example\"\ndata = \"store\"\nkeys = \"private\"\n",
    )
    .unwrap();
    let made = desk.run(["init", "--program", &starter()]).done();
    assert_eq!(made.value("issuer"), "did:web:badges.northwind.example");
    assert!(made.value("key").starts_with("private/z6Mk"), "{made:#?}");
    desk
}

/// Takes somebody to Sales Associate; answers the award's number.
fn certify(desk: &Desk, who: &str) -> String {
    let report = |requirement: &str, outcome: &str| {
        json!({
            "id": format!("{who} {requirement}"), "person": { "name": who, "email": format!("{who}@partner.example") },
            "certification": "sales-associate", "requirement": requirement, "outcome": outcome, "at": rfc3339_today(),
        })
    };
    desk.run_with(["result", "submit", "-"], report("sales-101", "completed").to_string().as_bytes()).done();
    let mut exam = report("exam", "passed");
    exam["score"] = json!(90);
    let out = desk.run_with(["result", "submit", "--json", "-"], exam.to_string().as_bytes()).done().json();
    assert_eq!(out["decision"], "awarded", "{out}");
    out["award"]["id"].as_str().unwrap().to_owned()
}

fn rfc3339_today() -> String {
    assay::clock::rfc3339(assay::clock::Clock::now(&assay::clock::SystemClock) - chrono::TimeDelta::minutes(5))
}

fn signed_by(desk: &Desk, award: &str) -> String {
    let report = desk.run(["verify", "--json", award]).done().json();
    let proof = report["checks"].as_array().unwrap().iter().find(|c| c["id"] == "proof").unwrap().to_string();
    proof.split('#').nth(1).unwrap_or_else(|| panic!("{proof}")).split('"').next().unwrap().to_owned()
}

#[test]
fn after_a_rotation_old_badges_verify_and_new_ones_bear_the_new_key() {
    let desk = office();
    let first = certify(&desk, "Ana");
    let old = signed_by(&desk, &first);
    desk.run(["keys", "rotate"]).failed("o generated key is waiting", "assay keys generate");
    let made = desk.run(["keys", "generate"]).done();
    assert!(made.stdout.contains("published, not yet active") && made.stderr.contains("Back up"), "{made:#?}");
    let new = made.stdout.split(' ').next().unwrap().to_owned();
    assert!(desk.path(&format!("private/{new}.pem")).exists());
    assert_eq!(signed_by(&desk, &certify(&desk, "Ben")), old, "a key that waits signs nothing");
    desk.run(["keys", "retire", &old]).failed("is the active key", "");
    desk.run(["keys", "rotate"]).done();
    let third = certify(&desk, "Cara");
    assert_eq!(signed_by(&desk, &third), new);
    assert_eq!(signed_by(&desk, &first), old, "what the old key signed stays good");
    let list = desk.run(["keys", "list"]).done().stdout;
    assert!(list.lines().any(|l| l.starts_with(&old) && l.contains("retired since")), "{list}");
    assert!(list.lines().any(|l| l.starts_with(&new) && l.contains("active since")), "{list}");

    std::fs::rename(desk.path(&format!("private/{new}.pem")), desk.path("elsewhere.pem")).unwrap();
    let refused = desk.run(["award", "show", &third]).code(1);
    assert!(refused.stderr.contains(&format!("{new}.pem")) && refused.stderr.contains("hint: put "), "{refused:#?}");
    std::fs::rename(desk.path("elsewhere.pem"), desk.path(&format!("private/{new}.pem"))).unwrap();
    std::fs::remove_file(desk.path(&format!("private/{old}.pem"))).unwrap();
    desk.run(["award", "show", &first]).done();
    desk.run(["keys", "retire", "z6MkNobody"]).failed("is no key of this issuer", "");
}

#[test]
fn a_flag_outweighs_the_environment_which_outweighs_the_file() {
    let desk = office();
    desk.run(["keys", "list"]).done();
    desk.run(["keys", "list", "--data", "flagged"]).failed("there is no store in flagged", "");
    let file = |desk: &Desk| std::fs::read_to_string(desk.path("assay.toml")).unwrap();
    let shadowed = Desk::new().with("ASSAY_DATA", "nowhere");
    std::fs::write(shadowed.path("assay.toml"), file(&desk)).unwrap();
    shadowed.run(["keys", "list"]).failed("there is no store in nowhere", "");
    shadowed.run(["keys", "list", "--data", "flagged"]).failed("there is no store in flagged", "");
    let elsewhere = Desk::new().with("ASSAY_CONFIG", "settings.toml");
    std::fs::write(elsewhere.path("settings.toml"), "data = \"there\"").unwrap();
    elsewhere.run(["keys", "list"]).failed("there is no store in there", "");
    for (text, said) in [
        ("colour = \"red\"", "unknown field `colour`"),
        ("data = 7", "invalid type"),
        ("base = \"badges.example\"", "base \"badges.example\" is no address"),
        ("bind = \"here\"", "bind \"here\" is no address and port"),
        ("cache_mb = 1", "cache_mb is 1; it must be from 8 to 65536"),
        ("api_key = \"x\"", "unknown field `api_key`"),
    ] {
        std::fs::write(elsewhere.path("settings.toml"), text).unwrap();
        elsewhere.run(["keys", "list"]).failed(said, "");
    }
    desk.run(["init", "--program", &starter()])
        .failed("this store already belongs to did:web:badges.northwind.example", "--data DIR");
    desk.run(["serve", "--base", "https://other.example", "--bind", "127.0.0.1:0"])
        .failed("the service cannot start", "an issuer keeps its address");
    desk.run(["keys", "list", "--url", "http://127.0.0.1:9"]).failed("--url needs an API key", "ASSAY_API_KEY");
}

#[test]
fn keys_can_be_protected_by_a_passphrase() {
    let desk = Desk::new().with("ASSAY_KEY_PASSPHRASE", "open sesame");
    desk.run(["init", "--program", &starter()]).done();
    let pem = std::fs::read_dir(desk.path("keys")).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read_to_string(&pem).unwrap().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    desk.run(["keys", "list"]).done();
    let without = Desk::new();
    copy(Path::new(&desk.path("data")), &without.path("data"));
    copy(Path::new(&desk.path("keys")), &without.path("keys"));
    let refused = without.run(["keys", "list"]).code(1);
    assert!(refused.stderr.contains("ASSAY_KEY_PASSPHRASE") && !refused.stderr.contains("sesame"), "{refused:#?}");
}
