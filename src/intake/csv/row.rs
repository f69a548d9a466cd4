//! [`Draft`]: the cells of one row, read into a submission and judged by the program.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::columns::{Columns, Field};
use super::{RowFault, Settings, cells};
use crate::clock::rfc3339;
use crate::decimal::Decimal;
use crate::intake::{EvidenceRecord, ExternalId, Submission, SubmittedPerson};
use crate::program::{Program, Requirement, RequirementKind};
use crate::rules::{Outcome, Score};

/// One row, not yet read.
pub(super) struct Draft<'a> {
    pub(super) line: u64,
    pub(super) columns: &'a Columns,
    pub(super) cells: &'a [String],
    pub(super) settings: &'a Settings,
}

/// Faults of one row, gathered.
struct Faults<'a>(&'a Draft<'a>, Vec<RowFault>);

impl Faults<'_> {
    fn add(&mut self, field: Option<Field>, words: impl Into<String>) {
        let place = field.and_then(|field| self.0.columns.place(field));
        let column = place.map(|at| (at + 1, self.0.columns.header(at).to_owned()));
        self.1.push(RowFault { line: self.0.line, column, words: words.into() });
    }

    fn take<T>(&mut self, field: Field, read: Result<T, String>) -> Option<T> {
        read.map_err(|words| self.add(Some(field), words)).ok()
    }
}

impl Draft<'_> {
    /// The result, or everything that is wrong with the row.
    pub(super) fn read(&self, program: &Program, now: DateTime<Utc>) -> Result<Submission, Vec<RowFault>> {
        let mut faults = Faults(self, Vec::new());
        let person = self.person(&mut faults);
        let (certification, requirement, known) = self.requirement(program, &mut faults);
        let at = if let Some(cell) = self.cell(Field::At) {
            faults.take(Field::At, cells::moment(cell, program.timezone))
        } else {
            faults.add(Some(Field::At), "the date is missing; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00");
            None
        };
        let score = self.number(Field::Score, &mut faults).map(Decimal::from);
        let max = self.number(Field::Max, &mut faults).map(Decimal::from);
        let max = max.or(self.columns.max.filter(|_| score.is_some()));
        let minutes = self.number(Field::Minutes, &mut faults);
        let reached = score.map(|points| Score { points, max: max.unwrap_or(Decimal::HUNDRED) });
        let outcome = match self.cell(Field::Outcome) {
            Some(cell) => faults.take(Field::Outcome, cells::outcome(cell)),
            None => known.and_then(|known| match implied(known, reached) {
                Ok(outcome) => Some(outcome),
                Err(words) => {
                    faults.add(Some(Field::Outcome), words);
                    None
                }
            }),
        };
        let evidence = self.cell(Field::EvidenceUrl).map(|url| {
            let name = self.cell(Field::EvidenceName).unwrap_or("Evidence").to_owned();
            vec![EvidenceRecord { name, url: url.to_owned() }]
        });
        let own = |field| self.cell(field).map(str::to_owned);
        if !faults.1.is_empty() {
            return Err(faults.1);
        }
        let (Some(at), Some(outcome)) = (at, outcome) else { return Err(faults.1) };
        let id = self.id(&person, &certification, &requirement, at);
        let submission = Submission {
            id,
            person,
            certification,
            requirement,
            outcome,
            score,
            max,
            minutes,
            proctoring: own(Field::Proctoring).map(|word| word.to_lowercase()),
            by: own(Field::By).map(|word| word.to_lowercase()),
            form: own(Field::Form),
            site: own(Field::Site),
            rubric: None,
            evidence,
            piece: own(Field::Piece),
            at,
        };
        for fault in submission.faults(now) {
            let field = field_at(&fault.pointer);
            let value = field.and_then(|field| self.cell(field)).map(super::shown);
            let words = match value {
                Some(value) => format!("{value} {}", fault.detail),
                None => fault.detail.clone(),
            };
            faults.add(field, format!("{words}; {}", remedy(&fault.pointer)));
        }
        if faults.1.is_empty() { Ok(submission) } else { Err(faults.1) }
    }

    fn cell(&self, field: Field) -> Option<&str> {
        let cell = self.cells.get(self.columns.place(field)?)?;
        (!cell.is_empty()).then_some(cell.as_str())
    }

    fn number(&self, field: Field, faults: &mut Faults<'_>) -> Option<f64> {
        faults.take(field, cells::number(self.cell(field)?))
    }

    fn person(&self, faults: &mut Faults<'_>) -> SubmittedPerson {
        let name = match (self.cell(Field::Name), self.cell(Field::FirstName), self.cell(Field::LastName)) {
            (Some(name), ..) => name.to_owned(),
            (None, Some(first), Some(last)) => format!("{first} {last}"),
            (None, Some(one), None) | (None, None, Some(one)) => one.to_owned(),
            (None, None, None) => {
                faults.add(Some(Field::Name), "the name is missing; write it as it shall stand on the credential");
                String::new()
            }
        };
        let email = self.cell(Field::Email).map(cells::address);
        let system = self.cell(Field::System).or(self.settings.source.as_deref());
        let external = match (self.cell(Field::PersonId), system) {
            (Some(id), Some(system)) => Some(vec![ExternalId { system: system.to_owned(), id: id.to_owned() }]),
            (Some(_), None) if email.is_none() => {
                let words = "says not of which system it is; add a column system, or say the source of the file";
                faults.add(Some(Field::PersonId), words);
                return SubmittedPerson { name, email, external: None, region: None, consent: None };
            }
            _ => None,
        };
        if email.is_none() && external.is_none() {
            let field = if self.columns.place(Field::Email).is_some() { Field::Email } else { Field::PersonId };
            faults.add(Some(field), "the mail address or id of the person is missing; fill it in");
        }
        let region = self.cell(Field::Region).map(str::to_owned);
        SubmittedPerson { name, email, external, region, consent: None }
    }

    /// What is named, and the requirement itself if the program has it.
    fn requirement<'p>(
        &self,
        program: &'p Program,
        faults: &mut Faults<'_>,
    ) -> (String, String, Option<&'p Requirement>) {
        let certification = self.cell(Field::Certification).map(str::to_owned);
        let certification = certification.or_else(|| self.settings.certification.as_ref().map(ToString::to_string));
        let requirement = self.cell(Field::Requirement).map(str::to_owned);
        let requirement = requirement.or_else(|| self.settings.requirement.as_ref().map(ToString::to_string));
        let named = certification.as_deref().and_then(|id| program.certification(&id.parse().ok()?));
        match (&certification, named) {
            (None, _) => faults.add(Some(Field::Certification), "the certification is missing; fill in its id"),
            (Some(id), None) => {
                let words =
                    format!("the program has no certification {}; take its id from the catalogue", super::shown(id));
                faults.add(Some(Field::Certification), words);
            }
            _ => {}
        }
        let found = named.zip(requirement.as_deref()).and_then(|(c, id)| c.requirement(&id.parse().ok()?));
        match (&requirement, named, found) {
            (None, ..) => faults.add(Some(Field::Requirement), "the requirement is missing; fill in its id"),
            (Some(id), Some(certification), None) => {
                let known: Vec<&str> = certification.requirements.iter().map(|r| r.id.as_str()).collect();
                let words = format!(
                    "{} has no requirement {}; it has: {}",
                    certification.id,
                    super::shown(id),
                    known.join(", ")
                );
                faults.add(Some(Field::Requirement), words);
            }
            _ => {}
        }
        (certification.unwrap_or_default(), requirement.unwrap_or_default(), found)
    }

    /// The id in the file, or one made of whom, what and when: the same row has the same id in every file.
    fn id(&self, person: &SubmittedPerson, certification: &str, requirement: &str, at: DateTime<Utc>) -> String {
        let source = self.settings.source.as_deref();
        if let Some(id) = self.cell(Field::Id) {
            return source.map_or_else(|| id.to_owned(), |source| format!("{source}/{id}"));
        }
        let mut digest = Sha256::new();
        let external = person.external.iter().flatten();
        let parts = person.email.as_deref().map(crate::openbadges::normalized_email).into_iter();
        let parts = parts.chain(external.flat_map(|x| [x.system.clone(), x.id.clone()]));
        let parts =
            parts.chain([source.unwrap_or_default().to_owned(), certification.to_owned(), requirement.to_owned()]);
        for part in parts.chain([rfc3339(at)]) {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        let hex = digest.finalize().iter().take(16).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        format!("row-{hex}")
    }
}

