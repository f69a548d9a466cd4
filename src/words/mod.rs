//! The texts people read, by language: labels, states, and sentences with facts in them.

mod english;
mod holder;
pub mod mails;
mod sections;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

pub use english::ENGLISH;
pub use holder::HolderWords;
pub use sections::*;

/// A language that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Language {
    /// The default.
    #[default]
    English,
}

impl Language {
    /// By BCP 47 tag; regions are ignored.
    pub fn of(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or_default();
        primary.eq_ignore_ascii_case("en").then_some(Language::English)
    }

    /// For `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
        }
    }

    /// What to say.
    pub fn words(self) -> &'static Words {
        match self {
            Language::English => &ENGLISH,
        }
    }
}

/// A sentence around one fact.
pub type About = fn(&str) -> String;
/// A sentence around two facts.
pub type AboutTwo = fn(&str, &str) -> String;
/// A sentence around a number.
pub type Counting = fn(u32) -> String;

/// Everything that is said in one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "one struct for each place where the words stand")]
pub struct Words {
    pub months: [&'static str; 12],
    pub date: fn(day: u32, month: &str, year: i32) -> String,
    pub site: SiteWords,
    pub state: StateWords,
    pub award: AwardWords,
    pub share: ShareWords,
    pub history: HistoryWords,
    pub checks: CheckWords,
    pub home: HomeWords,
    pub achievement: AchievementWords,
    pub requirement: RequirementWords,
    pub issuer: IssuerWords,
    pub verify: VerifyWords,
    pub address: AddressWords,
    pub error: ErrorWords,
    pub holder: HolderWords,
}

impl Words {
    /// `20 November 2026`.
    pub fn date(&self, day: NaiveDate) -> String {
        (self.date)(day.day(), self.months[day.month0() as usize], day.year())
    }

    /// `20 November 2026, 14:03 UTC`.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        format!("{}, {} UTC", self.date(at.date_naive()), at.format("%H:%M"))
    }

    /// A calendar duration as a program file writes it (`90d`, `6w`, `3mo`, `2y`): `90 days`, `2 years`.
    pub fn duration(&self, text: &str) -> String {
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(split);
        let Ok(n) = digits.parse() else { return text.to_owned() };
        match unit {
            "d" => (self.requirement.days)(n),
            "w" => (self.requirement.weeks)(n),
            "mo" => (self.requirement.months)(n),
            "y" => (self.requirement.years)(n),
            _ => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_written_out() {
        let at: DateTime<Utc> = "2026-11-05T09:03:59Z".parse().unwrap();
        assert_eq!(ENGLISH.date(at.date_naive()), "5 November 2026");
        assert_eq!(ENGLISH.moment(at), "5 November 2026, 09:03 UTC");
    }

    #[track_caller]
    fn check(duration: &str, expected: &str) {
        assert_eq!(ENGLISH.duration(duration), expected);
    }

    #[test]
    fn durations_are_counted_in_words() {
        check("1d", "1 day");
        check("90d", "90 days");
        check("6w", "6 weeks");
        check("1mo", "1 month");
        check("2y", "2 years");
        check("1mo 3d", "1mo 3d");
        check("", "");
    }

    #[test]
    fn languages_are_found_by_tag() {
        assert_eq!(Language::of("en-GB"), Some(Language::English));
        assert_eq!(Language::of("xx"), None);
    }
}
