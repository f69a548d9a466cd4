//! Verifying credentials: what holds, what does not, and by which types of problems that is said.

use assay::proof::jose;
use chrono::TimeDelta;
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};

use super::{Holder, Suite, VERIFY, problems, with, without};
use crate::support::app::ana;
use crate::support::host::Host;

#[tokio::test]
async fn what_was_changed_after_signing_does_not_verify() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.credential()).await;
    let changed = |change: fn(&mut Value)| {
        let mut changed = issued.clone();
        change(&mut changed);
        changed
    };
    let security = "CRYPTOGRAPHIC_SECURITY_ERROR";
    let proof = "PROOF_VERIFICATION_ERROR";
    for (credential, expected) in [
        (changed(|c| c["credentialSubject"]["name"] = json!("Eve Roy")), security),
        (changed(|c| c["proof"]["created"] = json!("2026-11-19T10:00:00Z")), security),
        (changed(|c| c["proof"]["proofPurpose"] = json!("authentication")), security),
        (changed(|c| c["proof"]["verificationMethod"] = json!(Holder::new(3).method)), security),
        (changed(|c| c["proof"]["proofValue"] = json!("z1111")), proof),
        (changed(|c| c["proof"]["proofValue"] = json!("")), proof),
        (changed(|c| c["proof"]["cryptosuite"] = json!("unheard-of-2030")), proof),
        (changed(|c| c["proof"]["type"] = json!("UnheardOfProof")), proof),
        (without(&issued, "proof"), "PARSING_ERROR"),
    ] {
        let answer = suite.verify(&credential, false).await;
        assert!(problems(&answer).contains(&expected), "{credential}\n{answer}");
        for part in answer["results"]["proof"].as_array().unwrap() {
            assert_eq!(part["verified"], false, "{answer}");
        }
    }
}

#[tokio::test]
async fn somebody_else_cannot_sign_for_an_issuer() {
    let suite = Suite::new().await;
    let (eve, ana) = (Holder::new(3), Holder::new(4));
    let forged = eve.sign(&with(&suite.credential(), "issuer", json!(ana.did)), "assertionMethod", &json!({}));
    assert_eq!(problems(&suite.verify(&forged, false).await), ["CRYPTOGRAPHIC_SECURITY_ERROR"]);
    let own = eve.sign(&with(&suite.credential(), "issuer", json!(eve.did)), "assertionMethod", &json!({}));
    suite.verify(&own, true).await;
}

#[tokio::test]
async fn each_of_several_proofs_must_hold_unless_its_kind_is_not_known() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.credential()).await;
    let with_second = |change: fn(&mut Value)| {
        let mut second = issued["proof"].clone();
        change(&mut second);
        with(&issued, "proof", json!([issued["proof"], second]))
    };
    let broken = suite.verify(&with_second(|proof| proof["created"] = json!("2026-11-19T10:00:00Z")), false).await;
    assert_eq!(problems(&broken), ["PROOF_VERIFICATION_ERROR"]);
    let held: Vec<_> = broken["results"]["proof"].as_array().unwrap().iter().map(|part| &part["verified"]).collect();
    assert_eq!(held, [true, false]);
    let dangling = with_second(|proof| proof["previousProof"] = json!("urn:uuid:nowhere"));
    assert_eq!(problems(&suite.verify(&dangling, false).await), ["PROOF_VERIFICATION_ERROR"]);
    suite.verify(&with_second(|proof| proof["cryptosuite"] = json!("unheard-of-2030")), true).await;
}

#[tokio::test]
async fn a_credential_counts_within_its_dates() {
    let suite = Suite::new().await;
    let dated = |from: &str, until: &str| {
        with(&with(&suite.credential(), "validFrom", json!(from)), "validUntil", json!(until))
    };
    let expired = suite.issue(&dated("2020-01-01T00:00:00Z", "2026-11-20T09:59:59Z")).await;
    let answer = suite.verify(&expired, false).await;
    assert_eq!(problems(&answer), ["RANGE_ERROR"]);
    let part = |member: &str| answer["results"][member]["verified"] == true;
    assert_eq!((part("validFrom"), part("validUntil")), (true, false), "{answer}");

    let early = suite.issue(&dated("2026-11-20T10:00:05Z", "2027-01-01T00:00:00Z")).await;
    let answer = suite.verify(&early, false).await;
    assert_eq!(problems(&answer), ["RANGE_ERROR"]);
    let part = |member: &str| answer["results"][member]["verified"] == true;
    assert_eq!((part("validFrom"), part("validUntil")), (false, true), "{answer}");
    assert_eq!(answer["results"]["validFrom"]["input"], "2026-11-20T10:00:05Z");
    suite.app.clock.advance(TimeDelta::seconds(5));
    suite.verify(&early, true).await;
}

