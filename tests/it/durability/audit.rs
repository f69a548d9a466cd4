//! Whether everything in a store fits together: every index leads to what it names, every change was told once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use assay::rules::Standing;
use assay::store::{
    Answered, AwardPointer, Engine, KeyRange, Page, Person, Position, SignedCredential, Versioned, sha256_hex,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The realm and the parts of a key.
type Place = Vec<String>;

/// A whole store, read and found to be sound.
pub(super) struct Books {
    rows: BTreeMap<Place, Versioned>,
    /// By number.
    pub(super) awards: BTreeMap<String, Standing>,
    /// As told by the feed, with the position of each.
    pub(super) events: Vec<(u64, Value)>,
}

/// Reads everything and panics at whatever does not fit.
pub(super) async fn audit(engine: &dyn Engine) -> Books {
    let mut books = Books { rows: rows(engine).await, awards: BTreeMap::new(), events: events(engine).await };
    books.persons();
    books.awards = books.standings();
    books.pointers();
    books.credentials();
    books.results();
    books.bits();
    books.feed();
    books
}

async fn rows(engine: &dyn Engine) -> BTreeMap<Place, Versioned> {
    let (mut all, mut page) = (BTreeMap::new(), Page::first(10_000));
    loop {
        let rows = engine.scan(&KeyRange::all(), page.clone()).await.unwrap();
        for (key, row) in rows.rows {
            let mut place = key.parts();
            if place[0] != "test" {
                place.insert(0, "live".to_owned());
            }
            all.insert(place, row);
        }
        match rows.next {
            Some(next) => page = page.after(next),
            None => return all,
        }
    }
}

async fn events(engine: &dyn Engine) -> Vec<(u64, Value)> {
    let (mut events, mut after) = (Vec::new(), Position::START);
    loop {
        let feed = engine.feed(after, 500, Duration::ZERO).await.unwrap();
        if feed.entries.is_empty() {
            return events;
        }
        events.extend(feed.entries.iter().map(|e| (e.position.0, serde_json::from_slice(&e.doc).unwrap())));
        after = feed.upto;
    }
}

impl Books {
    /// Everything of one kind: where it is, and what.
    fn all<T: DeserializeOwned>(&self, kind: &str) -> Vec<(&[String], T, u64)> {
        let rows = self.rows.iter().filter(|(place, _)| place[1] == kind);
        rows.map(|(place, row)| (place.as_slice(), parse(place, row), row.version.0)).collect()
    }

    #[track_caller]
    fn at<T: DeserializeOwned>(&self, place: &[&str]) -> T {
        let place: Place = place.iter().map(|part| (*part).to_owned()).collect();
        let row = self.rows.get(&place).unwrap_or_else(|| panic!("nothing at {place:?}"));
        parse(&place, row)
    }

    fn persons(&self) {
        for (place, person, _) in self.all::<Person>("p") {
            assert_eq!(place[2], person.id.as_str());
            for email in &person.emails {
                assert_eq!(self.at::<String>(&[&place[0], "email", email]), place[2]);
            }
            for x in &person.external {
                assert_eq!(self.at::<String>(&[&place[0], "ext", &x.system, &x.id]), place[2]);
            }
        }
        for (place, id, _) in self.all::<String>("email") {
            assert!(self.at::<Person>(&[&place[0], "p", &id]).emails.contains(&place[2]), "{place:?}");
        }
        for (place, id, _) in self.all::<String>("ext") {
            let person: Person = self.at(&[&place[0], "p", &id]);
            assert!(person.external.iter().any(|x| x.system == place[2] && x.id == place[3]), "{place:?}");
        }
    }

    fn standings(&self) -> BTreeMap<String, Standing> {
        let mut awards = BTreeMap::new();
        let mut indices = BTreeSet::new();
        let mut timers = 0;
        for (place, standing, _) in self.all::<Standing>("s") {
            let [realm, _, person, certification] = place else { panic!("{place:?}") };
            assert_eq!((standing.person.as_str(), standing.certification.as_str()), (&**person, &**certification));
            self.at::<Person>(&[realm, "p", person]);
            for result in &standing.results {
                self.at::<Answered>(&[realm, "r", &result.source, &result.id]);
            }
            let Some(award) = standing.award.clone() else {
                assert_eq!(standing.due, None);
                continue;
            };
            let pointer: AwardPointer = self.at(&[realm, "a", award.id.as_str()]);
            assert_eq!((&pointer.person, &pointer.certification), (&standing.person, &standing.certification));
            let numbers: Vec<u32> = award.versions.iter().map(|version| version.number.0).collect();
            assert!(numbers.iter().copied().eq(1..=award.versions.len() as u32), "{numbers:?}");
            for version in &award.versions {
                assert!(indices.insert((realm.clone(), version.list, version.index)), "an index was given away twice");
                let number = format!("{:04}", version.number.0);
                let signed: SignedCredential = self.at(&[realm, "c", person, certification, &number]);
                assert_eq!((&signed.kid, &signed.sha256), (&version.kid, &sha256_hex(signed.text.as_bytes())));
                let credential: Value = serde_json::from_str(&signed.text).unwrap();
                assert!(credential["id"].as_str().unwrap().ends_with(award.id.as_str()));
                assert_eq!(credential["credentialStatus"]["statusListIndex"], version.index.to_string());
            }
            if let Some(due) = standing.due {
                let place = [realm, "due", &assay::clock::rfc3339(due), "award", award.id.as_str()];
                assert_eq!(self.at::<String>(&place), award.id.as_str());
                timers += 1;
            }
            let before = awards.insert(award.id.to_string(), standing);
            assert_eq!(before, None, "a number was given away twice");
        }
        assert_eq!(self.all::<String>("due").len(), timers, "a timer that no award has");
        awards
    }

    fn pointers(&self) {
        for (place, pointer, version) in self.all::<AwardPointer>("a") {
            let standing: Standing =
                self.at(&[&place[0], "s", pointer.person.as_str(), pointer.certification.as_str()]);
            let award = standing.award.unwrap_or_else(|| panic!("{place:?} leads to no award"));
            assert_eq!(award.id.as_str(), place[2]);
            let told = self.events.iter().filter(|(_, e)| e["type"] == "award.issued" && e["award"] == *place[2]);
            assert_eq!(told.map(|(at, _)| *at).collect::<Vec<_>>(), [version], "an award is told once, where it began");
        }
    }

    fn credentials(&self) {
        let signed = self.all::<SignedCredential>("c");
        let versions: usize =
            self.awards.values().map(|s| s.award.as_ref().map_or(0, |award| award.versions.len())).sum();
        assert_eq!(signed.len(), versions, "a credential that no award has");
        for (place, signed, version) in signed {
            let told = self.events.iter().filter(|(_, event)| event["credential"] == *signed.sha256);
            assert_eq!(told.map(|(at, _)| *at).collect::<Vec<_>>(), [version], "{place:?}");
        }
    }

    fn results(&self) {
        let results = self.all::<Answered>("r");
        for (place, answered, _) in &results {
            if let Some(award) = answered.answer["award"]["id"].as_str() {
                self.at::<AwardPointer>(&[&place[0], "a", award]);
            }
            assert_eq!(answered.answer["result"], place[3]);
        }
        let mut told = self.positions("result.recorded");
        let mut written: Vec<u64> = results.iter().map(|(_, _, version)| *version).collect();
        told.sort_unstable();
        written.sort_unstable();
        assert_eq!(told, written, "a result is told once, where it was recorded");
        let raw = self.rows.keys().filter(|place| place[1] == "raw" && place.last().is_some_and(|n| n == "0000"));
        assert_eq!(raw.count(), results.len());
        let recorded: usize = self.all::<Standing>("s").iter().map(|(_, standing, _)| standing.results.len()).sum();
        assert_eq!(recorded, results.len());
        for (place, answered, _) in self.all::<Answered>("idem") {
            self.at::<AwardPointer>(&[&place[0], "a", answered.answer["id"].as_str().unwrap()]);
        }
    }

    fn bits(&self) {
        for (place, index, _) in self.all::<u32>("bit") {
            self.at::<u32>(&[&place[0], "listmark", &place[2]]);
            let list: u32 = place[2].parse().unwrap();
            let awards = self.awards.values().filter_map(|standing| standing.award.as_ref());
            let mut versions = awards.flat_map(|award| &award.versions);
            assert!(versions.any(|v| (v.list, v.index) == (list, index)), "{place:?} belongs to no award");
        }
    }

    fn feed(&self) {
        let ids: BTreeSet<&str> = self.events.iter().map(|(_, event)| event["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), self.events.len(), "an event was told twice");
        assert_eq!(self.positions("person.created").len(), self.all::<Person>("p").len());
        for (number, standing) in &self.awards {
            let history = &standing.award.as_ref().expect("it has one").history;
            let told = self.events.iter().filter(|(_, event)| event["award"] == **number);
            assert_eq!(told.count(), history.len(), "{number}: every line of the history is told once");
            for (line, _) in history.iter().enumerate().skip(1) {
                let noted = self.rows.keys().any(|p| p[1..] == ["note", number, &format!("{line:06}")]);
                let renewed_by_result = matches!(history[line].what, assay::rules::Happening::Renewed { .. });
                assert!(noted || renewed_by_result, "{number}: nobody did line {line}");
            }
        }
    }

    fn positions(&self, kind: &str) -> Vec<u64> {
        self.events.iter().filter(|(_, event)| event["type"] == kind).map(|(at, _)| *at).collect()
    }

    /// Everything but what is random or may be lost (ids, signatures, leases of indices): two stores in which the same
    /// happened have the same.
    pub(super) fn masked(&self) -> Vec<String> {
        let rows = self.rows.iter().filter(|(place, _)| place[1] != "list" && place[1] != "e");
        let mut all: Vec<String> = rows.map(|(place, row)| format!("{}: {}", place[1], masked_doc(&row.doc))).collect();
        all.sort();
        all.extend(self.events.iter().map(|(_, event)| format!("event: {}", mask(event.clone()))));
        all
    }
}

#[track_caller]
fn parse<T: DeserializeOwned>(place: &[String], row: &Versioned) -> T {
    serde_json::from_slice(&row.doc).unwrap_or_else(|error| panic!("{place:?}: {error}"))
}

fn masked_doc(doc: &[u8]) -> String {
    match serde_json::from_slice::<Value>(doc) {
        // An id, a hash or an index alone.
        Ok(Value::String(_) | Value::Number(_)) => "…".to_owned(),
        Ok(value) => mask(value).to_string(),
        Err(_) => sha256_hex(doc),
    }
}

/// Members whose values differ from run to run.
const RANDOM: [&str; 17] = [
    "active",
    "addresses",
    "award",
    "created",
    "credential",
    "did",
    "hash",
    "id",
    "index",
    "key",
    "kid",
    "number",
    "person",
    "secret",
    "sha256",
    "subject",
    "text",
];

/// Puts `…` in place of what differs from run to run.
pub(super) fn mask(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(mask).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| match value {
                Value::String(_) | Value::Number(_) if RANDOM.contains(&name.as_str()) => (name, "…".into()),
                Value::Object(_) if name == "addresses" => (name, "…".into()),
                value => (name, mask(value)),
            });
            Value::Object(members.collect())
        }
        plain => plain,
    }
}
