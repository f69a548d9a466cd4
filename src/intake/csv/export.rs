//! What is written as CSV for people: the result file of an import, and the template.

use serde::{Deserialize, Serialize};

use super::columns::Field;

/// What the template is called.
pub const TEMPLATE_NAME: &str = "assay-import.csv";

/// What became of one row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResultLine {
    /// Where the row begins.
    pub line: u64,
    /// The id of its result.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// The HTTP status that the result alone would have had.
    pub status: u16,
    /// `awarded`, `renewed`, `recorded`, `withheld` or `refused`.
    pub decision: String,
    /// Number of the award, if one is held.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub award: String,
    /// Its page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Why it was withheld or refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// It had been reported before: nothing changed now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
}

/// The header of the result file.
pub fn result_header() -> String {
    record(&["line", "id", "decision", "award", "address", "message"].map(str::to_owned))
}

/// One line of the result file.
pub fn result_line(line: &ResultLine) -> String {
    let decision = if line.known { format!("{} before", line.decision) } else { line.decision.clone() };
    record(&[
        line.line.to_string(),
        line.result.clone(),
        decision,
        line.award.clone(),
        line.address.clone(),
        line.message.clone(),
    ])
}

/// An empty file with every column.
pub fn template() -> String {
    record(&Field::all().map(|field| field.name().to_owned()).collect::<Vec<_>>())
}

/// One record, quoted where needed, ended by CR and LF.
pub fn record(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| quoted(&cell(text))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A text that no spreadsheet takes for a formula, whatever blanks it passes over before it looks.
pub fn cell(text: &str) -> String {
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let formula = seen.starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', ';', '\t', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
