//! What the door remembers: answers, failures, and what is under way. Nobody here waits for time to pass.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn an_answer_is_given_again_until_its_time_is_over() {
    let host = Receiver::start().await;
    let (door, clock) = timed(&[&host.place], LIMITS);
    host.answers_with(200, &[("cache-control", "public, max-age=300"), ("content-type", "text/plain")], "first");
    host.answers_with(200, &[], "second");
    host.answers_with(200, &[], "third");

    let first = get(&door, &host.url()).await.unwrap();
    assert_eq!((&first.bytes[..], first.from_cache), (&b"first"[..], false));
    assert_eq!(first.fetched_at, NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    clock.advance(TimeDelta::seconds(299));
    let again = get(&door.clone(), &format!("{}#part", host.url())).await.unwrap();
    assert_eq!(again, Fetched { from_cache: true, ..first.clone() }, "a clone remembers the same, and when that was");
    assert_eq!(host.seen().len(), 1);

    clock.advance(TimeDelta::seconds(1));
    let second = get(&door, &host.url()).await.unwrap();
    assert_eq!((&second.bytes[..], second.from_cache), (&b"second"[..], false));
    assert_eq!(second.fetched_at - first.fetched_at, TimeDelta::seconds(300));
    clock.advance(TimeDelta::seconds(59));
    assert!(get(&door, &host.url()).await.unwrap().from_cache, "a minute where nothing is said");
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(&get(&door, &host.url()).await.unwrap().bytes[..], b"third");
    assert_eq!(host.seen().len(), 3);
}

#[tokio::test]
async fn what_a_host_does_not_want_kept_is_not() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    for (number, control) in ["no-store", "no-cache", "max-age=0"].into_iter().enumerate() {
        let address = format!("{}?{number}", host.url());
        for _ in 0..2 {
            host.answers_with(200, &[("cache-control", control)], control);
            assert!(!get(&door, &address).await.unwrap().from_cache, "{control}");
        }
        assert_eq!(host.take().len(), 2, "{control}");
    }
}

#[tokio::test]
async fn another_representation_is_another_answer() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    for (accept, most) in [("application/json", 1_000), ("image/png", 1_000), ("image/png", 2_000)] {
        host.answers_with(200, &[], accept);
        let ask = Ask { url: &host.url(), accept, most };
        for from_cache in [false, true] {
            let fetched = door.get(ask).await.unwrap();
            assert_eq!((&fetched.bytes[..], fetched.from_cache), (accept.as_bytes(), from_cache));
        }
    }
    assert_eq!(host.seen().len(), 3);
}

/// Asked again after so many seconds, it was kept or not.
#[tokio::test]
async fn that_something_is_not_there_is_believed_for_a_minute() {
    let host = Receiver::start().await;
    let (door, clock) = timed(&[&host.place], LIMITS);
    for (status, kept_for) in [(404, 60), (410, 60), (500, 30), (503, 30), (429, 30), (403, 0), (201, 0)] {
        let address = format!("{}?{status}", host.url());
        host.answers_with(status, &[("cache-control", "max-age=3600")], "");
        host.answers_with(status, &[("cache-control", "max-age=3600")], "");
        assert_eq!(get(&door, &address).await.unwrap().status, status);
        if kept_for > 0 {
            clock.advance(TimeDelta::seconds(kept_for - 1));
            let again = get(&door, &address).await.unwrap();
            assert_eq!((again.status, again.from_cache), (status, true));
            clock.advance(TimeDelta::seconds(1));
        }
        assert!(!get(&door, &address).await.unwrap().from_cache, "{status}");
        assert_eq!(host.take().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn a_way_is_kept_as_long_as_its_shortest_part() {
    let (host, other) = (Receiver::start().await, Receiver::start().await);
    let (door, clock) = timed(&[&host.place, &other.place], LIMITS);
    for (sent_on, there, kept_for) in [("max-age=10", "max-age=300", 10), ("max-age=300", "max-age=20", 20)] {
        let address = format!("{}?{kept_for}", host.url());
        for _ in 0..2 {
            host.answers_with(302, &[("location", &other.url()), ("cache-control", sent_on)], "");
            other.answers_with(200, &[("cache-control", there)], "there");
        }
        assert_eq!(get(&door, &address).await.unwrap().address(), other.url());
        clock.advance(TimeDelta::seconds(kept_for - 1));
        assert!(get(&door, &address).await.unwrap().from_cache);
        clock.advance(TimeDelta::seconds(1));
        assert!(!get(&door, &address).await.unwrap().from_cache);
    }
    host.answers_with(302, &[("location", &other.url()), ("cache-control", "no-store")], "");
    let address = format!("{}?changing", host.url());
    assert!(!get(&door, &address).await.unwrap().from_cache);
    host.answers_with(200, &[], "elsewhere now");
    assert_eq!(&get(&door, &address).await.unwrap().bytes[..], b"elsewhere now");
}

#[tokio::test]
async fn a_failure_is_told_again_for_half_a_minute() {
    let hasty = Limits { whole: Duration::from_millis(200), ..LIMITS };
    let host = Receiver::start().await;
    let (door, clock) = timed(&[&host.place], hasty);
    let late = format!("{} did not answer within 0 s", host.place);
    host.hangs();
    refused(get(&door, &host.url()).await, &late);
    refused(get(&door, &host.url()).await, &late);
    assert_eq!(host.seen().len(), 1, "it was not asked again");
    host.goes_on();
    clock.advance(TimeDelta::seconds(29));
    refused(get(&door, &host.url()).await, &late);
    assert_eq!(get(&door, &format!("{}?other", host.url())).await.unwrap().status, 204, "it was one slow address");
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(get(&door, &host.url()).await.unwrap().status, 204);
}

#[tokio::test]
async fn whoever_cannot_be_connected_to_is_left_alone_at_every_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let connected = Arc::new(AtomicUsize::new(0));
    let counter = connected.clone();
    // Hangs up on whoever comes: there is never a TLS connection.
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            drop(line);
        }
    });
    let (door, clock) = timed(&[&place], LIMITS);
    let told = get(&door, &format!("https://{place}/a")).await.unwrap_err();
    let before = connected.load(Ordering::SeqCst);
    assert_eq!(get(&door, &format!("https://{place}/b")).await.unwrap_err(), told);
    assert_eq!(get(&door, &format!("https://{place}/c")).await.unwrap_err(), told);
    assert_eq!(connected.load(Ordering::SeqCst), before);
    clock.advance(TimeDelta::seconds(30));
    assert_eq!(get(&door, &format!("https://{place}/b")).await.unwrap_err(), told);
    assert!(connected.load(Ordering::SeqCst) > before);
}

