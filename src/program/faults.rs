//! [`Faults`]: everything that is wrong with a program file, at once, each with its place and a way on.

use std::fmt;

/// More faults than this are only counted.
pub const MAX_FAULTS: usize = 200;

/// One thing that is wrong with a program file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// Where in the rule book: `certification "sales-associate" › requirement "exam" › pass`. Empty for the whole file.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// All faults of a program file, in order of position; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    list: Vec<Fault>,
    omitted: usize,
}

impl Faults {
    /// Sorts by position; what comes after the first [`MAX_FAULTS`] is only counted.
    pub(super) fn new(mut list: Vec<Fault>, omitted: usize) -> Self {
        list.sort_by_key(|fault| (fault.line, fault.column));
        Faults { list, omitted }
    }

    /// The faults.
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// How many there are, those that are not listed included.
    pub fn count(&self) -> usize {
        self.list.len() + self.omitted
    }

    /// What `assay program check` prints: `program.toml:12:3: error: …`, a line each, hints indented below.
    pub fn render(&self, file_name: &str) -> String {
        let mut lines: Vec<String> = self.list.iter().map(|fault| format!("{file_name}:{fault}\n")).collect();
        if self.omitted > 0 {
            lines.push(format!("{file_name}: and {} more\n", self.omitted));
        }
        lines.concat()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: error: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render("program.toml").trim_end())
    }
}

impl std::error::Error for Faults {}

/// Turns byte offsets into lines and columns.
pub(super) struct Positions<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
}

impl<'t> Positions<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Positions { text, line_starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// Line and column of a byte offset, both counted from 1.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let before = self.text.get(self.line_starts[line - 1]..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}
