//! Which column of a file is what: by common names, or as the caller says.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

use super::FileFault;
use crate::decimal::Decimal;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its name; README.md explains them")]
pub enum Field {
    Id,
    Name,
    FirstName,
    LastName,
    Email,
    PersonId,
    System,
    Region,
    Certification,
    Requirement,
    Outcome,
    Score,
    Max,
    Minutes,
    Proctoring,
    At,
    By,
    Form,
    Site,
    EvidenceName,
    EvidenceUrl,
    Piece,
}

/// Each field with its name and what files call it, in small letters with single spaces.
const FIELDS: [(Field, &str, &[&str]); 22] = [
    (Field::Id, "id", &["id", "result id", "attempt id", "external id", "submission id", "record id"]),
    (
        Field::Name,
        "name",
        &[
            "name",
            "recipient name",
            "full name",
            "learner",
            "learner name",
            "student",
            "candidate",
            "candidate name",
            "participant",
        ],
    ),
    (Field::FirstName, "first_name", &["first name", "given name", "firstname", "vorname"]),
    (Field::LastName, "last_name", &["last name", "surname", "family name", "lastname", "nachname"]),
    (
        Field::Email,
        "email",
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "recipient email",
            "learner email",
            "e mail adresse",
        ],
    ),
    (
        Field::PersonId,
        "person_id",
        &[
            "person id",
            "user id",
            "learner id",
            "student id",
            "employee id",
            "candidate id",
            "id number",
            "sis user id",
        ],
    ),
    (Field::System, "system", &["system", "person system"]),
    (
        Field::Certification,
        "certification",
        &["certification", "certification id", "credential", "credential id", "group", "badge", "certificate"],
    ),
    (Field::Requirement, "requirement", &["requirement", "requirement id", "assessment", "exam", "exam id"]),
    (Field::Outcome, "outcome", &["outcome", "result", "lesson status", "success status", "pass fail"]),
    (Field::Score, "score", &["score", "points", "grade", "percent", "percentage", "score raw", "punkte"]),
    (Field::Max, "max", &["max", "max score", "maximum", "points possible", "score max", "maximum score"]),
    (Field::Minutes, "minutes", &["minutes", "duration minutes", "time spent minutes"]),
    (Field::Proctoring, "proctoring", &["proctoring"]),
    (
        Field::At,
        "at",
        &[
            "at",
            "date",
            "issued on",
            "completed",
            "completed at",
            "completed on",
            "completion date",
            "finished at",
            "finished on",
            "taken on",
            "timestamp",
            "datum",
        ],
    ),
    (Field::By, "by", &["by", "reviewed by"]),
    (Field::Region, "region", &["region", "sales region", "territory"]),
    (Field::Form, "form", &["form", "exam form", "form id"]),
    (Field::Site, "site", &["site", "test center", "test centre", "location"]),
    (Field::EvidenceName, "evidence_name", &["evidence name"]),
    (Field::EvidenceUrl, "evidence_url", &["evidence url", "evidence"]),
    (Field::Piece, "piece", &["piece", "piece id"]),
];

impl Field {
    /// As it is written in a mapping.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(field, ..)| *field == self).map_or("", |(_, name, _)| name)
    }

    /// All of them, in the order of the template.
    pub fn all() -> impl Iterator<Item = Field> {
        FIELDS.iter().map(|(field, ..)| *field)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Field {
    type Err = FileFault;

    fn from_str(text: &str) -> Result<Self, FileFault> {
        let found = FIELDS.iter().find(|(_, name, _)| *name == text);
        found.map(|(field, ..)| *field).ok_or_else(|| FileFault::UnknownField(super::shown(text)))
    }
}

/// The columns of one file.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    headers: Vec<String>,
    /// Which field each column holds.
    fields: Vec<Option<Field>>,
    /// Points that can be reached, where the header says so (`Grade/100.00`).
    pub(super) max: Option<Decimal>,
}

