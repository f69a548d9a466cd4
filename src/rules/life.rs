//! [`Life`]: an award's history folded up to a moment, with the effects of missed demands.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::award::{Award, Demand, DemandKind, Happening, Reason, VersionEntry, VersionKind};

/// What an award's history comes to at a moment.
pub(super) struct Life<'a> {
    /// The first moment of its history.
    pub(super) begins: DateTime<Utc>,
    /// The version that counts.
    pub(super) version: Option<&'a VersionEntry>,
    pub(super) suspended: Option<(DateTime<Utc>, Reason)>,
    /// Its last second, when it ended before its date.
    pub(super) ended: Option<DateTime<Utc>>,
    pub(super) revoked: Option<(DateTime<Utc>, Reason)>,
    /// The demands whose miss had an effect.
    pub(super) missed: Vec<&'a Demand>,
}

impl Life<'_> {
    /// The last second of the term so far.
    fn over(&self) -> Option<DateTime<Utc>> {
        self.ended.or(self.version.and_then(|version| version.valid_until))
    }
}

/// Whether what was asked for can matter no more: its term is over, or was over before the next one began. A recertification
/// is asked of the holder, not of a term.
pub(super) fn ended_with_term(award: &Award, demand: &Demand, now: DateTime<Utc>) -> bool {
    let over_by = |version: &VersionEntry, next: DateTime<Utc>| {
        version.valid_until.is_some_and(|until| until < next && demand.opens <= until)
    };
    let gap = award
        .versions
        .windows(2)
        .any(|pair| pair[1].kind == VersionKind::Renewal && over_by(&pair[0], pair[1].earned_at));
    demand.kind == DemandKind::Upkeep && (gap || over_by(award.current(), now))
}

/// One step of the fold, in the order in which steps of one moment are taken.
enum Step<'a> {
    Missed(&'a Demand),
    Mended(&'a Demand),
    Happened(&'a Happening),
}

/// Folds everything up to `at`. What the history says of a missed demand is left out where the demand says it, too: both come
/// to the same.
pub(super) fn life(award: &Award, at: DateTime<Utc>) -> Life<'_> {
    let begins = award.history.iter().map(|entry| entry.valid_at).min();
    let mut life = Life {
        begins: begins.unwrap_or(award.current().valid_from),
        version: None,
        suspended: None,
        ended: None,
        revoked: None,
        missed: Vec::new(),
    };
    let mut held_back: Vec<&Demand> = Vec::new();
    let mut by_hand = None;
    // The end of the last term after which there was none for a while: what it asked for ended with it.
    let mut gap: Option<DateTime<Utc>> = None;
    for (when, step) in steps(award, at) {
        match step {
            Step::Missed(demand) => {
                let of_former_term = demand.kind == DemandKind::Upkeep && gap.is_some_and(|gap| demand.opens <= gap);
                if life.version.is_none() || life.over().is_some_and(|over| over < when) || of_former_term {
                    continue;
                }
                life.missed.push(demand);
                match demand.kind {
                    DemandKind::Upkeep => held_back.push(demand),
                    DemandKind::Recertification => life.ended = Some(demand.cutoff),
                }
            }
            Step::Mended(demand) => match demand.kind {
                DemandKind::Upkeep => held_back.retain(|missed| missed.id != demand.id),
                DemandKind::Recertification => life.ended = life.ended.filter(|ended| *ended != demand.cutoff),
            },
            Step::Happened(what) => match *what {
                Happening::Issued { version } | Happening::Renewed { version } | Happening::Extended { version } => {
                    let renewed = matches!(what, Happening::Renewed { .. });
                    let earned = award.version(version).map_or(when, |version| version.earned_at);
                    if let Some(over) = life.over().filter(|over| renewed && *over < earned) {
                        held_back.clear();
                        gap = Some(over);
                    }
                    life.ended = None;
                    life.version = award.version(version).or(life.version);
                }
                Happening::Corrected { version } => life.version = award.version(version).or(life.version),
                Happening::Suspended { reason } => by_hand = by_hand.or(Some((when, reason))),
                Happening::Reinstated { version } => {
                    (by_hand, life.ended) = (None, None);
                    held_back.clear();
                    life.version = award.version(version).or(life.version);
                }
                Happening::Merged { .. } => {}
                Happening::Expired => life.ended = Some(when - TimeDelta::seconds(1)),
                Happening::Revoked { reason } => {
                    life.revoked = Some((when, reason));
                    return life;
                }
            },
        }
    }
    if life.over().is_some_and(|over| over < at.trunc_subsecs(0)) {
        held_back.clear();
    }
    let missed =
        held_back.iter().map(|demand| (effect_of(demand), Reason::UpkeepMissed)).min_by_key(|(since, _)| *since);
    life.suspended = by_hand.into_iter().chain(missed).min_by_key(|(since, _)| *since);
    life
}

/// The first second in which a miss has its effect.
pub(super) fn effect_of(demand: &Demand) -> DateTime<Utc> {
    demand.cutoff + TimeDelta::seconds(1)
}

fn steps(award: &Award, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Step<'_>)> {
    let mut steps = Vec::new();
    for demand in award.demands.iter().filter(|demand| demand.met.is_none_or(|met| met.at > demand.cutoff)) {
        steps.push((effect_of(demand), Step::Missed(demand)));
        steps.extend(demand.met.map(|met| (met.at.max(effect_of(demand)), Step::Mended(demand))));
    }
    let told_by_demand = |what: &Happening, when| {
        let kind = match what {
            Happening::Suspended { reason: Reason::UpkeepMissed } => DemandKind::Upkeep,
            Happening::Expired => DemandKind::Recertification,
            _ => return false,
        };
        award.demands.iter().any(|demand| demand.kind == kind && effect_of(demand) == when)
    };
    let happened = award.history.iter().filter(|entry| !told_by_demand(&entry.what, entry.valid_at));
    steps.extend(happened.map(|entry| (entry.valid_at, Step::Happened(&entry.what))));
    steps.retain(|(when, _)| *when <= at);
    steps.sort_by_key(|(when, _)| *when);
    steps
}
