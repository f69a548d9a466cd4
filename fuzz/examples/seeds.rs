//! Writes the seeds anew: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use assay::proof::did;
use assay::render::bake;
use assay::status_list::{Bitstring, MINIMUM_BITS};
use assay::verification::{self, Facts};
use flate2::Compression;
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use serde_json::{Value, json};
use targets::{MODULES, SEPARATOR, sample};

const VC2: &str = "https://www.w3.org/ns/credentials/v2";
const OB3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

fn main() {
    pictures();
    drawings();
    documents();
    tokens();
    lists();
    codes();
    earlier();
    badges();
}

fn write(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&folder).expect("a folder of the repository");
    fs::write(folder.join(name), bytes).expect("a file of the repository");
}

fn parts(parts: &[&str]) -> Vec<u8> {
    parts.iter().map(|part| part.as_bytes()).collect::<Vec<_>>().join(SEPARATOR)
}

fn text(bytes: Option<Vec<u8>>) -> String {
    String::from_utf8(bytes.expect("the sample can be signed")).expect("JSON or base64url")
}

/// An Open Badge without a proof.
fn badge(issuer: &str) -> Value {
    json!({
        "@context": [VC2, OB3],
        "id": "https://badges.example/credentials/7K3QX9M2TR4HB6WD",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Certified Sales Associate",
        "issuer": { "id": issuer, "type": ["Profile"], "name": "Northwind Traders" },
        "validFrom": "2026-03-01T09:30:00Z",
        "validUntil": "2027-03-01T22:59:59Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": false, "identityHash": "Ana Lopes", "identityType": "name",
            }],
            "achievement": {
                "id": "https://badges.example/achievements/sales-associate",
                "type": ["Achievement"],
                "name": "Certified Sales Associate",
                "description": "Can position and sell the Northwind suite.",
                "criteria": { "narrative": "Complete Sales 101, pass the exam." },
            },
        },
    })
}

fn with(mut document: Value, member: &str, value: Value) -> Value {
    document[member] = value;
    document
}

fn signed() -> String {
    text(sample::embedded(badge(&sample::DID).to_string().as_bytes()))
}

fn grey(side: u32) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| Luma([if (x ^ y) & 1 == 0 { 0 } else { 255 }]))
}

fn encoded(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut out, format).expect("a vector takes every byte");
    out.into_inner()
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let length = u32::try_from(data.len()).expect("short");
    [&length.to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("a vector takes every byte");
    packer.finish().expect("a vector takes every byte")
}

