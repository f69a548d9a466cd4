//! [`Client`]: who is at the other end of a request, as far as the connection and the proxies that are trusted tell.
//!
//! In a process that listens to nobody (the command line over its own store) there is nobody at the other end.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::{Code, Problem};
use super::rates::{Account, Cost, Rates, fields};
use crate::config::{ClientHeader, HttpConfig, Network};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The most entries that are looked at, from the right: nobody has more proxies.
const MOST_ENTRIES: usize = 32;

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Who asks, and what it costs them.
#[derive(Clone, Default)]
pub(super) struct Client(Option<Arc<Known>>);

struct Known {
    /// None: whoever is behind it, it is not one of them alone.
    address: Option<IpAddr>,
    rates: Arc<Rates>,
    charged: Mutex<Vec<Account>>,
}

impl Client {
    /// Whose request has these.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Counts what costs, by address.
    pub(super) fn charge(&self, cost: Cost) -> Result<(), Problem> {
        let Some(known) = &self.0 else { return Ok(()) };
        known.settle(known.address.map(|address| known.rates.charge(cost, address)))
    }

    /// Counts a request of an API key, where a figure is set.
    pub(super) fn charge_key(&self, key: &str) -> Result<(), Problem> {
        let Some(known) = &self.0 else { return Ok(()) };
        known.settle(known.rates.charge_key(key))
    }
}

impl Known {
    fn settle(&self, account: Option<Account>) -> Result<(), Problem> {
        let Some(account) = account else { return Ok(()) };
        self.charged.lock().unwrap_or_else(PoisonError::into_inner).push(account);
        if account.granted {
            return Ok(());
        }
        let words = format!("That was too often; it goes on in {} s.", account.retry_after());
        Err(Problem::new(Code::TooManyRequests, words).retry_after(account.retry_after()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Client::of(&parts.extensions))
    }
}

/// How clients are told apart.
pub(super) struct Reception {
    proxies: Vec<Network>,
    header: ClientHeader,
    rates: Arc<Rates>,
}

impl Reception {
    pub(super) fn new(config: &HttpConfig) -> Self {
        let rates = Arc::new(Rates::new(&governor::clock::MonotonicClock, config.requests_per_key));
        Reception { proxies: config.proxies.clone(), header: config.client_header, rates }
    }

    /// The rightmost address of the way here that is no trusted proxy's.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_trusted = |address: IpAddr| self.proxies.iter().any(|proxy| proxy.holds(address));
        let mut address = peer.to_canonical();
        let way = match self.header {
            ClientHeader::XForwardedFor => entries(headers, &X_FORWARDED_FOR),
            ClientHeader::Forwarded => entries(headers, &header::FORWARDED),
        };
        for entry in way.iter().rev().take(MOST_ENTRIES) {
            if !is_trusted(address) {
                break;
            }
            let read = match self.header {
                ClientHeader::XForwardedFor => read(entry),
                ClientHeader::Forwarded => forwarded_for(entry).and_then(read),
            };
            // What cannot be read was not written by a proxy that is trusted: whoever wrote it is behind the last one.
            let Some(before) = read else { break };
            address = before;
        }
        address
    }
}

fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(',')).map(str::trim).collect()
}

/// The `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| name.eq_ignore_ascii_case("for")).map(|(_, value)| value.trim_matches('"'))
}

/// An address, perhaps with a port.
fn read(entry: &str) -> Option<IpAddr> {
    let address = match entry.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => entry.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(entry, |(address, _)| address),
    };
    address.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Whether many may be behind it that cannot be told apart: this machine, or a proxy of this network that was not declared.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Middleware, around everything that is served: finds out who asks, and tells them what they have left.
pub(super) async fn receive(State(reception): State<Arc<Reception>>, mut request: Request, next: Next) -> Response {
    let Some(Peer(peer)) = request.extensions().get().copied() else { return next.run(request).await };
    let address = Some(reception.address(peer, request.headers())).filter(|address| !is_near(*address));
    let known = Arc::new(Known { address, rates: reception.rates.clone(), charged: Mutex::default() });
    request.extensions_mut().insert(Client(Some(known.clone())));
    let mut response = next.run(request).await;
    let charged = known.charged.lock().unwrap_or_else(PoisonError::into_inner);
    if !charged.is_empty() {
        let (policy, limit) = fields(&charged);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            let value = HeaderValue::from_str(&value).expect("names and numbers of ours are ASCII");
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HttpSettings;

    #[track_caller]
    fn check(settings: &str, peer: &str, way: &[(&str, &str)], expected: &str) {
        let settings: HttpSettings = toml::from_str(settings).unwrap();
        let reception = Reception::new(&HttpConfig::new(settings).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in way {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let found = reception.address(peer.parse().unwrap(), &headers);
        assert_eq!(found.to_string(), expected, "{peer} {way:?}");
    }

    #[test]
    fn the_client_is_the_rightmost_that_is_no_trusted_proxy() {
        let proxies = "trusted_proxies = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32']";
        let xff = |value| ("x-forwarded-for", value);
        check("", "127.0.0.1", &[xff("198.51.100.7")], "127.0.0.1");
        check(proxies, "203.0.113.9", &[xff("198.51.100.7")], "203.0.113.9");
        check(proxies, "127.0.0.1", &[], "127.0.0.1");
        check(proxies, "127.0.0.1", &[xff("198.51.100.7")], "198.51.100.7");
        check(proxies, "::ffff:127.0.0.1", &[xff("198.51.100.7:4711")], "198.51.100.7");
        check(proxies, "127.0.0.1", &[xff("1.2.3.4, 198.51.100.7, 10.1.1.1")], "198.51.100.7");
        check(proxies, "127.0.0.1", &[xff("1.2.3.4"), xff("198.51.100.7"), xff("10.1.1.1")], "198.51.100.7");
        check(proxies, "127.0.0.1", &[xff("10.2.2.2, 10.1.1.1")], "10.2.2.2");
        check(proxies, "127.0.0.1", &[xff("198.51.100.7, nonsense")], "127.0.0.1");
        check(proxies, "127.0.0.1", &[xff("198.51.100.7, , 10.1.1.1")], "10.1.1.1");
        check(proxies, "2001:db8::1", &[xff("2001:470::7")], "2001:470::7");
        check(proxies, "127.0.0.1", &[xff("[2001:470::7]:443")], "2001:470::7");
        check(proxies, "127.0.0.1", &[("forwarded", "for=198.51.100.7")], "127.0.0.1");
        let forwarded = &format!("{proxies}\nclient_header = 'forwarded'");
        check(forwarded, "127.0.0.1", &[xff("1.2.3.4")], "127.0.0.1");
        let value = "for=1.2.3.4, proto=https;For=\"[2001:470::7]:47011\", for=10.1.1.1;by=127.0.0.1";
        check(forwarded, "127.0.0.1", &[("forwarded", value)], "2001:470::7");
        check(forwarded, "127.0.0.1", &[("forwarded", "for=unknown, for=10.1.1.1")], "10.1.1.1");
    }

    #[test]
    fn who_is_near_is_not_told_apart() {
        for near in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["198.51.100.7", "172.32.0.1", "100.128.0.1", "2001:db8::1", "8.8.8.8"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}
