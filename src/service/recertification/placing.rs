//! Asking every holder, a page at a time: what was asked and how far it came are written in one batch.

use chrono::{DateTime, Utc};

use super::asking::{concerns, concerns_region, demand, of_program};
use crate::app::App;
use crate::id::{AwardId, CertificationId, PersonId, Realm};
use crate::rules::{self, Demand, Standing};
use crate::service::{Breakdown, TRIES, moment, program, tell};
use crate::store::{
    Changes, Commit, DemandEvent, Digest, EventKind, OpenRecertification, ReadSet, Recertification, Stage,
};

/// How many standings are read at a time, how many such pages in one piece of work, and how many demands one batch places.
const PAGE: usize = 500;
const PAGES: usize = 20;
const AT_ONCE: usize = 100;

/// One piece of work: an entry of the program is taken up, or some more holders are asked. Whether there was anything to do.
pub async fn place(app: &App) -> Result<bool, Breakdown> {
    for realm in [Realm::Live, Realm::Test] {
        if take_up(app, realm).await? || ask_some(app, realm).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes up the first entry of the program in force that was announced and is not known yet.
async fn take_up(app: &App, realm: Realm) -> Result<bool, Breakdown> {
    let (now, mut reads) = (moment(app), ReadSet::new());
    let in_force = program::in_force(app, &mut reads).await?;
    for entry in &in_force.program.recertify {
        let asked = of_program(entry, in_force.program.timezone, in_force.record.version, now);
        if asked.announced_at > now {
            continue;
        }
        if app.store.recertification(realm, &entry.id, &mut ReadSet::new()).await?.is_some() {
            continue;
        }
        app.store.recertification(realm, &entry.id, &mut reads).await?;
        let mut changes = Changes::new(realm);
        begin(app, &asked, (&mut reads, &mut changes), now).await?;
        // A conflict means that another node was faster.
        app.store.commit(&reads, changes).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Lets holders be asked: those who hold it now by [`place`], and whoever begins a term until its date as that is signed.
pub(super) async fn begin(
    app: &App,
    asked: &Recertification,
    (reads, changes): (&mut ReadSet, &mut Changes),
    now: DateTime<Utc>,
) -> Result<(), Breakdown> {
    let (id, certifications, due) = (asked.id.clone(), asked.certifications.clone(), asked.due);
    let mut open = app.store.open_recertifications(changes.realm(), reads).await?;
    open.retain(|known| known.due >= now && known.id != id);
    open.push(OpenRecertification { id, certifications: certifications.clone(), due });
    changes.open_recertifications(&open);
    changes.recertification(asked);
    let recertification = Digest::of(asked.id.as_bytes());
    tell(app, changes, now, EventKind::RecertificationAnnounced { recertification, certifications });
    Ok(())
}

async fn ask_some(app: &App, realm: Realm) -> Result<bool, Breakdown> {
    let mut after: Option<String> = None;
    loop {
        let page = app.store.recertifications(realm, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(false) };
        if let Some(asked) = page.iter().find(|asked| asked.stage == Stage::Placing) {
            return ask_page(app, realm, &asked.id).await.map(|()| true);
        }
        after = Some(last.id.clone());
    }
}

async fn ask_page(app: &App, realm: Realm, id: &str) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let known = app.store.recertification(realm, id, &mut reads).await?;
        let Some(mut asked) = known.filter(|asked| asked.stage == Stage::Placing) else { return Ok(()) };
        let found = find(app, realm, &asked, now).await?;
        let mut changes = Changes::new(realm);
        for (person, certification) in &found.concerned {
            if ask(app, &asked, (person, certification), (&mut reads, &mut changes), now).await? {
                asked.placed += 1;
            }
        }
        asked.looked_at = found.upto;
        if found.is_last {
            asked.stage = Stage::Placed;
            let recertification = Digest::of(id.as_bytes());
            tell(app, &mut changes, now, EventKind::RecertificationPlaced { recertification, awards: asked.placed });
        }
        changes.recertification(&asked);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy)
}

/// What one piece of work looked at.
struct Search {
    concerned: Vec<(PersonId, CertificationId)>,
    upto: Option<(PersonId, CertificationId)>,
    is_last: bool,
}

async fn find(app: &App, realm: Realm, asked: &Recertification, now: DateTime<Utc>) -> Result<Search, Breakdown> {
    let mut found = Search { concerned: Vec::new(), upto: asked.looked_at.clone(), is_last: false };
    for _ in 0..PAGES {
        let page = app.store.standings_after(realm, found.upto.as_ref(), PAGE).await?;
        found.is_last = page.is_empty();
        for standing in &page {
            if found.concerned.len() == AT_ONCE {
                return Ok(found);
            }
            found.upto = Some((standing.person.clone(), standing.certification.clone()));
            if is_concerned(app, realm, asked, standing, now).await? {
                found.concerned.push((standing.person.clone(), standing.certification.clone()));
            }
        }
        if found.is_last {
            break;
        }
    }
    Ok(found)
}

/// Whether this holder is to be asked, as the standing is now.
pub(super) async fn is_concerned(
    app: &App,
    realm: Realm,
    asked: &Recertification,
    standing: &Standing,
    now: DateTime<Utc>,
) -> Result<bool, Breakdown> {
    let Some(award) = standing.award.as_ref().filter(|_| asked.certifications.contains(&standing.certification)) else {
        return Ok(false);
    };
    let basis = program::version(app, award.current().program).await?;
    let certification = basis.program.certification(&standing.certification);
    let state = rules::state_at(award, certification, basis.program.timezone, now);
    Ok(concerns(asked, standing, &state) && works_there(app, realm, asked, standing).await?)
}

/// Whether the holder works in one of the regions that are asked, if any are named.
pub(in crate::service) async fn works_there(
    app: &App,
    realm: Realm,
    asked: &Recertification,
    standing: &Standing,
) -> Result<bool, Breakdown> {
    if asked.region.is_empty() {
        return Ok(true);
    }
    let person = app.store.person(realm, &standing.person, &mut ReadSet::new()).await?;
    Ok(concerns_region(asked, person.and_then(|person| person.region).as_deref()))
}

/// Places the demand on one award, read anew.
async fn ask(
    app: &App,
    asked: &Recertification,
    (person, certification): (&PersonId, &CertificationId),
    (reads, changes): (&mut ReadSet, &mut Changes),
    now: DateTime<Utc>,
) -> Result<bool, Breakdown> {
    let before = app.store.standing(changes.realm(), person, certification, reads).await?;
    if !is_concerned(app, changes.realm(), asked, &before, now).await? {
        return Ok(false);
    }
    let in_force = program::in_force(app, reads).await?;
    let demand = demand(asked, &in_force.program, &before, now);
    let is_later = before.award.as_ref().is_some_and(|award| award.current().awarded_at > asked.announced_at);
    if is_later && demand.met.is_some() {
        return Ok(false);
    }
    let mut after = before.clone();
    let Some(award) = &mut after.award else { return Ok(false) };
    award.demands.push(demand.clone());
    let basis = program::version(app, award.current().program).await?;
    let dated_by = basis.program.certification(certification);
    let next = rules::next_milestone(award, dated_by, basis.program.timezone, now);
    let id = award.id;
    after.due = [before.due, next].into_iter().flatten().min();
    changes.standing(&before, &after);
    changes.asked(&asked.id, id, &after);
    tell(app, changes, now, EventKind::AwardDemandPlaced(fact(&after, &demand, id)));
    if demand.met.is_some() {
        tell(app, changes, now, EventKind::AwardDemandMet(fact(&after, &demand, id)));
    }
    Ok(true)
}

/// What the feed is told of a demand.
pub(in crate::service) fn fact(of: &Standing, demand: &Demand, award: AwardId) -> DemandEvent {
    DemandEvent {
        award,
        person: of.person.clone(),
        certification: of.certification.clone(),
        demand: Digest::of(demand.id.as_bytes()),
        kind: demand.kind,
        due: demand.due,
        cutoff: demand.cutoff,
    }
}
