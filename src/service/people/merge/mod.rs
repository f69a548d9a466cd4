//! Two persons turn out to be one. Both show that they are that person, and everything of one becomes the other's at once.

mod join;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::join::{Joined, join};
use super::find::view;
use super::proof::{Shown, judge};
use super::{Person, PersonView, certifications, name};
use crate::app::App;
use crate::id::PersonId;
use crate::intake::InvalidValue;
use crate::issuance::shown_name;
use crate::rules::{self, Award, Cause, Decision, FormerWhy, Happening, Reason, Standing};
use crate::service::caller::Caller;
use crate::service::desk::{Desk, Whom};
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{AwardPointer, Changes, Commit, EngineError, EventKind, Managers, ReadSet};

/// Who turns out to be whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// Id of the person who is kept: their name, badge address and consents hold.
    pub keep: String,
    /// Id of the person who becomes part of them.
    pub other: String,
    /// The codes that were mailed to the two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<String>,
    /// Only say what would happen; needs no codes.
    #[serde(default)]
    pub preview: bool,
}

/// What was joined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Merged {
    /// The person as they are now; with `preview` as they are still.
    pub person: PersonView,
    /// What becomes of everything that the other person has.
    pub certifications: Vec<Fate>,
    /// Nothing was done: they were one person before, or this is a preview.
    pub unchanged: bool,
}

/// What becomes of one certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fate {
    /// Which.
    pub certification: String,
    /// Number of the award that is current.
    pub award: Option<String>,
    /// It was the other person's.
    pub moved: bool,
    /// Number of the award that leads to the current one from now on.
    pub alias: Option<String>,
    /// The current award rests from now on, for this reason, as the other did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Reason>,
    /// How many results come along.
    pub results: usize,
    /// What the rules say of all results together: `award`, `renew`, `record`, `withhold`.
    pub decision: String,
}

/// Why two persons were not joined. Nothing was written, but that a wrong code was tried.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No such person, or not in this key's realm.
    #[error("there is no such person")]
    Unknown {
        /// Where it stands in the request.
        pointer: &'static str,
    },
    /// Both ids are the same.
    #[error("these are one person already")]
    Same,
    /// A code is missing, wrong or over.
    #[error("both persons must show that they are this person")]
    Proof(Vec<InvalidValue>),
    /// More documents than one change may touch.
    #[error("the two have more documents than can be joined at once")]
    TooLarge,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(MergeError);

/// Joins `other` with `keep`. Two who are one already are answered as joined.
pub async fn merge(app: &App, caller: &Caller, request: &MergeRequest) -> Result<Merged, MergeError> {
    let id = |text: &str, pointer| text.parse::<PersonId>().map_err(|_| MergeError::Unknown { pointer });
    let (keep, other) = (id(&request.keep, "/keep")?, id(&request.other, "/other")?);
    if keep == other {
        return Err(MergeError::Same);
    }
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let unknown = |pointer| MergeError::Unknown { pointer };
        let keep = app.store.person(caller.realm, &keep, &mut reads).await?.ok_or(unknown("/keep"))?;
        let other = app.store.person(caller.realm, &other, &mut reads).await?.ok_or(unknown("/other"))?;
        if keep.id == other.id {
            let person = view(app, caller, &keep).await?;
            return Ok(Merged { person, certifications: Vec::new(), unchanged: true });
        }
        if !request.preview {
            match prove(app, caller, [&keep, &other], &request.proofs, &mut reads).await? {
                Proven::Yes => {}
                Proven::No(faults) => return Err(MergeError::Proof(faults)),
                Proven::Conflict => continue,
            }
        }
        let mut merging = Merging::new(app, caller, &keep, &other, reads).await?;
        let certifications = merging.fates().await?;
        if request.preview {
            let person = view(app, caller, &keep).await?;
            return Ok(Merged { person, certifications, unchanged: true });
        }
        merging.sign().await?;
        let (changes, reads, person) = merging.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            let person = view(app, caller, &person).await?;
            return Ok(Merged { person, certifications, unchanged: false });
        }
    }
    Err(Breakdown::Busy.into())
}

enum Proven {
    Yes,
    No(Vec<InvalidValue>),
    Conflict,
}

