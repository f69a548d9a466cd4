//! The words of mails, by language. A text is a subject, a heading and paragraphs with `{placeholders}`; a paragraph that
//! speaks of something there is none of is left out.

mod english;
mod fill;
mod german;
mod own;

use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use fill::{PLACEHOLDERS, Values, fill, flaw_of_template};
pub use own::{OwnText, OwnTextFlaw, OwnTexts, is_own_text};

use super::{About, AboutTwo, Counting};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What a letter is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum MailKind { $($(#[$doc])* $kind,)+ }

        impl MailKind {
            /// Every kind.
            pub const ALL: &[MailKind] = &[$(MailKind::$kind),+];

            /// As in the names of own texts, and in Message-IDs.
            pub fn as_str(self) -> &'static str {
                match self { $(MailKind::$kind => $name),+ }
            }
        }
    };
}

kinds! {
    /// A certification was awarded.
    Award = "award",
    /// It runs for another term.
    Renewed = "renewed",
    /// It expires soon.
    Reminder = "reminder",
    /// It expired.
    Expired = "expired",
    /// The renewal path closed.
    GraceEnded = "grace-ended",
    /// Only the full path is left.
    Lapsed = "lapsed",
    /// It rests; says nothing against the holder.
    Suspended = "suspended",
    /// It holds again.
    Reinstated = "reinstated",
    /// It is over for good.
    Revoked = "revoked",
    /// It was signed anew with other details.
    Corrected = "corrected",
    /// The term ends later.
    Extended = "extended",
    /// Something must be shown by a date.
    DemandPlaced = "demand-placed",
    /// That date is near.
    DemandReminder = "demand-reminder",
    /// It was not shown.
    DemandMissed = "demand-missed",
    /// Several of these in one letter.
    Digest = "digest",
    /// A new link to the holder's page.
    Link = "link",
    /// A holder objects.
    AppealOpened = "appeal-opened",
    /// The objection was decided.
    AppealClosed = "appeal-closed",
    /// That an address reaches a person.
    ProveAddress = "prove-address",
    /// That somebody is the person: a code.
    ProvePerson = "prove-person",
    /// A webhook is told nothing any more.
    WebhookDisabled = "webhook-disabled",
    /// A certification's contents are to be looked over.
    ContentReviewDue = "content-review-due",
}

/// Whom a letter speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The holder; of an appeal, the vendor.
    Person,
    /// Somebody who looks after the holder.
    Manager,
}

/// One text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the parts of a letter")]
pub struct MailText {
    pub subject: &'static str,
    pub heading: &'static str,
    pub paragraphs: &'static [&'static str],
    /// Of the one link.
    pub button: &'static str,
}

/// What mails say in one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after what they say")]
pub struct MailWords {
    /// For `lang` attributes.
    pub tag: &'static str,
    pub months: [&'static str; 12],
    pub date: fn(day: u32, month: &str, year: i32) -> String,
    pub text: fn(MailKind) -> MailText,
    /// What managers read instead.
    pub manager: fn(MailKind) -> Option<MailText>,
    pub hello: About,
    pub regards: About,
    /// So many days from today: `in 30 days`, `today`.
    pub when: Counting,
    /// How requirements are asked for, by kind.
    pub exam: About,
    pub training: About,
    pub review: About,
    pub evidence: About,
    pub all_of: AboutTwo,
    pub one_of: AboutTwo,
    pub picture: AboutTwo,
    pub organization: &'static str,
    pub issued: &'static str,
    pub expires: &'static str,
    pub never: &'static str,
    pub number: &'static str,
    pub address: &'static str,
    pub holder: &'static str,
    pub copy_link: &'static str,
    pub why_person: About,
    /// An address that is not confirmed yet.
    pub why_address: About,
    pub why_manager: About,
    pub why_issuer: &'static str,
    pub unsubscribe: &'static str,
    pub privacy: &'static str,
    pub calendar_summary: About,
    pub calendar_alarm: About,
    pub issued_in_error: &'static str,
    pub requirements_not_met: &'static str,
    pub key_compromise: &'static str,
    pub under_review: &'static str,
}

impl MailWords {
    /// The words in the language of this BCP 47 tag; regions are ignored.
    pub fn of(tag: &str) -> Option<&'static MailWords> {
        let primary = tag.split('-').next().unwrap_or_default();
        [&english::ENGLISH, &german::GERMAN].into_iter().find(|words| primary.eq_ignore_ascii_case(words.tag))
    }

