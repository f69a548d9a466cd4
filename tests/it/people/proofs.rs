//! Letters by which persons prove that an address is theirs, and that they are who they say.

use assay::mail::{PostError, Posted};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::merge::{merge, second};
use super::{change, code, code_in, found, link_in, mails};
use crate::support::app::{PROGRAM, TestApp, ana};

fn busy() -> Posted {
    Posted::Refused(PostError::temporary("450 try again later"))
}

async fn ana_with_another_address(app: &TestApp) -> Value {
    app.certify(&ana()).await;
    mails(app).await;
    let person = found(app, "ana@partner.example").await;
    change(app, &person, "addresses", json!({ "email": "ana@private.example" })).await.expect(200);
    person
}

#[tokio::test]
async fn an_address_is_asked_about_by_a_letter_that_names_nobody() {
    let app = TestApp::new().await;
    ana_with_another_address(&app).await;
    let [letter] = <[_; 1]>::try_from(mails(&app).await).unwrap();
    assert_eq!((letter.to.name.as_deref(), letter.to.address.as_str()), (None, "ana@private.example"));
    assert_eq!(letter.subject, "Confirm this address");
    for part in [&letter.text, &letter.html] {
        assert!(part.contains("24 hours") && part.contains(&link_in(&letter)) && !part.contains("Lopes"), "{part}");
    }
    assert!(letter.unsubscribe.is_none());
    app.send(Request::post(link_in(&letter)).body(Body::empty()).unwrap()).await.expect(200);
    found(&app, "ana@private.example").await;
    assert!(mails(&app).await.is_empty());
}

#[tokio::test]
async fn a_letter_that_was_not_taken_is_tried_again_with_a_link_that_is_as_good() {
    let app = TestApp::new().await;
    ana_with_another_address(&app).await;
    app.post.then(busy());
    app.post.then(Posted::TakenButFailed(PostError::temporary("the line broke")));
    assert!(mails(&app).await.is_empty(), "not taken, and not tried again at once");
    let queued = app.get_key("/api/v1/mails?status=queued").await.expect(200).json();
    assert_eq!(queued["letters"][0]["address"], "ana@private.example", "{queued}");
    app.clock.advance(TimeDelta::minutes(1));
    let [first] = <[_; 1]>::try_from(mails(&app).await).unwrap();
    app.clock.advance(TimeDelta::minutes(5));
    let [again] = <[_; 1]>::try_from(mails(&app).await).unwrap();
    assert_eq!(first.message_id, again.message_id);
    app.clock.advance(TimeDelta::hours(23));
    app.send(Request::post(link_in(&first)).body(Body::empty()).unwrap()).await.expect(200);
    app.send(Request::post(link_in(&again)).body(Body::empty()).unwrap()).await.expect(200);
}

#[tokio::test]
async fn whichever_copy_of_a_letter_arrives_its_code_is_good_for_half_an_hour() {
    for (minutes, expected) in [(28, 200), (29, 422)] {
        let app = TestApp::new().await;
        app.certify(&ana()).await;
        app.certify(&second()).await;
        mails(&app).await;
        let (keep, other) = (found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await);
        change(&app, &keep, "proof", json!({})).await.expect(200);
        app.post.then(Posted::TakenButFailed(PostError::temporary("the line broke")));
        let [first] = <[_; 1]>::try_from(mails(&app).await).unwrap();
        app.clock.advance(TimeDelta::minutes(1));
        let [again] = <[_; 1]>::try_from(mails(&app).await).unwrap();
        assert_eq!(first.message_id, again.message_id);
        assert_ne!(code_in(&first), code_in(&again));
        app.clock.advance(TimeDelta::minutes(minutes));
        let of_other = code(&app, &other).await;
        merge(&app, &keep, &other, &[code_in(&first), of_other]).await.expect(expected);
    }
}

#[tokio::test]
async fn two_records_are_joined_by_the_codes_of_two_letters() {
    let app = TestApp::with_program(&PROGRAM.replace("languages = [\"en\"]", "languages = [\"en\", \"de\"]")).await;
    app.certify(&ana()).await;
    app.certify(&second()).await;
    mails(&app).await;
    let (keep, other) = (found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await);
    change(&app, &other, "language", json!({ "language": "de-AT" })).await.expect(200);
    for person in [&keep, &other] {
        change(&app, person, "proof", json!({})).await.expect(200);
    }
    let mut letters = mails(&app).await;
    letters.sort_by(|one, two| one.to.address.cmp(&two.to.address));
    let said = [("ana@partner.example", "Your code", "30 minutes"), ("ana@second.example", "Ihr Code", "30 Minuten")];
    for (letter, (address, subject, period)) in letters.iter().zip(said) {
        assert_eq!((letter.to.address.as_str(), letter.subject.as_str()), (address, subject));
        let code = code_in(letter);
        assert!([&letter.text, &letter.html].iter().all(|part| part.contains(&code) && part.contains(period)));
    }
    let codes: Vec<String> = letters.iter().map(code_in).collect();
    let seen = app.get_key("/api/v1/mails?status=sent").await.expect(200).text();
    assert!(codes.iter().all(|code| !seen.contains(code)), "codes are in the letters only");
    let merged = merge(&app, &keep, &other, &codes).await.expect(200).json();
    assert_eq!(merged["person"]["id"], keep["id"]);
    merge(&app, &keep, &other, &codes).await;
    assert!(mails(&app).await.is_empty());
}

#[tokio::test]
async fn the_test_realm_mails_nothing() {
    let app = TestApp::new().await;
    let post = |path: String, body: Value| {
        let request = Request::post(path).header("authorization", format!("Bearer {}", app.test));
        app.send(request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap())
    };
    let person = post("/api/v1/people".to_owned(), ana()).await.expect(201).json();
    let person = person["id"].as_str().unwrap();
    post(format!("/api/v1/people/{person}/addresses"), json!({ "email": "ana@private.example" })).await.expect(200);
    post(format!("/api/v1/people/{person}/proof"), json!({})).await.expect(200);
    assert!(mails(&app).await.is_empty());
}