/// Both codes must be there; in which order does not matter. What was tried in vain is counted.
async fn prove(
    app: &App,
    caller: &Caller,
    persons: [&Person; 2],
    codes: &[String],
    reads: &mut ReadSet,
) -> Result<Proven, Breakdown> {
    let fault = |detail: String| InvalidValue { pointer: "/proofs".to_owned(), detail };
    if codes.len() != 2 {
        return Ok(Proven::No(vec![fault("needs two codes, one of each person".to_owned())]));
    }
    let (now, mut faults, mut changes) = (moment(app), Vec::new(), Changes::new(caller.realm));
    for (person, who) in persons.into_iter().zip(["keep", "other"]) {
        let proof = app.store.proof(caller.realm, &person.id, reads).await?;
        match judge(person, proof, codes, now) {
            Shown::Right => {}
            Shown::Gone => faults.push(fault(format!("no code of {who} is good any more: have one mailed"))),
            Shown::Wrong(left) => {
                changes.proof(&person.id, &left);
                faults.push(fault(format!("neither is the code of {who}; tries left: {}", left.tries)));
            }
        }
    }
    if faults.is_empty() {
        return Ok(Proven::Yes);
    }
    match app.store.commit(reads, changes).await? {
        Commit::Done(_) => Ok(Proven::No(faults)),
        Commit::Conflict(_) => Ok(Proven::Conflict),
    }
}

/// Two persons on one desk.
struct Merging<'a> {
    desk: Desk<'a>,
    keep: &'a Person,
    other: &'a Person,
    joined: Vec<(Standing, Joined)>,
}

impl<'a> Merging<'a> {
    /// Puts everything of `other` where it belongs from now on; nothing is signed yet.
    async fn new(
        app: &'a App,
        caller: &Caller,
        keep: &'a Person,
        other: &'a Person,
        mut reads: ReadSet,
    ) -> Result<Self, Breakdown> {
        let realm = caller.realm;
        let all = certifications(app, &mut reads).await?;
        let mine = app.store.standings(realm, &keep.id, &all, &mut reads).await?;
        let theirs = app.store.standings(realm, &other.id, &all, &mut reads).await?;
        let whom = Whom { known: Some(keep.clone()), person: united(keep, other) };
        let mut desk = Desk::new(app, realm, whom, Cause::Merge { other: other.id.clone() }, reads).await?;
        desk.tell(EventKind::PersonMerged { person: keep.id.clone(), other: other.id.clone() });
        let mut merging = Merging { desk, keep, other, joined: Vec::new() };
        for theirs in theirs {
            let id = theirs.certification.clone();
            let mine = mine.iter().find(|standing| standing.certification == id).cloned();
            let mine = mine.unwrap_or_else(|| Standing::empty(keep.id.clone(), id));
            merging.take_over(mine, theirs).await?;
        }
        Ok(merging)
    }

    async fn take_over(&mut self, mine: Standing, theirs: Standing) -> Result<(), Breakdown> {
        let id = theirs.certification.clone();
        let desk = &mut self.desk;
        let (now, zone, in_force) = (desk.now, desk.in_force.program.timezone, desk.in_force.clone());
        let grace = in_force.program.certification(&id);
        let joined = join(&mine, &theirs, |award| rules::state_at(award, grace, zone, now));
        for (at, award) in &joined.timers {
            desk.changes.timer_gone(*at, *award);
        }
        let moved_out = desk.app.store.moved_results(desk.realm, &theirs, &mut desk.reads).await?;
        desk.changes.moved_out(&joined.after, mine.moved_out, &moved_out);
        let evidence = desk.app.store.evidence(desk.realm, &self.other.id, &id, &mut desk.reads).await?;
        desk.add_evidence(&id, &evidence).await?;
        move_awards(desk, &mine, &theirs, &joined.after).await?;
        desk.changes.standing_moved(&theirs);
        desk.adopt(joined.before.clone(), joined.after.clone());
        if let (Some(alias), Some(award)) = (joined.alias, joined.after.award.as_ref().map(|award| award.id)) {
            desk.write_down(&id, Happening::Merged { other: alias }, now).await?;
            let (certification, person) = (id.clone(), self.keep.id.clone());
            desk.tell(EventKind::AwardMerged { award, other: alias, certification, person });
        }
        if let Some(reason) = joined.suspended {
            desk.suspend(&id, reason, now).await?;
        }
        self.joined.push((theirs, joined));
        Ok(())
    }

