//! What receivers live through.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use assay::fetch::Limits;
use assay::store::engine::memory::MemoryEngine;
use assay::workers::webhooks::step;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{act, address, get, hook, log, person, reaching, service, work};
use crate::support::app::{TestApp, ana};
use crate::support::faulty::FaultyEngine;
use crate::support::judges::judge;
use crate::support::receiver::{Receiver, Seen};
use crate::support::{repository, skipped};

/// Asks the published library, and node's own Ed25519, about one message; `None` where they are not installed.
#[track_caller]
fn judged(secret: &Value, public_key: &Value, message: &Seen) -> Option<(bool, bool)> {
    if !repository().join("tests/judges/node_modules/standardwebhooks").is_dir() {
        skipped("the judge `webhook` is not installed (npm ci in tests/judges)");
        return None;
    }
    let headers: serde_json::Map<String, Value> =
        message.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let question = json!({ "secret": secret, "publicKey": public_key, "headers": headers, "body": message.body });
    let answer = judge("webhook", &question)?;
    Some((answer["hmac"].as_bool().unwrap(), answer["ed25519"].as_bool().unwrap()))
}

#[tokio::test]
async fn a_receiver_is_told_what_happens_in_order_and_can_prove_who_tells() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let before = service.certify(&person(0)).await;
    let hook = hook(&service, &crm, &[]).await;
    assert!(!work(&service.app).await, "what happened before it was made is not told");
    let award = service.certify(&ana()).await;
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    service.act(&before, "revoke", &json!({ "reason": "holder-request" })).await.expect(200);
    work(&service.app).await;

    let told = crm.seen();
    let kinds: Vec<String> = told.iter().map(Seen::kind).collect();
    assert_eq!(
        kinds,
        ["person.created", "result.recorded", "result.recorded", "award.issued", "award.suspended", "award.revoked"]
    );
    let issued = &told[3];
    assert_eq!((issued.method.as_str(), issued.header("content-type")), ("POST", "application/json"));
    assert_eq!(issued.header("webhook-timestamp"), service.now().timestamp().to_string());
    let body = issued.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["type", "timestamp", "data"]);
    assert_eq!((&body["timestamp"], &body["data"]["award"]), (&json!("2026-11-20T10:00:00Z"), &award["id"]));
    assert!(issued.body.len() < 20_000);
    for message in &told {
        assert!(!message.body.contains("Ana") && !message.body.contains("partner.example"), "{}", message.body);
        assert!(message.header("user-agent").starts_with("Assay/"));
    }
    let ids: HashSet<&str> = told.iter().map(|message| message.header("webhook-id")).collect();
    assert_eq!(ids.len(), told.len());

    assert!(!work(&service.app).await, "nothing is told twice");
    for message in [&told[0], issued] {
        let Some(found) = judged(&hook["secret"], &hook["public_key"], message) else { return };
        assert_eq!(found, (true, true));
    }
    let mut altered = told[0].clone();
    altered.body = altered.body.replace("person.created", "person.deleted");
    assert_eq!(judged(&hook["secret"], &hook["public_key"], &altered), Some((false, false)));
}

#[tokio::test]
async fn a_failure_waits_by_itself_while_the_others_go_on() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let hook = hook(&service, &crm, &["award.*"]).await;
    crm.answers(&[500]);
    service.certify(&person(1)).await;
    service.certify(&person(2)).await;
    work(&service.app).await;
    let first = crm.take();
    assert_eq!(first.len(), 2, "the second is told although the first failed");
    assert!(!work(&service.app).await, "the first is not due yet");

    crm.answers(&[301, 404]);
    for (seconds, seen) in [(6, 1), (370, 1), (2_170, 1)] {
        super::later(&service, TimeDelta::seconds(seconds)).await;
        let again = crm.take();
        assert_eq!(again.len(), seen);
        assert_eq!(again[0].header("webhook-id"), first[0].header("webhook-id"), "the same event has the same id");
        assert_eq!(again[0].body, first[0].body);
        assert_eq!(again[0].header("webhook-timestamp"), service.now().timestamp().to_string(), "of this attempt");
        assert_ne!(again[0].header("webhook-signature"), first[0].header("webhook-signature"));
    }
    super::later(&service, TimeDelta::days(2)).await;
    assert!(crm.take().is_empty(), "a success ends it");
    let issued = |attempt, status| ("award.issued".to_owned(), attempt, status);
    assert_eq!(
        log(&service, &hook).await,
        [issued(1, 500), issued(1, 204), issued(2, 301), issued(3, 404), issued(4, 204)]
    );
}

