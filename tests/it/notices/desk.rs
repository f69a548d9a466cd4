//! What the stories share: ticking, reading letters, telling the feed what timers will tell.

use std::process::{Command, Stdio};

use assay::id::{AwardId, CertificationId, EventId, PersonId, Realm};
use assay::mail::Letter;
use assay::rules::{Demand, Standing};
use assay::store::{Changes, Commit, DemandEvent, Digest, Event, EventKind, Person, ReadSet};
use assay::workers;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, TestApp, ana};

/// The starter program with managers told, too, and in two languages.
pub(super) fn program() -> String {
    let (before, after) = PROGRAM.split_once("languages = [\"en\"]").expect("the program names its languages");
    format!("{before}languages = [\"en\", \"de\"]{after}")
}

pub(super) async fn service() -> TestApp {
    TestApp::with_program(&program()).await
}

/// Works until nothing is left to do, and takes away what was posted.
pub(super) async fn letters(service: &TestApp) -> Vec<Letter> {
    workers::tick(&service.app).await.unwrap();
    service.post.taken()
}

/// The only letter.
#[track_caller]
pub(super) fn only(mut letters: Vec<Letter>) -> Letter {
    let subjects: Vec<_> = letters.iter().map(|letter| &letter.subject).collect();
    assert_eq!(letters.len(), 1, "{subjects:?}");
    letters.pop().unwrap()
}

/// Certifies Ana, and lets the mail of it go.
pub(super) async fn certified(service: &TestApp) -> Value {
    let award = service.certify(&ana()).await;
    letters(service).await;
    award
}

/// The standing of an award, as the store has it.
pub(super) async fn standing(service: &TestApp, award: &Value) -> Standing {
    let id: AwardId = award["id"].as_str().unwrap().parse().unwrap();
    let (realm, pointer) = service.app.store.find_award(id).await.unwrap().unwrap();
    let mut reads = ReadSet::new();
    service.app.store.standing(realm, &pointer.person, &pointer.certification, &mut reads).await.unwrap()
}

pub(super) async fn person(service: &TestApp, award: &Value) -> Person {
    let standing = standing(service, award).await;
    service.app.store.person(Realm::Live, &standing.person, &mut ReadSet::new()).await.unwrap().unwrap()
}

/// Writes the person anew.
pub(super) async fn change_person(service: &TestApp, award: &Value, change: impl FnOnce(&mut Person)) {
    let mut person = person(service, award).await;
    change(&mut person);
    let mut changes = Changes::new(Realm::Live);
    changes.person(&person);
    commit(service, changes).await;
}

pub(super) async fn commit(service: &TestApp, changes: Changes) {
    let done = service.app.store.commit(&ReadSet::new(), changes).await.unwrap();
    assert!(matches!(done, Commit::Done(_)));
}

/// What a timer tells the feed, at the service's present moment.
pub(super) async fn tell(service: &TestApp, kinds: Vec<EventKind>) {
    tell_in(service, Realm::Live, kinds).await;
}

pub(super) async fn tell_in(service: &TestApp, realm: Realm, kinds: Vec<EventKind>) {
    let mut changes = Changes::new(realm);
    for what in kinds {
        let recorded_at = service.now();
        changes.event(&Event { id: EventId::new(recorded_at, service.app.ids.as_ref()), recorded_at, realm, what });
    }
    commit(service, changes).await;
}

/// Ids of an award as events have them.
pub(super) async fn ids(service: &TestApp, award: &Value) -> (AwardId, CertificationId, PersonId, DateTime<Utc>) {
    let standing = standing(service, award).await;
    let held = standing.award.unwrap();
    (held.id, standing.certification, standing.person, held.current().valid_until.unwrap())
}

/// So many days are left of the award: moves the clock to the morning of that day and tells.
pub(super) async fn reminded(service: &TestApp, award: &Value, days: u32) {
    let (id, certification, person, valid_until) = ids(service, award).await;
    service.clock.set(valid_until - TimeDelta::days(i64::from(days)) - TimeDelta::hours(12));
    tell(service, vec![EventKind::AwardReminder { award: id, certification, person, days, valid_until }]).await;
}

/// Places a demand on an award, as a recertification does, and tells.
pub(super) async fn demanded(service: &TestApp, award: &Value, demand: Demand) -> DemandEvent {
    let before = standing(service, award).await;
    let mut after = before.clone();
    let held = after.award.as_mut().unwrap();
    let event = DemandEvent {
        award: held.id,
        person: before.person.clone(),
        certification: before.certification.clone(),
        demand: Digest::of(demand.id.as_bytes()),
        kind: demand.kind,
        due: demand.due,
        cutoff: demand.cutoff,
    };
    held.demands.retain(|other| other.id != demand.id);
    held.demands.push(demand);
    let mut changes = Changes::new(Realm::Live);
    changes.standing(&before, &after);
    commit(service, changes).await;
    event
}

/// The address after `label` in a letter's plain text.
#[track_caller]
pub(super) fn link_in(letter: &Letter, part: &str) -> String {
    let found = letter.text.split_whitespace().find(|word| word.starts_with("https://") && word.contains(part));
    found.unwrap_or_else(|| panic!("no {part} in {}", letter.text)).to_owned()
}

/// A letter as another program reads it: headers, and the parts with their types. `None`, said aloud, without Python.
pub(super) fn read_by_another(letter: &Letter) -> Option<Value> {
    const PROGRAM: &str = r"
import sys, json, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = [p for p in m.walk() if not p.is_multipart()]
print(json.dumps({
  'headers': [[k, str(v)] for k, v in m.items()],
  'defects': [str(d) for p in m.walk() for d in p.defects] + [str(d) for v in m.values() for d in getattr(v, 'defects', [])],
  'to': [[a.display_name, a.addr_spec] for a in m['to'].addresses],
  'parts': [{'type': p.get_content_type(), 'name': p.get_filename(), 'method': p.get_param('method'), 'content': p.get_content()} for p in parts],
}))
";
    if !std::path::Path::new("/usr/bin/python3").is_file() && Command::new("python3").arg("--version").output().is_err()
    {
        crate::support::skipped("no python3");
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 was there a moment ago");
    let bytes = letter.message().unwrap().formatted();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), &bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// A second person.
pub(super) fn sara() -> Value {
    json!({ "name": "שרה כהן", "email": "sara@partner.example" })
}
