//! From what was handed in to a badge: a number, a file, an address, a photo of a QR code.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::outside::{NOT_PUBLIC, Outside};
use crate::fetch::Fetched;
use crate::id::AwardId;
use crate::render::scan;
use crate::service::Breakdown;
use crate::verification::{self, MAXIMUM_PICTURE, Malformed, Presented, Report};

/// What was handed in.
pub(super) enum Handed {
    /// An award of our own.
    Award(AwardId),
    /// A badge.
    Badge(Box<Presented>),
    /// No badge: the report that says so.
    Nothing(Box<dyn FnOnce(DateTime<Utc>) -> Report + Send>),
}

/// What to ask an address for that may be that of a badge, of its picture, or of a page about it.
const ACCEPT: &str = "application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, \
                      application/jwt;q=0.9, image/png;q=0.8, image/svg+xml;q=0.8, text/html;q=0.5, */*;q=0.1";

/// The most of a page that is looked through for the address of its badge.
const HEAD: usize = 64 << 10;

/// Finds the badge in what was handed in; an address is followed, and so is that in a QR code.
pub(super) async fn handed(outside: &Outside<'_>, bytes: &Bytes) -> Result<Handed, Breakdown> {
    if let Some(found) = short(outside, bytes).await? {
        return Ok(found);
    }
    let all = bytes.clone();
    match outside.judge(move || look(&all)).await? {
        Seen::Badge(presented) => Ok(Handed::Badge(presented)),
        Seen::Address(address) => follow(outside, &address).await,
        Seen::Codes(codes, fault) => Ok(of_codes(outside, codes).await?.unwrap_or_else(|| nothing(fault))),
        Seen::Nothing(fault) => Ok(nothing(fault)),
    }
}

/// What there is to see in some bytes, nobody being asked.
enum Seen {
    Badge(Box<Presented>),
    /// Of a badge, or of a page about it.
    Address(String),
    /// No badge, but QR codes.
    Codes(Vec<Code>, Malformed),
    Nothing(Malformed),
}

/// The text of a QR code, and the badge if it is one.
type Code = (String, Option<Box<Presented>>);

fn look(bytes: &[u8]) -> Seen {
    match verification::read(bytes) {
        Ok(presented) => Seen::Badge(Box::new(presented)),
        Err(Malformed::OnlyAddress(address)) => Seen::Address(address),
        Err(fault @ (Malformed::Unrecognized | Malformed::NothingBaked | Malformed::NotUtf8)) => {
            let badge = |text: &str| verification::read(text.as_bytes()).ok().map(Box::new);
            match scan::read_qr(bytes) {
                Ok(texts) => Seen::Codes(texts.into_iter().map(|text| (text.clone(), badge(&text))).collect(), fault),
                Err(_) => Seen::Nothing(fault),
            }
        }
        Err(fault) => Seen::Nothing(fault),
    }
}

/// A number or an address, as somebody types or pastes it, or as a QR code holds it.
async fn short(outside: &Outside<'_>, bytes: &[u8]) -> Result<Option<Handed>, Breakdown> {
    let text = if bytes.len() <= 2_048 { std::str::from_utf8(bytes).ok() } else { None };
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    if text.contains(char::is_whitespace) && text.len() > 40 {
        return Ok(None);
    }
    if let Some(id) = outside.award_in(text) {
        return Ok(Some(Handed::Award(id)));
    }
    let lower = text.get(..8).unwrap_or_default().to_ascii_lowercase();
    let is_address = lower == "https://" || lower.starts_with("http://");
    if is_address && !text.contains(char::is_whitespace) {
        return follow(outside, text).await.map(Some);
    }
    Ok(None)
}

/// The first symbol that leads to a badge.
async fn of_codes(outside: &Outside<'_>, codes: Vec<Code>) -> Result<Option<Handed>, Breakdown> {
    let mut last = None;
    for (text, badge) in codes {
        match (short(outside, text.as_bytes()).await?, badge) {
            (Some(found @ Handed::Nothing(_)), _) => last = Some(found),
            (Some(found), _) => return Ok(Some(found)),
            (None, Some(presented)) => return Ok(Some(Handed::Badge(presented))),
            (None, None) => {}
        }
    }
    Ok(last)
}

