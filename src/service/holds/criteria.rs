//! Which results a hold is about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intake::flaw_of_text;
use crate::program::Program;
use crate::service::refused::{self, DayOrMoment, Refused};
use crate::store::HoldCriteria;

/// At least one; a result is meant when it fits everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriteriaRequest {
    /// Which form of the exam, as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where it was taken, as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The day on which it was taken, in the vendor's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-20")]
    pub date: Option<String>,
    /// Taken from this day or moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Taken up to the end of this day, or before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Who reported it: the name of an API key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// In which certification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<String>,
}

impl CriteriaRequest {
    /// As they are kept.
    pub(super) fn read(&self, program: &Program) -> Result<HoldCriteria, Refused> {
        if *self == CriteriaRequest::default() {
            return Err(Refused::invalid(
                "",
                "needs at least one of form, site, date, from, until, source and certification",
            ));
        }
        for (pointer, text) in [("/form", &self.form), ("/site", &self.site), ("/source", &self.source)] {
            if let Some(flaw) = text.as_deref().and_then(flaw_of_text) {
                return Err(Refused::invalid(pointer, flaw));
            }
        }
        let zone = program.timezone;
        let mut criteria = HoldCriteria {
            form: self.form.clone(),
            site: self.site.clone(),
            source: self.source.clone(),
            ..HoldCriteria::default()
        };
        if let Some(id) = &self.certification {
            criteria.certification = Some(refused::certification(program, id)?.id.clone());
        }
        if let Some(date) = &self.date {
            if self.from.is_some() || self.until.is_some() {
                return Err(Refused::invalid("/date", "goes without from and until"));
            }
            let day @ DayOrMoment::Day(_) = DayOrMoment::parse("/date", date)? else {
                return Err(Refused::invalid("/date", "must be a day such as 2026-11-20"));
            };
            (criteria.from, criteria.until) = (Some(day.start(zone)), Some(day.beyond(zone)));
            return Ok(criteria);
        }
        if let Some(from) = &self.from {
            criteria.from = Some(DayOrMoment::parse("/from", from)?.start(zone));
        }
        if let Some(until) = &self.until {
            criteria.until = Some(DayOrMoment::parse("/until", until)?.beyond(zone));
        }
        if criteria.from.is_some_and(|from| criteria.until.is_some_and(|until| until <= from)) {
            return Err(Refused::invalid("/until", "must lie after from"));
        }
        Ok(criteria)
    }
}
