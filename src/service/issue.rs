//! Signing one version of an award's credential: prepare, lint, sign, and inspect what was signed as a stranger would.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Breakdown, status, tell};
use crate::app::{App, InForce};
use crate::decimal::Decimal;
use crate::id::{AwardId, CredentialVersion, ListName, Realm};
use crate::intake::EvidenceRecord;
use crate::issuance::{Claim, EVIDENCE, EvidenceItem, HashedEmail, Holder, Signer, evidence_bytes, prepare};
use crate::program::{Certification, RequirementKind};
use crate::proof::did::{self, PublishedKey};
use crate::rules::{Award, AwardState, Cause, Earned, Happening, HistoryEntry, Outcome, RecordedResult, Score};
use crate::rules::{Standing, VersionEntry, VersionKind};
use crate::store::{AwardEvent, Changes, Digest, EventKind, IssuerRecord, Person, SignedCredential};
use crate::verification::{self, Facts, Found, Need, OwnAward, Verdict, WhichCopy};

/// What a new version is made of.
pub(super) struct NewVersion<'a> {
    pub(super) realm: Realm,
    pub(super) issuer: &'a IssuerRecord,
    pub(super) in_force: &'a InForce,
    pub(super) certification: &'a Certification,
    /// With the result that led here.
    pub(super) standing: &'a Standing,
    /// Results that earned its term, as far as they are in no standing's document any more.
    pub(super) moved_out: &'a [RecordedResult],
    pub(super) person: &'a Person,
    pub(super) evidence: &'a [EvidenceRecord],
    pub(super) award: AwardId,
    pub(super) kind: VersionKind,
    pub(super) earned: &'a Earned,
    pub(super) cause: &'a Cause,
    pub(super) now: DateTime<Utc>,
    /// History is being imported: dated when it was earned, and nobody is told.
    pub(super) history: bool,
}

/// Signs the version and puts it down in `changes`: credential, event, and (answered) the standing with the new version in
/// it. Nothing of it may leave the process before the changes are committed.
pub(super) async fn add_version(app: &App, new: &NewVersion<'_>, changes: &mut Changes) -> Result<Standing, Breakdown> {
    let (entry, signed) = sign(app, new).await?;
    let version = entry.number;
    let fact = fact(new.standing, new.award, &entry, &signed);
    let (what, told) = match new.kind {
        VersionKind::Issue if new.history => (Happening::Issued { version }, EventKind::AwardImported(fact)),
        VersionKind::Issue => (Happening::Issued { version }, EventKind::AwardIssued(fact)),
        VersionKind::Renewal => (Happening::Renewed { version }, EventKind::AwardRenewed(fact)),
        VersionKind::Correction => (Happening::Corrected { version }, EventKind::AwardCorrected(fact)),
        VersionKind::Reinstatement => (Happening::Reinstated { version }, EventKind::AwardReinstated(fact)),
        VersionKind::Extension => (Happening::Extended { version }, EventKind::AwardExtended(fact)),
    };
    changes.credential(new.standing, version, &signed);
    tell(app, changes, new.now, told);
    // What is true goes by the act. Only the credential begins a moment later where two come within a second.
    let (valid_at, cause) = (if new.history { entry.valid_from } else { new.now }, new.cause.clone());
    let line = HistoryEntry { what, valid_at, recorded_at: new.now, program: entry.program, cause };
    let mut after = new.standing.clone();
    after.told = Some(new.now);
    match &mut after.award {
        Some(held) => {
            held.versions.push(entry);
            held.history.push(line);
        }
        none => *none = Some(Award { id: new.award, versions: vec![entry], demands: Vec::new(), history: vec![line] }),
    }
    Ok(after)
}

/// What the feed tells of a version.
pub(super) fn fact(of: &Standing, award: AwardId, entry: &VersionEntry, signed: &SignedCredential) -> AwardEvent {
    AwardEvent {
        award,
        person: of.person.clone(),
        certification: of.certification.clone(),
        version: entry.number,
        program: entry.program,
        valid_from: entry.valid_from,
        valid_until: entry.valid_until,
        credential: Digest::of(signed.text.as_bytes()),
    }
}

