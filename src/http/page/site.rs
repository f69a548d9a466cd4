//! [`Site`]: what stands around every page.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::escape::link;
use crate::clock::rfc3339;
use crate::id::CertificationId;
use crate::program::Program;
use crate::program::duration::local_day;
use crate::urls::Urls;
use crate::words::{Language, Words};

/// The vendor and the service, as every page needs them; made once for each version of the program.
#[derive(Debug, Clone)]
pub struct Site {
    /// Every address.
    pub urls: Urls,
    /// The vendor.
    pub vendor: String,
    /// The vendor's own site.
    pub vendor_url: Option<String>,
    /// The vendor's address.
    pub email: String,
    /// Where problems are reported.
    pub report_url: String,
    /// The vendor's privacy notice.
    pub privacy_url: Option<String>,
    /// LinkedIn's number of the vendor's page.
    pub linkedin_organization_id: Option<String>,
    /// There is a logo at its address.
    pub has_logo: bool,
    /// Where the vendor's days begin and end.
    pub zone: Tz,
    /// What pages are written in.
    pub language: Language,
}

impl Site {
    /// The first language of the program that there are words in.
    pub fn new(urls: &Urls, program: &Program) -> Site {
        let issuer = &program.issuer;
        Site {
            urls: urls.clone(),
            vendor: issuer.name.clone(),
            vendor_url: link(&issuer.url),
            email: issuer.email.clone(),
            report_url: link(&issuer.report_url).unwrap_or_else(|| format!("mailto:{}", issuer.email)),
            privacy_url: issuer.privacy_url.as_deref().and_then(link),
            linkedin_organization_id: issuer.linkedin_organization_id.clone(),
            has_logo: issuer.logo.is_some(),
            zone: program.timezone,
            language: program.languages.iter().find_map(|tag| Language::of(tag)).unwrap_or_default(),
        }
    }

    /// What to say.
    pub fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// A day in words.
    pub fn date(&self, day: NaiveDate) -> String {
        self.words().date(day)
    }

    pub(super) fn day(&self, at: DateTime<Utc>) -> Moment {
        let day = local_day(at, self.zone);
        Moment { datetime: day.to_string(), words: self.date(day) }
    }

    pub(super) fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment { datetime: rfc3339(at), words: self.words().moment(at) }
    }

    // Addresses as pages use them: without host, so that they work under every name.

    pub(super) fn home(&self) -> String {
        self.urls.local(&self.urls.home()).to_owned()
    }

    pub(super) fn verify(&self) -> String {
        self.urls.local(&self.urls.verify_form()).to_owned()
    }

    pub(super) fn verify_script(&self) -> String {
        self.urls.local(&self.urls.verify_script()).to_owned()
    }

    pub(super) fn issuer(&self) -> String {
        self.urls.local(&self.urls.issuer()).to_owned()
    }

    pub(super) fn logo(&self) -> String {
        self.urls.local(&self.urls.issuer_logo()).to_owned()
    }

    pub(super) fn achievement(&self, id: &CertificationId) -> String {
        self.urls.local(&self.urls.achievement(id)).to_owned()
    }

    pub(super) fn achievement_picture(&self, id: &CertificationId) -> String {
        self.urls.local(&self.urls.achievement_image(id, "svg")).to_owned()
    }
}

/// A time for `<time datetime>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) datetime: String,
    pub(super) words: String,
}
