//! An award survives a power cut from the moment it is answered: the disk was told to sync before the answer left.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::binary::{Home, exam, training};
use crate::support::skipped;
use crate::support::trace::{calls, first};

const AWARDS: usize = 5;

#[test]
fn an_award_is_synced_before_it_is_answered() {
    let home = Home::new();
    let log = home.data().join("calls");
    let calls_of = "trace=fdatasync,pwrite64,write,writev,sendto,sendmsg";
    let tracer = ["strace", "-f", "-y", "-s", "1000000", "-e", calls_of, "-o", log.to_str().unwrap()];
    if !may_trace() {
        return skipped("strace is missing or may not trace here");
    }
    let service = home.serve_under(&tracer);
    for n in 0..AWARDS {
        service.post("/api/v1/results", &training(&format!("marked-{n}"))).expect(200);
        service.post("/api/v1/results", &exam(&format!("marked-{n}"))).expect(201);
    }
    let traced = fs::read_to_string(&log).unwrap();
    let pid = traced.split_whitespace().next().and_then(|pid| pid.parse().ok()).expect("each line begins with it");
    service.stop(Some(pid));

    let calls = calls(&String::from_utf8_lossy(&fs::read(&log).unwrap()));
    for n in 0..AWARDS {
        let id = format!("marked-{n}-exam");
        let answered = calls
            .iter()
            .find(|call| call.text.contains("HTTP/1.1 201 Created") && call.text.contains(&id))
            .expect("the answer was traced");
        let written = first(&calls, "pwrite64", &id);
        assert!(written.text.contains("/store/"), "{}", written.text.split('"').next().unwrap_or_default());
        let synced = calls.iter().any(|call| {
            call.name == "fdatasync"
                && call.text.contains("/store/db>")
                && call.succeeded
                && call.begun > written.ended
                && call.ended < answered.begun
        });
        assert!(synced, "award {n} was answered before it was synced");
    }
}

fn may_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}
