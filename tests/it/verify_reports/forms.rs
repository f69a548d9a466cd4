//! Files and texts in which badges come, and what is none.

use assay::render::bake;
use assay::verification::{Malformed, Verdict, inspect, malformed, not_found, read};

use super::{NOW, facts};
use crate::badges::{Office, at};

#[test]
fn what_is_no_credential_is_refused_by_name() {
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let problem = read(bytes).expect_err("must be refused");
        assert!(problem.to_string().contains(expected), "{problem}");
        let report = malformed(&problem, at(NOW));
        assert_eq!(report.verdict, Verdict::Malformed);
        assert!(report.headline.contains(expected), "{}", report.headline);
    }
    check(b"", "empty");
    check(b" \n", "empty");
    check(b"hello", "neither a badge picture nor a credential");
    check(b"\xff\xd8\xff\xe0\x00\x10JFIF", "neither a badge picture nor a credential");
    check(b"{\"name\": \"caf\xe9\"}", "not UTF-8");
    check(b"[1]", "not an object");
    check(b"{\"a\": 1", "cannot be read");
    check(b"{\"a\": 1, \"a\": 2}", "cannot be read");
    check(b"<html><body>", "neither a badge picture nor a credential");
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "carries no credential");
    check(b"\x89PNG\r\n\x1a\n", "picture");
    check(b"eyJhbGciOiJub25lIn0.e30.c2ln", "the signed text cannot be read");
    check(br#"{"type": "VerifiablePresentation"}"#, "presentation of 0 credentials");
    check(br#"{"type": "VerifiablePresentation", "verifiableCredential": [{}, {}]}"#, "presentation of 2 credentials");
    check(&vec![b' '; 10 * 1024 * 1024 + 1], "more than 10485760");
    check(format!("{{\"a\": \"{}\"}}", "x".repeat(1024 * 1024)).as_bytes(), "more than 1048576");
    check(format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes(), "cannot be read");
    assert!(matches!(read(b""), Err(Malformed::Empty)));
}

#[test]
fn a_number_without_a_public_record_is_answered_in_one_way() {
    let report = not_found(at(NOW));
    assert_eq!(report.verdict, Verdict::NotFound);
    assert!(report.headline.starts_with("No public record under this number"));
}

#[test]
fn baked_pictures_are_read_like_the_credential_itself() {
    let office = Office::local();
    let credential = office.issue(|_| {});
    let svg = bake::svg("<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>", credential.text()).unwrap();
    let presented = read(svg.as_bytes()).unwrap();
    assert_eq!(presented.text(), credential.text());
    assert_eq!(inspect(&presented, &facts(&office)).verdict, Verdict::Valid);
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    assert!(matches!(read(&png), Err(Malformed::NothingBaked)));
    let baked = bake::png(&png, credential.text()).unwrap();
    assert_eq!(read(&baked).unwrap().text(), credential.text());
}
