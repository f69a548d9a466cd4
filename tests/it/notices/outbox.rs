//! Once, and at least once: digests, missed runs, crashes, retries, stops.

use std::time::Duration;

use assay::mail::{PostError, Posted};
use assay::store::{EventKind, Managers};
use assay::workers;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::json;

use super::desk::{certified, change_person, ids, letters, only, reminded, sara, service, tell};
use crate::support::app::{TestApp, ana};

fn busy() -> PostError {
    PostError::temporary("450 try again later")
}

async fn count(service: &TestApp, status: &str) -> usize {
    let view = service.get_key(&format!("/api/v1/mails?status={status}")).await.expect(200).json();
    view["letters"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_one_day_brings_one_reader_is_one_letter() {
    let service = service().await;
    let (one, other) = (certified(&service).await, service.certify(&sara()).await);
    letters(&service).await;
    for award in [&one, &other] {
        change_person(&service, award, |person| {
            person.managers = Managers { firm: Some("boss@partner.example".to_owned()), partner: None };
        })
        .await;
    }
    reminded(&service, &one, 30).await;
    reminded(&service, &other, 30).await;
    let all = letters(&service).await;
    assert_eq!(all.len(), 3, "each holder, and their manager once");
    let boss = all.iter().find(|letter| letter.to.address == "boss@partner.example").unwrap();
    assert_eq!(boss.subject, "Your people’s certifications: 2 things to know");
    assert!(boss.text.contains("Ana Lopes: ") && boss.text.contains("שרה כהן"), "{}", boss.text);
    // What comes later on the same day is another letter; the next day another one too.
    let (id, certification, person, valid_until) = ids(&service, &one).await;
    let reminder = |days| EventKind::AwardReminder {
        award: id,
        certification: certification.clone(),
        person: person.clone(),
        days,
        valid_until,
    };
    tell(&service, vec![reminder(29)]).await;
    assert_eq!(letters(&service).await.len(), 2);
    service.clock.advance(TimeDelta::days(1));
    tell(&service, vec![reminder(28)]).await;
    assert_eq!(letters(&service).await.len(), 2);
}

#[tokio::test]
async fn after_missed_runs_only_the_latest_step_is_told() {
    let service = service().await;
    let award = certified(&service).await;
    let (id, certification, person, valid_until) = ids(&service, &award).await;
    for days in [60, 30, 7] {
        service.clock.set(valid_until - TimeDelta::days(days));
        let days = u32::try_from(days).unwrap();
        let what = EventKind::AwardReminder {
            award: id,
            certification: certification.clone(),
            person: person.clone(),
            days,
            valid_until,
        };
        tell(&service, vec![what]).await;
    }
    let letter = only(letters(&service).await);
    assert_eq!(letter.subject, "Certified Sales Associate expires in 7 days");
    assert!(letter.message_id.starts_with("reminder.7d."), "{}", letter.message_id);
}

#[tokio::test]
async fn the_same_matter_told_twice_is_mailed_once() {
    let service = service().await;
    let award = certified(&service).await;
    for _ in 0..3 {
        reminded(&service, &award, 30).await;
    }
    only(letters(&service).await);
    reminded(&service, &award, 30).await;
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn a_long_feed_is_followed_in_pieces_without_gap_or_repeat() {
    let service = service().await;
    let award = certified(&service).await;
    let (id, certification, person, _) = ids(&service, &award).await;
    let suspended = || EventKind::AwardSuspended {
        award: id,
        certification: certification.clone(),
        person: person.clone(),
        reason: assay::rules::Reason::Other,
    };
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    only(letters(&service).await);
    // More in one commit than one step takes, and a few commits after it.
    tell(&service, (0..100).map(|_| suspended()).collect()).await;
    for _ in 0..3 {
        tell(&service, vec![suspended(), suspended()]).await;
    }
    let all = letters(&service).await;
    assert_eq!(all.len(), 106, "each event is a letter of its own");
    let mut ids: Vec<_> = all.iter().map(|letter| &letter.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 106);
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn a_crash_between_post_and_record_repeats_one_letter_under_its_message_id() {
    let service = service().await;
    service.certify(&ana()).await;
    service.post.then(Posted::TakenInSilence);
    let cut = tokio::time::timeout(Duration::from_millis(200), workers::tick(&service.app)).await;
    assert!(cut.is_err(), "the process ends while the server has the letter");
    let first = only(service.post.taken());
    let service = service.restarted();
    assert!(letters(&service).await.is_empty(), "nobody else takes it while it may be under way");
    service.clock.advance(TimeDelta::seconds(15));
    let again = only(letters(&service).await);
    assert_eq!(again, first);
    assert_eq!(count(&service, "sent").await, 1);
    service.clock.advance(TimeDelta::days(3));
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn a_post_that_fails_after_taking_repeats_the_letter_with_its_message_id() {
    let service = service().await;
    service.certify(&ana()).await;
    service.post.then(Posted::TakenButFailed(busy()));
    let first = only(letters(&service).await);
    service.clock.advance(TimeDelta::minutes(1));
    let again = only(letters(&service).await);
    assert_eq!((&again.message_id, &again.subject), (&first.message_id, &first.subject));
    service.clock.advance(TimeDelta::days(3));
    assert!(letters(&service).await.is_empty());
}

/// A process that dies while the server has a letter leaves it to the next, who cannot know. What became untrue meanwhile is
/// not dropped, since it was told; and what others wait for goes its way.
#[tokio::test]
async fn a_letter_that_may_have_gone_is_sent_again_as_it_was() {
    let service = service().await;
    let award = service.certify(&ana()).await;
    service.certify(&sara()).await;
    service.post.then(Posted::TakenInSilence);
    let cut = tokio::time::timeout(Duration::from_millis(200), workers::tick(&service.app)).await;
    assert!(cut.is_err(), "the process ends while the server has the letter");
    let first = only(service.post.taken());
    let service = service.restarted();
    // The first process had the store to itself: whoever opens it now knows that it is gone.
    assay::service::presence::alone(&service.app).await.unwrap();
    service.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    let all = letters(&service).await;
    assert!(all.contains(&first), "as it was, word for word");
    assert_eq!(all.len(), 3, "Ana's letter again, the revocation, and Sara's letter");
    assert_eq!((count(&service, "sent").await, count(&service, "dropped").await), (3, 0));

    // The line broke after the last byte: the same, without a death.
    service.certify(&json!({ "name": "Cleo", "email": "cleo@partner.example" })).await;
    service.post.then(Posted::TakenButFailed(PostError::uncertain("the line broke")));
    let first = only(letters(&service).await);
    service.clock.advance(TimeDelta::minutes(1));
    assert_eq!(only(letters(&service).await), first);
    assert_eq!((count(&service, "sent").await, count(&service, "dropped").await), (4, 0));
}

/// Where nobody can tell whether a letter came twice, one is under way at a time: no more than that one can.
#[tokio::test]
async fn one_letter_is_under_way_at_a_time() {
    let service = service().await;
    for n in 0..5 {
        service.certify(&json!({ "name": format!("P{n}"), "email": format!("p{n}@partner.example") })).await;
    }
    service.post.then(Posted::TakenInSilence);
    let cut = tokio::time::timeout(Duration::from_millis(200), workers::tick(&service.app)).await;
    assert!(cut.is_err());
    assert_eq!(service.post.taken().len(), 1);
    // Two who work in one process do not take the same letter.
    service.post.then(Posted::TakenInSilence);
    let (one, other) = (Box::pin(workers::tick(&service.app)), Box::pin(workers::tick(&service.app)));
    let both = tokio::time::timeout(Duration::from_millis(500), async { tokio::join!(one, other) }).await;
    assert!(both.is_err(), "one of them waits for the server");
    let all = service.post.taken();
    let mut ids: Vec<_> = all.iter().map(|letter| &letter.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), all.len()), (5, 5), "each letter was taken by one of them");
}

#[tokio::test]
async fn a_letter_that_is_not_taken_is_tried_again_and_given_up_at_last() {
    let service = service().await;
    service.certify(&ana()).await;
    for minutes in [1, 5, 30, 120, 360, 1_440] {
        service.post.then(Posted::Refused(busy()));
        assert!(letters(&service).await.is_empty());
        assert_eq!((count(&service, "queued").await, count(&service, "failed").await), (1, 0));
        service.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert!(letters(&service).await.is_empty(), "not before {minutes} minutes");
        service.clock.advance(TimeDelta::seconds(1));
    }
    service.post.then(Posted::Refused(busy()));
    assert!(letters(&service).await.is_empty());
    let failed = service.get_key("/api/v1/mails").await.expect(200).json();
    let letter = &failed["letters"][0];
    assert_eq!(
        (&letter["kind"], &letter["attempts"], &letter["status"]),
        (&json!("award"), &json!(7), &json!("failed"))
    );
    assert_eq!(letter["address"], "ana@partner.example");
    assert!(letter["error"].as_str().unwrap().contains("450 try again later"), "{letter}");
    assert_eq!(count(&service, "queued").await, 0);
    service.clock.advance(TimeDelta::days(30));
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn a_refusal_for_good_is_given_up_at_once_and_others_still_leave() {
    let service = service().await;
    service.certify(&ana()).await;
    service.certify(&sara()).await;
    service.post.then(Posted::Refused(PostError::permanent("550 no such user")));
    assert_eq!(letters(&service).await.len(), 1);
    assert_eq!((count(&service, "failed").await, count(&service, "sent").await), (1, 1));
}

#[tokio::test]
async fn addresses_are_listed_only_to_who_may_read_people() {
    let service = service().await;
    service.certify(&ana()).await;
    service.post.then(Posted::Refused(PostError::permanent("550 <ana@partner.example> unknown")));
    letters(&service).await;
    let secret = service.key("reader", assay::id::Realm::Live, &["awards:read"]).await;
    let get = |key: String| {
        Request::get("/api/v1/mails?status=failed")
            .header("authorization", format!("Bearer {key}"))
            .body(Body::empty())
            .unwrap()
    };
    let shown = service.send(get(secret)).await.expect(200);
    assert_eq!(shown.json()["letters"][0]["address"], json!(null));
    assert!(!shown.text().contains("ana@partner.example"), "{}", shown.text());
    let test = service.send(get(service.test.clone())).await.expect(200);
    assert_eq!(test.json()["letters"], json!([]));
    service.get("/api/v1/mails").await.expect(401);
}

#[tokio::test]
async fn letters_are_listed_page_by_page() {
    let service = service().await;
    let award = certified(&service).await;
    let (id, certification, person, _) = ids(&service, &award).await;
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    let suspended = || EventKind::AwardSuspended {
        award: id,
        certification: certification.clone(),
        person: person.clone(),
        reason: assay::rules::Reason::Other,
    };
    tell(&service, (0..150).map(|_| suspended()).collect()).await;
    letters(&service).await;
    let first = service.get_key("/api/v1/mails?status=sent").await.expect(200).json();
    assert_eq!(first["letters"].as_array().unwrap().len(), 100);
    let next = first["next"].as_str().unwrap();
    let second = service.get_key(&format!("/api/v1/mails?status=sent&before={next}")).await.expect(200).json();
    assert_eq!((second["letters"].as_array().unwrap().len(), &second["next"]), (52, &json!(null)));
    service.get_key("/api/v1/mails?status=lost").await.expect(400);
}

async fn send_form(service: &TestApp, address: &str, body: &str) -> crate::support::app::Reply {
    let path = service.local(&json!(address));
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    service.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn reminders_stop_with_one_click_and_other_letters_do_not() {
    let service = service().await;
    let award = certified(&service).await;
    reminded(&service, &award, 60).await;
    let stop = only(letters(&service).await).unsubscribe.unwrap().url;
    let asked = service.get(&service.local(&json!(stop))).await.expect(200);
    assert!(asked.text().contains("Stop reminders?"), "{}", asked.text());
    reminded(&service, &award, 30).await;
    assert_eq!(letters(&service).await.len(), 1, "looking stops nothing");
    let done = send_form(&service, &stop, "List-Unsubscribe=One-Click").await.expect(200);
    assert_eq!((done.header("location"), done.header("set-cookie")), ("", ""));
    reminded(&service, &award, 7).await;
    assert!(letters(&service).await.is_empty());
    let (id, certification, person, since) = ids(&service, &award).await;
    service.clock.set(since + TimeDelta::hours(1));
    tell(&service, vec![EventKind::AwardExpired { award: id, certification, person, since }]).await;
    assert_eq!(only(letters(&service).await).subject, "Certified Sales Associate has expired");
    service.act(&award, "renew", &json!({})).await.expect(200);
    only(letters(&service).await);
    send_form(&service, &stop, "resume=yes").await.expect(200);
    reminded(&service, &award, 7).await;
    only(letters(&service).await);
    for bad in ["https://badges.northwind.example/u/x", "https://badges.northwind.example/u/%00%ff"] {
        let status = send_form(&service, bad, "List-Unsubscribe=One-Click").await.status;
        assert!(matches!(status, 400 | 404), "{bad}: {status}");
    }
}
