//! Standard Webhooks 1.0.0: what a webhook's three headers say, signed and verified.
//!
//! The signed content is `id.timestamp.body` over the bytes of the body as they came. `v1` is HMAC-SHA256 with a shared
//! secret (`whsec_…`), `v1a` Ed25519 with a public key (`whpk_…`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::PublicKey;

/// How far the sender's clock may be from ours, in seconds.
pub const TOLERANCE: i64 = 5 * 60;
/// Sizes of a shared secret, in bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The longest `webhook-id`.
const MAX_ID: usize = 200;
/// The most signatures that are looked at: one for each secret of a rotation, and some to spare.
const MAX_SIGNATURES: usize = 16;

/// What a signature is verified with.
#[derive(Clone)]
pub enum Secret {
    /// Known to both sides (`v1`).
    Shared(Zeroizing<Vec<u8>>),
    /// The sender's public key (`v1a`).
    Public(PublicKey),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Secret::Shared(_) => "Secret::Shared(…)",
            Secret::Public(_) => "Secret::Public(…)",
        })
    }
}

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedSecret {
    /// Neither kind.
    #[error("a webhook secret begins with whsec_ (or whpk_, for a public key)")]
    Prefix,
    /// Not base64.
    #[error("what follows the prefix of a webhook secret is base64")]
    Base64,
    /// Too few or too many bytes.
    #[error("a webhook secret has 24 to 64 bytes, a public key 32; this one has {0}")]
    Length(usize),
    /// 32 bytes that are no usable key.
    #[error("the public key is not a usable point of the curve")]
    Point,
}

impl Secret {
    /// Reads `whsec_…` or `whpk_…`.
    pub fn parse(text: &str) -> Result<Secret, MalformedSecret> {
        let (shared, rest) = match (text.strip_prefix("whsec_"), text.strip_prefix("whpk_")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(MalformedSecret::Prefix),
        };
        if rest.len() > 100 {
            return Err(MalformedSecret::Length(rest.len() / 4 * 3));
        }
        let bytes = Zeroizing::new(STANDARD.decode(rest).map_err(|_| MalformedSecret::Base64)?);
        if shared {
            return if SECRET_BYTES.contains(&bytes.len()) {
                Ok(Secret::Shared(bytes))
            } else {
                Err(MalformedSecret::Length(bytes.len()))
            };
        }
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| MalformedSecret::Length(bytes.len()))?;
        PublicKey::from_bytes(&bytes).map(Secret::Public).map_err(|_| MalformedSecret::Point)
    }

    /// The bytes of a shared secret: what [`sign_hmac`] signs with.
    pub fn shared(&self) -> Option<&[u8]> {
        match self {
            Secret::Shared(bytes) => Some(bytes),
            Secret::Public(_) => None,
        }
    }
}

/// A shared secret as it is shown to people: `whsec_…`.
pub fn shared_secret(bytes: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(bytes))
}

/// A public key as it is shown to people: `whpk_…`.
pub fn public_key(seed: &[u8; 32]) -> String {
    format!("whpk_{}", STANDARD.encode(SigningKey::from_bytes(seed).verifying_key().as_bytes()))
}

/// The three headers of a webhook, as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<'a> {
    /// `webhook-id`: the same for all deliveries of one message.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds, of this delivery.
    pub timestamp: &'a str,
    /// `webhook-signature`: signatures, with spaces between them.
    pub signature: &'a str,
}

/// Why a delivery is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Empty, too long, or with a dot in it, which would let two messages have one signed content.
    #[error("webhook-id must be 1 to 200 characters without spaces and dots")]
    Id,
    /// Not a number.
    #[error("webhook-timestamp must be whole seconds since 1970")]
    Timestamp,
    /// From long ago: perhaps sent again by somebody else.
    #[error("webhook-timestamp is more than 5 minutes ago")]
    TooOld,
    /// A clock is wrong.
    #[error("webhook-timestamp is more than 5 minutes ahead of this service's clock")]
    TooNew,
    /// Nothing of a version that there is a secret for.
    #[error("webhook-signature has no signature of a known version (v1 with a shared secret, v1a with a public key)")]
    NoSignature,
    /// More than anybody needs.
    #[error("webhook-signature has more than {MAX_SIGNATURES} signatures")]
    TooMany,
    /// Signed with something else, or changed on the way.
    #[error("no signature in webhook-signature fits the body and the secret")]
    Mismatch,
}

