//! What a person is asked so that they prove an address: mails to be written, and the codes that are waited for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::{Changes, ReadSet, Store, keys, sha256_hex};
use crate::id::{PersonId, Realm};

/// A code that was mailed to a person. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// SHA-256 of person and code, in hex.
    pub hash: String,
    /// From then on it proves nothing.
    pub expires_at: DateTime<Utc>,
    /// How often it may still be tried.
    pub tries: u32,
    /// Codes of earlier tries to send the same letter: one of them may have arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerCode>,
}

/// A code that was written before in the same letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerCode {
    /// SHA-256 of person and code, in hex.
    pub hash: String,
    /// From then on it proves nothing.
    pub expires_at: DateTime<Utc>,
}

impl Proof {
    /// This code and those before it, as far as they are still good, beside a newer one.
    pub fn as_former(self, now: DateTime<Utc>) -> Vec<FormerCode> {
        let Proof { hash, expires_at, former, .. } = self;
        former.into_iter().chain([FormerCode { hash, expires_at }]).filter(|code| code.expires_at > now).collect()
    }
}

/// A mail to be written to a person. The secret in it is made when it is written, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofMail {
    /// Whom it is about.
    pub person: PersonId,
    /// What is to be proved.
    pub what: ToProve,
    /// When it was asked for: with the person, what tells one mail from another.
    pub asked_at: DateTime<Utc>,
}

/// What a person is asked to prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ToProve {
    /// That this address reaches them: a link is mailed to it.
    Address {
        /// Normalised.
        address: String,
    },
    /// That they are this person: a code is mailed to the address of their badge.
    Person,
}

impl ToProve {
    fn name(&self) -> String {
        match self {
            ToProve::Address { address } => format!("address-{}", &sha256_hex(address.as_bytes())[..32]),
            ToProve::Person => "person".to_owned(),
        }
    }
}

impl Store {
    /// The code that is waited for from a person.
    pub async fn proof(
        &self,
        realm: Realm,
        person: &PersonId,
        reads: &mut ReadSet,
    ) -> Result<Option<Proof>, EngineError> {
        self.read(keys::people::proof(realm, person), reads).await
    }

    /// Mails that are to be written.
    pub async fn proof_mails(&self, realm: Realm, limit: usize) -> Result<Vec<ProofMail>, EngineError> {
        let rows = self.engine.scan(&keys::people::proof_mails(realm), Page::first(limit)).await?;
        rows.rows.iter().map(|(key, row)| super::read_set::decode(key, &row.doc)).collect()
    }

    /// The same mail as it is now, for a decision.
    pub async fn proof_mail(
        &self,
        realm: Realm,
        mail: &ProofMail,
        reads: &mut ReadSet,
    ) -> Result<Option<ProofMail>, EngineError> {
        self.read(keys::people::proof_mail(realm, &mail.person, &mail.what.name()), reads).await
    }
}

impl Changes {
    /// Writes the code that is waited for; the one before is worth nothing any more.
    pub fn proof(&mut self, person: &PersonId, proof: &Proof) {
        self.put(keys::people::proof(self.realm, person), proof);
    }

    /// The code was used.
    pub fn proof_spent(&mut self, person: &PersonId) {
        self.delete(keys::people::proof(self.realm, person));
    }

    /// Asks for a mail. One that waits already for the same thing is not doubled. Nobody of the test realm is mailed.
    pub fn proof_mail(&mut self, mail: &ProofMail) {
        if self.realm.is_test() {
            return;
        }
        self.put(keys::people::proof_mail(self.realm, &mail.person, &mail.what.name()), mail);
    }

    /// It is in the outbox, or is of no use any more.
    pub fn proof_mail_done(&mut self, mail: &ProofMail) {
        self.delete(keys::people::proof_mail(self.realm, &mail.person, &mail.what.name()));
    }
}
