//! Status lists: giving away indices, and the signed list credential.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Breakdown, TRIES, issuer, moment, program};
use crate::app::{App, Lease, SignedList};
use crate::id::{ListName, Realm};
use crate::issuance::{ListClaim, Signer, prepare_status_list};
use crate::status_list::{Bitstring, scatter};
use crate::store::{Changes, Commit, ReadSet, StatusList};

/// log2 of a list's length: 131,072 bits, the least the standard allows.
const BITS_LOG2: u32 = 17;
/// A new list is begun when this much of one is given away: 75 %.
const FULL: u32 = (1 << BITS_LOG2) / 4 * 3;
/// How many indices a node takes at a time; what it does not use is lost when it stops.
const BLOCK: u32 = 1_024;
/// A list is signed anew at least this often.
const RESIGN_AFTER: TimeDelta = TimeDelta::hours(6);

/// An index nobody had before and nobody can guess the order of.
pub async fn next_index(app: &App, realm: Realm) -> Result<(u32, u32), Breakdown> {
    let mut leases = app.caches.leases.lock().await;
    let spent = leases.get(&realm).is_none_or(|lease| lease.next == lease.end);
    if spent {
        leases.insert(realm, lease(app, realm).await?);
    }
    let lease = leases.get_mut(&realm).expect("a lease was just taken");
    let index = scatter(&lease.permutation, lease.next, BITS_LOG2);
    lease.next += 1;
    Ok((lease.list, index))
}

async fn lease(app: &App, realm: Realm) -> Result<Lease, Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let current = app.store.current_list(realm, &mut reads).await?;
        let known = match current {
            Some(number) => app.store.status_list(realm, number, &mut reads).await?,
            None => None,
        };
        let mut list = match known {
            Some(list) if list.leased + BLOCK <= FULL => list,
            _ => new_list(app, realm, current.unwrap_or(0) + 1, &mut reads).await?,
        };
        let next = list.leased;
        list.leased += BLOCK;
        let permutation = u128::from_str_radix(&list.permutation, 16)
            .map_err(|_| Breakdown::Missing("the key of a status list"))?
            .to_be_bytes();
        let mut changes = Changes::new(realm);
        changes.status_list(&list);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(Lease { list: list.number, permutation, next, end: list.leased });
        }
    }
    Err(Breakdown::Busy)
}

async fn new_list(app: &App, realm: Realm, number: u32, reads: &mut ReadSet) -> Result<StatusList, Breakdown> {
    app.store.status_list(realm, number, reads).await?;
    let mut key = [0u8; 16];
    app.ids.fill(&mut key);
    Ok(StatusList { number, permutation: format!("{:032x}", u128::from_be_bytes(key)), leased: 0 })
}

/// The signed list credential, signed anew when a bit changed, when it is six hours old, or when another key signs.
/// `None`: there is no such list.
pub async fn list_credential(app: &App, name: ListName) -> Result<Option<SignedList>, Breakdown> {
    let mut reads = ReadSet::new();
    if app.store.status_list(name.realm, name.number, &mut reads).await?.is_none() {
        return Ok(None);
    }
    let now = moment(app);
    let issuer = issuer(app, &mut reads).await?;
    let mark = app.store.status_mark(name.realm, name.number).await?.0;
    let mut lists = app.caches.lists.lock().await;
    if let Some(list) = lists.get(&name.to_string()) {
        let age = now - list.signed_at;
        if list.mark == mark && list.key == issuer.active && age >= TimeDelta::zero() && age < RESIGN_AFTER {
            return Ok(Some(list.clone()));
        }
    }
    // The mark was read before the bits: a bit set in between shows as another mark at the next request.
    let mut bits = Bitstring::new(1 << BITS_LOG2);
    for index in app.store.status_bits(name.realm, name.number).await? {
        bits.set(index as usize).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    }
    let in_force = program::in_force(app, &mut reads).await?;
    let signer = Signer { did: &issuer.did, key: &issuer.active, issuer: &in_force.program.issuer };
    let claim = ListClaim { urls: &app.urls, signer, list: name, bits: &bits, signed_at: now };
    let draft = prepare_status_list(&claim).map_err(|lints| Breakdown::Unsound(lints.to_string()))?;
    let signature = app.signer.sign(&issuer.active, draft.bytes_to_sign()).await?;
    let text: Arc<str> = draft.attach(&signature).into_text().into();
    let list = SignedList { text, mark, signed_at: now, key: issuer.active };
    lists.insert(name.to_string(), list.clone());
    Ok(Some(list))
}
