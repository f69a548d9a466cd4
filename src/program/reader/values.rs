//! Single values: text, numbers, choices, durations, dates, addresses, each with its bounds.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::{Cell, Kind, Located, closest, quoted};
use crate::decimal::Decimal;
use crate::program::duration::CalendarDuration;

/// Names and other texts of one line.
const MAX_NAME: usize = 200;
/// Descriptions and criteria.
const MAX_PROSE: usize = 5_000;
/// Web addresses.
const MAX_URL: usize = 2_000;

impl<'a> Cell<'a> {
    /// The text as it stands, unchecked.
    pub(super) fn raw_text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text.as_ref()),
            _ => self.wrong_type("text"),
        }
    }

    /// One line of at most 200 characters.
    pub(in crate::program) fn name(&self) -> Option<String> {
        self.checked_text(MAX_NAME, false)
    }

    /// Several lines of at most 5,000 characters.
    pub(in crate::program) fn prose(&self) -> Option<String> {
        self.checked_text(MAX_PROSE, true)
    }

    fn checked_text(&self, longest: usize, lines: bool) -> Option<String> {
        // Lines end in CR LF in a file written on Windows.
        let text = if lines { self.raw_text()?.replace("\r\n", "\n") } else { self.raw_text()?.to_owned() };
        let text = text.trim();
        let length = text.chars().count();
        let unfit = |c: char| (c.is_control() && !(lines && c == '\n')) || is_direction_override(c);
        if text.is_empty() {
            self.fault("must not be empty", None);
        } else if length > longest {
            self.fault(format!("{length} characters; at most {longest} are allowed"), None);
        } else if let Some(c) = text.chars().find(|c| unfit(*c)) {
            let hint = (c == '\n').then(|| "write it in one line".to_owned());
            self.fault(format!("must not have the control character U+{:04X}", u32::from(c)), hint);
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// An id, not yet checked for being defined.
    pub(in crate::program) fn slug<T: FromStr>(&self) -> Option<T> {
        let text = self.raw_text()?;
        let id = text.parse().ok();
        if id.is_none() {
            let hint = "an id is 1 to 64 lower-case letters, digits and hyphens, and begins with a letter or digit";
            self.fault(format!("{} is not an id", quoted(text)), Some(hint.to_owned()));
        }
        id
    }

    /// One of a fixed list of words.
    pub(in crate::program) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.raw_text()?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let hint = closest(text, words.iter().copied()).map(|word| format!("did you mean \"{word}\"?"));
        self.fault(format!("must be one of {}, not {}", words.join(", "), quoted(text)), hint);
        None
    }

    /// `true` or `false`.
    pub(in crate::program) fn boolean(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong_type("true or false"),
        }
    }

    /// A whole number in bounds.
    pub(in crate::program) fn integer(&self, bounds: RangeInclusive<u32>) -> Option<u32> {
        let DeValue::Integer(n) = self.value else { return self.wrong_type("a whole number") };
        let value = i64::from_str_radix(n.as_str(), n.radix()).ok().and_then(|n| u32::try_from(n).ok());
        let value = value.filter(|n| bounds.contains(n));
        if value.is_none() {
            self.fault(
                format!("must be {} to {}, not {}", bounds.start(), bounds.end(), super::brief(n.as_str())),
                None,
            );
        }
        value
    }

    /// A number in bounds.
    pub(in crate::program) fn number(&self, bounds: RangeInclusive<f64>) -> Option<f64> {
        let (text, value) = match self.value {
            DeValue::Integer(n) => (n.as_str(), whole(n.as_str(), n.radix())),
            DeValue::Float(n) => (n.as_str(), n.as_str().parse().ok()),
            _ => return self.wrong_type("a number"),
        };
        let value = value.filter(|n: &f64| bounds.contains(n));
        if value.is_none() {
            self.fault(format!("must be {} to {}, not {}", bounds.start(), bounds.end(), super::brief(text)), None);
        }
        value
    }

    /// A number from 0 to 100, exactly.
    pub(in crate::program) fn percent(&self) -> Option<Decimal> {
        self.number(0.0..=100.0).map(Decimal::from)
    }

    /// A duration; none at all is one too.
    pub(in crate::program) fn duration(&self) -> Option<CalendarDuration> {
        let text = self.raw_text()?;
        let duration = text.parse::<CalendarDuration>();
        if duration.is_err() {
            let hint = "a whole number with d, w, mo or y, such as \"30d\" or \"1y\"";
            self.fault(format!("{} is not a duration", quoted(text)), Some(hint.to_owned()));
        }
        let duration = duration.ok()?;
        if duration.after(NaiveDate::default()) > CalendarDuration::months(1_200).after(NaiveDate::default()) {
            self.fault(format!("{} is too long; at most \"100y\" is allowed", quoted(text)), None);
            return None;
        }
        Some(duration)
    }

    /// A duration of at least a day.
    pub(in crate::program) fn time(&self) -> Option<CalendarDuration> {
        let duration = self.duration()?;
        if duration.is_zero() {
            self.fault("must be at least a day", None);
            return None;
        }
        Some(duration)
    }

    /// A day, as TOML's local date or as text.
    pub(in crate::program) fn date(&self) -> Option<NaiveDate> {
        let text = match self.value {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(moment) => moment.to_string(),
            _ => return self.wrong_type("a date"),
        };
        let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        let date = date.filter(|d| {
            text.len() == 10 && ("1900-01-01".."9999-01-01").contains(&text.as_str()) && *d > NaiveDate::MIN
        });
        if date.is_none() {
            self.fault(format!("{} is not a date", quoted(&text)), Some("write it as 2027-01-31".to_owned()));
        }
        date
    }

    /// `"MM-DD"`.
    pub(in crate::program) fn month_and_day(&self) -> Option<(u32, u32)> {
        let text = self.raw_text()?;
        let parts = text.split_once('-').filter(|(m, d)| m.len() == 2 && d.len() == 2);
        let parsed = parts.and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)));
        let leap_year = |(m, d): &(u32, u32)| NaiveDate::from_ymd_opt(2000, *m, *d).is_some();
        let day = parsed.filter(leap_year);
        if day.is_none() {
            self.fault(format!("{} is not a day of the year", quoted(text)), Some("write it as \"06-30\"".to_owned()));
        }
        day
    }

    /// An absolute web address.
    pub(in crate::program) fn url(&self) -> Option<String> {
        let text = self.raw_text()?;
        if !is_web_address(text) {
            let hint = "an absolute address, such as \"https://northwind.example\"";
            self.fault(format!("{} is not a web address", quoted(text)), Some(hint.to_owned()));
            return None;
        }
        Some(text.to_owned())
    }

    /// A web address, or `mailto:`.
    pub(in crate::program) fn url_or_mailto(&self) -> Option<String> {
        match self.raw_text()?.strip_prefix("mailto:") {
            Some(address) if is_email(address) => self.raw_text().map(str::to_owned),
            _ => self.url(),
        }
    }

    /// An e-mail address.
    pub(in crate::program) fn email(&self) -> Option<String> {
        let text = self.raw_text()?;
        if !is_email(text) {
            self.fault(format!("{} is not an e-mail address", quoted(text)), None);
            return None;
        }
        Some(text.to_owned())
    }

    /// A language tag (BCP 47).
    pub(in crate::program) fn language(&self) -> Option<String> {
        let text = self.raw_text()?;
        let mut parts = text.split('-');
        let first =
            parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
        let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if !(first && rest && text.len() <= 35) {
            self.fault(
                format!("{} is not a language tag", quoted(text)),
                Some("such as \"en\" or \"pt-BR\"".to_owned()),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A file or folder beside the program file; with endings, one of these.
    pub(in crate::program) fn file(&self, endings: &[&str]) -> Option<String> {
        let text = self.name()?;
        let inside = text.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !inside || text.contains(['\\', ':']) {
            self.fault(
                format!("{} is not beside the program file", quoted(&text)),
                Some("a relative path without `..`".to_owned()),
            );
            return None;
        }
        let ending = text.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
        if !endings.is_empty() && !endings.contains(&ending.as_str()) {
            self.fault(format!("must be a file that ends in {}, not {}", endings.join(", "), quoted(&text)), None);
            return None;
        }
        Some(text)
    }

    /// Ids of things that are defined outside of any certification, none twice.
    pub(in crate::program) fn references<T: FromStr>(&self, kind: Kind) -> Option<Vec<T>> {
        self.distinct(|cell| cell.refer(kind))
    }

    /// Reads a list of texts in which none stands twice.
    pub(in crate::program) fn distinct<T>(&self, read: impl Fn(&Cell<'a>) -> Option<T>) -> Option<Vec<T>> {
        let mut seen = std::collections::BTreeSet::new();
        let mut values = Vec::new();
        for cell in self.list()? {
            let Some(value) = read(&cell) else { continue };
            match cell.value.as_str() {
                Some(text) if !seen.insert(text) => cell.fault(format!("{} stands here twice", quoted(text)), None),
                _ => values.push(value),
            }
        }
        Some(values)
    }

    /// Alternative paths, each a list of requirements; neither may be empty.
    pub(in crate::program) fn paths(&self) -> Option<Vec<Vec<Located>>> {
        let cells = self.list()?;
        if cells.is_empty() {
            self.fault(
                "must have at least one path",
                Some("a path is a list of requirements: [[\"exam\"]]".to_owned()),
            );
        }
        let path = |cell: &Cell<'a>| {
            let path = if cell.is_list() { cell.distinct(Cell::located)? } else { return cell.wrong_type("a list") };
            if cell.value.as_array().is_some_and(|items| items.is_empty()) {
                cell.fault("a path must have at least one requirement", None);
            }
            Some(path)
        };
        Some(cells.iter().filter_map(path).collect())
    }
}

/// What stands there, in words.
pub(super) fn a_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds of numbers are far below 2^53")]
fn whole(text: &str, radix: u32) -> Option<f64> {
    i64::from_str_radix(text, radix).ok().map(|n| n as f64)
}

/// Marks that make a text read in another order than it is stored.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_host(text: &str) -> bool {
    let label = |l: &str| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-');
    let letters = |l: &str| l.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.len() <= 253 && text.split('.').all(|l| label(l) && letters(l))
}

fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let unfit = |c: char| c.is_whitespace() || c.is_control() || is_direction_override(c) || "\"<>\\^`{|}".contains(c);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    text.len() <= MAX_URL && !text.contains(unfit) && is_host(host) && port.parse::<u16>().is_ok_and(|p| p > 0)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !is_direction_override(c) && !"<>()[],;:\\\"@".contains(c);
    (1..=64).contains(&local.len()) && local.chars().all(plain) && text.len() <= 254 && is_host(domain)
}
