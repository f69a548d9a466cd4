//! The two ways to canonical text, each with the hash function that a suite and its key ask for.

use serde_json::Value;
use sha2::{Digest, Sha256, Sha384};

use crate::linked_data::{self, Library, Limits, canonicalize_dataset};
use crate::proof::KeyKind;

/// A hash function; within RDFC-1.0 it also tells blank nodes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    /// For P-384 (vc-di-ecdsa, ecdsa-rdfc-2019 and ecdsa-jcs-2019).
    Sha384,
}

impl Hash {
    pub(super) fn of(kind: KeyKind) -> Hash {
        if kind == KeyKind::P384 { Hash::Sha384 } else { Hash::Sha256 }
    }

    /// The hash of the canonical N-Quads.
    pub(super) fn rdfc(self, library: &Library, document: &Value) -> Result<Vec<u8>, linked_data::Error> {
        let limits = &Limits::DEFAULT;
        Ok(match self {
            Hash::Sha256 => self.digest(library.canonicalize(document, limits)?.as_bytes()),
            Hash::Sha384 => {
                let dataset = library.dataset(document, limits)?;
                self.digest(canonicalize_dataset::<Sha384>(&dataset, limits)?.text.as_bytes())
            }
        })
    }

    /// The hash of the canonical JSON (RFC 8785), if there is one.
    pub(super) fn jcs(self, document: &Value) -> Option<Vec<u8>> {
        serde_json_canonicalizer::to_vec(document).ok().map(|text| self.digest(&text))
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
            Hash::Sha384 => Sha384::digest(bytes).to_vec(),
        }
    }
}
