//! Exit codes, and errors in words: `error: …`, causes indented, `hint: …`.

use std::fmt;
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
#[expect(clippy::print_stderr, reason = "errors of the command line go to stderr")]
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error}");
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let words = cause.to_string();
        // A transparent error repeats its source word for word.
        if words != said {
            eprintln!("  caused by: {words}");
        }
        said = words;
    }
    // Asked of the error itself, which also looks into the words put around a cause; the causes in its chain do not.
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        eprintln!("hint: {}", hinted.hint);
    }
    ExitCode::from(1)
}

/// Data, to stdout; a closed pipe is no error.
pub(super) fn print(text: impl fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Anything that is not data, to stderr.
pub(super) fn say(text: impl fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
