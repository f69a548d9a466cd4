//! Reads a `.story`: dated rows, each with what happens and what must come of it.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::answer::{Answer, PHASES};

/// One dated line of a story.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// In the file, from 1.
    pub(super) line: usize,
    /// As written, with one space between words.
    pub(super) text: String,
    /// By the clocks of the program's time zone.
    pub(super) at: NaiveDateTime,
    pub(super) act: Act,
    /// None where nothing is answered.
    pub(super) expected: Option<Answer>,
}

/// Who, in what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct About {
    pub(super) person: String,
    pub(super) certification: String,
}

/// What happens in a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    /// What time brings is done.
    Clock,
    Result(About, Report),
    /// A verb on the award, with the code of a reason.
    Verb(About, String, Option<String>),
    /// Something is granted beside the rules, by the bearer of that API key.
    Exception(About, Grant, Option<String>),
    /// Where the standing is now, and what is missing.
    Outlook(About),
    /// The verification report, now or of that moment.
    State(About, Option<NaiveDateTime>),
    /// The codes that the feed told with the person's last result.
    Why(About),
    /// The award has the number and address that it had first.
    Page(About),
    /// What the feed told of the award in time's name since the last row of this kind.
    Notices(About),
}

/// A result as it is posted.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Report {
    pub(super) requirement: String,
    pub(super) outcome: &'static str,
    pub(super) score: Option<f64>,
    pub(super) rubric: Vec<(String, f64)>,
    pub(super) evidence: usize,
    pub(super) minutes: Option<f64>,
    /// `proctoring`, `by`, `form`, `site`.
    pub(super) more: Vec<(&'static str, String)>,
    /// When it happened, if not at the time of the row.
    pub(super) at: Option<NaiveDateTime>,
}

/// What is granted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Grant {
    Attempt(String),
    Waive(String),
    Extend(NaiveDate),
    ByHand,
    Approve,
}

/// Why a story cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {words}")]
pub(super) struct Nonsense {
    line: usize,
    words: String,
}

/// Empty lines and `#` comments are for the reader; every other line is a row, or the heading of a chapter. Within a chapter
/// time goes forward; all chapters together are told in the order of time.
pub(super) fn parse(text: &str) -> Result<Vec<Row>, Nonsense> {
    let mut rows: Vec<Row> = Vec::new();
    let mut chapter = 0;
    for (n, line) in text.lines().enumerate() {
        let told = line.trim();
        if told.starts_with("== ") && told.ends_with(" ==") {
            chapter = rows.len();
        }
        if told.is_empty() || told.starts_with('#') || told.starts_with("== ") {
            continue;
        }
        let nonsense = |words| Nonsense { line: n + 1, words };
        let row = row(n + 1, told).map_err(nonsense)?;
        if let Some(before) = rows[chapter..].last().filter(|before| before.at > row.at) {
            return Err(nonsense(format!("{} is before {}, the row above", row.at, before.at)));
        }
        rows.push(row);
    }
    rows.sort_by_key(|row| row.at);
    if rows.is_empty() {
        return Err(Nonsense { line: 1, words: "the story has no row".to_owned() });
    }
    Ok(rows)
}

fn row(line: usize, told: &str) -> Result<Row, String> {
    let (fact, answer) = match told.split_once("->") {
        Some((fact, answer)) => (fact, Some(answer)),
        None => (told, None),
    };
    let words: Vec<&str> = fact.split_whitespace().collect();
    let (day, rest) = words.split_first().ok_or("a row begins with a date")?;
    let day = date(day)?;
    let (time, rest) = match rest.split_first() {
        Some((word, rest)) if word.contains(':') => (time(word)?, rest),
        _ => (NOON, rest),
    };
    let act = if rest == ["clock"] { Act::Clock } else { act(rest)? };
    let expected = answer.map(|answer| Answer::parse(&answer.split_whitespace().collect::<Vec<_>>())).transpose()?;
    match (&expected, may_be(&act)) {
        (None, []) => {}
        (None, known) => return Err(format!("says not what comes of it: -> {}", known.join(", "))),
        (Some(_), []) => return Err("the clock answers nothing".to_owned()),
        (Some(answer), known) if known.contains(&answer.word.as_str()) => {}
        (Some(answer), known) => {
            return Err(format!("{:?} cannot come of this, but: {}", answer.word, known.join(", ")));
        }
    }
    let text = told.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Row { line, text, at: day.and_time(time), act, expected })
}

/// The first words that an answer to this can have; none where nothing is answered.
fn may_be(act: &Act) -> &'static [&'static str] {
    match act {
        Act::Clock => &[],
        Act::Result(..) => &["awarded", "renewed", "reinstated", "recorded", "withheld", "refused"],
        Act::Verb(..) => &["valid", "expired", "suspended", "revoked", "refused"],
        Act::Exception(..) => &["granted", "awarded", "renewed", "extended", "reinstated", "refused"],
        Act::Outlook(..) => &PHASES,
        Act::State(..) => &["valid", "expired", "suspended", "revoked", "not-yet-valid", "none"],
        Act::Why(..) => &["met", "unmet"],
        Act::Page(..) => &["same", "other"],
        Act::Notices(..) => &["told"],
    }
}

const NOON: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).expect("a time of day");

