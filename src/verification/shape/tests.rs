//! Each kind of flaw, where it is found and how grave it is. The published schemas judge the rest in `tests/it`.

use serde_json::{Value, json};

use super::{DEEPEST, MOST, Weight, flaws};

/// A whole badge, without a flaw.
fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Teamwork",
        "issuer": { "id": "did:web:badges.example", "type": ["Profile"], "name": "Northwind" },
        "validFrom": "2026-05-04T09:30:00Z",
        "credentialSubject": {
            "id": "did:example:ana",
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": false, "identityHash": "Ana", "identityType": "name",
            }],
            "creditsEarned": 3,
            "result": [{ "type": ["Result"], "status": "Completed" }],
            "achievement": {
                "id": "https://badges.example/achievements/teamwork",
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works with others.",
                "criteria": { "narrative": "Work with others." },
                "image": { "id": "https://badges.example/teamwork.png", "type": "Image" },
            },
        },
        "proof": [{ "type": "DataIntegrityProof", "created": "2026-05-04T09:30:00Z" }],
    })
}

/// The only flaw after a change, as `(path, words, weight)`.
#[track_caller]
fn check(change: impl FnOnce(&mut Value), path: &str, words: &str, weight: Weight) {
    let mut changed = badge();
    change(&mut changed);
    let found = flaws(&changed);
    let found: Vec<_> = found.iter().map(|flaw| (flaw.path.as_str(), flaw.words.as_str(), flaw.weight)).collect();
    assert_eq!(found, [(path, words, weight)]);
}

fn remove(object: &mut Value, member: &str) {
    object.as_object_mut().unwrap().shift_remove(member);
}

