//! A foreign judge: what is issued here verifies there, and what is presented there verifies here.

use serde_json::{Value, json};

use super::{PRESENT, Suite, VERIFY, problems, with};
use crate::support::judges::judge;

const SEED: &str = "4242424242424242424242424242424242424242424242424242424242424242";

#[tokio::test]
async fn what_is_issued_here_verifies_abroad() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.credential()).await;
    let question = |credential: &Value| json!({ "credential": credential, "now": "2026-11-20T10:00:00Z" });
    let Some(answer) = judge("verify", &question(&issued)) else { return };
    assert_eq!(answer["verified"], true, "{answer}");
    let tampered = with(&issued, "validFrom", json!("2026-11-02T00:00:00Z"));
    let answer = judge("verify", &question(&tampered)).unwrap();
    assert!(answer["errors"].to_string().contains("Invalid signature."), "{answer}");
}

#[tokio::test]
async fn what_is_issued_and_presented_abroad_verifies_here() {
    let suite = Suite::new().await;
    let sign = json!({ "credential": suite.credential(), "seed": SEED, "created": "2026-11-20T09:00:00Z" });
    let Some(abroad) = judge("issue", &sign) else { return };
    suite.ask(VERIFY, &json!({ "verifiableCredential": abroad["credential"] })).await.expect(200);

    let question = json!({
        "credentials": [suite.issue(&suite.credential()).await, abroad["credential"]],
        "challenge": "c1", "domain": "verifier.example", "seed": SEED, "created": "2026-11-20T09:00:00Z",
    });
    let presentation = judge("present", &question).unwrap()["presentation"].clone();
    let ask = async |presentation: &Value, challenge: &str| {
        let options = json!({ "challenge": challenge, "domain": "verifier.example" });
        suite.ask(PRESENT, &json!({ "verifiablePresentation": presentation, "options": options })).await
    };
    let answer = ask(&presentation, "c1").await.expect(200).json();
    assert_eq!(answer["results"]["presentation"]["holder"]["verified"], true, "{answer}");
    let replayed = ask(&presentation, "c2").await.expect(400).json();
    assert_eq!(problems(&replayed), ["INVALID_CHALLENGE_ERROR"]);
    let mut tampered = presentation;
    tampered["verifiableCredential"][0]["credentialSubject"]["name"] = json!("Eve Roy");
    ask(&tampered, "c1").await.expect(400);
}