#[tokio::test]
async fn after_the_last_attempt_a_webhook_is_disabled_and_can_be_enabled() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let hook = hook(&service, &crm, &["award.issued"]).await;
    crm.answers(&[500; 10]);
    service.certify(&person(1)).await;
    work(&service.app).await;
    let least = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for seconds in least {
        assert_eq!(crm.take().len(), 1);
        super::later(&service, TimeDelta::seconds(seconds - 1)).await;
        assert!(crm.seen().is_empty(), "not before {seconds} s");
        super::later(&service, TimeDelta::seconds(seconds / 5 + 1)).await;
    }
    assert_eq!(crm.take().len(), 1, "the tenth and last");
    let shown = get(&service, &address(&hook, "")).await;
    assert_eq!(shown["disabled"]["reason"], "failing");
    let events = get(&service, "/api/v1/events?type=webhook.disabled").await;
    assert_eq!(events["data"][0]["data"], json!({ "webhook": hook["id"] }));

    let letter = to_the_vendor(&service).await.pop().expect("a letter");
    assert_eq!(letter.subject, "The webhook to 127.0.0.1 is disabled");
    let enable = format!("assay webhook enable {}", hook["id"].as_str().unwrap());
    for part in ["every retry failed", "since 2", enable.as_str()] {
        let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(part) && !text.contains("410"), "{part}: {text}");
    }
    assert!(!letter.text.contains(hook["url"].as_str().unwrap()), "its path may be a secret");

    service.certify(&person(2)).await;
    super::later(&service, TimeDelta::days(2)).await;
    assert!(crm.take().is_empty(), "it is told nothing");
    act(&service, &hook, "test").await.expect(409);
    act(&service, &hook, "enable").await.expect(200);
    service.certify(&person(3)).await;
    work(&service.app).await;
    assert_eq!(crm.told(), ["award.issued"], "what happened meanwhile is there to be replayed");
}

#[tokio::test]
async fn who_is_gone_is_told_nothing_more() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let hook = hook(&service, &crm, &["award.*"]).await;
    crm.answers(&[500, 410]);
    for n in 1..4 {
        service.certify(&person(n)).await;
    }
    work(&service.app).await;
    assert_eq!(crm.take().len(), 2);
    assert_eq!(get(&service, &address(&hook, "")).await["disabled"]["reason"], "gone");
    let letters = to_the_vendor(&service).await;
    assert!(letters.len() == 1 && letters[0].text.contains("(410)"), "{letters:?}");
    super::later(&service, TimeDelta::days(3)).await;
    assert!(crm.take().is_empty(), "also not what failed before");
    assert!(!work(&service.app).await, "and that is cleared away");
}

#[tokio::test]
async fn the_vendor_is_not_written_to_about_what_was_done_by_hand_or_mended() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let by_hand = hook(&service, &crm, &["award.*"]).await;
    act(&service, &by_hand, "disable").await.expect(200);
    assert!(to_the_vendor(&service).await.is_empty());
    let meanwhile = hook(&service, &crm, &["award.*"]).await;
    crm.answers(&[410]);
    service.certify(&person(1)).await;
    work(&service.app).await;
    act(&service, &meanwhile, "enable").await.expect(200);
    assert!(to_the_vendor(&service).await.is_empty(), "what is in order again is not told");
}

