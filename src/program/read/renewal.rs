//! `renewal` and `upkeep`, of levels, certifications and accreditations.

use chrono::NaiveDate;

use super::line;
use crate::id::RequirementId;
use crate::program::duration::CalendarDuration;
use crate::program::model::{Line, Notify, Remedy, Renewal, Requirement, RequirementKind, Upkeep};
use crate::program::reader::{Cell, Kind, Located, Place, Sink, Table, quoted};

/// A renewal as far as one table says it; what it leaves open is inherited.
#[derive(Debug, Clone, Default)]
pub(super) struct RenewalDraft {
    window: Option<CalendarDuration>,
    any_of: Option<Vec<Vec<Located>>>,
    late_any_of: Option<Vec<Vec<Located>>>,
    require: Option<Vec<Line>>,
    grace: Option<CalendarDuration>,
    rights_in_grace: Option<bool>,
    streamlined: Option<CalendarDuration>,
    remind: Option<Vec<CalendarDuration>>,
    notify: Option<Vec<Notify>>,
    place: Option<Place>,
}

pub(super) fn of_level(mut t: Table<'_>) -> RenewalDraft {
    of_person(&mut t)
}

pub(super) fn of_person(t: &mut Table<'_>) -> RenewalDraft {
    let any_of = t.get("any_of").and_then(|c| c.paths());
    let late_any_of = t.get("late_any_of").and_then(|c| c.paths());
    RenewalDraft { any_of, late_any_of, ..common(t) }
}

pub(super) fn of_firm(t: &mut Table<'_>) -> RenewalDraft {
    let require = t.get("require").and_then(|c| line::some_lines(&c));
    RenewalDraft { require, ..common(t) }
}

fn common(t: &mut Table<'_>) -> RenewalDraft {
    let roles = [
        ("person", Notify::Person),
        ("firm-manager", Notify::FirmManager),
        ("partner-manager", Notify::PartnerManager),
    ];
    RenewalDraft {
        window: t.get("window").and_then(|c| c.duration()),
        grace: t.get("grace").and_then(|c| c.duration()),
        rights_in_grace: t.get("rights_in_grace").and_then(|c| c.boolean()),
        streamlined: t.get("streamlined").and_then(|c| c.duration()),
        remind: t.get("remind").and_then(|c| c.distinct(Cell::duration)),
        notify: t.get("notify").and_then(|c| c.distinct(|c| c.choice(&roles))),
        place: Some(t.place.clone()),
        ..RenewalDraft::default()
    }
}

impl RenewalDraft {
    /// The renewal of a certification, with what its level says and with `first_paths` as the last default.
    pub(super) fn of_certification(
        self,
        level: &RenewalDraft,
        sink: &Sink<'_>,
        scope: &str,
        first_paths: &[Vec<RequirementId>],
    ) -> Renewal {
        let want = |paths: &[Vec<Located>], inherited| -> Vec<Vec<RequirementId>> {
            let path = |path: &Vec<Located>| path.iter().map(|r| r.want(sink, scope, inherited)).collect();
            paths.iter().map(path).collect()
        };
        let pick = |own: &Option<Vec<Vec<Located>>>, inherited: &Option<Vec<Vec<Located>>>| match (own, inherited) {
            (Some(own), _) => Some(want(own, false)),
            (None, Some(inherited)) => Some(want(inherited, true)),
            (None, None) => None,
        };
        let any_of = pick(&self.any_of, &level.any_of).unwrap_or_else(|| first_paths.to_vec());
        let late_any_of = pick(&self.late_any_of, &level.late_any_of).unwrap_or_else(|| any_of.clone());
        let merged = RenewalDraft {
            window: self.window.or(level.window),
            grace: self.grace.or(level.grace),
            rights_in_grace: self.rights_in_grace.or(level.rights_in_grace),
            streamlined: self.streamlined.or(level.streamlined),
            remind: self.remind.or_else(|| level.remind.clone()),
            notify: self.notify.or_else(|| level.notify.clone()),
            place: self.place.or_else(|| level.place.clone()),
            ..RenewalDraft::default()
        };
        Renewal { any_of, late_any_of, ..merged.finish(sink) }
    }

