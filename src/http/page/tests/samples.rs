//! Values that every page is rendered from in tests.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, json};

use super::super::{AwardFacts, KeyLine, KeyState, Site};
use crate::id::CredentialVersion;
use crate::program::duration::CalendarDuration;
use crate::program::{
    Blueprint, Certification, Exhausted, Issuer, Level, Privacy, Proctoring, Program, Renewal, Requirement,
    RequirementKind, Reviewer, Right, RightOf, Skill, Theme, Track,
};
use crate::rules::{Award, Cause, Happening, HistoryEntry, Reason, VersionEntry, VersionKind};
use crate::urls::Urls;
use crate::verification::{Check, CheckId, CheckOutcome, IssuerTrust, Past, Report, Summary, Trust, Verdict};

pub(crate) const NOW: &str = "2026-11-20T14:03:00Z";
pub(crate) const AWARD: &str = "7K3QX9M2TR4HB6WD";
pub(crate) const BASE: &str = "https://badges.northwind.example";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn site() -> Site {
    Site::new(&Urls::new(BASE), &program())
}

pub(crate) fn program() -> Program {
    let track = |id: &str, name: &str, audience: &str| Track {
        id: id.parse().unwrap(),
        name: name.into(),
        audience: Some(audience.into()),
    };
    let level = |id: &str, name: &str, theme| Level { id: id.parse().unwrap(), name: name.into(), theme: Some(theme) };
    let right = |id: &str, name: &str| Right {
        id: id.parse().unwrap(),
        name: name.into(),
        of: RightOf::Firm,
        require: Vec::new(),
    };
    Program {
        id: "northwind".parse().unwrap(),
        name: "Northwind Partner Program".into(),
        timezone: chrono_tz::Europe::Berlin,
        languages: vec!["en".into()],
        texts: None,
        issuer: Issuer {
            name: "Northwind Traders".into(),
            url: "https://northwind.example".into(),
            email: "certification@northwind.example".into(),
            logo: None,
            linkedin_organization_id: Some("1234567".into()),
            privacy_url: Some("https://northwind.example/privacy".into()),
            report_url: "mailto:certification@northwind.example".into(),
        },
        privacy: Privacy {
            name: crate::program::NameStyle::Full,
            email_hash: true,
            score: false,
            evidence: false,
            firm: false,
            reasons: true,
        },
        areas: Vec::new(),
        tracks: vec![
            track("sales", "Sales", "Account executives and sales representatives"),
            track("technical", "Technical", "Solution engineers and architects"),
        ],
        levels: vec![
            level("foundation", "Foundation", Theme::Bronze),
            level("professional", "Professional", Theme::Silver),
            level("expert", "Expert", Theme::Gold),
        ],
        rights: vec![right("deal-registration", "Deal registration"), right("basic-support", "Basic support")],
        certifications: vec![
            certification("sales-associate", "sales", "foundation", "Certified Sales Associate"),
            certification("sales-expert", "sales", "expert", "Certified Sales Expert"),
            certification("sales-professional", "sales", "professional", "Certified Sales Professional"),
            certification("technical-associate", "technical", "foundation", "Certified Technical Associate"),
        ],
        tiers: Vec::new(),
        accreditations: Vec::new(),
        recertify: Vec::new(),
        maps: Vec::new(),
        sources: Vec::new(),
    }
}

