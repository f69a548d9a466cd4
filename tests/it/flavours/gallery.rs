//! [`Gallery`]: credentials as they were fetched, and the judges before whom they are led.

use assay::clock::rfc3339;
use assay::linked_data::{self, Library};
use assay::proof::did::did_web_address;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::support::app::TestApp;
use crate::support::judges::{judge_all, published_contexts};
use crate::support::{json, passed, shared};

/// A credential, what a stranger finds at its addresses, and what must come of it.
pub(super) struct Exhibit {
    name: String,
    credential: Value,
    now: DateTime<Utc>,
    documents: Value,
    expected: Expected,
}

/// What `@digitalbazaar/vc` must say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expected {
    Verifies,
    /// With these words among the reasons.
    Fails(&'static str),
}

/// What that judge must say, and our own verdict.
pub(super) type Outcome = (Expected, &'static str);

/// Nothing is wrong with it.
pub(super) const GOOD: Outcome = (Expected::Verifies, "valid");

/// The bit of its version is set; we know more of why.
pub(super) const fn taken_back(own: &'static str) -> Outcome {
    (Expected::Fails("the status list says: revocation"), own)
}

/// Its last day is over; we know what became of the award.
pub(super) const fn run_out(own: &'static str) -> Outcome {
    (Expected::Fails("is after \"validUntil\""), own)
}

/// The clock of who looks stands before its first moment.
pub(super) const TOO_EARLY: Expected = Expected::Fails("is before \"validFrom\"");

/// The exhibits of one issuer.
pub(super) struct Gallery {
    issuer: &'static str,
    exhibits: Vec<Exhibit>,
    /// With the moment and what was found at the addresses then.
    lists: Vec<(Value, DateTime<Utc>, Value)>,
}

impl Gallery {
    /// Every credential must come from an issuer that begins so.
    pub(super) fn new(issuer: &'static str) -> Self {
        Gallery { issuer, exhibits: Vec::new(), lists: Vec::new() }
    }

    /// Fetches the newest credential of an award and hangs it.
    pub(super) async fn hang(&mut self, app: &TestApp, name: &str, award: &Value, outcome: Outcome) -> Value {
        let credential = fetch(app, award).await;
        self.hang_copy(app, name, &credential, outcome).await;
        credential
    }

    /// Hangs a copy that somebody kept, with what its addresses answer now. Our own verdict on
    /// the same text with one letter changed must be `invalid`.
    pub(super) async fn hang_copy(&mut self, app: &TestApp, name: &str, credential: &Value, outcome: Outcome) {
        let (expected, own) = outcome;
        let name = format!("{name} ({})", credential["name"].as_str().expect("a credential of ours has a name"));
        assert!(credential["issuer"]["id"].as_str().is_some_and(|id| id.starts_with(self.issuer)), "{name}");
        assert_eq!(verdict(app, credential).await, own, "{name}");
        let (place, other) = tampered(credential, self.exhibits.len());
        assert_eq!(verdict(app, &other).await, "invalid", "{name}, {place} changed");

        let address = &credential["credentialStatus"]["statusListCredential"];
        let list = app.get(&app.local(address)).await.expect(200).json();
        let mut documents = Map::new();
        documents.insert(address.as_str().expect("an address").to_owned(), list.clone());
        // A did:key is its own document; that of a did:web lies where the standard says.
        if let Ok(address) = did_web_address(credential["issuer"]["id"].as_str().expect("an issuer")) {
            let document = app.get(&app.local(&json!(address))).await.expect(200).json();
            documents.insert(address, document);
        }
        if !self.lists.iter().any(|(known, at, _)| *known == list && *at == app.now()) {
            self.lists.push((list, app.now(), Value::Object(documents.clone())));
        }
        self.exhibits.push(Exhibit {
            name,
            credential: credential.clone(),
            now: app.now(),
            documents: Value::Object(documents),
            expected,
        });
    }

    /// The same copy before the eyes of one whose clock stands elsewhere; our own verifier has only one clock.
    pub(super) fn again_at(&mut self, now: DateTime<Utc>, expected: Expected) {
        let last = self.exhibits.last().expect("something hangs");
        self.exhibits.push(Exhibit {
            name: format!("{} at {now}", last.name),
            credential: last.credential.clone(),
            now,
            documents: last.documents.clone(),
            expected,
        });
    }

    /// Leads all exhibits before all judges.
    #[track_caller]
    pub(super) fn judge(&self, title: &str) {
        assert!(!self.exhibits.is_empty());
        self.verify(title);
        self.canonize(title);
        self.validate(title);
    }

    /// `@digitalbazaar/vc`: each exhibit, each with one letter changed, and every status list they name.
    #[track_caller]
    fn verify(&self, title: &str) {
        let question = |credential: &Value, now: DateTime<Utc>, documents: &Value| json!({ "credential": credential, "now": rfc3339(now), "documents": documents });
        let mut cases = Vec::new();
        for (n, one) in self.exhibits.iter().enumerate() {
            cases.push((one.name.clone(), one.expected, question(&one.credential, one.now, &one.documents)));
            if one.expected == Expected::Verifies {
                let (place, other) = tampered(&one.credential, n);
                let expected = Expected::Fails("Invalid signature.");
                cases.push((
                    format!("{}, {place} changed", one.name),
                    expected,
                    question(&other, one.now, &one.documents),
                ));
            }
        }
        for (n, (list, now, documents)) in self.lists.iter().enumerate() {
            let name = format!("status list {n}");
            cases.push((name, Expected::Verifies, question(list, *now, documents)));
        }
        let questions: Vec<Value> = cases.iter().map(|(_, _, question)| question.clone()).collect();
        let Some(answers) = judge_all("verify", &embedded_contexts(), &questions) else { return };
        assert_eq!(answers.len(), cases.len());
        let failures: Vec<_> = cases
            .iter()
            .zip(&answers)
            .filter(|((_, expected, _), answer)| !is_as(*expected, answer))
            .map(|((name, expected, _), answer)| format!("{name}: not {expected:?}: {answer:#}"))
            .collect();
        passed(&format!("{title}, by @digitalbazaar/vc"), &failures, cases.len());
    }

    /// jsonld.js, with the contexts as they are published: the same canonical form as ours.
    #[track_caller]
    fn canonize(&self, title: &str) {
        let contexts = published_contexts().unwrap_or_else(embedded_contexts);
        let unsigned: Vec<Value> = self.exhibits.iter().map(|one| without_proof(&one.credential)).collect();
        let questions: Vec<Value> = unsigned.iter().map(|document| json!({ "document": document })).collect();
        let Some(answers) = judge_all("canonize", &contexts, &questions) else { return };
        let failures: Vec<_> = self
            .exhibits
            .iter()
            .zip(unsigned.iter().zip(&answers))
            .filter(|(_, (document, answer))| {
                linked_data::canonicalize(document).ok().as_deref() != answer["nquads"].as_str()
            })
            .map(|(one, (_, answer))| format!("{}: {answer}", one.name))
            .collect();
        passed(&format!("{title}, canonized by jsonld.js"), &failures, answers.len());
    }

    /// The published schema of an AchievementCredential.
    #[track_caller]
    fn validate(&self, title: &str) {
        let Some(shared) = shared() else { return };
        let schema = json(&shared.join("schemas/achievementcredential.json"));
        let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft201909).build(&schema).unwrap();
        let failures: Vec<_> = self
            .exhibits
            .iter()
            .flat_map(|one| {
                validator.iter_errors(&one.credential).map(|e| format!("{}: {}: {e}", one.name, e.instance_path()))
            })
            .collect();
        passed(&format!("{title}, under the published schema"), &failures, self.exhibits.len());
    }
}

