//! Badges that were made to cost as much as they can: each is one megabyte at most, and has a proof that must be looked at
//! wherever its form allows one. The stories ask what is answered, `benches/hostile.rs` what the answer costs.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Value, json};

/// The most bytes of any of them.
pub(crate) const MOST: usize = 1 << 20;

/// A name, and the bytes.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let documents = documents().into_iter().map(|(name, document)| (name, document.to_string().into_bytes()));
    let mut all: Vec<_> = texts().into_iter().chain(documents).chain(pictures()).collect();
    for (name, bytes) in &mut all {
        assert!(bytes.len() <= MOST, "{name} has {} bytes", bytes.len());
    }
    all
}

/// Texts that a JSON or a JWS reader has to end.
fn texts() -> Vec<(&'static str, Vec<u8>)> {
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

/// Credentials that JSON-LD, canonicalization and signatures have to end.
fn documents() -> Vec<(&'static str, Value)> {
    let evidence = |count: usize, text: usize| -> Value {
        (0..count)
            .map(|n| json!({"id": format!("urn:x:{n}"), "type": ["Evidence"], "name": "x".repeat(text)}))
            .collect()
    };
    let with = |member: &str, value: Value| {
        let mut badge = badge();
        badge[member] = value;
        badge
    };
    let mut contexts = badge();
    contexts["@context"] = json!(vec![V2; 20_000]);
    let many_contexts: Vec<Value> =
        (0..5_000).map(|_| json!({"@context": [V2, OB], "type": ["Evidence"], "name": "x"})).collect();
    let own_contexts = |count: usize, terms: usize| -> Value {
        let context: serde_json::Map<String, Value> =
            (0..terms).map(|n| (format!("t{n}"), json!(format!("urn:t:{n}")))).collect();
        (0..count).map(|_| json!({"@context": context, "type": ["Evidence"], "name": "x"})).collect()
    };
    let proofs = |count: usize, previous: bool| -> Value {
        let one = |n: usize| {
            let mut proof = proof(n);
            if previous && n > 0 {
                proof["previousProof"] = (0..n).map(|m| json!(format!("urn:proof:{m}"))).collect();
            }
            proof
        };
        (0..count).map(one).collect()
    };
    let mut chain = with("evidence", evidence(2_500, 300));
    chain["proof"] = proofs(8, true);
    let mut set = with("evidence", evidence(2_500, 300));
    set["proof"] = proofs(8, false);
    let mut jcs = with("evidence", evidence(2_500, 300));
    jcs["proof"] = proofs(8, false);
    for proof in jcs["proof"].as_array_mut().expect("a list") {
        proof["cryptosuite"] = json!("eddsa-jcs-2022");
    }
    let endorsement = |n: usize| {
        let mut endorsement = badge();
        endorsement["id"] = json!(format!("urn:e:{n}"));
        endorsement["type"] = json!(["VerifiableCredential", "EndorsementCredential"]);
        endorsement["evidence"] = evidence(300, 200);
        endorsement["proof"] = proofs(8, false);
        endorsement
    };
    vec![
        ("a thousand pieces of evidence", with("evidence", evidence(3_000, 280))),
        ("many small pieces of evidence", with("evidence", evidence(9_990, 1))),
        ("blank nodes that look alike", with("issuer", alike(9))),
        ("a ring of blank nodes", with("issuer", ring(400))),
        ("many anonymous nodes", with("evidence", json!(vec![json!({"type": ["Evidence"]}); 9_990]))),
        ("the same context again and again", contexts),
        ("contexts within", with("evidence", json!(many_contexts))),
        ("large contexts of its own", with("evidence", own_contexts(200, 256))),
        ("small contexts of its own", with("evidence", own_contexts(13_000, 2))),
        ("eight signatures", set),
        ("a chain of eight signatures", chain),
        ("eight signatures over JSON", jcs),
        ("more signatures than are looked at", with("proof", proofs(2_000, false))),
        ("endorsements", with("endorsement", (0..8).map(endorsement).collect())),
        (
            "more endorsements than are looked at",
            with("endorsementJwt", json!(vec!["eyJhbGciOiJFZERTQSJ9.e30.AAAA"; 9_990])),
        ),
        ("status entries", with("credentialStatus", json!(vec![json!({"type": "BitstringStatusListEntry"}); 9_990]))),
        ("identities", {
            let mut badge = badge();
            let identity = json!({"type": "IdentityObject", "hashed": true, "identityHash": "sha256$0", "salt": "x", "identityType": "name"});
            badge["credentialSubject"]["identifier"] = json!(vec![identity; 9_000]);
            badge
        }),
        ("texts in many languages", {
            let names: Vec<Value> = (0..9_990).map(|n| json!({"@value": format!("n{n}"), "@language": "en"})).collect();
            with("name", json!(names))
        }),
        ("an assertion of an earlier generation with much besides", {
            let mut assertion = json!({
                "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://badges.example/1",
                "recipient": {"type": "email", "hashed": false, "identity": "x"}, "badge": "https://badges.example/b",
                "verification": {"type": "hosted"}, "issuedOn": "2026-01-01T00:00:00Z",
            });
            assertion["evidence"] = evidence(5_000, 100);
            assertion
        }),
        ("a presentation of presentations", {
            (0..20).fold(
                json!({"type": "VerifiablePresentation"}),
                |inner, _| json!({"type": "VerifiablePresentation", "verifiableCredential": [inner]}),
            )
        }),
    ]
}

/// Pictures that have to be unpacked.
fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let packed = {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b' '; 64 << 20]).expect("a vector takes every byte");
        packer.finish().expect("a vector takes every byte")
    };
    let bomb = [b"openbadgecredential\0\x01\0\0\0".as_slice(), &packed].concat();
    let chunks: Vec<Vec<u8>> = (0..80_000).map(|_| chunk(b"tEXt", b"")).collect();
    let svg = |inside: String| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").into_bytes();
    let entities = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
                    <svg xmlns=\"http://www.w3.org/2000/svg\">&b;</svg>";
    vec![
        ("a credential that unpacks to much", png(&[chunk(b"iTXt", &bomb)])),
        ("many chunks", png(&chunks)),
        ("many elements", svg("<g/>".repeat(200_000))),
        ("elements within elements", svg("<g>".repeat(300_000))),
        ("entities", entities.as_bytes().to_vec()),
        ("a picture of a whole wall", blank(3_160, 3_160)),
        ("a picture of nothing but corners of codes", corners(3_300, 3_030)),
        ("a picture of nothing but noise", noise(640, 480)),
    ]
}

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const KEY: &str = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

