//! Clients that all come at once with the same, and clients that do not wait for the answer.

use std::io::Write;
use std::net::TcpStream;
use std::thread;

use serde_json::json;

use super::crash::open_books;
use crate::support::app::path;
use crate::support::binary::{Heard, Home, exam, training};

const CLIENTS: usize = 12;

fn all_at_once(ask: impl Fn(usize) -> Heard + Sync) -> Vec<Heard> {
    thread::scope(|scope| {
        let ask = &ask;
        let asking: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || ask(n))).collect();
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    })
}

#[test]
fn a_result_that_comes_many_times_at_once_is_one_award() {
    let home = Home::new();
    let service = home.serve();
    let client = service.client(&home.api_key("exams"));
    let (training, exam) = (training("ana"), exam("ana"));
    for heard in all_at_once(|_| client.post("/api/v1/results", &training).unwrap()) {
        heard.expect(200);
    }
    let answers = all_at_once(|_| client.post("/api/v1/results", &exam).unwrap());
    let first = answers.iter().filter(|heard| heard.header("idempotency-replayed").is_none());
    assert_eq!(first.count(), 1);
    let award = answers[0].json()["award"].clone();
    for heard in answers {
        assert_eq!(heard.expect(201).json()["award"], award);
    }
    // All want the award to be another: each change is made on what is there, none on what was.
    let verb = |verb: &str| format!("/api/v1/awards/{}/{verb}", award["id"].as_str().unwrap());
    let name = |n: usize| json!({ "name": format!("Ana {n}") });
    for heard in all_at_once(|n| client.post(&verb("reissue"), &name(n)).unwrap()) {
        heard.expect(200);
    }
    for heard in all_at_once(|_| client.post(&verb("revoke"), &json!({ "reason": "other" })).unwrap()) {
        assert_eq!(heard.expect(200).json()["state"], "revoked");
    }
    assert!(service.stop(None).success());
    let books = open_books(&home);
    let [standing] = books.awards.values().collect::<Vec<_>>().try_into().unwrap();
    let award = standing.award.as_ref().unwrap();
    assert_eq!((award.versions.len(), award.history.len()), (1 + CLIENTS, 2 + CLIENTS));
}

#[test]
fn a_client_that_hangs_up_harms_nothing() {
    let home = Home::new();
    let service = home.serve();
    let key = home.api_key("exams");
    let client = service.client(&key);
    for n in 0..CLIENTS {
        let name = format!("gone-{n}");
        client.post("/api/v1/results", &training(&name)).unwrap().expect(200);
        let exam = exam(&name);
        let body = exam.to_string();
        let mut stream = TcpStream::connect(service.address()).unwrap();
        let head = format!(
            "POST /api/v1/results HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        drop(stream);
        let award = client.post("/api/v1/results", &exam).unwrap().expect(201).json()["award"].clone();
        let report = client.get(&format!("{}.json", path(&award["addresses"]["page"]))).unwrap().expect(200).json();
        assert_eq!(report["verdict"], "valid");
    }
    assert!(service.stop(None).success());
    assert_eq!(open_books(&home).awards.len(), CLIENTS);
}

#[test]
fn a_client_that_never_finishes_does_not_keep_the_service_from_stopping() {
    let home = Home::new();
    let service = home.serve();
    let silent = TcpStream::connect(service.address()).unwrap();
    let mut slow = TcpStream::connect(service.address()).unwrap();
    slow.write_all(b"POST /api/v1/results HTTP/1.1\r\nhost: here\r\ncontent-le").unwrap();
    service.get("/healthz").expect(200);
    assert!(service.stop(None).success());
    assert!(!home.data().join("serve.json").exists());
    drop((silent, slow));
    assert!(open_books(&home).awards.is_empty());
}