/// Signs a delivery with a shared secret: `v1,…`.
pub fn sign_hmac(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(mac(secret, id, timestamp, body).finalize().into_bytes()))
}

/// Signs a delivery with a private key: `v1a,…`.
pub fn sign_ed25519(seed: &[u8; 32], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signature = SigningKey::from_bytes(seed).sign(&signed_content(id, timestamp, body));
    format!("v1a,{}", STANDARD.encode(signature.to_bytes()))
}

/// Whether one of the signatures was made with one of the secrets, over this body, within five minutes of `now`.
pub fn verify(secrets: &[Secret], headers: Headers<'_>, body: &[u8], now: DateTime<Utc>) -> Result<(), SignatureFault> {
    let plain = |c: char| c.is_ascii_graphic() && c != '.';
    if headers.id.is_empty() || headers.id.len() > MAX_ID || !headers.id.chars().all(plain) {
        return Err(SignatureFault::Id);
    }
    let digits = !headers.timestamp.is_empty() && headers.timestamp.bytes().all(|b| b.is_ascii_digit());
    let timestamp: i64 = headers
        .timestamp
        .parse()
        .ok()
        .filter(|_| digits && headers.timestamp.len() <= 12)
        .ok_or(SignatureFault::Timestamp)?;
    match now.timestamp() - timestamp {
        age if age > TOLERANCE => return Err(SignatureFault::TooOld),
        age if age < -TOLERANCE => return Err(SignatureFault::TooNew),
        _ => {}
    }
    let mut looked_at = 0;
    for (n, given) in headers.signature.split_ascii_whitespace().enumerate() {
        if n == MAX_SIGNATURES {
            return Err(SignatureFault::TooMany);
        }
        let Some((version, bytes)) = given.split_once(',').and_then(|(v, s)| Some((v, STANDARD.decode(s).ok()?)))
        else {
            continue;
        };
        for secret in secrets {
            let fits = match (version, secret) {
                ("v1", Secret::Shared(secret)) => mac(secret, headers.id, timestamp, body).verify_slice(&bytes).is_ok(),
                ("v1a", Secret::Public(key)) => <[u8; 64]>::try_from(bytes.as_slice())
                    .is_ok_and(|s| key.verify(&signed_content(headers.id, timestamp, body), &s)),
                _ => continue,
            };
            if fits {
                return Ok(());
            }
            looked_at += 1;
        }
    }
    Err(if looked_at == 0 { SignatureFault::NoSignature } else { SignatureFault::Mismatch })
}

/// What `v1a` signs; for a private key that is kept elsewhere.
pub fn signed_content(id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    let mut content = format!("{id}.{timestamp}.").into_bytes();
    content.extend_from_slice(body);
    content
}

