//! The description of the API, judged by [Schemathesis](https://schemathesis.io): what it makes of the description is sent to
//! the built service with a key of each scope. No answer is a breakdown, or one that the description does not know.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use assay::service::caller::SCOPES;
use serde_json::json;

use crate::support::binary::{Home, Service, exam, training};
use crate::support::{repository, skipped};

/// The same requests in every run.
const SEED: &str = "20261120";
/// Ends keys: it is judged last, when nothing else needs one.
const ENDS_KEYS: &str = "revoke_api_key";

/// The command, where it is installed.
fn judge() -> Option<PathBuf> {
    let judge = repository().join("tests/judges/python/bin/schemathesis");
    if judge.is_file() {
        return Some(judge);
    }
    skipped("schemathesis is not installed in tests/judges/python (tests/run does that)");
    None
}

/// Judged with this key: all that `filter` lets through.
fn judged(judge: &PathBuf, service: &Service, key: &str, (phases, examples): (&str, &str), filter: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(judge)
        .current_dir(home.path())
        .arg("run")
        .arg(format!("http://{}/openapi.json", service.address()))
        .args(["--url", &format!("http://{}", service.address())])
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"])
        .args(["--phases", phases, "--max-examples", examples, "--seed", SEED, "--workers", "2"])
        // The bound of time is for a machine that is busy with other tests.
        .args(["--no-shrink", "--generation-database", "none", "--request-timeout", "30", "--no-color"])
        .args(["--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off"])
        .args(filter)
        .stdin(Stdio::null())
        .output()
        .expect("the judge runs")
}

#[test]
fn no_answer_is_a_breakdown_and_every_one_is_described() {
    let Some(judge) = judge() else { return };
    let home = Home::new();
    let service = home.serve();
    for result in [training("ana"), exam("ana")] {
        assert!(service.post("/api/v1/results", &result).status < 300);
    }
    let key = |scope: &str, realm: &str| {
        let new = json!({ "name": format!("{realm} {}", scope.replace(':', " ")), "realm": realm, "scopes": [scope] });
        service.post("/api/v1/api-keys", &new).expect(201).json()["secret"].as_str().unwrap().to_owned()
    };
    let without = ["--exclude-operation-id", ENDS_KEYS];
    let mut runs = vec![(
        "admin of test".to_owned(),
        judged(&judge, &service, &key("admin", "test"), ("examples,fuzzing", "1"), &without),
    )];
    for scope in SCOPES {
        // What one key may do without reserve is looked at closely, what is refused only once.
        let thoroughly = if scope == "admin" { ("examples,coverage,fuzzing", "2") } else { ("examples,fuzzing", "1") };
        runs.push((scope.to_owned(), judged(&judge, &service, &key(scope, "live"), thoroughly, &without)));
    }
    let ends = ["--include-operation-id", ENDS_KEYS];
    runs.push((
        ENDS_KEYS.to_owned(),
        judged(&judge, &service, &key("keys:write", "test"), ("coverage,fuzzing", "5"), &ends),
    ));
    for (name, Output { status, stdout, stderr }) in runs {
        let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{name}:\n{said}");
    }
    service.get("/readyz").expect(200);
    assert!(service.stop(None).success());
}
