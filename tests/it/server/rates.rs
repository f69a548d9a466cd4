//! What costs is counted by address, and keys only where a figure is set.

use super::{Served, header, patient, serve, status};

const PROXY: &str = "trusted_proxies = ['127.0.0.1']";

async fn ask(service: &Served, from: &str, call: &str, key: &str, body: &str) -> String {
    let request = format!(
        "{call} HTTP/1.1\r\nHost: a\r\nx-forwarded-for: {from}\r\n{}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        if key.is_empty() { String::new() } else { format!("authorization: Bearer {key}\r\n") },
        body.len()
    );
    service.ask(&request).await
}

async fn stranger(service: &Served, from: &str) -> String {
    ask(service, from, "GET /api/v1/events", "ask_live_wrong", "").await
}

#[tokio::test]
async fn whoever_tries_keys_is_asked_to_wait() {
    let service = serve(patient(PROXY)).await;
    for left in (0..10).rev() {
        let answer = stranger(&service, "198.51.100.7").await;
        assert_eq!(status(&answer), 401);
        assert_eq!(header(&answer, "ratelimit-policy"), Some("\"sign-in\";q=10;w=60"));
        let limit = header(&answer, "ratelimit").unwrap();
        // One comes back every six seconds, on a slow machine perhaps meanwhile.
        assert!((left..left + 3).any(|left| limit.starts_with(&format!("\"sign-in\";r={left};t="))), "{limit}");
    }
    let mut answer = stranger(&service, "198.51.100.7").await;
    while status(&answer) == 401 {
        answer = stranger(&service, "198.51.100.7").await;
    }
    assert_eq!(status(&answer), 429);
    assert!(answer.contains("urn:assay:problem:too-many-requests"), "{answer}");
    let wait: u32 = header(&answer, "retry-after").unwrap().parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    assert_eq!(header(&answer, "ratelimit"), Some(&*format!("\"sign-in\";r=0;t={wait}")));
    assert_eq!(status(&stranger(&service, "198.51.100.8").await), 401, "nobody else is");
    let mine = ask(&service, "198.51.100.7", "GET /api/v1/events", &service.app.live, "").await;
    assert_eq!((status(&mine), header(&mine, "ratelimit")), (200, None), "a key that is good is good");
}

#[tokio::test]
async fn whoever_is_near_and_no_proxy_is_not_counted() {
    for (settings, from) in [("", "198.51.100.7"), (PROXY, "10.0.0.7"), (PROXY, "nonsense")] {
        let service = serve(patient(settings)).await;
        for _ in 0..30 {
            assert_eq!(status(&stranger(&service, from).await), 401, "{settings} {from}");
        }
    }
}

#[tokio::test]
async fn strangers_badges_are_counted_and_ours_are_not() {
    let service = serve(patient(PROXY)).await;
    let verify = async |from: &str, key: &str, body: &str| ask(&service, from, "POST /api/v1/verify", key, body).await;
    let award = service.app.certify(&crate::support::app::ana()).await;
    let mut last = String::new();
    for n in 0..70 {
        last = verify(&format!("198.51.100.{n}"), "", "no badge").await;
        if status(&last) == 429 {
            break;
        }
    }
    assert_eq!(status(&last), 429, "neighbours have one account");
    assert_eq!(header(&last, "ratelimit-policy"), Some("\"verify\";q=60;w=60"));
    assert_eq!(status(&verify("198.51.100.7", "", award["id"].as_str().unwrap()).await), 200);
    assert_eq!(status(&verify("198.51.100.7", &service.app.test, "no badge").await), 200, "whoever has a key is known");
    assert_eq!(status(&verify("198.51.101.7", "", "no badge").await), 200);
    assert_eq!(status(&verify("198.51.100.7", "ask_live_wrong", "no badge").await), 401);
}

#[tokio::test]
async fn links_are_not_mailed_as_often_as_somebody_likes() {
    let service = serve(patient(PROXY)).await;
    let mut last = String::new();
    for _ in 0..12 {
        last = ask(&service, "198.51.100.7", "POST /holder", "", "address=nobody@partner.example").await;
    }
    assert_eq!((status(&last), header(&last, "ratelimit-policy")), (429, Some("\"link\";q=10;w=600")));
}

#[tokio::test]
async fn a_key_is_counted_where_a_figure_is_set() {
    let service = serve(patient("requests_per_key = 5")).await;
    let mut last = String::new();
    for _ in 0..7 {
        last = ask(&service, "", "GET /api/v1/events", &service.app.live, "").await;
    }
    assert_eq!((status(&last), header(&last, "ratelimit-policy")), (429, Some("\"key\";q=5;w=60")));
    assert_eq!(status(&ask(&service, "", "GET /api/v1/events", &service.app.test, "").await), 200);
}