/// What a score means by itself, where the program says what is enough.
fn implied(requirement: &Requirement, score: Option<Score>) -> Result<Outcome, String> {
    match (score, requirement.pass) {
        (Some(score), Some(pass)) if score.reaches(pass) => Ok(Outcome::Passed),
        (Some(_), Some(_)) => Ok(Outcome::Failed),
        (Some(_), None) if requirement.kind != RequirementKind::Training => {
            Err("the outcome is missing, and the program has no pass mark to tell it by; write passed or failed"
                .to_owned())
        }
        _ => Err("the outcome is missing; write passed, failed or completed".to_owned()),
    }
}

/// The column that a JSON pointer into the submission speaks of.
fn field_at(pointer: &str) -> Option<Field> {
    Some(match pointer {
        "/id" => Field::Id,
        "/person/name" => Field::Name,
        "/person/email" => Field::Email,
        "/score" => Field::Score,
        "/max" => Field::Max,
        "/minutes" => Field::Minutes,
        "/proctoring" => Field::Proctoring,
        "/by" => Field::By,
        "/person/region" => Field::Region,
        "/form" => Field::Form,
        "/site" => Field::Site,
        "/piece" => Field::Piece,
        "/at" => Field::At,
        _ if pointer.starts_with("/person/external") => Field::PersonId,
        _ if pointer.starts_with("/evidence") => Field::EvidenceUrl,
        _ => return None,
    })
}

fn remedy(pointer: &str) -> &'static str {
    match pointer {
        "/at" => "correct the date",
        "/person/email" => "write it as name@firm.example",
        "/score" | "/max" => "correct the score, or say what could be reached in a column max",
        _ => "correct it",
    }
}
