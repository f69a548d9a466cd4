//! RSA public keys, and their form in PKCS#1.

use std::sync::Arc;

use pkcs8::der::asn1::UintRef;
use pkcs8::der::{Decode as _, Encode as _};
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

use super::{Algorithm, Inner, KeyError, PublicKey};

/// Shorter ones can be broken.
pub(super) const LEAST_BITS: usize = 2_048;
/// Longer ones cost too much to check.
pub(super) const MOST_BITS: usize = 8_192;
/// Bytes of the longest exponent.
const MOST_EXPONENT: usize = 4;

/// Modulus and exponent within bounds, big-endian without leading zeros.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RsaKey {
    pub(super) modulus: Arc<[u8]>,
    pub(super) exponent: Arc<[u8]>,
}

impl PublicKey {
    /// The RSA key with this modulus and exponent, both big-endian.
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
        let (modulus, exponent) = (stripped(modulus), stripped(exponent));
        let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
        if !(LEAST_BITS..=MOST_BITS).contains(&bits) {
            return Err(KeyError::Modulus { bits });
        }
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last % 2 == 1);
        if !odd(modulus) {
            return Err(KeyError::Modulus { bits });
        }
        if !odd(exponent) || exponent == [1] || exponent.len() > MOST_EXPONENT {
            return Err(KeyError::Exponent);
        }
        Ok(PublicKey(Inner::Rsa(RsaKey { modulus: modulus.into(), exponent: exponent.into() })))
    }

    /// An `RSAPublicKey` of RFC 8017, appendix A.1.1.
    pub(super) fn from_pkcs1(der: &[u8]) -> Result<PublicKey, KeyError> {
        let numbers = Vec::<UintRef<'_>>::from_der(der).map_err(|_| KeyError::Der)?;
        let [modulus, exponent] = numbers[..] else { return Err(KeyError::Der) };
        PublicKey::rsa(modulus.as_bytes(), exponent.as_bytes())
    }
}

impl RsaKey {
    pub(super) fn to_pkcs1(&self) -> Vec<u8> {
        let number = |bytes| UintRef::new(bytes).expect("a few hundred bytes are not too long for DER");
        let sequence = [number(&self.modulus), number(&self.exponent)];
        sequence.to_der().expect("two numbers within bounds can be written as DER")
    }

    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let parameters = match algorithm {
            Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
            Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
            Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384 => return false,
        };
        RsaPublicKeyComponents { n: &*self.modulus, e: &*self.exponent }.verify(parameters, message, signature).is_ok()
    }
}

fn stripped(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..]
}
