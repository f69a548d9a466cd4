//! One key, one PKCS#8 PEM file of mode 0600; PBES2 with scrypt when there is a passphrase.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use pkcs8::pkcs5::pbes2;
use pkcs8::{LineEnding, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::KeyringError;
use crate::id::IdSource;

/// A key file is a few hundred bytes; anything larger is something else.
const MAX_FILE: u64 = 16 * 1024;

/// The `.pem` files of `folder`, by name.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, KeyringError> {
    let failed = |source| KeyringError::File { path: folder.to_owned(), source };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|e| e == "pem") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads one key; refuses a file that others may read.
pub(super) fn read(path: &Path, passphrase: Option<&str>) -> Result<SigningKey, KeyringError> {
    let failed = |source| KeyringError::File { path: path.to_owned(), source };
    let unreadable = |reason: String| KeyringError::Unreadable { path: path.to_owned(), reason };
    let meta = fs::metadata(path).map_err(failed)?;
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyringError::Exposed { path: path.to_owned(), mode });
    }
    if meta.len() > MAX_FILE {
        return Err(unreadable("the file is too large".to_owned()));
    }
    let pem = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
    let encrypted = pem.contains("ENCRYPTED PRIVATE KEY");
    let pair = match (encrypted, passphrase) {
        (true, None) => {
            return Err(unreadable("it is protected and no passphrase was given (ASSAY_KEY_PASSPHRASE)".to_owned()));
        }
        (true, Some(phrase)) => KeypairBytes::from_pkcs8_encrypted_pem(&pem, phrase),
        (false, _) => KeypairBytes::from_pkcs8_pem(&pem),
    };
    let pair = pair.map_err(|e| unreadable(e.to_string()))?;
    SigningKey::try_from(&pair).map_err(|e| unreadable(e.to_string()))
}

/// Writes one key so that it is either wholly there, on disk, or not at all.
pub(super) fn write(
    path: &Path,
    key: &SigningKey,
    passphrase: Option<&str>,
    ids: &dyn IdSource,
) -> Result<(), KeyringError> {
    let failed = |source| KeyringError::File { path: path.to_owned(), source };
    let unreadable = |e: pkcs8::Error| KeyringError::Unreadable { path: path.to_owned(), reason: e.to_string() };
    let plain = key.to_pkcs8_der().map_err(unreadable)?;
    let pem = match passphrase {
        None => plain.to_pem("PRIVATE KEY", LineEnding::LF),
        Some(phrase) => {
            protect(plain.as_bytes(), phrase, ids).map_err(unreadable)?.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)
        }
    };
    let pem = pem.map_err(|e| unreadable(pkcs8::Error::from(e)))?;
    let draft = path.with_extension("pem.new");
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        match path.parent() {
            Some(folder) => fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    write().map_err(failed)
}

fn protect(der: &[u8], passphrase: &str, ids: &dyn IdSource) -> Result<pkcs8::SecretDocument, pkcs8::Error> {
    let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
    ids.fill(&mut salt);
    ids.fill(&mut iv);
    let params = pbes2::Parameters::generate_scrypt_aes256cbc(pkcs8::pkcs5::scrypt::Params::default(), &salt, iv)?;
    PrivateKeyInfoRef::try_from(der)?.encrypt_with_params(params, passphrase)
}