fn certification(id: &str, track: &str, level: &str, name: &str) -> Certification {
    let training = Requirement {
        id: "sales-101".parse().unwrap(),
        kind: RequirementKind::Training,
        name: "Sales 101".into(),
        description: Some("The suite, its buyers and their questions.".into()),
        first: true,
        after: Vec::new(),
        count: 1,
        hours: 4.0,
        pass: None,
        attempts: 0,
        wait: CalendarDuration::ZERO,
        then: Exhausted::Ask,
        proctoring: Proctoring::SelfPaced,
        by: Reviewer::Assessor,
        rubric: Vec::new(),
        valid_for: None,
        unlocks: Vec::new(),
    };
    let exam = Requirement {
        id: "exam".parse().unwrap(),
        kind: RequirementKind::Exam,
        name: "Online exam".into(),
        description: None,
        after: vec![training.id.clone()],
        hours: 0.0,
        pass: Some(crate::decimal::Decimal::from(70.0)),
        attempts: 3,
        wait: CalendarDuration::days(7),
        ..training.clone()
    };
    let path = vec![training.id.clone(), exam.id.clone()];
    Certification {
        id: id.parse().unwrap(),
        track: track.parse().unwrap(),
        level: Some(level.parse().unwrap()),
        areas: Vec::new(),
        name: name.into(),
        description: "Can position and sell the Northwind suite.".into(),
        criteria: "Complete Sales 101 and pass the online exam with 70 % or more.".into(),
        theme: Theme::Bronze,
        validity: Some(CalendarDuration::months(12)),
        expires_on: Vec::new(),
        image: None,
        skills: vec![
            Skill { name: "Value selling".into(), url: "https://northwind.example/skills/value-selling".into() },
            Skill { name: "Objection handling".into(), url: "javascript:alert(1)".into() },
        ],
        prerequisites: if level == "foundation" { Vec::new() } else { vec![vec!["sales-associate".parse().unwrap()]] },
        renews: Vec::new(),
        any_of: vec![path],
        unlocks: vec!["deal-registration".parse().unwrap(), "basic-support".parse().unwrap()],
        approval: 0,
        fee: Some("150 EUR".into()),
        content_review: None,
        opens: None,
        closes: None,
        blueprint: Some(Blueprint {
            hours: Some("4-8".into()),
            questions: Some(40),
            minutes: Some(60),
            bank: Some(200),
            domains: vec![("Product overview".into(), 40), ("Objection handling".into(), 60)],
        }),
        requirements: vec![training, exam],
        renewal: Renewal {
            window: CalendarDuration::days(90),
            any_of: vec![vec!["exam".parse().unwrap()]],
            late_any_of: Vec::new(),
            require: Vec::new(),
            grace: CalendarDuration::days(30),
            rights_in_grace: false,
            streamlined: CalendarDuration::days(90),
            remind: Vec::new(),
            notify: Vec::new(),
        },
        upkeep: Vec::new(),
    }
}

pub(crate) fn award() -> Award {
    let version = |number, kind, from: &str, until: &str| VersionEntry {
        number: CredentialVersion(number),
        kind,
        list: 1,
        index: 40_000 + number,
        valid_from: at(from),
        valid_until: Some(at(until)),
        awarded_at: at("2025-11-12T09:30:00Z"),
        earned_at: at("2025-11-12T09:30:00Z"),
        program: 1,
        kid: "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2".into(),
        term: CredentialVersion(number),
        rests_on: Vec::new(),
        fallen: false,
    };
    let entry = |what, valid_at: &str, recorded_at: &str| HistoryEntry {
        what,
        valid_at: at(valid_at),
        recorded_at: at(recorded_at),
        program: 1,
        cause: Cause::Verb,
    };
    let (first, second, third) = (CredentialVersion(1), CredentialVersion(2), CredentialVersion(3));
    Award {
        demands: Vec::new(),
        id: AWARD.parse().unwrap(),
        versions: vec![
            version(1, VersionKind::Issue, "2025-11-12T09:31:00Z", "2026-11-12T22:59:59Z"),
            version(2, VersionKind::Renewal, "2026-10-02T08:00:00Z", "2027-11-12T22:59:59Z"),
            version(3, VersionKind::Correction, "2026-10-20T10:00:00Z", "2027-11-12T22:59:59Z"),
        ],
        history: vec![
            entry(Happening::Issued { version: first }, "2025-11-12T09:30:00Z", "2025-11-12T09:31:00Z"),
            entry(Happening::Suspended { reason: Reason::Other }, "2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z"),
            entry(Happening::Reinstated { version: first }, "2026-03-09T12:00:00Z", "2026-03-09T12:00:00Z"),
            entry(Happening::Renewed { version: second }, "2026-10-02T08:00:00Z", "2026-10-02T08:00:00Z"),
            entry(Happening::Corrected { version: third }, "2026-10-20T10:00:00Z", "2026-10-20T10:00:00Z"),
        ],
    }
}

pub(crate) fn facts<'a>(program: &'a Program, award: &'a Award, report: &'a Report, qr: &'a str) -> AwardFacts<'a> {
    AwardFacts {
        program,
        certification: &program.certifications[0],
        award,
        joined: None,
        tell_reasons: program.privacy.reasons,
        dated_by: (1, Some(at("2026-11-01T00:00:00Z"))),
        report,
        qr: Some((qr, 41)),
    }
}

