//! Badges as people of this trade reported them, and forgeries that came out green elsewhere: each with what must come out.
//! Read in place beside the repository; the hosts that they name are answered from there, too.

use std::path::{Path, PathBuf};

use assay::render::scan;
use assay::verification::{
    CheckId, CheckOutcome, Facts, Found, Malformed, Report, Verdict, judge, malformed, read, unreached,
};
use serde_json::Value;

use super::{listed, outcome};
use crate::badges::at;
use crate::support::{passed, shared};

/// A day after the inputs were made.
const NOW: &str = "2026-11-29T12:00:00Z";
/// As often as the service asks for what is missing.
const ROUNDS: usize = 4;
/// As often as a request is sent on.
const REDIRECTS: usize = 3;

/// The hosts that the inputs name, served from folders.
struct Hosts {
    field: PathBuf,
}

/// How one request is answered.
enum Served {
    File(u16, Vec<u8>),
    SentOn(String),
}

impl Hosts {
    fn beside() -> Option<Hosts> {
        Some(Hosts { field: shared()?.join("field") })
    }

    /// What comes of asking, with every address on the way.
    fn ask(&self, address: &str) -> (u16, Vec<u8>, Vec<String>) {
        let mut way = vec![address.to_owned()];
        while way.len() <= REDIRECTS + 1 {
            let last = reqwest::Url::parse(way.last().unwrap()).unwrap();
            match self.served(&last) {
                Served::File(status, bytes) => return (status, bytes, way),
                Served::SentOn(to) => way.push(last.join(&to).unwrap().to_string()),
            }
        }
        (500, Vec::new(), way)
    }

    fn served(&self, address: &reqwest::Url) -> Served {
        match (address.host_str(), address.port()) {
            (Some("localhost"), Some(21_110)) => self.hosted(address.path()),
            (Some("localhost"), Some(21_350 | 21_351)) => self.forged(address),
            _ => Served::File(503, Vec::new()),
        }
    }

    /// As `hosted/serve.mjs` does.
    fn hosted(&self, path: &str) -> Served {
        let file = self.field.join("hosted/www").join(path.trim_start_matches('/'));
        let meta = std::fs::read(format!("{}.meta.json", file.display())).unwrap_or_else(|_| b"{}".to_vec());
        let meta: Value = serde_json::from_slice(&meta).unwrap();
        if let Some(to) = meta["location"].as_str() {
            return Served::SentOn(to.to_owned());
        }
        let status = |other: u64| u16::try_from(meta["status"].as_u64().unwrap_or(other)).unwrap();
        match std::fs::read(&file) {
            Ok(bytes) => Served::File(status(200), bytes),
            Err(_) => Served::File(status(404), meta["body"].as_str().unwrap_or("not found").into()),
        }
    }

    /// As `forgeries/webhost.py` does: with an open redirect, and a folder that anybody may write to.
    fn forged(&self, address: &reqwest::Url) -> Served {
        if ["/out", "/issuer/out"].contains(&address.path()) {
            let to = address.query_pairs().find(|(name, _)| name == "to").map(|(_, to)| to.into_owned());
            return Served::SentOn(to.unwrap_or_default());
        }
        let path = address.path().trim_start_matches("/uploads").trim_start_matches('/');
        let path = if path == ".well-known/did.json" { "did.json" } else { path };
        match std::fs::read(self.field.join("forgeries/web").join(path)) {
            Ok(bytes) => Served::File(200, bytes),
            Err(_) => Served::File(404, b"no".to_vec()),
        }
    }

    /// The report on a file, whose issuer is listed.
    fn report(&self, file: &Path, holder: Option<&str>) -> Report {
        let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let presented = match read(&bytes) {
            Err(Malformed::OnlyAddress(address)) => read(&self.ask(&address).1),
            Err(fault @ Malformed::Unrecognized) => match scan::read_qr(&bytes).unwrap_or_default().first() {
                Some(address) => match self.ask(address) {
                    (200, bytes, _) => read(&bytes),
                    _ => return unreached(address, "did not answer", at(NOW)),
                },
                None => Err(fault),
            },
            read => read,
        };
        let presented = match presented {
            Ok(presented) => presented,
            Err(fault) => return malformed(&fault, at(NOW)),
        };
        let mut facts = Facts { holder: holder.map(str::to_owned), ..Facts::at(at(NOW)) };
        for round in 0.. {
            let judged = judge(&presented, &facts);
            if judged.needs.is_empty() || round == ROUNDS {
                break;
            }
            for need in judged.needs {
                let (status, bytes, way) = self.ask(&need.address().expect("it leads somewhere"));
                facts.found.insert(need, Found::answered(status, &bytes, &way));
            }
        }
        // Issuers of these inputs are listed by what their badges say, even if somebody else made them.
        let named = judge(&presented, &facts).report.issuer.id;
        facts.listed = listed(&named.iter().map(String::as_str).collect::<Vec<_>>());
        judge(&presented, &facts).report
    }
}

