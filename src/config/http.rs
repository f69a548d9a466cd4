//! `[http]`: what a stranger may take of the service, and whose word is taken on who the stranger is.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// The part `[http]` of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// Addresses and networks (`127.0.0.1`, `10.0.0.0/8`) of the proxies before this service: they are believed who a request
    /// comes from. Nobody is unless told.
    pub trusted_proxies: Option<Vec<String>>,
    /// The header in which they say it: `x-forwarded-for` unless told, or `forwarded` (RFC 7239).
    pub client_header: Option<String>,
    /// How many connections there may be; beyond, whoever has been idle longest goes first. 4,096 unless told.
    pub connections: Option<usize>,
    /// Seconds in which the head of a request must come; 10 unless told.
    pub head_seconds: Option<u64>,
    /// Seconds after which a body that does not go on, or an answer that is not taken, is given up; 30 unless told.
    pub stall_seconds: Option<u64>,
    /// Seconds for which a connection is kept without a request; 75 unless told.
    pub idle_seconds: Option<u64>,
    /// Requests a minute that one API key may make; as many as it likes unless told.
    pub requests_per_key: Option<u32>,
}

impl HttpSettings {
    /// These settings, with `stronger` over them.
    #[must_use]
    pub fn under(self, stronger: HttpSettings) -> HttpSettings {
        HttpSettings {
            trusted_proxies: stronger.trusted_proxies.or(self.trusted_proxies),
            client_header: stronger.client_header.or(self.client_header),
            connections: stronger.connections.or(self.connections),
            head_seconds: stronger.head_seconds.or(self.head_seconds),
            stall_seconds: stronger.stall_seconds.or(self.stall_seconds),
            idle_seconds: stronger.idle_seconds.or(self.idle_seconds),
            requests_per_key: stronger.requests_per_key.or(self.requests_per_key),
        }
    }
}

/// The same, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// Who is believed.
    pub proxies: Vec<Network>,
    /// Where they say it.
    pub client_header: ClientHeader,
    /// How many connections there may be.
    pub connections: usize,
    /// For the head of a request, from its first byte on.
    pub head: Duration,
    /// For a body that does not go on, or an answer that is not taken.
    pub stall: Duration,
    /// For the next request.
    pub idle: Duration,
    /// Requests a minute of one API key.
    pub requests_per_key: Option<NonZeroU32>,
}

impl HttpConfig {
    /// Checks the settings and fills in the defaults.
    pub fn new(settings: HttpSettings) -> Result<Self, ConfigError> {
        let proxies = settings.trusted_proxies.unwrap_or_default();
        let client_header = match settings.client_header.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("x-forwarded-for") => ClientHeader::XForwardedFor,
            Some("forwarded") => ClientHeader::Forwarded,
            Some(other) => return Err(ConfigError::ClientHeader(other.to_owned())),
        };
        let number = |name, given: Option<u64>, or: u64, most: u64| match given.unwrap_or(or) {
            number if (1..=most).contains(&number) => Ok(number),
            number => Err(ConfigError::HttpNumber { name, number, most }),
        };
        let seconds = |name, given, or| number(name, given, or, 3_600).map(Duration::from_secs);
        let connections = number("connections", settings.connections.map(|n| n as u64), 4_096, 1_000_000)?;
        let per_key = settings.requests_per_key.map(u64::from);
        let per_key = per_key.map(|n| number("requests_per_key", Some(n), 1, 1_000_000_000)).transpose()?;
        Ok(HttpConfig {
            proxies: proxies.iter().map(|proxy| proxy.parse()).collect::<Result<_, _>>()?,
            client_header,
            connections: usize::try_from(connections).unwrap_or(usize::MAX),
            head: seconds("head_seconds", settings.head_seconds, 10)?,
            stall: seconds("stall_seconds", settings.stall_seconds, 30)?,
            idle: seconds("idle_seconds", settings.idle_seconds, 75)?,
            requests_per_key: per_key.and_then(|n| NonZeroU32::new(u32::try_from(n).ok()?)),
        })
    }
}

/// How proxies say who a request comes from. One way only: what a proxy does not write itself, its client may have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded`, RFC 7239.
    Forwarded,
}

/// A network of the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

impl Network {
    /// That of the first bits of an address: as many as `v4` or `v6` says.
    pub fn around(address: IpAddr, v4: u8, v6: u8) -> Self {
        let address = address.to_canonical();
        let length = if address.is_ipv4() { v4 } else { v6 };
        Network { address: masked(address, length), length }
    }

    /// Whether the address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.length) == self.address
    }
}

impl FromStr for Network {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let unusable = || ConfigError::Proxy(text.to_owned());
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.trim().parse().map_err(|_| unusable())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(longest), str::parse).map_err(|_| unusable())?;
        if length > longest {
            return Err(unusable());
        }
        Ok(Network { address: masked(address, length), length })
    }
}

fn masked(address: IpAddr, length: u8) -> IpAddr {
    let length = u32::from(length);
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(128 - length.min(128)).unwrap_or(0)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(network: &str, address: &str, expected: bool) {
        let network: Network = network.parse().unwrap();
        assert_eq!(network.holds(address.parse().unwrap()), expected, "{network:?} {address}");
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        holds("127.0.0.1", "127.0.0.1", true);
        holds("127.0.0.1", "127.0.0.2", false);
        holds("127.0.0.1", "::ffff:127.0.0.1", true);
        holds("10.1.2.3/8", "10.255.0.1", true);
        holds("10.0.0.0/8", "11.0.0.1", false);
        holds("0.0.0.0/0", "203.0.113.7", true);
        holds("0.0.0.0/0", "::1", false);
        holds("2001:db8::/32", "2001:db8:1::7", true);
        holds("2001:db8::/32", "2001:db9::7", false);
        holds("::/0", "2001:db9::7", true);
        for text in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0/8", "[::1]"] {
            assert_eq!(text.parse::<Network>(), Err(ConfigError::Proxy(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let around = |text: &str| Network::around(text.parse().unwrap(), 24, 56);
        assert_eq!(around("198.51.100.7"), around("198.51.100.250"));
        assert_eq!(around("198.51.100.7"), around("::ffff:198.51.100.9"));
        assert_ne!(around("198.51.100.7"), around("198.51.101.7"));
        assert_eq!(around("2001:db8:0:12::1"), around("2001:db8:0:34::1"));
        assert_ne!(around("2001:db8:0:112::1"), around("2001:db8:0:212::1"));
    }

    #[test]
    fn what_cannot_be_is_refused_and_silence_is_sound() {
        let read = |text: &str| HttpConfig::new(toml::from_str(text).unwrap());
        let silent = read("").unwrap();
        assert_eq!((silent.connections, silent.idle, silent.requests_per_key), (4_096, Duration::from_secs(75), None));
        assert!(silent.proxies.is_empty());
        let said = "trusted_proxies = ['127.0.0.1', '10.0.0.0/8']\nclient_header = 'Forwarded'\nrequests_per_key = 600";
        let said = read(said).unwrap();
        assert_eq!((said.proxies.len(), said.client_header), (2, ClientHeader::Forwarded));
        assert_eq!(said.requests_per_key.map(NonZeroU32::get), Some(600));
        for text in [
            "connections = 0",
            "head_seconds = 0",
            "idle_seconds = 4000",
            "requests_per_key = 0",
            "client_header = 'x-real-ip'",
            "trusted_proxies = ['proxy.example']",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(toml::from_str::<HttpSettings>("timeout = 3").is_err());
    }
}
