//! The independent implementations of `tests/judges`, asked one JSON question and giving one JSON answer.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::{json, repository, shared, skipped};

/// Asks `tests/judges/<script>.mjs`; `None`, said aloud, where Node.js or its packages are not installed.
#[track_caller]
pub(crate) fn judge(script: &str, question: &Value) -> Option<Value> {
    let folder = repository().join("tests/judges");
    if !folder.join("node_modules/@digitalbazaar/vc").is_dir() {
        skipped(&format!("the packages of the judge `{script}` are not installed (npm ci in tests/judges)"));
        return None;
    }
    let mut node = match Command::new("node")
        .arg(format!("{script}.mjs"))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        Ok(node) => node,
        Err(error) => {
            skipped(&format!("the judge `{script}` needs node: {error}"));
            return None;
        }
    };
    // The judges read their whole question before they answer, so writing first cannot block both sides. One that
    // breaks down before it has read breaks the pipe: its own words, below, tell more than the failed write.
    let written = node.stdin.take().expect("piped").write_all(question.to_string().as_bytes());
    let output = node.wait_with_output().expect("node ends");
    assert!(
        output.status.success() && written.is_ok(),
        "the judge `{script}` broke down: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("a judge answers in JSON"))
}

/// Asks one judge many questions in one process; `documents` are at hand for each of them.
#[track_caller]
pub(crate) fn judge_all(script: &str, documents: &Value, questions: &[Value]) -> Option<Vec<Value>> {
    let answer = judge(script, &json!({ "documents": documents, "batch": questions }))?;
    Some(answer["answers"].as_array().expect("a batch is answered by a list").clone())
}

/// The contexts that the published credentials use, by address: the `documents` of a question to a judge.
#[track_caller]
pub(crate) fn published_contexts() -> Option<Value> {
    let folder = shared()?.join("contexts");
    let documents: Map<String, Value> =
        CONTEXTS.iter().map(|(address, file)| ((*address).to_owned(), json(&folder.join(Path::new(file))))).collect();
    Some(Value::Object(documents))
}

/// The judges bring the contexts that npm carries; these are missing there, or older there than what is published.
const CONTEXTS: [(&str, &str); 4] = [
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-context-3.0.3.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json"),
    ("https://www.w3.org/ns/credentials/examples/v2", "credentials-examples-v2.jsonld"),
    ("https://w3id.org/citizenship/v4rc1", "citizenship-v4rc1.jsonld"),
];
