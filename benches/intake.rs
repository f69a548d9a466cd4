//! A CSV file of 100,000 rows, imported over HTTP: rows a second to check and to take, and how much memory the service
//! needs beyond what it had at the start.

#[path = "../tests/it/support/binary.rs"]
#[expect(dead_code, reason = "the stories of the tests use the rest")]
mod binary;

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use binary::Home;

const ROWS: u32 = 100_000;

fn main() {
    let home = Home::new();
    let service = home.serve();
    std::fs::write(home.folder().join("rows.csv"), file()).expect("a file");
    let rows = f64::from(ROWS);
    let served = child();
    let before = peak(served);
    for (what, words) in [
        ("checked", &["import", "rows.csv", "--dry-run"][..]),
        ("taken", &["import", "rows.csv", "--result", "done.csv"]),
        ("taken again", &["import", "rows.csv"]),
    ] {
        let began = Instant::now();
        let ran = home.run(words);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let seconds = began.elapsed().as_secs_f64();
        let more = peak(served).saturating_sub(before) / 1024;
        say(&format!(
            "{what:<12} {:>8.0} rows/s, {seconds:.1} s; peak memory of the service {more} MB more",
            rows / seconds
        ));
    }
    assert!(service.stop(None).success(), "the service stops in peace");
}

/// Two results of each person: a training, and the exam that makes the award.
fn file() -> String {
    let mut text = "id,name,email,certification,requirement,outcome,score,at\n".to_owned();
    for n in 0..ROWS {
        let (person, at) = (n / 2, if n % 2 == 0 { "2026-01-02" } else { "2026-01-03" });
        let what = if n % 2 == 0 { "sales-101,completed," } else { "exam,passed,84" };
        writeln!(text, "{n},Person {person},p{person}@partner.example,sales-associate,{what},{at}").expect("a text");
    }
    text
}

/// The service, which is the only process begun here and not ended.
fn child() -> u32 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    children
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .next()
        .unwrap_or(0)
}

/// The most memory a process ever had, in kB.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0)
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
