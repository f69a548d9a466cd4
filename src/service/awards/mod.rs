//! Awards: shown, and changed by the verbs of the field.

mod deed;
mod past;
mod verbs;
mod view;

pub use past::Then;
pub use verbs::{Call, Verb, VerbError, VerbRequest, act};
pub use view::{Addresses, AwardState as ShownState, AwardThen, AwardView, HistoryView};

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Breakdown, program};
use crate::app::{App, InForce};
use crate::id::{AwardId, CredentialVersion, Realm};
use crate::program::Certification;
use crate::rules::{Award, Former, FormerWhy, Happening, HistoryEntry, Standing, VersionEntry, VersionKind};
use crate::store::{AwardPointer, ReadSet, SignedCredential};

/// An award of ours with what is needed to speak of it.
pub struct Known {
    /// The number that was asked for; an alias leads to the current award.
    pub asked: AwardId,
    /// Live or test.
    pub realm: Realm,
    /// Whose, in what.
    pub pointer: AwardPointer,
    /// The whole history.
    pub standing: Standing,
    /// The program in force now.
    pub in_force: Arc<InForce>,
    /// The version of the program that gave the current credential its dates: its window and grace were promised.
    pub basis: Arc<InForce>,
}

impl Known {
    /// The award itself.
    pub fn award(&self) -> &Award {
        self.standing.award_at(self.asked).expect("a pointer leads to a standing with the award")
    }

    /// The award that was asked for, if it was joined with the current one: its copies are still about.
    pub fn alias(&self) -> Option<&Award> {
        let joined = |former: &&Former| former.award.id == self.asked && former.why == FormerWhy::Alias;
        self.standing.former.iter().find(joined).map(|former| &former.award)
    }

    /// Whether it was undone, and the certification may have been earned anew under another number.
    pub fn is_undone(&self) -> bool {
        self.standing.award.as_ref().is_none_or(|current| current.id != self.award().id)
    }

    /// Its certification, unless the program in force has it no more: what new credentials are made of.
    pub fn certification(&self) -> Option<&Certification> {
        self.in_force.program.certification(&self.pointer.certification)
    }

    /// Its certification as the current credential knows it: what its dates mean.
    pub fn dated_by(&self) -> Option<&Certification> {
        self.basis.program.certification(&self.pointer.certification)
    }
}

/// The award with this number; `None` if there is none that the public may know of.
pub async fn find(app: &App, award: AwardId) -> Result<Option<Known>, Breakdown> {
    find_reading(app, award, &mut ReadSet::new()).await
}

/// The same, for a decision: the standing and the program's pointer are noted in `reads`.
pub(super) async fn find_reading(app: &App, award: AwardId, reads: &mut ReadSet) -> Result<Option<Known>, Breakdown> {
    let Some((realm, pointer)) = app.store.find_award(award).await? else {
        return Ok(None);
    };
    let standing = app.store.standing(realm, &pointer.person, &pointer.certification, reads).await?;
    let Some(held) = standing.award_at(award) else {
        return Err(Breakdown::Missing("the award that a number leads to"));
    };
    let basis = program::version(app, held.current().program).await?;
    let in_force = program::in_force(app, reads).await?;
    Ok(Some(Known { asked: award, realm, pointer, standing, in_force, basis }))
}

/// Lets an answer that is given again tell its award as it is now; whether that was not revoked meanwhile.
pub(super) async fn told_again(app: &App, answer: &mut Value) -> Result<bool, Breakdown> {
    let Some(award) = answer["award"]["id"].as_str().and_then(|number| number.parse().ok()) else { return Ok(true) };
    let Some(known) = find(app, award).await? else { return Ok(true) };
    let now = known.now(app).await?;
    let standing = Standing { award: Some(now.award), ..known.standing };
    let view = AwardView::new(app, known.realm, &standing, &now.basis.program, now.at);
    answer["award"] = json!(view);
    Ok(view.state != ShownState::Revoked)
}

/// The bytes of one version of the current award, exactly as signed.
pub async fn signed(app: &App, known: &Known, version: CredentialVersion) -> Result<SignedCredential, Breakdown> {
    signed_of(app, known, known.award().id, version).await
}

/// The bytes of one version of the award with this number, which may be one that was joined with the current one.
pub async fn signed_of(
    app: &App,
    known: &Known,
    award: AwardId,
    version: CredentialVersion,
) -> Result<SignedCredential, Breakdown> {
    let (store, realm) = (&app.store, known.realm);
    let found = if known.standing.former.is_empty() {
        store.credential(realm, &known.pointer, version).await?
    } else {
        store.joined_credential(realm, &known.pointer, award, version).await?
    };
    found.ok_or(Breakdown::Missing("a signed credential"))
}

/// A version by its number, of the award that was asked for: also of one that was joined with the current one. Without a
/// number it is always the newest of the current award.
pub fn served_here(known: &Known, version: Option<CredentialVersion>) -> Option<(AwardId, &VersionEntry)> {
    let award = known.alias().filter(|_| version.is_some()).unwrap_or_else(|| known.award());
    let entry = served(award, version)?;
    let is_taken_back = taken_back_at(award, entry).is_some();
    (!is_taken_back).then_some((award.id, entry))
}

/// When the details of a joined award's copies were corrected, without a new version of it: such a line is not the first
/// that speaks of its version.
pub fn taken_back_at(award: &Award, entry: &VersionEntry) -> Option<DateTime<Utc>> {
    let first = |number| award.history.iter().position(|line| line.what.version() == Some(number));
    let made = first(entry.number)?;
    let without_version = |(n, line): &(usize, &HistoryEntry)| match line.what {
        Happening::Corrected { version } => first(version) != Some(*n),
        _ => false,
    };
    let later = award.history.iter().enumerate().skip(made + 1);
    later.filter(without_version).map(|(_, line)| line.valid_at).min()
}

/// The version to serve: the newest, or an older one that was asked for. What came before a correction is never served again:
/// it may bear a name that is private now.
pub fn served(award: &Award, version: Option<CredentialVersion>) -> Option<&VersionEntry> {
    let Some(version) = version else {
        return Some(award.current());
    };
    let place = award.versions.iter().position(|v| v.number == version)?;
    let corrected = award.versions[place + 1..].iter().any(|v| v.kind == VersionKind::Correction);
    (!corrected).then(|| &award.versions[place])
}
