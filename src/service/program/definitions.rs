//! What two versions of a program define differently, definition by definition.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serialize;
use utoipa::ToSchema;

use crate::program::{Certification, Program, Requirement};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Definition {
    /// What is defined: `certification sales-associate`, `certification sales-associate, requirement exam`, `issuer`.
    pub what: String,
    /// How it differs.
    pub change: DefinitionChange,
    /// Which of its keys, named as in the program file; none for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its value in the version before, where it can be said in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its value in the new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// How a definition differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DefinitionChange {
    Added,
    Changed,
    Removed,
}

/// What is defined, and the values of its keys.
type Defined = BTreeMap<String, BTreeMap<&'static str, String>>;

/// Every difference, in the order of what is defined.
pub fn changed(old: &Program, new: &Program) -> Vec<Definition> {
    let (before, after) = (defined(old), defined(new));
    let whole = |what: &String, change| Definition { what: what.clone(), change, key: None, before: None, after: None };
    let mut found = Vec::new();
    for (what, keys) in &before {
        let Some(now) = after.get(what) else {
            found.push(whole(what, DefinitionChange::Removed));
            continue;
        };
        let differ = keys.iter().filter(|(key, value)| now.get(*key) != Some(*value));
        found.extend(differ.map(|(key, value)| Definition {
            key: Some((*key).to_owned()),
            before: Some(value.clone()),
            after: now.get(key).cloned(),
            ..whole(what, DefinitionChange::Changed)
        }));
    }
    found.extend(after.keys().filter(|what| !before.contains_key(*what)).map(|w| whole(w, DefinitionChange::Added)));
    found.extend(beside(old, new));
    found
}

fn defined(program: &Program) -> Defined {
    let mut all = Defined::new();
    let issuer = &program.issuer;
    all.insert(
        "program".to_owned(),
        [
            ("name", program.name.clone()),
            ("timezone", program.timezone.to_string()),
            ("languages", listed(&program.languages)),
            ("privacy", format!("{:?}", program.privacy)),
        ]
        .into(),
    );
    all.insert(
        "issuer".to_owned(),
        [
            ("name", issuer.name.clone()),
            ("url", issuer.url.clone()),
            ("email", issuer.email.clone()),
            ("logo", or_none(issuer.logo.as_ref())),
            ("linkedin_organization_id", or_none(issuer.linkedin_organization_id.as_ref())),
            ("privacy_url", or_none(issuer.privacy_url.as_ref())),
            ("report_url", issuer.report_url.clone()),
        ]
        .into(),
    );
    for track in &program.tracks {
        all.insert(
            format!("track {}", track.id),
            [("name", track.name.clone()), ("audience", or_none(track.audience.as_ref()))].into(),
        );
    }
    for (rank, level) in program.levels.iter().enumerate() {
        all.insert(
            format!("level {}", level.id),
            [("name", level.name.clone()), ("rank", (rank + 1).to_string())].into(),
        );
    }
    for certification in &program.certifications {
        all.insert(format!("certification {}", certification.id), of_certification(certification));
        for requirement in &certification.requirements {
            let what = format!("certification {}, requirement {}", certification.id, requirement.id);
            all.insert(what, of_requirement(requirement));
        }
    }
    for entry in &program.recertify {
        all.insert(
            format!("recertify {}", entry.id),
            [
                ("announced", entry.announced.to_string()),
                ("certifications", listed(&entry.certifications)),
                ("requirement", entry.requirement.to_string()),
                ("by", entry.by.to_string()),
                ("issued_before", or_none(entry.issued_before)),
            ]
            .into(),
        );
    }
    all
}

