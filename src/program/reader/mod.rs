//! Cursors over a TOML document with spans. They collect faults instead of stopping at the first, remember which keys were
//! asked for, and so report every key that nobody knows.

mod names;
mod values;

use std::cell::RefCell;
use std::rc::Rc;

use toml::de::{DeTable, DeValue};

use super::faults::{Fault, Faults, MAX_FAULTS, Positions};
pub(super) use names::{Kind, Located, closest};

/// No list in a program file is longer.
pub(super) const MAX_ITEMS: usize = 1_000;

/// Where a fault is: in the text, and in the rule book.
#[derive(Debug, Clone)]
pub(super) struct Place {
    offset: usize,
    path: Rc<str>,
}

impl Place {
    /// The beginning of the file.
    pub(super) fn start() -> Self {
        Place { offset: 0, path: "".into() }
    }

    fn below(&self, step: &str, offset: usize) -> Self {
        let path = if self.path.is_empty() { step.into() } else { format!("{} › {step}", self.path).into() };
        Place { offset, path }
    }
}

/// Collects what is wrong, what is defined and what is referred to.
pub(super) struct Sink<'t> {
    positions: Positions<'t>,
    faults: RefCell<Vec<Fault>>,
    omitted: RefCell<usize>,
    names: RefCell<names::Names>,
}

impl<'t> Sink<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Sink {
            positions: Positions::of(text),
            faults: RefCell::default(),
            omitted: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// Notes a fault.
    pub(super) fn fault(&self, place: &Place, message: impl Into<String>, hint: Option<String>) {
        let mut faults = self.faults.borrow_mut();
        if faults.len() == MAX_FAULTS {
            *self.omitted.borrow_mut() += 1;
            return;
        }
        let (line, column) = self.positions.at(place.offset);
        faults.push(Fault { line, column, path: place.path.to_string(), message: message.into(), hint });
    }

    /// A fault at a byte offset, outside of any table.
    pub(super) fn fault_at(&self, offset: usize, message: impl Into<String>, hint: Option<String>) {
        self.fault(&Place { offset, path: "".into() }, message, hint);
    }

    /// The verdict: all faults, if any.
    pub(super) fn into_result<T>(self, value: Option<T>) -> Result<T, Faults> {
        match value {
            Some(value) if self.faults.borrow().is_empty() => Ok(value),
            _ => Err(Faults::new(self.faults.into_inner(), self.omitted.into_inner())),
        }
    }
}

/// One table of the file. When it is dropped, keys that were never asked for are faults, and so are missing ones.
pub(super) struct Table<'a> {
    pub(super) sink: &'a Sink<'a>,
    pub(super) place: Place,
    entries: &'a DeTable<'a>,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    forgiven: bool,
}

impl<'a> Table<'a> {
    pub(super) fn new(sink: &'a Sink<'a>, place: Place, entries: &'a DeTable<'a>) -> Self {
        Table { sink, place, entries, asked: Vec::new(), missing: Vec::new(), forgiven: false }
    }

