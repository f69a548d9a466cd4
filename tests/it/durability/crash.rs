//! A service that is killed in the middle of load, again and again, keeps every award that it acknowledged, whole.

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use assay::status_list::Bitstring;
use assay::store::engine::sled::{SledEngine, SledOptions};
use serde_json::{Value, json};

use super::audit::{Books, audit};
use crate::support::app::path;
use crate::support::binary::{Client, Home, Service, exam, training, until};

const CLIENTS: usize = 4;
/// How many awards each round sees acknowledged before the kill comes.
const ROUNDS: [usize; 8] = [30, 1, 60, 0, 7, 45, 3, 90];

/// An exam that was answered with an award.
#[derive(Debug, Clone)]
struct Acknowledged {
    exam: Value,
    answer: Value,
    end: End,
}

/// Whether the award was revoked afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Never,
    /// The service died before it answered.
    Perhaps,
    Acknowledged,
}

impl Acknowledged {
    fn number(&self) -> &str {
        self.answer["award"]["id"].as_str().unwrap()
    }
}

#[test]
fn a_killed_service_keeps_every_award_that_it_acknowledged() {
    let home = Home::new();
    let key = home.api_key("exams");
    let mut all: Vec<Acknowledged> = Vec::new();
    for (round, awards) in ROUNDS.into_iter().enumerate() {
        let service = home.serve();
        all.extend(load_and_kill(service, &key, round, awards));
        // The next service finds what the killed one left, its `serve.json` too.
        assert!(home.data().join("serve.json").exists());
    }
    kill_while_it_opens_the_store(&home);
    let service = home.serve();
    in_parallel(&all, check, &service.client(&key));
    assert!(service.stop(None).success());
    let books = open_books(&home);
    for one in &all {
        let standing = books.awards.get(one.number()).unwrap_or_else(|| panic!("{one:?} was acknowledged"));
        assert_eq!(standing.award.as_ref().unwrap().versions.len(), 1, "{one:?}");
    }
    assert!(all.len() >= ROUNDS.iter().sum() && all.iter().any(|one| one.end == End::Acknowledged));
}

fn kill_while_it_opens_the_store(home: &Home) {
    let (mut child, _) = home.begin(&[]);
    let files = format!("/proc/{}/fd", child.id());
    let store = home.data().join("store/db").canonicalize().unwrap();
    until(|| {
        let open = std::fs::read_dir(&files).into_iter().flatten().flatten();
        open.filter_map(|file| file.path().read_link().ok()).any(|file| file == store)
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Clients send trainings and exams of ever new people until the service dies under them.
fn load_and_kill(service: Service, key: &str, round: usize, awards: usize) -> Vec<Acknowledged> {
    let (heard, sent) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let client = service.client(key);
    thread::scope(|scope| {
        for n in 0..CLIENTS {
            let (heard, sent, client) = (&heard, &sent, &client);
            scope.spawn(move || {
                for turn in 0.. {
                    sent.fetch_add(1, Ordering::Relaxed);
                    let Ok(mut award) = certify(client, &format!("r{round}c{n}t{turn}")) else { return };
                    if turn % 3 == 0 {
                        award.end = revoke(client, &award);
                    }
                    heard.lock().unwrap().push(award);
                }
            });
        }
        until(|| heard.lock().unwrap().len() >= awards && sent.load(Ordering::Relaxed) >= CLIENTS);
        service.kill();
    });
    heard.into_inner().unwrap()
}

fn certify(client: &Client, name: &str) -> std::io::Result<Acknowledged> {
    client.post("/api/v1/results", &training(name))?.expect(200);
    let exam = exam(name);
    let answer = client.post("/api/v1/results", &exam)?.expect(201).json();
    Ok(Acknowledged { exam, answer, end: End::Never })
}

fn revoke(client: &Client, award: &Acknowledged) -> End {
    let address = format!("/api/v1/awards/{}/revoke", award.number());
    match client.post(&address, &json!({ "reason": "other" })) {
        Ok(reply) => {
            reply.expect(200);
            End::Acknowledged
        }
        Err(_) => End::Perhaps,
    }
}

fn in_parallel(all: &[Acknowledged], check: impl Fn(&Client, &Acknowledged) + Sync, client: &Client) {
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(CLIENTS)) {
            let check = &check;
            scope.spawn(move || part.iter().for_each(|one| check(client, one)));
        }
    });
}

/// As anybody sees it, and as its sender sees it who did not get the answer.
fn check(client: &Client, one: &Acknowledged) {
    let get = |path: &str| client.get(path).unwrap().expect(200);
    let addresses = &one.answer["award"]["addresses"];
    let verdict = get(&format!("{}.json", path(&addresses["page"]))).json()["verdict"].clone();
    match one.end {
        End::Never => assert_eq!(verdict, "valid", "{one:?}"),
        End::Perhaps => assert!(verdict == "valid" || verdict == "revoked", "{one:?}"),
        End::Acknowledged => assert_eq!(verdict, "revoked", "{one:?}"),
    }
    let credential = get(&path(&addresses["credential"])).json();
    let report = client.post("/api/v1/verify", &credential).unwrap().expect(200).json();
    assert_eq!(report["verdict"], verdict, "{report}");
    let list = get(&path(&credential["credentialStatus"]["statusListCredential"])).json();
    let bits = Bitstring::decode(list["credentialSubject"]["encodedList"].as_str().unwrap()).unwrap();
    let index = credential["credentialStatus"]["statusListIndex"].as_str().unwrap().parse().unwrap();
    assert_eq!(bits.get(index), Some(verdict == "revoked"), "{one:?}");
    // The same again tells what the award is now.
    let status = if verdict == "revoked" { 200 } else { 201 };
    let again = client.post("/api/v1/results", &one.exam).unwrap().expect(status);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let told = again.json();
    assert_eq!((&told["award"]["id"], &told["award"]["state"]), (&one.answer["award"]["id"], &verdict), "{one:?}");
}

/// The whole store, with no service beside.
pub(super) fn open_books(home: &Home) -> Books {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = SledOptions { cache_bytes: 16 << 20, ..SledOptions::default() };
        let engine = SledEngine::open(home.data().join("store"), options).unwrap();
        let books = audit(&engine).await;
        engine.close().await;
        books
    })
}

#[test]
fn an_init_that_was_killed_can_be_done_again() {
    #[track_caller]
    fn check(has_come_so_far: impl Fn(&Home) -> bool) {
        let home = Home::empty();
        let mut init = home.init_command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until(|| has_come_so_far(&home) || init.try_wait().unwrap().is_some());
        init.kill().unwrap();
        init.wait().unwrap();
        let again = home.init();
        // It was killed too late, or it begins anew; nothing is in between.
        assert!(again.code == 0 || again.stderr.contains("already belongs to"), "{}", again.stderr);
        let service = home.serve();
        service.post("/api/v1/results", &training("ana")).expect(200);
        service.post("/api/v1/results", &exam("ana")).expect(201);
        assert!(service.stop(None).success());
        assert_eq!(open_books(&home).awards.len(), 1);
    }
    check(|home| home.keys().exists());
    check(|home| home.data().join("store/db").exists());
    check(|home| home.keys().exists() && !home.key_files().is_empty());
    check(|_| false);
}