async fn sign(app: &App, new: &NewVersion<'_>) -> Result<(VersionEntry, SignedCredential), Breakdown> {
    let previous = new.standing.award.as_ref().map(Award::current);
    // An award that was undone and is earned anew goes on counting: its versions are kept side by side.
    let former = new.standing.former.iter().flat_map(|former| &former.award.versions).map(|version| version.number);
    let last = previous.map(|version| version.number).into_iter().chain(former).max();
    let term = new.earned.term;
    let dated = if new.history { term.earned_at.min(new.now) } else { new.now };
    let (list, index) = status::next_index(app, new.realm).await?;
    let number = last.map_or(CredentialVersion::FIRST, CredentialVersion::next);
    let entry = VersionEntry {
        number,
        kind: new.kind,
        list,
        index,
        valid_from: moment_after(dated, previous.map(|p| p.valid_from)),
        valid_until: term.valid_until,
        awarded_at: term.awarded_at,
        earned_at: term.earned_at,
        program: new.in_force.record.version,
        kid: new.issuer.active.clone(),
        term: term.began.unwrap_or(number),
        rests_on: new.earned.rests_on.clone(),
        fallen: false,
    };
    let mut salt = [0u8; 16];
    app.ids.fill(&mut salt);
    let privacy = new.in_force.program.privacy;
    let consents = |to: &str| new.person.consent.iter().any(|c| c == to);
    let evidence = if privacy.evidence && consents("evidence") { shown(new.evidence) } else { Vec::new() };
    let email = new.person.emails.first().filter(|_| privacy.email_hash);
    let level = new.certification.level.as_ref().and_then(|id| new.in_force.program.level(id));
    let claim = Claim {
        urls: &app.urls,
        signer: Signer { did: &new.issuer.did, key: &entry.kid, issuer: &new.in_force.program.issuer },
        certification: new.certification,
        level: level.map(|l| l.name.as_str()),
        award: new.award,
        valid_from: entry.valid_from,
        valid_until: entry.valid_until,
        awarded_at: entry.awarded_at,
        previous_valid_from: previous.map(|p| p.valid_from),
        holder: Holder {
            subject: &new.person.subject,
            name: &new.person.name,
            style: privacy.name,
            email: email.map(|address| HashedEmail { address, salt }),
        },
        score: score(new, &entry).filter(|_| privacy.score && consents("score")),
        evidence: &evidence,
        list: ListName { realm: new.realm, number: list },
        index,
        test: new.realm.is_test(),
    };
    let draft = prepare(&claim).map_err(|lints| Breakdown::Unsound(lints.to_string()))?;
    tracing::info!(award = %new.award, version = entry.number.0, key = %entry.kid, "signing");
    let signature = app.signer.sign(&entry.kid, draft.bytes_to_sign()).await?;
    let credential = draft.attach(&signature);
    inspect_own(new, &entry, credential.text())?;
    tracing::info!(award = %new.award, version = entry.number.0, "signed");
    Ok((entry.clone(), SignedCredential::new(credential.text(), &entry.kid)))
}

/// The newest pieces of evidence that one credential has room for, oldest first.
fn shown(evidence: &[EvidenceRecord]) -> Vec<EvidenceItem<'_>> {
    let mut room = EVIDENCE;
    let fits = |e: &&EvidenceRecord| {
        let left = room.checked_sub(evidence_bytes(&e.name, &e.url));
        room = left.unwrap_or(0);
        left.is_some()
    };
    let mut shown: Vec<_> =
        evidence.iter().rev().take_while(fits).map(|e| EvidenceItem { name: &e.name, url: &e.url }).collect();
    shown.reverse();
    shown
}

/// Strictly later than the version before.
fn moment_after(now: DateTime<Utc>, previous: Option<DateTime<Utc>>) -> DateTime<Utc> {
    previous.map_or(now, |previous| now.max(previous + TimeDelta::seconds(1)))
}

/// The best score of an exam among the results that the term rests on.
fn score(new: &NewVersion<'_>, entry: &VersionEntry) -> Option<Decimal> {
    let began = new.standing.award.as_ref().and_then(|award| award.version(entry.term));
    let rests_on = &began.unwrap_or(entry).rests_on;
    let counts = |r: &&RecordedResult| rests_on.iter().any(|named| r.is(named));
    best_score(new.certification, new.standing.results.iter().chain(new.moved_out).filter(counts))
}

/// The best score among the exams of these that were passed.
pub(super) fn best_score<'r>(
    certification: &Certification,
    results: impl Iterator<Item = &'r RecordedResult>,
) -> Option<Decimal> {
    let exam = |id| certification.requirement(id).is_some_and(|r| r.kind == RequirementKind::Exam);
    let passed = results.filter(|r| r.outcome == Outcome::Passed && exam(&r.requirement));
    passed.filter_map(|r| r.score).max().map(Score::percent)
}

/// What our own verifier refuses is not stored and not sent.
fn inspect_own(new: &NewVersion<'_>, entry: &VersionEntry, text: &str) -> Result<(), Breakdown> {
    let presented = verification::read(text.as_bytes()).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    let key = crate::proof::PublicKey::from_multibase(&entry.kid).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    let document = did::document(&new.issuer.did, &[PublishedKey { key, revoked: None }]);
    let own = OwnAward {
        award: new.award,
        state: AwardState::Valid { until: entry.valid_until },
        copy: WhichCopy::Current(entry.number),
        vendor: new.in_force.program.issuer.name.clone(),
        zone: new.in_force.program.timezone,
        rights_in_grace: false,
        tell_reason: false,
    };
    let mut facts = Facts { own: Some(own), ..Facts::at(entry.valid_from) };
    facts.found.insert(Need::ControllerDocument(new.issuer.did.clone()), Found::Json(document));
    facts.ours.push(new.issuer.did.clone());
    let report = verification::inspect(&presented, &facts);
    match report.verdict {
        Verdict::Valid => Ok(()),
        _ => Err(Breakdown::Unsound(report.headline)),
    }
}
