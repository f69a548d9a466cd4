//! The published schemas, both generations and the "any" schema, as judges of what we say of a badge's shape.

use std::collections::BTreeMap;

use assay::verification::shape::{Flaw, Weight, flaws};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::{json, shared, tally};
use crate::badges::{EVIDENCE, Office};

struct Judges {
    /// Lists wherever several values are possible.
    older: Validator,
    /// What JSON-LD compaction leaves.
    newer: Validator,
    /// The newer one, and the data model 1.1 besides.
    any: Validator,
}

impl Judges {
    fn load() -> Option<Judges> {
        let schemas = shared()?.join("schemas");
        let load = |file: &str| {
            let schema = json(&schemas.join(file));
            let options = jsonschema::options().with_draft(Draft::Draft201909).should_validate_formats(true);
            options.build(&schema).unwrap()
        };
        Some(Judges {
            older: load("ob_v3p0_achievementcredential_schema.published-2024-09.json"),
            newer: load("ob_v3p0_achievementcredential_schema.jsonld-compaction-2026-01.json"),
            any: load("ob_v3p0_anyachievementcredential_schema.jsonld-compaction-2026-01.json"),
        })
    }

    /// What is wrong with what we say of the document, or which kind of case it was.
    fn judge(&self, document: &Value, older_model: bool) -> Result<&'static str, String> {
        let found = flaws(document);
        let grave: Vec<&Flaw> = found.iter().filter(|flaw| flaw.weight == Weight::Required).collect();
        let (older, newer, any) =
            (self.older.is_valid(document), self.newer.is_valid(document), self.any.is_valid(document));
        let accepted = if older_model { any } else { older && newer };
        if found.is_empty() && !accepted {
            let errors: Vec<_> =
                self.newer.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect();
            return Err(format!("refused, but without a flaw (older {older}, newer {newer}, any {any}): {errors:?}"));
        }
        if any && !grave.iter().all(|flaw| is_laxity(document, &flaw.path)) {
            return Err(format!("accepted, but: {grave:?}"));
        }
        Ok(match (accepted, any, found.is_empty(), grave.is_empty()) {
            (true, _, true, _) => "accepted, and no flaw",
            (true, _, false, true) => "accepted, and odd for what the schemas leave to prose",
            (_, true, _, true) => "accepted by one generation, and odd",
            (_, true, _, false) => "accepted for the laxity of the newer one, and refused",
            (_, false, _, true) => "refused, and odd",
            (_, false, _, false) => "refused by all",
        })
    }
}

/// The newer schema takes any single text as `type`, and an object of texts by language, also without any, wherever it
/// takes a text; so it takes one as an issuer, too.
fn is_laxity(document: &Value, path: &str) -> bool {
    let pointer = format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/"));
    let by_language = |value: &Value| {
        value.as_object().is_some_and(|map| map.iter().all(|(name, value)| name.len() == 2 && value.is_string()))
    };
    let lax = |pointer: &str| document.pointer(pointer).is_some_and(by_language);
    let outer = pointer.rsplit_once('/').map_or("", |(outer, _)| outer);
    let any_type = pointer.ends_with("/type") && document.pointer(&pointer).is_some_and(Value::is_string);
    lax(&pointer) || lax(outer) || any_type
}

/// Badges that others published, and ours.
fn badges() -> Vec<(String, Value)> {
    let shared = shared().expect("asked before");
    let mut badges = Vec::new();
    for (folder, signed) in [("examples/ob3-spec", false), ("vectors/derived", true)] {
        for entry in std::fs::read_dir(shared.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let document = json(&path);
            let document = if signed { document["signed"].clone() } else { document };
            let types = document["type"].to_string();
            if types.contains("OpenBadgeCredential") || types.contains("AchievementCredential") {
                badges.push((path.file_name().unwrap().to_str().unwrap().to_owned(), document));
            }
        }
    }
    badges.push(("guide".to_owned(), json(&shared.join("vectors/1edtech-ob3-impl-guide/signed-credential.json"))));
    let ours = Office::on_the_web().issue(|claim| {
        claim.score = Some(assay::decimal::Decimal::from(87.5));
        claim.evidence = &EVIDENCE;
    });
    badges.push(("ours".to_owned(), ours.value().clone()));
    badges.push(("everything".to_owned(), everything()));
    badges.sort_by(|a, b| a.0.cmp(&b.0));
    badges
}

