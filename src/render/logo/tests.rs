//! Logos that are taken, and those that are not.

use super::*;

fn svg(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10">{inside}</svg>"#
    )
}

#[track_caller]
fn check(bytes: &[u8], expected: Result<(&str, f32), &str>) {
    let got = Logo::parse(bytes).map(|l| (l.media_type(), l.aspect())).map_err(|e| e.to_string());
    match (&got, expected) {
        (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
        _ => assert_eq!(got.as_ref().map(|&(m, a)| (m, a)).map_err(String::as_str), expected),
    }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x, y, x * y].map(|v| v.to_le_bytes()[0])));
    DynamicImage::ImageRgb8(image).write_to(&mut out, format).unwrap();
    out.into_inner()
}

#[test]
fn drawings_and_pictures_are_taken() {
    check(svg(r##"<path d="M0 0h9v9z" fill="#f00"/>"##).as_bytes(), Ok(("image/svg+xml", 2.0)));
    let styled = "<style>/* a b c { */ .a, g > .b { fill: #f00; font: bold 9px 'A B', c } @media x { .c{} }</style>\
                  <path class='a' d='M0 0h9v9z' é='1'/>";
    check(svg(styled).as_bytes(), Ok(("image/svg+xml", 2.0)));
    check(
        format!("\u{FEFF}<?xml version='1.0'?>{}", svg("<text y='9'>Ab</text>")).as_bytes(),
        Ok(("image/svg+xml", 2.0)),
    );
    check(&picture(40, 20, ImageFormat::Png), Ok(("image/png", 2.0)));
    check(&picture(900, 900, ImageFormat::Jpeg), Ok(("image/jpeg", 1.0)));
    let small = Logo::parse(&picture(900, 900, ImageFormat::Jpeg)).unwrap();
    assert!(small.bytes().len() < 80_000, "{small:?}");
}

#[test]
fn what_runs_or_reaches_out_is_refused() {
    for (inside, what) in [
        ("<script>alert(1)</script>", "an element script"),
        ("<foreignObject/>", "an element foreignObject"),
        ("<image href='data:image/png;base64,AAAA'/>", "an element image"),
        ("<g onclick='x()'/>", "the event attribute onclick"),
        ("<use href='https://x.example/a.svg#b'/>", "a reference outside"),
        ("<use xlink:href='file:///etc/passwd'/>", "a reference outside"),
        ("<a href='javascript:x()'><path d='M0 0h1v1z'/></a>", "a reference outside"),
        ("<style>@import 'https://x.example/a.css';</style>", "a reference outside"),
        ("<style>a{fill:URL( \"https://x.example/a\" )}</style>", "a reference outside"),
        ("<path fill='url(https://x.example/a)' d='M0 0h1v1z'/>", "a reference outside"),
    ] {
        check(svg(inside).as_bytes(), Err(what));
    }
}

#[test]
fn what_explodes_is_refused() {
    let mut bomb = String::from("<g id='l0'><path d='M0 0h1v1z'/></g>");
    for i in 1..12 {
        let uses = format!("<use href='#l{}'/>", i - 1).repeat(10);
        bomb = format!("{bomb}<g id='l{i}'>{uses}</g>");
    }
    check(svg(&bomb).as_bytes(), Err("multiply"));
    check(svg("<g id='a'><use href='#a'/></g>").as_bytes(), Err("multiply"));
    check(svg(&("<g>".repeat(100) + &"</g>".repeat(100))).as_bytes(), Err("nested deeper than 64"));
    check(svg(&"<g/>".repeat(20_001)).as_bytes(), Err("cannot be read"));
    check(svg(&"<filter/>".repeat(9)).as_bytes(), Err("more than 8"));
    check(svg(&format!("<a {}/>", "b='' ".repeat(65))).as_bytes(), Err("more than 64 attributes at one element"));
    check(svg(&"<a xmlns:b='c'/>".repeat(257)).as_bytes(), Err("more than 256 declarations"));
    let rules = format!("<style>{}</style>{}", ".a{fill:red}".repeat(2_000), "<path/>".repeat(2_000));
    check(svg(&rules).as_bytes(), Err("more rules of style"));
    let combined = format!("<style>{}x {{fill:red}}</style>{}{}", "g ".repeat(9), "<g>".repeat(60), "</g>".repeat(60));
    check(svg(&combined).as_bytes(), Err("elements within elements within elements"));
    check(
        br#"<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>"#,
        Err("cannot be read"),
    );
    check(&vec![b'<'; MAX_SVG + 1], Err("at most 262144"));
    check(&[b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; MAX_RASTER]].concat(), Err("at most 4194304"));
    check(&picture(MAX_SIDE + 1, 10, ImageFormat::Png), Err("6001 x 10"));
    let mut large = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(3_001, 2_000).write_to(&mut large, ImageFormat::Png).unwrap();
    check(large.get_ref(), Err("at most 6000 on a side and 6000000 in all"));
    check(&picture(400, 2, ImageFormat::Png), Err("twenty times"));
}

/// Each of these took minutes to draw.
#[test]
fn what_takes_long_to_draw_is_refused() {
    for inside in [
        "<path stroke='red' stroke-dasharray='.0001' d='M0 0L9 9'/>".repeat(9),
        format!("<path d='M0 0{}'/>", "L9 9L0 9".repeat(30_000)),
        format!(
            "<filter id='a'>{}</filter>{}",
            "<feGaussianBlur stdDeviation='900'/>".repeat(50),
            "<path filter='url(#a)' d='M0 0L9 9V0'/>".repeat(900)
        ),
        format!("<mask id='a'><path d='M0 0h9v9z'/></mask>{}", "<path mask='url(#a)' d='M0 0h9v9z'/>".repeat(3_000)),
        format!(
            "<pattern id='a' width='1' height='1'><path d='M0 0h9v9z'/></pattern>{}",
            "<path fill='url(#a)' d='M0 0h9v9z'/>".repeat(3_000)
        ),
        "<g opacity='.5'><path d='M0 0h9v9z'/><path d='M0 0h9v9z'/></g>".repeat(3_000),
    ] {
        check(svg(&inside).as_bytes(), Err("to draw it takes too long"));
    }
    check(svg("<path marker-mid='url(#a)'/><marker id='a'/>").as_bytes(), Err("an element marker"));
    check(svg(&"<text y='9'>MWMWMWMWMW</text>".repeat(1_000)).as_bytes(), Err("multiply"));
    check(
        svg("<path stroke='red' stroke-dasharray='1 2' d='M0 0L9 9'/><text y='9'>Northwind</text>").as_bytes(),
        Ok(("image/svg+xml", 2.0)),
    );
}

#[test]
fn other_bytes_are_not_pictures() {
    check(b"", Err("neither SVG"));
    check(b"GIF89a......", Err("neither SVG"));
    check(b"hello", Err("neither SVG"));
    check(b"\xff\xfe\x00", Err("neither SVG"));
    check(b"<html></html>", Err("cannot be read"));
    check(&picture(40, 20, ImageFormat::Png)[..60], Err("cannot be read"));
}
