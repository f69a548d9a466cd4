//! [`Case`]: what is true of a matter at the moment its letter is written.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::matter;
use crate::app::{App, InForce};
use crate::id::{AwardId, CertificationId, RequirementId};
use crate::program::duration::local_day;
use crate::program::{Certification, Renewal, RequirementKind};
use crate::rules::{self, Award, AwardState, Demand, DemandKind, Reason};
use crate::service::{Breakdown, awards, program};
use crate::store::{AppealRecord, DemandEvent, Digest, EventKind, Person, ReadSet};
use crate::words::mails::{MailKind, MailWords, Values};

/// Why a letter is not written any more.
const GONE: &str = "what it tells of is not there any more";
/// The same.
const OVERTAKEN: &str = "what it tells is not true any more: what happened since is told by itself";

/// An award and its holder, as a letter speaks of them.
pub(super) struct Case {
    pub(super) kind: MailKind,
    pub(super) award: AwardId,
    pub(super) certification: CertificationId,
    pub(super) person: Person,
    held: Award,
    state: AwardState,
    in_force: Arc<InForce>,
    basis: Arc<InForce>,
    appeal: Option<AppealRecord>,
    now: DateTime<Utc>,
}

impl Case {
    /// The case that an event makes, or why it makes none any more.
    pub(super) async fn of(
        app: &App,
        what: &EventKind,
        now: DateTime<Utc>,
    ) -> Result<Result<Case, &'static str>, Breakdown> {
        let Some(matter) = matter::matter(what) else { return Ok(Err(GONE)) };
        let Some(known) = awards::find(app, matter.award).await? else { return Ok(Err(GONE)) };
        // A merged award's matters are those of the one that stays; a merged person's those of the other.
        let person = app.store.person(known.realm, &known.pointer.person, &mut ReadSet::new()).await?;
        let Some(person) = person else { return Ok(Err(GONE)) };
        let appeal = match what {
            EventKind::AppealOpened { appeal, .. } | EventKind::AppealClosed { appeal, .. } => {
                app.store.appeal(known.realm, appeal, &mut ReadSet::new()).await?
            }
            _ => None,
        };
        let held = known.award().clone();
        let basis = program::version(app, held.current().program).await?;
        let dated = basis.program.certification(&known.pointer.certification);
        let state = rules::state_at(&held, dated, known.in_force.program.timezone, now);
        let case = Case {
            kind: matter.kind,
            award: held.id,
            certification: known.pointer.certification.clone(),
            person,
            held,
            state,
            in_force: known.in_force,
            basis,
            appeal,
            now,
        };
        Ok(if case.still_true(what) { Ok(case) } else { Err(OVERTAKEN) })
    }

    /// Whether what the event told holds now.
    fn still_true(&self, what: &EventKind) -> bool {
        use EventKind as E;
        let valid = matches!(self.state, AwardState::Valid { .. } | AwardState::NotYetValid { .. });
        let expired = matches!(self.state, AwardState::Expired { .. });
        let newest = |version| self.held.current().number == version;
        match what {
            E::AwardIssued(_) => valid,
            E::AwardRenewed(e) | E::AwardCorrected(e) | E::AwardExtended(e) => valid && newest(e.version),
            E::AwardReinstated(_) => valid || expired,
            E::AwardSuspended { .. } => matches!(self.state, AwardState::Suspended { .. }),
            E::AwardRevoked { .. } => matches!(self.state, AwardState::Revoked { .. }),
            E::AwardReminder { valid_until, .. } => valid && self.held.current().valid_until == Some(*valid_until),
            E::AwardExpired { .. } | E::AwardGraceEnded { .. } | E::AwardLapsed { .. } => expired,
            E::AwardDemandPlaced(e) | E::AwardDemandReminder { demand: e, .. } => {
                valid && self.demand(e).is_some_and(|demand| demand.met.is_none() && self.now <= demand.cutoff)
            }
            E::AwardDemandMissed(e) => {
                !matches!(self.state, AwardState::Revoked { .. })
                    && self.demand(e).is_some_and(|demand| demand.met.is_none())
            }
            E::AppealOpened { .. } => self.appeal.as_ref().is_some_and(|appeal| appeal.closed.is_none()),
            E::AppealClosed { .. } => self.appeal.as_ref().is_some_and(|appeal| appeal.closed.is_some()),
            _ => false,
        }
    }

    fn demand(&self, event: &DemandEvent) -> Option<&Demand> {
        self.held.demands.iter().find(|demand| Digest::of(demand.id.as_bytes()) == event.demand)
    }

    /// The certification's name, or its id when the program has it no more.
    pub(super) fn name(&self) -> &str {
        let certification = self.now_in_force().or_else(|| self.dated());
        certification.map_or(self.certification.as_str(), |certification| &certification.name)
    }

    /// As the program in force has it, which says what it takes.
    fn now_in_force(&self) -> Option<&Certification> {
        self.in_force.program.certification(&self.certification)
    }

    /// As the program version has it that dated the term.
    fn dated(&self) -> Option<&Certification> {
        self.basis.program.certification(&self.certification)
    }

    fn zone(&self) -> Tz {
        self.in_force.program.timezone
    }

    /// When it was earned, and until when it holds.
    pub(super) fn term(&self) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
        (self.held.current().awarded_at, self.held.current().valid_until)
    }

    /// What the placeholders of its texts stand for. Addresses of letters are set by who writes them.
    pub(super) fn values(&self, what: &EventKind, words: &MailWords) -> Values {
        let mut values = Values::default();
        let vendor = &self.in_force.program.issuer.name;
        values.set("name", Some(tidy(&self.person.name)));
        values.set("vendor", Some(vendor.clone()));
        values.set("certification", Some(self.name().to_owned()));
        values.set("number", Some(self.award.grouped()));
        self.set_term(&mut values, words);
        self.set_paths(&mut values, words);
        match what {
            EventKind::AwardDemandPlaced(e)
            | EventKind::AwardDemandMissed(e)
            | EventKind::AwardDemandReminder { demand: e, .. } => self.set_demand(e, &mut values, words),
            EventKind::AwardRevoked { reason, .. } => {
                values.holds("asked", *reason == Reason::HolderRequest);
                values.set("reason", reason_in_words(*reason, words).map(str::to_owned));
            }
            EventKind::AppealOpened { appeal, .. } => {
                values.set("appeal", Some(appeal.to_string()));
                values.set("text", self.appeal.as_ref().map(|appeal| appeal.text.clone()));
            }
            EventKind::AppealClosed { .. } => {
                let closed = self.appeal.as_ref().and_then(|appeal| appeal.closed.as_ref());
                values.holds("upheld", closed.is_some_and(|closed| closed.upheld));
                values.holds("rejected", closed.is_some_and(|closed| !closed.upheld));
                values.set("text", closed.map(|closed| closed.text.clone()).filter(|text| !text.is_empty()));
            }
            _ => {}
        }
        values
    }

    fn set_term(&self, values: &mut Values, words: &MailWords) {
        let zone = self.zone();
        let today = local_day(self.now, zone);
        let day = |at| words.day(local_day(at, zone));
        let ended = match self.state {
            AwardState::Expired { since, .. } => Some(since),
            _ => None,
        };
        values.holds("still_valid", ended.is_none());
        values.set("expired", ended.map(day));
        let Some(expiry) = ended.or(self.held.current().valid_until) else { return };
        // A reinstated award whose term is over holds until no day.
        let over = self.kind == MailKind::Reinstated && ended.is_some();
        values.set("until", (!over).then(|| day(expiry)));
        let last = local_day(expiry, zone);
        values.set("when", Some((words.when)(days_between(today, last))));
        let Some(renewal) = self.dated().map(|certification| &certification.renewal) else { return };
        let opens = renewal.window.before(last);
        values.set("window_from", (opens > today).then(|| words.day(opens)));
        let grace = renewal.grace.after(last);
        let late = renewal.streamlined.after(last).max(grace);
        let open = |until: NaiveDate| until > last && today <= until;
        values.set("grace_until", open(grace).then(|| words.day(grace)));
        let streamlined = ended.is_some() && late > grace && today > grace && open(late);
        values.set("streamlined_until", streamlined.then(|| words.day(late)));
        values.holds("full", ended.is_some() && today > late);
        values.holds("rights_stop", open(grace) && self.rights_stop(renewal));
    }

    fn rights_stop(&self, renewal: &Renewal) -> bool {
        !renewal.rights_in_grace && self.dated().is_some_and(|certification| !certification.unlocks.is_empty())
    }

    fn set_paths(&self, values: &mut Values, words: &MailWords) {
        let Some(certification) = self.now_in_force() else { return };
        let said = |paths: &[Vec<RequirementId>]| paths_in_words(certification, paths, words);
        values.set("renewal", said(&certification.renewal.any_of));
        values.set("late", said(&certification.renewal.late_any_of));
        values.set("first", said(&certification.any_of));
    }

    fn set_demand(&self, event: &DemandEvent, values: &mut Values, words: &MailWords) {
        let zone = self.zone();
        let today = local_day(self.now, zone);
        let day = |at| words.day(local_day(at, zone));
        let Some(demand) = self.demand(event) else { return };
        let last = local_day(demand.cutoff, zone);
        values.set("due", Some(day(demand.due)));
        values.set("cutoff", Some(words.day(last)));
        values.holds("ends_later", demand.cutoff > demand.due);
        values.set("when", Some((words.when)(days_between(today, last))));
        values.holds("upkeep", demand.kind == DemandKind::Upkeep);
        values.holds("recertification", demand.kind == DemandKind::Recertification);
        let Some(certification) = self.now_in_force() else { return };
        values.set("what", paths_in_words(certification, &demand.paths, words));
        let grace = certification.renewal.grace.after(last);
        let mended = demand.kind == DemandKind::Recertification && grace > last && today <= grace;
        values.set("grace_until", mended.then(|| words.day(grace)));
        let remedy = demand.remedy.as_ref().filter(|remedy| self.now <= remedy.until);
        values.set("remedy_until", remedy.map(|remedy| day(remedy.until)));
        let training = remedy.and_then(|remedy| requirement_in_words(certification, &remedy.training, words));
        values.set("remedy", training);
    }
}

