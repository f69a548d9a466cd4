//! What a connection may not do: say half a request, hold a place, keep the service from stopping.

use std::time::Duration;

use assay::config::HttpConfig;

use super::{SOON, patient, serve, status};

const HALF: &str = "GET /healthz HTTP/1.1\r\nHost: a";
const WHOLE: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
const SHORT: Duration = Duration::from_millis(50);

fn upload(length: usize, more: &str) -> String {
    format!("POST /api/v1/verify HTTP/1.1\r\nHost: a\r\ncontent-length: {length}\r\n{more}\r\n0123456789")
}

#[tokio::test]
async fn half_a_head_is_given_up() {
    let service = serve(HttpConfig { head: SHORT, ..patient("") }).await;
    let mut line = service.connect().await;
    line.say(HALF).await;
    assert!(line.is_ended().await);
}

#[tokio::test]
async fn who_has_nothing_to_ask_is_given_up() {
    let service = serve(HttpConfig { idle: SHORT, ..patient("") }).await;
    assert!(service.connect().await.is_ended().await);
    let mut line = service.connect().await;
    line.say(WHOLE).await;
    assert_eq!(status(&line.answer().await), 200);
    assert!(line.is_ended().await, "also after an answer");
}

#[tokio::test]
async fn a_body_that_stands_still_is_answered_so() {
    let service = serve(HttpConfig { stall: SHORT, ..patient("") }).await;
    for more in ["", "content-type: application/json\r\n", "content-type: multipart/form-data; boundary=x\r\n"] {
        let answer = service.ask(&upload(1_000, more)).await;
        assert_eq!(status(&answer), 408, "{answer}");
        assert!(answer.contains("urn:assay:problem:request-timeout"), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_goes_on_may_take_longer_than_one_piece_may() {
    let stall = Duration::from_secs(1);
    let service = serve(HttpConfig { stall, ..patient("") }).await;
    let mut line = service.connect().await;
    line.say(&upload(10 * 7, "")).await;
    let mut pace = tokio::time::interval(stall / 4);
    pace.tick().await;
    for _ in 0..6 {
        pace.tick().await;
        line.say("0123456789").await;
    }
    assert_eq!(status(&line.answer().await), 200);
}

#[tokio::test]
async fn when_there_is_no_place_the_idle_longest_goes() {
    let service = serve(patient("connections = 3")).await;
    let mut lines = Vec::new();
    for _ in 0..3 {
        let mut line = service.connect().await;
        line.say(WHOLE).await;
        assert_eq!(status(&line.answer().await), 200);
        lines.push(line);
    }
    lines[0].say(WHOLE).await;
    assert_eq!(status(&lines[0].answer().await), 200);
    assert_eq!(status(&service.ask(WHOLE).await), 200);
    assert!(lines[1].is_ended().await);
    for n in [0, 2] {
        lines[n].say(WHOLE).await;
        assert_eq!(status(&lines[n].answer().await), 200, "the others stay");
    }
}

#[tokio::test]
async fn whoever_does_not_go_on_does_not_keep_it_from_stopping() {
    let service = serve(patient("")).await;
    let (mut half, mut idle, mut stalled) = (service.connect().await, service.connect().await, service.connect().await);
    half.say(HALF).await;
    idle.say(WHOLE).await;
    assert_eq!(status(&idle.answer().await), 200);
    stalled.say(&upload(1_000, "")).await;
    let begun = std::time::Instant::now();
    assert!(service.stop().await, "nobody who has asked was cut off");
    assert!(begun.elapsed() < SOON / 2);
    assert!(half.is_ended().await && idle.is_ended().await && stalled.is_ended().await);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let service = serve(patient("")).await;
    let large = format!("GET /healthz HTTP/1.1\r\nHost: a\r\nx: {}\r\n\r\n", "x".repeat(100 << 10));
    assert_eq!(status(&service.ask(&large).await), 431);
}

#[tokio::test]
async fn a_large_upload_comes_whole() {
    let service = serve(patient("")).await;
    let padded = format!("{{\"text\": \"{}\"}}", " ".repeat(300 << 10));
    let head = "POST /api/v1/verify HTTP/1.1\r\nHost: a\r\ncontent-type: application/json\r\n";
    let answer = service.ask(&format!("{head}content-length: {}\r\n\r\n{padded}", padded.len())).await;
    assert_eq!(status(&answer), 200, "{answer}");
    // Nobody reads what is announced as too large.
    assert_eq!(status(&service.ask(&format!("{head}content-length: 20000000\r\n\r\n")).await), 413);
}

#[tokio::test]
async fn no_body_is_read_for_who_may_not_send_it() {
    let service = serve(patient("")).await;
    let reader = service.app.key("reader", assay::id::Realm::Live, &["awards:read"]).await;
    for (path, media) in [
        ("/api/v1/results", "application/json"),
        ("/api/v1/api-keys", "application/json"),
        ("/api/v1/imports", "text/csv"),
        ("/api/v1/webhooks/x/replay", "application/json"),
        ("/feeds/moodle", "application/json"),
        ("/xapi/statements", "application/json"),
        ("/hooks/results/nobody", "application/json"),
        ("/credentials/issue", "application/json"),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nauthorization: Bearer {reader}\r\ncontent-type: {media}\r\n\
             x-experience-api-version: 1.0.3\r\ncontent-length: 500\r\n\r\n"
        );
        let answer = status(&service.ask(&head).await);
        assert!([401, 403, 404].contains(&answer), "{path}: {answer}");
    }
}
