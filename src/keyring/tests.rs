//! Key files: private, whole, named after what they hold.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::id::OsRandom;

fn phrase(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

#[tokio::test]
async fn a_generated_key_is_private_survives_reopening_and_signs() {
    let dir = tempfile::tempdir().unwrap();
    let public = Keyring::open(dir.path(), None).unwrap().generate(&OsRandom).unwrap();
    let path = dir.path().join(format!("{}.pem", public.multibase()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let keyring = Keyring::open(dir.path(), None).unwrap();
    let signature = keyring.sign(&public.multibase(), b"message").await.unwrap();
    assert!(public.verify(b"message", &signature));
    assert!(!public.verify(b"another", &signature));
}

#[tokio::test]
async fn a_passphrase_protects_the_file_and_only_it_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    let public = Keyring::open(dir.path(), Some(phrase("correct horse"))).unwrap().generate(&OsRandom).unwrap();
    let kid = public.multibase();
    let text = std::fs::read_to_string(dir.path().join(format!("{kid}.pem"))).unwrap();
    assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{text}");

    assert!(matches!(Keyring::open(dir.path(), None), Err(KeyringError::Unreadable { .. })));
    assert!(matches!(Keyring::open(dir.path(), Some(phrase("wrong"))), Err(KeyringError::Unreadable { .. })));
    let keyring = Keyring::open(dir.path(), Some(phrase("correct horse"))).unwrap();
    assert!(public.verify(b"m", &keyring.sign(&kid, b"m").await.unwrap()));
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let public = Keyring::open(dir.path(), None).unwrap().generate(&OsRandom).unwrap();
    let path = dir.path().join(format!("{}.pem", public.multibase()));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Keyring::open(dir.path(), None), Err(KeyringError::Exposed { mode: 0o644, .. })));
}

#[test]
fn a_renamed_a_broken_and_a_huge_file_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let public = Keyring::open(dir.path(), None).unwrap().generate(&OsRandom).unwrap();
    let path = dir.path().join(format!("{}.pem", public.multibase()));
    let other = dir.path().join("other.pem");
    std::fs::rename(&path, &other).unwrap();
    assert!(matches!(Keyring::open(dir.path(), None), Err(KeyringError::Misnamed { .. })));
    std::fs::write(&other, "not a key").unwrap();
    assert!(matches!(Keyring::open(dir.path(), None), Err(KeyringError::Unreadable { .. })));
    std::fs::write(&other, vec![b'A'; 20_000]).unwrap();
    assert!(matches!(Keyring::open(dir.path(), None), Err(KeyringError::Unreadable { .. })));
}

#[tokio::test]
async fn a_key_that_is_not_here_signs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let keyring = Keyring::open(dir.path(), None).unwrap();
    assert!(matches!(keyring.sign("z6Mkabc", b"m").await, Err(SignError::Missing { .. })));
}
