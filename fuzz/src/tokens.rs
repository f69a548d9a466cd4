//! Compact JWS.

use assay::proof::KeyKind;
use assay::proof::jose::{self, Jws};
use assay::verification;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sample;

/// A token as it stands, or header and payload that the sample key signs. A signature fits nothing but what was signed.
pub fn jwt(data: &[u8]) {
    let separator = crate::SEPARATOR;
    let _ = verification::read(data);
    if let Some(at) = data.windows(separator.len()).position(|window| window == separator) {
        let (header, payload) = (&data[..at], &data[at + separator.len()..]);
        let text = sample::compact(header, payload);
        let Ok(jws) = jose::parse(&text) else { return };
        assert_eq!(jws.payload(), payload);
        assert_eq!(jws.fits(&sample::KEY), jws.algorithm().key_kind() == KeyKind::Ed25519, "{text}");
        let _ = verification::read(text.as_bytes());
        changed(&text);
    } else if let Ok(text) = std::str::from_utf8(data)
        && let Ok(jws) = jose::parse(text)
    {
        assert_one_spelling(text, &jws);
        assert!(!jws.fits(&sample::KEY) || SIGNED.iter().any(|signed| signed.trim() == text.trim()), "forged: {text}");
    }
}

/// With a character of it changed, the same key does not fit.
fn changed(text: &str) {
    let at = text.len() / 3;
    let other = if text.as_bytes()[at] == b'A' { 'B' } else { 'A' };
    if text.is_char_boundary(at) && text.as_bytes()[at] != b'.' {
        let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
        assert!(!jose::parse(&changed).is_ok_and(|jws| jws.fits(&sample::KEY)), "{changed}");
    }
}

/// No two texts have the same bytes in them.
fn assert_one_spelling(text: &str, jws: &Jws) {
    let payload = text.trim().split('.').nth(1);
    assert_eq!(payload, Some(URL_SAFE_NO_PAD.encode(jws.payload()).as_str()));
}

/// All that the sample key ever signed among the seeds.
const SIGNED: [&str; 2] = [include_str!("../seeds/jwt/credential.jwt"), include_str!("../seeds/jwt/receipt.jwt")];
