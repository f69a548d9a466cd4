//! The words, by the place where they stand.

use super::{About, AboutTwo, Counting};

/// Around every page.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct SiteWords {
    pub skip: &'static str,
    pub check_a_badge: &'static str,
    pub certifications: &'static str,
    pub about_issuer: &'static str,
    pub navigation: &'static str,
    pub you_are_on: AboutTwo,
    pub never_asks: &'static str,
    pub privacy: &'static str,
    pub test: &'static str,
    pub test_note: &'static str,
    pub home_title: About,
}

/// The states of a credential, each in a word or two.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as the verdicts")]
pub struct StateWords {
    pub valid: &'static str,
    pub expired: &'static str,
    pub not_yet_valid: &'static str,
    pub suspended: &'static str,
    pub revoked: &'static str,
    pub replaced: &'static str,
    pub invalid: &'static str,
    pub untrusted_issuer: &'static str,
    pub inconclusive: &'static str,
    pub not_found: &'static str,
    pub malformed: &'static str,
}

/// The page of an award.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct AwardWords {
    pub status: &'static str,
    pub checked: &'static str,
    pub as_of: About,
    pub then: &'static str,
    pub then_note: &'static str,
    pub dated_by: fn(version: u32, since: &str) -> String,
    pub dated_by_unknown: Counting,
    pub details: &'static str,
    pub holder: &'static str,
    pub holder_withheld: &'static str,
    pub issued_by: &'static str,
    pub track: &'static str,
    pub level: &'static str,
    pub awarded: &'static str,
    pub valid_until: &'static str,
    pub end_of_term: &'static str,
    pub no_expiry: &'static str,
    pub number: &'static str,
    pub criteria: &'static str,
    pub about_certification: About,
    pub downloads: &'static str,
    pub download_json: &'static str,
    pub download_png: &'static str,
    pub download_svg: &'static str,
    pub downloads_note: &'static str,
    pub report: &'static str,
    pub report_note: &'static str,
    pub report_subject: About,
    pub scan: &'static str,
    pub preview: AboutTwo,
    pub picture: AboutTwo,
}

/// The share corner.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct ShareWords {
    pub title: &'static str,
    pub linkedin: &'static str,
    pub linkedin_note: &'static str,
    pub name: &'static str,
    pub organization: &'static str,
    pub issued: &'static str,
    pub expires: &'static str,
    pub credential_id: &'static str,
    pub credential_url: &'static str,
    pub does_not_expire: &'static str,
    pub live_picture: &'static str,
    pub live_picture_note: &'static str,
    pub picture_alt: AboutTwo,
}

/// What happened to an award.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as the happenings and the reasons")]
pub struct HistoryWords {
    pub title: &'static str,
    pub issued: &'static str,
    pub renewed: &'static str,
    pub corrected: &'static str,
    pub extended: &'static str,
    pub expired_early: &'static str,
    pub merged: &'static str,
    pub suspended: &'static str,
    pub reinstated: &'static str,
    pub revoked: &'static str,
    pub valid_until: About,
    pub recorded: About,
    pub issued_in_error: &'static str,
    pub requirements_not_met: &'static str,
    pub holder_request: &'static str,
    pub key_compromise: &'static str,
    pub under_review: &'static str,
    pub upkeep_missed: &'static str,
}

/// The list of checks.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as checks and outcomes")]
pub struct CheckWords {
    pub title: &'static str,
    pub passed: &'static str,
    pub failed: &'static str,
    pub warning: &'static str,
    pub could_not_check: &'static str,
    pub facts: &'static str,
    pub elsewhere: &'static str,
    pub format: &'static str,
    pub context: &'static str,
    pub schema: &'static str,
    pub proof: &'static str,
    pub issuer: &'static str,
    pub status: &'static str,
    pub validity: &'static str,
    pub refresh: &'static str,
    pub subject: &'static str,
    pub endorsements: &'static str,
}

/// The front page.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct HomeWords {
    pub title: About,
    pub lead: About,
    pub check_title: &'static str,
    pub number: &'static str,
    pub number_hint: &'static str,
    pub check: &'static str,
    pub other_ways: &'static str,
    pub catalogue: &'static str,
    pub nothing_yet: &'static str,
    pub closed: About,
    pub valid_for: About,
}

