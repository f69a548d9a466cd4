//! English.

use super::{
    AchievementWords, AddressWords, AwardWords, CheckWords, ErrorWords, HistoryWords, HomeWords, IssuerWords,
    RequirementWords, ShareWords, SiteWords, StateWords, VerifyWords, Words,
};

/// The words of [`super::Language::English`].
pub const ENGLISH: Words = Words {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: |day, month, year| format!("{day} {month} {year}"),
    site: SITE,
    state: STATE,
    award: AWARD,
    share: SHARE,
    history: HISTORY,
    checks: CHECKS,
    home: HOME,
    achievement: ACHIEVEMENT,
    requirement: REQUIREMENT,
    issuer: ISSUER,
    verify: VERIFY,
    address: ADDRESS,
    error: ERROR,
};

const SITE: SiteWords = SiteWords {
    skip: "Skip to content",
    check_a_badge: "Check a badge",
    certifications: "Certifications",
    about_issuer: "About the issuer",
    navigation: "Main",
    you_are_on: |host, vendor| {
        format!(
            "You are on {host}. Compare this with the address that {vendor} publishes, and with your browser’s address bar."
        )
    },
    never_asks: "This site never asks you to sign in, to pay or to install anything.",
    privacy: "Privacy",
    test: "TEST",
    test_note: "Made for trying things out; it counts nowhere.",
    home_title: |vendor| format!("{vendor} certifications"),
};

const STATE: StateWords = StateWords {
    valid: "Valid",
    expired: "Expired",
    not_yet_valid: "Not yet valid",
    suspended: "Not valid at present",
    revoked: "No longer valid",
    replaced: "Replaced by a corrected copy",
    invalid: "Do not rely on it",
    untrusted_issuer: "Issuer not listed",
    inconclusive: "Could not be checked",
    not_found: "No public record",
    malformed: "Not readable as a badge",
};

const AWARD: AwardWords = AwardWords {
    status: "Status",
    checked: "Checked",
    as_of: |moment| format!("This is the state on {moment}, as known now"),
    details: "Details",
    holder: "Holder",
    holder_withheld: "Not published",
    issued_by: "Issued by",
    track: "Track",
    level: "Level",
    awarded: "Awarded",
    valid_until: "Valid until",
    no_expiry: "Does not expire",
    number: "Verification number",
    criteria: "What it takes",
    about_certification: |name| format!("More about {name}"),
    downloads: "The badge itself",
    download_json: "Credential (JSON)",
    download_png: "Badge picture (PNG)",
    download_svg: "Badge picture (SVG)",
    downloads_note: "The signed Open Badges 3.0 credential; the pictures carry it inside. Wallets and other verifiers accept them.",
    report: "Report a problem",
    report_note: "Shown by somebody else, or wrong?",
    report_subject: |number| format!("Badge {number}"),
    scan: "Scan to see the present status",
    preview: |name, vendor| format!("{name}, issued by {vendor}. See the present status on this page."),
    picture: |name, vendor| format!("Badge: {name}, issued by {vendor}"),
};

const SHARE: ShareWords = ShareWords {
    title: "Share it",
    linkedin: "Add to LinkedIn profile",
    linkedin_note: "If LinkedIn leaves fields of its form empty, copy them from here:",
    name: "Name",
    organization: "Issuing organization",
    issued: "Issue date",
    expires: "Expiration date",
    credential_id: "Credential ID",
    credential_url: "Credential URL",
    does_not_expire: "None",
    live_picture: "Picture for web sites and signatures",
    live_picture_note: "Paste this where you want the badge. The picture always shows the present status.",
    picture_alt: |name, vendor| format!("{name}, {vendor}: check current status"),
};