/// A symbol's path for [`AWARD`], as it is drawn for print.
pub(crate) fn qr() -> String {
    let code =
        qrcode::QrCode::with_error_correction_level(Urls::new(BASE).qr(AWARD.parse().unwrap()), qrcode::EcLevel::Q)
            .unwrap();
    let side = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, c)| *c == qrcode::Color::Dark);
    dark.fold(String::new(), |path, (i, _)| path + &format!("M{} {}h1v1h-1z", i % side + 4, i / side + 4))
}

/// Every verdict, with a headline like those of the verifier.
pub(crate) fn reports() -> Vec<(&'static str, Report)> {
    use CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
    let ana = "Ana Lopes holds Certified Sales Associate from Northwind Traders until 12 November 2027.";
    let status = |outcome, words: &str| vec![(CheckId::Status, outcome, words.to_owned())];
    let all = vec![
        ("valid", Verdict::Valid, format!("Valid. {ana}"), Vec::new()),
        ("test", Verdict::Valid, format!("TEST. Valid. {ana}"), Vec::new()),
        (
            "expired",
            Verdict::Expired,
            "Expired on 12 November 2027; may be renewed until 12 December 2027.".into(),
            vec![(CheckId::Validity, Failed, "It ran out on 12 November 2027.".into())],
        ),
        (
            "suspended",
            Verdict::Suspended,
            "Not valid at present, since 1 March 2026: the issuer is reviewing it. This is not a finding against the holder.".into(),
            status(Failed, "Suspended since 1 March 2026."),
        ),
        (
            "revoked",
            Verdict::Revoked,
            "No longer valid since 1 March 2026: requirements turned out not to be met.".into(),
            status(Failed, "Revoked on 1 March 2026, as the status list of 20 November 2026, 14:00 UTC says."),
        ),
        (
            "invalid",
            Verdict::Invalid,
            "The signature does not fit this content: it was changed, or signed with another key. Do not rely on it.".into(),
            vec![(CheckId::Proof, Failed, "The signature does not fit this content.".into())],
        ),
        (
            "untrusted",
            Verdict::UntrustedIssuer,
            "Signed by the holder of badges.example, whom you have not listed. Everything else checks.".into(),
            vec![(CheckId::Issuer, Warning, "The key belongs to did:web:badges.example, which is not on the list.".into())],
        ),
        (
            "inconclusive",
            Verdict::Inconclusive,
            "Could not be checked: the status list of badges.example did not answer at 10:02 UTC. Try again, or ask the issuer.".into(),
            status(CouldNotCheck, "The status list of badges.example did not answer at 10:02 UTC."),
        ),
        ("malformed", Verdict::Malformed, "This is not a badge: it is neither JSON nor a picture with a credential inside.".into(), Vec::new()),
    ];
    let finished = |(name, verdict, headline, changed): (_, _, String, Vec<(CheckId, _, String)>)| {
        let mut report = report(verdict, &headline);
        for (id, outcome, words) in changed {
            let check = report.checks.iter_mut().find(|c| c.id == id).unwrap();
            (check.outcome, check.words) = (outcome, words);
            check.hint = Some("Ask the issuer.".into()).filter(|_| check.outcome != Passed);
        }
        (name, report)
    };
    all.into_iter().map(finished).collect()
}

