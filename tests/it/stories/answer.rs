//! [`Answer`]: what came, or must come, of a row, in the words of the stories.

use std::collections::BTreeMap;
use std::fmt;

use assay::rules::UnmetCode;
use serde_json::Value;

use super::story::{date, slug};

/// `withheld below-pass-mark attempt 1 of 3 next 2027-03-09`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    /// What was decided, or is the case.
    pub(super) word: String,
    /// `until`, `since`, `grace-until`, `awarded`, `version`.
    pub(super) facts: BTreeMap<&'static str, String>,
    /// Everything that is unmet.
    pub(super) unmet: Vec<Reason>,
    /// Notices in their order, or the code of a refusal.
    pub(super) more: Vec<String>,
    /// `...`: there may be more codes than are named.
    pub(super) open: bool,
}

/// One code with what was said about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Reason {
    pub(super) code: String,
    /// `of`, `attempt`, `next`, `have`, `need`.
    pub(super) facts: BTreeMap<&'static str, String>,
}

/// What time brings, as stories call it; reminders are `60d` and `asked-60d`.
pub(super) const NOTICES: [(&str, &str); 6] = [
    ("award.expired", "expired"),
    ("award.grace_ended", "grace-ended"),
    ("award.lapsed", "lapsed"),
    ("award.demand_placed", "asked"),
    ("award.demand_met", "met"),
    ("award.demand_missed", "missed"),
];

/// Where in its life an award can be.
pub(super) const PHASES: [&str; 9] =
    ["not-held", "not-yet-valid", "valid", "window", "grace", "streamlined", "lapsed", "suspended", "revoked"];

impl Answer {
    pub(super) fn of(word: impl Into<String>) -> Self {
        Answer { word: word.into(), ..Answer::default() }
    }

    pub(super) fn fact(mut self, name: &'static str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.facts.insert(name, value);
        }
        self
    }

    pub(super) fn parse(words: &[&str]) -> Result<Self, String> {
        let (first, rest) = words.split_first().ok_or("nothing stands behind the arrow")?;
        let mut answer = Answer::of(slug(first)?);
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word:?} is followed by nothing"));
            match *word {
                "..." => answer.open = true,
                "until" => {
                    let until = value()?;
                    let until = if *until == "ever" { "ever".to_owned() } else { date(until)?.to_string() };
                    answer.facts.insert("until", until);
                }
                "since" => answer.put("since", date(value()?)?),
                "grace-until" => answer.put("grace-until", date(value()?)?),
                "awarded" => answer.put("awarded", date(value()?)?),
                "version" => answer.put("version", whole(value()?)?),
                "of" => answer.tell("of", slug(value()?)?)?,
                "next" => answer.tell("next", date(value()?)?.to_string())?,
                "have" => answer.tell("have", value()?.to_string())?,
                "need" => answer.tell("need", value()?.to_string())?,
                "attempt" => {
                    let mut count = whole(value()?)?.to_string();
                    if let ["of", all, ..] = words.as_slice()
                        && let Ok(all) = whole(all)
                    {
                        count = format!("{count} of {all}");
                        words.nth(1);
                    }
                    answer.tell("attempt", count)?;
                }
                word if answer.word == "told" && is_notice(word) => answer.more.push(word.to_owned()),
                word if answer.word == "refused" && answer.more.is_empty() => answer.more.push(slug(word)?),
                word if is_code(word) => {
                    answer.unmet.push(Reason { code: word.to_owned(), facts: BTreeMap::new() });
                }
                word => return Err(format!("{word:?} means nothing in an answer")),
            }
        }
        let reasons = ["withheld", "unmet", "recorded", "refused"].contains(&answer.word.as_str())
            || PHASES.contains(&answer.word.as_str());
        match (reasons, answer.unmet.is_empty()) {
            (_, true) if !answer.open && ["withheld", "unmet"].contains(first) => {
                Err(format!("{first:?} needs codes of what is unmet"))
            }
            (false, false) => Err(format!("nothing is unmet where it is {first:?}")),
            _ => Ok(answer),
        }
    }

    fn put(&mut self, name: &'static str, value: impl fmt::Display) {
        self.facts.insert(name, value.to_string());
    }

    /// Says something about the code before it.
    fn tell(&mut self, name: &'static str, value: String) -> Result<(), String> {
        let reason = self.unmet.last_mut().ok_or_else(|| format!("{name:?} stands behind no code"))?;
        reason.facts.insert(name, value);
        Ok(())
    }

    /// Whether `got` says all of this: the same word, codes and notices, and every fact that is named here. An end of grace
    /// that is not named must not be there.
    pub(super) fn is_met_by(&self, got: &Answer) -> bool {
        let says = |name: &str| self.facts.get(name) == got.facts.get(name);
        self.word == got.word
            && self.more == got.more
            && self.facts.keys().all(|name| says(name))
            && (self.word != "expired" || says("grace-until"))
            && self.has_the_codes_of(got)
    }

    fn has_the_codes_of(&self, got: &Answer) -> bool {
        let mut left: Vec<&Reason> = got.unmet.iter().collect();
        let found = self.unmet.iter().all(|wanted| {
            let place = left.iter().position(|reason| wanted.is_met_by(reason));
            place.map(|place| left.remove(place)).is_some()
        });
        found && (left.is_empty() || self.open)
    }
}

impl Reason {
    /// From the API's answer.
    pub(super) fn of(unmet: &Value) -> Self {
        let facts = &unmet["facts"];
        let text = |name: &str| match &facts[name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let attempt = text("attempt").map(|n| text("attempts").map_or(n.clone(), |all| format!("{n} of {all}")));
        let plain = |name: &str| text(name).map(|n| n.strip_suffix(".0").map_or(n.clone(), str::to_owned));
        let all = [
            ("of", text("requirement")),
            ("attempt", attempt),
            ("next", text("next_attempt_from")),
            ("have", plain("have")),
            ("need", plain("need")),
        ];
        Reason {
            code: unmet["code"].as_str().unwrap_or_default().to_owned(),
            facts: all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        }
    }

    fn is_met_by(&self, got: &Reason) -> bool {
        self.code == got.code && self.facts.iter().all(|(name, value)| got.facts.get(name) == Some(value))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word)?;
        for word in &self.more {
            write!(f, " {word}")?;
        }
        for (name, value) in &self.facts {
            write!(f, " {name} {value}")?;
        }
        for reason in &self.unmet {
            write!(f, " {}", reason.code)?;
            for name in ["of", "have", "need", "attempt", "next"] {
                if let Some(value) = reason.facts.get(name) {
                    write!(f, " {name} {value}")?;
                }
            }
        }
        if self.open { f.write_str(" ...") } else { Ok(()) }
    }
}

fn is_code(word: &str) -> bool {
    serde_json::from_value::<UnmetCode>(word.into()).is_ok()
}

fn is_notice(word: &str) -> bool {
    let days = word.strip_prefix("asked-").unwrap_or(word).strip_suffix('d');
    days.is_some_and(|n| n.parse::<u32>().is_ok()) || NOTICES.iter().any(|(_, notice)| *notice == word)
}

fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}
