//! Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`) over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::id::IdSource;
use crate::store::{Webhook, WebhookKeys};

/// New keys of a webhook.
pub(super) fn new_keys(ids: &dyn IdSource) -> WebhookKeys {
    let draw = || {
        let mut bytes = [0_u8; 32];
        ids.fill(&mut bytes);
        STANDARD.encode(bytes)
    };
    WebhookKeys { secret: draw(), seed: draw() }
}

/// The symmetric secret as its receiver is shown it.
pub(super) fn shown_secret(keys: &WebhookKeys) -> String {
    format!("whsec_{}", keys.secret)
}

/// The public key as receivers are shown it.
pub(super) fn public_key(keys: &WebhookKeys) -> String {
    format!("whpk_{}", STANDARD.encode(signing_key(keys).verifying_key().to_bytes()))
}

/// The field `webhook-signature`: by the keys, and by those that were rotated away while they still count.
pub(super) fn signatures(webhook: &Webhook, id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let former = webhook.former.as_ref().filter(|former| at < former.until).map(|former| &former.keys);
    let keys: Vec<&WebhookKeys> = [Some(&webhook.keys), former].into_iter().flatten().collect();
    let content = [format!("{id}.{}.", at.timestamp()).as_bytes(), body].concat();
    let symmetric = keys.iter().map(|keys| format!("v1,{}", STANDARD.encode(hmac(keys, &content))));
    let asymmetric =
        keys.iter().map(|keys| format!("v1a,{}", STANDARD.encode(signing_key(keys).sign(&content).to_bytes())));
    symmetric.chain(asymmetric).collect::<Vec<_>>().join(" ")
}

fn hmac(keys: &WebhookKeys, content: &[u8]) -> [u8; 32] {
    let key = STANDARD.decode(&keys.secret).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("an HMAC takes a key of any length");
    mac.update(content);
    mac.finalize().into_bytes().into()
}

fn signing_key(keys: &WebhookKeys) -> SigningKey {
    let seed = STANDARD.decode(&keys.seed).ok().and_then(|seed| seed.try_into().ok());
    SigningKey::from_bytes(&seed.expect("a webhook's seed is 32 bytes in base64: nobody else writes it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CountedIds, Realm, WebhookId};
    use crate::store::{Format, FormerKeys};

    fn webhook(secret: &str, seed: [u8; 32]) -> Webhook {
        let created_at = DateTime::UNIX_EPOCH;
        let keys = WebhookKeys { secret: secret.to_owned(), seed: STANDARD.encode(seed) };
        let id = WebhookId::new(created_at, &CountedIds::default());
        let url = "https://crm.example/hook".to_owned();
        let (realm, format) = (Realm::Live, Format::Standard);
        Webhook { id, realm, url, types: Vec::new(), format, created_at, keys, former: None, disabled: None }
    }

    /// The vector of the specification's own libraries.
    #[test]
    fn the_published_vector_is_signed_as_published() {
        let webhook = webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", [7; 32]);
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let signed = signatures(&webhook, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b"{\"test\": 2432232314}");
        assert!(signed.starts_with("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,"), "{signed}");
    }

    /// The key of RFC 8032, 7.1, test 1.
    #[test]
    fn a_public_key_is_that_of_its_seed() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&seed[2 * i..2 * i + 2], 16).unwrap()).collect();
        let webhook = webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", seed.try_into().unwrap());
        assert_eq!(public_key(&webhook.keys), "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    }

    #[test]
    fn former_keys_sign_until_their_end_and_nothing_shows_a_secret() {
        let mut webhook = webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", [7; 32]);
        let until = DateTime::from_timestamp(1_000, 0).unwrap();
        webhook.former = Some(FormerKeys { keys: new_keys(&CountedIds::default()), until });
        let count = |second| {
            let signed = signatures(&webhook, "id", DateTime::from_timestamp(second, 0).unwrap(), b"{}");
            signed.split(' ').map(|one| one.split(',').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((count(999).as_str(), count(1_000).as_str()), ("v1 v1 v1a v1a", "v1 v1a"));
        assert!(!format!("{webhook:?}").contains("MfKQ"));
    }
}