/// Letters to the address of the program's issuer.
async fn to_the_vendor(service: &TestApp) -> Vec<assay::mail::Letter> {
    assay::workers::tick(&service.app).await.unwrap();
    let mut letters = service.post.taken();
    letters.retain(|letter| letter.message_id.starts_with("webhook-disabled."));
    assert!(letters.iter().all(|letter| letter.to.address == "certification@northwind.example"), "{letters:?}");
    letters
}

#[tokio::test]
async fn who_asks_for_time_gets_it() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    hook(&service, &crm, &["award.*"]).await;
    crm.answers_with(429, &[("retry-after", "600")], "");
    service.certify(&person(1)).await;
    service.certify(&person(2)).await;
    work(&service.app).await;
    assert_eq!(crm.take().len(), 1, "the next would fare no better");
    super::later(&service, TimeDelta::seconds(599)).await;
    assert!(crm.take().is_empty());
    super::later(&service, TimeDelta::seconds(1)).await;
    assert_eq!(crm.told(), ["award.issued", "award.issued"]);

    // Without a word about time it is left alone ever longer.
    crm.answers(&[502, 504, 503]);
    service.certify(&person(3)).await;
    work(&service.app).await;
    for (before, pause) in [(4, 1), (19, 281), (79, 1)] {
        assert_eq!(crm.take().len(), 1);
        super::later(&service, TimeDelta::seconds(before)).await;
        assert!(crm.take().is_empty(), "paused for more than {before} s");
        super::later(&service, TimeDelta::seconds(pause + 1_800)).await;
    }
}

#[tokio::test]
async fn a_slow_receiver_holds_up_nobody_but_itself() {
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    let service = Arc::new(service(&[&slow, &quick]).await);
    hook(&service, &slow, &["award.*"]).await;
    hook(&service, &quick, &["award.*"]).await;
    slow.hangs();
    service.certify(&person(1)).await;
    let app = service.app.clone();
    let round = tokio::spawn(async move { step(&app).await });
    slow.has_seen(1).await;
    quick.has_seen(1).await;
    // Still in the same step: what happens now is told to the one that is quick.
    service.certify(&person(2)).await;
    quick.has_seen(2).await;
    assert_eq!(slow.seen().len(), 1);
    slow.goes_on();
    round.await.unwrap().unwrap();
    work(&service.app).await;
    assert_eq!((slow.told().len(), quick.told().len()), (2, 2));
}

#[tokio::test]
async fn who_does_not_answer_is_tried_again_and_left_alone_meanwhile() {
    let crm = Receiver::start().await;
    let hasty = Limits { whole: Duration::from_millis(100), ..Limits::default() };
    let service = reaching(TestApp::new().await, &[&crm], hasty);
    let hook = hook(&service, &crm, &["award.*"]).await;
    crm.hangs();
    service.certify(&person(1)).await;
    service.certify(&person(2)).await;
    work(&service.app).await;
    assert_eq!(crm.seen().len(), 1, "the second would have to wait as long");
    let tried = get(&service, &address(&hook, "/deliveries?status=failed")).await["data"][0].clone();
    assert_eq!((&tried["delivered"], &tried["status"]), (&json!(false), &Value::Null));
    assert_eq!(tried["error"], format!("{} did not answer within 0 s", crm.place));
    assert_eq!(tried["next_attempt_at"], "2026-11-20T10:00:05Z");
}