#[tokio::test]
async fn what_has_no_settled_meaning_does_not_verify() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.credential()).await;
    let v2 = "https://www.w3.org/ns/credentials/v2";
    for (credential, expected) in [
        (with(&issued, "@context", json!([v2, "https://unknown.example/v1"])), "MALFORMED_VALUE_ERROR"),
        (with(&issued, "@context", json!([v2, {"name": "https://schema.org/other"}])), "MALFORMED_VALUE_ERROR"),
        (with(&issued, "@context", json!(["https://schema.org"])), "MALFORMED_VALUE_ERROR"),
        (with(&issued, "frobnicate", json!(3)), "DATA_LOSS_DETECTION_ERROR"),
        (without(&issued, "credentialSubject"), "MALFORMED_VALUE_ERROR"),
        (without(&issued, "issuer"), "MALFORMED_VALUE_ERROR"),
        (with(&issued, "type", json!(["Person"])), "MALFORMED_VALUE_ERROR"),
        (without(&issued, "@context"), "MALFORMED_VALUE_ERROR"),
    ] {
        let answer = suite.verify(&credential, false).await;
        assert!(problems(&answer).contains(&expected), "{expected}\n{answer}");
    }
}

#[tokio::test]
async fn what_is_no_credential_is_refused_as_such() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.credential()).await;
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": [issued],
    });
    let wrapped =
        suite.ask("/api/v1/verify", &json!({ "credential": issued, "receipt": true })).await.expect(200).json();
    let earlier =
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.example/1"});
    let envelope = |media: &str| {
        json!({ "type": "EnvelopedVerifiableCredential", "id": format!("data:{media},a.b.c"),
                "@context": "https://www.w3.org/ns/credentials/v2" })
    };
    for (given, expected) in [
        (presentation, "MALFORMED_VALUE_ERROR"),
        (wrapped["receipt"].clone(), "MALFORMED_VALUE_ERROR"),
        (earlier, "MALFORMED_VALUE_ERROR"),
        (json!("https://badges.example/1"), "MALFORMED_VALUE_ERROR"),
        (json!("7K3QX9M2TR4HB6WD"), "MALFORMED_VALUE_ERROR"),
        (json!("a.b.c"), "MALFORMED_VALUE_ERROR"),
        (json!(""), "PARSING_ERROR"),
        (json!(7), "MALFORMED_VALUE_ERROR"),
        (json!([issued]), "MALFORMED_VALUE_ERROR"),
        (envelope("application/vc+jwt"), "PARSING_ERROR"),
        (envelope("application/mdoc"), "MALFORMED_VALUE_ERROR"),
        (without(&envelope("application/vc+jwt"), "@context"), "MALFORMED_VALUE_ERROR"),
        (
            with(&envelope("application/vc+jwt"), "@context", json!("https://w3id.org/openbadges/v3")),
            "MALFORMED_VALUE_ERROR",
        ),
    ] {
        let answer = suite.ask(VERIFY, &json!({ "verifiableCredential": given })).await.expect(400).json();
        assert_eq!(answer["verified"], false, "{answer}");
        assert!(problems(&answer).contains(&expected), "{given}: {answer}");
    }
}

