//! `Program::parse`: the whole file, table by table, then what spans tables.

mod certification;
mod cycles;
mod feeds;
mod firm;
mod head;
mod line;
mod lists;
mod renewal;
mod requirement;

use toml::de::DeTable;

use super::faults::Faults;
use super::model::Program;
use super::reader::{Place, Sink, Table};

/// No program file is larger: that is twenty times the whole framework of the field, and a reader of TOML takes some seventy
/// times the bytes in memory when they are made to cost it.
pub const MAX_BYTES: usize = 512 * 1024;

impl Program {
    /// Reads a program file and reports everything that is wrong with it at once.
    pub fn parse(text: &str) -> Result<Program, Faults> {
        let sink = Sink::new(text);
        if text.len() > MAX_BYTES {
            sink.fault_at(0, format!("the file has {} bytes; at most {MAX_BYTES} are allowed", text.len()), None);
            return sink.into_result(None);
        }
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                let offset = error.span().map_or(text.len(), |span| span.start);
                sink.fault_at(offset, error.message().to_owned(), syntax_hint(error.message()));
                return sink.into_result(None);
            }
        };
        let program = read(&sink, document.get_ref());
        sink.resolve();
        sink.into_result(program)
    }
}

fn read(sink: &Sink<'_>, document: &DeTable<'_>) -> Option<Program> {
    let mut root = Table::new(sink, Place::start(), document);
    let head = root.need("program").and_then(|cell| cell.table()).and_then(head::program);
    let issuer = root.need("issuer").and_then(|cell| cell.table()).and_then(head::issuer);
    let privacy = head::privacy(root.table("privacy"));
    let areas = root.rows("area").into_iter().filter_map(lists::area).collect();
    let tracks = root.rows("track").into_iter().filter_map(lists::track).collect();
    let levels = lists::levels(root.rows("level"));
    let rights = root.rows("right").into_iter().filter_map(lists::right).collect();
    let certifications = certification::all(sink, root.rows("certification"), &levels);
    let (tiers, accreditations) = firm::all(sink, root.rows("tier"), root.rows("accreditation"));
    let recertify = root.rows("recertify").into_iter().filter_map(feeds::recertify).collect();
    let maps = root.rows("map").into_iter().filter_map(feeds::map).collect();
    let sources = root.rows("source").into_iter().filter_map(feeds::source).collect();
    let head::Head { id, name, timezone, languages, texts } = head?;
    Some(Program {
        id,
        name,
        timezone,
        languages,
        texts,
        issuer: issuer?,
        privacy,
        areas,
        tracks,
        levels: levels.into_iter().map(|(level, _)| level).collect(),
        rights,
        certifications,
        tiers,
        accreditations,
        recertify,
        maps,
        sources,
    })
}

fn syntax_hint(message: &str) -> Option<String> {
    let hint = match message {
        m if m.starts_with("duplicate key") => "each key stands once in a table, and each [table] once in the file",
        m if m.contains("recursion") || m.contains("recurse") => "tables and lists are nested too deeply",
        m if m.contains("string") => "texts stand in double quotes",
        _ => return None,
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests;
