//! Addresses that may be asked at all, before any name is looked up.

use reqwest::Url;

use super::FetchError;
use super::addresses::is_public;
use crate::config::Authority;

/// Longer ones are refused.
const MOST_BYTES: usize = 2_048;

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) url: Url,
    /// Host, and port unless it is that of https: as a report names it.
    pub(super) host: String,
    /// The operator named this place, so that neither https nor a public address is asked of it.
    pub(super) exempt: bool,
}

impl Target {
    pub(super) fn new(address: &str, allowed: &[Authority]) -> Result<Self, FetchError> {
        let unusable = || FetchError::Address(address.chars().take(200).collect());
        // The parser of addresses drops white space and control characters: then another address would be asked than is shown.
        if address.len() > MOST_BYTES || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(unusable());
        }
        Target::of(Url::parse(address).map_err(|_| unusable())?, allowed)
    }

    /// Where its host sends on to: judged anew. A stranger does not lead us into the operator's own network.
    pub(super) fn sent_on(&self, location: &str, allowed: &[Authority]) -> Result<Self, FetchError> {
        let sound = !location.is_empty() && !location.chars().any(char::is_control);
        let next = sound.then(|| self.url.join(location).ok()).flatten();
        let next = next.ok_or_else(|| FetchError::Location { host: self.host.clone() })?;
        let next = Target::of(next, allowed)?;
        if next.exempt && !self.exempt { Err(FetchError::NotPublic { host: next.host }) } else { Ok(next) }
    }

    fn of(mut url: Url, allowed: &[Authority]) -> Result<Self, FetchError> {
        let unusable = || FetchError::Address(url.as_str().chars().take(200).collect());
        let known = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(unusable()) };
        // A dot at the end only says that the name is whole.
        let host = host.strip_suffix('.').unwrap_or(host).to_owned();
        if !known || url.as_str().len() > MOST_BYTES || host.split('.').any(str::is_empty) {
            return Err(unusable());
        }
        if url.host_str() != Some(&host) {
            url.set_host(Some(&host)).map_err(|_| FetchError::Address(host.clone()))?;
        }
        let exempt = allowed.iter().any(|place| place.host == host && place.port == port);
        if !exempt {
            match (url.scheme(), port) {
                _ if is_within(&host) => return Err(FetchError::NotPublic { host }),
                ("https", 443) => {}
                ("https", port) => return Err(FetchError::Port { host, port }),
                _ => return Err(FetchError::Scheme { host }),
            }
        }
        let host = if port == 443 { host } else { format!("{host}:{port}") };
        url.set_fragment(None);
        Ok(Target { url, host, exempt })
    }
}

/// Names that no public server has (RFC 6761, RFC 6762, RFC 8375, and ICANN for the last): whatever they lead to is near us.
const NEAR: [&str; 4] = ["localhost", "local", "home.arpa", "internal"];

