//! Baking and un-baking, with hostile pictures.

use std::io::Write as _;

use proptest::prelude::*;

use super::*;

const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>"#;

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend_from_slice(data);
    let mut out = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(&body);
    out.extend_from_slice(&crc32fast::hash(&body).to_be_bytes());
    out
}

/// A grey pixel, with these chunks between its header and its data.
fn pixel(extra: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    out.extend(chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    for chunk in extra {
        out.extend(chunk);
    }
    out.extend(chunk(*b"IDAT", &zlib(&[0, 128])));
    out.extend(chunk(*b"IEND", &[]));
    out
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn itxt(keyword: &str, flag: u8, method: u8, text: &[u8]) -> Vec<u8> {
    chunk(*b"iTXt", &[keyword.as_bytes(), &[0, flag, method, 0, 0], text].concat())
}

#[track_caller]
fn check_png(picture: &[u8], expected: &Result<Option<String>, BakeError>) {
    assert_eq!(&unbake_png(picture), expected);
}

#[test]
fn a_png_is_baked_as_the_specification_says() {
    let baked = png(&pixel(&[]), "{\"ä\":1}").unwrap();
    let expected = pixel(&[chunk(*b"iTXt", b"openbadgecredential\0\0\0\0\0{\"\xC3\xA4\":1}")]);
    assert_eq!(baked, expected);
    check_png(&baked, &Ok(Some("{\"ä\":1}".into())));
    check_png(&pixel(&[]), &Ok(None));
}

#[test]
fn baking_again_replaces_what_was_there() {
    let once = png(&pixel(&[]), "first").unwrap();
    let twice = png(&once, "second").unwrap();
    assert_eq!(twice, png(&pixel(&[]), "second").unwrap());
    let two = pixel(&[itxt("openbadgecredential", 0, 0, b"a"), itxt("openbadgecredential", 0, 0, b"b")]);
    check_png(&two, &Err(BakeError::SeveralCredentials { count: 2 }));
    check_png(&png(&two, "c").unwrap(), &Ok(Some("c".into())));
    for kind in [*b"tEXt", *b"zTXt"] {
        let in_the_wrong_chunk = pixel(&[chunk(kind, b"openbadgecredential\0{}")]);
        check_png(&png(&in_the_wrong_chunk, "c").unwrap(), &Ok(Some("c".into())));
    }
    let nested = SQUARE.replace(
        "<path",
        r#"<a:credential xmlns:a="https://purl.imsglobal.org/ob/v3p0">a<a:credential>b</a:credential></a:credential><path"#,
    );
    check_svg(&nested, &Err(BakeError::SeveralCredentials { count: 2 }));
    assert_eq!(svg(&nested, "{}").unwrap(), svg(SQUARE, "{}").unwrap());
}

#[test]
fn text_chunks_of_others_are_read_within_bounds() {
    check_png(&pixel(&[itxt("openbadgecredential", 1, 0, &zlib(b"{}"))]), &Ok(Some("{}".into())));
    check_png(
        &pixel(&[itxt("openbadgecredential", 1, 0, &zlib(&vec![b' '; 9_000_000]))]),
        &Err(BakeError::CredentialTooLong),
    );
    check_png(
        &pixel(&[itxt("openbadgecredential", 0, 0, &vec![b' '; MAX_CREDENTIAL + 1])]),
        &Err(BakeError::CredentialTooLong),
    );
    // As Open Badges 2.0 and 1.x have it.
    let address = "https://x.example/1";
    check_png(&pixel(&[itxt("openbadges", 0, 0, b"{}")]), &Ok(Some("{}".into())));
    check_png(&pixel(&[itxt("openbadges", 1, 0, &zlib(b"{}"))]), &Ok(Some("{}".into())));
    check_png(&pixel(&[chunk(*b"tEXt", b"openbadges\0https://x.example/1")]), &Ok(Some(address.into())));
    let packed = [b"openbadges\0\0".as_slice(), &zlib(address.as_bytes())].concat();
    check_png(&pixel(&[chunk(*b"zTXt", &packed)]), &Ok(Some(address.into())));
    let bomb = [b"openbadges\0\0".as_slice(), &zlib(&vec![b' '; 2 * MAX_CREDENTIAL])].concat();
    check_png(&pixel(&[chunk(*b"zTXt", &bomb)]), &Err(BakeError::CredentialTooLong));
    for cut in [b"openbadges".as_slice(), b"openbadges\0"] {
        assert!(matches!(unbake_png(&pixel(&[chunk(*b"zTXt", cut)])), Err(BakeError::MalformedText { .. })));
    }
    // A credential of today counts before an assertion of then; two of a kind are one too many.
    let both = pixel(&[itxt("openbadges", 0, 0, b"{}"), itxt("openbadgecredential", 0, 0, b"[]")]);
    check_png(&both, &Ok(Some("[]".into())));
    let two = pixel(&[itxt("openbadges", 0, 0, b"a"), itxt("openbadges", 0, 0, b"b")]);
    check_png(&two, &Err(BakeError::SeveralCredentials { count: 2 }));
    check_png(&pixel(&[chunk(*b"tEXt", b"Comment\0openbadgecredential")]), &Ok(None));
    for (broken, why) in [
        (itxt("openbadgecredential", 1, 0, b"nonsense"), "its compressed text is broken"),
        (itxt("openbadgecredential", 2, 0, b"{}"), "its compression is unknown"),
        (itxt("openbadgecredential", 0, 0, b"\xff"), "its text is not UTF-8"),
        (chunk(*b"iTXt", b"openbadgecredential"), "it ends after the keyword"),
        (chunk(*b"iTXt", b"openbadgecredential\0\0"), "it ends before its compression method"),
        (chunk(*b"iTXt", b"openbadgecredential\0\0\0\0"), "it ends before its text"),
        (chunk(*b"tEXt", b"openbadgecredential\0{}"), "a credential belongs into an iTXt chunk"),
    ] {
        check_png(&pixel(&[broken]), &Err(BakeError::MalformedText { at: 33, why }));
    }
}

#[test]
fn hostile_png_pictures_are_refused_with_facts() {
    let good = png(&pixel(&[]), "{}").unwrap();
    for cut in 0..good.len() {
        let expected = match cut {
            0..8 => BakeError::NotPng,
            _ => BakeError::Truncated { at: [8, 33, 76, 98].into_iter().rfind(|&at| at <= cut).unwrap() },
        };
        let got = unbake_png(&good[..cut]).unwrap_err();
        assert_eq!(std::mem::discriminant(&got), std::mem::discriminant(&expected), "cut at {cut}");
    }
    let mut flipped = good.clone();
    flipped[60] ^= 1;
    check_png(&flipped, &Err(BakeError::WrongChecksum { chunk: "iTXt".into(), at: 33 }));
    let mut huge = good[..33].to_vec();
    huge.extend_from_slice(b"\xff\xff\xff\xffiTXt");
    check_png(&huge, &Err(BakeError::Truncated { at: 33 }));
    check_png(&[good[..8].to_vec(), chunk(*b"IDAT", b"")].concat(), &Err(BakeError::NoHeader));
    check_png(&pixel(&vec![chunk(*b"tEXt", b"a\0b"); 20_000]), &Err(BakeError::TooManyChunks { most: 20_000 }));
    check_png(
        &vec![0; MAX_PICTURE + 1],
        &Err(BakeError::PictureTooLarge { bytes: MAX_PICTURE + 1, most: MAX_PICTURE }),
    );
    assert_eq!(png(&good, &"x".repeat(MAX_CREDENTIAL + 1)), Err(BakeError::CredentialTooLong));
}

#[track_caller]
fn check_svg(picture: &str, expected: &Result<Option<&str>, BakeError>) {
    assert_eq!(unbake_svg(picture), expected.clone().map(|t| t.map(str::to_owned)), "{picture:.200}");
}

#[test]
fn an_svg_is_baked_as_the_specification_says() {
    let head = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">"#;
    let json = svg(SQUARE, r#"{"a":"]]>"}"#).unwrap();
    let element = r#"<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">"#;
    assert!(json.starts_with(&format!("{head}{element}<![CDATA[")), "{json}");
    check_svg(&json, &Ok(Some(r#"{"a":"]]>"}"#)));
    let jws = svg(SQUARE, "eyJ0.e30.c2ln").unwrap();
    assert!(jws.contains(r#" verify="eyJ0.e30.c2ln"/><path"#), "{jws}");
    check_svg(&jws, &Ok(Some("eyJ0.e30.c2ln")));
    check_svg(&svg(&jws, "{}").unwrap(), &Ok(Some("{}")));
    assert_eq!(svg(&jws, "{}").unwrap(), svg(SQUARE, "{}").unwrap());
    check_svg(SQUARE, &Ok(None));
}

#[test]
fn opening_tags_of_all_kinds_are_found() {
    for picture in [
        r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#,
        r#"<?xml version="1.0"?><!-- <svg> --><svg xmlns='http://www.w3.org/2000/svg' data-x="a>b"></svg>"#,
        r#"<s:svg xmlns:s="http://www.w3.org/2000/svg" />"#,
    ] {
        check_svg(&svg(picture, "{}").unwrap(), &Ok(Some("{}")));
    }
}

#[test]
fn svg_of_others_is_read_and_hostile_svg_refused() {
    let with = |inside: &str| {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">{inside}</svg>"#
        )
    };
    check_svg(&with("<openbadges:credential>\n<![CDATA[ {} ]]>\n</openbadges:credential>"), &Ok(Some("{}")));
    check_svg(&with(r#"<g><openbadges:credential verify="a.b.c"></openbadges:credential></g>"#), &Ok(Some("a.b.c")));
    let two = with("<openbadges:credential>1</openbadges:credential><openbadges:credential>2</openbadges:credential>");
    check_svg(&two, &Err(BakeError::SeveralCredentials { count: 2 }));
    let empty = BakeError::NotSvg { why: "its openbadges element is empty".into() };
    check_svg(&with("<openbadges:credential/>"), &Err(empty.clone()));
    let earlier =
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="http://openbadges.org"><o:assertion verify="x"/></svg>"#;
    check_svg(earlier, &Ok(Some("x")));
    let hosted = earlier.replace("\"/>", "\"><![CDATA[{}]]></o:assertion>");
    check_svg(&hosted, &Ok(Some("{}")));
    check_svg(&earlier.replace(" verify=\"x\"", ""), &Err(empty));
    for hostile in [
        "",
        "<svg",
        "<html/>",
        "<svg/>",
        r#"<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>"#,
        &with("&unknown;"),
    ] {
        assert!(matches!(unbake_svg(hostile), Err(BakeError::NotSvg { .. })), "{hostile:.100}");
    }
    assert!(matches!(unbake_svg(&" ".repeat(MAX_SVG + 1)), Err(BakeError::PictureTooLarge { most: MAX_SVG, .. })));
    assert_eq!(svg(SQUARE, "a\u{1}b"), Err(BakeError::Unwritable { code: 1 }));
}

/// Each of these took seconds of a parser that reads whatever it is given: namespaces are cubic, attributes quadratic.
#[test]
fn svg_that_costs_more_than_it_weighs_is_refused_and_told_why() {
    let list = |count: usize, item: fn(usize) -> String| (0..count).map(item).collect::<String>();
    let around = |attributes: &str, inside: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>"#)
    };
    let prefixes = list(3_000, |n| format!("xmlns:r{n}='r{n}' "));
    let children = list(3_000, |n| format!("<a xmlns:b='c{n}'/>"));
    for (picture, why) in [
        (around(&prefixes, &children), "more than 64 attributes at one element"),
        (around(&list(30_000, |n| format!("a{n}='' ")), ""), "more than 64 attributes at one element"),
        (around("", &children), "more than 256 declarations of namespaces"),
        (around("", &list(257, |n| format!("<a xmlns:b{n}='c'>"))), "more than 256 declarations of namespaces"),
        (around("", &"<g>".repeat(200_000)), "nested deeper than 256"),
        (around("", &"<g/>".repeat(20_000)), "more than 20000 elements"),
    ] {
        let error = unbake_svg(&picture).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

proptest! {
    #[test]
    fn what_is_baked_into_a_png_comes_out(text in any::<String>()) {
        prop_assert_eq!(unbake_png(&png(&pixel(&[]), &text).unwrap()).unwrap(), Some(text));
    }

    #[test]
    fn what_is_baked_into_an_svg_comes_out(text in r#"\{("|\]|\]\]>|<|&amp;|é|漢|👩|\r|\n|.){0,40}\}"#) {
        prop_assume!(text.chars().all(|c| c >= ' ' || c == '\r' || c == '\n'));
        prop_assume!(!text.contains(['\u{FFFE}', '\u{FFFF}']));
        prop_assert_eq!(unbake_svg(&svg(SQUARE, &text).unwrap()).unwrap(), Some(text));
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        drop(unbake_png(&[b"\x89PNG\r\n\x1a\n".as_slice(), &bytes].concat()));
        drop(unbake_svg(&String::from_utf8_lossy(&bytes)));
    }
}