const HISTORY: HistoryWords = HistoryWords {
    title: "History",
    issued: "Issued",
    renewed: "Renewed",
    corrected: "Details corrected",
    extended: "Extended",
    expired_early: "Expired: a recertification was not completed in time",
    merged: "Joined with another award of the same holder",
    suspended: "Suspended",
    reinstated: "Reinstated",
    revoked: "Revoked",
    valid_until: |date| format!("valid until {date}"),
    recorded: |date| format!("recorded {date}"),
    issued_in_error: "issued in error",
    requirements_not_met: "requirements turned out not to be met",
    holder_request: "at the holder’s request",
    key_compromise: "the signing key can no longer be trusted",
    under_review: "under review",
    upkeep_missed: "something due within the term was not shown",
};

const CHECKS: CheckWords = CheckWords {
    title: "How this was checked",
    passed: "Passed",
    failed: "Failed",
    warning: "Warning",
    could_not_check: "Could not check",
    facts: "Technical details",
    elsewhere: "You need not take our word for it: download the credential and check it at another verifier, such as",
    format: "Format",
    context: "Vocabulary",
    schema: "Schema",
    proof: "Signature",
    issuer: "Issuer’s key",
    status: "Status",
    validity: "Dates",
    refresh: "Newest copy",
    subject: "Holder",
    endorsements: "Endorsements",
};

const HOME: HomeWords = HomeWords {
    title: |vendor| format!("{vendor} certifications"),
    lead: |vendor| {
        format!(
            "{vendor} certifies people of its partner firms. Each certification is a signed Open Badge that anyone can check here."
        )
    },
    check_title: "Check a badge",
    number: "Verification number",
    number_hint: "16 letters and digits, printed on the badge",
    check: "Check",
    other_ways: "Or check a file or a credential",
    catalogue: "Certifications",
    nothing_yet: "No certifications are open at present.",
    valid_for: |duration| format!("Valid for {duration}"),
};

const ACHIEVEMENT: AchievementWords = AchievementWords {
    issued_by: |vendor| format!("Issued by {vendor}"),
    criteria: "What it takes",
    requirements: "Requirements",
    one_of_the_ways: "Any one of these ways leads to it:",
    way: |n| format!("Way {n}"),
    prerequisites: "To be held first",
    or: "or",
    blueprint: "The exam",
    questions: |n| if n == 1 { "1 question".into() } else { format!("{n} questions") },
    minutes: |n| if n == 1 { "1 minute".into() } else { format!("{n} minutes") },
    bank: |n| format!("drawn from {n}"),
    hours: |hours| format!("{hours} hours of preparation"),
    domain: "Domain",
    weight: "Weight",
    skills: "Skills it attests",
    unlocks: "What it opens",
    validity: "Validity",
    valid_for: |duration| format!("Valid for {duration} from the day it is awarded."),
    no_expiry: "Does not expire.",
    renewal: "Renewal",
    renewal_window: |duration| format!("May be renewed from {duration} before it expires"),
    renewal_grace: |duration| format!("and up to {duration} after"),
    fee: "Fee",
    opens: |date| format!("Opens on {date}."),
    closes: |date| format!("Closes on {date}."),
    machine: "Definition for software (JSON)",
    picture: |name, vendor| format!("Badge: {name}, issued by {vendor}"),
};

const REQUIREMENT: RequirementWords = RequirementWords {
    exam: "Exam",
    training: "Training",
    review: "Review",
    evidence: "Evidence",
    pass: |percent| format!("pass mark {percent} %"),
    hours: |hours| if hours == "1" { "at least 1 hour".into() } else { format!("at least {hours} hours") },
    pieces: |n| if n == 1 { "once".into() } else { format!("{n} times") },
    attempts: |n| if n == 1 { "1 attempt".into() } else { format!("{n} attempts") },
    wait: |duration| format!("{duration} between attempts"),
    live: "watched live",
    in_person: "in person",
    self_paced: "online, in your own time",
    by_assessor: "by an assessor",
    by_peer: "by a peer",
    by_ai: "by a program, with appeal to a person",
    by_manager: "by a manager",
    after: |names| format!("after {names}"),
    valid_for: |duration| format!("counts for {duration}"),
    days: |n| if n == 1 { "1 day".into() } else { format!("{n} days") },
    weeks: |n| if n == 1 { "1 week".into() } else { format!("{n} weeks") },
    months: |n| if n == 1 { "1 month".into() } else { format!("{n} months") },
    years: |n| if n == 1 { "1 year".into() } else { format!("{n} years") },
};

