//! Exit codes, and errors in words: `error: …`, causes indented, `hint: …`.

use std::fmt::{self, Write as _};
use std::io::{IsTerminal as _, Write, stderr, stdout};
use std::process::ExitCode;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Done,
    Failed,
    NotValid,
    Inconclusive,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::NotValid => ExitCode::from(3),
            Exit::Inconclusive => ExitCode::from(4),
        }
    }
}

/// An error that says what to do next.
#[derive(Debug)]
pub(super) struct Hinted {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Hinted {
    pub(super) fn error(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Hinted { message: message.into(), hint: hint.into() })
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// Prints the error and answers exit code 1.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    // What is at fault in a request has a line for each place.
    for (at, line) in error.to_string().split(FAULT).enumerate() {
        say(if at == 0 { format!("error: {line}") } else { format!("{}{line}", &FAULT[1..]) });
    }
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let words = cause.to_string();
        // A transparent error repeats its source word for word.
        if words != said {
            say(format!("  caused by: {words}"));
        }
        said = words;
    }
    // Asked of the error itself, which also looks into the words put around a cause; the causes in its chain do not.
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        say(format!("hint: {}", hinted.hint));
    }
    ExitCode::from(1)
}

/// What stands before each fault within an error.
pub(super) const FAULT: &str = "\n  ";

/// A line of data, to stdout; a closed pipe is no error.
pub(super) fn print(line: impl fmt::Display) {
    let _ = writeln!(stdout().lock(), "{}", shown(&line.to_string()));
}

/// Several lines of data, such as JSON: where one ends is our own doing.
pub(super) fn print_lines(text: impl fmt::Display) {
    text.to_string().split('\n').for_each(print);
}

/// What somebody else wrote, byte by byte, for a file or another program; on a terminal, line by line.
pub(super) fn print_as_it_is(text: &str) {
    if stdout().is_terminal() {
        print_lines(text);
    } else {
        let _ = writeln!(stdout().lock(), "{text}");
    }
}

/// A line of anything that is not data, to stderr.
pub(super) fn say(line: impl fmt::Display) {
    let _ = writeln!(stderr().lock(), "{}", shown(&line.to_string()));
}

/// A text as one line of a terminal: what would steer it, end the line or turn text around is spelled out. File names,
/// names and headlines are written by strangers. The spelling is that of JSON, so that JSON stays what it is.
pub(in crate::cli) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let turns =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match c {
            '\t' => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ if turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes all text");
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal_and_json_stays_json() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(shown(text), expected);
        }
        check("Ana Lopes\tholds \u{201c}Größe\u{201d} 漢 👩", "Ana Lopes\tholds \u{201c}Größe\u{201d} 漢 👩");
        check("a\u{1b}[2K\r\nValid. b.json", "a\\u001b[2K\\r\\nValid. b.json");
        check("\u{9b}31m\u{7f}\0", "\\u009b31m\\u007f\\u0000");
        check("gnp.\u{202e}lave\u{2066}\u{61c}\u{2028}", "gnp.\\u202elave\\u2066\\u061c\\u2028");
        let json = serde_json::json!({ "a": "\u{9b}\u{202e}\n\"" });
        let read: serde_json::Value = serde_json::from_str(&shown(&json.to_string())).unwrap();
        assert_eq!(read, json);
    }
}
