//! The door to the outside: what goes through it, and every bound on it, against servers on loopback.

use std::time::Duration;

use assay::config::Authority;
use assay::fetch::{Answered, Door, FetchError, Limits, RetryAfter};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::receiver::Receiver;

/// Patient enough for a busy machine, and small enough for a test.
const LIMITS: Limits =
    Limits { most: 1_000, excerpt: 100, connect: Duration::from_secs(5), whole: Duration::from_secs(15) };

fn door(places: &[&str], limits: Limits) -> Door {
    Door::new(places.iter().map(|place| place.parse::<Authority>().unwrap()).collect(), limits)
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, FetchError>, words: &str) {
    assert_eq!(answer.unwrap_err().to_string(), words);
}

/// A server that sends these bytes to whoever connects, and then holds the line or hangs up.
async fn blurts(bytes: Vec<u8>, hangs_up: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let _ = line.read(&mut [0; 4096]).await;
                let _ = line.write_all(&bytes).await;
                if !hangs_up {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    place
}

#[tokio::test]
async fn an_answer_comes_with_its_status_type_and_address() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    host.answers_with(200, &[("content-type", "Application/JSON; charset=utf-8")], "{}");
    let fetched = door.get(&format!("{}#key", host.url()), "application/json").await.unwrap();
    assert_eq!(
        (fetched.status, fetched.media_type.as_str(), &fetched.bytes[..]),
        (200, "application/json", &b"{}"[..])
    );
    assert_eq!(fetched.final_url, host.url());
    host.answers(&[404]);
    assert_eq!(door.get(&host.url(), "*/*").await.unwrap().status, 404);

    let seen = host.take();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("GET", "/hook"));
    let mut names: Vec<&str> = seen[0].headers.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "nothing else is told of us");
    assert_eq!(seen[0].header("accept"), "application/json");
    assert!(seen[0].header("user-agent").starts_with("Assay/"));
}

#[tokio::test]
async fn names_and_numbers_of_this_machine_are_not_asked() {
    let host = Receiver::start().await;
    let port = host.place.rsplit(':').next().unwrap();
    let nothing_allowed = door(&[], LIMITS);
    for (address, words) in [
        (host.url(), "127.0.0.1 is not at a public address"),
        (format!("https://127.0.0.1:{port}/"), "127.0.0.1 is not at a public address"),
        (format!("http://localhost:{port}/"), "localhost must be asked over https"),
        // Looked up, and judged by what was found.
        ("https://localhost/".to_owned(), "localhost is not at a public address"),
        ("https://LOCALHOST/".to_owned(), "localhost is not at a public address"),
    ] {
        refused(nothing_allowed.get(&address, "*/*").await, words);
        refused(nothing_allowed.post(&address, &[], "{}").await, words);
    }
    // Another port of an allowed host is not allowed.
    let elsewhere = door(&["127.0.0.1:1", "localhost:1"], LIMITS);
    refused(elsewhere.get(&host.url(), "*/*").await, "127.0.0.1 is not at a public address");
    refused(elsewhere.get("https://localhost/", "*/*").await, "localhost is not at a public address");
    assert!(host.seen().is_empty());
}

#[tokio::test]
async fn three_redirects_are_followed_and_each_is_judged() {
    let (host, other) = (Receiver::start().await, Receiver::start().await);
    let to = |place: &str| format!("http://{place}/next");
    let both = door(&[&host.place, &other.place], LIMITS);
    for status in [301, 302, 307] {
        host.answers_with(status, &[("location", &to(&other.place))], "");
    }
    for status in [303, 308, 302] {
        other.answers_with(status, &[("location", &to(&host.place))], "");
    }
    // host, other, host, other: the fourth would be sent on once more.
    refused(both.get(&host.url(), "*/*").await, &format!("{} sent the request on more than 3 times", host.place));
    assert_eq!((host.take().len(), other.take().len()), (2, 2));
    let fetched = both.get(&host.url(), "*/*").await.unwrap();
    assert_eq!((fetched.status, fetched.final_url), (204, to(&host.place)), "two more, and there it ends");

    for (location, words) in [
        ("http://127.0.0.1:1/", "127.0.0.1 is not at a public address".to_owned()),
        ("https://localhost/", "localhost is not at a public address".to_owned()),
        ("http://badges.example/", "badges.example must be asked over https".to_owned()),
        (
            "file:///etc/passwd",
            "\"file:///etc/passwd\" is no address of the web, such as https://badges.example/key".to_owned(),
        ),
        ("https://", format!("{} sent the request on to no usable address", host.place)),
    ] {
        host.answers_with(302, &[("location", location)], "");
        refused(both.get(&host.url(), "*/*").await, &words);
    }
    host.answers(&[302]);
    refused(both.get(&host.url(), "*/*").await, &format!("{} sent the request on to no usable address", host.place));
}

