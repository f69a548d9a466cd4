//! What hosts, learning platforms and operators send: lists, keys, statements, rows, programs, logos.

use assay::program::MAX_BYTES;
use serde_json::{Value, json};

use super::documents::{OB, V2, badge};
use super::{MOST, Reader};

/// A name, who reads it, and the bytes.
pub(super) fn all() -> Vec<(&'static str, Reader, Vec<u8>)> {
    let fill = |open: &str, item: &str, close: &str, most: usize| {
        format!("{open}{}{close}", item.repeat((most - open.len() - close.len()) / item.len())).into_bytes()
    };
    let revoked = |one: Value| {
        let list = json!({"id": LIST, "issuer": ISSUER, "revokedCredential": vec![one; 9_990]});
        list.to_string().into_bytes()
    };
    let statement = json!({
        "actor": {"mbox": "mailto:a@b.example"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": "https://a.example/1"}, "timestamp": "2026-11-20T10:00:00Z", "result": {"score": {"scaled": 0.9}},
    });
    let statements = Value::from(vec![statement; 1_000]).to_string().into_bytes();
    let path = |data: &str| format!("<path d='{data}'/>");
    let logo =
        |inside: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inside}</svg>").into_bytes();
    vec![
        ("a status list of nothing but zeros", Reader::StatusList, status_list(&vec![0; 2 << 20])),
        ("a status list that is no list", Reader::StatusList, fill("[", "0,", "0]", 4 << 20)),
        ("a status list of brackets", Reader::StatusList, "[".repeat(4 << 20).into_bytes()),
        ("a document of many keys", Reader::Keys, keys(6_000)),
        ("a list of many revoked", Reader::RevocationList, revoked(json!({"id": "urn:uuid:0", "revoked": true}))),
        ("a list of revoked without ids", Reader::RevocationList, revoked(json!({"revoked": true}))),
        ("as many statements as are read", Reader::Statements, statements),
        ("statements of nothing", Reader::Statements, fill("[", "[],", "0]", MOST)),
        ("one statement of nothing", Reader::Statements, fill("{\"a\":[", "0,", "0]}", 400_000)),
        ("rows of quotes", Reader::Rows, fill(HEADER, "\"\"\"\",\"a@b.example\"\n", "", MOST)),
        ("rows of commas", Reader::Rows, fill(HEADER, ",", "\n", MOST)),
        ("rows of nothing", Reader::Rows, fill(HEADER, "\r", "", MOST)),
        ("a row that does not end", Reader::Rows, fill(&format!("{HEADER}\""), "a", "", MOST)),
        ("rows", Reader::Rows, fill(HEADER, "Ana,ana@b.example,sales-associate,exam,passed,84,2026-11-19\n", "", MOST)),
        ("a program of tables", Reader::Program, fill("", "[[a]]\n", "", MAX_BYTES)),
        ("a program of dotted names", Reader::Program, fill("", "a.", "b = 1\n", MAX_BYTES)),
        ("a program of brackets", Reader::Program, fill("a = ", "[", "", MAX_BYTES)),
        ("a program of quotes", Reader::Program, fill("a = \"\"\"", "\\u0041", "\"\"\"", MAX_BYTES)),
        ("a logo of many strokes", Reader::Logo, logo(&path(&fill_text("M0 0", "L9 9L0 9", 250_000)))),
        (
            "a logo of dashes",
            Reader::Logo,
            logo(&format!("<g stroke='red' stroke-dasharray='.0001'>{}</g>", path("M0 0L9 9").repeat(9_000))),
        ),
        ("a logo of texts", Reader::Logo, logo(&"<text y='9'>MWMWMWMWMW</text>".repeat(8_000))),
        (
            "a logo of rules",
            Reader::Logo,
            logo(&format!("<style>{}</style>{}", ".a{fill:red}".repeat(900), "<path d='M0 0L9 9V0'/>".repeat(1_000))),
        ),
        (
            "a logo of uses",
            Reader::Logo,
            logo(&format!("<g id='a'>{}</g>{}", path("M0 0L9 9V0").repeat(100), "<use href='#a'/>".repeat(150))),
        ),
        (
            "a logo of filters",
            Reader::Logo,
            logo(&format!(
                "<filter id='a'>{}</filter>{}",
                "<feGaussianBlur stdDeviation='900'/>".repeat(50),
                "<path filter='url(#a)' d='M0 0L9 9V0'/>".repeat(900)
            )),
        ),
    ]
}

const HEADER: &str = "name,email,certification,requirement,outcome,score,at\n";
pub(super) const ISSUER: &str = "did:web:badges.example";
pub(super) const LIST: &str = "https://badges.example/lists/1";

fn fill_text(open: &str, item: &str, most: usize) -> String {
    format!("{open}{}", item.repeat((most - open.len()) / item.len()))
}

fn status_list(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).expect("a vector takes every byte");
    let packed = packer.finish().expect("a vector takes every byte");
    let encoded = format!("u{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(packed));
    let mut list = badge();
    list["@context"] = json!([V2, OB]);
    list["id"] = json!(LIST);
    list["type"] = json!(["VerifiableCredential", "BitstringStatusListCredential"]);
    list["credentialSubject"] = json!({"id": format!("{LIST}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded});
    list.to_string().into_bytes()
}

fn keys(count: usize) -> Vec<u8> {
    let key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    let one = |n: usize| json!({"id": format!("{ISSUER}#{n}"), "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key});
    let named: Vec<String> = (0..count).map(|n| format!("{ISSUER}#{n}")).collect();
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1"], "id": ISSUER,
        "verificationMethod": (0..count).map(one).collect::<Vec<_>>(), "assertionMethod": named,
    });
    document.to_string().into_bytes()
}