/// Whole days of the calendar; none is below today.
fn days_between(today: NaiveDate, last: NaiveDate) -> u32 {
    u32::try_from((last - today).num_days()).unwrap_or(0)
}

fn reason_in_words(reason: Reason, words: &MailWords) -> Option<&'static str> {
    match reason {
        Reason::IssuedInError => Some(words.issued_in_error),
        Reason::RequirementsNotMet => Some(words.requirements_not_met),
        Reason::KeyCompromise => Some(words.key_compromise),
        Reason::UnderReview => Some(words.under_review),
        Reason::HolderRequest | Reason::UpkeepMissed | Reason::Other => None,
    }
}

/// `pass “Exam”, or complete “Update”`.
fn paths_in_words(certification: &Certification, paths: &[Vec<RequirementId>], words: &MailWords) -> Option<String> {
    let path = |path: &Vec<RequirementId>| {
        let all: Vec<String> = path.iter().filter_map(|id| requirement_in_words(certification, id, words)).collect();
        let (last, rest) = all.split_last()?;
        Some(if rest.is_empty() { last.clone() } else { (words.all_of)(&rest.join(", "), last) })
    };
    paths.iter().filter_map(path).reduce(|one, other| (words.one_of)(&one, &other))
}

fn requirement_in_words(certification: &Certification, id: &RequirementId, words: &MailWords) -> Option<String> {
    let requirement = certification.requirement(id)?;
    let say = match requirement.kind {
        RequirementKind::Exam => words.exam,
        RequirementKind::Training => words.training,
        RequirementKind::Review => words.review,
        RequirementKind::Evidence => words.evidence,
    };
    Some(say(&requirement.name))
}

/// A name that keeps to itself: no character turns the line around it, and one that is written from the right is isolated.
pub(super) fn tidy(name: &str) -> String {
    let plain = |c: &char| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name: String = name.chars().filter(plain).take(200).collect();
    let from_right = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    if name.chars().any(from_right) { format!("\u{2068}{}\u{2069}", name.trim()) } else { name.trim().to_owned() }
}
