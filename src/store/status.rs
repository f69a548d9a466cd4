//! Status lists: leases of indices, and the bits that are set.

use serde::{Deserialize, Serialize};

use super::engine::{Direction, EngineError, Key, Page, Version};
use super::{Changes, ReadSet, Store, keys};
use crate::id::Realm;

/// One list's counter and the key of its permutation. Only leasing writes it, never an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusList {
    /// Counted from 1.
    pub number: u32,
    /// Hex; turns counter values into indices that say nothing about order.
    pub permutation: String,
    /// Counter values below this are given away.
    pub leased: u32,
}

impl Store {
    /// The list with this number.
    pub async fn status_list(
        &self,
        realm: Realm,
        number: u32,
        reads: &mut ReadSet,
    ) -> Result<Option<StatusList>, EngineError> {
        self.read(keys::list(realm, number), reads).await
    }

    /// The number of the list whose indices are being given away; `None` before the first.
    pub async fn current_list(&self, realm: Realm, reads: &mut ReadSet) -> Result<Option<u32>, EngineError> {
        self.read(keys::current_list(realm), reads).await
    }

    /// Changes whenever a bit of the list is set; 0 while none is.
    pub async fn status_mark(&self, realm: Realm, number: u32) -> Result<Version, EngineError> {
        let found = self.engine.get(&[keys::list_mark(realm, number)]).await?.pop().flatten();
        Ok(found.map_or(Version(0), |f| f.version))
    }

    /// Every index whose bit is set.
    pub async fn status_bits(&self, realm: Realm, number: u32) -> Result<Vec<u32>, EngineError> {
        let range = keys::bits(realm, number);
        let (mut indices, mut after): (Vec<u32>, Option<Key>) = (Vec::new(), None);
        loop {
            let page = Page { after, limit: 10_000, direction: Direction::Forward };
            let rows = self.engine.scan(&range, page).await?;
            for (key, row) in &rows.rows {
                indices.push(super::read_set::decode(key, &row.doc)?);
            }
            match rows.next {
                Some(next) => after = Some(next),
                None => return Ok(indices),
            }
        }
    }

    /// Whether one bit is set.
    pub async fn status_bit(&self, realm: Realm, number: u32, index: u32) -> Result<bool, EngineError> {
        Ok(self.peek::<u32>(keys::bit(realm, number, index)).await?.is_some())
    }
}

impl Changes {
    /// Writes a list's counter; from this list indices are given away.
    pub fn status_list(&mut self, list: &StatusList) {
        self.put(keys::current_list(self.realm), &list.number);
        self.put(keys::list(self.realm, list.number), list);
    }

    /// Sets a bit, for good: a revocation bit is never cleared.
    pub fn set_bit(&mut self, number: u32, index: u32) {
        self.put(keys::bit(self.realm, number, index), &index);
        let mark = keys::list_mark(self.realm, number);
        if !self.batch.put.iter().any(|(k, _)| *k == mark) {
            self.put(mark, &index);
        }
    }
}
