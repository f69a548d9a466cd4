//! A real browser without a window: Debian's `chromium`.

use std::path::Path;
use std::process::{Command, Output};

use super::skipped;

/// The document as the browser has it after loading `url`; `None`, said aloud, where no browser is installed.
#[track_caller]
pub(crate) fn dump_dom(url: &str) -> Option<String> {
    let output = chromium(&["--dump-dom"], url)?;
    Some(String::from_utf8(output.stdout).expect("the browser writes UTF-8"))
}

/// The document that the browser has when the scripts of `url` have nothing left to do: they may lead to another page.
#[track_caller]
pub(crate) fn dump_dom_at_last(url: &str) -> Option<String> {
    // Time of the page's own: it stands still while something is loaded.
    let output = chromium(&["--dump-dom", "--virtual-time-budget=10000"], url)?;
    Some(String::from_utf8(output.stdout).expect("the browser writes UTF-8"))
}

/// Writes a picture of the page at `url`, as wide and high as asked, to `path` (PNG).
#[track_caller]
pub(crate) fn screenshot(url: &str, (width, height): (u32, u32), path: &Path) -> Option<()> {
    let picture = format!("--screenshot={}", path.display());
    let window = format!("--window-size={width},{height}");
    chromium(&[&picture, &window, "--hide-scrollbars"], url)?;
    assert!(path.is_file(), "the browser wrote no picture of {url}");
    Some(())
}

/// What the browser complains about in its console while it loads `url`: refused styles, scripts, pictures.
#[track_caller]
pub(crate) fn complaints(url: &str) -> Option<Vec<String>> {
    let output = chromium(&["--enable-logging=stderr", "--log-level=0", "--dump-dom"], url)?;
    let lines = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(lines.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect())
}

/// `timeout` ends a browser that hangs, so that a test never does.
#[track_caller]
fn chromium(options: &[&str], url: &str) -> Option<Output> {
    let profile = tempfile::tempdir().expect("a folder for the browser's profile");
    if !Path::new(CHROMIUM).is_file() {
        skipped(&format!("no browser at {CHROMIUM}"));
        return None;
    }
    let output = Command::new("timeout")
        .args(["--kill-after=5", "90", CHROMIUM])
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(options)
        .arg(url)
        .output()
        .expect("timeout is part of every Debian");
    assert!(output.status.success(), "the browser failed on {url}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output)
}

const CHROMIUM: &str = "/usr/bin/chromium";

/// Nothing of the browser's own business may reach for a network.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