pub(crate) fn report(verdict: Verdict, headline: &str) -> Report {
    let check = |id, words: &str, facts: serde_json::Value| Check {
        id,
        outcome: CheckOutcome::Passed,
        words: words.into(),
        facts: facts.as_object().cloned().unwrap_or_default(),
        hint: None,
    };
    let kid = "did:web:badges.northwind.example#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    let checks = vec![
        check(
            CheckId::Format,
            "An Open Badges 3.0 credential.",
            json!({"version": "3.0", "type": "AchievementCredential"}),
        ),
        check(CheckId::Context, "Every term has a published meaning.", json!({})),
        check(CheckId::Schema, "All members that Open Badges asks for are there.", json!({})),
        check(
            CheckId::Proof,
            "The signature fits: nothing was changed since 20 October 2026.",
            json!({"cryptosuite": "eddsa-rdfc-2022", "verification_method": kid, "created": "2026-10-20T10:00:00Z"}),
        ),
        check(
            CheckId::Issuer,
            "The key belongs to Northwind Traders.",
            json!({"issuer": "did:web:badges.northwind.example"}),
        ),
        check(
            CheckId::Status,
            "Neither revoked nor suspended, as the status list of 20 November 2026, 14:00 UTC says.",
            json!({"list": "https://badges.northwind.example/status/1", "index": 40_003, "purpose": "revocation"}),
        ),
        check(
            CheckId::Validity,
            "Valid from 20 October 2026 until 12 November 2027.",
            json!({"valid_until": "2027-11-12T22:59:59Z"}),
        ),
    ];
    let mut credential = Summary {
        id: Some(format!("{BASE}/credentials/{AWARD}")),
        award: Some(AWARD.into()),
        version: Some(3),
        name: Some("Certified Sales Associate".into()),
        holder: Some("Ana Lopes".into()),
        achievement: Some("Certified Sales Associate".into()),
        issuer_name: Some("Northwind Traders".into()),
        valid_from: Some(at("2026-10-20T10:00:00Z")),
        valid_until: Some(at("2027-11-12T22:59:59Z")),
        awarded_at: Some(at("2025-11-12T09:30:00Z")),
        test: headline.starts_with("TEST"),
    };
    let malformed = verdict == Verdict::Malformed;
    let stranger = verdict == Verdict::UntrustedIssuer;
    let (id, trust) = match (malformed, stranger) {
        (true, _) => (None, Trust::Unlisted),
        (_, true) => (Some("did:web:badges.example".into()), Trust::Unlisted),
        _ => (Some("did:web:badges.northwind.example".into()), Trust::Ours),
    };
    if stranger {
        (credential.award, credential.version) = (None, None);
        credential.id = Some("https://badges.example/credentials/42".into());
    }
    let now = at(NOW);
    Report {
        then: None,
        verdict,
        headline: headline.into(),
        checked_at: now,
        as_of: if verdict == Verdict::Expired { now + TimeDelta::days(370) } else { now },
        checks: if malformed { Vec::new() } else { checks },
        credential: if malformed { Summary::default() } else { credential },
        issuer: IssuerTrust { id, leads_to: None, trust, name: None },
        receipt_of: None,
    }
}

/// What was true of it.
pub(crate) fn past() -> Past {
    Past {
        at: at("2026-03-01T22:59:59Z"),
        known: at(NOW),
        verdict: Verdict::Valid,
        headline: "On 1 March 2026 it was valid, as recorded by then.".into(),
        version: Some(1),
        hindsight: None,
    }
}

pub(crate) fn keys() -> Vec<KeyLine> {
    let key = |multibase: &str, from: &str, state| KeyLine { multibase: multibase.into(), from: at(from), state };
    vec![
        key("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "2026-06-01T08:00:00Z", KeyState::Active),
        key(
            "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            "2025-01-07T08:00:00Z",
            KeyState::Retired(at("2026-06-01T08:00:00Z")),
        ),
        key("z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf", "2026-11-01T08:00:00Z", KeyState::Waiting),
    ]
}

/// What a hostile name looks like.
pub(crate) const HOSTILE: &str = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}evil\u{0}";

/// Every text of the vendor and the holder replaced by [`HOSTILE`].
pub(crate) fn hostile() -> (Site, Program, Report) {
    let mut program = program();
    let bad = || HOSTILE.to_owned();
    program.name = bad();
    program.issuer.name = bad();
    program.issuer.email = bad();
    program.issuer.url = "javascript:alert(1)".into();
    program.issuer.report_url = "javascript:alert(1)".into();
    program.issuer.privacy_url = Some(bad());
    program.tracks[0].name = bad();
    program.tracks[0].audience = Some(bad());
    program.levels[0].name = bad();
    let c = &mut program.certifications[0];
    (c.name, c.description, c.criteria, c.fee) = (bad(), bad(), bad(), Some(bad()));
    c.skills[0].name = bad();
    c.requirements[0].name = bad();
    c.requirements[0].description = Some(bad());
    if let Some(b) = &mut c.blueprint {
        (b.hours, b.domains[0].0) = (Some(bad()), bad());
    }
    let mut report = report(Verdict::Valid, &format!("Valid. {HOSTILE}"));
    let s = &mut report.credential;
    (s.id, s.name, s.holder, s.achievement, s.issuer_name) =
        (Some(bad()), Some(bad()), Some(bad()), Some(bad()), Some(bad()));
    report.issuer.id = Some(bad());
    for check in &mut report.checks {
        (check.words, check.hint) = (bad(), Some(bad()));
        check.facts = Map::from_iter([(bad(), json!({HOSTILE: [HOSTILE]}))]);
    }
    (Site::new(&Urls::new(BASE), &program), program, report)
}
