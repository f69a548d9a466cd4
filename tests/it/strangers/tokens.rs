//! Signed texts (VC-JWT) in both profiles: whose key it is, what the claims say, and where else they come.

use assay::proof::jose;
use assay::render::bake;
use assay::verification::CheckId::{Context, Format, Issuer, Proof, Status};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::{Facts, Form, Found, Need, Report, Verdict, inspect, needs, read};
use serde_json::{Value, json};

use super::{NOW, listed, outcome};
use crate::badges::{Office, at};

const LIST: &str = "https://badges.example/status/1";

/// The sample badge as the payload of a token: with the claims of 1EdTech's profile, without a proof.
fn payload(office: &Office) -> Value {
    let mut credential = office.issue(|_| {}).value().clone();
    credential.as_object_mut().unwrap().shift_remove("proof");
    credential["iss"] = credential["issuer"]["id"].clone();
    credential["jti"] = credential["id"].clone();
    credential["sub"] = credential["credentialSubject"]["id"].clone();
    credential["nbf"] = json!(at("2026-05-04T09:30:00Z").timestamp());
    credential["exp"] = json!(at("2028-05-03T21:59:59Z").timestamp());
    credential
}

fn header(office: &Office) -> Value {
    json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("{}#{}", office.did, office.kid())})
}

fn token(office: &Office, header: &Value, payload: &Value) -> String {
    let input = jose::signing_input(header, payload.to_string().as_bytes());
    jose::compact(&input, &office.sign(&input))
}

fn facts(office: &Office) -> Facts {
    let mut facts = Facts::at(at(NOW));
    facts.listed = listed(&[&office.did]);
    let list = office.status_list(&[7], "2026-11-20T09:00:00Z");
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    facts
}

fn judge(text: &str, facts: &Facts) -> Report {
    inspect(&read(text.as_bytes()).expect("well-formed"), facts)
}

#[test]
fn both_profiles_are_read() {
    let office = Office::local();
    let ours = payload(&office);
    let plain = {
        let mut plain = ours.clone();
        plain.as_object_mut().unwrap().retain(|name, _| !["iss", "jti", "sub", "nbf", "exp"].contains(&name.as_str()));
        plain
    };
    let older = {
        let mut vc = plain.clone();
        vc["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
        for member in ["id", "issuer", "validFrom", "validUntil", "awardedDate", "credentialStatus", "refreshService"] {
            vc.as_object_mut().unwrap().shift_remove(member);
        }
        json!({"iss": office.did, "jti": ours["jti"], "nbf": ours["nbf"], "exp": ours["exp"], "vc": vc})
    };
    for (payload, context) in [(&ours, Passed), (&plain, Passed), (&older, Warning)] {
        let report = judge(&token(&office, &header(&office), payload), &facts(&office));
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!((outcome(&report, Proof), outcome(&report, Context)), (Passed, context));
        assert_eq!(report.credential.holder.as_deref(), Some("Ana Lopes"));
    }
    // A `vc` beside a credential is neither profile.
    let mut both = ours.clone();
    both["vc"] = plain;
    let words = read(token(&office, &header(&office), &both).as_bytes()).unwrap_err().to_string();
    assert!(words.contains("claim vc"), "{words}");
}

#[test]
fn no_changed_letter_passes() {
    let office = Office::local();
    let facts = facts(&office);
    let text = token(&office, &header(&office), &payload(&office));
    let report = judge(&text.replacen('e', "f", 0), &facts);
    assert_eq!(report.verdict, Verdict::Valid);
    for place in (0..text.len()).step_by(7) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        if let Ok(presented) = read(&bytes) {
            let report = inspect(&presented, &facts);
            assert!(report.verdict != Verdict::Valid, "letter {place}: {report:#?}");
        }
    }
    for alg in ["none", "None", "HS256", "ES256", "RS256"] {
        let mut header = header(&office);
        header["alg"] = json!(alg);
        if let Ok(presented) = read(token(&office, &header, &payload(&office)).as_bytes()) {
            assert_eq!(outcome(&inspect(&presented, &facts), Proof), Failed, "{alg}");
        }
    }
}

