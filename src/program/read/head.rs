//! `[program]`, `[issuer]`, `[privacy]`.

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::id::ProgramId;
use crate::program::model::{Issuer, NameStyle, Privacy};
use crate::program::reader::{Cell, Table, closest, quoted};

/// `[program]` without the lists.
pub(super) struct Head {
    pub(super) id: ProgramId,
    pub(super) name: String,
    pub(super) timezone: Tz,
    pub(super) languages: Vec<String>,
    pub(super) texts: Option<String>,
}

pub(super) fn program(mut t: Table<'_>) -> Option<Head> {
    let id = t.need("id").and_then(|c| c.slug());
    let name = t.need("name").and_then(|c| c.name());
    let timezone = t.get("timezone").and_then(|c| zone(&c)).unwrap_or(Tz::UTC);
    let languages = t.get("languages").and_then(|c| languages(&c)).unwrap_or_else(|| vec!["en".to_owned()]);
    let texts = t.get("texts").and_then(|c| c.file(&[]));
    Some(Head { id: id?, name: name?, timezone, languages, texts })
}

fn zone(cell: &Cell<'_>) -> Option<Tz> {
    let name = cell.name()?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let guess = closest(&name, TZ_VARIANTS.iter().map(|zone| zone.name()));
        let hint =
            guess.map_or("such as \"Europe/Berlin\" or \"UTC\"".to_owned(), |g| format!("did you mean \"{g}\"?"));
        cell.fault(format!("{} is not a time zone", quoted(&name)), Some(hint));
    }
    zone
}

fn languages(cell: &Cell<'_>) -> Option<Vec<String>> {
    let tags = cell.distinct(Cell::language)?;
    if cell.list()?.is_empty() {
        cell.fault("must name at least one language", None);
    }
    Some(tags)
}

pub(super) fn issuer(mut t: Table<'_>) -> Option<Issuer> {
    let name = t.need("name").and_then(|c| c.name());
    let url = t.need("url").and_then(|c| c.url());
    let email = t.need("email").and_then(|c| c.email());
    let logo = t.get("logo").and_then(|c| c.file(&["svg", "png", "jpg", "jpeg"]));
    let linkedin_organization_id = t.get("linkedin_organization_id").and_then(|c| digits(&c));
    let privacy_url = t.get("privacy_url").and_then(|c| c.url());
    let report_url = t.get("report_url").and_then(|c| c.url_or_mailto());
    let email = email?;
    let report_url = report_url.unwrap_or_else(|| format!("mailto:{email}"));
    Some(Issuer { name: name?, url: url?, email, logo, linkedin_organization_id, privacy_url, report_url })
}

fn digits(cell: &Cell<'_>) -> Option<String> {
    let text = cell.name()?;
    if text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text);
    }
    let hint = "the number in the address of your page: linkedin.com/company/1234567";
    cell.fault("must be digits only", Some(hint.to_owned()));
    None
}

pub(super) fn privacy(table: Option<Table<'_>>) -> Privacy {
    let mut privacy =
        Privacy { name: NameStyle::Full, email_hash: true, score: false, evidence: false, firm: false, reasons: false };
    let Some(mut t) = table else { return privacy };
    let styles = [("full", NameStyle::Full), ("initials", NameStyle::Initials), ("none", NameStyle::None)];
    privacy.name = t.get("name").and_then(|c| c.choice(&styles)).unwrap_or_default();
    let switches = [
        ("email_hash", &mut privacy.email_hash),
        ("score", &mut privacy.score),
        ("evidence", &mut privacy.evidence),
        ("firm", &mut privacy.firm),
        ("reasons", &mut privacy.reasons),
    ];
    for (key, switch) in switches {
        *switch = t.get(key).and_then(|c| c.boolean()).unwrap_or(*switch);
    }
    privacy
}