/// The badge at an address: what is there, or what a page there names as its badge.
async fn follow(outside: &Outside<'_>, address: &str) -> Result<Handed, Breakdown> {
    Ok(match there(outside, address).await? {
        There::Handed(found) => found,
        There::Page { names: Some(next), .. } => match there(outside, &next).await? {
            There::Handed(found) => found,
            There::Page { fault, .. } => nothing(fault),
        },
        There::Page { fault, .. } => nothing(fault),
    })
}

/// What lies at an address.
enum There {
    Handed(Handed),
    /// No badge, but perhaps a page about one.
    Page {
        fault: Malformed,
        names: Option<String>,
    },
}

async fn there(outside: &Outside<'_>, address: &str) -> Result<There, Breakdown> {
    let answer = match outside.ask(address, ACCEPT, MAXIMUM_PICTURE).await {
        Ok(answer) => answer,
        Err(why) => return Ok(There::Handed(unreached(address, why))),
    };
    let (found, names) = outside.judge(move || (badge(&answer), alternate(&answer))).await?;
    let is_told = names.is_some() || matches!(&found, Ok(Handed::Badge(badge)) if badge.is_one());
    Ok(match found {
        _ if outside.is_opened(address) && !is_told => There::Handed(unreached(address, NOT_PUBLIC.to_owned())),
        Ok(found) => There::Handed(found),
        Err(fault) => There::Page { fault, names },
    })
}

fn badge(answer: &Fetched) -> Result<Handed, Malformed> {
    match answer.status {
        200 => verification::read(&answer.bytes).map(|presented| Handed::Badge(Box::new(presented))),
        404 | 410 => Ok(Handed::Nothing(Box::new(verification::not_found))),
        status => Ok(unreached(answer.address(), format!("answered with an error ({status})"))),
    }
}

/// The address of the credential that a page is about: its `<link rel="alternate">` of a type that badges come in.
fn alternate(answer: &Fetched) -> Option<String> {
    if answer.media_type != "text/html" {
        return None;
    }
    let head = String::from_utf8_lossy(&answer.bytes[..answer.bytes.len().min(HEAD)]).into_owned();
    let links = head.split('<').filter(|tag| tag.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("link ")));
    let tag = links.map(|tag| tag.split('>').next().unwrap_or(tag)).find(|tag| {
        attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("alternate"))
            && attribute(tag, "type").is_some_and(|kind| MEDIA.contains(&kind.to_ascii_lowercase().as_str()))
    })?;
    let href = attribute(tag, "href")?.replace("&amp;", "&");
    let base = reqwest::Url::parse(answer.address()).ok()?;
    base.join(&href).ok().map(String::from)
}

/// The types of what a page's badge may be.
const MEDIA: [&str; 4] = ["application/vc", "application/vc+ld+json", "application/ld+json", "application/vc+jwt"];

/// The value of a quoted attribute.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some(at) = rest.find('=') {
        let (before, after) = (rest[..at].trim_end(), rest[at + 1..].trim_start());
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = after[1..].split_once(quote)?;
        if before.rsplit(char::is_whitespace).next().is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = behind;
    }
    None
}

fn nothing(fault: Malformed) -> Handed {
    Handed::Nothing(Box::new(move |now| verification::malformed(&fault, now)))
}

fn unreached(address: &str, why: String) -> Handed {
    let address = address.to_owned();
    Handed::Nothing(Box::new(move |now| verification::unreached(&address, &why, now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_badge() {
        #[track_caller]
        fn check(html: &str, expected: Option<&str>) {
            let answer = Fetched {
                status: 200,
                media_type: "text/html".to_owned(),
                bytes: html.to_owned().into(),
                way: vec!["https://badges.example/v/1".to_owned()],
                fetched_at: DateTime::default(),
                from_cache: false,
            };
            assert_eq!(alternate(&answer).as_deref(), expected, "{html}");
        }
        let badge = Some("https://badges.example/c/1.json");
        check(r#"<head><link rel="alternate" type="application/vc+ld+json" href="/c/1.json"></head>"#, badge);
        check("<LINK HREF='../c/1.json' type='application/ld+json' rel='alternate'/>", badge);
        check(r#"<link rel="stylesheet" href="/x.css"><link rel=alternate href=/c/1>"#, None);
        check(r#"<link rel="alternate" type="application/rss+xml" href="/feed">"#, None);
        check(
            r#"<link rel="alternate" type="application/vc" href="?a=1&amp;b=2">"#,
            Some("https://badges.example/v/1?a=1&b=2"),
        );
        check("<link", None);
        check("", None);
    }
}