fn of_certification(c: &Certification) -> BTreeMap<&'static str, String> {
    let days = |(month, day): &(u32, u32)| format!("{month:02}-{day:02}");
    [
        ("name", c.name.clone()),
        ("description", c.description.clone()),
        ("criteria", c.criteria.clone()),
        ("track", c.track.to_string()),
        ("level", or_none(c.level.as_ref())),
        ("area", listed(&c.areas)),
        ("validity", or_none(c.validity)),
        ("expires_on", listed(c.expires_on.iter().map(days))),
        ("image", or_none(c.image.as_ref())),
        ("theme", format!("{:?}", c.theme).to_lowercase()),
        ("skills", listed(c.skills.iter().map(|skill| &skill.name))),
        ("prerequisites", choices(&c.prerequisites)),
        ("renews", listed(&c.renews)),
        ("any_of", choices(&c.any_of)),
        ("unlocks", listed(&c.unlocks)),
        ("approval", c.approval.to_string()),
        ("fee", or_none(c.fee.as_ref())),
        ("content_review", or_none(c.content_review)),
        ("opens", or_none(c.opens)),
        ("closes", or_none(c.closes)),
        ("renewal.window", c.renewal.window.to_string()),
        ("renewal.any_of", choices(&c.renewal.any_of)),
        ("renewal.late_any_of", choices(&c.renewal.late_any_of)),
        ("renewal.grace", c.renewal.grace.to_string()),
        ("renewal.rights_in_grace", c.renewal.rights_in_grace.to_string()),
        ("renewal.streamlined", c.renewal.streamlined.to_string()),
        ("renewal.remind", listed(&c.renewal.remind)),
        ("renewal.notify", listed(c.renewal.notify.iter().map(|n| format!("{n:?}")))),
        (
            "upkeep",
            listed(c.upkeep.iter().map(|u| format!("every {} by {}, grace {}", u.every, choices(&u.any_of), u.grace))),
        ),
    ]
    .into()
}

fn of_requirement(r: &Requirement) -> BTreeMap<&'static str, String> {
    let rubric = r.rubric.iter().map(|c| format!("{} ({})", c.id, or_none(c.pass)));
    [
        ("kind", format!("{:?}", r.kind).to_lowercase()),
        ("name", r.name.clone()),
        ("description", or_none(r.description.as_ref())),
        ("first", r.first.to_string()),
        ("after", listed(&r.after)),
        ("count", r.count.to_string()),
        ("hours", r.hours.to_string()),
        ("pass", or_none(r.pass)),
        ("attempts", r.attempts.to_string()),
        ("wait", r.wait.to_string()),
        ("then", format!("{:?}", r.then).to_lowercase()),
        ("proctoring", format!("{:?}", r.proctoring).to_lowercase()),
        ("by", format!("{:?}", r.by).to_lowercase()),
        ("rubric", listed(rubric)),
        ("valid_for", or_none(r.valid_for)),
        ("unlocks", listed(&r.unlocks)),
    ]
    .into()
}

/// Tables that are told as a whole: what they change for firms is not reckoned for persons.
fn beside(old: &Program, new: &Program) -> Vec<Definition> {
    let tables = [
        ("area", old.areas == new.areas),
        ("right", old.rights == new.rights),
        ("tier", old.tiers == new.tiers),
        ("accreditation", old.accreditations == new.accreditations),
        ("map", old.maps == new.maps),
        ("source", old.sources == new.sources),
    ];
    let differ = tables.into_iter().filter(|(_, same)| !same);
    let change = DefinitionChange::Changed;
    differ
        .map(|(table, _)| Definition { what: format!("[[{table}]]"), change, key: None, before: None, after: None })
        .collect()
}

fn or_none(value: Option<impl Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn listed<T: Display>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    if values.is_empty() { "none".to_owned() } else { values.join(", ") }
}

fn choices<T: Display>(paths: &[Vec<T>]) -> String {
    listed(paths.iter().map(|path| format!("[{}]", listed(path))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = include_str!("../../../templates/programs/partner-framework.toml");

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let before = Program::parse(STARTER).unwrap();
        assert!(STARTER.contains(old), "{old}");
        let after = Program::parse(&STARTER.replacen(old, new, 1)).unwrap_or_else(|faults| panic!("{faults}"));
        let line = |d: &Definition| {
            let of = d.key.as_ref().map_or(String::new(), |key| format!(" {key}"));
            format!("{:?} {}{of}: {} -> {}", d.change, d.what, or_none(d.before.as_ref()), or_none(d.after.as_ref()))
        };
        assert_eq!(changed(&before, &after).iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn differences_are_told_by_definition_and_key() {
        check(
            "name = \"Certified Sales Associate\"",
            "name = \"Certified Seller\"",
            &["Changed certification sales-associate name: Certified Sales Associate -> Certified Seller"],
        );
        check(
            "[[track]]",
            "[[recertify]]\nid = \"q1\"\nannounced = 2027-01-10\ncertifications = [\"sales-associate\"]\nrequirement = \"annual-update\"\nby = \"60d\"\n\n[[track]]",
            &["Added recertify q1: none -> none"],
        );
        check(
            "[[right]]",
            "[[right]]\nid = \"lounge\"\nname = \"Lounge\"\n\n[[right]]",
            &["Changed [[right]]: none -> none"],
        );
        check("", "", &[]);
    }
}
