//! Inputs that were made to cost as much as they can, for every reader of what others write: of one megabyte, and as large as
//! each reader takes them. A badge has a proof that must be looked at wherever its form allows one. The stories ask what is
//! answered, `benches/hostile.rs` what the answer costs.

mod documents;
mod drawings;
mod flood;
mod pictures;
pub(crate) mod readers;
mod reports;
mod texts;

use assay::render::bake::{MAX_PICTURE, MAX_SVG};

/// The most bytes of a text, and of the smaller of two pictures.
pub(crate) const MOST: usize = 1 << 20;

/// An input and its reader.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    pub(crate) bytes: Vec<u8>,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// As a badge: whatever is handed in to be verified.
    Badge,
    /// As the status list of a badge.
    StatusList,
    /// As the list of what an issuer revoked, by ids.
    RevocationList,
    /// As the document that lists an issuer's keys.
    Keys,
    /// As a vendor's logo.
    Logo,
    /// As xAPI statements.
    Statements,
    /// As a CSV file of results.
    Rows,
    /// As a program file.
    Program,
}

/// All of them.
pub(crate) fn all() -> Vec<Input> {
    let badge = |name: String, bytes| Input { name, reader: Reader::Badge, bytes };
    let documents = documents::all().into_iter().map(|(name, document)| (name, document.to_string().into_bytes()));
    let mut all: Vec<Input> =
        texts::all().into_iter().chain(documents).map(|(name, bytes)| badge(name.to_owned(), bytes)).collect();
    let sized = |made: Vec<(&'static str, Vec<u8>)>, most: usize| {
        made.into_iter().map(move |(name, bytes)| {
            assert!(bytes.len() <= most, "{name} has {} bytes", bytes.len());
            badge(format!("{name}, {} MB", most >> 20), bytes)
        })
    };
    for most in [MOST, MAX_SVG] {
        all.extend(sized(drawings::all(most), most));
    }
    for most in [MOST, MAX_PICTURE] {
        all.extend(sized(pictures::all(most), most));
    }
    let reports = reports::all().into_iter();
    all.extend(reports.map(|(name, reader, bytes)| Input { name: name.to_owned(), reader, bytes }));
    all
}