/// The newest credential of an award, from its address.
pub(super) async fn fetch(app: &TestApp, award: &Value) -> Value {
    app.get(&app.local(&award["addresses"]["credential"])).await.expect(200).json()
}

/// Our own verdict, by the public address.
pub(super) async fn verdict(app: &TestApp, credential: &Value) -> String {
    let report = app.post("/api/v1/verify", credential).await.expect(200).json();
    report["verdict"].as_str().expect("a report has a verdict").to_owned()
}

/// The contexts that the service itself carries, by address.
pub(super) fn embedded_contexts() -> Value {
    let parsed = |text: &str| serde_json::from_str(text).expect("a context is JSON");
    Value::Object(Library::documents().iter().map(|one| (one.url.to_owned(), parsed(one.text))).collect())
}

/// One letter of one text changed: of the `n`th text, so that many credentials together try them all.
pub(super) fn tampered(credential: &Value, n: usize) -> (String, Value) {
    let mut places = Vec::new();
    texts(credential, String::new(), &mut places);
    let place = places[n % places.len()].clone();
    let mut changed = credential.clone();
    let text = changed.pointer_mut(&place).expect("a place was just found");
    *text = json!(with_one_letter_changed(text.as_str().expect("a text")));
    assert_ne!(changed, *credential);
    (place, changed)
}

/// Texts whose letters carry no meaning for JSON-LD, so that only the signature can tell.
const TEXTS: [&str; 10] = [
    "name",
    "description",
    "narrative",
    "identityHash",
    "salt",
    "caption",
    "targetName",
    "value",
    "valueMin",
    "valueMax",
];

fn texts(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let place = format!("{place}/{name}");
                if value.is_string() && TEXTS.contains(&name.as_str()) {
                    found.push(place);
                } else if name != "proof" {
                    texts(value, place, found);
                }
            }
        }
        Value::Array(values) => {
            for (n, value) in values.iter().enumerate() {
                texts(value, format!("{place}/{n}"), found);
            }
        }
        _ => {}
    }
}

fn with_one_letter_changed(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = letters.iter().rposition(|c| c.is_alphanumeric()).unwrap_or(letters.len() - 1);
    letters[at] = if letters[at] == '3' { '4' } else { '3' };
    letters.into_iter().collect()
}

fn is_as(expected: Expected, answer: &Value) -> bool {
    let errors = answer["errors"].as_array().expect("errors are a list");
    match expected {
        Expected::Verifies => answer["verified"] == true && errors.is_empty(),
        Expected::Fails(because) => {
            answer["verified"] == false && errors.iter().any(|e| e.as_str().is_some_and(|e| e.contains(because)))
        }
    }
}

fn without_proof(credential: &Value) -> Value {
    let mut unsigned = credential.clone();
    unsigned.as_object_mut().expect("a credential is an object").remove("proof");
    unsigned
}