/// A badge with an object of every class in every place.
fn everything() -> Value {
    let image = json!({ "id": "https://x.example/a.png", "type": "Image", "caption": "A" });
    let entry = json!([{ "type": "IdentifierEntry", "identifier": "7", "identifierType": "systemId" }]);
    let alignment = json!([{
        "type": ["Alignment"], "targetName": "A", "targetUrl": "https://x.example/a", "targetCode": "a",
        "targetDescription": "A", "targetFramework": "F", "targetType": "ext:skill",
    }]);
    let proof = json!([{
        "type": "DataIntegrityProof", "created": "2026-05-04T09:30:00Z", "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod", "proofValue": "z1", "verificationMethod": "did:key:z#z", "nonce": "n",
        "challenge": "c", "domain": "d",
    }]);
    let contexts = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        {}
    ]);
    let endorsement = json!([{
        "@context": contexts, "id": "urn:e", "type": ["VerifiableCredential", "EndorsementCredential"], "name": "E",
        "description": "E", "issuer": { "id": "did:web:e.example", "type": ["Profile"] },
        "validFrom": "2026-05-04T09:30:00Z", "awardedDate": "2026-05-04T09:30:00Z", "proof": proof,
        "credentialSubject": { "id": "urn:x", "type": ["EndorsementSubject"], "endorsementComment": "Good" },
    }]);
    let jwt = json!(["eyJh.e30.c2ln"]);
    let profile = json!({
        "id": "did:web:x.example", "type": ["Profile"], "name": "X", "url": "https://x.example", "phone": "1",
        "description": "X", "endorsement": endorsement, "endorsementJwt": jwt, "image": image, "email": "a@x.example",
        "address": {
            "type": ["Address"], "addressCountry": "Portugal", "postalCode": "1",
            "geo": { "type": "GeoCoordinates", "latitude": 1.5, "longitude": 2 },
        },
        "otherIdentifier": entry, "official": "O", "parentOrg": { "id": "did:web:p.example", "type": ["Profile"] },
        "familyName": "F", "dateOfBirth": "1990-12-31",
    });
    let achievement = json!({
        "id": "urn:a", "type": ["Achievement"], "name": "A", "description": "A",
        "criteria": { "id": "https://x.example/c", "narrative": "N" }, "achievementType": "Certification",
        "alignment": alignment, "creator": { "id": "did:web:c.example", "type": ["Profile"] },
        "creditsAvailable": 2, "endorsement": endorsement, "endorsementJwt": jwt, "fieldOfStudy": "F",
        "humanCode": "H", "image": image, "inLanguage": "de-AT", "otherIdentifier": entry,
        "related": [{ "id": "urn:d", "type": ["Related"], "inLanguage": "en", "version": "1" }],
        "resultDescription": [{
            "id": "urn:r", "type": ["ResultDescription"], "name": "R", "resultType": "RubricCriterionLevel",
            "alignment": alignment, "allowedValue": ["1", "2"], "requiredLevel": "urn:l",
            "requiredValue": "1", "valueMin": "1", "valueMax": "2",
            "rubricCriterionLevel": [{
                "id": "urn:l", "type": ["RubricCriterionLevel"], "name": "L", "alignment": alignment,
                "description": "D", "level": "1", "points": "1",
            }],
        }],
        "specialization": "S", "tag": ["a", "b"], "version": "1",
    });
    json!({
        "@context": contexts, "id": "urn:b", "type": ["VerifiableCredential", "AchievementCredential"], "name": "B",
        "description": "B", "image": image, "issuer": profile, "validFrom": "2026-05-04T09:30:00Z",
        "validUntil": "2027-05-04T09:30:00.5+02:00", "awardedDate": "2026-05-04T09:30:00Z",
        "endorsement": endorsement, "endorsementJwt": jwt, "proof": proof,
        "evidence": [{
            "id": "https://x.example/e", "type": ["Evidence"], "narrative": "N", "name": "E", "description": "D",
            "genre": "G", "audience": "A",
        }],
        "credentialSchema": [{ "id": "https://x.example/s", "type": "1EdTechJsonSchemaValidator2019" }],
        "credentialStatus": { "id": "urn:s", "type": "BitstringStatusListEntry" },
        "refreshService": { "id": "https://x.example/r", "type": "1EdTechCredentialRefresh" },
        "termsOfUse": [{ "id": "https://x.example/t", "type": "Terms" }],
        "credentialSubject": {
            "id": "urn:x", "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": true, "identityHash": "sha256$0", "identityType": "emailAddress",
                "salt": "s",
            }],
            "activityStartDate": "2026-05-04T09:30:00Z", "activityEndDate": "2026-05-04T09:30:00Z",
            "creditsEarned": 1.5, "image": image, "licenseNumber": "1", "narrative": "N", "role": "R", "term": "T",
            "source": { "id": "did:web:s.example", "type": ["Profile"] },
            "result": [{
                "type": ["Result"], "achievedLevel": "urn:l", "alignment": alignment, "resultDescription": "urn:r",
                "status": "Completed", "value": "1",
            }],
            "achievement": achievement,
        },
    })
}

