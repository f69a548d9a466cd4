//! The built command: an issuer's folder ([`Home`]), a running service ([`Service`]), and a client of a few lines.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use assay::clock::{Clock, SystemClock, rfc3339};
use chrono::TimeDelta;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(10);

/// A folder with the starter program, and the data and keys of an issuer once `init` ran.
pub(crate) struct Home {
    folder: TempDir,
    data: PathBuf,
    variables: Vec<(String, String)>,
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    /// Nothing in it but the program file.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/programs");
        for file in ["partner-framework.toml", "northwind.svg"] {
            fs::copy(programs.join(file), folder.path().join(file)).expect("the starter program");
        }
        let data = folder.path().join("data");
        Home { folder, data, variables: Vec::new() }
    }

    /// With an issuer: `init` has run.
    #[track_caller]
    pub(crate) fn new() -> Self {
        let home = Home::empty();
        home.init().done();
        home
    }

    /// Keeps the store elsewhere.
    #[must_use]
    pub(crate) fn data_in(mut self, data: &Path) -> Self {
        data.clone_into(&mut self.data);
        self
    }

    /// What every command run here finds in its environment.
    #[must_use]
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `assay init` with the starter program, at an address with a name.
    pub(crate) fn init(&self) -> Ran {
        run(self.init_command())
    }

    /// The same, not yet begun.
    pub(crate) fn init_command(&self) -> Command {
        let base = "https://badges.northwind.example";
        self.command(&[], &["init", "--program", "partner-framework.toml", "--base", base])
    }

    /// Where commands run.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the store is.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Where the private keys are.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    /// The key files that are there.
    pub(crate) fn key_files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.keys()).expect("the keys' folder");
        files.map(|file| file.expect("a file").path()).collect()
    }

    /// A command of the product in this folder; nothing of the surroundings reaches it.
    pub(crate) fn command(&self, before: &[&str], words: &[&str]) -> Command {
        let mut all = before.iter().copied().chain([env!("CARGO_BIN_EXE_assay")]).chain(words.iter().copied());
        let mut command = Command::new(all.next().expect("the product at least"));
        command.args(all).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["ASSAY_CONFIG", "ASSAY_URL", "ASSAY_API_KEY", "ASSAY_BASE", "ASSAY_BIND", "ASSAY_KEY_PASSPHRASE"] {
            command.env_remove(name);
        }
        command.env("ASSAY_DATA", &self.data).env("ASSAY_KEYS", self.keys());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        run(self.command(&[], words))
    }

    /// Makes an API key and answers its secret.
    #[track_caller]
    pub(crate) fn api_key(&self, name: &str) -> String {
        self.run(&["api-key", "create", name, "--scope", "admin"]).done().stdout.trim().to_owned()
    }

    /// Starts `serve` on a free port and waits until it answers.
    #[track_caller]
    pub(crate) fn serve(&self) -> Service {
        self.serve_under(&[])
    }

    /// The same under another command, such as a tracer.
    #[track_caller]
    pub(crate) fn serve_under(&self, before: &[&str]) -> Service {
        let (child, log) = self.begin(before);
        let mut service =
            Service { child, address: String::new(), operator: String::new(), log, data: self.data.clone() };
        until(|| service.is_announced());
        service
    }

    /// Starts `serve` without waiting for anything; what it says goes to the file.
    pub(crate) fn begin(&self, before: &[&str]) -> (Child, PathBuf) {
        let log = self.folder.path().join("serve.log");
        let said = fs::File::create(&log).expect("a file for what is said");
        let mut command = self.command(before, &["serve", "--bind", "127.0.0.1:0"]);
        let child = command.stdout(Stdio::null()).stderr(said).spawn().expect("the product was built");
        (child, log)
    }
}

