//! [`open`]: what leads on from where a standing is, and what is missing or stands in the way.

use serde_json::Value;

use super::award::Reason;
use super::course::{Course, Cycle};
use super::decide::Question;
use super::demands::{Asked, asked};
use super::explain::written;
use super::full::{closed_by, full, missing, scope};
use super::gates::Gates;
use super::outlook::{NextStep, PathOutlook, path_outlooks};
use super::progress::Progress;
use super::state::AwardState;
use super::term::RenewalPhase;
use super::unmet::{Unmet, UnmetCode};
use crate::program::duration::local_day;

/// What can be earned next.
pub(super) struct Open {
    pub(super) next: NextStep,
    /// Any one of these is enough.
    pub(super) paths: Vec<PathOutlook>,
    /// Never empty where nothing is held.
    pub(super) unmet: Vec<Unmet>,
}

/// What can be earned next, on which paths, and what is missing.
pub(super) fn open(q: &Question<'_>, course: &Course<'_>) -> Open {
    match course {
        Course::Rests => resting(q),
        Course::Mending(missed) => {
            let missed = asked(q).into_iter().find(|asked| asked.demand.id == missed.id);
            mending(q, missed.as_ref(), Vec::new())
        }
        Course::Full(start) => {
            let progress = Progress::new(scope(q, start), Gates::new(q, start).moments());
            let next = if start.renews { NextStep::Renewal } else { NextStep::Award };
            let paths = path_outlooks(&progress, &q.certification.any_of);
            Open { next, paths, unmet: full(q, start).err().unwrap_or_default() }
        }
        Course::Renewal(cycle) | Course::Renewed(cycle, _) => {
            let phase = cycle.phase(q.now);
            let ways = Cycle::paths(q.certification, phase);
            let progress = Progress::new(cycle.scope(q, phase), Vec::new());
            let mut unmet = Vec::new();
            if matches!(course, Course::Renewal(_)) {
                unmet.extend(not_open_yet(q, cycle, phase));
                unmet.extend(missing(&progress, ways));
                unmet.extend(closed_by(q, q.now));
            }
            Open { next: NextStep::Renewal, paths: path_outlooks(&progress, ways), unmet }
        }
    }
}

/// What stands in the way of an award that rests and, where it is known, what lets it hold again.
fn resting(q: &Question<'_>) -> Open {
    let name = &q.certification.name;
    let day = |at| local_day(at, q.program.timezone);
    let said = |code, words: String, since, reason: Reason| {
        Unmet::new(code, words).fact("since", day(since).to_string()).fact("reason", code_of(reason))
    };
    match q.state() {
        Some(AwardState::Suspended { since, reason }) => {
            let words = format!("{name} is suspended since {}.", written(day(since)));
            let suspended = said(UnmetCode::Suspended, words, since, reason);
            let missed = match reason {
                Reason::UpkeepMissed => asked(q).into_iter().find(|asked| asked.is_missed(q)),
                _ => None,
            };
            mending(q, missed.as_ref(), vec![suspended])
        }
        Some(AwardState::Revoked { since, reason }) => {
            let words = format!("{name} was revoked on {}, which is final.", written(day(since)));
            Open {
                next: NextStep::Nothing,
                paths: Vec::new(),
                unmet: vec![said(UnmetCode::Revoked, words, since, reason)],
            }
        }
        _ => Open { next: NextStep::Nothing, paths: Vec::new(), unmet: Vec::new() },
    }
}

/// What mends the oldest miss.
fn mending(q: &Question<'_>, missed: Option<&Asked<'_>>, mut unmet: Vec<Unmet>) -> Open {
    let Some(missed) = missed else { return Open { next: NextStep::Nothing, paths: Vec::new(), unmet } };
    let ways = missed.paths();
    let progress = Progress::new(missed.scope(q, &ways), Vec::new());
    unmet.extend(missing(&progress, &ways));
    Open { next: NextStep::Reinstatement, paths: path_outlooks(&progress, &ways), unmet }
}

fn code_of(reason: Reason) -> Value {
    serde_json::to_value(reason).unwrap_or_default()
}

fn not_open_yet(q: &Question<'_>, cycle: &Cycle<'_>, phase: RenewalPhase) -> Option<Unmet> {
    let opens = local_day(cycle.opens, q.program.timezone);
    let words = format!("{} can be renewed from {}.", q.certification.name, written(opens));
    (phase == RenewalPhase::Early).then(|| Unmet::new(UnmetCode::NotOpenYet, words).fact("opens", opens.to_string()))
}
