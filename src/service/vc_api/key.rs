//! The key of the VC API: made when it is first switched on, and never one of the issuer's.

use crate::app::{App, VcApi};
use crate::config::VcApiConfig;
use crate::id::Realm;
use crate::proof::{PublicKey, did};
use crate::service::{Breakdown, TRIES, issuer, moment};
use crate::store::{Changes, Commit, ReadSet, VcApiRecord};

/// The key that signs test credentials: the one there is, or a new one. A key whose private part is lost is replaced,
/// since nobody relies on what it signed.
pub async fn switch_on(app: &App, config: VcApiConfig) -> Result<VcApi, Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let kept = app.store.vc_api(&mut reads).await?.map(|record| record.key);
        if let Some(key) = kept.filter(|key| app.signer.holds(key)) {
            return on(app, key, config).await;
        }
        let key = app.signer.generate(app.ids.as_ref())?.multibase();
        let on = on(app, key, config).await?;
        let mut changes = Changes::new(Realm::Live);
        changes.vc_api(&VcApiRecord { key: on.key.clone(), created_at: moment(app) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(on);
        }
    }
    Err(Breakdown::Busy)
}

/// Everybody can have anything signed with this key: one that vouches for badges must never get here.
async fn on(app: &App, key: String, config: VcApiConfig) -> Result<VcApi, Breakdown> {
    let mut reads = ReadSet::new();
    let active = issuer(app, &mut reads).await?.active;
    if key == active || app.store.signing_key(&key, &mut reads).await?.is_some() {
        return Err(Breakdown::Unsound("the VC API would sign with a key of the issuer".to_owned()));
    }
    let public = PublicKey::from_multibase(&key).map_err(|e| Breakdown::Unsound(e.to_string()))?;
    Ok(VcApi { did: did::did_key(&public), key, refuse_invalid: config.refuse_invalid })
}
