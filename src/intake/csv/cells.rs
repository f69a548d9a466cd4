//! What stands in a cell: dates, numbers, outcomes, addresses.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization as _;

use crate::program::duration::start_of_day;
use crate::rules::Outcome;

/// Trimmed, in NFC.
pub(super) fn text(cell: &str) -> String {
    cell.trim().nfc().collect()
}

/// A mail address with its host in small letters; what stands before the @ stays as it is.
pub(super) fn address(cell: &str) -> String {
    let cell = text(cell);
    match cell.rsplit_once('@') {
        Some((local, host)) => format!("{local}@{}", host.to_lowercase()),
        None => cell,
    }
}

/// A moment in RFC 3339, or a day, which stands for its first moment in the program's time zone: a moment that is the same
/// whenever the file is read, and never in the future.
pub(super) fn moment(cell: &str, zone: Tz) -> Result<DateTime<Utc>, String> {
    let shown = super::shown(cell);
    if let Ok(day) = NaiveDate::parse_from_str(cell, "%Y-%m-%d")
        .map_err(|_| ())
        .and_then(|day| if cell.len() == 10 { Ok(day) } else { Err(()) })
    {
        return Ok(start_of_day(day, zone));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(cell) {
        return Ok(at.to_utc());
    }
    let zoneless = |form: &str| NaiveDateTime::parse_from_str(cell, form).is_ok();
    if ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"].into_iter().any(zoneless) {
        return Err(format!("{shown} has no time zone; write it as 2026-11-20T14:30:00+01:00, or leave the time out"));
    }
    Err(format!("{shown} is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00"))
}

/// A number with a decimal point, or with a decimal comma where it cannot be taken for thousands.
pub(super) fn number(cell: &str) -> Result<f64, String> {
    let cell = cell.strip_suffix('%').map_or(cell, str::trim_end);
    let plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.len() <= 20 && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let read = |text: &str| if plain(text) { text.parse::<f64>().ok() } else { None };
    let comma = || {
        let (whole, part) = cell.split_once(',')?;
        let sound = !whole.contains('.') && matches!(part.len(), 1 | 2);
        if sound { read(&format!("{whole}.{part}")) } else { None }
    };
    read(cell).or_else(comma).ok_or_else(|| format!("{} is no number; write it as 84 or 84.5", super::shown(cell)))
}

/// How it went, in the words of learning platforms.
pub(super) fn outcome(cell: &str) -> Result<Outcome, String> {
    match cell.to_lowercase().as_str() {
        "passed" | "pass" => Ok(Outcome::Passed),
        "failed" | "fail" => Ok(Outcome::Failed),
        "completed" | "complete" => Ok(Outcome::Completed),
        _ => Err(format!("{} is no outcome; write passed, failed or completed", super::shown(cell))),
    }
}