/// The same in the shape of the data model 1.1, endorsements too.
fn in_the_older_model(value: &Value) -> Value {
    let renamed = |name: &str| match name {
        "validFrom" => "issuanceDate".to_owned(),
        "validUntil" => "expirationDate".to_owned(),
        other => other.to_owned(),
    };
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (renamed(name), in_the_older_model(value))).collect()
        }
        Value::Array(values) => values.iter().map(in_the_older_model).collect(),
        Value::String(text) if text == "https://www.w3.org/ns/credentials/v2" => {
            json!("https://www.w3.org/2018/credentials/v1")
        }
        other => other.clone(),
    }
}

fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    let mut visit = |name: String, value: &Value| {
        let place = format!("{place}/{name}");
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Value::Array(values) => values.iter().enumerate().for_each(|(n, value)| visit(n.to_string(), value)),
        Value::Object(members) => members.iter().for_each(|(name, value)| visit(name.replace('/', "~1"), value)),
        _ => {}
    }
}

/// Everything that is done to one value; none: it is removed.
fn changes(value: &Value) -> Vec<Option<Value>> {
    let mut changed = vec![
        json!(null),
        json!(true),
        json!(7),
        json!("x"),
        json!("2026-05-04T09:30:00"),
        json!([]),
        json!({}),
        json!({ "en": "x" }),
        json!({ "@value": "x" }),
        json!(["x"]),
        json!([null]),
        json!([value]),
        json!([value, value]),
    ];
    match value {
        Value::Array(values) => {
            changed.extend(values.first().cloned());
            for more in [json!(7), json!(null)] {
                changed.push(Value::Array([values.as_slice(), &[more]].concat()));
            }
        }
        Value::Object(_) => {
            for (name, more) in [("more", json!("x")), ("@more", json!(null)), ("more", json!([]))] {
                let mut object = value.clone();
                object[name] = more;
                changed.push(object);
            }
        }
        Value::String(text) => {
            let texts =
                [format!("{text}x"), format!("ext:{text}"), text.to_uppercase(), String::new(), "ext:a-b".to_owned()];
            changed.extend(texts.map(Value::String));
        }
        _ => {}
    }
    std::iter::once(None).chain(changed.into_iter().filter(|other| other != value).map(Some)).collect()
}

/// Takes out what is there.
fn remove(document: &mut Value, place: &str) {
    let (outer, name) = place.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(outer).expect("a place of it") {
        Value::Object(members) => drop(members.shift_remove(&name.replace("~1", "/"))),
        Value::Array(values) => drop(values.remove(name.parse().expect("a number"))),
        other => panic!("nothing is within {other}"),
    }
}

#[test]
fn the_published_schemas_agree_with_every_flaw_and_with_every_want_of_one() {
    let Some(judges) = Judges::load() else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for (name, badge) in badges() {
        for older_model in [false, true] {
            let badge = if older_model { in_the_older_model(&badge) } else { badge.clone() };
            let mut judge = |document: &Value, what: &dyn Fn() -> String| match judges.judge(document, older_model) {
                Ok(kind) => *counts.entry(kind).or_default() += 1,
                Err(words) => failures.push(format!("{name}, {}: {words}", what())),
            };
            judge(&badge, &|| "as it is".to_owned());
            let mut all = Vec::new();
            places(&badge, "", &mut all);
            for place in &all {
                for change in changes(badge.pointer(place).expect("a place of it")) {
                    let mut changed = badge.clone();
                    match &change {
                        Some(value) => *changed.pointer_mut(place).expect("a place of it") = value.clone(),
                        None => remove(&mut changed, place),
                    }
                    judge(&changed, &|| format!("{place} = {change:?}"));
                }
            }
        }
    }
    for (kind, count) in &counts {
        tally(&format!("shapes {kind}"), *count);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures[..failures.len().min(30)].join("\n"));
}

/// No schema takes a badge without it: then it is a flaw that counts, wherever it stands, but for endorsements.
#[test]
fn what_no_schema_takes_a_badge_without_is_required() {
    let Some(judges) = Judges::load() else { return };
    let mut required = 0;
    for badge in [everything(), in_the_older_model(&everything())] {
        let mut all = Vec::new();
        places(&badge, "", &mut all);
        for place in all.iter().filter(|place| !place.contains("/endorsement/")) {
            let mut changed = badge.clone();
            remove(&mut changed, place);
            if !badge.pointer(place.rsplit_once('/').unwrap().0).unwrap().is_object() || judges.any.is_valid(&changed) {
                continue;
            }
            let found = flaws(&changed);
            let path = place[1..].split('/').fold(String::new(), |path, step| match step.parse::<usize>() {
                Ok(n) => format!("{path}[{n}]"),
                Err(_) if path.is_empty() => step.to_owned(),
                Err(_) => format!("{path}.{step}"),
            });
            assert_eq!(found.len(), 1, "{place}: {found:?}");
            assert_eq!((found[0].path.as_str(), found[0].words.as_str()), (path.as_str(), "is missing"));
            assert_eq!(found[0].weight, Weight::Required, "{place}");
            required += 1;
        }
    }
    tally("members without which no schema takes a badge", required);
}
