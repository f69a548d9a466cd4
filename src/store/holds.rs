//! Holds: what is being looked into, and what each of them keeps back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, Page};
use super::read_set::decode;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{AwardId, CertificationId, HoldId, PersonId, Realm, RequirementId};
use crate::rules::RecordedResult;

/// Which results are meant: those that fit everything that is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named as in a reported result")]
pub struct HoldCriteria {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<CertificationId>,
    /// Taken then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Taken before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

impl HoldCriteria {
    /// Whether a result in `certification` is meant.
    pub fn fit(&self, certification: &CertificationId, result: &RecordedResult) -> bool {
        let same = |asked: &Option<String>, have: Option<&str>| asked.is_none() || asked.as_deref() == have;
        same(&self.form, result.form.as_deref())
            && same(&self.site, result.site.as_deref())
            && same(&self.source, Some(&result.source))
            && self.certification.as_ref().is_none_or(|asked| asked == certification)
            && self.from.is_none_or(|from| result.at >= from)
            && self.until.is_none_or(|until| result.at < until)
    }
}

/// How far a hold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HoldState {
    /// Results that were there before are being marked.
    Opening,
    /// All are marked; those that come in are marked on arrival.
    Open,
    /// What it still keeps back is being released.
    Releasing,
    /// It keeps nothing back any more.
    Closed,
}

/// One investigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRecord {
    /// Internal.
    pub id: HoldId,
    /// What is looked into.
    pub criteria: HoldCriteria,
    /// Private words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Name of the API key that opened it.
    pub by: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// How far it is.
    pub state: HoldState,
    /// While it opens: the last person whose results were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PersonId>,
    /// Standings looked at so far.
    #[serde(default)]
    pub seen: u64,
    /// Who released what it kept back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// The holds that are not closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActiveHolds(pub Vec<ActiveHold>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActiveHold {
    /// Which.
    pub id: HoldId,
    /// What it keeps back.
    pub criteria: HoldCriteria,
    /// How far it is: only while it opens or is open does it keep back what comes in.
    pub state: HoldState,
}

/// What a hold keeps back, or kept back, of one standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldRecord {
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
    /// Which results.
    pub results: Vec<HeldResult>,
    /// The award that was suspended by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<AwardId>,
}

/// One result under a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldResult {
    /// The API key's name.
    pub source: String,
    /// The source's own id.
    pub id: String,
    /// Of the certification.
    pub requirement: RequirementId,
    /// What became of it.
    pub verdict: Verdict,
    /// Who decided, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<(String, DateTime<Utc>)>,
    /// Private words of that decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What became of a result under a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = HoldVerdict)]
pub enum Verdict {
    /// Nothing yet.
    Held,
    /// It counts again.
    Released,
    /// It is void.
    Upheld,
}

impl Store {
    /// A hold's document.
    pub async fn hold(
        &self,
        realm: Realm,
        hold: &HoldId,
        reads: &mut ReadSet,
    ) -> Result<Option<HoldRecord>, EngineError> {
        self.read(keys::hold(realm, hold), reads).await
    }

    /// Every hold, the newest first.
    pub async fn holds(&self, realm: Realm, limit: usize) -> Result<Vec<HoldRecord>, EngineError> {
        let rows = self.engine.scan(&keys::holds(realm), Page::last(limit)).await?;
        rows.rows.iter().map(|(key, row)| decode(key, &row.doc)).collect()
    }

    /// The holds that are not closed.
    pub async fn active_holds(&self, realm: Realm, reads: &mut ReadSet) -> Result<ActiveHolds, EngineError> {
        Ok(self.read(keys::active_holds(realm), reads).await?.unwrap_or_default())
    }

    /// What a hold keeps back of one standing.
    pub async fn held(
        &self,
        realm: Realm,
        hold: &HoldId,
        (person, certification): (&PersonId, &CertificationId),
        reads: &mut ReadSet,
    ) -> Result<Option<HeldRecord>, EngineError> {
        self.read(keys::held(realm, hold, person, certification), reads).await
    }

    /// Some of what a hold keeps back, person by person.
    pub async fn held_after(
        &self,
        realm: Realm,
        hold: &HoldId,
        after: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<HeldRecord>, Option<Key>), EngineError> {
        let rows = self.engine.scan(&keys::held_by(realm, hold), Page { after, ..Page::first(limit) }).await?;
        let held = rows.rows.iter().map(|(key, row)| decode(key, &row.doc));
        Ok((held.collect::<Result<_, _>>()?, rows.next))
    }

    /// What a hold keeps back of one person.
    pub async fn held_of(
        &self,
        realm: Realm,
        hold: &HoldId,
        person: &PersonId,
    ) -> Result<Vec<HeldRecord>, EngineError> {
        let rows = self.engine.scan(&keys::held_of(realm, hold, person), Page::first(1_000)).await?;
        rows.rows.iter().map(|(key, row)| decode(key, &row.doc)).collect()
    }
}

impl Changes {
    /// Writes a hold's document, which must have been read unless it is new.
    pub fn hold(&mut self, hold: &HoldRecord) {
        self.put(keys::hold(self.realm, &hold.id), hold);
    }

    /// Names the holds that are not closed; they must have been read.
    pub fn active_holds(&mut self, active: &ActiveHolds) {
        self.put(keys::active_holds(self.realm), active);
    }

    /// Writes what a hold keeps back of one standing, which must have been read.
    pub fn held(&mut self, hold: &HoldId, held: &HeldRecord) {
        self.put(keys::held(self.realm, hold, &held.person, &held.certification), held);
    }
}