/// `ana exam 68 proctoring=live sales-associate`: who, what, in what.
fn act(words: &[&str]) -> Result<Act, String> {
    let [person, what, middle @ .., certification] = words else {
        return Err("a row is: date, time if it matters, who, what, certification".to_owned());
    };
    let about = About { person: slug(person)?, certification: slug(certification)? };
    let whole = |act: fn(About) -> Act| match middle {
        [] => Ok(act(about.clone())),
        [word, ..] => Err(format!("{word:?} means nothing after {what:?}")),
    };
    match *what {
        "clock" => Err("the clock is nobody's: write date, time if it matters, and clock".to_owned()),
        "outlook" => whole(Act::Outlook),
        "why" => whole(Act::Why),
        "page" => whole(Act::Page),
        "notices" => whole(Act::Notices),
        "state" => match middle {
            [] => Ok(Act::State(about, None)),
            [word] if word.starts_with("at=") => Ok(Act::State(about, Some(moment(&word["at=".len()..])?))),
            [word, ..] => Err(format!("{word:?} means nothing after \"state\", but at=")),
        },
        verb @ ("suspend" | "revoke" | "reinstate" | "renew") => match (verb, middle) {
            ("suspend" | "revoke", [reason]) => Ok(Act::Verb(about, verb.to_owned(), Some(slug(reason)?))),
            ("suspend" | "revoke", _) => Err(format!("{verb:?} needs the code of one reason")),
            (_, []) => Ok(Act::Verb(about, verb.to_owned(), None)),
            (_, [word, ..]) => Err(format!("{word:?} means nothing after {verb:?}")),
        },
        "grant" | "waive" | "extend" | "award" | "approve" => grant(about, what, middle),
        requirement => Ok(Act::Result(about, report(slug(requirement)?, middle)?)),
    }
}

fn grant(about: About, what: &str, words: &[&str]) -> Result<Act, String> {
    let (words, by) = match words {
        [words @ .., "by", who] if *who != "hand" => (words, Some(slug(who)?)),
        words => (words, None),
    };
    let grant = match (what, words) {
        ("grant", ["attempt", requirement]) => Grant::Attempt(slug(requirement)?),
        ("waive", [requirement]) => Grant::Waive(slug(requirement)?),
        ("extend", ["until", day]) => Grant::Extend(date(day)?),
        ("award", ["by", "hand"]) => Grant::ByHand,
        ("approve", []) => Grant::Approve,
        _ => {
            let known =
                "grant attempt exam, waive exam, extend until 2027-03-09, award by hand, approve; then by somebody";
            return Err(format!("nothing of this kind is granted; known are: {known}"));
        }
    };
    Ok(Act::Exception(about, grant, by))
}

fn report(requirement: String, words: &[&str]) -> Result<Report, String> {
    let mut report = Report { requirement, ..Report::default() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let outcome = match *word {
            "done" => "completed",
            "passed" => "passed",
            "failed" => "failed",
            _ => "",
        };
        if !outcome.is_empty() {
            if !report.outcome.is_empty() {
                return Err(format!("{word:?} is a second outcome"));
            }
            report.outcome = outcome;
        } else if *word == "rubric" {
            let lines = words.next().ok_or("the rubric has no scores")?;
            for line in lines.split(',') {
                let (id, score) = line.split_once('=').ok_or_else(|| format!("{line:?} is no score: write id=80"))?;
                report.rubric.push((slug(id)?, number(score)?));
            }
        } else if let Some((key, value)) = word.split_once('=') {
            match key {
                "minutes" => report.minutes = Some(number(value)?),
                "evidence" => report.evidence = value.parse().map_err(|_| format!("{value:?} is no count"))?,
                "at" => report.at = Some(moment(value)?),
                "proctoring" => report.more.push(("proctoring", value.to_owned())),
                "by" => report.more.push(("by", value.to_owned())),
                "form" => report.more.push(("form", value.to_owned())),
                "piece" => report.more.push(("piece", value.to_owned())),
                "site" => report.more.push(("site", value.to_owned())),
                _ => return Err(format!("a result has no {key:?}")),
            }
        } else if report.score.replace(number(word)?).is_some() {
            return Err(format!("{word:?} is a second score"));
        }
    }
    if report.outcome.is_empty() {
        // A score alone: the source has no mark of its own, and the program judges.
        report.score.ok_or("a result needs a score, or one of done, passed, failed")?;
        report.outcome = "passed";
    }
    Ok(report)
}

pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| text.len() == 10)
        .ok_or_else(|| format!("{text:?} is no date: write 2027-03-09"))
}

fn time(text: &str) -> Result<NaiveTime, String> {
    let form = if text.len() == 8 { "%H:%M:%S" } else { "%H:%M" };
    NaiveTime::parse_from_str(text, form).map_err(|_| format!("{text:?} is no time of day: write 09:30"))
}

/// `2027-03-09`, at noon, or `2027-03-09T09:30`.
fn moment(text: &str) -> Result<NaiveDateTime, String> {
    match text.split_once('T') {
        Some((day, clock)) => Ok(date(day)?.and_time(time(clock)?)),
        None => Ok(date(text)?.and_time(NOON)),
    }
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| format!("{text:?} is no number"))
}

/// Lower-case letters, digits and hyphens.
pub(super) fn slug(text: &str) -> Result<String, String> {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(sound) {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is no id"))
    }
}
