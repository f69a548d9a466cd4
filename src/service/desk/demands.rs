//! Demands: met, mended, placed further ahead; and when time next brings something.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Desk;
use crate::id::CertificationId;
use crate::program::Certification;
use crate::program::duration::local_day;
use crate::rules::{self, Award, AwardState, Demand, DemandKind, Met, Reason, Term};
use crate::service::reinstate::reinstate;
use crate::service::{Breakdown, moment, recertification};
use crate::store::{DemandEvent, Digest, EventKind, ReadSet};

impl Desk<'_> {
    /// Records what was demanded and is shown now. An award that rested for want of it holds again.
    pub(in crate::service) async fn meet_demands(&mut self, id: &CertificationId) -> Result<bool, Breakdown> {
        let now = self.now;
        let met = self.ask(id, rules::newly_met).await?.unwrap_or_default();
        if met.is_empty() {
            return Ok(false);
        }
        let before = self.state(id).await?.expect("demands are looked for on an award");
        let standing = self.standing(id).await?;
        let person = standing.person.clone();
        let award = standing.award.as_mut().expect("demands are looked for on an award");
        let mut told = Vec::new();
        for (name, at) in met {
            if let Some(demand) = award.demands.iter_mut().find(|demand| demand.id == name) {
                let known = demand.met.replace(Met { at, recorded_at: now });
                if let Some(Met { recorded_at, .. }) = known {
                    demand.met = Some(Met { at, recorded_at });
                    continue;
                }
                told.push(EventKind::AwardDemandMet(DemandEvent {
                    award: award.id,
                    person: person.clone(),
                    certification: id.clone(),
                    demand: Digest::of(name.as_bytes()),
                    kind: demand.kind,
                    due: demand.due,
                    cutoff: demand.cutoff,
                }));
            }
        }
        let current = award.current().clone();
        for what in told {
            self.tell(what);
        }
        // Of history no copy was ever out, so none needs a new one.
        let mended = self.history.is_none() && is_mended(&before, self.state(id).await?);
        if mended && current.valid_until.is_none_or(|until| until > now) {
            reinstate(self, id, None).await?;
            return Ok(true);
        }
        self.plan(id).await?;
        Ok(false)
    }

    /// Asks of who begins a term what recertifications ask of everybody until their date, unless it was shown since they
    /// were announced. Nobody escapes by being certified, renewed or reinstated after the others were asked.
    pub(in crate::service) async fn ask_what_is_open(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        // Of history, too: it is asked now.
        let told = moment(self.app);
        let open = self.app.store.open_recertifications(self.realm, &mut self.reads).await?;
        for open in open.iter().filter(|open| open.due >= told && open.certifications.contains(id)) {
            let asked = self.app.store.recertification(self.realm, &open.id, &mut ReadSet::new()).await?;
            let asked = asked.ok_or(Breakdown::Missing("a recertification that is open"))?;
            let Some(basis) = self.basis(id).await? else { return Ok(()) };
            let standing = self.standing(id).await?;
            let Some(award) = &standing.award else { return Ok(()) };
            let state = rules::state_at(award, basis.program.certification(id), basis.program.timezone, told);
            let standing = standing.clone();
            let demand = recertification::demand(&asked, &self.in_force.program, &standing, told);
            let is_asked = recertification::concerns(&asked, &standing, &state)
                && recertification::concerns_region(&asked, self.person.region.as_deref())
                && demand.met.is_none();
            if !is_asked {
                continue;
            }
            let award = self.standing(id).await?.award.as_mut().expect("it was looked at");
            award.demands.push(demand.clone());
            let award = award.id;
            self.changes.asked(&asked.id, award, &standing);
            self.tell(EventKind::AwardDemandPlaced(recertification::fact(&standing, &demand, award)));
        }
        Ok(())
    }

    /// Reckons when time next brings something for the award.
    pub(in crate::service) async fn plan(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        let basis = self.basis(id).await?;
        let (now, zone) = (self.now, self.in_force.program.timezone);
        let standing = self.standing(id).await?;
        let version = basis.as_ref().map_or(1, |version| version.record.version);
        let basis = basis.as_ref().and_then(|version| version.program.certification(id));
        if let (Some(award), Some(certification)) = (&mut standing.award, basis) {
            ask_further(award, certification, version, zone, now);
        }
        let told = *standing.told.get_or_insert(now);
        standing.due = standing.award.as_ref().and_then(|award| rules::next_milestone(award, basis, zone, told));
        Ok(())
    }
}

/// Places what is not asked for yet.
pub(super) fn demand(award: &mut Award, demands: Vec<Demand>) {
    for demand in demands {
        if !award.demands.iter().any(|known| known.id == demand.id) {
            award.demands.push(demand);
        }
    }
}

/// Upkeep of a long term is asked for some periods ahead: when the last of them opens, the next are placed.
fn ask_further(award: &mut Award, certification: &Certification, version: u32, zone: Tz, now: DateTime<Utc>) {
    let last = award.demands.iter().filter(|demand| demand.kind == DemandKind::Upkeep).max_by_key(|demand| demand.due);
    if let Some(last) = last.filter(|last| last.opens <= now && certification.upkeep.len() == 1) {
        let current = award.current();
        let begins = local_day(last.due, zone);
        let rest = Term { begins, ..Term::of(current, zone) };
        let further = rules::upkeep_demands(version, certification, &rest, zone, now);
        demand(award, further);
    }
}

/// Whether an award that rested or ended for want of something demanded lacks nothing any more.
fn is_mended(before: &AwardState, after: Option<AwardState>) -> bool {
    let rested = match before {
        AwardState::Suspended { reason, .. } => *reason == Reason::UpkeepMissed,
        AwardState::Expired { .. } => true,
        _ => false,
    };
    rested && matches!(after, Some(AwardState::Valid { .. }))
}
