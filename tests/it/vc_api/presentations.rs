//! Verifying presentations: who presents, for whom, and what.

use assay::proof::jose;
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};

use super::{Holder, PRESENT, Suite, problems, with, without};
use crate::support::app::ana;

const ASKED: &str = "d436f0c8";
const HERE: &str = "verifier.example";

fn unsigned(holder: &Holder, credentials: &[Value]) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": credentials,
    })
}

/// As a wallet answers the challenge.
fn presented(holder: &Holder, credentials: &[Value]) -> Value {
    holder.sign(&unsigned(holder, credentials), "authentication", &json!({ "challenge": ASKED, "domain": HERE }))
}

/// A token with this payload.
fn signed(by: &Holder, typ: &str, payload: &Value) -> String {
    let header = json!({ "alg": "EdDSA", "typ": typ, "kid": by.method });
    let input = jose::signing_input(&header, payload.to_string().as_bytes());
    jose::compact(&input, &by.key.sign(&input).to_bytes())
}

impl Suite {
    /// The answer to a presentation that must verify, or must not; asked with this challenge and domain.
    async fn present(&self, presentation: &Value, (challenge, domain): (&str, &str), verified: bool) -> Value {
        let options = json!({ "challenge": challenge, "domain": domain });
        let body = json!({ "verifiablePresentation": presentation, "options": options });
        let answer = self.ask(PRESENT, &body).await.expect(if verified { 200 } else { 400 }).json();
        assert_eq!(answer["verified"], verified, "{answer}");
        answer
    }
}

