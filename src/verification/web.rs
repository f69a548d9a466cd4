//! Addresses of the web, compared without anybody being asked.

use serde_json::Value;

use super::facts::{Found, Need};

/// Whether it is an address that could be asked at all.
pub(super) fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Scheme, host and port; none of what hides its host from a reader.
pub(super) fn origin(address: &str) -> Option<&str> {
    let start = address.find("://").filter(|_| is_web(address))? + 3;
    let end = address[start..].find(['/', '?', '#']).map_or(address.len(), |at| start + at);
    (!address[start..end].contains(['@', '\\'])).then_some(&address[..end])
}

/// Whether both lie at the same host, reached in the same way.
pub(super) fn same_origin(one: &str, other: &str) -> bool {
    origin(one).is_some() && origin(one) == origin(other)
}

/// Whether what a request was sent on to may speak for the address that was asked: a document of a did:web within its
/// origin; anything else at the same address, but encrypted, or where it says of itself that it is what lies here.
pub(super) fn speaks_for(asked: &Need, way: &[String], found: &Found) -> bool {
    let Some(address) = asked.address() else { return false };
    if asked.name().starts_with("did:") {
        return way.iter().all(|next| same_origin(next, &address));
    }
    let says_so = match found {
        Found::Json(document) => document.get("id").and_then(Value::as_str) == Some(address.as_str()),
        _ => false,
    };
    says_so || matches!(way, [next] if is_encrypted(&address, next))
}

/// Whether an address is the other one, over https.
fn is_encrypted(plain: &str, next: &str) -> bool {
    let parts = |address| {
        let origin = origin(address)?;
        let (scheme, place) = origin.split_once("://")?;
        let host = place.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix(':').unwrap_or(place);
        let path = &address[origin.len()..];
        Some((scheme, host.to_ascii_lowercase(), if path.is_empty() { "/" } else { path }))
    };
    matches!((parts(plain), parts(next)), (Some(("http", from, here)), Some(("https", to, there))) if from == to && here == there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        #[track_caller]
        fn check(address: &str, expected: Option<&str>) {
            assert_eq!(origin(address), expected, "{address}");
        }
        check("https://badges.example/a?b#c", Some("https://badges.example"));
        check("http://badges.example:8080?b", Some("http://badges.example:8080"));
        check("https://badges.example#c", Some("https://badges.example"));
        check("https://badges.example", Some("https://badges.example"));
        check("https://badges.example@other.example/", None);
        check("https://badges.example\\@other.example/", None);
        check("ftp://badges.example/", None);
        check("did:web:badges.example", None);
        check("", None);
    }

    #[test]
    fn who_sends_on_does_not_speak_through_everybody() {
        #[track_caller]
        fn check(asked: &str, way: &[&str], id: &str, expected: bool) {
            let need = Need::ControllerDocument(asked.to_owned());
            let way: Vec<String> = way.iter().map(ToString::to_string).collect();
            assert_eq!(speaks_for(&need, &way, &Found::Json(json!({ "id": id }))), expected, "{asked} {way:?} {id}");
        }
        let (did, home) = ("did:web:a.example:issuers:7", "https://a.example/issuers/7/did.json");
        check(did, &["https://a.example/moved.json"], did, true);
        check(did, &["https://b.example/did.json"], did, false);
        check(did, &["https://b.example/did.json", home], did, false);
        check(did, &["https://a.example:8443/did.json"], did, false);
        let issuer = "https://a.example/issuer";
        check(issuer, &["https://b.example/7"], issuer, true);
        check(issuer, &["https://b.example/7"], "https://b.example/7", false);
        check(issuer, &["https://a.example/uploads/7"], "https://a.example/uploads/7", false);
        check("http://a.example/issuer", &[issuer], issuer, true);
        check("http://a.example:80/issuer", &["https://A.example/issuer"], "", true);
        check("http://a.example", &["https://a.example/"], "", true);
        check("http://a.example/issuer", &["https://b.example/issuer"], "", false);
        check("http://a.example/issuer", &["https://a.example/other"], "", false);
        check("http://a.example/issuer", &[issuer, "https://a.example/other"], "", false);
        check("https://a.example/issuer", &["http://a.example/issuer"], "", false);
        let bare = Found::Text("-----BEGIN PUBLIC KEY-----".to_owned());
        let need = Need::Hosted("https://a.example/key".to_owned());
        assert!(!speaks_for(&need, &["https://a.example/uploads/key".to_owned()], &bare), "no key says whose it is");
    }
}
