//! [`Rows`]: a file read row by row, each judged by the program.

use std::collections::HashMap;
use std::io::{Chain, Cursor, Read};

use chrono::{DateTime, Utc};
use csv::ByteRecord;
use sha2::{Digest as _, Sha256};

use super::columns::{Columns, Field};
use super::limited::Limited;
use super::row::Draft;
use super::{FileFault, MAX_CELL, MAX_ROW, MAX_ROWS, RowFault, Settings};
use crate::intake::Submission;
use crate::program::Program;

/// How much is looked at to find out what separates the cells.
const PEEK: usize = MAX_ROW;
const BUFFER: usize = 16 * 1024;
/// One row, and what the parser reads ahead of the next.
const BUDGET: usize = MAX_ROW + 2 * BUFFER;

/// One row: a result, or everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it begins, counted from 1.
    pub line: u64,
    /// What it says.
    pub content: Result<Submission, Vec<RowFault>>,
}

/// A file being read.
pub struct Rows<'p, R> {
    reader: csv::Reader<Limited<Chain<Cursor<Vec<u8>>, R>>>,
    /// Lines that were taken away before the parser began.
    skipped: u64,
    columns: Columns,
    settings: Settings,
    program: &'p Program,
    now: DateTime<Utc>,
    record: ByteRecord,
    read_so_far: u64,
    /// Digests of id and content, and the line: so that two rows that contradict each other are found. A million of them
    /// take forty megabytes.
    seen: HashMap<u64, (u32, u32)>,
}