fn pictures() {
    let plain = encoded(grey(8), ImageFormat::Png);
    let header = 8 + 25;
    let around = |chunk: &[u8]| [&plain[..header], chunk, &plain[header..]].concat();
    write("unbake_png", "plain.png", &plain);
    write("unbake_png", "baked.png", bake::png(&plain, &signed()).expect("a picture"));
    write("unbake_png", "with-a-text.png", [&plain[..], SEPARATOR, b"{\"a\":1}"].concat());
    let packed = [b"openbadgecredential\0\x01\0en\0\0".as_slice(), &zlib(b"{\"a\":1}")].concat();
    write("unbake_png", "packed.png", around(&chunk(b"iTXt", &packed)));
    write("unbake_png", "earlier.png", around(&chunk(b"tEXt", b"openbadges\0https://badges.example/1")));
    write(
        "unbake_png",
        "wrong-kind.png",
        around(&chunk(b"zTXt", &[b"openbadgecredential\0\0", &zlib(b"{}")[..]].concat())),
    );

    let svg = "<?xml version=\"1.0\"?><!-- a --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 9 9'><g><rect width=\"9\" height=\"9\"/></g></svg>";
    let token = text(sample::token(b"{}"));
    write("unbake_svg", "plain.svg", svg);
    write("unbake_svg", "empty.svg", "<s:svg xmlns:s=\"http://www.w3.org/2000/svg\"/>");
    write("unbake_svg", "baked.svg", bake::svg(svg, &signed()).expect("a picture"));
    write("unbake_svg", "token.svg", bake::svg(svg, &token).expect("a picture"));
    write("unbake_svg", "with-a-text.svg", parts(&[&bake::svg(svg, "{}").expect("a picture"), "{\"a\":\"]]>\r\n\"}"]));
    let nested =
        r#"<a:credential xmlns:a="https://purl.imsglobal.org/ob/v3p0">a<a:credential>b</a:credential></a:credential>"#;
    write("unbake_svg", "nested.svg", format!(r#"<svg xmlns="http://www.w3.org/2000/svg">{nested}<g/></svg>"#));
    write(
        "unbake_svg",
        "earlier.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:openbadges=\"http://openbadges.org\"><openbadges:assertion verify=\"https://badges.example/1\"/></svg>",
    );
}

/// The shapes that cost an XML parser more than they weigh, small.
fn drawings() {
    let svg = |attributes: &str, inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\"{attributes}>{inside}</svg>")
    };
    let list = |item: fn(usize) -> String| (0..20).map(item).collect::<String>();
    let prefixes = list(|n| format!(" xmlns:r{n}='r{n}'"));
    let declared = list(|n| format!("<a xmlns:b='c{n}'/>"));
    write("unbake_svg", "prefixes.svg", svg(&prefixes, &declared));
    write("unbake_svg", "attributes.svg", svg(&list(|n| format!(" a{n}=''")), ""));
    write("unbake_svg", "deep.svg", svg("", &format!("{}{}", "<g xmlns='a'>".repeat(20), "</g>".repeat(20))));
    write("unbake_svg", "raw.svg", svg("", "<![CDATA[<<<===]]><!-- < = --><?p < ?>"));
    write(
        "unbake_svg",
        "doctype.svg",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
    );
    // Texts whose hash is one where it has no key.
    let texts: Vec<String> = (0..20).map(|n| format!("000000000240563{n:016}3PvBgEbKtailtai")).collect();
    let mut flood = badge(&sample::DID);
    flood["credentialSubject"]["achievement"]["tag"] = json!(texts);
    write("json_ld", "flood.json", flood.to_string());
}

fn documents() {
    write("json_ld", "badge.json", badge(&sample::DID).to_string());
    write("json_ld", "signed.json", signed());
    let own = |name: &str, document: Value| write("json_ld", name, document.to_string());
    own(
        "containers.json",
        json!({
            "@context": {
                "@version": 1.1, "@vocab": "urn:v:", "@base": "http://b.example/a/",
                "list": { "@id": "urn:list", "@container": "@list" },
                "set": { "@id": "urn:set", "@container": "@set", "@type": "@id" },
                "texts": { "@id": "urn:texts", "@container": "@language" },
                "index": { "@id": "urn:index", "@container": "@index" },
                "ids": { "@id": "urn:ids", "@container": "@id" },
                "types": { "@id": "urn:types", "@container": "@type" },
                "graph": { "@id": "urn:graph", "@container": "@graph" },
            },
            "@id": "urn:a", "list": [1, 2.5, true, "x", ["y"]], "set": ["urn:b", "_:c"],
            "texts": { "en": "one", "de": ["eins", "ein"] }, "index": { "a": "x", "b": { "@id": "urn:b" } },
            "ids": { "urn:c": { "name": "n" } }, "types": { "urn:T": { "name": "n" } }, "graph": { "name": "n" },
        }),
    );
    own(
        "scoped.json",
        json!({
            "@context": {
                "id": "@id", "type": "@type", "ex": "urn:ex:",
                "T": { "@id": "ex:T", "@context": { "p": { "@id": "ex:p", "@type": "ex:t" }, "@propagate": true } },
                "in": { "@id": "ex:in", "@context": { "q": "ex:q" }, "@protected": true },
                "rev": { "@reverse": "ex:rev" }, "json": { "@id": "ex:json", "@type": "@json" }, "nest": "@nest",
                "lang": { "@id": "ex:lang", "@language": "en" },
            },
            "id": "ex:a", "type": ["T"], "p": "1", "in": { "q": [{ "id": "_:x" }, {}] }, "rev": { "id": "ex:b" },
            "json": { "z": 1, "a": [null, 1e30] }, "nest": { "lang": "x" },
        }),
    );
    own(
        "graphs.json",
        json!({
            "@context": [{ "p": "urn:p" }, null, { "@vocab": "urn:v#" }],
            "@graph": [{ "@id": "_:a", "p": { "@id": "_:b" } }, { "@id": "_:b", "p": { "@id": "_:a" } },
                       { "@included": [{ "@id": "urn:i", "@type": "C" }], "@id": "_:a", "x": { "@value": "1", "@type": "urn:t" } }],
        }),
    );
    let ring: Vec<u8> = (0..12).flat_map(|n| [n, 0, (n + 1) % 12, 0]).collect();
    let alike: Vec<u8> =
        (0..5).flat_map(|a| (0..5).filter(move |b| *b != a).map(move |b| [a, 0, b, 0])).flatten().collect();
    let mixed: Vec<u8> =
        (0..20).flat_map(|n: u8| [n.wrapping_mul(37), n, n.wrapping_mul(91), n.wrapping_mul(53)]).collect();
    write("canonical", "ring", [&[11, 5][..], &ring].concat());
    write("canonical", "alike", [&[4, 3][..], &alike].concat());
    write("canonical", "mixed", [&[7, 9][..], &mixed].concat());
}

