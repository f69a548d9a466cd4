//! Whom the operator relies on: issuers of other houses, and for which time.

use super::engine::{EngineError, Version};
use super::{Changes, ReadSet, Store, keys};
use crate::verification::TrustedIssuer;

/// The most issuers of the list: all of it is kept at hand for verification.
pub const MOST_TRUSTED: usize = 2_000;

impl Store {
    /// One issuer of the list.
    pub async fn trusted_issuer(
        &self,
        issuer: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<TrustedIssuer>, EngineError> {
        self.read(keys::trusted_issuer(issuer), reads).await
    }

    /// All of them, in order of their keys.
    pub async fn trusted_issuers(&self) -> Result<Vec<TrustedIssuer>, EngineError> {
        self.all(&keys::trusted_issuers()).await
    }

    /// How many there are, as everybody who changes the list notes it.
    pub async fn trusted_count(&self, reads: &mut ReadSet) -> Result<usize, EngineError> {
        Ok(self.read(keys::trust_mark(), reads).await?.unwrap_or(0))
    }

    /// Changes whenever the list does; 0 before its first entry.
    pub async fn trust_mark(&self) -> Result<Version, EngineError> {
        let found = self.engine.get(&[keys::trust_mark()]).await?.pop().flatten();
        Ok(found.map_or(Version(0), |found| found.version))
    }
}

impl Changes {
    /// Writes an issuer of the list, which then has `count`.
    pub fn trusted_issuer(&mut self, trusted: &TrustedIssuer, count: usize) {
        self.put(keys::trusted_issuer(&trusted.issuer), trusted);
        self.put(keys::trust_mark(), &count);
    }

    /// Takes an issuer off the list, which then has `count`.
    pub fn remove_trusted_issuer(&mut self, issuer: &str, count: usize) {
        self.delete(keys::trusted_issuer(issuer));
        self.put(keys::trust_mark(), &count);
    }
}
