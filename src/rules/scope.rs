//! [`Scope`]: what is heard on a path, what of it counts, and by which version of the program it is judged.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::course::Cycle;
use super::decide::Question;
use super::exception::{Exception, ExceptionKind};
use super::progress::ranks;
use super::standing::RecordedResult;
use super::term::RenewalPhase;
use super::versions::Versions;
use crate::id::RequirementId;
use crate::program::{Certification, Requirement};

/// What counts on a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) versions: Versions<'a>,
    /// As the newest version has it.
    pub(super) certification: &'a Certification,
    pub(super) results: &'a [RecordedResult],
    pub(super) exceptions: &'a [Exception],
    pub(super) zone: Tz,
    /// The tries after this moment belong together, also those before what counts.
    pub(super) tried_after: Option<DateTime<Utc>>,
    /// Results from then on count.
    pub(super) from: Option<DateTime<Utc>>,
    /// Results after that moment count.
    pub(super) after: Option<DateTime<Utc>>,
    /// Results that we heard of after that moment are heard.
    pub(super) recorded_after: Option<DateTime<Utc>>,
    /// Exceptions that were granted after that moment.
    pub(super) granted_after: Option<DateTime<Utc>>,
    /// Neither results nor exceptions later than this.
    pub(super) until: DateTime<Utc>,
    pub(super) ways: Ways<'a>,
    /// As if nothing were held back.
    pub(super) held_too: bool,
}

/// The paths that are open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ways<'a> {
    /// To a first award: whatever must come first does.
    Full,
    /// Those that renew in this phase. What must come first must do so only if every path that has the one has the other, too.
    Renewal(RenewalPhase),
    /// These, in the same way.
    Only(&'a [Vec<RequirementId>]),
}

impl<'a> Scope<'a> {
    /// Everything of the question's standing, up to the horizon.
    pub(super) fn of(q: &Question<'a>, ways: Ways<'a>) -> Self {
        Scope {
            versions: q.versions,
            certification: q.certification,
            results: &q.standing.results,
            exceptions: &q.standing.exceptions,
            zone: q.program.timezone,
            tried_after: None,
            from: None,
            after: None,
            recorded_after: None,
            granted_after: None,
            until: q.horizon(),
            ways,
            held_too: false,
        }
    }

    /// As the version has it that was in force at `at`.
    pub(super) fn requirement_at(&self, id: &RequirementId, at: DateTime<Utc>) -> Option<&'a Requirement> {
        self.certification_at(at)?.requirement(id)
    }

    fn certification_at(&self, at: DateTime<Utc>) -> Option<&'a Certification> {
        self.versions.at(at).certification(&self.certification.id)
    }

    /// The paths that were open at `at`.
    pub(super) fn paths_at(&self, at: DateTime<Utc>) -> &'a [Vec<RequirementId>] {
        match (self.ways, self.certification_at(at)) {
            (Ways::Only(paths), _) => paths,
            (Ways::Full, Some(certification)) => &certification.any_of,
            (Ways::Renewal(phase), Some(certification)) => Cycle::paths(certification, phase),
            (Ways::Full | Ways::Renewal(_), None) => &[],
        }
    }

    /// Whether `first` must come before `requirement` on the paths that were open at `at`.
    pub(super) fn goes_together(&self, requirement: &RequirementId, first: &RequirementId, at: DateTime<Utc>) -> bool {
        let with = |path: &&Vec<RequirementId>| path.contains(requirement);
        matches!(self.ways, Ways::Full) || self.paths_at(at).iter().filter(with).all(|path| path.contains(first))
    }

    /// Every requirement that any version has, each as the newest does.
    pub(super) fn requirements(&self) -> Vec<&'a Requirement> {
        let mut all: Vec<&'a Requirement> = self.certification.requirements.iter().collect();
        let versions = self.versions.all().rev().filter_map(|program| program.certification(&self.certification.id));
        for requirement in versions.flat_map(|certification| &certification.requirements) {
            if !all.iter().any(|known| known.id == requirement.id) {
                all.push(requirement);
            }
        }
        all
    }

    /// The results that are judged, in the order in which they count: of one moment, what must come first does.
    pub(super) fn heard(&self) -> Vec<&'a RecordedResult> {
        let is_heard = |r: &&RecordedResult| {
            r.at <= self.until
                && r.void_at.is_none()
                && (self.held_too || r.holds.is_empty())
                && self.tried_after.is_none_or(|after| r.at > after)
                && self.recorded_after.is_none_or(|after| r.recorded_at > after)
        };
        let place = |r: &RecordedResult| {
            let certification = self.certification_at(r.at)?;
            let n = certification.requirements.iter().position(|q| q.id == r.requirement)?;
            Some(ranks(certification)[n])
        };
        let mut heard: Vec<_> = self.results.iter().filter(is_heard).collect();
        heard.sort_by(|a, b| (a.at, a.recorded_at, &a.source, &a.id).cmp(&(b.at, b.recorded_at, &b.source, &b.id)));
        for same in heard.chunk_by_mut(|a, b| a.at == b.at).filter(|same| same.len() > 1) {
            same.sort_by_key(|r| place(r).unwrap_or(usize::MAX));
        }
        heard
    }

    /// Whether what is heard counts.
    pub(super) fn counts(&self, result: &RecordedResult) -> bool {
        self.from.is_none_or(|from| result.at >= from) && self.after.is_none_or(|after| result.at > after)
    }

    /// From when each exception of one kind holds.
    pub(super) fn granted(&self, wanted: impl Fn(&ExceptionKind) -> bool) -> impl Iterator<Item = DateTime<Utc>> {
        let about = self.exceptions.iter().filter(move |exception| wanted(&exception.kind));
        let in_scope = |at: &DateTime<Utc>| *at <= self.until && self.granted_after.is_none_or(|after| *at > after);
        about.filter_map(Exception::since).filter(in_scope)
    }
}
