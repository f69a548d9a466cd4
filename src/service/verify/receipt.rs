//! The receipt of a check: signed with the service's own key, so that it can be shown later what was found, and when.

use bytes::Bytes;

use crate::app::App;
use crate::proof::jose;
use crate::service::{Breakdown, issuer};
use crate::store::{ReadSet, sha256_hex};
use crate::verification::{self, Report};

/// The receipt of `report` about `bytes`: a compact JWS. [`super::anything`] reads it back.
pub async fn receipt(app: &App, report: &Report, bytes: &Bytes) -> Result<String, Breakdown> {
    let issuer = issuer(app, &mut ReadSet::new()).await?;
    let all = bytes.clone();
    let digest = app.judges.judge(move || sha256_hex(&all)).await?;
    let kid = format!("{}#{}", issuer.did, issuer.active);
    let (header, claims) = verification::receipt(report, &issuer.did, &kid, &digest);
    let input = jose::signing_input(&header, claims.to_string().as_bytes());
    let signature = app.signer.sign(&issuer.active, &input).await?;
    Ok(jose::compact(&input, &signature))
}