fn tokens() {
    let claims = json!({
        "iss": *sample::DID, "jti": "urn:uuid:1", "nbf": 1_772_357_400, "exp": 1_803_893_400, "sub": "urn:uuid:2",
        "vc": badge(&sample::DID),
    });
    write("jwt", "credential.jwt", text(sample::token(badge(&sample::DID).to_string().as_bytes())));
    write("jwt", "receipt.jwt", text(sample::receipt(receipt().as_bytes())));
    let header = |header: Value| header.to_string();
    let eddsa = header(json!({ "alg": "EdDSA", "typ": "vc+jwt", "kid": sample::method() }));
    write("jwt", "claims", parts(&[&eddsa, &claims.to_string()]));
    write("jwt", "key-within", parts(&[&header(json!({ "alg": "Ed25519", "jwk": sample::KEY.jwk() })), "{}"]));
    write("jwt", "rsa", parts(&[&header(json!({ "alg": "RS256", "cty": "x" })), "{\"vc\":{}}"]));
    write("jwt", "critical", parts(&[&header(json!({ "alg": "ES256", "crit": ["b64"], "b64": false })), "x"]));
}

/// The payload of a receipt of a check that the sample key's service made.
fn receipt() -> String {
    let facts = Facts::at("2026-05-01T10:00:00Z".parse().expect("a moment"));
    let presented = verification::read(signed().as_bytes()).expect("a badge");
    let report = verification::inspect(&presented, &facts);
    verification::receipt(&report, &sample::DID, &sample::method(), &"ab".repeat(32)).1.to_string()
}

fn list(places: &[usize]) -> String {
    let mut list = Bitstring::new(MINIMUM_BITS);
    places.iter().for_each(|place| list.set(*place).expect("within the list"));
    list.encode()
}

fn lists() {
    write("bitstring", "text", format!("T{}", list(&[5, 70_000])));
    write("bitstring", "old-text", format!("T{}==", &list(&[])[1..]));
    let packed = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(b"B".to_vec(), Compression::best());
        packer.write_all(bytes).expect("a vector takes every byte");
        packer.finish().expect("a vector takes every byte")
    };
    write("bitstring", "bytes", packed(b"abcabcabc"));
    write("bitstring", "nothing", packed(b""));
    write("bitstring", "places", b"S\0\0\x01\0\xff\xff\x12\x34");
}

fn codes() {
    for (name, content) in [
        ("short", "HELLO"),
        ("address", "HTTPS://BADGES.EXAMPLE/V/7K3QX9M2TR4HB6WD"),
        ("mixed", "mailto:ä@b.example 12345"),
    ] {
        let modules = fast_qr::QRBuilder::new(content).build().expect("a short text");
        let is_dark =
            |x: usize, y: usize| x < modules.size && y < modules.size && modules.data[y * modules.size + x].value();
        let version = u8::try_from((modules.size - 17) / 4).expect("a small symbol");
        let mut bits = vec![0_u8; (modules.size * modules.size).div_ceil(8)];
        for at in 0..modules.size * modules.size {
            if is_dark(at % modules.size, at / modules.size) {
                bits[at / 8] |= 0x80 >> (at % 8);
            }
        }
        write("qr", name, [&[MODULES, version, 1][..], &bits].concat());
        let pixels = u32::try_from(modules.size + 8).expect("a small symbol") * 3;
        let dark = |at: u32| (at / 3).checked_sub(4).map_or(usize::MAX, |module| module as usize);
        let picture =
            GrayImage::from_fn(pixels, pixels, |x, y| Luma([if is_dark(dark(x), dark(y)) { 20 } else { 240 }]));
        if name == "short" {
            write("qr", "short.png", encoded(picture.clone(), ImageFormat::Png));
            write("qr", "short.webp", encoded(picture.clone(), ImageFormat::WebP));
            write("qr", "short.jpg", encoded(picture, ImageFormat::Jpeg));
        }
    }
}

