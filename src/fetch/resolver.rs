//! Names to addresses, judged before anything is connected to: the connection goes to what was judged, and is not asked again.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::addresses::is_public;

/// Gives only public addresses, or none: a name that has others, too, is not to be trusted with any.
pub(super) struct PublicOnly;

/// Why a name was given no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("not at a public address")]
    NotPublic,
    #[error("no such host")]
    Unresolved,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the client's to set.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Refused::Unresolved)?;
            let addresses = judge(found.collect())?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn judge(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
    if addresses.is_empty() {
        return Err(Refused::Unresolved);
    }
    let public = addresses.iter().all(|address| is_public(address.ip()));
    public.then_some(addresses).ok_or(Refused::NotPublic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_within_spoils_the_name() {
        let judge = |texts: &[&str]| judge(texts.iter().map(|t| SocketAddr::new(t.parse().unwrap(), 0)).collect());
        assert_eq!(judge(&["8.8.8.8", "2606:4700::1111"]).map(|found| found.len()), Ok(2));
        assert_eq!(judge(&["8.8.8.8", "127.0.0.1"]), Err(Refused::NotPublic));
        assert_eq!(judge(&["2606:4700::1111", "fd00::1"]), Err(Refused::NotPublic));
        assert_eq!(judge(&[]), Err(Refused::Unresolved));
    }
}
