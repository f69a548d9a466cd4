//! Recertifications: what holders were told to complete, whom it was asked of, and how far the asking has come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::read_set::decode;
use super::standings::AwardPointer;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{AwardId, CertificationId, PersonId, Realm, RequirementId};
use crate::rules::Standing;

/// A delta that holders must complete by a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recertification {
    /// Unique; of `[[recertify]]`, its id there.
    pub id: String,
    /// Whose holders.
    pub certifications: Vec<CertificationId>,
    /// What they must complete.
    pub requirement: RequirementId,
    /// Whoever holds the award, or begins a term of it from then until `due`, is asked.
    pub announced_at: DateTime<Utc>,
    /// Results from then on count: the start of the local day of the announcement.
    pub opens: DateTime<Utc>,
    /// The last second to complete it; for who is asked late, see [`due_for`](crate::service::recertification::due_for).
    pub due: DateTime<Utc>,
    /// Only awards earned before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_before: Option<DateTime<Utc>>,
    /// Only awards whose dates were given by this version of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_version: Option<u32>,
    /// Only holders who work in one of these; none: everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub region: Vec<String>,
    /// Version of the program in force when it was asked for.
    pub program: u32,
    /// Name of the caller who ordered it; none: the program file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Name of the caller who confirmed or rejected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// How far it is.
    pub stage: Stage,
    /// The last standing that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<(PersonId, CertificationId)>,
    /// Of how many awards it was asked so far.
    #[serde(default)]
    pub placed: u32,
}

/// A recertification that is asked of whoever begins a term before its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRecertification {
    /// Which.
    pub id: String,
    /// Whose holders.
    pub certifications: Vec<CertificationId>,
    /// The last second to complete it.
    pub due: DateTime<Utc>,
}

/// How far a recertification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Waits for another caller.
    Proposed,
    /// Holders are being asked.
    Placing,
    /// Every holder it concerns has been asked.
    Placed,
    /// Another caller refused it.
    Rejected,
}

impl Store {
    /// The recertification with this id.
    pub async fn recertification(
        &self,
        realm: Realm,
        id: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<Recertification>, EngineError> {
        self.read(keys::recertification(realm, id), reads).await
    }

    /// Recertifications by id, at most `limit` of those after `after`.
    pub async fn recertifications(
        &self,
        realm: Realm,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Recertification>, EngineError> {
        let page = Page { after: after.map(|id| keys::recertification(realm, id)), ..Page::first(limit) };
        let rows = self.engine.scan(&keys::recertifications(realm), page).await?;
        rows.rows.iter().map(|(key, row)| decode(key, &row.doc)).collect()
    }

    /// Those that are open: one document, so that whoever signs a term meanwhile conflicts with who begins to ask.
    pub async fn open_recertifications(
        &self,
        realm: Realm,
        reads: &mut ReadSet,
    ) -> Result<Vec<OpenRecertification>, EngineError> {
        Ok(self.read(keys::open_recertifications(realm), reads).await?.unwrap_or_default())
    }

    /// Awards of whose holders it was asked, by number: at most `limit` of those after `after`, and their standings now.
    pub async fn asked(
        &self,
        realm: Realm,
        id: &str,
        after: Option<AwardId>,
        limit: usize,
    ) -> Result<Vec<(AwardId, Option<Standing>)>, EngineError> {
        let page =
            Page { after: after.map(|award| keys::recertification_award(realm, id, award)), ..Page::first(limit) };
        let rows = self.engine.scan(&keys::recertification_awards(realm, id), page).await?.rows;
        let asked: Vec<(AwardId, AwardPointer)> =
            rows.iter().map(|(key, row)| decode(key, &row.doc)).collect::<Result<_, _>>()?;
        let wanted = asked.iter().map(|(_, p)| keys::standing(realm, &p.person, &p.certification)).collect();
        let standings: Vec<Option<Standing>> = self.read_all_whole(wanted, &mut ReadSet::new()).await?;
        Ok(asked.into_iter().map(|(award, _)| award).zip(standings).collect())
    }
}

impl Changes {
    /// Writes a recertification.
    pub fn recertification(&mut self, recertification: &Recertification) {
        self.put(keys::recertification(self.realm, &recertification.id), recertification);
    }

    /// Writes which are open.
    pub fn open_recertifications(&mut self, open: &[OpenRecertification]) {
        self.put(keys::open_recertifications(self.realm), &open);
    }

    /// Writes down that it was asked of the holder of an award.
    pub fn asked(&mut self, id: &str, award: AwardId, of: &Standing) {
        let pointer = AwardPointer { person: of.person.clone(), certification: of.certification.clone() };
        self.put(keys::recertification_award(self.realm, id, award), &(award, pointer));
    }
}