impl<'p, R: Read> Rows<'p, R> {
    /// Reads the header. `now` tells what lies in the future.
    pub fn open(mut input: R, settings: Settings, program: &'p Program, now: DateTime<Utc>) -> Result<Self, FileFault> {
        let mut head = Vec::with_capacity(PEEK);
        input.by_ref().take(PEEK as u64).read_to_end(&mut head).map_err(|_| FileFault::Broken(0))?;
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.contains(&0) {
            return Err(FileFault::Encoding);
        }
        let (delimiter, begins) = dialect(&head);
        head.drain(..begins);
        let input = Limited::new(Cursor::new(head).chain(input), BUDGET);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(input);
        let skipped = u64::from(begins > 0);
        let mut record = ByteRecord::new();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Err(FileFault::Empty),
            Err(_) if reader.get_ref().is_exhausted() => return Err(FileFault::RowTooLong(1 + skipped)),
            Err(_) => return Err(FileFault::Broken(0)),
        }
        let headers: Result<Vec<String>, _> =
            record.iter().map(|cell| std::str::from_utf8(cell).map(super::cells::text)).collect();
        let columns = Columns::read(headers.map_err(|_| FileFault::Encoding)?, &settings.map)?;
        let mut given = Vec::new();
        given.extend(settings.certification.as_ref().map(|_| Field::Certification));
        given.extend(settings.requirement.as_ref().map(|_| Field::Requirement));
        columns.require(&given)?;
        Ok(Rows { reader, skipped, columns, settings, program, now, record, read_so_far: 0, seen: HashMap::new() })
    }

    /// Columns that nothing is read from.
    pub fn ignored(&self) -> Vec<String> {
        self.columns.ignored()
    }

    /// The next row that is not empty.
    pub fn next_row(&mut self) -> Result<Option<Row>, FileFault> {
        loop {
            self.reader.get_mut().refill(BUDGET);
            let begins = self.reader.position().byte();
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(_) => {
                    let line = self.line_at(begins);
                    let too_long = self.reader.get_ref().is_exhausted();
                    return Err(if too_long { FileFault::RowTooLong(line) } else { FileFault::Broken(line) });
                }
            }
            let line = self.line_at(begins);
            if self.record.as_slice().len() > MAX_ROW {
                return Err(FileFault::RowTooLong(line));
            }
            if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            self.read_so_far += 1;
            if self.read_so_far > MAX_ROWS {
                return Err(FileFault::TooManyRows);
            }
            return Ok(Some(Row { line, content: self.read(line) }));
        }
    }

    fn line_at(&mut self, offset: u64) -> u64 {
        self.reader.get_mut().line_at(offset) + self.skipped
    }

    fn read(&mut self, line: u64) -> Result<Submission, Vec<RowFault>> {
        let cells = self.cells(line)?;
        let draft = Draft { line, columns: &self.columns, cells: &cells, settings: &self.settings };
        let submission = draft.read(self.program, self.now)?;
        self.uncontradicted(line, &submission).map_err(|fault| vec![fault])?;
        Ok(submission)
    }

    /// The cells as text, if the row has the right number of them.
    fn cells(&self, line: u64) -> Result<Vec<String>, Vec<RowFault>> {
        let (have, want) = (self.record.len(), self.columns.len());
        // Spreadsheets leave out empty cells at the end of a row.
        let surplus = self.record.iter().skip(want).any(|cell| !cell.is_empty());
        if surplus || have > want + super::MAX_COLUMNS {
            let words = format!(
                "the row has {have} cells, the header {want}; put cells that hold a separator or a quotation mark in quotation marks"
            );
            return Err(vec![RowFault { line, column: None, words }]);
        }
        let mut faults = Vec::new();
        let mut cells = Vec::with_capacity(want);
        for (at, cell) in self.record.iter().take(want).enumerate() {
            let words = if cell.len() > MAX_CELL {
                format!("has {} bytes, more than {MAX_CELL}; shorten it", cell.len())
            } else if let Ok(text) = std::str::from_utf8(cell) {
                cells.push(super::cells::text(text));
                continue;
            } else {
                "is not UTF-8; save the file as \"CSV UTF-8\"".to_owned()
            };
            faults.push(RowFault { line, column: Some((at + 1, self.columns.header(at).to_owned())), words });
        }
        cells.resize(want, String::new());
        if faults.is_empty() { Ok(cells) } else { Err(faults) }
    }

    /// The same id twice is the same result twice, or a mistake.
    fn uncontradicted(&mut self, line: u64, submission: &Submission) -> Result<(), RowFault> {
        let id = u64::from_be_bytes(short_digest(submission.id.as_bytes()));
        let content = u32::from_be_bytes(short_digest(&serde_json::to_vec(submission).unwrap_or_default()));
        let at = u32::try_from(line).unwrap_or(u32::MAX);
        match self.seen.get(&id) {
            None => {
                self.seen.insert(id, (content, at));
                Ok(())
            }
            Some((same, _)) if *same == content => Ok(()),
            Some((_, first)) => {
                let (what, place) = match self.columns.place(Field::Id) {
                    Some(place) => ("has the same id", Some(place)),
                    None => ("is about the same person, requirement and moment", None),
                };
                let words = format!(
                    "says otherwise than line {first}, which {what}; keep one of them, or give each attempt an id of its own"
                );
                let column = place.map(|at| (at + 1, self.columns.header(at).to_owned()));
                Err(RowFault { line, column, words })
            }
        }
    }
}

fn short_digest<const BYTES: usize>(bytes: &[u8]) -> [u8; BYTES] {
    *Sha256::digest(bytes).first_chunk().expect("a digest has more bytes")
}

/// What separates the cells, and where the header begins: after a first line `sep=;`, as spreadsheets write it.
fn dialect(head: &[u8]) -> (u8, usize) {
    let line = head.split(|b| *b == b'\n').next().unwrap_or(head);
    if let [b's', b'e', b'p', b'=', delimiter @ (b',' | b';' | b'\t')] = line.strip_suffix(b"\r").unwrap_or(line) {
        return (*delimiter, (line.len() + 1).min(head.len()));
    }
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(d, _)| d == byte).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    let best = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    (counts.iter().find(|(_, n)| *n == best).map_or(b',', |(d, _)| *d), 0)
}
