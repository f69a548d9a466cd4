//! Results in a CSV file: UTF-8 with or without BOM; comma, semicolon or tab; quoted as in RFC 4180; read row by row in
//! bounded memory.

mod cells;
mod columns;
mod export;
mod limited;
mod row;
mod rows;

pub use columns::Field;
pub use export::{ResultLine, TEMPLATE_NAME, cell, record, result_header, result_line, template};
pub use rows::{Row, Rows};

use crate::id::{CertificationId, RequirementId};

/// The most rows of a file.
pub const MAX_ROWS: u64 = 1_000_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 100;
/// The most bytes of a cell.
pub const MAX_CELL: usize = 10 * 1024;
/// The most bytes of a row.
pub const MAX_ROW: usize = 64 * 1024;

/// What the caller says about a file.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Columns by name, and what they hold.
    pub map: Vec<(String, Field)>,
    /// For rows that name none.
    pub certification: Option<CertificationId>,
    /// For rows that name none.
    pub requirement: Option<RequirementId>,
    /// Where the file comes from: stands before the ids of its rows, and names the system of the persons' ids.
    pub source: Option<String>,
}

impl Settings {
    /// Reads `column=field`.
    pub fn mapping(text: &str) -> Result<(String, Field), FileFault> {
        let (column, field) = text.rsplit_once('=').ok_or_else(|| FileFault::Mapping(shown(text)))?;
        Ok((column.trim().to_owned(), field.trim().parse()?))
    }
}

/// Why a file as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing in it.
    #[error("the file is empty; its first line must name the columns, as the template does")]
    Empty,
    /// Other than UTF-8.
    #[error("the file is not UTF-8; save it as \"CSV UTF-8\"")]
    Encoding,
    /// A mapping that cannot be read.
    #[error("{0} is no mapping; write it as column=field, such as \"E-Mail=email\"")]
    Mapping(String),
    /// A mapping to something else.
    #[error("there is no field {0}; there are: {fields}", fields = field_names())]
    UnknownField(String),
    /// A mapping of something else.
    #[error("the file has no column {column}; it has: {have}")]
    UnknownColumn {
        /// As mapped.
        column: String,
        /// What there is.
        have: String,
    },
    /// Something indispensable is missing.
    #[error("no column holds {what}; map one to {field}, or rename it; the file has: {have}")]
    NoColumn {
        /// In words.
        what: &'static str,
        /// What to map.
        field: &'static str,
        /// What there is.
        have: String,
    },
    /// Two columns for one thing.
    #[error("the columns {first} and {second} both hold {field}; map the right one to it")]
    TwoColumns {
        /// Which.
        field: &'static str,
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// Too wide.
    #[error("the file has {0} columns, more than {MAX_COLUMNS}; leave out what is not needed")]
    TooManyColumns(usize),
    /// Too long.
    #[error("the file has more than {MAX_ROWS} rows; split it")]
    TooManyRows,
    /// Perhaps a quote that is never closed.
    #[error("the row that begins in line {0} has more than 64 kB; look for a quotation mark that is not closed")]
    RowTooLong(u64),
    /// It broke off.
    #[error("the file cannot be read on after line {0}")]
    Broken(u64),
}

/// What is wrong in one row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {words}", self.place())]
pub struct RowFault {
    /// Where the row begins, counted from 1.
    pub line: u64,
    /// Number (from 1) and name of the column, if one is at fault.
    pub column: Option<(usize, String)>,
    /// What is wrong, and what to do.
    pub words: String,
}

impl RowFault {
    /// `line 17, column 5 "Score"`.
    pub fn place(&self) -> String {
        match &self.column {
            Some((number, name)) => format!("line {}, column {number} {}", self.line, shown(name)),
            None => format!("line {}", self.line),
        }
    }
}

/// Strangers' text within a sentence: quoted, short, without control characters.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("\"{}{more}\"", short.escape_debug())
}

fn field_names() -> String {
    Field::all().map(Field::name).collect::<Vec<_>>().join(", ")
}
