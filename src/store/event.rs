//! What the feed tells: ids, codes, dates and hashes. No names and no free text; there is no field for them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{
    AppealId, AwardId, CertificationId, CredentialVersion, EventId, ExceptionId, HoldId, PersonId, Realm,
    RequirementId, WebhookId,
};
use crate::rules::{DemandKind, Outcome, Reason, UnmetCode};

/// One thing that happened. Its place in the feed is the engine's; `recorded_at` never decides order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// For receivers, to tell repeats.
    pub id: EventId,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Live or test.
    pub realm: Realm,
    /// What.
    #[serde(flatten)]
    pub what: EventKind,
}

/// A SHA-256 digest, in hex: stands for text that must not be in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(super::sha256_hex(bytes))
    }

    /// A digest that was taken before.
    pub(super) fn taken(sha256: &str) -> Self {
        Digest(sha256.to_owned())
    }

    /// In lower-case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Kinds of events, named as webhooks will name them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "the fields are ids, codes and dates")]
pub enum EventKind {
    #[serde(rename = "issuer.created")]
    IssuerCreated { did: Digest },
    #[serde(rename = "program.applied")]
    ProgramApplied { version: u32, text: Digest },
    #[serde(rename = "signing_key.generated")]
    SigningKeyGenerated { key: Digest },
    #[serde(rename = "signing_key.activated")]
    SigningKeyActivated { key: Digest },
    #[serde(rename = "signing_key.retired")]
    SigningKeyRetired { key: Digest },
    #[serde(rename = "api_key.created")]
    ApiKeyCreated { key: Digest },
    #[serde(rename = "api_key.revoked")]
    ApiKeyRevoked { key: Digest },
    #[serde(rename = "issuer.trusted")]
    IssuerTrusted { issuer: Digest },
    #[serde(rename = "issuer.distrusted")]
    IssuerDistrusted { issuer: Digest },
    #[serde(rename = "person.created")]
    PersonCreated { person: PersonId },
    #[serde(rename = "person.corrected")]
    PersonCorrected { person: PersonId },
    #[serde(rename = "result.recorded")]
    ResultRecorded {
        person: PersonId,
        certification: CertificationId,
        requirement: RequirementId,
        outcome: Outcome,
        at: DateTime<Utc>,
        source: Digest,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmet: Vec<UnmetCode>,
    },
    #[serde(rename = "award.issued")]
    AwardIssued(AwardEvent),
    #[serde(rename = "award.renewed")]
    AwardRenewed(AwardEvent),
    #[serde(rename = "award.corrected")]
    AwardCorrected(AwardEvent),
    #[serde(rename = "award.reinstated")]
    AwardReinstated(AwardEvent),
    #[serde(rename = "award.extended")]
    AwardExtended(AwardEvent),
    /// History with its original dates: nobody is told.
    #[serde(rename = "award.imported")]
    AwardImported(AwardEvent),
    #[serde(rename = "award.suspended")]
    AwardSuspended { award: AwardId, certification: CertificationId, person: PersonId, reason: Reason },
    #[serde(rename = "award.revoked")]
    AwardRevoked { award: AwardId, certification: CertificationId, person: PersonId, reason: Reason },
    /// A step of the reminders before expiry: so many days are left.
    #[serde(rename = "award.reminder")]
    AwardReminder {
        award: AwardId,
        certification: CertificationId,
        person: PersonId,
        days: u32,
        valid_until: DateTime<Utc>,
    },
    #[serde(rename = "award.expired")]
    AwardExpired { award: AwardId, certification: CertificationId, person: PersonId, since: DateTime<Utc> },
    /// The renewal path is closed; the streamlined one may be open.
    #[serde(rename = "award.grace_ended")]
    AwardGraceEnded { award: AwardId, certification: CertificationId, person: PersonId, since: DateTime<Utc> },
    /// Only the full path is left.
    #[serde(rename = "award.lapsed")]
    AwardLapsed { award: AwardId, certification: CertificationId, person: PersonId, since: DateTime<Utc> },
    #[serde(rename = "award.demand_placed")]
    AwardDemandPlaced(DemandEvent),
    #[serde(rename = "award.demand_reminder")]
    AwardDemandReminder {
        days: u32,
        #[serde(flatten)]
        demand: DemandEvent,
    },
    #[serde(rename = "award.demand_met")]
    AwardDemandMet(DemandEvent),
    #[serde(rename = "award.demand_missed")]
    AwardDemandMissed(DemandEvent),
    /// `other` is an alias of `award` from now on.
    #[serde(rename = "award.merged")]
    AwardMerged { award: AwardId, other: AwardId, certification: CertificationId, person: PersonId },
    #[serde(rename = "person.merged")]
    PersonMerged { person: PersonId, other: PersonId },
    #[serde(rename = "person.address_added")]
    PersonAddressAdded { person: PersonId, address: Digest },
    #[serde(rename = "result.held")]
    ResultHeld { hold: HoldId, person: PersonId, certification: CertificationId, requirement: RequirementId },
    #[serde(rename = "result.released")]
    ResultReleased { hold: HoldId, person: PersonId, certification: CertificationId, requirement: RequirementId },
    #[serde(rename = "result.voided")]
    ResultVoided { person: PersonId, certification: CertificationId, requirement: RequirementId },
    /// Something a person should look at: a grade that dropped, a result that came late.
    #[serde(rename = "result.review_opened")]
    ResultReviewOpened {
        person: PersonId,
        certification: CertificationId,
        requirement: RequirementId,
        code: ReviewCode,
    },
    /// It was accepted, or can matter no more.
    #[serde(rename = "result.review_closed")]
    ResultReviewClosed {
        person: PersonId,
        certification: CertificationId,
        requirement: RequirementId,
        code: ReviewCode,
    },
    #[serde(rename = "hold.opened")]
    HoldOpened { hold: HoldId },
    #[serde(rename = "hold.closed")]
    HoldClosed { hold: HoldId },
    #[serde(rename = "exception.granted")]
    ExceptionGranted { exception: ExceptionId, person: PersonId, certification: CertificationId, in_effect: bool },
    #[serde(rename = "exception.confirmed")]
    ExceptionConfirmed { exception: ExceptionId, person: PersonId, certification: CertificationId },
    #[serde(rename = "exception.withdrawn")]
    ExceptionWithdrawn { exception: ExceptionId, person: PersonId, certification: CertificationId },
    #[serde(rename = "appeal.opened")]
    AppealOpened { appeal: AppealId, award: AwardId, person: PersonId },
    #[serde(rename = "appeal.closed")]
    AppealClosed { appeal: AppealId, award: AwardId, person: PersonId, upheld: bool },
    #[serde(rename = "program.proposed")]
    ProgramProposed { version: u32, text: Digest },
    #[serde(rename = "program.rejected")]
    ProgramRejected { version: u32 },
    #[serde(rename = "recertification.announced")]
    RecertificationAnnounced { recertification: Digest, certifications: Vec<CertificationId> },
    /// Every holder it concerns has been asked.
    #[serde(rename = "recertification.placed")]
    RecertificationPlaced { recertification: Digest, awards: u32 },
    #[serde(rename = "certification.content_review_due")]
    ContentReviewDue { certification: CertificationId, since: DateTime<Utc> },
    #[serde(rename = "certification.content_reviewed")]
    ContentReviewed { certification: CertificationId },
    #[serde(rename = "webhook.created")]
    WebhookCreated { webhook: WebhookId },
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled { webhook: WebhookId },
    /// Sent to one webhook on request, so that its receiver can be tried.
    #[serde(rename = "webhook.test")]
    WebhookTest { webhook: WebhookId },
}

/// Why a result wants a person's eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewCode {
    /// A grade was lowered after an award was made on it.
    GradeDropped,
    /// What a feed says of it can mean several things.
    Ambiguous,
    /// It does not say all that the requirement asks: it is recorded, and counts once it is accepted.
    Incomplete,
}

/// Something demanded of a holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are ids, codes and dates")]
pub struct DemandEvent {
    pub award: AwardId,
    pub person: PersonId,
    pub certification: CertificationId,
    pub demand: Digest,
    pub kind: DemandKind,
    pub due: DateTime<Utc>,
    pub cutoff: DateTime<Utc>,
}

/// A new version of an award's credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are ids, codes and dates")]
pub struct AwardEvent {
    pub award: AwardId,
    pub person: PersonId,
    pub certification: CertificationId,
    pub version: CredentialVersion,
    pub program: u32,
    pub valid_from: DateTime<Utc>,
    pub valid_until: Option<DateTime<Utc>>,
    /// Of the signed bytes.
    pub credential: Digest,
}
