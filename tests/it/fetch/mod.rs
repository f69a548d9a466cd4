//! The door to the outside: what goes through it, and every bound on it, against servers on loopback.

mod memory;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use assay::clock::FixedClock;
use assay::config::{Authority, Places};
use assay::fetch::{Answered, Ask, Door, FetchError, Fetched, Limits, RetryAfter};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::app::NOW;
use crate::support::receiver::Receiver;

/// Patient enough for a busy machine, and small enough for a test.
const LIMITS: Limits =
    Limits { excerpt: 100, connect: Duration::from_secs(5), whole: Duration::from_secs(15), per_host: 2, at_once: 3 };

fn door(places: &[&str], limits: Limits) -> Door {
    timed(places, limits).0
}

/// A door, and the clock that it goes by.
fn timed(places: &[&str], limits: Limits) -> (Door, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    let places: Vec<Authority> = places.iter().map(|place| place.parse().unwrap()).collect();
    let places = Places { allow: places.clone(), strangers: places };
    (Door::new(places, limits, clock.clone()), clock)
}

/// Asks for anything, up to 1,000 bytes of it.
async fn get(door: &Door, url: &str) -> Result<Fetched, FetchError> {
    door.get(Ask { url, accept: "*/*", most: 1_000 }).await
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
    let fetched =
        door.get(Ask { url: &format!("{}#key", host.url()), accept: "application/json", most: 1_000 }).await.unwrap();
    assert_eq!(
        (fetched.status, fetched.media_type.as_str(), &fetched.bytes[..]),
        (200, "application/json", &b"{}"[..])
    );
    assert_eq!(fetched.way, [host.url()]);
    host.answers(&[404]);
    assert_eq!(get(&door, &host.url()).await.unwrap().status, 404);

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
        (format!("http://localhost:{port}/"), "localhost is not at a public address"),
        // Looked up, and judged by what was found.
        ("https://localhost/".to_owned(), "localhost is not at a public address"),
        ("https://LOCALHOST/".to_owned(), "localhost is not at a public address"),
    ] {
        refused(get(&nothing_allowed, &address).await, words);
        refused(nothing_allowed.post(&address, &[], "{}").await, words);
    }
    // Another port of an allowed host is not allowed.
    let elsewhere = door(&["127.0.0.1:1", "localhost:1"], LIMITS);
    refused(get(&elsewhere, &host.url()).await, "127.0.0.1 is not at a public address");
    refused(get(&elsewhere, "https://localhost/").await, "localhost is not at a public address");
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
    refused(get(&both, &host.url()).await, &format!("{} sent the request on more than 3 times", host.place));
    assert_eq!((host.take().len(), other.take().len()), (2, 2));
    let fetched = get(&both, &to(&host.place)).await.unwrap();
    assert_eq!(fetched.status, 204, "two more, and there it ends");
    assert_eq!(fetched.way, [&host.place, &other.place, &host.place].map(|place| to(place)));

    let address = |number: usize| format!("{}?{number}", host.url());
    for (number, (location, words)) in [
        ("http://127.0.0.1:1/", "127.0.0.1 is not at a public address".to_owned()),
        ("https://localhost/", "localhost is not at a public address".to_owned()),
        ("http://badges.example/", "badges.example must be asked over https".to_owned()),
        (
            "file:///etc/passwd",
            "\"file:///etc/passwd\" is no address of the web, such as https://badges.example/key".to_owned(),
        ),
        ("https://", format!("{} sent the request on to no usable address", host.place)),
        ("https://10.0.0.1/", "10.0.0.1 is not at a public address".to_owned()),
        ("https://[::ffff:10.0.0.1]/", "[::ffff:a00:1] is not at a public address".to_owned()),
        ("https://router.local./", "router.local is not at a public address".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        host.answers_with(302, &[("location", location)], "");
        refused(get(&both, &address(number)).await, &words);
    }
    host.answers(&[302]);
    refused(get(&both, &address(99)).await, &format!("{} sent the request on to no usable address", host.place));
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
    host.answers_with(200, &[], "x".repeat(1_000));
    assert_eq!(get(&door, &host.url()).await.unwrap().bytes.len(), 1_000);
    host.answers_with(200, &[], "x".repeat(1_001));
    let address = format!("{}?longer", host.url());
    refused(get(&door, &address).await, &format!("{} answered more than 1000 bytes", host.place));
    host.answers_with(200, &[], "x".repeat(1_001));
    let patient = Ask { url: &address, accept: "*/*", most: 1_001 };
    assert_eq!(door.get(patient).await.unwrap().bytes.len(), 1_001, "how much is taken is for whoever asks to say");
    host.answers_with(200, &[], "x".repeat(1_000_000));
    assert_eq!(door.post(&host.url(), &[], "{}").await.unwrap().excerpt, "x".repeat(100));
}