/// Whether this host is of this machine or its network, as far as can be told without looking it up. `host` is as [`Url`]
/// writes it: lower case, and a number in any of its forms as four decimals.
fn is_within(host: &str) -> bool {
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return !is_public(address);
    }
    let near = |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !host.contains('.') || NEAR.into_iter().any(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> Result<Target, FetchError> {
        let place = |text: &str| text.parse().unwrap();
        Target::new(address, &[place("127.0.0.1:9999"), place("intranet.example:8080"), place("[::1]:9999")])
    }

    #[test]
    fn a_stranger_leads_to_strangers_only() {
        let allowed = ["127.0.0.1:9999".parse().unwrap(), "intranet.example:443".parse().unwrap()];
        let sent_on = |from: &str, to: &str| {
            let next = Target::new(from, &allowed).unwrap().sent_on(to, &allowed);
            next.map(|next| next.url.to_string()).map_err(|error| error.to_string())
        };
        let stranger = "https://badges.example/a/b";
        for (from, to, expected) in [
            (stranger, "/key", Ok("https://badges.example/key")),
            (stranger, "key?x=1", Ok("https://badges.example/a/key?x=1")),
            (stranger, "//other.example/", Ok("https://other.example/")),
            (stranger, "http://127.0.0.1:9999/", Err("127.0.0.1:9999 is not at a public address")),
            (stranger, "https://intranet.example/", Err("intranet.example is not at a public address")),
            (stranger, "http://badges.example/", Err("badges.example must be asked over https")),
            (stranger, "https://10.0.0.1/", Err("10.0.0.1 is not at a public address")),
            (stranger, "", Err("badges.example sent the request on to no usable address")),
            (stranger, "/a\r\nb", Err("badges.example sent the request on to no usable address")),
            (stranger, "https://", Err("badges.example sent the request on to no usable address")),
            ("http://127.0.0.1:9999/", "https://intranet.example/", Ok("https://intranet.example/")),
            ("http://127.0.0.1:9999/", stranger, Ok(stranger)),
        ] {
            assert_eq!(sent_on(from, to), expected.map(str::to_owned).map_err(str::to_owned), "{from} -> {to}");
        }
    }

    #[test]
    fn https_at_its_port_and_what_was_allowed() {
        for (address, host, exempt) in [
            ("https://badges.example/key?x=1#y", "badges.example", false),
            ("HTTPS://BADGES.example:443/", "badges.example", false),
            ("https://badges.example./", "badges.example", false),
            ("https://notlocal.example/", "notlocal.example", false),
            ("https://local.example/", "local.example", false),
            ("https://mylocal.example.internals/", "mylocal.example.internals", false),
            ("https://8.8.8.8/", "8.8.8.8", false),
            ("https://8.8.8.8./", "8.8.8.8", false),
            ("https://0x08080808/", "8.8.8.8", false),
            ("https://[::ffff:8.8.8.8]/", "[::ffff:808:808]", false),
            ("https://[2606:4700::1111]/", "[2606:4700::1111]", false),
            ("http://127.0.0.1:9999/", "127.0.0.1:9999", true),
            ("http://0x7f.1:9999/", "127.0.0.1:9999", true),
            ("http://[::1]:9999/", "[::1]:9999", true),
            ("https://intranet.example:8080/", "intranet.example:8080", true),
            ("https://intranet.example.:8080/", "intranet.example:8080", true),
        ] {
            let target = target(address).unwrap();
            assert_eq!((target.host.as_str(), target.exempt, target.url.fragment()), (host, exempt, None), "{address}");
        }
    }

    #[test]
    fn everything_else_is_refused_and_told() {
        let long = format!("https://badges.example/{}", "x".repeat(MOST_BYTES));
        for (address, words) in [
            ("http://badges.example/", "badges.example must be asked over https"),
            ("https://badges.example:8443/", "badges.example must be asked at port 443, not 8443"),
            ("https://intranet.example:8081/", "intranet.example must be asked at port 443, not 8081"),
            ("http://intranet.example/", "intranet.example must be asked over https"),
            ("http://127.0.0.1/", "127.0.0.1 is not at a public address"),
            ("https://127.0.0.1/", "127.0.0.1 is not at a public address"),
            ("https://127.0.0.1:9998/", "127.0.0.1 is not at a public address"),
            ("https://2130706433/", "127.0.0.1 is not at a public address"),
            ("https://0x7f000001/", "127.0.0.1 is not at a public address"),
            ("https://0177.0.0.1/", "127.0.0.1 is not at a public address"),
            ("https://127.1/", "127.0.0.1 is not at a public address"),
            ("https://①②⑦.0.0.1/", "127.0.0.1 is not at a public address"),
            ("https://127.0.0.1./", "127.0.0.1 is not at a public address"),
            ("https://0x7f.0.0x1/", "127.0.0.1 is not at a public address"),
            ("https://017700000001/", "127.0.0.1 is not at a public address"),
            ("https://%31%32%37.0.0.1/", "127.0.0.1 is not at a public address"),
            ("https://0/", "0.0.0.0 is not at a public address"),
            ("https://256.0.0.1/", "is no address of the web"),
            ("https://4294967296/", "is no address of the web"),
            ("https://127.0.0.1../", "is no address of the web"),
            ("https://localhost/", "localhost is not at a public address"),
            ("https://LOCALHOST./", "localhost is not at a public address"),
            ("https://badges.localhost/", "badges.localhost is not at a public address"),
            ("https://printer.local/", "printer.local is not at a public address"),
            ("https://metadata.google.internal/", "metadata.google.internal is not at a public address"),
            ("https://router.home.arpa./", "router.home.arpa is not at a public address"),
            ("https://intranet/", "intranet is not at a public address"),
            ("https://badges..example/", "is no address of the web"),
            ("https://badges.example../", "is no address of the web"),
            ("https://./", "is no address of the web"),
            ("https://169.254.169.254/latest/meta-data", "169.254.169.254 is not at a public address"),
            ("https://[::1]/", "[::1] is not at a public address"),
            ("https://[::]/", "[::] is not at a public address"),
            ("https://[0:0:0:0:0:0:0:1]/", "[::1] is not at a public address"),
            ("https://[::ffff:127.0.0.1]/", "[::ffff:7f00:1] is not at a public address"),
            ("https://[::ffff:0a00:0001]/", "[::ffff:a00:1] is not at a public address"),
            ("https://[fe80::1%25eth0]/", "is no address of the web"),
            ("https://[fe80::1%eth0]/", "is no address of the web"),
            ("https://[64:ff9b::10.0.0.1]/", "[64:ff9b::a00:1] is not at a public address"),
            ("ftp://badges.example/", "\"ftp://badges.example/\" is no address of the web"),
            ("file:///etc/passwd", "\"file:///etc/passwd\" is no address of the web"),
            ("https://ana@badges.example/", "\"https://ana@badges.example/\" is no address of the web"),
            ("https://:secret@badges.example/", "is no address of the web"),
            ("https://badges.example@127.0.0.1/", "is no address of the web"),
            ("https://", "\"https://\" is no address of the web"),
            ("badges.example", "\"badges.example\" is no address of the web"),
            (&long, "is no address of the web"),
        ] {
            let told = target(address).unwrap_err().to_string();
            assert!(told.contains(words), "{address}: {told}");
        }
    }
}