    /// The value of an optional key.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Cell<'a>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let value = self.entries.get(key)?;
        let place = self.place.below(key, value.span().start);
        Some(Cell { sink: self.sink, place, value: value.get_ref() })
    }

    /// The value of a required key.
    pub(super) fn need(&mut self, key: &'static str) -> Option<Cell<'a>> {
        let cell = self.get(key);
        if cell.is_none() {
            self.missing.push(key);
        }
        cell
    }

    /// Says nothing about the other keys: the table as a whole is at fault already.
    pub(super) fn forgive(&mut self) {
        self.missing.clear();
        self.forgiven = true;
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// How many values the list under a key has.
    pub(super) fn count(&self, key: &str) -> usize {
        self.entries.get(key).and_then(|v| v.get_ref().as_array()).map_or(0, |items| items.len())
    }

    /// The text of a key, whatever else may be wrong with it: for labels and scopes.
    pub(super) fn peek(&self, key: &str) -> Option<&'a str> {
        self.entries.get(key)?.get_ref().as_str()
    }

    /// The tables of `[[key]]`, labelled by their id.
    pub(super) fn rows(&mut self, key: &'static str) -> Vec<Table<'a>> {
        let Some(cell) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = cell.value else {
            let hint =
                matches!(cell.value, DeValue::Table(_)).then(|| format!("write it as [[{key}]], in double brackets"));
            cell.fault(format!("must be a list of tables, not {}", values::a_type(cell.value)), hint);
            return Vec::new();
        };
        if items.len() > MAX_ITEMS {
            cell.fault(format!("{} entries; at most {MAX_ITEMS} are allowed", items.len()), None);
        }
        let mut rows = Vec::new();
        for (n, item) in items.iter().enumerate().take(MAX_ITEMS) {
            let id = item.get_ref().as_table().and_then(|t| t.get("id")).and_then(|id| id.get_ref().as_str());
            let label = match id {
                Some(id) => format!("{key} {}", quoted(id)),
                None => format!("{key} {}", n + 1),
            };
            let place = self.place.below(&label, item.span().start);
            let cell = Cell { sink: self.sink, place, value: item.get_ref() };
            rows.extend(cell.table());
        }
        rows
    }

    /// The table of `[key]`.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Table<'a>> {
        self.get(key)?.table()
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if self.forgiven {
            return;
        }
        for (key, _) in self.entries {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let guess = closest(name, self.asked.iter().copied());
            if let Some(guess) = guess {
                self.missing.retain(|missing| *missing != guess);
            }
            let hint = match guess {
                Some(guess) => format!("did you mean `{guess}`?"),
                None => format!("known here: {}", self.asked.join(", ")),
            };
            self.sink.fault(&self.place.below(&brief(name), key.span().start), "unknown key", Some(hint));
        }
        for key in &self.missing {
            self.sink.fault(&self.place.below(key, self.place.offset), "is required, but missing", None);
        }
    }
}

/// One value of the file.
#[derive(Clone)]
pub(super) struct Cell<'a> {
    pub(super) sink: &'a Sink<'a>,
    pub(super) place: Place,
    value: &'a DeValue<'a>,
}

impl<'a> Cell<'a> {
    /// Notes a fault here.
    pub(super) fn fault(&self, message: impl Into<String>, hint: Option<String>) {
        self.sink.fault(&self.place, message, hint);
    }

    /// The table that stands here.
    pub(super) fn table(&self) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(entries) => Some(Table::new(self.sink, self.place.clone(), entries)),
            _ => self.wrong_type("a table"),
        }
    }

    /// The values of the list that stands here.
    pub(super) fn list(&self) -> Option<Vec<Cell<'a>>> {
        let DeValue::Array(items) = self.value else { return self.wrong_type("a list") };
        if items.len() > MAX_ITEMS {
            self.fault(format!("{} entries; at most {MAX_ITEMS} are allowed", items.len()), None);
            return None;
        }
        let cell = |(n, item): (usize, &'a toml::Spanned<DeValue<'a>>)| {
            let mut place = self.place.clone();
            place.offset = item.span().start;
            place.path = format!("{} {}", place.path, n + 1).into();
            Cell { sink: self.sink, place, value: item.get_ref() }
        };
        Some(items.iter().enumerate().map(cell).collect())
    }

    /// Reads every value of the list; `None` when it is no list. Values with a fault are left out.
    pub(super) fn each<T>(&self, read: impl Fn(&Cell<'a>) -> Option<T>) -> Option<Vec<T>> {
        Some(self.list()?.iter().filter_map(read).collect())
    }

    /// Whether a list stands here.
    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let hint = match (expected, self.value) {
            ("text", DeValue::Integer(n)) => Some(format!("put it in quotes: \"{}\"", brief(n.as_str()))),
            ("text", _) => Some("put it in double quotes".to_owned()),
            ("a list", DeValue::String(s)) => Some(format!("put it in square brackets: [{}]", quoted(s))),
            ("a list" | "a table" | "a date", _) => None,
            (_, DeValue::String(s)) if s.parse::<f64>().is_ok() || s.parse::<bool>().is_ok() => {
                Some(format!("write it without quotes: {}", brief(s)))
            }
            _ => None,
        };
        self.fault(format!("must be {expected}, not {}", values::a_type(self.value)), hint);
        None
    }
}

/// The beginning of a text of the file, safe to print.
pub(super) fn brief(text: &str) -> String {
    let mut short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

/// The same in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", brief(text))
}
