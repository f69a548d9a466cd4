//! One form of an issuer's id, so that two writings of the same one are equal.

use super::did::is_dns_name;

/// Longer ids are nobody's.
pub const MOST_BYTES: usize = 500;

/// The one form of an issuer's id: a DID, or an https address. `None` for everything else.
///
/// Only what cannot tell two issuers apart is changed: the case of scheme and host, port 443, an empty path. The rest, a
/// slash at the end of a path among it, is as it was written.
pub fn normalized(id: &str) -> Option<String> {
    let visible =
        |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
    if id.len() > MOST_BYTES || !id.bytes().all(visible) {
        return None;
    }
    match id.split_once(':')? {
        (scheme, rest) if scheme.eq_ignore_ascii_case("did") => did(rest),
        (scheme, rest) if scheme.eq_ignore_ascii_case("https") => address(rest.strip_prefix("//")?),
        _ => None,
    }
}

/// DID Core section 3.1; of a did:web the host is of no case.
fn did(rest: &str) -> Option<String> {
    let (method, id) = rest.split_once(':')?;
    let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'%');
    if method.is_empty() || !method.bytes().all(name) || id.ends_with(':') || id.is_empty() || !id.bytes().all(letter) {
        return None;
    }
    if method != "web" {
        return Some(format!("did:{method}:{id}"));
    }
    let (authority, path) = id.split_at(id.find(':').unwrap_or(id.len()));
    let authority = authority.to_ascii_lowercase();
    let (host, port) = authority.split_once("%3a").map_or((authority.as_str(), ""), |(host, port)| (host, port));
    let host = is_dns_name(host).then_some(host)?;
    match port {
        "" if authority.len() > host.len() => None,
        "" | "443" => Some(format!("did:web:{host}{path}")),
        port => port.parse::<u16>().ok().map(|port| format!("did:web:{host}%3A{port}{path}")),
    }
}

fn address(rest: &str) -> Option<String> {
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let authority = authority.to_ascii_lowercase();
    let (host, port) = authority.split_once(':').map_or((authority.as_str(), None), |(host, port)| (host, Some(port)));
    let port = port.map(str::parse::<u16>).transpose().ok()?;
    let host = is_dns_name(host).then_some(host)?;
    let port = port.filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    let path = if path == "/" { "" } else { path };
    Some(format!("https://{host}{port}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cases: &[(&str, Option<&str>)]) {
        for (id, expected) in cases {
            assert_eq!(normalized(id).as_deref(), *expected, "{id}");
            if let Some(one) = expected {
                assert_eq!(normalized(one).as_deref(), Some(*one), "the one form is its own");
            }
        }
    }

    #[test]
    fn a_did_has_one_form() {
        let key = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
        check(&[
            (key, Some(key)),
            ("did:web:Badges.Example", Some("did:web:badges.example")),
            ("DID:web:badges.example:Issuers:Seven", Some("did:web:badges.example:Issuers:Seven")),
            ("did:web:badges.example%3a8443", Some("did:web:badges.example%3A8443")),
            ("did:web:badges.example%3A443:one", Some("did:web:badges.example:one")),
            ("did:example:a.b-c_d:e%20f", Some("did:example:a.b-c_d:e%20f")),
            ("did:web:127.0.0.1", None),
            ("did:web:badges.example%3A", None),
            ("did:web:badges.example%3A70000", None),
            ("did:web:", None),
            ("did:web", None),
            ("did:", None),
            ("did::x", None),
            ("did:Web:badges.example", None),
            ("did:key:", None),
            ("did:example:x:", None),
            ("did:key:z6Mk#z6Mk", None),
            ("did:example:x/path", None),
            ("did:example:x?query", None),
        ]);
    }

    #[test]
    fn an_address_has_one_form() {
        check(&[
            ("https://badges.example", Some("https://badges.example")),
            ("HTTPS://Badges.Example/", Some("https://badges.example")),
            ("https://badges.example:443/Issuers/7?a=B#me", Some("https://badges.example/Issuers/7?a=B#me")),
            ("https://badges.example/issuer/", Some("https://badges.example/issuer/")),
            ("https://badges.example:8443/", Some("https://badges.example:8443")),
            ("https://badges.example?id=7", Some("https://badges.example?id=7")),
            ("http://badges.example/", None),
            ("https:badges.example", None),
            ("https://", None),
            ("https://127.0.0.1/", None),
            ("https://[::1]/", None),
            ("https://ana@badges.example/", None),
            ("https://badges.example:/", None),
            ("https://badges.example:70000/", None),
            ("https://badges..example/", None),
            ("https://b\u{e4}dges.example/", None),
            ("https://badges.example/a b", None),
            ("https://badges.example/\u{202e}x", None),
            (" https://badges.example", None),
            ("https://badges.example/<script>", None),
            ("badges.example", None),
            ("urn:uuid:7", None),
            ("", None),
        ]);
    }

    #[test]
    fn an_id_is_not_endless() {
        let long = |bytes: usize| format!("https://badges.example/{}", "x".repeat(bytes - 23));
        assert!(normalized(&long(MOST_BYTES)).is_some());
        assert_eq!(normalized(&long(MOST_BYTES + 1)), None);
    }
}