#[tokio::test]
async fn a_presentation_that_answers_the_challenge_verifies_with_all_that_is_in_it() {
    let suite = Suite::new().await;
    let (holder, issued) = (Holder::new(1), suite.issue(&suite.credential()).await);
    let award = suite.app.certify(&ana()).await;
    let badge = suite.app.get(&suite.app.local(&award["addresses"]["credential"])).await.expect(200).json();
    let both = presented(&holder, &[issued.clone(), badge]);
    let answer = suite.present(&both, (ASKED, HERE), true).await;
    assert_eq!(answer["problemDetails"], json!([]));
    let own = &answer["results"]["presentation"];
    for member in ["challenge", "domain", "holder"] {
        assert_eq!(own[member]["verified"], true, "{answer}");
    }
    assert_eq!((&own["challenge"]["input"], &own["holder"]["input"]), (&json!(ASKED), &json!(holder.did)));
    assert_eq!((&own["proof"][0]["verified"], &own["proof"][0]["input"]), (&json!(true), &both["proof"]));
    let held = answer["results"]["credentials"].as_array().unwrap();
    assert_eq!(held.iter().map(|credential| &credential["verified"]).collect::<Vec<_>>(), [true, true]);
    // Nothing is asked, and so nothing must be answered.
    let bare = suite.ask(PRESENT, &json!({ "verifiablePresentation": both })).await.expect(200).json();
    assert!(bare["results"]["presentation"].get("challenge").is_none(), "{bare}");
    let empty = presented(&holder, &[]);
    suite.present(&empty, (ASKED, HERE), true).await;

    suite.app.act(&award, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
    let answer = suite.present(&both, (ASKED, HERE), false).await;
    assert_eq!(problems(&answer), ["STATUS_VERIFICATION_ERROR"]);
    assert!(answer["problemDetails"][0]["detail"].as_str().unwrap().starts_with("Credential 2: "), "{answer}");
    let held = answer["results"]["credentials"].as_array().unwrap();
    assert_eq!(held.iter().map(|credential| &credential["verified"]).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn what_was_not_asked_here_and_now_is_not_accepted() {
    let suite = Suite::new().await;
    let presentation = presented(&Holder::new(1), &[suite.issue(&suite.credential()).await]);
    let answer = suite.present(&presentation, ("another", HERE), false).await;
    assert_eq!(problems(&answer), ["INVALID_CHALLENGE_ERROR"]);
    assert_eq!(answer["results"]["presentation"]["challenge"], json!({ "verified": false, "input": "another" }));
    assert_eq!(answer["results"]["presentation"]["domain"]["verified"], true);
    let answer = suite.present(&presentation, (ASKED, "another.example"), false).await;
    assert_eq!(problems(&answer), ["INVALID_DOMAIN_ERROR"]);
    // Who changes the answer breaks the signature.
    let mut changed = presentation.clone();
    changed["proof"]["challenge"] = json!("another");
    assert_eq!(problems(&suite.present(&changed, ("another", HERE), false).await), ["CRYPTOGRAPHIC_SECURITY_ERROR"; 2]);
}

#[tokio::test]
async fn only_its_holder_can_present() {
    let suite = Suite::new().await;
    let (ana, eve) = (Holder::new(1), Holder::new(2));
    let credentials = [suite.issue(&suite.credential()).await];
    let said = json!({ "challenge": ASKED, "domain": HERE });
    let sign = |by: &Holder, document: &Value, purpose: &str| by.sign(document, purpose, &said);
    let of_ana = unsigned(&ana, &credentials);
    for (presentation, expected) in [
        (sign(&eve, &of_ana, "authentication"), vec!["CRYPTOGRAPHIC_SECURITY_ERROR"]),
        (sign(&ana, &of_ana, "assertionMethod"), vec!["PROOF_VERIFICATION_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"]),
        (
            of_ana.clone(),
            vec![
                "PROOF_VERIFICATION_ERROR",
                "CRYPTOGRAPHIC_SECURITY_ERROR",
                "INVALID_CHALLENGE_ERROR",
                "INVALID_DOMAIN_ERROR",
            ],
        ),
        (
            with(&sign(&ana, &of_ana, "authentication"), "id", json!("urn:uuid:another")),
            vec!["CRYPTOGRAPHIC_SECURITY_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"],
        ),
        (
            sign(
                &ana,
                &with(
                    &of_ana,
                    "@context",
                    json!(["https://www.w3.org/ns/credentials/v2", {"by": "https://www.w3.org/2018/credentials#holder"}]),
                ),
                "authentication",
            ),
            vec!["MALFORMED_VALUE_ERROR"],
        ),
    ] {
        assert_eq!(problems(&suite.present(&presentation, (ASKED, HERE), false).await), expected, "{presentation}");
    }
    let nobody = without(&of_ana, "holder");
    suite.present(&sign(&eve, &nobody, "authentication"), (ASKED, HERE), true).await;
}

#[tokio::test]
async fn a_credential_in_it_must_hold_too() {
    let suite = Suite::new().await;
    let holder = Holder::new(1);
    let issued = suite.issue(&suite.credential()).await;
    let mut tampered = issued.clone();
    tampered["credentialSubject"]["name"] = json!("Eve Roy");
    let answer = suite.present(&presented(&holder, &[issued.clone(), tampered]), (ASKED, HERE), false).await;
    assert!(problems(&answer).contains(&"CRYPTOGRAPHIC_SECURITY_ERROR"), "{answer}");
    let held = answer["results"]["credentials"].as_array().unwrap();
    assert_eq!(held.iter().map(|credential| &credential["verified"]).collect::<Vec<_>>(), [true, false]);
    assert_eq!(answer["results"]["presentation"]["proof"][0]["verified"], true, "its own signature fits");

    let expired = suite.issue(&with(&suite.credential(), "validUntil", json!("2026-11-02T00:00:00Z"))).await;
    let answer = suite.present(&presented(&holder, &[expired]), (ASKED, HERE), false).await;
    assert_eq!(problems(&answer), ["RANGE_ERROR"]);
}

#[tokio::test]
async fn what_is_no_presentation_of_credentials_is_refused_as_such() {
    let suite = Suite::new().await;
    let holder = Holder::new(1);
    let issued = suite.issue(&suite.credential()).await;
    let held = |credentials: Value| with(&unsigned(&holder, &[]), "verifiableCredential", credentials);
    for (given, expected) in [
        (held(json!([unsigned(&holder, std::slice::from_ref(&issued))])), "MALFORMED_VALUE_ERROR"),
        (held(json!(["https://a.example/1"])), "PARSING_ERROR"),
        (held(json!([7])), "MALFORMED_VALUE_ERROR"),
        (held(Value::Array(vec![issued.clone(); 17])), "RANGE_ERROR"),
        (json!("a.b.c"), "PARSING_ERROR"),
        (json!([]), "MALFORMED_VALUE_ERROR"),
        (issued, "MALFORMED_VALUE_ERROR"),
    ] {
        let answer = suite.ask(PRESENT, &json!({ "verifiablePresentation": given })).await.expect(400).json();
        assert_eq!(answer["verified"], false);
        assert!(problems(&answer).contains(&expected), "{given}: {answer}");
    }
    let unknown = json!({ "verifiablePresentation": unsigned(&holder, &[]), "options": { "returnCredential": true } });
    assert_eq!(problems(&suite.ask(PRESENT, &unknown).await.expect(400).json()), ["UNKNOWN_OPTION_PROVIDED"]);
}

#[tokio::test]
async fn a_presentation_is_answered_by_its_options() {
    let suite = Suite::refusing(false).await;
    let presentation = presented(&Holder::new(1), &[suite.issue(&suite.credential()).await]);
    let ask = async |options: Value| {
        suite
            .ask(PRESENT, &json!({ "verifiablePresentation": presentation, "options": options }))
            .await
            .expect(200)
            .json()
    };
    let whole = ask(json!({ "returnPresentation": true, "checks": [] })).await;
    assert_eq!(whole["verifiablePresentation"], presentation);
    let bare = ask(json!({ "returnResults": false, "returnProblemDetails": false })).await;
    assert_eq!(bare, json!({ "verified": true }));
    assert_eq!(ask(json!({ "challenge": "another" })).await["verified"], false, "200, as this service was told");
}

#[tokio::test]
async fn a_presentation_may_come_as_a_token() {
    let suite = Suite::new().await;
    let (ana, eve) = (Holder::new(1), Holder::new(2));
    let credentials = [suite.issue(&suite.credential()).await];
    let token = |by: &Holder| {
        let mut payload = unsigned(&ana, &credentials);
        payload["nonce"] = json!(ASKED);
        payload["aud"] = json!([HERE]);
        signed(by, "vp+jwt", &payload)
    };
    let enveloped = json!({
        "@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{}", token(&ana)),
    });
    suite.present(&enveloped, (ASKED, HERE), true).await;
    suite.present(&json!(token(&ana)), (ASKED, HERE), true).await;
    assert_eq!(problems(&suite.present(&enveloped, ("another", HERE), false).await), ["INVALID_CHALLENGE_ERROR"]);
    assert_eq!(problems(&suite.present(&enveloped, (ASKED, "another.example"), false).await), ["INVALID_DOMAIN_ERROR"]);
    let by_eve = suite.present(&json!(token(&eve)), (ASKED, HERE), false).await;
    assert_eq!(problems(&by_eve), ["CRYPTOGRAPHIC_SECURITY_ERROR"]);
}

/// In the profile of the data model 1.1 (§6.3.1) the claims name the holder, and `vp` holds the rest.
#[tokio::test]
async fn a_token_of_the_older_profile_names_its_holder_in_a_claim() {
    let suite = Suite::new().await;
    let (ana, eve) = (Holder::new(1), Holder::new(2));
    let vp = json!({
        "@context": "https://www.w3.org/2018/credentials/v1", "type": ["VerifiablePresentation"],
        "verifiableCredential": [suite.issue(&suite.older_credential()).await],
    });
    let payload = json!({ "iss": ana.did, "jti": "urn:uuid:7", "nonce": ASKED, "aud": HERE, "vp": vp });
    suite.present(&json!(signed(&ana, "JWT", &payload)), (ASKED, HERE), true).await;
    let by_eve = suite.present(&json!(signed(&eve, "JWT", &payload)), (ASKED, HERE), false).await;
    assert_eq!(problems(&by_eve), ["CRYPTOGRAPHIC_SECURITY_ERROR"]);
    let early = with(&payload, "nbf", json!(suite.app.now().timestamp() + 1));
    let early = suite.present(&json!(signed(&ana, "JWT", &early)), (ASKED, HERE), false).await;
    assert_eq!(problems(&early), ["PROOF_VERIFICATION_ERROR"]);
    let another = suite.present(&json!(signed(&ana, "JWT", &payload)), ("another", HERE), false).await;
    assert_eq!(problems(&another), ["INVALID_CHALLENGE_ERROR"]);
    for (member, value) in [("vc", vp.clone()), ("@context", vp["@context"].clone())] {
        let mut both = payload.clone();
        both[member] = value;
        let answer = suite.present(&json!(signed(&ana, "JWT", &both)), (ASKED, HERE), false).await;
        assert_eq!(problems(&answer), ["PARSING_ERROR"], "{member}");
    }
}

#[tokio::test]
async fn the_keys_of_a_holder_are_fetched() {
    let host = crate::support::host::Host::start().await;
    let suite = Suite::new().await;
    let suite = Suite { app: suite.app.open_to_strangers(&[&host.place]), ..suite };
    let keys = Holder::new(1);
    let id = host.url("/ana");
    let multibase = keys.did.strip_prefix("did:key:").unwrap();
    let document = |purpose: &str| {
        json!({
            "@context": ["https://www.w3.org/ns/cid/v1"], "id": id,
            "verificationMethod": [{
                "id": format!("{id}#key"), "type": "Multikey", "controller": id, "publicKeyMultibase": multibase,
            }],
            (purpose): [format!("{id}#key")],
        })
    };
    let ana = Holder { key: keys.key.clone(), did: id.clone(), method: format!("{id}#key") };
    let presentation = presented(&ana, &[suite.issue(&suite.credential()).await]);
    host.serves("/ana", "application/json", document("authentication").to_string());
    suite.present(&presentation, (ASKED, HERE), true).await;
    assert_eq!(host.asked(), ["/ana"]);
    suite.app.clock.advance(chrono::TimeDelta::hours(2));
    host.serves("/ana", "application/json", document("assertionMethod").to_string());
    let answer = suite.present(&presentation, (ASKED, HERE), false).await;
    assert_eq!(problems(&answer), ["PROOF_VERIFICATION_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"]);
}
