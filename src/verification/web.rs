//! Addresses of the web, compared without anybody being asked.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
