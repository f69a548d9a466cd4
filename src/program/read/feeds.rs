//! `[[recertify]]`, `[[map]]` and `[[source]]`.

use crate::id::{CertificationId, RequirementId};
use crate::program::model::{FeedMap, Particular, Recertify, Source};
use crate::program::reader::{Cell, Kind, Table, quoted};

pub(super) fn recertify(mut t: Table<'_>) -> Option<Recertify> {
    let id: Option<RequirementId> = t.need("id").and_then(|c| c.define(Kind::Recertify, ""));
    let announced = t.need("announced").and_then(|c| c.date());
    let certifications: Option<Vec<CertificationId>> = t.need("certifications").and_then(|c| {
        let list = c.references(Kind::Certification)?;
        if c.list()?.is_empty() {
            c.fault("must name at least one certification", None);
        }
        Some(list)
    });
    let requirement = t.need("requirement").and_then(|c| {
        let requirement = c.located()?;
        for certification in certifications.iter().flatten() {
            requirement.want_if_defined(c.sink, certification.as_str());
        }
        Some(requirement.id)
    });
    let by = t.need("by").and_then(|c| c.time());
    let issued_before = t.get("issued_before").and_then(|c| c.date());
    let region = t.get("region").and_then(|c| c.distinct(Cell::name)).unwrap_or_default();
    Some(Recertify {
        id: id?.as_str().to_owned(),
        announced: announced?,
        certifications: certifications?,
        requirement: requirement?,
        by: by?,
        issued_before,
        region,
    })
}

pub(super) fn map(mut t: Table<'_>) -> Option<FeedMap> {
    let source = t.need("source").and_then(|c| c.name());
    let object = t.need("object").and_then(|c| c.name());
    let verb = t.need("verb").and_then(|c| c.name());
    let requirement = t.need("requirement").and_then(|c| requirement(&c));
    Some(FeedMap { source: source?, object: object?, verb: verb?, requirement: requirement? })
}

pub(super) fn source(mut t: Table<'_>) -> Option<Source> {
    let id = t.need("id").and_then(|c| {
        let name = c.name()?;
        c.sink.define(Kind::Source, "", &name, &c.place);
        Some(name)
    });
    let words = Particular::ALL.into_iter().filter(|one| one.is_vouchable()).map(|one| (one.word(), one));
    let words: Vec<(&str, Particular)> = words.collect();
    let vouches = t.get("vouches").and_then(|c| c.distinct(|c| c.choice(&words))).unwrap_or_default();
    Some(Source { id: id?, vouches })
}

fn requirement(cell: &Cell<'_>) -> Option<(CertificationId, RequirementId)> {
    let text = cell.name()?;
    let parsed = text.split_once('/').and_then(|(c, r)| Some((c.parse().ok()?, r.parse().ok()?)));
    let Some((certification, requirement)): Option<(CertificationId, RequirementId)> = parsed else {
        let hint = "write it as \"certification/requirement\", such as \"sales-associate/exam\"";
        cell.fault(format!("{} does not name a requirement", quoted(&text)), Some(hint.to_owned()));
        return None;
    };
    cell.sink.want(Kind::Certification, "", certification.as_str(), &cell.place);
    cell.sink.want_if_defined(certification.as_str(), requirement.as_str(), &cell.place);
    Some((certification, requirement))
}