#[tokio::test]
async fn while_keys_are_rotated_both_sign() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let old = hook(&service, &crm, &["award.*"]).await;
    let new = act(&service, &old, "rotate").await.expect(200).json()["webhook"].clone();
    assert_ne!((&old["secret"], &old["public_key"]), (&new["secret"], &new["public_key"]));
    assert_eq!(new["rotated_until"], "2026-11-21T10:00:00Z");
    assert!(get(&service, &address(&old, "")).await["secret"].is_null());

    service.certify(&person(1)).await;
    work(&service.app).await;
    service.clock.advance(TimeDelta::hours(24));
    service.certify(&person(2)).await;
    work(&service.app).await;
    let told = crm.take();
    let versions = |message: &Seen| {
        let signatures = message.header("webhook-signature").split(' ').map(|one| one.split(',').next().unwrap());
        signatures.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(versions(&told[0]), ["v1", "v1", "v1a", "v1a"]);
    assert_eq!(versions(&told[1]), ["v1", "v1a"], "the old keys have ended");
    assert!(get(&service, &address(&old, "")).await["rotated_until"].is_null());
    for (keys, message, expected) in
        [(&old, 0, (true, true)), (&new, 0, (true, true)), (&old, 1, (false, false)), (&new, 1, (true, true))]
    {
        let Some(found) = judged(&keys["secret"], &keys["public_key"], &told[message]) else { return };
        assert_eq!(found, expected, "{message}");
    }
}

#[tokio::test]
async fn the_place_survives_a_new_process() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    hook(&service, &crm, &["award.*"]).await;
    crm.answers(&[500]);
    service.certify(&person(1)).await;
    work(&service.app).await;
    let service = service.restarted();
    assert!(!work(&service.app).await);
    service.certify(&person(2)).await;
    super::later(&service, TimeDelta::seconds(10)).await;
    let told = crm.take();
    assert_eq!(told.len(), 3, "the failed one again, and the new one");
    assert_eq!(told[0].header("webhook-id"), told[1].header("webhook-id"));
}

/// Every step of the store fails once: an event may be told twice, under one id, but is never lost or out of order.
#[tokio::test]
async fn a_crash_between_telling_and_recording_tells_twice_under_one_id() {
    let mut repeated = 0;
    for fault in 0.. {
        let crm = Receiver::start().await;
        let engine = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
        let service = reaching(TestApp::over(engine.clone()).await, &[&crm], Limits::default());
        hook(&service, &crm, &["award.*"]).await;
        service.certify(&person(1)).await;
        let award = service.certify(&person(2)).await;
        service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
        engine.fail_within(fault, usize::MAX);
        let broke = step(&service.app).await.is_err();
        let reached = engine.has_failed();
        engine.fail_at(usize::MAX);
        // A new process; others' claims end with time.
        let service = service.restarted();
        super::later(&service, TimeDelta::minutes(2)).await;
        let told = crm.take();
        let mut kinds: Vec<(String, String)> =
            told.iter().map(|message| (message.header("webhook-id").to_owned(), message.kind())).collect();
        let all = kinds.len();
        kinds.dedup();
        repeated += all - kinds.len();
        let kinds: Vec<&str> = kinds.iter().map(|(_, kind)| kind.as_str()).collect();
        assert_eq!(kinds, ["award.issued", "award.issued", "award.suspended"], "step {fault}");
        if !reached {
            assert!(!broke);
            break;
        }
    }
    assert!(repeated >= 3, "each of the three was told and not recorded at some step: {repeated}");
}

/// Two processes on one store: what one has claimed the other leaves alone, and what one told is not told again.
#[tokio::test]
async fn two_processes_do_not_do_the_same_work() {
    let crm = Receiver::start().await;
    let engine = Arc::new(MemoryEngine::new());
    let one = reaching(TestApp::over(engine).await, &[&crm], Limits::default());
    hook(&one, &crm, &["award.*"]).await;
    let first = one.app.clone();
    for n in 0..5 {
        one.certify(&person(n)).await;
    }
    crm.hangs();
    let round = tokio::spawn(async move { step(&first).await });
    crm.has_seen(1).await;
    let two = one.restarted();
    assert!(!step(&two.app).await.unwrap(), "the other is at work");
    crm.goes_on();
    round.await.unwrap().unwrap();
    work(&two.app).await;
    assert_eq!(crm.take().len(), 5);
}