    /// The renewal of an accreditation, which requires what the accreditation does unless it says otherwise.
    pub(super) fn of_accreditation(mut self, sink: &Sink<'_>, own: &[Line]) -> Renewal {
        let require = self.require.take().unwrap_or_else(|| own.to_vec());
        Renewal { require, ..self.finish(sink) }
    }

    fn finish(self, sink: &Sink<'_>) -> Renewal {
        let grace = self.grace.unwrap_or(CalendarDuration::ZERO);
        let streamlined = self.streamlined.unwrap_or(grace);
        if let (true, Some(place)) = (surely_shorter(streamlined, grace), &self.place) {
            let message = format!("`streamlined` ({streamlined}) ends before `grace` ({grace}) does");
            sink.fault(place, message, Some("both are counted from the expiry".to_owned()));
        }
        Renewal {
            window: self.window.unwrap_or(CalendarDuration::days(90)),
            any_of: Vec::new(),
            late_any_of: Vec::new(),
            require: Vec::new(),
            grace,
            rights_in_grace: self.rights_in_grace.unwrap_or(false),
            streamlined,
            remind: self.remind.unwrap_or_else(|| [90, 60, 30, 7, 0].map(CalendarDuration::days).to_vec()),
            notify: self.notify.unwrap_or_else(|| vec![Notify::Person, Notify::FirmManager]),
        }
    }
}

/// Whether `a` ends before `b`, whichever month both begin in.
fn surely_shorter(a: CalendarDuration, b: CalendarDuration) -> bool {
    let starts = (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(2023, month, 1));
    starts.into_iter().all(|day| a.after(day) < b.after(day))
}

/// `[[certification.upkeep]]`.
pub(super) fn upkeep_of_certification(mut t: Table<'_>, scope: &str, requirements: &[Requirement]) -> Option<Upkeep> {
    let every = t.need("every").and_then(|c| c.time());
    let any_of = t.need("any_of").and_then(|c| c.paths());
    let grace = t.get("grace").and_then(|c| c.duration());
    let remedy = t.table("remedy").and_then(|t| remedy(t, Some((scope, requirements))));
    let sink = t.sink;
    let path = |path: Vec<Located>| path.iter().map(|r| r.want(sink, scope, false)).collect();
    Some(Upkeep {
        every: every?,
        any_of: any_of?.into_iter().map(path).collect(),
        require: Vec::new(),
        grace: grace.unwrap_or(CalendarDuration::days(30)),
        remedy,
    })
}

/// `[[accreditation.upkeep]]`.
pub(super) fn upkeep_of_accreditation(mut t: Table<'_>) -> Option<Upkeep> {
    let every = t.need("every").and_then(|c| c.time());
    let require = t.need("require").and_then(|c| line::some_lines(&c));
    let grace = t.get("grace").and_then(|c| c.duration());
    let remedy = t.table("remedy").and_then(|t| remedy(t, None));
    Some(Upkeep {
        every: every?,
        any_of: Vec::new(),
        require: require?,
        grace: grace.unwrap_or(CalendarDuration::days(30)),
        remedy,
    })
}

fn remedy(mut t: Table<'_>, own: Option<(&str, &[Requirement])>) -> Option<Remedy> {
    let training = t.need("training").and_then(|c| match own {
        None => c.refer(Kind::Training),
        Some((scope, requirements)) => {
            let id: RequirementId = c.refer_in(scope)?;
            let other = requirements.iter().find(|r| r.id == id && r.kind != RequirementKind::Training);
            if other.is_some() {
                c.fault(format!("{} is not a training", quoted(id.as_str())), None);
            }
            Some(id)
        }
    });
    let people = t.get("people").and_then(|c| c.integer(1..=1_000)).unwrap_or(1);
    let within = t.need("within").and_then(|c| c.time());
    Some(Remedy { training: training?, people, within: within? })
}
