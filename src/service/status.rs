//! Status lists: giving away indices, and the signed list credential.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard};

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
    for _ in 0..TRIES {
        if let Some(index) = leased_index(app, realm) {
            return Ok(index);
        }
        lease(app, realm).await?;
    }
    Err(Breakdown::Busy)
}

/// The next one of a block that this process has.
fn leased_index(app: &App, realm: Realm) -> Option<(u32, u32)> {
    let mut leases = leases(app);
    let blocks = leases.get_mut(&realm)?;
    let block = blocks.last_mut()?;
    let index = (block.list, scatter(&block.permutation, block.next, BITS_LOG2));
    block.next += 1;
    if block.next == block.end {
        blocks.pop();
    }
    Some(index)
}

fn leases(app: &App) -> MutexGuard<'_, HashMap<Realm, Vec<Lease>>> {
    app.caches.leases.lock().expect("no panic while indices are counted")
}

/// Takes a block, unless somebody is faster: they may be of this process, and then there is one.
async fn lease(app: &App, realm: Realm) -> Result<(), Breakdown> {
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
        let block = Lease { list: list.number, permutation, next, end: list.leased };
        leases(app).entry(realm).or_default().push(block);
    }
    Ok(())
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
    let lists = || app.caches.lists.lock().expect("no panic while lists are kept");
    if let Some(list) = lists().get(&name.to_string()) {
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
    // Several may have signed it side by side: each signed what is true.
    lists().insert(name.to_string(), list.clone());
    Ok(Some(list))
}
