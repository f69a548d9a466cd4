//! What holds of every report, whatever was judged.

use assay::verification::{CheckId, CheckOutcome, Report, Verdict};

pub(crate) fn assert_sound(report: &Report) {
    assert_earned(report);
    assert_readable(report);
    let json = serde_json::to_string(report).expect("a report is JSON");
    let back: Report = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(back, *report);
}

/// Nobody is told that a badge is good while something that had to be checked was not.
fn assert_earned(report: &Report) {
    if !matches!(report.verdict, Verdict::Valid | Verdict::UntrustedIssuer) {
        return;
    }
    let of_badges = [CheckId::Context, CheckId::Schema, CheckId::Status, CheckId::Validity];
    let of_all = [CheckId::Format, CheckId::Proof, CheckId::Issuer];
    let required = of_badges.iter().filter(|_| report.receipt_of.is_none()).chain(&of_all);
    for id in required {
        let outcome = report.checks.iter().find(|check| check.id == *id).map(|check| check.outcome);
        let passed = matches!(outcome, Some(CheckOutcome::Passed | CheckOutcome::Warning));
        assert!(passed, "{} although {id:?} is {outcome:?}: {report:#?}", report.verdict.name());
    }
}

/// A stranger's text neither breaks a line nor turns it around.
fn assert_readable(report: &Report) {
    let checks = report.checks.iter().flat_map(|check| [Some(&check.words), check.hint.as_ref()]);
    let credential = &report.credential;
    let claims =
        [&credential.id, &credential.name, &credential.holder, &credential.achievement, &credential.issuer_name];
    let issuer = [&report.issuer.id, &report.issuer.name];
    let receipt = report.receipt_of.iter().flat_map(|of| [Some(&of.by), Some(&of.sha256), Some(&of.headline)]);
    let words = [Some(&report.headline)].into_iter().chain(checks).chain(receipt).flatten();
    for text in words.chain(claims.into_iter().chain(issuer).flatten()) {
        let unfit = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(unfit), "{text:?}");
    }
}
