//! Persons apart from their addresses: made, found, corrected, joined.

mod addresses;
mod cli;
mod find;
mod forecast;
mod managers;
mod merge;
mod merge_together;
mod name;
mod proofs;

use assay::mail::Letter;
use assay::status_list::Bitstring;
use assay::workers;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, path};

/// With the live key.
async fn show(app: &TestApp, person: &Value) -> Value {
    let id = person["id"].as_str().unwrap();
    let request = Request::get(format!("/api/v1/people/{id}")).header("authorization", format!("Bearer {}", app.live));
    app.send(request.body(Body::empty()).unwrap()).await.expect(200).json()
}

async fn find(app: &TestApp, by: Value) -> Reply {
    app.post("/api/v1/people/find", &by).await
}

async fn found(app: &TestApp, email: &str) -> Value {
    find(app, json!({ "email": email })).await.expect(200).json()
}

/// One change to a person.
async fn change(app: &TestApp, person: &Value, what: &str, body: Value) -> Reply {
    app.post(&format!("/api/v1/people/{}/{what}", person["id"].as_str().unwrap()), &body).await
}

/// The letters by which persons are asked to prove something.
async fn mails(app: &TestApp) -> Vec<Letter> {
    workers::tick(&app.app).await.unwrap();
    let mut posted = app.post.taken();
    posted.retain(|letter| letter.message_id.starts_with("prove-"));
    posted
}

/// The path of the link that was mailed to an address.
async fn link(app: &TestApp, address: &str) -> String {
    let letter = mails(app).await.into_iter().find(|letter| letter.to.address == address).expect("a letter");
    link_in(&letter)
}

/// The path of the link in a letter.
#[track_caller]
fn link_in(letter: &Letter) -> String {
    let found = letter.text.split_whitespace().find(|word| word.contains("/a/")).expect("a link");
    path(&json!(found))
}

/// The code that was mailed to a person.
async fn code(app: &TestApp, person: &Value) -> String {
    change(app, person, "proof", json!({})).await.expect(200);
    let primary = person["addresses"][0]["email"].as_str().unwrap();
    code_in(&mails(app).await.into_iter().find(|letter| letter.to.address == primary).expect("a letter"))
}

/// The code in a letter: a line of its own.
#[track_caller]
fn code_in(letter: &Letter) -> String {
    let is_code = |line: &&str| line.len() == 8 && line.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    letter.text.lines().find(is_code).expect("a code").to_owned()
}

/// An address that is confirmed.
async fn verified(app: &TestApp, person: &Value, address: &str) {
    change(app, person, "addresses", json!({ "email": address })).await.expect(200);
    let link = link(app, address).await;
    app.send(Request::post(link).body(Body::empty()).unwrap()).await.expect(200);
}

async fn credential(app: &TestApp, award: &Value) -> Value {
    app.get(&path(&award["addresses"]["credential"])).await.expect(200).json()
}

async fn report(app: &TestApp, credential: &Value) -> Value {
    app.post("/api/v1/verify", credential).await.expect(200).json()
}

/// Whether a stranger sees in the status list that the copy was taken back.
async fn is_taken_back(app: &TestApp, credential: &Value) -> bool {
    let status = &credential["credentialStatus"];
    let list = app.get(&path(&status["statusListCredential"])).await.expect(200).json();
    let bits = Bitstring::decode(list["credentialSubject"]["encodedList"].as_str().unwrap()).unwrap();
    bits.get(status["statusListIndex"].as_str().unwrap().parse().unwrap()).unwrap()
}

/// Every event of the feed, as one text and by type.
async fn events(app: &TestApp) -> Vec<Value> {
    let feed = app.app.store.engine().feed(assay::store::Position::START, 10_000, std::time::Duration::ZERO);
    feed.await.unwrap().entries.iter().map(|entry| serde_json::from_slice(&entry.doc).unwrap()).collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// One result of a person with this address.
fn result(id: &str, (name, email): (&str, &str), certification: &str, requirement: &str, at: &str) -> Value {
    let mut result = json!({
        "id": id, "person": { "name": name, "email": email }, "certification": certification,
        "requirement": requirement, "outcome": if requirement == "exam" { "passed" } else { "completed" }, "at": at,
    });
    if requirement == "exam" {
        result["score"] = json!(84);
    }
    result
}