#[tokio::test]
async fn a_request_is_answered_by_its_options() {
    let suite = Suite::refusing(false).await;
    let issued = suite.issue(&suite.credential()).await;
    let ask =
        async |options: Value| suite.ask(VERIFY, &json!({ "verifiableCredential": issued, "options": options })).await;
    let members = async |options: Value| {
        let answer = ask(options).await.expect(200).json();
        answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(members(json!({})).await, ["verified", "problemDetails"]);
    assert_eq!(members(json!({"returnProblemDetails": false})).await, ["verified"]);
    assert_eq!(members(json!({"returnResults": true})).await, ["verified", "problemDetails", "results"]);
    let whole = ask(json!({"returnCredential": true})).await.json();
    assert_eq!(whole["credential"], issued);
    for options in [json!({"returnEverything": true}), json!({"returnPresentation": true})] {
        let refused = ask(options).await.expect(400).json();
        assert_eq!(problems(&refused), ["UNKNOWN_OPTION_PROVIDED"]);
        assert_eq!(refused["verified"], false);
    }
    // This service was told not to refuse what does not verify.
    let tampered = with(&issued, "validFrom", json!("2026-11-02T00:00:00Z"));
    let answer = suite.ask(VERIFY, &json!({ "verifiableCredential": tampered })).await.expect(200).json();
    assert_eq!(answer["verified"], false);
    assert_eq!(problems(&answer), ["CRYPTOGRAPHIC_SECURITY_ERROR", "PROOF_VERIFICATION_ERROR"]);
}

#[tokio::test]
async fn a_challenge_or_domain_that_is_asked_for_must_have_been_signed() {
    let suite = Suite::new().await;
    let eve = Holder::new(3);
    let unsigned = with(&suite.credential(), "issuer", json!(eve.did));
    let answering =
        |domain: Value| eve.sign(&unsigned, "assertionMethod", &json!({ "challenge": "c1", "domain": domain }));
    let signed = answering(json!("a.example"));
    let ask = async |signed: &Value, options: Value| {
        let answer = suite.ask(VERIFY, &json!({ "verifiableCredential": signed, "options": options })).await.json();
        problems(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(ask(&signed, json!({})).await.is_empty());
    assert!(ask(&signed, json!({"challenge": "c1", "domain": "a.example"})).await.is_empty());
    assert_eq!(ask(&signed, json!({"challenge": "c2"})).await, ["INVALID_CHALLENGE_ERROR"]);
    assert_eq!(ask(&signed, json!({"domain": "b.example"})).await, ["INVALID_DOMAIN_ERROR"]);
    assert!(ask(&answering(json!(["a.example"])), json!({"domain": "a.example"})).await.is_empty());
    let for_two = answering(json!(["a.example", "b.example"]));
    assert!(ask(&for_two, json!({})).await.is_empty());
    assert_eq!(ask(&for_two, json!({"domain": "a.example"})).await, ["INVALID_DOMAIN_ERROR"]);
}

#[tokio::test]
async fn what_a_proof_says_besides_must_be_of_the_right_kind() {
    let suite = Suite::new().await;
    let eve = Holder::new(3);
    let unsigned = with(&suite.credential(), "issuer", json!(eve.did));
    for (said, holds) in [
        (json!({"challenge": "c", "domain": "d", "nonce": "n"}), true),
        (json!({"domain": ["d", "e"]}), true),
        (json!({"challenge": 7}), false),
        (json!({"challenge": ["c"]}), false),
        (json!({"domain": {"id": "urn:d"}}), false),
        (json!({"domain": ["d", 7]}), false),
        (json!({"nonce": 7}), false),
    ] {
        let answer = suite.verify(&eve.sign(&unsigned, "assertionMethod", &said), holds).await;
        let problems = problems(&answer);
        assert_eq!(problems.is_empty(), holds, "{said}: {answer}");
        assert!(problems.iter().all(|problem| *problem == "PROOF_VERIFICATION_ERROR"), "{said}: {answer}");
    }
}

#[tokio::test]
async fn a_proof_of_a_chain_holds_only_with_those_it_covers() {
    let suite = Suite::new().await;
    let eve = Holder::new(3);
    let unsigned = with(&suite.credential(), "issuer", json!(eve.did));
    let first = eve.sign(&unsigned, "assertionMethod", &json!({ "id": "urn:proof:1" }))["proof"].clone();
    // The second covers the first as it is then, so that it always fits.
    let chained = |first: Value| {
        let more = json!({ "id": "urn:proof:2", "previousProof": "urn:proof:1" });
        let second = eve.sign(&with(&unsigned, "proof", json!([first])), "assertionMethod", &more);
        with(&unsigned, "proof", json!([first, second["proof"]]))
    };
    suite.verify(&chained(first.clone()), true).await;
    for (member, value, verdict) in [
        ("created", json!("2026-11-19T10:00:00Z"), "invalid"),
        ("expires", json!("2026-11-20T09:59:59Z"), "invalid"),
        ("proofPurpose", json!("authentication"), "invalid"),
        ("proofValue", json!("z1111"), "invalid"),
        ("cryptosuite", json!("unheard-of-2030"), "inconclusive"),
    ] {
        let chain = chained(with(&first, member, value));
        let answer = suite.verify(&chain, false).await;
        let parts = answer["results"]["proof"].as_array().unwrap();
        assert!(parts.iter().all(|part| part["verified"] == false), "{member}: {answer}");
        let report = suite.ask("/api/v1/verify", &chain).await.expect(200).json();
        assert_eq!(report["verdict"], verdict, "{member}: {report}");
    }
    let ran_out =
        eve.sign(&unsigned, "assertionMethod", &json!({ "id": "urn:proof:1", "expires": "2026-11-20T09:59:59Z" }));
    let chain = chained(ran_out["proof"].clone());
    suite.verify(&chain, false).await;
    let report = suite.ask("/api/v1/verify", &chain).await.expect(200).json();
    assert_eq!(report["headline"], "Its signature has run out, by its own word.");
    let mut undefined = chained(first);
    undefined["proof"][0]["type"] = json!("UnheardOfProof");
    let answer = suite.verify(&undefined, false).await;
    assert!(problems(&answer).contains(&"DATA_LOSS_DETECTION_ERROR"), "{answer}");
}

#[tokio::test]
async fn a_credential_may_come_as_a_token() {
    let suite = Suite::new().await;
    let eve = Holder::new(3);
    let token = |payload: &Value| {
        let header = json!({ "alg": "EdDSA", "typ": "vc+jwt", "kid": eve.method });
        let input = jose::signing_input(&header, payload.to_string().as_bytes());
        jose::compact(&input, &eve.key.sign(&input).to_bytes())
    };
    let credential = with(&suite.credential(), "issuer", json!(eve.did));
    let good = token(&credential);
    suite.verify(&json!(good), true).await;
    let enveloped = |token: &str| {
        json!({
            "@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/vc+jwt,{token}"),
        })
    };
    suite.verify(&enveloped(&good), true).await;
    let for_another = token(&with(&credential, "issuer", json!(Holder::new(4).did)));
    assert!(problems(&suite.verify(&json!(for_another), false).await).contains(&"CRYPTOGRAPHIC_SECURITY_ERROR"));
    let signature = good.rsplit('.').next().unwrap();
    let swapped =
        format!("{}.{signature}", token(&with(&credential, "id", json!("urn:x"))).rsplit_once('.').unwrap().0);
    assert!(problems(&suite.verify(&enveloped(&swapped), false).await).contains(&"CRYPTOGRAPHIC_SECURITY_ERROR"));
}

/// The suites ask whether the proof holds; whoever relies on the badge is told what it may hide.
#[tokio::test]
async fn what_is_shown_in_part_verifies_by_its_proof() {
    let Some(shared) = crate::support::shared() else { return };
    let suite = Suite::new().await;
    let badge = crate::support::json(&shared.join("field/forgeries/g01-sd-hidden-until-status.json"));
    let answer = suite.verify(&badge, true).await;
    assert_eq!(answer["results"]["proof"][0]["verified"], true, "{answer}");
    let report = suite.ask("/api/v1/verify", &badge).await.expect(200).json();
    assert_eq!(report["verdict"], "inconclusive", "{report}");
    suite.verify(&with(&badge, "name", json!("Another")), false).await;
}

#[tokio::test]
async fn our_own_badges_verify_until_they_are_revoked() {
    let suite = Suite::new().await;
    let award = suite.app.certify(&ana()).await;
    let badge = suite.app.get(&suite.app.local(&award["addresses"]["credential"])).await.expect(200).json();
    let answer = suite.verify(&badge, true).await;
    assert_eq!(answer["results"]["credentialStatus"][0]["verified"], true);
    suite.app.act(&award, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
    let answer = suite.verify(&badge, false).await;
    assert_eq!(problems(&answer), ["STATUS_VERIFICATION_ERROR"]);
    assert_eq!(answer["results"]["credentialStatus"][0]["verified"], false);
    assert_eq!(answer["results"]["proof"][0]["verified"], true);
}

#[tokio::test]
async fn what_a_status_list_does_not_tell_is_not_verified() {
    let host = Host::start().await;
    let suite = Suite::new().await;
    let suite = Suite { app: suite.app.open_to_strangers(&[&host.place]), ..suite };
    let address = host.url("/list");
    let entry = |index: &str| {
        json!({
            "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": index,
            "statusListCredential": address,
        })
    };
    let listed = async |bits: usize, set: usize| {
        let mut list = assay::status_list::Bitstring::new(bits);
        list.set(set).unwrap();
        let credential = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"], "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": suite.did(),
            "credentialSubject": {
                "id": format!("{address}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation",
                "encodedList": list.encode(),
            },
        });
        suite.issue(&credential).await.to_string()
    };
    let credential = suite.issue(&with(&suite.credential(), "credentialStatus", entry("5"))).await;
    let beyond = suite.issue(&with(&suite.credential(), "credentialStatus", entry("131072"))).await;
    let say = async |credential: &Value| {
        // What was fetched is kept for a while.
        suite.app.clock.advance(TimeDelta::hours(2));
        let body = json!({ "verifiableCredential": credential });
        let answer = suite.ask(VERIFY, &body).await.json();
        problems(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(say(&credential).await, ["STATUS_RETRIEVAL_ERROR"]);
    host.serves("/list", "application/vc", listed(131_072, 4).await);
    assert!(say(&credential).await.is_empty());
    assert_eq!(say(&beyond).await, ["RANGE_ERROR"]);
    host.serves("/list", "application/vc", listed(131_072, 5).await);
    assert_eq!(say(&credential).await, ["STATUS_VERIFICATION_ERROR"]);
    host.serves("/list", "application/vc", listed(1_024, 4).await);
    assert_eq!(say(&credential).await, ["STATUS_LIST_LENGTH_ERROR"]);
    let unsigned = without(&serde_json::from_str(&listed(131_072, 4).await).unwrap(), "proof");
    host.serves("/list", "application/vc", unsigned.to_string());
    assert_eq!(say(&credential).await, ["STATUS_VERIFICATION_ERROR"]);
}
