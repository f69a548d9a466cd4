//! The private keys, and the one trait through which anything is signed.

mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use crate::id::IdSource;
use crate::proof::PublicKey;

/// Signs with a key it may not hold itself: async, so that a remote or hardware signer fits.
#[async_trait]
pub trait Signer: Send + Sync + 'static {
    /// Signs `message` with the key named `kid` (its multibase public key).
    async fn sign(&self, kid: &str, message: &[u8]) -> Result<[u8; 64], SignError>;

    /// Whether the private part of `kid` can be used here.
    fn holds(&self, kid: &str) -> bool;

    /// Makes a new key that is kept before it is named, and answers its public part.
    fn generate(&self, ids: &dyn IdSource) -> Result<PublicKey, KeyringError>;
}

/// Nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The private part is not in this keyring.
    #[error("the private part of key {kid} is not here")]
    Missing {
        /// Multibase public key.
        kid: String,
    },
}

/// The folder of keys could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Reading or writing failed.
    #[error("cannot use the key file {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others on this machine could read the key.
    #[error("the key file {} is readable by others (mode {mode:04o}); make it private with: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a key, or the passphrase does not fit.
    #[error("{} is no Ed25519 key in PKCS#8 form that this passphrase opens: {reason}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the parser said; never key material.
        reason: String,
    },
    /// The file holds another key than its name says.
    #[error("the key file {} holds the key {found}", path.display())]
    Misnamed {
        /// Which.
        path: PathBuf,
        /// The public part of what it holds.
        found: String,
    },
}

/// The keys of a folder, one `{multibase}.pem` each.
pub struct Keyring {
    folder: PathBuf,
    passphrase: Option<Zeroizing<String>>,
    keys: RwLock<BTreeMap<String, Arc<SigningKey>>>,
}

impl Keyring {
    /// Reads every `.pem` of `folder` (made, mode 0700, if it is not there). A passphrase opens and protects the files.
    pub fn open(folder: &Path, passphrase: Option<Zeroizing<String>>) -> Result<Self, KeyringError> {
        let mut keys = BTreeMap::new();
        for path in file::list(folder)? {
            let key = file::read(&path, passphrase.as_ref().map(|p| p.as_str()))?;
            let kid = public(&key).multibase();
            if path.file_stem().and_then(|s| s.to_str()) != Some(kid.as_str()) {
                return Err(KeyringError::Misnamed { path, found: kid });
            }
            keys.insert(kid, Arc::new(key));
        }
        Ok(Keyring { folder: folder.to_owned(), passphrase, keys: RwLock::new(keys) })
    }

    /// Where the keys are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn key(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.keys.read().expect("no panic while the keys are held").get(kid).cloned()
    }
}

#[async_trait]
impl Signer for Keyring {
    async fn sign(&self, kid: &str, message: &[u8]) -> Result<[u8; 64], SignError> {
        let key = self.key(kid).ok_or_else(|| SignError::Missing { kid: kid.to_owned() })?;
        Ok(key.sign(message).to_bytes())
    }

    fn holds(&self, kid: &str) -> bool {
        self.key(kid).is_some()
    }

    fn generate(&self, ids: &dyn IdSource) -> Result<PublicKey, KeyringError> {
        let mut seed = Zeroizing::new([0u8; 32]);
        ids.fill(seed.as_mut());
        let key = SigningKey::from_bytes(&seed);
        let public = public(&key);
        let kid = public.multibase();
        let path = self.folder.join(format!("{kid}.pem"));
        file::write(&path, &key, self.passphrase.as_ref().map(|p| p.as_str()), ids)?;
        self.keys.write().expect("no panic while the keys are held").insert(kid, Arc::new(key));
        Ok(public)
    }
}

/// A keyring over one key that is in no file: for tests and for judges.
pub struct SeedKey(SigningKey);

impl SeedKey {
    /// The key of this seed.
    pub fn new(seed: &[u8; 32]) -> Self {
        SeedKey(SigningKey::from_bytes(seed))
    }

    /// Its public part.
    pub fn public(&self) -> PublicKey {
        public(&self.0)
    }
}

#[async_trait]
impl Signer for SeedKey {
    async fn sign(&self, kid: &str, message: &[u8]) -> Result<[u8; 64], SignError> {
        if !self.holds(kid) {
            return Err(SignError::Missing { kid: kid.to_owned() });
        }
        Ok(self.0.sign(message).to_bytes())
    }

    fn holds(&self, kid: &str) -> bool {
        self.public().multibase() == kid
    }

    fn generate(&self, _ids: &dyn IdSource) -> Result<PublicKey, KeyringError> {
        Ok(self.public())
    }
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().as_bytes()).expect("the public part of a key is a point of the curve")
}

#[cfg(test)]
mod tests;