/// The page of an achievement.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct AchievementWords {
    pub issued_by: About,
    pub criteria: &'static str,
    pub requirements: &'static str,
    pub one_of_the_ways: &'static str,
    pub way: Counting,
    pub prerequisites: &'static str,
    pub or: &'static str,
    pub blueprint: &'static str,
    pub questions: Counting,
    pub minutes: Counting,
    pub bank: Counting,
    pub hours: About,
    pub domain: &'static str,
    pub weight: &'static str,
    pub skills: &'static str,
    pub unlocks: &'static str,
    pub validity: &'static str,
    pub valid_for: About,
    pub no_expiry: &'static str,
    pub renewal: &'static str,
    pub renewal_window: About,
    pub renewal_grace: About,
    pub fee: &'static str,
    pub opens: About,
    pub closes: About,
    pub closed: About,
    pub machine: &'static str,
    pub picture: AboutTwo,
}

/// Requirements in words.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct RequirementWords {
    pub exam: &'static str,
    pub training: &'static str,
    pub review: &'static str,
    pub evidence: &'static str,
    pub pass: About,
    pub hours: About,
    pub pieces: Counting,
    pub attempts: Counting,
    pub wait: About,
    pub live: &'static str,
    pub in_person: &'static str,
    pub self_paced: &'static str,
    pub by_assessor: &'static str,
    pub by_peer: &'static str,
    pub by_ai: &'static str,
    pub by_manager: &'static str,
    pub after: About,
    pub valid_for: About,
    pub days: Counting,
    pub weeks: Counting,
    pub months: Counting,
    pub years: Counting,
}

/// The page of the issuer.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct IssuerWords {
    pub title: About,
    pub lead: About,
    pub profile: &'static str,
    pub website: &'static str,
    pub email: &'static str,
    pub program: &'static str,
    pub identity: &'static str,
    pub identity_note: About,
    pub key_note: &'static str,
    pub did: &'static str,
    pub did_document: &'static str,
    pub keys: &'static str,
    pub keys_note: &'static str,
    pub key: &'static str,
    pub used: &'static str,
    pub state: &'static str,
    pub active: &'static str,
    pub waiting: &'static str,
    pub retired: &'static str,
    pub compromised: &'static str,
    pub since: About,
    pub from_to: AboutTwo,
    pub how_to_check: &'static str,
    pub how: [&'static str; 3],
}

/// The form that checks any badge, and its answer.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct VerifyWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub by_number: &'static str,
    pub number_hint: &'static str,
    pub check_number: &'static str,
    pub by_file: &'static str,
    pub drop: &'static str,
    pub file_label: &'static str,
    pub file_hint: &'static str,
    pub photo_label: &'static str,
    pub camera: &'static str,
    pub text_label: &'static str,
    pub text_hint: &'static str,
    pub check: &'static str,
    pub options: &'static str,
    pub whose: &'static str,
    pub whose_hint: &'static str,
    pub progress: ProgressWords,
    pub claims: &'static str,
    pub claims_note: &'static str,
    pub achievement: &'static str,
    pub holder: &'static str,
    pub valid_from: &'static str,
    pub valid_until: &'static str,
    pub credential_id: &'static str,
    pub issuer: &'static str,
    pub issuer_unproven: &'static str,
    pub proven: &'static str,
    pub not_proven: &'static str,
    pub calls_itself: &'static str,
    pub ours: About,
    pub listed: &'static str,
    pub listed_for_other_times: &'static str,
    pub unlisted: &'static str,
    pub see_award: &'static str,
    pub another: &'static str,
    pub nothing_sent: &'static str,
    pub not_kept: &'static str,
    pub at: &'static str,
    pub at_hint: &'static str,
    pub version: Counting,
    pub domain: &'static str,
    pub key: &'static str,
    pub identifier: &'static str,
    pub listed_as: About,
    pub receipt: &'static str,
    pub receipt_of: &'static str,
    pub receipt_of_note: &'static str,
    pub checked_on: &'static str,
    pub found: &'static str,
    pub digest: &'static str,
    pub receipt_note: &'static str,
}

/// What the form says while it works; its script shows them.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct ProgressWords {
    pub chosen: &'static str,
    pub checking: &'static str,
    pub too_large: &'static str,
    pub looking: &'static str,
    pub no_camera: &'static str,
    pub stop: &'static str,
    pub view: &'static str,
}

/// Pages of things that went wrong.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct ErrorWords {
    pub way_on: &'static str,
    pub home: &'static str,
    pub verify: &'static str,
    pub no_record_title: &'static str,
    pub no_record: &'static str,
    pub try_again: &'static str,
}

/// The page that confirms a mail address.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct AddressWords {
    pub title: &'static str,
    pub question: AboutTwo,
    pub confirm: &'static str,
    pub not_yours: &'static str,
    pub confirmed: About,
    pub what_now: &'static str,
}
