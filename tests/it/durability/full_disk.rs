//! A service on a disk that gets full: it stops writing, goes on reading, loses nothing and comes back by itself.

use serde_json::{Value, json};

use super::crash::open_books;
use crate::support::app::path;
use crate::support::binary::{Home, Service, exam, training, until};
use crate::support::disk::{MIB, SmallDisk};

/// The service refuses to write below this.
const LEAST: u64 = 64 * MIB;

#[test]
fn a_full_disk_stops_writing_and_nothing_else() {
    let Some(disk) = SmallDisk::mount(192 * MIB) else { return };
    let keys = disk.path().join("keys");
    let home = Home::empty().data_in(&disk.path().join("data")).variable("ASSAY_KEYS", keys.to_str().unwrap());
    home.init().done();
    let service = home.serve();
    let ana = certify(&service, "ana");
    service.post("/api/v1/results", &training("ben")).expect(200);

    // First so full that nothing can be written at all, then just below what the service wants to be free.
    let ben = exam("ben");
    let nothing_left = disk.fill(0);
    refuses(&service, &ben);
    let refused = service.post("/api/v1/signing-keys/generate", &json!({})).expect(503);
    assert_eq!(refused.json()["type"], "urn:assay:problem:unavailable");
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1, "no half of a key is left");
    reads_go_on(&service, &ana);
    drop(nothing_left);
    let ballast = disk.fill(LEAST - MIB);
    refuses(&service, &ben);
    for (verb, body) in [("revoke", json!({ "reason": "other" })), ("renew", json!({}))] {
        let address = format!("/api/v1/awards/{}/{verb}", ana["id"].as_str().unwrap());
        service.post(&address, &body).expect(503);
    }
    reads_go_on(&service, &ana);
    let ready = service.get("/readyz").expect(200).json();
    assert_eq!((&ready["status"], &ready["degraded"]), (&json!("ready"), &json!(["writes"])));
    for _ in 0..100 {
        refuses(&service, &ben);
    }
    // Commands speak to the service: they are told the same.
    home.run(&["api-key", "create", "late", "--scope", "admin"]).refused(&["disk", "full"]);
    assert!(disk.free() >= LEAST - 8 * MIB, "what is left is not eaten up by what is refused");
    let said = service.said();
    let lines = said.lines().filter(|line| line.contains("the disk of the store is full")).count();
    assert!((1..5).contains(&lines), "the log says why, but not each time: {lines}");

    // A service that starts now can read, too.
    assert!(service.stop(None).success());
    let service = home.serve();
    reads_go_on(&service, &ana);
    refuses(&service, &ben);

    drop(ballast);
    let mut answer = None;
    until(|| {
        let reply = service.post("/api/v1/results", &ben);
        let taken = reply.status == 201;
        answer = taken.then(|| reply.json());
        taken
    });
    let ben = answer.expect("it was taken")["award"].clone();
    assert!(service.get("/readyz").expect(200).json().get("degraded").is_none());
    certify(&service, "cleo");
    for one in [&ana, &ben] {
        reads_go_on(&service, one);
    }
    assert!(service.stop(None).success());
    assert_eq!(open_books(&home).awards.len(), 3);
}

fn refuses(service: &Service, exam: &Value) {
    for _ in 0..3 {
        let refused = service.post("/api/v1/results", exam).expect(503);
        assert_eq!(refused.json()["type"], "urn:assay:problem:unavailable");
        assert!(refused.header("retry-after").is_some_and(|after| after.parse::<u32>().is_ok()), "{refused:?}");
    }
}

fn certify(service: &Service, name: &str) -> Value {
    service.post("/api/v1/results", &training(name)).expect(200);
    service.post("/api/v1/results", &exam(name)).expect(201).json()["award"].clone()
}

/// Everything that a stranger may want of an award.
fn reads_go_on(service: &Service, award: &Value) {
    let address = |name: &str| path(&award["addresses"][name]);
    let report = service.get(&format!("{}.json", address("page"))).expect(200).json();
    assert_eq!(report["verdict"], "valid");
    service.get(&address("picture")).expect(200);
    service.get(&address("baked_png")).expect(200);
    service.get("/status/1").expect(200);
    let credential = service.get(&address("credential")).expect(200).json();
    let report = service.post("/api/v1/verify", &credential).expect(200).json();
    assert_eq!(report["verdict"], "valid", "{report}");
}

/// A service dies, its disk fills up, and whatever restarts it tries again and again: it says what is wrong or works, and
/// once there is space, everything that was acknowledged is there.
#[test]
fn restarts_on_a_full_disk_do_no_harm() {
    let Some(disk) = SmallDisk::mount(160 * MIB) else { return };
    let keys = disk.path().join("keys");
    let home = Home::empty().data_in(&disk.path().join("data")).variable("ASSAY_KEYS", keys.to_str().unwrap());
    home.init().done();
    let mut awards = Vec::new();
    let mut refused = 0;
    for (round, left) in [0, 1, 4, 9, 17, 30, 0].into_iter().enumerate() {
        let service = home.serve();
        awards.push(certify(&service, &format!("p{round}")));
        // Once it stops in peace, and its disk is full by then.
        let ballast = if round % 2 == 0 {
            service.kill();
            disk.fill(left * MIB)
        } else {
            let ballast = disk.fill(left * MIB);
            assert!(service.stop(None).success());
            ballast
        };
        for _ in 0..3 {
            let (mut child, log) = home.begin(&[]);
            let mut ended = None;
            until(|| {
                ended = child.try_wait().unwrap();
                ended.is_some() || std::fs::read_to_string(&log).unwrap().contains("Stop with Ctrl-C")
            });
            child.kill().unwrap();
            child.wait().unwrap();
            if ended.is_some() {
                let said = std::fs::read_to_string(&log).unwrap();
                assert!(
                    said.contains("of free space to be opened") && said.contains("hint: free some space"),
                    "{said}"
                );
                refused += 1;
            }
        }
        drop(ballast);
        let service = home.serve();
        for award in &awards {
            reads_go_on(&service, award);
        }
        assert!(service.stop(None).success());
    }
    assert!(refused >= 6, "{refused}");
    assert_eq!(open_books(&home).awards.len(), awards.len());
}