#[tokio::test]
async fn what_is_sent_is_sent_to_nobody_else() {
    let (host, other) = (Receiver::start().await, Receiver::start().await);
    let door = door(&[&host.place, &other.place], LIMITS);
    host.answers_with(307, &[("location", &other.url()), ("retry-after", "120")], "elsewhere");
    let headers = [("webhook-id", "1".to_owned()), ("content-type", "application/json".to_owned())];
    let answered = door.post(&host.url(), &headers, "{}").await.unwrap();
    let excerpt = "elsewhere".to_owned();
    assert_eq!(answered, Answered { status: 307, retry_after: Some(RetryAfter::Seconds(120)), excerpt });
    assert!(other.seen().is_empty());
    let seen = host.take();
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_str(), seen[0].header("webhook-id")), ("POST", "{}", "1"));
}

#[tokio::test]
async fn an_answer_is_short() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    host.answers_with(200, &[], &"x".repeat(1_000));
    assert_eq!(door.get(&host.url(), "*/*").await.unwrap().bytes.len(), 1_000);
    host.answers_with(200, &[], &"x".repeat(1_001));
    refused(door.get(&host.url(), "*/*").await, &format!("{} answered more than 1000 bytes", host.place));
    host.answers_with(200, &[], &"x".repeat(1_000_000));
    assert_eq!(door.post(&host.url(), &[], "{}").await.unwrap().excerpt, "x".repeat(100));
    host.answers_with(200, &[("content-encoding", "gzip")], "x");
    refused(door.get(&host.url(), "*/*").await, &format!("{} answered compressed, unasked", host.place));
}

#[tokio::test]
async fn an_answer_is_short_also_when_it_does_not_say_so() {
    let endless = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec(), vec![b'x'; 5_000]].concat();
    let place = blurts(endless, false).await;
    let address = format!("http://{place}/");
    refused(door(&[&place], LIMITS).get(&address, "*/*").await, &format!("{place} answered more than 1000 bytes"));
}

#[tokio::test]
async fn patience_ends() {
    let hasty = Limits { whole: Duration::from_millis(200), ..LIMITS };
    let words = |place: &str| format!("{place} did not answer within 0 s");
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        let place = blurts(bytes.to_vec(), false).await;
        let address = format!("http://{place}/");
        refused(door(&[&place], hasty).get(&address, "*/*").await, &words(&place));
    }
    let place = blurts(Vec::new(), false).await;
    let address = format!("http://{place}/");
    refused(door(&[&place], hasty).post(&address, &[], "{}").await, &words(&place));
    // The status was given: what follows it does not matter.
    let place = blurts(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec(), true).await;
    let address = format!("http://{place}/");
    let answered = door(&[&place], LIMITS).post(&address, &[], "{}").await.unwrap();
    assert_eq!((answered.status, answered.excerpt.as_str()), (200, "half"));
}

#[tokio::test]
async fn what_is_not_http_is_not_an_answer() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(101));
    let long = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "x".repeat(1 << 20));
    for bytes in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        &many,
        &long,
    ] {
        let place = blurts(bytes.as_bytes().to_vec(), true).await;
        let address = format!("http://{place}/");
        let said = door(&[&place], LIMITS).get(&address, "*/*").await;
        refused(said, &format!("{place} did not answer in HTTP, or broke off"));
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let address = format!("http://{closed}/");
    refused(door(&[&closed], LIMITS).get(&address, "*/*").await, &format!("{closed} cannot be reached"));
    // Whoever speaks no TLS at an https address has not proved who it is, or is not there at all: either way, no answer.
    let plain = Receiver::start().await;
    let address = format!("https://{}/", plain.place);
    let said = door(&[&plain.place], LIMITS).get(&address, "*/*").await.unwrap_err();
    assert!(matches!(said, FetchError::Certificate { .. } | FetchError::Unreachable { .. }), "{said}");
}
