//! Who reads what: each reader as the service uses it, with nobody to be asked.

use assay::intake::csv::{Rows, Settings};
use assay::intake::xapi;
use assay::linked_data::json::most_values;
use assay::program::Program;
use assay::render::{Logo, scan};
use assay::verification::{Facts, Found, Malformed, Need, Report, inspect, malformed, read};
use serde_json::{Value, json};

use super::documents::badge;
use super::reports::{ISSUER, LIST};
use super::{Input, Reader};

const PROGRAM: &str = include_str!("../../../../templates/programs/partner-framework.toml");

/// What is said of it, in a word and a sentence.
pub(crate) fn said(input: &Input) -> (String, String) {
    let bytes = &input.bytes;
    let verdict = |report: Report| (report.verdict.name().to_owned(), report.headline);
    let taken = |result: Result<String, String>| match result {
        Ok(words) => ("taken".to_owned(), words),
        Err(words) => ("refused".to_owned(), words),
    };
    match input.reader {
        Reader::Badge => verdict(judged(bytes)),
        Reader::StatusList => {
            verdict(judged_with("BitstringStatusListEntry", Need::StatusList(LIST.to_owned()), bytes))
        }
        Reader::RevocationList => {
            verdict(judged_with("1EdTechRevocationList", Need::RevocationList(LIST.to_owned()), bytes))
        }
        Reader::Keys => verdict(judged_with("", Need::ControllerDocument(ISSUER.to_owned()), bytes)),
        Reader::Logo => taken(Logo::parse(bytes).map(|logo| format!("{logo:?}")).map_err(|e| e.to_string())),
        Reader::Statements => taken(statements(bytes)),
        Reader::Rows => taken(rows(bytes)),
        Reader::Program => {
            let text = std::str::from_utf8(bytes).expect("a text");
            taken(Program::parse(text).map(|_| String::new()).map_err(|faults| faults.to_string()))
        }
    }
}

/// A badge, or a picture that is looked through for a code.
pub(crate) fn judged(bytes: &[u8]) -> Report {
    let facts = facts();
    match read(bytes) {
        Ok(presented) => inspect(&presented, &facts),
        Err(fault) => {
            if matches!(fault, Malformed::NothingBaked | Malformed::Unrecognized | Malformed::NotUtf8) {
                let _ = scan::read_qr(bytes);
            }
            malformed(&fault, facts.now)
        }
    }
}

fn facts() -> Facts {
    Facts::at("2026-11-20T10:00:00Z".parse().expect("a date"))
}

/// A badge that rests on something that a host answered.
fn judged_with(status: &str, need: Need, answer: &[u8]) -> Report {
    let mut badge = badge();
    if status.is_empty() {
        badge["issuer"] = json!({"id": ISSUER, "type": ["Profile"]});
        badge["proof"][0]["verificationMethod"] = json!(format!("{ISSUER}#5999"));
    } else {
        badge["credentialStatus"] = json!({
            "id": LIST, "type": status, "statusPurpose": "revocation", "statusListIndex": "5", "statusListCredential": LIST,
        });
    }
    let mut facts = facts();
    facts.found.insert(need, Found::of(answer));
    inspect(&read(badge.to_string().as_bytes()).expect("a badge"), &facts)
}

fn statements(bytes: &[u8]) -> Result<String, String> {
    let values = most_values(bytes);
    if values > 200_000 {
        return Err(format!("{values} values"));
    }
    let all: Value = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    let all = all.as_array().cloned().unwrap_or_else(|| vec![all]);
    let read = all.iter().take(xapi::MAX_STATEMENTS).map(|one| xapi::read(one, "id", facts().now));
    let (good, bad): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    if bad.is_empty() { Ok(format!("{} statements", good.len())) } else { Err(format!("{} faulty", bad.len())) }
}

fn rows(bytes: &[u8]) -> Result<String, String> {
    let program = Program::parse(PROGRAM).expect("the template is sound");
    let mut rows = Rows::open(bytes, Settings::default(), &program, facts().now).map_err(|e| e.to_string())?;
    let mut count = 0;
    while rows.next_row().map_err(|e| e.to_string())?.is_some() {
        count += 1;
    }
    Ok(format!("{count} rows"))
}