#[test]
fn a_whole_badge_has_no_flaw() {
    assert_eq!(flaws(&badge()), []);
    let mut older = badge();
    older["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    remove(&mut older, "validFrom");
    older["issuanceDate"] = json!("2026-05-04T09:30:00Z");
    assert_eq!(flaws(&older), []);
}

#[test]
fn what_is_required_is_told_where_it_is_missing() {
    use Weight::Required;
    fn achievement(badge: &mut Value) -> &mut Value {
        &mut badge["credentialSubject"]["achievement"]
    }
    let criteria = "credentialSubject.achievement.criteria";
    check(|b| remove(achievement(b), "criteria"), criteria, "is missing", Required);
    check(|b| achievement(b)["criteria"] = json!(null), criteria, "is null", Required);
    check(|b| achievement(b)["criteria"] = json!("x"), criteria, "is a text, not an object", Required);
    check(
        |b| achievement(b)["name"] = json!(7),
        "credentialSubject.achievement.name",
        "is a number, not a text",
        Required,
    );
    check(
        |b| achievement(b)["image"]["id"] = json!([]),
        "credentialSubject.achievement.image.id",
        "is an empty list",
        Required,
    );
    check(|b| remove(b, "credentialSubject"), "credentialSubject", "is missing", Required);
    check(|b| b["validFrom"] = json!("yesterday"), "validFrom", "is not a date with time and time zone", Required);
    check(|b| b["validFrom"] = json!({ "en": "x" }), "validFrom", "is an object, not a text", Required);
    check(|b| b["type"] = json!(["VerifiableCredential"]), "type", "does not name OpenBadgeCredential", Required);
    check(
        |b| achievement(b)["type"] = json!("Course"),
        "credentialSubject.achievement.type",
        "does not name Achievement",
        Required,
    );
    check(|b| remove(&mut b["proof"][0], "type"), "proof[0].type", "is missing", Required);
    check(
        |b| {
            let subject = b["credentialSubject"].take();
            b["credentialSubject"] = json!([subject, subject]);
        },
        "credentialSubject",
        "has 2 values",
        Required,
    );
    let mut nameless = badge();
    remove(achievement(&mut nameless), "criteria");
    assert_eq!(flaws(&nameless)[0].fix, "add an object with an id or a narrative that says how it is earned");
}

#[test]
fn what_does_no_harm_is_odd() {
    use Weight::Odd;
    check(|b| b["name"] = json!(null), "name", "is null", Odd);
    check(|b| b["name"] = json!({ "@value": "Teamwork" }), "name", "is an object with the text in it", Odd);
    check(|b| b["name"] = json!({ "en": "Teamwork" }), "name", "is an object with texts by language", Odd);
    check(|b| b["issuer"] = json!("did:web:x"), "issuer", "does not describe the issuer", Odd);
    check(|b| b["proof"] = b["proof"][0].clone(), "proof", "is a single value", Odd);
    check(|b| b["credentialSubject"] = json!([b["credentialSubject"]]), "credentialSubject", "is a list", Odd);
    check(|b| b["validFrom"] = json!("2026-05-04T09:30:00"), "validFrom", "has no time zone and is read as UTC", Odd);
    check(|b| b["awardedDate"] = json!("2026"), "awardedDate", "is not a date with time and time zone", Odd);
    check(|b| b["type"] = json!(["OpenBadgeCredential"]), "type", "does not name VerifiableCredential", Odd);
    check(|b| b["evidence"] = json!([]), "evidence", "is an empty list", Odd);
    check(|b| b["other"] = json!({ "list": [{ "one": null }] }), "other.list[0].one", "is null", Odd);
    check(|b| b["image"] = json!("https://x.example"), "image", "is a text, not an object", Odd);
    check(
        |b| b["credentialStatus"] = json!({ "type": "BitstringStatusListEntry" }),
        "credentialStatus",
        "has no id",
        Odd,
    );
    check(
        |b| b["credentialSubject"]["achievement"]["criteria"] = json!({}),
        "credentialSubject.achievement.criteria",
        "says nothing",
        Odd,
    );
    check(
        |b| {
            remove(&mut b["credentialSubject"], "id");
            remove(&mut b["credentialSubject"], "identifier");
        },
        "credentialSubject",
        "does not say who holds it",
        Odd,
    );
    check(
        |b| b["credentialSubject"]["identifier"][0]["id"] = json!("x"),
        "credentialSubject.identifier[0].id",
        "is not a member that this object may have",
        Odd,
    );
    check(
        |b| b["credentialSubject"]["result"][0]["status"] = json!("Done"),
        "credentialSubject.result[0].status",
        "is not a word that the standard knows",
        Odd,
    );
    check(
        |b| b["credentialSubject"]["creditsEarned"] = json!("3"),
        "credentialSubject.creditsEarned",
        "is a text, not a number",
        Odd,
    );
}

#[test]
fn contexts_come_in_their_order() {
    use Weight::{Odd, Required};
    let swap = |b: &mut Value| b["@context"].as_array_mut().unwrap().swap(0, 1);
    check(swap, "@context", "does not begin with the context of verifiable credentials", Odd);
    let second = "does not have the context of Open Badges 3.0 in second place";
    check(|b| b["@context"][1] = json!("https://other.example"), "@context", second, Odd);
    check(|b| b["@context"] = json!("https://www.w3.org/ns/credentials/v2"), "@context", "is a text, not a list", Odd);
    check(|b| b["@context"] = json!([]), "@context", "is an empty list", Required);
    check(|b| b["@context"] = json!(7), "@context", "is a number, not a list", Required);
    check(|b| b["@context"].as_array_mut().unwrap().push(json!(7)), "@context[2]", "is a number, not a context", Odd);
}

#[test]
fn what_is_wrong_with_an_endorsement_is_not_the_badges_fault() {
    let endorse = |b: &mut Value| {
        let mut endorsement = b.clone();
        endorsement["type"] = json!(["VerifiableCredential", "EndorsementCredential"]);
        endorsement["credentialSubject"] = json!({ "id": "urn:x", "type": ["EndorsementSubject"] });
        remove(&mut endorsement, "name");
        b["endorsement"] = json!([endorsement]);
    };
    check(endorse, "endorsement[0].name", "is missing", Weight::Odd);
}

#[test]
fn flaws_are_bounded_and_the_grave_ones_come_first() {
    let mut flooded = badge();
    let odd = json!({ "type": ["Evidence"], "name": null });
    flooded["evidence"] = Value::Array(vec![odd; 10_000]);
    flooded["credentialSubject"]["achievement"]["name"] = json!(7);
    flooded["termsOfUse"] = json!([{}]);
    let found = flaws(&flooded);
    assert_eq!(found.len(), MOST);
    let grave: Vec<_> = found.iter().filter(|flaw| flaw.weight == Weight::Required).map(|f| f.path.as_str()).collect();
    assert_eq!(grave, ["credentialSubject.achievement.name", "termsOfUse[0].type"]);
    assert_eq!(found[0].weight, Weight::Required);

    let mut named = badge();
    named["x".repeat(5_000)] = json!(null);
    assert_eq!(flaws(&named)[0].path.chars().count(), 201, "a name of a stranger's, cut");
}

#[test]
fn what_lies_too_deep_to_be_looked_at_counts() {
    let nested = |levels: usize| {
        let firm = |parent: Option<Value>| {
            let mut firm = json!({ "id": "did:web:x.example", "type": ["Profile"] });
            if let Some(parent) = parent {
                firm["parentOrg"] = parent;
            }
            firm
        };
        let mut badge = badge();
        // The credential is the first object.
        badge["issuer"] = (1..levels).fold(None, |inner, _| Some(firm(inner))).unwrap();
        badge
    };
    assert_eq!(flaws(&nested(DEEPEST)), []);
    let found = flaws(&nested(DEEPEST + 1));
    assert_eq!((found.len(), found[0].weight), (1, Weight::Required));
    assert_eq!(found[0].words, "lies too deep to be looked at");
}
