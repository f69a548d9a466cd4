//! Tampered, odd and hostile credentials, each with the answer it must get.

mod content;
mod forms;
mod own;
mod published;
mod status;

use std::sync::Arc;

use assay::verification::{
    CheckId, CheckOutcome, Facts, Found, Need, Report, TrustList, TrustedIssuer, Verdict, inspect, read,
};
use serde_json::{Value, json};

use crate::badges::{Office, at};

const LIST: &str = "https://badges.example/status/1";
pub(crate) const NOW: &str = "2026-11-20T10:02:00Z";

/// Everything a verifier can know of the sample office's badges: listed, with a clear status list.
fn facts(office: &Office) -> Facts {
    let mut facts = Facts::at(at(NOW));
    facts.listed = listed(&[&office.did]);
    facts
        .found
        .insert(Need::StatusList(LIST.to_owned()), Found::Json(office.status_list(&[7], "2026-11-20T09:00:00Z")));
    facts
}

/// An operator's list of issuers, without limits of time.
pub(crate) fn listed(issuers: &[&str]) -> Arc<TrustList> {
    let trusted = |issuer: &&str| TrustedIssuer {
        issuer: (*issuer).to_owned(),
        name: "Northwind".to_owned(),
        since: None,
        until: None,
        added_at: at(NOW),
    };
    Arc::new(TrustList::new(issuers.iter().map(trusted).collect()))
}

/// The report; whatever it says, it never says valid while a required check is open.
fn judge(credential: &Value, facts: &Facts) -> Report {
    let report = inspect(&read(credential.to_string().as_bytes()).expect("well-formed"), facts);
    if report.verdict == Verdict::Valid {
        let required = |id| !matches!(id, CheckId::Refresh | CheckId::Subject | CheckId::Endorsements);
        let open = |outcome| matches!(outcome, CheckOutcome::Failed | CheckOutcome::CouldNotCheck);
        assert!(!report.checks.iter().any(|c| required(c.id) && open(c.outcome)), "{report:#?}");
    }
    report
}

pub(crate) fn outcome(report: &Report, id: CheckId) -> CheckOutcome {
    let check = report.checks.iter().find(|c| c.id == id);
    check.unwrap_or_else(|| panic!("{id:?} was not made: {report:#?}")).outcome
}

fn sample() -> Value {
    Office::local().issue(|_| {}).value().clone()
}

fn remove(object: &mut Value, member: &str) {
    object.as_object_mut().expect("an object").shift_remove(member);
}

/// Signs any document with the sample office's key, past all lints.
pub(crate) fn forge(office: &Office, mut document: Value) -> Value {
    use assay::proof::data_integrity::{self, ProofOptions};
    remove(&mut document, "proof");
    let options = ProofOptions {
        verification_method: format!("{}#{}", office.did, office.kid()),
        created: at("2026-05-04T09:30:00Z"),
    };
    let bytes = data_integrity::bytes_to_sign(&document, &options).expect("the content is defined");
    document["proof"] = json!([data_integrity::proof(&options, &office.sign(&bytes))]);
    document
}