const OB2: &str = "https://w3id.org/openbadges/v2";

fn earlier() {
    let assertion = json!({
        "@context": OB2, "type": "Assertion", "id": "https://badges.example/a",
        "recipient": { "type": "email", "hashed": true, "salt": "s", "identity": "sha256$00" },
        "badge": "https://badges.example/b", "verification": { "type": "HostedBadge" },
        "issuedOn": "2026-03-01T00:00:00Z", "expires": "2027-03-01T00:00:00+01:00",
        "evidence": [{ "id": "https://badges.example/e", "narrative": "n" }],
    });
    let class = json!({
        "@context": OB2, "type": "BadgeClass", "id": "https://badges.example/b", "name": "Sales", "description": "d",
        "image": "https://badges.example/b.png", "criteria": { "narrative": "n" }, "issuer": "https://badges.example/issuer",
    });
    let profile = json!({
        "@context": OB2, "type": "Profile", "id": "https://badges.example/issuer", "name": "Northwind",
        "url": "https://badges.example", "email": "a@badges.example", "publicKey": "https://badges.example/k",
        "revocationList": "https://badges.example/r",
        "verification": { "allowedOrigins": "badges.example", "startsWith": ["https://badges.example/"] },
    });
    let write = |name: &str, documents: &[&str]| write("open_badges_2", name, parts(documents));
    let (hosted, class, profile) = (assertion.to_string(), class.to_string(), profile.to_string());
    write("hosted", &[&hosted, &hosted, &class, &profile]);
    let revoked = json!({ "@context": OB2, "type": "Assertion", "id": "https://badges.example/a", "revoked": true, "revocationReason": "r" });
    write("revoked", &[&hosted, &revoked.to_string(), &class, &profile]);
    write("gone", &[&hosted, "", &class, &profile]);
    let verification = json!({ "type": "SignedBadge", "creator": "https://badges.example/k" });
    let signed = format!("jwt:{}", with(assertion.clone(), "verification", verification));
    let key = json!({
        "@context": OB2, "type": "CryptographicKey", "id": "https://badges.example/k", "owner": "https://badges.example/issuer",
        "publicKeyJwk": sample::KEY.jwk(),
    });
    let list = json!({
        "@context": OB2, "type": "RevocationList", "id": "https://badges.example/r", "issuer": "https://badges.example/issuer",
        "revokedAssertions": ["urn:uuid:1", { "id": "https://badges.example/z", "revocationReason": "r" }, { "uid": "9" }],
    });
    write("signed", &[&signed, &class, &key.to_string(), &profile, &list.to_string()]);
    let old = json!({
        "uid": "9", "recipient": { "type": "email", "hashed": false, "identity": "ana@partner.example" },
        "badge": "https://badges.example/b", "verify": { "type": "hosted", "url": "https://badges.example/a" }, "issuedOn": 1_772_357_400,
    });
    write("old", &[&old.to_string(), &old.to_string(), &class, &profile]);
}