/// Why the report is not what the words of the table ask for.
fn fault(words: &str, report: &Report) -> Option<String> {
    use Verdict::{Expired, Inconclusive, Invalid, Malformed, Revoked, Valid};
    let warned = report.checks.iter().any(|check| check.outcome == CheckOutcome::Warning);
    let of = |id: CheckId| report.checks.iter().find(|check| check.id == id).map(|check| check.outcome);
    let is = |verdict: Verdict| report.verdict == verdict;
    let (never, subject) = (!is(Valid) && !is(Verdict::UntrustedIssuer), of(CheckId::Subject));
    let holds = match words {
        "valid" | "valid, warning allowed" | "valid or warning" => is(Valid),
        "valid, warning" => is(Valid) && warned,
        "valid or open" | "valid or inconclusive" => is(Valid) || is(Inconclusive),
        "valid+holder" | "holder passed" => is(Valid) && subject == Some(CheckOutcome::Passed),
        "holder passed or open" => matches!(subject, Some(CheckOutcome::Passed | CheckOutcome::CouldNotCheck)),
        "holder-no" => is(Invalid) && subject == Some(CheckOutcome::Failed),
        "not-valid" | "not valid" => never,
        "expired" => is(Expired),
        "revoked" => is(Revoked),
        "inconclusive" => is(Inconclusive),
        "no-badge" => is(Malformed),
        _ if words.starts_with("inconclusive (or valid") => is(Valid) || is(Inconclusive),
        _ if words.starts_with("holder not confirmed") => {
            never && subject != Some(CheckOutcome::Passed) && report.headline.contains("in another way")
        }
        _ if words.contains("at the least") => never || warned,
        _ if words.starts_with("a verifiable credential") => {
            is(Valid) && of(CheckId::Format) == Some(CheckOutcome::Warning)
        }
        _ if words.starts_with("malformed") => is(Malformed) && report.headline.contains("JSON"),
        _ if words.starts_with("unwrapped") => is(Valid) || is(Malformed),
        _ if words.starts_with("valid; the endorsement") => is(Valid) && of(CheckId::Endorsements).is_some(),
        _ if words.starts_with("valid;") => is(Valid),
        // Nobody serves what it leads to.
        _ if words.starts_with("the QR code is read and followed") => {
            is(Inconclusive) && report.checks[0].facts.contains_key("address")
        }
        _ => return Some(format!("nobody reads \u{201c}{words}\u{201d}")),
    };
    (!holds).then(|| format!("\u{201c}{words}\u{201d}: {report:#?}"))
}

#[test]
fn what_others_reported_comes_out_as_it_must() {
    let Some(hosts) = Hosts::beside() else { return };
    let table = std::fs::read_to_string(hosts.field.join("table.md")).unwrap();
    let (mut failures, mut total) = (Vec::new(), 0);
    for line in table.lines().skip(2) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let (file, words) = (cells[0], cells[1]);
        // Results, feeds and reviews are other stories.
        if file.starts_with(['c', 'x', 'v', 'm']) {
            continue;
        }
        let (words, holder) = words
            .split_once(" (with `--holder ")
            .map_or((words, None), |(words, holder)| (words, Some(holder.split('`').next().unwrap_or_default())));
        total += 1;
        let report = hosts.report(&hosts.field.join(file), holder);
        failures.extend(fault(words, &report).map(|fault| format!("{file}: {fault}")));
    }
    passed("what was reported from the field", &failures, total);
}

#[test]
fn no_forgery_comes_out_green() {
    let Some(hosts) = Hosts::beside() else { return };
    let told: [(&str, Verdict, CheckId, CheckOutcome, &str); 13] = {
        use CheckId::{Issuer, Proof, Status, Validity};
        use CheckOutcome::{Failed, Passed, Warning};
        use Verdict::{Inconclusive, Invalid, NotYetValid, Valid};
        let upload = "is not vouched for by localhost:21350: it does not list the key";
        [
            (
                "g01-sd-hidden-until-status.json",
                Inconclusive,
                Proof,
                Passed,
                "shown in part; whether it ended or was taken back cannot be seen",
            ),
            ("j01-jwk-upload-on-didweb-host.jwt", Invalid, Proof, Failed, upload),
            ("j02-jwk-open-redirect-didweb.jwt", Invalid, Proof, Failed, upload),
            (
                "k01-ob2-open-redirect.json",
                Invalid,
                Issuer,
                Failed,
                "Its issuer, localhost:21350, does not vouch for what localhost:21351 keeps",
            ),
            ("k10-ob2-signed-pem-upload.jws", Invalid, Issuer, Failed, "does not name as its own"),
            ("b01-proof-expired.json", Invalid, Proof, Failed, "Its signature has run out"),
            ("b02-proof-expiration-secv1.json", Invalid, Proof, Failed, "Its signature has run out"),
            ("b03-proof-expiration-secv2.json", Invalid, Proof, Failed, "Its signature has run out"),
            ("e12-jwt-nbf-future-vcdm-noob.jwt", NotYetValid, Validity, Failed, "Not valid before 1 January 2100"),
            ("l20-message-only.json", Valid, Status, Warning, "Its status entry speaks of other things"),
            ("l22-noid.json", Valid, Status, Warning, "a status list that does not say which one it is"),
            ("i10-didweb-control.json", Valid, Proof, Passed, "Valid."),
            ("k00-ob2-control.json", Valid, Issuer, Passed, "Valid."),
        ]
    };
    let mut failures = Vec::new();
    for (file, verdict, id, found, words) in &told {
        let report = hosts.report(&hosts.field.join("forgeries").join(file), None);
        let said = report.checks.iter().any(|check| check.words.contains(words)) || report.headline.contains(words);
        if report.verdict != *verdict || outcome(&report, *id) != *found || !said {
            failures.push(format!("{file}: {report:#?}"));
        }
    }
    passed("forgeries", &failures, told.len());
}
