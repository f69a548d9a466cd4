//! The README's commands do what the README shows: its blocks are run and compared, numbers, keys and dates masked.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use assay::clock::{Clock as _, SystemClock};
use chrono::NaiveDate;

use crate::support::repository;

#[test]
fn the_first_steps_end_as_the_readme_shows() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks = console_blocks(&readme);
    let [demo, rest @ ..] = blocks.as_slice() else { panic!("the README has no console block") };
    let folder = tempfile::tempdir().unwrap();
    lay_out(&readme, folder.path());

    let (running, shown) = Demo::start(folder.path());
    assert_eq!(masked(&shown), masked(&demo.output), "the demo's output");
    // What the README calls by a sample's number, this run calls by its own.
    let mut names: Vec<(String, String)> = secrets(&demo.output).into_iter().zip(secrets(&shown)).collect();
    for block in rest {
        let command = names.iter().fold(shifted(&block.command), |text, (theirs, ours)| text.replace(theirs, ours));
        let output = shell(&command, folder.path());
        assert_eq!(masked(&output), masked(&block.output), "{}", block.command);
        let numbers = |text| secrets(text).into_iter().filter(|word| mask(word) == "(NUM-BER)").collect::<Vec<_>>();
        names.extend(numbers(&block.output).into_iter().zip(numbers(&output)));
    }
    drop(running);
}

/// The files that the README shows, under the names that it gives them, and the templates.
fn lay_out(readme: &str, folder: &Path) {
    let templates = repository().join("templates");
    std::os::unix::fs::symlink(&templates, folder.join("templates")).unwrap();
    std::fs::copy(templates.join("programs/northwind.svg"), folder.join("northwind.svg")).unwrap();
    let shown = |language: &str, with: &str| {
        let fence = format!("```{language}\n");
        let mut blocks = readme.split(&fence).skip(1).map(|text| text.split("```").next().unwrap());
        shifted(blocks.find(|block| block.contains(with)).unwrap_or_else(|| panic!("the README shows no {with}")))
    };
    std::fs::write(folder.join("results.csv"), shown("csv", "Eve Roy")).unwrap();
    std::fs::write(folder.join("history.csv"), shown("csv", "Lars Holm")).unwrap();
    let program = std::fs::read_to_string(templates.join("programs/partner-framework.toml")).unwrap();
    std::fs::write(folder.join("program.toml"), format!("{program}\n{}", shown("toml", "[[recertify]]"))).unwrap();
}

/// With every day as far from today as it was from the day on which the README was written.
fn shifted(text: &str) -> String {
    let written = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let since = SystemClock.now().date_naive() - written;
    let mut out = String::new();
    let mut rest = text;
    while let Some(word) = words(rest).next() {
        let (before, after) = rest.split_at(rest.find(word).unwrap());
        out.push_str(before);
        match word.parse::<NaiveDate>() {
            Ok(day) if word.len() == 10 => out.push_str(&(day + since).to_string()),
            _ => out.push_str(word),
        }
        rest = &after[word.len()..];
    }
    out + rest
}

struct Block {
    command: String,
    output: String,
}

fn console_blocks(readme: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for text in readme.split("```console\n").skip(1) {
        let text = text.split("\n```").next().unwrap();
        let (command, output) = text.split_once('\n').unwrap_or((text, ""));
        let command = command.strip_prefix("$ ").expect("a console block begins with its command").to_owned();
        blocks.push(Block { command, output: output.to_owned() });
    }
    blocks
}

/// The built binary serving a demo on a free port; stopped when dropped.
struct Demo(Child);

impl Demo {
    fn start(folder: &Path) -> (Demo, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(["demo", "--port", "0"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let serving = said.by_ref().map_while(Result::ok).find(|line| line.starts_with("Serving "));
        let serving = serving.unwrap_or_else(|| panic!("the demo stopped"));
        let mut printed = Vec::new();
        let mut stdout = child.stdout.take().unwrap();
        // All of it was written before "Serving" was said; the pipe holds it.
        let mut chunk = [0u8; 4 * 1024];
        while !printed.windows(8).any(|w| w == b"--reason") {
            let read = stdout.read(&mut chunk).unwrap();
            assert!(read > 0, "the demo's output ended early");
            printed.extend_from_slice(&chunk[..read]);
        }
        // Nobody reads on; the demo prints nothing more.
        std::mem::forget(stdout);
        (Demo(child), format!("{}{serving}", String::from_utf8(printed).unwrap()))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn shell(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_assay")).parent().unwrap();
    let path = format!("{}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", binary.display());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// The words of a text that differ from run to run, in order of first appearance.
fn secrets(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words(text) {
        let masked = mask(word);
        let named = masked.contains('(') && masked != "(DATE)" && masked != "(DAY)";
        if named && !found.contains(&word.to_owned()) {
            found.push(word.to_owned());
        }
    }
    found
}

fn masked(text: &str) -> String {
    let text: String = text.split_inclusive([' ', '\n']).map(without_secret).collect();
    let mut out = String::new();
    let mut rest = text.as_str();
    for word in words(&text) {
        let at = rest.find(word).unwrap();
        out.push_str(&rest[..at]);
        out.push_str(&mask(word));
        rest = &rest[at + word.len()..];
    }
    out.push_str(rest);
    out.trim_end().to_owned()
}

/// Keys of webhooks are Base64, which is no word.
fn without_secret(token: &str) -> String {
    let key = ["whsec_", "whpk_"].into_iter().find(|key| token.starts_with(key));
    key.map_or_else(|| token.to_owned(), |key| format!("{key}\n"))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-:…".contains(c))).filter(|w| !w.is_empty())
}

fn mask(word: &str) -> String {
    let upper = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let month = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let moment = word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    if word.len() == 16 && upper(word) {
        "(NUMBER)".to_owned()
    } else if word.len() == 19
        && word.split('-').count() == 4
        && word.split('-').all(|part| part.len() == 4 && upper(part))
    {
        "(NUM-BER)".to_owned()
    } else if word.starts_with("ask_") && word.len() > 20 {
        "(SECRET)".to_owned()
    } else if word.len() == 10 && word.parse::<NaiveDate>().is_ok() {
        "(DAY)".to_owned()
    } else if word.len() == 26 && word.starts_with("01") {
        "(ID)".to_owned()
    } else if let Some((source, _)) = word.split_once(":row-").filter(|(_, row)| row.len() == 32) {
        format!("{source}:(ROW)")
    } else if word.starts_with("did:key:") {
        "(DID)".to_owned()
    } else if word.starts_with("z6Mk") {
        "(KEY)".to_owned()
    } else if moment {
        "(MOMENT)".to_owned()
    } else if let Some(port) = word.strip_prefix("localhost:") {
        format!("localhost:{}", if port.bytes().all(|b| b.is_ascii_digit()) { "(PORT)" } else { port })
    } else if month.contains(&word) || word.bytes().all(|b| b.is_ascii_digit()) {
        "(DATE)".to_owned()
    } else {
        word.to_owned()
    }
}
