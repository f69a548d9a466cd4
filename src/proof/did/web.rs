//! did:web: an https address with a DNS name, written as a DID.

use std::net::IpAddr;

use super::DidError;

/// The did:web of an https address with a DNS name; nothing for every other address.
pub fn did_web(base: &str) -> Option<String> {
    let rest = base.strip_prefix("https://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    if !is_dns_name(&host) || host == "localhost" {
        return None;
    }
    let mut did = format!("did:web:{host}");
    if let Some(port) = port.filter(|&port| port != 443) {
        did.push_str("%3A");
        did.push_str(&port.to_string());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    if !path.is_empty() {
        for segment in path.split('/') {
            if !is_segment(segment) {
                return None;
            }
            did.push(':');
            did.push_str(segment);
        }
    }
    Some(did)
}

/// Where the document of a did:web lies.
pub fn did_web_address(did: &str) -> Result<String, DidError> {
    let id = did.strip_prefix("did:web:").ok_or_else(|| DidError::Method { did: did.to_owned(), method: "did:web" })?;
    let malformed = || DidError::Malformed { did: did.to_owned() };
    let mut segments = id.split(':');
    let authority = segments.next().unwrap_or_default().replace("%3a", "%3A");
    let (host, port) = match authority.split_once("%3A") {
        Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| malformed())?)),
        None => (authority.as_str(), None),
    };
    if !is_dns_name(host) {
        return Err(malformed());
    }
    let mut address = format!("https://{host}");
    if let Some(port) = port {
        address.push(':');
        address.push_str(&port.to_string());
    }
    let path: Vec<&str> = segments.collect();
    if path.iter().any(|segment| !is_segment(segment)) {
        return Err(malformed());
    }
    match path.as_slice() {
        [] => address.push_str("/.well-known"),
        path => path.iter().for_each(|segment| {
            address.push('/');
            address.push_str(segment);
        }),
    }
    address.push_str("/did.json");
    Ok(address)
}

pub(in crate::proof) fn is_dns_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    host.len() <= 253 && host.split('.').all(label) && !numeric && host.parse::<IpAddr>().is_err()
}

/// A path segment that is the same in an address and in a DID.
fn is_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}
