//! The credential itself, endorsements, and what every verifiable credential has (OB 3.0 data model; VCDM 1.1 and 2.0).

use super::achievement::ACHIEVEMENT_SUBJECT;
use super::class::{Class, Generation, Kind, Member, Typing, list, optional, required};
use super::profile::IMAGE;
use Kind::{Context, Endorsement, Issuer, Moment, Object, Text, Token};

/// The class of a badge.
pub(super) fn root(generation: Generation) -> &'static Class {
    match generation {
        Generation::One => &ACHIEVEMENT_CREDENTIAL_1,
        Generation::Two => &ACHIEVEMENT_CREDENTIAL,
    }
}

/// The class of an endorsement in place.
pub(super) fn endorsement(generation: Generation) -> &'static Class {
    match generation {
        Generation::One => &ENDORSEMENT_CREDENTIAL_1,
        Generation::Two => &ENDORSEMENT_CREDENTIAL,
    }
}

static ACHIEVEMENT_CREDENTIAL: Class = Class::new(BADGE, &[&HEAD, &DATES, &[optional("name", Text)], &BODY, &SECURED]);
static ACHIEVEMENT_CREDENTIAL_1: Class = Class::new(BADGE, &[&HEAD, &DATES_1, &NAMED, &BODY, &SECURED]);
static ENDORSEMENT_CREDENTIAL: Class = Class::new(ENDORSES, &[&HEAD, &DATES, &NAMED, &STATEMENT, &SECURED]);
static ENDORSEMENT_CREDENTIAL_1: Class = Class::new(ENDORSES, &[&HEAD, &DATES_1, &NAMED, &STATEMENT, &SECURED]);

/// One class under two names.
const BADGE: Typing = Typing::Credential(&["OpenBadgeCredential", "AchievementCredential"]);
const ENDORSES: Typing = Typing::Credential(&["EndorsementCredential"]);

static HEAD: [Member; 3] = [
    required("@context", Context, "begin with the contexts of verifiable credentials and of Open Badges 3.0"),
    required("id", Text, "add an address or a urn:uuid: of its own for each badge"),
    required("issuer", Issuer, "add an object with the id, type [\"Profile\"] and name of the issuer"),
];

static DATES: [Member; 2] = [
    required("validFrom", Moment, "add the date from which it is valid, like \"2026-05-04T09:30:00Z\""),
    optional("validUntil", Moment),
];

static DATES_1: [Member; 2] = [
    required("issuanceDate", Moment, "add the date of issue, like \"2026-05-04T09:30:00Z\""),
    optional("expirationDate", Moment),
];

static NAMED: [Member; 1] = [required("name", Text, "add a name for people to read")];

static BODY: [Member; 4] = [
    required(
        "credentialSubject",
        Object(&ACHIEVEMENT_SUBJECT),
        "add an object that says who achieved what: type [\"AchievementSubject\"], an id or identifier, and achievement",
    ),
    optional("image", Object(&IMAGE)),
    list("endorsement", Endorsement),
    list("endorsementJwt", Token),
];

static STATEMENT: [Member; 1] = [required(
    "credentialSubject",
    Object(&ENDORSEMENT_SUBJECT),
    "add an object with the id of what is endorsed and type [\"EndorsementSubject\"]",
)];

static SECURED: [Member; 8] = [
    optional("description", Text),
    optional("awardedDate", Moment),
    list("evidence", Object(&EVIDENCE)),
    list("proof", Object(&PROOF)),
    list("credentialSchema", Object(&CREDENTIAL_SCHEMA)),
    optional("credentialStatus", Object(&CREDENTIAL_STATUS)),
    optional("refreshService", Object(&REFRESH_SERVICE)),
    list("termsOfUse", Object(&TERMS_OF_USE)),
];

static ENDORSEMENT_SUBJECT: Class = Class::new(
    Typing::List("EndorsementSubject"),
    &[&[required("id", Text, "add the id of what is endorsed"), optional("endorsementComment", Text)]],
);

static EVIDENCE: Class = Class::new(
    Typing::List("Evidence"),
    &[&[
        optional("id", Text),
        optional("narrative", Text),
        optional("name", Text),
        optional("description", Text),
        optional("genre", Text),
        optional("audience", Text),
    ]],
);

static PROOF: Class = Class::new(
    Typing::Free,
    &[&[
        required("type", Text, "add the kind of signature, like \"DataIntegrityProof\""),
        optional("created", Moment),
        optional("cryptosuite", Text),
        optional("challenge", Text),
        optional("domain", Text),
        optional("nonce", Text),
        optional("proofPurpose", Text),
        optional("proofValue", Text),
        optional("verificationMethod", Text),
    ]],
);

static CREDENTIAL_SCHEMA: Class = Class::new(
    Typing::Free,
    &[&[
        required("id", Text, "add the address of the schema"),
        required("type", Text, "add the kind of schema, like \"1EdTechJsonSchemaValidator2019\""),
    ]],
);

static CREDENTIAL_STATUS: Class = Class::new(
    Typing::Free,
    // The id may be left out since version 1.4 of the specification.
    &[&[optional("id", Text), required("type", Text, "add the kind of status, like \"BitstringStatusListEntry\"")]],
)
.rule(|status| {
    let add = "add an address of its own; versions of the standard before 1.4 require it";
    (!status.contains_key("id")).then_some(("has no id", add))
});

static REFRESH_SERVICE: Class = Class::new(
    Typing::Free,
    &[&[
        required("id", Text, "add the address at which the newest copy is found"),
        required("type", Text, "add the kind of service, like \"1EdTechCredentialRefresh\""),
    ]],
);

static TERMS_OF_USE: Class = Class::new(
    Typing::Free,
    &[&[optional("id", Text), required("type", Text, "add the kind of the terms, as one word")]],
);
