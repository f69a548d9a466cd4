//! Texts that a JSON or a JWS reader has to end.

use std::fmt::Write as _;

use super::MOST;

/// A name, and the bytes.
pub(super) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let fill = |open: &str, item: &str, close: &str| {
        let count = (MOST - open.len() - close.len()) / item.len();
        format!("{open}{}{close}", item.repeat(count)).into_bytes()
    };
    let mut wide = "{".to_owned();
    for n in 0..60_000 {
        write!(wide, "\"k{n}\":{n},").expect("a text grows");
    }
    wide.push_str("\"z\":0}");
    vec![
        ("brackets within brackets", "[".repeat(MOST).into_bytes()),
        ("objects within objects", fill("", "{\"a\":", "0")),
        ("many values", fill("[", "0,", "0]")),
        ("many members", wide.into_bytes()),
        ("the same member twice", fill("{\"a\":\"", "x", "\",\"a\":1}")),
        ("one long number", fill("{\"a\":", "9", "}")),
        ("many long numbers", fill("[", "123456789012345.6789,", "0]")),
        ("one long text", fill("{\"@context\":\"", "x", "\"}")),
        ("escapes", fill("{\"a\":\"", "\\u0041", "\"}")),
        ("a long signed text", fill("eyJhbGciOiJFZERTQSJ9.", "A", ".AAAA")),
        ("many dots", fill("ey", ".", "")),
        ("a signed text with a long header", fill("", "eyJh", ".e30.AAAA")),
    ]
}