/// A badge by a key that everybody knows, with a signature that is well-formed and does not fit.
fn badge() -> Value {
    json!({
        "@context": [V2, OB], "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": KEY, "type": ["Profile"]}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:2", "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:3", "type": ["Achievement"], "name": "A", "description": "D",
                "criteria": {"narrative": "N"},
            },
        },
        "proof": [proof(0)],
    })
}

fn proof(n: usize) -> Value {
    json!({
        "id": format!("urn:proof:{n}"), "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z", "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{KEY}#{}", KEY.trim_start_matches("did:key:")),
        "proofValue": format!("z{}", bs58::encode([1; 64]).into_string()),
    })
}

/// Profiles without names of their own, each the parent of all others: none can be told from another.
fn alike(count: usize) -> Value {
    let names: Vec<Value> = (0..count).map(|n| json!({"id": format!("_:b{n}"), "type": ["Profile"]})).collect();
    let one = |n: usize| {
        let others: Vec<Value> = (0..count).filter(|m| *m != n).map(|m| names[m].clone()).collect();
        json!({"id": format!("_:b{n}"), "type": ["Profile"], "parentOrg": others})
    };
    json!({"id": KEY, "type": ["Profile"], "parentOrg": (0..count).map(one).collect::<Vec<_>>()})
}

/// Profiles without names, each the parent of the next.
fn ring(count: usize) -> Value {
    let one = |n: usize| {
        let next = json!({"id": format!("_:b{}", (n + 1) % count), "type": ["Profile"]});
        json!({"id": format!("_:b{n}"), "type": ["Profile"], "parentOrg": [next]})
    };
    json!({"id": KEY, "type": ["Profile"], "parentOrg": (0..count).map(one).collect::<Vec<_>>()})
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let length = u32::try_from(data.len()).expect("short");
    [&length.to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// A picture of one pixel with these chunks after its header.
fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a vector takes every byte");
    writer.write_image_data(&[0]).expect("a vector takes every byte");
    drop(writer);
    let header = 8 + 25;
    [&out[..header], &chunks.concat(), &out[header..]].concat()
}

/// One colour, packed very small.
fn blank(width: u32, height: u32) -> Vec<u8> {
    drawn(width, height, |_| 255)
}

/// What looks as much like codes as can be, and is none.
fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    drawn(width, height, |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        if state & 0x100 == 0 { 0 } else { 255 }
    })
}

/// The squares in the corners of codes, side by side, so that any three of them could be those of one.
fn corners(width: u32, height: u32) -> Vec<u8> {
    const MODULE: usize = 8;
    let ring = |x: usize, y: usize| (matches!(x, 0 | 6) && y < 7) || (matches!(y, 0 | 6) && x < 7);
    let core = |x: usize, y: usize| (2..5).contains(&x) && (2..5).contains(&y);
    drawn(width, height, |at| {
        let (x, y) = (at % width as usize / MODULE % 11, at / width as usize / MODULE % 11);
        if ring(x, y) || core(x, y) { 0 } else { 255 }
    })
}

fn drawn(width: u32, height: u32, pixel: impl FnMut(usize) -> u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..(width * height) as usize).map(pixel).collect();
    let mut writer = encoder.write_header().expect("a vector takes every byte");
    writer.write_image_data(&pixels).expect("a vector takes every byte");
    drop(writer);
    out
}