#[tokio::test]
async fn gzip_is_unpacked_as_far_as_an_answer_may_be_long() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    let too_long = format!("{} answered more than 1000 bytes", host.place);
    let broken = format!("{} did not answer in HTTP, or broke off", host.place);
    let packed = |length: usize| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&vec![b'x'; length]).unwrap();
        packer.finish().unwrap()
    };
    let (bomb, whole) = (packed(900_000), packed(1_000));
    assert!(bomb.len() < 1_000, "short enough as it is sent: {}", bomb.len());
    let cut = whole[..whole.len() - 1].to_vec();
    let spoilt = [&whole[..whole.len() - 8], &[0; 8]].concat();
    for (number, (coding, sent, expected)) in [
        ("gzip", whole.clone(), Ok(1_000)),
        ("X-GZIP", whole.clone(), Ok(1_000)),
        ("gzip", [packed(500), packed(500)].concat(), Ok(1_000)),
        ("gzip", Vec::new(), Ok(0)),
        ("gzip", packed(1_001), Err(&too_long)),
        ("gzip", [packed(500), packed(501)].concat(), Err(&too_long)),
        ("gzip", bomb, Err(&too_long)),
        ("gzip", cut, Err(&broken)),
        ("gzip", spoilt, Err(&broken)),
        ("gzip", b"not packed at all".to_vec(), Err(&broken)),
    ]
    .into_iter()
    .enumerate()
    {
        host.answers_with(200, &[("content-encoding", coding)], sent);
        let fetched = get(&door, &format!("{}?{number}", host.url())).await;
        let length = fetched.map(|fetched| fetched.bytes.len()).map_err(|error| error.to_string());
        assert_eq!(length, expected.map_err(Clone::clone), "{number}");
    }
    for (number, coding) in ["br", "deflate", "zstd", "gzip, gzip"].into_iter().enumerate() {
        host.answers_with(200, &[("content-encoding", coding)], &whole);
        let fetched = get(&door, &format!("{}?other{number}", host.url())).await;
        refused(fetched, &format!("{} answered compressed otherwise than in gzip, unasked", host.place));
    }
}

#[tokio::test]
async fn an_answer_is_short_also_when_it_does_not_say_so() {
    let endless = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec(), vec![b'x'; 5_000]].concat();
    let place = blurts(endless, false).await;
    let address = format!("http://{place}/");
    refused(get(&door(&[&place], LIMITS), &address).await, &format!("{place} answered more than 1000 bytes"));
}

#[tokio::test]
async fn patience_ends() {
    let hasty = Limits { whole: Duration::from_millis(200), ..LIMITS };
    let words = |place: &str| format!("{place} did not answer within 0 s");
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        let place = blurts(bytes.to_vec(), false).await;
        let address = format!("http://{place}/");
        refused(get(&door(&[&place], hasty), &address).await, &words(&place));
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
        let said = get(&door(&[&place], LIMITS), &address).await;
        refused(said, &format!("{place} did not answer in HTTP, or broke off"));
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let address = format!("http://{closed}/");
    refused(get(&door(&[&closed], LIMITS), &address).await, &format!("{closed} cannot be reached"));
    // Whoever speaks no TLS at an https address has not proved who it is, or is not there at all: either way, no answer.
    let plain = Receiver::start().await;
    let address = format!("https://{}/", plain.place);
    let said = get(&door(&[&plain.place], LIMITS), &address).await.unwrap_err();
    assert!(matches!(said, FetchError::Certificate { .. } | FetchError::Unreachable { .. }), "{said}");
}