#[test]
fn claims_must_not_contradict_the_credential() {
    #[track_caller]
    fn check(claim: &str, value: Value, verdict: Verdict, said: &str) {
        let office = Office::local();
        let mut payload = payload(&office);
        payload[claim] = value;
        let report = judge(&token(&office, &header(&office), &payload), &facts(&office));
        assert_eq!(report.verdict, verdict, "{claim}: {report:#?}");
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    check("iss", json!("did:key:z6MkOther"), Verdict::Invalid, "the claims iss say something else");
    check("jti", json!("https://badges.example/credentials/2"), Verdict::Invalid, "jti");
    check("sub", json!("urn:uuid:2"), Verdict::Invalid, "sub");
    check("nbf", json!(1), Verdict::Invalid, "nbf");
    check("nbf", json!("2026-05-04T09:30:00Z"), Verdict::Invalid, "nbf");
    check("exp", json!("2028"), Verdict::Invalid, "exp is no date");
    check("exp", json!(at("2026-11-01T00:00:00Z").timestamp()), Verdict::Invalid, "Its signature has run out");
    check("aud", json!("https://anybody.example"), Verdict::Valid, "Valid.");
    check("iat", json!("2026-05-04T09:30:00Z"), Verdict::Valid, "Valid.");
}

/// Nobody is trusted because a token says so: not by `jwk`, not by a key at an address that anybody can choose.
#[test]
fn a_key_must_be_tied_to_the_issuer() {
    const WEB: &str = "https://badges.example/issuers/7";
    const KEY: &str = "https://badges.example/keys/1";

    #[track_caller]
    fn check(issuer: &str, header: &Value, known: &[(&str, Value)], expected: (Verdict, Verdict), said: &str) {
        let office = Office::local();
        let mut payload = payload(&office);
        payload["issuer"]["id"] = json!(issuer);
        payload["iss"] = json!(issuer);
        let mut facts = facts(&office);
        facts.listed = listed(&[issuer]);
        for (name, document) in known {
            facts.found.insert(Need::ControllerDocument((*name).to_owned()), Found::Json(document.clone()));
        }
        let mut header = header.clone();
        header["alg"] = json!("EdDSA");
        let report = judge(&token(&office, &header, &payload), &facts);
        assert!(report.verdict == expected.0 || report.verdict == expected.1, "{report:#?}");
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    let one = |verdict| (verdict, verdict);
    let (valid, invalid, open) = (one(Verdict::Valid), one(Verdict::Invalid), one(Verdict::Inconclusive));
    let office = Office::local();
    let jwk = assay::proof::PublicKey::from_multibase(&office.kid()).unwrap().jwk();
    let stranger = assay::proof::PublicKey::from_multibase(&Office::with_seed(8).kid()).unwrap().jwk();
    let method = |id: &str, controller: &str| json!({"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": office.kid()});
    let listing = |issuer: &str, method: Value| json!({"id": issuer, "assertionMethod": [method]});

    // A fragment of the issuer's own document, absolute or relative.
    let listed_there = listing(WEB, method(&format!("{WEB}#1"), WEB));
    for kid in [format!("{WEB}#1"), "#1".to_owned(), "1".to_owned()] {
        check(WEB, &json!({"kid": kid}), &[(WEB, listed_there.clone())], valid, "Valid.");
    }
    // No key is named: the issuer has only one, or lists the one that came along.
    check(WEB, &json!({}), &[(WEB, listed_there.clone())], valid, "Valid.");
    check(WEB, &json!({"jwk": jwk}), &[(WEB, listed_there.clone())], valid, "Valid.");
    check(WEB, &json!({"jwk": stranger}), &[(WEB, listed_there.clone())], invalid, "does not list");
    check(WEB, &json!({"jwk": jwk}), &[(WEB, json!({"id": WEB}))], invalid, "does not list");
    check(WEB, &json!({"jwk": jwk}), &[], open, "was not asked");
    // Somebody else's document, however well it lists the key.
    let other = "https://forger.example/issuer";
    let forged = listing(other, method(&format!("{other}#1"), other));
    check(WEB, &json!({"kid": format!("{other}#1")}), &[(other, forged)], invalid, "does not belong to the issuer");
    let swapped = listing(other, method(&format!("{WEB}#1"), WEB));
    check(WEB, &json!({"kid": format!("{WEB}#1")}), &[(WEB, swapped)], invalid, "not vouched for");
    // One bare key at an address, as 1EdTech has it.
    let at_key = (KEY, jwk.clone());
    check(WEB, &json!({"kid": KEY}), std::slice::from_ref(&at_key), open, "was not asked");
    check(WEB, &json!({"kid": KEY}), &[at_key.clone(), (WEB, json!({"id": WEB}))], open, "does not name it");
    check(WEB, &json!({"kid": KEY}), &[at_key.clone(), (WEB, json!({"id": WEB, "publicKey": KEY}))], valid, "Valid.");
    check(WEB, &json!({"kid": KEY}), &[at_key.clone(), (WEB, listed_there.clone())], valid, "Valid.");
    let other_id = json!({"id": KEY, "publicKey": KEY});
    check(WEB, &json!({"kid": KEY}), &[at_key.clone(), (WEB, other_id)], invalid, "somebody else");
    // Not even where the issuer's identifier stands for the place.
    let host = "https://badges.example";
    check(host, &json!({"kid": KEY}), std::slice::from_ref(&at_key), open, "was not asked");
    check(host, &json!({"kid": KEY}), &[at_key.clone(), (host, json!({"id": host}))], open, "does not name it");
    let below = format!("{WEB}/key");
    check(WEB, &json!({"kid": below}), &[(&below, jwk.clone()), (WEB, json!({"id": WEB}))], open, "does not name it");
    let elsewhere = "https://forger.example/key";
    let at_forger = (elsewhere, jwk.clone());
    check(
        WEB,
        &json!({"kid": elsewhere}),
        &[at_forger.clone(), (WEB, json!({"id": WEB}))],
        invalid,
        "not list the key",
    );
    // The same key is the issuer's own, wherever a copy lies.
    check(WEB, &json!({"kid": elsewhere}), &[at_forger, (WEB, listed_there)], valid, "Valid.");
    // For a DID only its own document speaks, or the key it is made of.
    let did = "did:web:badges.example";
    check(did, &json!({"kid": KEY}), std::slice::from_ref(&at_key), open, "was not asked");
    check(did, &json!({"kid": KEY}), &[at_key.clone(), (did, json!({"id": did}))], invalid, "not list the key");
    let listed_by_did = listing(did, method(&format!("{did}#1"), did));
    check(did, &json!({"kid": KEY}), &[at_key.clone(), (did, listed_by_did)], valid, "Valid.");
    check(&office.did, &json!({"kid": KEY}), std::slice::from_ref(&at_key), valid, "Valid.");
    check(&Office::with_seed(8).did, &json!({"kid": KEY}), &[at_key], invalid, "made of another key");
    // A verification method at an address of its own: its controller must list it.
    let lone = method(KEY, WEB);
    let lists = json!({"id": WEB, "assertionMethod": [KEY]});
    check(WEB, &json!({"kid": KEY}), &[(KEY, lone.clone()), (WEB, lists)], valid, "Valid.");
    check(WEB, &json!({"kid": KEY}), &[(KEY, lone), (WEB, json!({"id": WEB}))], invalid, "not on the list");
}

#[test]
fn tokens_come_baked_enveloped_and_presented() {
    let office = Office::local();
    let facts = facts(&office);
    let text = token(&office, &header(&office), &payload(&office));
    let svg = bake::svg("<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>", &text).unwrap();
    let presented = read(svg.as_bytes()).unwrap();
    assert_eq!((presented.form(), presented.text()), (Form::Svg, text.as_str()));
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Valid);
    assert_eq!(read(text.as_bytes()).unwrap().form(), Form::Token);
    let enveloped = json!({
        "@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{text}"),
    });
    assert_eq!(judge(&enveloped.to_string(), &facts).verdict, Verdict::Valid);
    let presentation = json!({"type": ["VerifiablePresentation"], "verifiableCredential": [enveloped]});
    let report = judge(&presentation.to_string(), &facts);
    assert_eq!((report.verdict, outcome(&report, Format)), (Verdict::Valid, Warning), "{report:#?}");
}

