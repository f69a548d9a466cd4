//! The other process of the tests that kill, watch or starve one: this test binary, run again with a role.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use assay::store::{Batch, Engine, Key};

use super::{commit, get, key, number, open};

/// The writers of the load.
pub(super) const WRITERS: u64 = 8;
const ROLE: &str = "ASSAY_TEST_ROLE";
const STORE: &str = "ASSAY_TEST_STORE";

/// What the child does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// Writes with many writers and reads, until it is killed.
    Load,
    /// Makes so many commits, one after the other.
    Commits,
}

/// The commits of [`Role::Commits`].
pub(super) const COMMITS: u64 = 40;

/// The command line of the child: to be run as it is or under a tracer.
pub(super) fn command(before: &[&str], role: Role, store: &Path) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut words = before.iter().map(std::ffi::OsString::from).chain([this.into_os_string()]);
    let mut command = Command::new(words.next().unwrap());
    command
        .args(words)
        .args(["--exact", "store::child::is_run_by_other_tests", "--nocapture", "--test-threads=1"])
        .env(ROLE, format!("{role:?}"))
        .env(STORE, store)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
fn is_run_by_other_tests() {
    let (Some(role), Some(store)) = (std::env::var_os(ROLE), std::env::var_os(STORE)) else { return };
    let engine = Arc::new(open(Path::new(&store)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        say("\nREADY");
        match role.to_str().unwrap() {
            "Load" => load(engine).await,
            "Commits" => commits(&*engine).await,
            other => panic!("{other}"),
        }
    });
}

/// One line in one write, so that a killed child leaves no half of one. Panics when nobody listens any more.
fn say(line: &str) {
    std::io::stdout().lock().write_all(format!("{line}\n").as_bytes()).unwrap();
    std::io::stdout().lock().flush().unwrap();
}

async fn commits(engine: &dyn Engine) {
    for n in 0..COMMITS {
        let doc = format!("marker-{n:06}");
        commit(engine, Batch::default().put(key(&["p"]).number(n, 6), doc).append("said")).await;
        say(&format!("ACKNOWLEDGED {n:06}"));
    }
}

async fn load(engine: Arc<dyn Engine>) {
    let mut tasks: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&engine), writer))).collect();
    tasks.push(tokio::spawn(read(engine)));
    for task in tasks {
        task.await.unwrap();
    }
}

/// Says `A writer n position` for each commit.
async fn write(engine: Arc<dyn Engine>, writer: u64) {
    let (mut n, mut version) = number(&*engine, &counter(writer)).await;
    loop {
        n += 1;
        let batch = Batch::default()
            .expect(counter(writer), version)
            .put(counter(writer), n.to_string())
            .create(document(writer, n), contents(writer, n))
            .create(index(writer, n), format!("{writer} {n}"))
            .create(passing(writer, n), "x")
            .delete(passing(writer, n - 1))
            .append(format!("{writer} {n}"));
        let position = commit(&*engine, batch).await;
        version = assay::store::Version(position.0);
        say(&format!("A {writer} {n} {}", position.0));
    }
}

/// Says `S writer n` when it has seen that commit `n` of the writer happened.
async fn read(engine: Arc<dyn Engine>) {
    let mut said = HashMap::new();
    for turn in 0.. {
        let writer = turn % WRITERS;
        let (mut seen, _) = number(&*engine, &counter(writer)).await;
        if seen > 0 && get(&*engine, &passing(writer, seen)).await.is_none() {
            // It was there once: the next commit has removed it.
            seen += 1;
        }
        if seen > said.insert(writer, seen).unwrap_or(0) {
            say(&format!("S {writer} {seen}"));
        }
    }
}

/// How often the writer has committed.
pub(super) fn counter(writer: u64) -> Key {
    key(&["n"]).number(writer, 2)
}

/// One for each commit, in order.
pub(super) fn document(writer: u64, n: u64) -> Key {
    key(&["w"]).number(writer, 2).number(n, 8)
}

/// One for each commit, at a place of its own.
pub(super) fn index(writer: u64, n: u64) -> Key {
    let scattered = (writer << 32 | n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    key(&["x", &format!("{scattered:016x}")])
}

/// Removed by the next commit.
pub(super) fn passing(writer: u64, n: u64) -> Key {
    key(&["t"]).number(writer, 2).number(n, 8)
}

/// What the document says: its name, and something of a varying length.
pub(super) fn contents(writer: u64, n: u64) -> String {
    format!("{writer} {n} {}", "x".repeat(usize::try_from(n * 37 % 4000).unwrap()))
}