#[tokio::test]
async fn a_message_is_sent_every_time() {
    let hasty = Limits { whole: Duration::from_millis(200), ..LIMITS };
    let host = Receiver::start().await;
    let door = door(&[&host.place], hasty);
    host.answers_with(200, &[("cache-control", "max-age=300")], "");
    get(&door, &host.url()).await.unwrap();
    for status in [200, 503, 200] {
        host.answers_with(status, &[("cache-control", "max-age=300")], "");
        assert_eq!(door.post(&host.url(), &[], "{}").await.unwrap().status, status);
    }
    host.hangs();
    refused(door.post(&host.url(), &[], "{}").await, &format!("{} did not answer within 0 s", host.place));
    host.goes_on();
    assert_eq!(door.post(&host.url(), &[], "{}").await.unwrap().status, 204);
    assert_eq!(host.seen().len(), 6);
}

#[tokio::test]
async fn the_same_asked_at_once_is_fetched_once() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    host.answers_with(200, &[("cache-control", "no-store")], "for all");
    host.hangs();
    let url = host.url();
    let asking = join_all((0..20).map(|_| get(&door, &url)));
    let (answers, ()) = tokio::join!(asking, async {
        host.has_seen(1).await;
        host.goes_on();
    });
    for answer in answers {
        let fetched = answer.unwrap();
        assert_eq!((&fetched.bytes[..], fetched.from_cache), (&b"for all"[..], false));
    }
    assert_eq!(host.seen().len(), 1);
}

#[tokio::test]
async fn a_host_is_asked_few_things_at_a_time() {
    let host = Receiver::start().await;
    let door = door(&[&host.place], LIMITS);
    host.hangs();
    let addresses: Vec<String> = (0..20).map(|number| format!("{}?{number}", host.url())).collect();
    let asking = join_all(addresses.iter().map(|address| get(&door, address)));
    let (answers, ()) = tokio::join!(asking, async {
        host.has_seen(2).await;
        host.goes_on();
    });
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((host.seen().len(), host.most_at_once()), (20, 2));
}

#[tokio::test]
async fn whoever_gets_no_turn_in_time_blames_nobody() {
    let hasty = Limits { whole: Duration::from_millis(200), per_host: 1, ..LIMITS };
    let host = Receiver::start().await;
    let door = door(&[&host.place], hasty);
    host.hangs();
    let (first, second) = (format!("{}?first", host.url()), format!("{}?second", host.url()));
    let (first, crowded) = tokio::join!(get(&door, &first), get(&door, &second));
    refused(first, &format!("{} did not answer within 0 s", host.place));
    let crowded = crowded.unwrap_err();
    let words = format!("{} could not be asked in time, since too many were being asked", host.place);
    assert_eq!(crowded.to_string(), words);
    host.goes_on();
    // That is not held against the host.
    assert_eq!(get(&door, &second).await.unwrap().status, 204);
}