    /// What becomes of everything, as the rules see it before anything is signed.
    async fn fates(&mut self) -> Result<Vec<Fate>, Breakdown> {
        let mut fates = Vec::new();
        for (theirs, joined) in &self.joined {
            let id = &theirs.certification;
            let decision = self.desk.decide(id).await?;
            fates.push(Fate {
                certification: id.to_string(),
                award: joined.after.award.as_ref().map(|award| award.id.to_string()),
                moved: joined.is_others,
                alias: joined.alias.map(|award| award.to_string()),
                suspended: joined.suspended,
                results: theirs.results.len() + theirs.moved_out as usize,
                decision: match decision {
                    Decision::Award(_) => "award",
                    Decision::Renew(_) => "renew",
                    Decision::Record => "record",
                    Decision::Withhold(_) => "withhold",
                }
                .to_owned(),
            });
        }
        Ok(fates)
    }

    /// Credentials that named the other person name the one who is kept, and what all results together come to is awarded.
    async fn sign(&mut self) -> Result<(), Breakdown> {
        let style = self.desk.in_force.program.privacy.name;
        let is_renamed = shown_name(&self.keep.name, style) != shown_name(&self.other.name, style);
        for (theirs, joined) in &self.joined {
            let id = &theirs.certification;
            if joined.is_others {
                name::reissue_award(&mut self.desk, id).await?;
            }
            let is_theirs = |award: &Award| theirs.all_awards().any(|known| known.id == award.id);
            for (n, former) in joined.after.former.iter().enumerate().filter(|(_, former)| is_theirs(&former.award)) {
                match former.why {
                    FormerWhy::Undone => name::reissue_former(&mut self.desk, id, n).await?,
                    FormerWhy::Alias if is_renamed => name::take_back_alias(&mut self.desk, id, n).await?,
                    FormerWhy::Alias => {}
                }
            }
        }
        self.desk.reconsider().await
    }

    async fn finish(self) -> Result<(Changes, ReadSet, Person), Breakdown> {
        let (now, person) = (self.desk.now, self.desk.person.clone());
        let (mut changes, reads) = self.desk.finish().await?;
        changes.merged_person(&self.other.id, &self.keep.id, now);
        changes.proof_spent(&self.keep.id);
        changes.proof_spent(&self.other.id);
        Ok((changes, reads, person))
    }
}

/// The person who is kept, found by everything that either was found by.
fn united(keep: &Person, other: &Person) -> Person {
    let mut person = keep.clone();
    for address in &other.emails {
        person.add_address(address);
    }
    let new = |pending: &&crate::store::PendingAddress| {
        !person.has_address(&pending.address) && !keep.pending.iter().any(|known| known.address == pending.address)
    };
    let pending: Vec<_> = other.pending.iter().filter(new).cloned().collect();
    person.pending.extend(pending);
    person.external.extend(other.external.iter().filter(|x| !keep.external.contains(x)).cloned());
    person.language = keep.language.clone().or_else(|| other.language.clone());
    person.managers = Managers {
        firm: keep.managers.firm.clone().or_else(|| other.managers.firm.clone()),
        partner: keep.managers.partner.clone().or_else(|| other.managers.partner.clone()),
    };
    person.merged.push(other.id.clone());
    person.merged.extend(other.merged.iter().cloned());
    person
}

/// Every number leads to the standing of the person who is kept, and the signed bytes go along. Where that person was
/// awarded the same, the numbers of versions are there twice: those that come are kept by the number of their award.
async fn move_awards(
    desk: &mut Desk<'_>,
    mine: &Standing,
    theirs: &Standing,
    after: &Standing,
) -> Result<(), Breakdown> {
    let (app, realm) = (desk.app, desk.realm);
    let pointer = |of: &Standing| AwardPointer { person: of.person.clone(), certification: of.certification.clone() };
    let is_alone = mine.all_awards().next().is_none();
    for award in theirs.all_awards() {
        app.store.award_pointer(realm, award.id, &mut desk.reads).await?;
        desk.changes.award_pointer(award.id, &pointer(after));
        for version in award.versions.iter().map(|version| version.number) {
            if app.store.is_kept_by_number(realm, award.id, version).await? {
                continue;
            }
            let signed = app.store.credential(realm, &pointer(theirs), version).await?;
            let signed = signed.ok_or(Breakdown::Missing("a signed credential"))?;
            desk.changes.credential_moved(theirs, version);
            if is_alone {
                desk.changes.credential(after, version, &signed);
            } else {
                desk.changes.joined_credential(award.id, version, &signed);
            }
        }
    }
    Ok(())
}

fn outgrown(error: EngineError) -> MergeError {
    match error {
        EngineError::TooLarge(_) => MergeError::TooLarge,
        error => error.into(),
    }
}
