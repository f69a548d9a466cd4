//! The day an award expires as a calendar entry (RFC 5545).

use chrono::{DateTime, NaiveDate, Utc};

/// The longest line, in octets without its end.
const LONGEST: usize = 75;

/// One all-day entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Who makes calendars here, in the product's name.
    pub vendor: &'a str,
    /// The same for as long as the award exists.
    pub uid: &'a str,
    /// Rises with every change.
    pub sequence: usize,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// The last day.
    pub day: NaiveDate,
    /// What happens on it.
    pub summary: &'a str,
    /// What the reminder says.
    pub alarm: &'a str,
    /// Where more is said.
    pub url: &'a str,
    /// It will not happen.
    pub cancelled: bool,
}

impl Entry<'_> {
    /// The whole calendar.
    pub fn ics(&self) -> String {
        let mut ics = String::with_capacity(800);
        let mut line = |text: &str| fold(text, &mut ics);
        line("BEGIN:VCALENDAR");
        line("VERSION:2.0");
        line(&format!("PRODID:-//{}//Assay//EN", escaped(&self.vendor.replace("//", " "))));
        line(if self.cancelled { "METHOD:CANCEL" } else { "METHOD:PUBLISH" });
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(self.uid)));
        line(&format!("DTSTAMP:{}", self.changed_at.format("%Y%m%dT%H%M%SZ")));
        line(&format!("SEQUENCE:{}", self.sequence));
        line(&format!("DTSTART;VALUE=DATE:{}", self.day.format("%Y%m%d")));
        line(&format!("DTEND;VALUE=DATE:{}", self.day.succ_opt().unwrap_or(self.day).format("%Y%m%d")));
        line(&format!("SUMMARY:{}", escaped(self.summary)));
        line(&format!("URL:{}", one_line(self.url)));
        line("TRANSP:TRANSPARENT");
        line("CLASS:PRIVATE");
        if self.cancelled {
            line("STATUS:CANCELLED");
        } else {
            line("BEGIN:VALARM");
            line("ACTION:DISPLAY");
            line(&format!("DESCRIPTION:{}", escaped(self.alarm)));
            line("TRIGGER:-P30D");
            line("END:VALARM");
        }
        line("END:VEVENT");
        line("END:VCALENDAR");
        ics
    }
}

/// RFC 5545 §3.3.11: what has a meaning is escaped, what cannot stand in a text is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => safe.extend(['\\', c]),
            '\n' => safe.push_str("\\n"),
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// RFC 5545 §3.1: lines end in CRLF and have at most 75 octets; no character is torn.
fn fold(text: &str, into: &mut String) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LONGEST {
            into.push_str("\r\n ");
            used = 1;
        }
        into.push(c);
        used += c.len_utf8();
    }
    into.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(summary: &str) -> String {
        Entry {
            vendor: "Northwind",
            uid: "award-7K3QX9M2TR4HB6WD-expiry@badges.example",
            sequence: 3,
            changed_at: "2026-11-20T09:00:00Z".parse().unwrap(),
            day: "2027-02-28".parse().unwrap(),
            summary,
            alarm: "In 30 days",
            url: "https://badges.example/v/7K3QX9M2TR4HB6WD",
            cancelled: false,
        }
        .ics()
    }

    #[track_caller]
    fn check(summary: &str) {
        let ics = entry(summary);
        assert!(ics.ends_with("END:VCALENDAR\r\n"));
        for line in ics.split("\r\n") {
            assert!(line.len() <= LONGEST, "{summary:?}: {line:?}");
            assert!(!line.chars().any(char::is_control), "{summary:?}: {line:?}");
        }
        let unfolded = ics.replace("\r\n ", "");
        let lines: Vec<_> = unfolded.split("\r\n").collect();
        assert_eq!(lines.len(), entry("x").split("\r\n").count(), "{summary:?}: {lines:#?}");
        let said = lines.iter().find_map(|l| l.strip_prefix("SUMMARY:")).unwrap();
        let back = said.replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\");
        let kept: String = summary.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        assert_eq!(back, kept);
    }

    #[test]
    fn lines_are_short_and_whole_whatever_is_in_them() {
        check("Certified Sales Associate expires");
        check("a; b, c");
        check("x\r\nBEGIN:VEVENT\r\nUID:evil");
        check(&"x".repeat(60));
        check(&"x".repeat(67));
        check(&"x".repeat(1_000));
        check(&"ü".repeat(1_000));
        check(&"名".repeat(1_000));
        check(&"🏅".repeat(1_000));
        check("שרה כהן");
        check("");
    }

    #[test]
    fn an_entry_is_of_the_last_day_and_ends_before_the_next() {
        let ics = entry("x");
        assert!(ics.contains("\r\nDTSTART;VALUE=DATE:20270228\r\nDTEND;VALUE=DATE:20270301\r\n"), "{ics}");
        assert!(ics.contains("\r\nSEQUENCE:3\r\n") && ics.contains("\r\nDTSTAMP:20261120T090000Z\r\n"), "{ics}");
    }
}
