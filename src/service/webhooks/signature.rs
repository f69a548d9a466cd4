//! What a webhook is signed with: the keys it has, and for a while those that were rotated away.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::id::IdSource;
use crate::proof::standard_webhooks::{self, sign_ed25519, sign_hmac};
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
    standard_webhooks::shared_secret(&secret(keys))
}

/// The public key as receivers are shown it.
pub(super) fn public_key(keys: &WebhookKeys) -> String {
    standard_webhooks::public_key(&seed(keys))
}

/// The field `webhook-signature`: by the keys, and by those that were rotated away while they still count.
pub(super) fn signatures(webhook: &Webhook, id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let former = webhook.former.as_ref().filter(|former| at < former.until).map(|former| &former.keys);
    let keys: Vec<&WebhookKeys> = [Some(&webhook.keys), former].into_iter().flatten().collect();
    let symmetric = keys.iter().map(|keys| sign_hmac(&secret(keys), id, at.timestamp(), body));
    let asymmetric = keys.iter().map(|keys| sign_ed25519(&seed(keys), id, at.timestamp(), body));
    symmetric.chain(asymmetric).collect::<Vec<_>>().join(" ")
}

fn secret(keys: &WebhookKeys) -> [u8; 32] {
    bytes(&keys.secret)
}

fn seed(keys: &WebhookKeys) -> [u8; 32] {
    bytes(&keys.seed)
}

fn bytes(text: &str) -> [u8; 32] {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.expect("a webhook's secret and seed are 32 bytes in base64: nobody else writes them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CountedIds, Realm, WebhookId};
    use crate::proof::standard_webhooks::{Headers, Secret, verify};
    use crate::store::{Format, FormerKeys};

    fn webhook() -> Webhook {
        let created_at = DateTime::UNIX_EPOCH;
        let ids = CountedIds::default();
        let keys = new_keys(&ids);
        let id = WebhookId::new(created_at, &ids);
        let former = Some(FormerKeys { keys: new_keys(&ids), until: DateTime::from_timestamp(1_000, 0).unwrap() });
        let url = "https://crm.example/hook".to_owned();
        let (realm, format) = (Realm::Live, Format::Standard);
        Webhook { id, realm, url, types: Vec::new(), format, created_at, keys, former, disabled: None }
    }

    #[track_caller]
    fn check(second: i64, expected: &str, former_fit: bool) {
        let webhook = webhook();
        let at = DateTime::from_timestamp(second, 0).unwrap();
        let signature = signatures(&webhook, "id", at, b"{}");
        let versions: Vec<_> = signature.split(' ').map(|one| one.split(',').next().unwrap()).collect();
        assert_eq!(versions.join(" "), expected);
        let former = &webhook.former.as_ref().unwrap().keys;
        for (keys, fits) in [(&webhook.keys, true), (former, former_fit)] {
            for shown in [shown_secret(keys), public_key(keys)] {
                let headers = Headers { id: "id", timestamp: &second.to_string(), signature: &signature };
                let secret = Secret::parse(&shown).unwrap();
                assert_eq!(verify(&[secret], headers, b"{}", at).is_ok(), fits, "{second}");
            }
        }
    }

    #[test]
    fn former_keys_sign_until_their_end() {
        check(999, "v1 v1 v1a v1a", true);
        check(1_000, "v1 v1a", false);
    }

    #[test]
    fn nothing_shows_a_secret() {
        let webhook = webhook();
        let shown = format!("{webhook:?}");
        assert!(!shown.contains(&webhook.keys.secret) && !shown.contains(&webhook.keys.seed));
    }
}