#[test]
fn a_status_list_may_be_a_token_too() {
    #[track_caller]
    fn check(change: impl FnOnce(&Office, &mut Value), verdict: Verdict) {
        let office = Office::local();
        let mut list = office.status_list(&[7], "2026-11-20T09:00:00Z");
        list.as_object_mut().unwrap().shift_remove("proof");
        change(&office, &mut list);
        let mut facts = facts(&office);
        let text = token(&office, &header(&office), &list);
        facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Text(text));
        let report = judge(&token(&office, &header(&office), &payload(&office)), &facts);
        assert_eq!(report.verdict, verdict, "{report:#?}");
    }
    check(|_, _| {}, Verdict::Valid);
    check(|_, list| list["iss"] = json!("did:key:z6MkOther"), Verdict::Inconclusive);
    check(|_, list| list["issuer"] = json!("did:key:z6MkOther"), Verdict::Inconclusive);
    // It has dates of its own.
    let dated = |claim: &'static str, date: &'static str| {
        move |_: &Office, list: &mut Value| {
            list.as_object_mut().unwrap().shift_remove("validFrom");
            list[claim] = json!(at(date).timestamp());
        }
    };
    check(dated("nbf", "2026-11-20T10:00:00Z"), Verdict::Valid);
    check(dated("nbf", "2026-11-20T10:03:00Z"), Verdict::Inconclusive);
    check(dated("exp", "2026-11-20T10:03:00Z"), Verdict::Valid);
    check(dated("exp", "2026-11-20T10:00:00Z"), Verdict::Inconclusive);
    check(
        |office, list| {
            let revoked = office.status_list(&[42], "2026-11-20T09:00:00Z");
            list["credentialSubject"] = revoked["credentialSubject"].clone();
        },
        Verdict::Revoked,
    );
}

#[test]
fn keys_that_must_be_fetched_are_asked_for() {
    let office = Office::on_the_web();
    let text = token(&office, &header(&office), &payload(&office));
    let presented = read(text.as_bytes()).unwrap();
    let asked = needs(&presented, &Facts::at(at(NOW)));
    assert_eq!(asked[0], Need::ControllerDocument("did:web:badges.example".to_owned()));
    let report = inspect(&presented, &Facts::at(at(NOW)));
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!((outcome(&report, Issuer), outcome(&report, Status)), (CouldNotCheck, CouldNotCheck));
}