fn run(mut command: Command) -> Ran {
    let output = command.output().expect("the product was built");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ran {
    /// What was asked has been done.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    /// It failed, and every one of these was said about it.
    #[track_caller]
    pub(crate) fn refused(self, said: &[&str]) -> Self {
        assert_eq!((self.code, self.stdout.as_str()), (1, ""), "{}", self.stderr);
        for words in said {
            assert!(self.stderr.contains(words), "{words:?} is not in:\n{}", self.stderr);
        }
        self
    }
}

/// A service that runs, until it is stopped, killed or dropped.
pub(crate) struct Service {
    child: Child,
    address: String,
    operator: String,
    log: PathBuf,
    data: PathBuf,
}

impl Service {
    /// Whether this run (not an earlier one, whose file may still be there) has said where it answers.
    #[track_caller]
    fn is_announced(&mut self) -> bool {
        if let Some(status) = self.child.try_wait().expect("a child") {
            panic!("the service ended ({status}): {}", self.said());
        }
        let said = self.said();
        let Some(address) = said.split(" on ").nth(1).and_then(|rest| rest.split(". ").next()) else { return false };
        let Ok(text) = fs::read(self.data.join("serve.json")) else { return false };
        let running: Value = serde_json::from_slice(&text).expect("the file is written as a whole");
        if running["address"] != address {
            return false;
        }
        running["address"].as_str().expect("text").trim_start_matches("http://").clone_into(&mut self.address);
        self.operator = format!("ask_live_{}", running["operator"].as_str().expect("text"));
        true
    }

    /// What it wrote to standard error.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `127.0.0.1:` and the port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A client of its own, for another thread.
    pub(crate) fn client(&self, key: &str) -> Client {
        Client { address: self.address.clone(), key: key.to_owned() }
    }

    /// As the operator.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Heard {
        self.client(&self.operator).get(path).expect("the service answers")
    }

    /// As the operator.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Heard {
        self.client(&self.operator).post(path, body).expect("the service answers")
    }

    /// Ends the process as a power cut would, but for the disk.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop (the process `pid` instead of the child, if given) and waits for the end.
    #[track_caller]
    pub(crate) fn stop(mut self, pid: Option<i32>) -> ExitStatus {
        let pid = pid.unwrap_or_else(|| i32::try_from(self.child.id()).expect("a process id"));
        kill_process(Pid::from_raw(pid).expect("a process id"), Signal::TERM).expect("it runs");
        let mut ended = None;
        until(|| {
            ended = self.child.try_wait().expect("a child");
            ended.is_some()
        });
        ended.expect("it ended")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks over HTTP, one connection a request.
#[derive(Clone)]
pub(crate) struct Client {
    address: String,
    key: String,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> std::io::Result<Heard> {
        self.ask("GET", path, b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> std::io::Result<Heard> {
        self.ask("POST", path, body.to_string().as_bytes())
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<Heard> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            self.key,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Heard::parse(&answer).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

impl Heard {
    /// `None` if a part is missing.
    fn parse(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = (std::str::from_utf8(&answer[..end]).ok()?, &answer[end + 4..]);
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let heard = Heard { status, head: head.to_ascii_lowercase(), body: body.to_vec() };
        (heard.header("content-length")?.parse() == Ok(body.len())).then_some(heard)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// Waits in small steps for what must come soon.
#[track_caller]
pub(crate) fn until(mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !happened() {
        assert!(Instant::now() < deadline, "it did not happen in {PATIENCE:?}");
        std::thread::sleep(STEP);
    }
}

/// The training that comes before the exam of Sales Associate, of a person who is told by `name`.
pub(crate) fn training(name: &str) -> Value {
    let body = json!({ "id": format!("{name}-training"), "requirement": "sales-101", "outcome": "completed" });
    result(name, TimeDelta::hours(2), body)
}

/// The exam that makes the person a Sales Associate. It has just been passed: keep it to send it again.
pub(crate) fn exam(name: &str) -> Value {
    let body = json!({ "id": format!("{name}-exam"), "requirement": "exam", "outcome": "passed", "score": 84 });
    result(name, TimeDelta::hours(1), body)
}

fn result(name: &str, ago: TimeDelta, mut body: Value) -> Value {
    body["person"] = json!({ "name": format!("Person {name}"), "email": format!("{name}@partner.example") });
    body["certification"] = json!("sales-associate");
    body["at"] = json!(rfc3339(SystemClock.now() - ago));
    body
}