const ISSUER: IssuerWords = IssuerWords {
    title: |vendor| format!("About {vendor} as an issuer"),
    lead: |vendor| format!("Who stands behind the badges of {vendor}, and how to make sure of it."),
    profile: "Who",
    website: "Web site",
    email: "E-mail",
    program: "Program",
    identity: "Identity",
    identity_note: |host| {
        format!(
            "Badges are signed under this identifier. It is bound to {host}: whoever checks a badge finds the keys there."
        )
    },
    key_note: "Badges are signed under this identifier. It is the public key itself: whoever checks a badge needs nothing else to check the signature.",
    did: "Identifier",
    did_document: "Keys for software (DID document)",
    keys: "Signing keys",
    keys_note: "A retired key signs nothing new; what it signed stays valid.",
    key: "Key",
    used: "In use",
    state: "State",
    active: "Active",
    waiting: "Published, signs nothing yet",
    retired: "Retired",
    compromised: "Compromised: nothing it signed is to be relied on",
    since: |date| format!("since {date}"),
    from_to: |from, to| format!("{from} to {to}"),
    how_to_check: "How to check a badge",
    how: [
        "Scan its QR code, or enter its number here. Look at the address bar: the answer counts only on this host.",
        "Upload the badge picture or the credential: the signature shows whether anything was changed.",
        "Check it elsewhere: any verifier of Open Badges 3.0 comes to the same answer, without asking us for more than the keys and the status list.",
    ],
};

const VERIFY: VerifyWords = VerifyWords {
    title: "Check a badge",
    lead: "Any Open Badge of any issuer. Signature, issuer’s key, status and dates are checked; nothing is kept.",
    by_number: "By number",
    number_hint: "16 letters and digits, printed on the badge, such as 7K3Q-X9M2-TR4H-B6WD",
    by_file: "By file",
    file_label: "Badge or credential file",
    file_hint: "A badge picture (PNG or SVG) or a credential (JSON), up to 10 MB",
    by_text: "By text",
    text_label: "Text of the credential",
    text_hint: "Paste the credential: JSON, from the first brace to the last",
    check_number: "Check number",
    check_file: "Check file",
    check_text: "Check text",
    claims: "What the credential says",
    claims_note: "These are its claims, as far as they could be read.",
    achievement: "Achievement",
    holder: "Holder",
    valid_from: "Valid from",
    valid_until: "Valid until",
    credential_id: "Credential",
    issuer: "Who signed it",
    proven: "Proven identity",
    not_proven: "Identity, not proven",
    calls_itself: "Calls itself",
    ours: |vendor| format!("This service issues for {vendor}."),
    listed: "On the list of issuers known here.",
    unlisted: "Not on the list of issuers known here. The signature shows who signed, not whether to trust them.",
    see_award: "See its page with history",
    another: "Check another badge",
    nothing_sent: "Enter a number, choose a file or paste a text.",
    not_kept: "What you sent was checked and not kept.",
};

const ERROR: ErrorWords = ErrorWords {
    way_on: "From here",
    home: "Front page",
    verify: "Check a badge",
    no_record_title: "No public record under this number",
    no_record: "It was mistyped, does not exist, or is kept private by its holder. Ask the holder.",
    try_again: "Try another number",
};

const ADDRESS: AddressWords = AddressWords {
    title: "Confirm a mail address",
    question: |address, vendor| {
        format!("Is {address} your address, and shall {vendor} find your certifications by it?")
    },
    confirm: "Yes, it is mine",
    not_yours: "If it is not, close this page: nothing happens.",
    confirmed: |address| format!("{address} is confirmed."),
    what_now: "Your certifications are found by it from now on. You can close this page.",
};
