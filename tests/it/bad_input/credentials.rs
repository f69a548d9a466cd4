//! Hostile credentials and pictures, handed to the verifier: each gets its verdict, and nothing is written.

use assay::render::bake;
use serde_json::{Value, json};

use super::{position, sent};
use crate::support::app::{TestApp, ana, path};

/// A graph whose nodes nobody can tell apart: `size` blank nodes, each linked to every other.
fn clique(size: usize) -> Value {
    let node = |n: usize| {
        let others: Vec<Value> = (0..size).filter(|m| *m != n).map(|m| json!({ "id": format!("_:n{m}") })).collect();
        json!({ "id": format!("_:n{n}"), "type": ["Profile"], "parentOrg": others })
    };
    (0..size).map(node).collect()
}

fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[tokio::test]
async fn hostile_credentials_get_their_verdict_in_bounded_time_and_change_nothing() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let text = app.get(&path(&award["addresses"]["credential"])).await.expect(200).text();
    let png = app.get(&path(&award["addresses"]["baked_png"])).await.expect(200).body;
    let svg = app.get(&path(&award["addresses"]["baked_svg"])).await.expect(200).text();
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    let picture = picture.into_inner();
    let id = award["id"].as_str().unwrap();
    let before = position(&app).await;

    let genuine: Value = serde_json::from_str(&text).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut credential = genuine.clone();
        change(&mut credential);
        credential.to_string().into_bytes()
    };
    let raw = |from: &str, to: &str| {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text, "{from} is not in the credential");
        altered.into_bytes()
    };
    let baked = |credential: &str| bake::png(&picture, credential).unwrap();
    let mut crooked = png.clone();
    let at = crooked.windows(4).position(|w| w == b"iTXt").unwrap();
    crooked[at + 60] ^= 1;
    let billion = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>{}", "a".repeat(100), &svg[svg.find("<svg").unwrap()..]);

    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("as it was issued", text.clone().into(), "valid", ""),
        ("baked into a picture", png.clone(), "valid", ""),
        ("baked into a drawing", svg.clone().into(), "valid", ""),
        ("by its number", id.to_lowercase().into(), "valid", ""),
        // Not a badge at all.
        ("nothing", vec![], "malformed", "it is empty"),
        ("white space", b" \r\n ".to_vec(), "malformed", "it is empty"),
        ("words", b"hello there".to_vec(), "malformed", "neither a badge picture nor a credential"),
        ("bytes", vec![0, 159, 146, 150, 0xff], "malformed", "neither a badge picture nor a credential"),
        ("latin-1", b"{\"name\":\"Jos\xe9\"}".to_vec(), "malformed", "not UTF-8"),
        ("an unknown number", b"0000-0000-0000-0000".to_vec(), "not_found", "No public record"),
        ("an array", format!("[{text}]").into(), "malformed", "not an object"),
        ("an empty object", b"{}".to_vec(), "malformed", "not a verifiable credential"),
        ("a number", b"42".to_vec(), "malformed", "neither a badge picture nor a credential"),
        ("two credentials", format!("{text}{text}").into(), "malformed", "the JSON cannot be read"),
        ("NaN", raw("\"type\"", "\"x\":NaN,\"type\""), "malformed", "the JSON cannot be read"),
        ("a number that is none", raw("\"type\"", "\"x\":1e999,\"type\""), "malformed", "loses precision"),
        (
            "a number beyond its reader",
            raw("\"type\"", "\"x\":9007199254740993,\"type\""),
            "malformed",
            "loses precision",
        ),
        ("a lone surrogate", raw("Ana Lopes", "Ana \\ud800"), "malformed", "the JSON cannot be read"),
        // Bounds.
        ("deep arrays", nested(50_000, "[", "]").into(), "malformed", "levels of nesting"),
        ("deep objects", nested(50_000, "{\"a\":", "}").into(), "malformed", "levels of nesting"),
        ("deep without an end", "[{\"a\":".repeat(20_000).into(), "malformed", "levels of nesting"),
        (
            "deep within",
            raw("\"type\"", &format!("\"x\":{},\"type\"", nested(64, "[", "]"))),
            "malformed",
            "levels of nesting",
        ),
        (
            "a wide array",
            raw("\"type\"", &format!("\"x\":[0{}],\"type\"", ",0".repeat(10_000))),
            "malformed",
            "more than 10000 entries",
        ),
        (
            "more than 1 MiB",
            raw("\"type\"", &format!("\"x\":\"{}\",\"type\"", "x".repeat(1 << 20))),
            "malformed",
            "more than 1048576",
        ),
        ("a key twice", raw("\"type\":", "\"type\":[],\"type\":"), "malformed", "the key \"type\" twice"),
        (
            "a key twice within",
            raw("\"identityHash\":\"Ana Lopes\"", "\"identityHash\":\"Eve\",\"identityHash\":\"Ana Lopes\""),
            "malformed",
            "the key \"identityHash\" twice",
        ),
        (
            "a key twice by escape",
            raw("\"issuer\":", "\"issue\\u0072\":\"did:key:z6Mk\",\"issuer\":"),
            "malformed",
            "the key \"issuer\" twice",
        ),
        // Truncated and tampered.
        ("cut in half", text.as_bytes()[..text.len() / 2].to_vec(), "malformed", "the JSON cannot be read"),
        ("without its last byte", text.as_bytes()[..text.len() - 1].to_vec(), "malformed", "the JSON cannot be read"),
        ("another name", raw("Ana Lopes", "Eve Lopes"), "invalid", "does not fit this content"),
        (
            "another name, baked",
            baked(&text.replacen("Ana Lopes", "Eve Lopes", 1)),
            "invalid",
            "does not fit this content",
        ),
        ("a later end", raw("2027-11-20T22", "2037-11-20T22"), "invalid", "does not fit this content"),
        ("another number", raw(id, "0000000000000000"), "invalid", "does not fit this content"),
        (
            "another bit",
            changed(&|c| c["credentialStatus"]["statusListIndex"] = json!("7")),
            "invalid",
            "does not fit this content",
        ),
        (
            "no status",
            changed(&|c| drop(c.as_object_mut().unwrap().remove("credentialStatus"))),
            "invalid",
            "does not fit this content",
        ),
        ("no proof", changed(&|c| c["proof"] = json!([])), "invalid", "no signature"),
        (
            "proofs without end",
            changed(&|c| c["proof"] = json!(vec![c["proof"][0].clone(); 1_000])),
            "invalid",
            "more than 8",
        ),
        (
            "another issuer",
            changed(&|c| c["issuer"]["id"] = json!("did:web:evil.example")),
            "invalid",
            "does not fit this content",
        ),
        ("a proof of half a key", changed(&|c| c["proof"][0]["proofValue"] = json!("z3ab")), "invalid", ""),
        ("a proof of text", changed(&|c| c["proof"] = json!("trust me")), "invalid", ""),
        // What JSON-LD makes of it.
        ("an undefined term", changed(&|c| c["rank"] = json!("Admiral")), "invalid", "\"rank\" is not defined"),
        (
            "an undefined term within",
            changed(&|c| c["credentialSubject"]["achievement"]["rank"] = json!(1)),
            "invalid",
            "\"rank\" is not defined",
        ),
        (
            "a context of its own host",
            changed(&|c| c["@context"].as_array_mut().unwrap().push(json!("https://evil.example/context.json"))),
            "inconclusive",
            "https://evil.example/context.json",
        ),
        (
            "a context that redefines",
            changed(&|c| c["@context"].as_array_mut().unwrap().push(json!({ "name": "https://evil.example/name" }))),
            "inconclusive",
            "defined in the badge itself",
        ),
        ("a relative id", changed(&|c| c["credentialSubject"]["id"] = json!("../7")), "invalid", "not an absolute"),
        ("a poisoned graph", changed(&|c| c["credentialSubject"]["source"] = clique(9)), "inconclusive", "too complex"),
        (
            "contexts without end",
            changed(&|c| c["@context"] = json!(vec![c["@context"][0].clone(); 5_000])),
            "inconclusive",
            "more than 1000 contexts",
        ),
        ("statements without end", changed(&|c| c["urn:example:n"] = (0..9_999).collect()), "invalid", ""),
        // Pictures.
        ("a picture without a badge", picture.clone(), "malformed", "carries no credential"),
        ("the head of a picture", png[..8].to_vec(), "malformed", "the picture cannot be read"),
        ("half a picture", png[..png.len() / 2].to_vec(), "malformed", "the picture cannot be read"),
        ("a picture with a crooked part", crooked, "malformed", "the picture cannot be read"),
        (
            "a picture of rubbish",
            [b"\x89PNG\r\n\x1a\n".as_slice(), &[0xff; 4_000]].concat(),
            "malformed",
            "the picture cannot be read",
        ),
        ("a text in a picture", baked("not a credential"), "malformed", "neither a badge picture nor a credential"),
        (
            "a page",
            b"<!doctype html><title>x</title>".to_vec(),
            "malformed",
            "neither a badge picture nor a credential",
        ),
        (
            "a drawing without a badge",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
            "malformed",
            "carries no credential",
        ),
        ("half a drawing", svg.as_bytes()[..svg.len() - 30].to_vec(), "malformed", "the picture cannot be read"),
        ("a drawing with entities", billion.into(), "malformed", "the picture cannot be read"),
        (
            "a deep drawing",
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}", "<g>".repeat(100_000)).into(),
            "malformed",
            "the picture cannot be read",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, bytes, verdict, said) in cases {
        let answer = app.send(sent("POST", "/api/v1/verify", "", "application/octet-stream", bytes)).await;
        let report = answer.clone().expect(200).json();
        let headline = report["headline"].as_str().unwrap();
        let told = report["checks"].to_string();
        if report["verdict"] != verdict || !(headline.contains(said) || told.contains(&said.replace('"', "\\\""))) {
            wrong
                .push(format!("{what}: expected {verdict} ({said}), got {} {headline} {told:.500}", report["verdict"]));
        }
        assert_eq!(position(&app).await, before, "{what} wrote something");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_wrapped_badge_is_read_as_strictly() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let text = app.get(&path(&award["addresses"]["credential"])).await.expect(200).text();
    let verify = |body: String| app.send(sent("POST", "/api/v1/verify", "", "application/json", body));
    let doubled = text.replacen("\"type\":", "\"type\":[],\"type\":", 1);
    for (what, body, verdict) in [
        ("as it is", format!("{{\"credential\":{text}}}"), "valid"),
        ("by number", json!({ "id": award["number"] }).to_string(), "valid"),
        ("by address", json!({ "id": award["addresses"]["page"] }).to_string(), "valid"),
        ("before it was issued", format!("{{\"credential\":{text},\"at\":\"2026-11-19T00:00:00Z\"}}"), "valid"),
        ("a key twice", format!("{{\"credential\":{doubled}}}"), "malformed"),
        ("a number", json!({ "credential": 7 }).to_string(), "malformed"),
        ("no badge at all", json!({ "base64": "aGVsbG8=" }).to_string(), "malformed"),
    ] {
        assert_eq!(verify(body).await.expect(200).json()["verdict"], verdict, "{what}");
    }
    for (what, body, pointers) in [
        ("both", json!({ "id": "x", "base64": "eA==" }).to_string(), &[][..]),
        ("no base64", json!({ "base64": "%%%" }).to_string(), &["/base64"]),
        ("an unknown field", json!({ "id": "x", "trust": true }).to_string(), &["/trust"]),
        ("no moment", json!({ "id": "x", "at": "now" }).to_string(), &["/at"]),
    ] {
        super::expect(what, &verify(body).await, 400, "malformed-request", pointers);
    }
    let future = json!({ "id": award["number"], "at": "2028-01-01" }).to_string();
    super::expect("the future", &verify(future).await, 422, "invalid-value", &["/at"]);
}