    /// The words for who prefers one language, of somebody who offers several: the first of them unless the preferred one is
    /// offered; English when there are words in none.
    pub fn choose(preferred: Option<&str>, offered: &[String]) -> &'static MailWords {
        let offered: Vec<&'static MailWords> = offered.iter().filter_map(|tag| MailWords::of(tag)).collect();
        let wanted = preferred.and_then(MailWords::of);
        let wanted = wanted.filter(|wanted| offered.iter().any(|words| words.tag == wanted.tag));
        wanted.or(offered.first().copied()).unwrap_or(&english::ENGLISH)
    }

    /// A day in words.
    pub fn day(&self, day: NaiveDate) -> String {
        (self.date)(day.day(), self.months[day.month0() as usize], day.year())
    }

    /// The local day of a moment in words.
    pub fn day_of(&self, at: DateTime<chrono::Utc>, zone: Tz) -> String {
        self.day(at.with_timezone(&zone).date_naive())
    }

    /// The text for this reader.
    pub fn said(&self, kind: MailKind, audience: Audience) -> MailText {
        let manager = if audience == Audience::Manager { (self.manager)(kind) } else { None };
        manager.unwrap_or_else(|| (self.text)(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [&MailWords; 2] = [&english::ENGLISH, &german::GERMAN];

    #[test]
    fn every_text_knows_its_placeholders_and_both_languages_say_the_same() {
        let used = |text: &str| -> Vec<String> {
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
        };
        for &kind in MailKind::ALL {
            for audience in [Audience::Person, Audience::Manager] {
                let of = |words: &MailWords| {
                    let text = words.said(kind, audience);
                    let mut placeholders: Vec<String> = Vec::new();
                    for part in [text.subject, text.heading].iter().chain(text.paragraphs) {
                        assert_eq!(flaw_of_template(part), None, "{} {kind:?}: {part}", words.tag);
                        placeholders.extend(used(part));
                    }
                    let has_link =
                        !matches!(kind, MailKind::Digest | MailKind::ProvePerson | MailKind::WebhookDisabled);
                    assert_eq!(!text.button.is_empty(), has_link, "{kind:?}");
                    placeholders.sort();
                    placeholders.dedup();
                    (placeholders, text.paragraphs.len())
                };
                assert_eq!(of(LANGUAGES[0]), of(LANGUAGES[1]), "{kind:?} {audience:?}");
            }
            let both = LANGUAGES.map(|words| (words.manager)(kind).is_some());
            assert_eq!(both[0], both[1], "{kind:?}");
        }
    }

    #[track_caller]
    fn check(preferred: Option<&str>, offered: &[&str], expected: &str) {
        let offered: Vec<String> = offered.iter().map(|&tag| tag.to_owned()).collect();
        assert_eq!(MailWords::choose(preferred, &offered).tag, expected, "{preferred:?} {offered:?}");
    }

    #[test]
    fn a_reader_gets_the_preferred_language_where_it_is_offered() {
        check(None, &["en"], "en");
        check(None, &["de", "en"], "de");
        check(Some("de-AT"), &["en", "de"], "de");
        check(Some("de"), &["en"], "en");
        check(Some("pt"), &["de", "en"], "de");
        check(Some("pt"), &["pt"], "en");
        check(None, &["pt", "de"], "de");
    }

    #[test]
    fn days_are_written_as_the_language_writes_them() {
        let day = "2027-03-01".parse().unwrap();
        assert_eq!(LANGUAGES.map(|words| words.day(day)), ["1 March 2027", "1. März 2027"]);
        assert_eq!(LANGUAGES.map(|words| (words.when)(0)), ["today", "heute"]);
        assert_eq!(LANGUAGES.map(|words| (words.when)(1)), ["tomorrow", "morgen"]);
        assert_eq!(LANGUAGES.map(|words| (words.when)(30)), ["in 30 days", "in 30 Tagen"]);
    }
}