fn mac(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    // The vector that the libraries of Standard Webhooks test themselves with.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const SEED: [u8; 32] = [9; 32];

    #[track_caller]
    fn check(headers: (&str, &str, &str), body: &[u8], seconds: i64, expected: Result<(), SignatureFault>) {
        let secrets = [
            Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap(),
            Secret::parse(SECRET).unwrap(),
            Secret::parse(&public_key(&SEED)).unwrap(),
        ];
        let (id, timestamp, signature) = headers;
        let now = DateTime::from_timestamp(AT + seconds, 0).unwrap();
        assert_eq!(verify(&secrets, Headers { id, timestamp, signature }, body, now), expected, "{headers:?}");
    }

    #[test]
    fn the_published_vector_is_signed_alike() {
        assert_eq!(sign_hmac(Secret::parse(SECRET).unwrap().shared().unwrap(), ID, AT, BODY), SIGNATURE);
    }

    /// The key of RFC 8032, 7.1, test 1.
    #[test]
    fn a_public_key_is_that_of_its_seed() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&seed[2 * i..2 * i + 2], 16).unwrap()).collect();
        assert_eq!(public_key(&seed.try_into().unwrap()), "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    }

    #[test]
    fn one_fitting_signature_is_enough_and_nothing_else_is() {
        let at = AT.to_string();
        let asymmetric = sign_ed25519(&SEED, ID, AT, BODY);
        let many = |n: usize| format!("{}{SIGNATURE}", "v1,AAAA ".repeat(n));
        for (id, timestamp, signature, body, seconds, expected) in [
            (ID, at.as_str(), SIGNATURE, BODY, 0, Ok(())),
            (ID, &at, SIGNATURE, BODY, 300, Ok(())),
            (ID, &at, SIGNATURE, BODY, -300, Ok(())),
            (ID, &at, SIGNATURE, BODY, 301, Err(SignatureFault::TooOld)),
            (ID, &at, SIGNATURE, BODY, -301, Err(SignatureFault::TooNew)),
            (ID, &at, &asymmetric, BODY, 0, Ok(())),
            (ID, &at, &asymmetric, b"{}", 0, Err(SignatureFault::Mismatch)),
            (ID, &at, &format!("v1,AAAA {asymmetric} v9,x"), BODY, 0, Ok(())),
            (ID, &at, &format!("v1a,AAAA {SIGNATURE}"), BODY, 0, Ok(())),
            (ID, &at, SIGNATURE, br#"{"test":2432232314}"#, 0, Err(SignatureFault::Mismatch)),
            ("msg_other", &at, SIGNATURE, BODY, 0, Err(SignatureFault::Mismatch)),
            (ID, "1614265331", SIGNATURE, BODY, 0, Err(SignatureFault::Mismatch)),
            (ID, &at, "v1,g0hM", BODY, 0, Err(SignatureFault::Mismatch)),
            (ID, &at, "", BODY, 0, Err(SignatureFault::NoSignature)),
            (ID, &at, "v1,***", BODY, 0, Err(SignatureFault::NoSignature)),
            (ID, &at, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, 0, Err(SignatureFault::NoSignature)),
            (ID, &at, &many(15), BODY, 0, Ok(())),
            (ID, &at, &many(16), BODY, 0, Err(SignatureFault::TooMany)),
            ("", &at, SIGNATURE, BODY, 0, Err(SignatureFault::Id)),
            ("a.b", &at, SIGNATURE, BODY, 0, Err(SignatureFault::Id)),
            (&"a".repeat(201), &at, SIGNATURE, BODY, 0, Err(SignatureFault::Id)),
            (ID, "", SIGNATURE, BODY, 0, Err(SignatureFault::Timestamp)),
            (ID, "+1614265330", SIGNATURE, BODY, 0, Err(SignatureFault::Timestamp)),
            (ID, "1614265330.5", SIGNATURE, BODY, 0, Err(SignatureFault::Timestamp)),
            (ID, "99999999999999999999", SIGNATURE, BODY, 0, Err(SignatureFault::Timestamp)),
        ] {
            check((id, timestamp, signature), body, seconds, expected);
        }
    }

    #[test]
    fn a_secret_of_another_form_is_refused() {
        for (text, expected) in [
            ("", MalformedSecret::Prefix),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", MalformedSecret::Prefix),
            ("whsk_AAAA", MalformedSecret::Prefix),
            ("whsec_***", MalformedSecret::Base64),
            ("whsec_AAAA", MalformedSecret::Length(3)),
            (&shared_secret(&[1; 65]), MalformedSecret::Length(65)),
            (&shared_secret(&[1; 500]), MalformedSecret::Length(501)),
            ("whpk_AAAA", MalformedSecret::Length(3)),
            (&format!("whpk_{}", STANDARD.encode([0; 32])), MalformedSecret::Point),
        ] {
            assert_eq!(Secret::parse(text).unwrap_err(), expected, "{text}");
        }
        assert!(Secret::parse(&shared_secret(&[1; 24])).is_ok() && Secret::parse(&shared_secret(&[1; 64])).is_ok());
        assert_eq!(format!("{:?}", Secret::parse(SECRET).unwrap()), "Secret::Shared(…)");
    }
}
