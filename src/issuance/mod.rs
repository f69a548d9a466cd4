//! From a decision to a signed credential: prepare and lint a draft, sign its bytes, attach the signature.

mod build;
mod claim;
mod draft;
mod holder;
mod lint;
mod public;
mod rehearsal;
mod status_list;

pub use claim::{Claim, EvidenceItem, HashedEmail, Holder, Signer, TEST_MARK};
pub use draft::{Credential, Draft};
pub use holder::shown_name;
pub use lint::{EVIDENCE, Flaw, Lint, Lints, document as lint_document, evidence_bytes, flaw_of_address, flaw_of_line};
pub use public::{achievement_document, profile_document};
pub use rehearsal::rehearse;
pub use status_list::{ListClaim, prepare_status_list};

/// Builds the credential a claim asks for and lints it; only what is sound becomes a draft that can be signed.
pub fn prepare(claim: &Claim<'_>) -> Result<Draft, Lints> {
    let mut lints = lint::claim(claim);
    let document = serde_json::to_value(build::credential(claim)).expect("the data model has only text keys");
    lints.extend(lint::document(&document));
    lints.extend(lint::size(&document));
    Draft::new(document, &claim.signer, claim.valid_from, lints)
}
