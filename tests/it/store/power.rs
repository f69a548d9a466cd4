//! What is acknowledged survives a power cut: the system was told to sync the commit's data before the acknowledgement.

use std::process::{Command, Stdio};

use super::child::{self, COMMITS, Role};
use super::skipped;
use crate::support::trace::{calls, first};

#[test]
fn a_commit_is_synced_before_it_is_acknowledged() {
    let strace = Command::new("strace").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !strace.is_ok_and(|status| status.success()) {
        return skipped("strace is not installed");
    }
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("calls");
    let tracer = ["strace", "-f", "-y", "-s", "1000000", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o"];
    let tracer: Vec<&str> = tracer.into_iter().chain([log.to_str().unwrap()]).collect();
    let mut child = child::command(&tracer, Role::Commits, &directory.path().join("store"));
    let output = child.stderr(Stdio::piped()).output().unwrap();
    let trace = String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
    if !trace.contains("ACKNOWLEDGED") {
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(complaint.contains("ptrace"), "the child did not run: {complaint}");
        return skipped("strace may not trace here");
    }
    let calls = calls(&trace);
    for n in 0..COMMITS {
        let acknowledged = first(&calls, "write", &format!("\"ACKNOWLEDGED {n:06}"));
        let written = first(&calls, "pwrite64", &format!("marker-{n:06}"));
        let synced = calls.iter().any(|call| {
            call.name == "fdatasync"
                && call.text.contains("/db>")
                && call.succeeded
                && call.begun > written.ended
                && call.ended < acknowledged.begun
        });
        assert!(synced, "commit {n} was acknowledged before its data were synced");
    }
}