impl Columns {
    /// Reads the header row.
    pub(super) fn read(headers: Vec<String>, map: &[(String, Field)]) -> Result<Self, FileFault> {
        if headers.len() > super::MAX_COLUMNS {
            return Err(FileFault::TooManyColumns(headers.len()));
        }
        let mut fields: Vec<Option<Field>> = vec![None; headers.len()];
        for (column, field) in map {
            let known = |header: &String| header == column.trim() || folded(header) == folded(column);
            let at = headers
                .iter()
                .position(known)
                .ok_or_else(|| FileFault::UnknownColumn { column: super::shown(column), have: listed(&headers) })?;
            fields[at] = Some(*field);
        }
        let mut max = None;
        for (at, header) in headers.iter().enumerate() {
            let taken = |field: Field| map.iter().any(|(_, mapped)| *mapped == field);
            if fields[at].is_some() {
                continue;
            }
            let found = by_name(header);
            if let Some((field, points)) = found.filter(|(field, _)| !taken(*field)) {
                fields[at] = Some(field);
                max = max.or(points);
            }
        }
        let columns = Columns { headers, fields, max };
        for field in Field::all() {
            let mut of: Vec<&str> = Vec::new();
            for (header, _) in columns.headers.iter().zip(&columns.fields).filter(|(_, f)| **f == Some(field)) {
                of.push(header);
            }
            if let [first, second, ..] = of.as_slice() {
                let (first, second) = (super::shown(first), super::shown(second));
                return Err(FileFault::TwoColumns { field: field.name(), first, second });
            }
        }
        Ok(columns)
    }

    /// Refuses a file in which something indispensable has no column and no value for all rows.
    pub(super) fn require(&self, given: &[Field]) -> Result<(), FileFault> {
        let has = |field: Field| given.contains(&field) || self.place(field).is_some();
        let missing = |what: &'static str, field: Field| {
            Err(FileFault::NoColumn { what, field: field.name(), have: listed(&self.headers) })
        };
        let named = has(Field::Name) || (has(Field::FirstName) && has(Field::LastName));
        if !named {
            return missing("the name of the person", Field::Name);
        }
        if !has(Field::Email) && !has(Field::PersonId) {
            return missing("the mail address or another id of the person", Field::Email);
        }
        if !has(Field::Certification) {
            return missing("the certification", Field::Certification);
        }
        if !has(Field::Requirement) {
            return missing("the requirement", Field::Requirement);
        }
        if !has(Field::Outcome) && !has(Field::Score) {
            return missing("the outcome or the score", Field::Outcome);
        }
        if has(Field::At) { Ok(()) } else { missing("the date", Field::At) }
    }

    /// Where a field stands.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|f| *f == Some(field))
    }

    /// What its column is called.
    pub(super) fn header(&self, at: usize) -> &str {
        &self.headers[at]
    }

    pub(super) fn len(&self) -> usize {
        self.headers.len()
    }

    /// Columns that nothing is read from.
    pub(super) fn ignored(&self) -> Vec<String> {
        let pairs = self.headers.iter().zip(&self.fields);
        pairs.filter(|(header, field)| field.is_none() && !header.is_empty()).map(|(h, _)| super::shown(h)).collect()
    }
}

fn by_name(header: &str) -> Option<(Field, Option<Decimal>)> {
    let name = folded(header);
    if let Some((field, ..)) =
        FIELDS.iter().find(|(_, field, names)| names.contains(&name.as_str()) || *field == header.trim())
    {
        return Some((*field, None));
    }
    // As learning platforms export grades: the points that can be reached stand in the header.
    let points: f64 = header.trim().to_lowercase().strip_prefix("grade/")?.replace(',', ".").parse().ok()?;
    Some((Field::Score, Some(Decimal::from(points))))
}

/// Small letters, and a single space for everything that is neither letter nor digit.
fn folded(header: &str) -> String {
    let composed: String = header.nfc().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = composed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn listed(headers: &[String]) -> String {
    let shown: Vec<String> = headers.iter().take(20).map(|h| super::shown(h)).collect();
    let more = if headers.len() > 20 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