fn badges() {
    let write = |name: &str, known: char, documents: &[&str]| {
        let mut bytes = vec![u8::try_from(known).expect("a letter")];
        bytes.extend(parts(documents));
        write("verify", name, bytes);
    };
    let di = |document: Value| format!("di:{document}");
    let own = || badge(&sample::DID);
    write("listed", 'A', &[&di(own())]);
    write("ours-and-recorded", 'R', &[&di(own())]);
    write("ours-and-revoked", 'S', &[&di(own())]);
    write("unlisted", '@', &[&di(own())]);
    write("of-a-holder", 'I', &[&di(own())]);
    write("signed", 'A', &[&signed()]);
    write("as-of", 'E', &[&di(own())]);
    let entry = json!({
        "id": "https://badges.example/lists/1#5", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": "5", "statusListCredential": "https://badges.example/lists/1",
    });
    let list_of = |places: &[usize]| {
        json!({
            "@context": [VC2], "id": "https://badges.example/lists/1", "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": *sample::DID, "validFrom": "2026-03-01T09:30:00Z",
            "credentialSubject": {
                "id": "https://badges.example/lists/1#list", "type": "BitstringStatusList",
                "statusPurpose": "revocation", "encodedList": list(places),
            },
        })
    };
    let with_status = with(own(), "credentialStatus", entry);
    write("status-clear", 'A', &[&di(with_status.clone()), &di(list_of(&[6]))]);
    write("status-set", 'A', &[&di(with_status.clone()), &di(list_of(&[5]))]);
    write("status-token", 'A', &[&di(with_status), &format!("jwt:{}", list_of(&[6]))]);
    let refresh = json!({ "id": "https://badges.example/new", "type": "1EdTechCredentialRefresh" });
    write(
        "refresh",
        'A',
        &[&di(with(own(), "refreshService", refresh)), &di(with(own(), "validFrom", json!("2026-04-01T00:00:00Z")))],
    );
    let revocation = json!({ "id": "https://badges.example/revoked", "type": "1EdTechRevocationList" });
    let revoked = json!({
        "id": "https://badges.example/revoked", "issuer": *sample::DID,
        "revokedCredential": [{ "id": "https://badges.example/credentials/2", "revoked": true, "revocationReason": "r" }],
    });
    write("revocation-list", 'A', &[&di(with(own(), "credentialStatus", revocation)), &revoked.to_string()]);
    let web = "did:web:badges.example";
    let keys = json!({
        "@context": ["https://www.w3.org/ns/did/v1"], "id": web,
        "verificationMethod": [{
            "id": format!("{web}#{}", sample::KEY.multibase()), "type": "Multikey", "controller": web,
            "publicKeyMultibase": sample::KEY.multibase(),
        }],
        "assertionMethod": [format!("{web}#{}", sample::KEY.multibase())],
    });
    write("did-web", 'A', &[&di(badge(web)), &keys.to_string()]);
    write("token", 'A', &[&format!("jwt:{}", own())]);
    write("receipt", 'A', &[&format!("receipt:{}", receipt())]);
    let turned = receipt().replacen(r#""headline":""#, r#""headline":"\u202e\n"#, 1);
    write("receipt-that-turns-text-around", '@', &[&format!("receipt:{turned}")]);
    let endorsement = json!({
        "@context": [VC2, OB3], "id": "urn:uuid:9", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": { "id": *sample::DID, "type": ["Profile"] }, "validFrom": "2026-03-01T09:30:00Z", "name": "E",
        "credentialSubject": { "id": "https://badges.example/credentials/7K3QX9M2TR4HB6WD", "type": ["EndorsementSubject"], "endorsementComment": "c" },
    });
    let endorsement: Value =
        serde_json::from_str(&text(sample::embedded(endorsement.to_string().as_bytes()))).expect("JSON");
    write("endorsed", 'A', &[&di(with(own(), "endorsement", json!([endorsement])))]);
    let held: Value = serde_json::from_str(&signed()).expect("JSON");
    let presentation = json!({
        "@context": [VC2], "type": ["VerifiablePresentation"], "holder": *sample::DID, "verifiableCredential": [held],
    });
    write("presentation", 'A', &[&di(presentation)]);
    let old = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],
        "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "id": *sample::DID, "type": "Profile" }, "issuanceDate": "2026-03-01T09:30:00Z",
        "credentialSubject": own()["credentialSubject"],
    });
    write("version-1", 'A', &[&di(old.clone())]);
    let claims = json!({ "iss": *sample::DID, "jti": "urn:uuid:1", "nbf": 1_772_357_400, "vc": old });
    write("token-of-version-1", 'A', &[&format!("jwt:{claims}")]);
    let documents = did::document(&sample::DID, &[]);
    write("did-document", '@', &[&documents.to_string()]);
}
