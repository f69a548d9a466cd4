//! [`Table`]: a CSV file that the terminal writes, to be opened in a spreadsheet.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

/// By this, spreadsheets see that the letters are UTF-8. It stands in files only: programs read what goes elsewhere.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Lines come from [`crate::intake::csv`], where no cell becomes a formula.
pub(super) struct Table(BufWriter<File>);

impl Table {
    /// A new file with its header.
    pub(super) fn create(path: &Path, header: &str) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut table = Table(BufWriter::new(file));
        table.write(BYTE_ORDER_MARK)?;
        table.write(header)?;
        Ok(table)
    }

    /// One more line.
    pub(super) fn write(&mut self, line: &str) -> anyhow::Result<()> {
        self.0.write_all(line.as_bytes()).context("cannot write the CSV file")
    }

    /// The last lines, too, are on their way.
    pub(super) fn close(mut self) -> anyhow::Result<()> {
        self.0.flush().context("cannot write the CSV file")
    }
}
