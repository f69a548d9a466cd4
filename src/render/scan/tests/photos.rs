//! Photos and screenshots as people send them.

use image::{DynamicImage, ImageFormat};
use qrcode::{EcLevel, QrCode, Version};

use super::photo::{Photo, seen_from_left, square};
use crate::render::scan::{MAX_SYMBOLS, MAX_TEXT, ScanError, read_qr};

const TEXT: &str = "HTTPS://BADGES.EXAMPLE.COM/V/1PC6XBNEW2MEB4X5";

#[track_caller]
fn check(bytes: &[u8]) {
    assert_eq!(read_qr(bytes), Ok(vec![TEXT.to_owned()]));
}

fn on_a_wall(side: f64, degrees: f64) -> Photo {
    Photo::scene(800, 600).symbol(TEXT, square((210.0, 120.0), side, degrees))
}

#[test]
fn a_symbol_is_read_at_any_angle_and_size() {
    for degrees in [0.0, 4.0, 17.0, 45.0, 90.0, 183.0, 300.0] {
        check(&on_a_wall(300.0, degrees).jpeg(80));
    }
    for side in [80.0, 130.0, 400.0] {
        check(&on_a_wall(side, 3.0).jpeg(80));
    }
}

#[test]
fn a_symbol_is_read_when_it_is_seen_from_an_angle() {
    for shorter in [0.1, 0.25, 0.4] {
        check(&Photo::scene(800, 600).symbol(TEXT, seen_from_left((200.0, 100.0), 350.0, shorter)).jpeg(80));
    }
    // Version 1 has no alignment pattern that would say how it lies.
    let small = Photo::scene(800, 600).symbol("HELLO", seen_from_left((200.0, 100.0), 350.0, 0.2)).jpeg(80);
    assert_eq!(read_qr(&small), Ok(vec!["HELLO".to_owned()]));
}

#[test]
fn a_bad_photo_is_read() {
    check(&on_a_wall(300.0, 4.0).blurred(2.5).jpeg(80));
    check(&on_a_wall(300.0, 4.0).noisy(40).jpeg(80));
    check(&on_a_wall(300.0, 4.0).faded(120, 135).jpeg(90));
    check(&on_a_wall(300.0, 4.0).shaded().jpeg(80));
    check(&on_a_wall(300.0, 4.0).jpeg(8));
    check(&on_a_wall(300.0, 4.0).inverted().jpeg(80));
    check(&on_a_wall(300.0, 4.0).mirrored().jpeg(80));
    let all = Photo::scene(800, 600).symbol(TEXT, seen_from_left((200.0, 100.0), 350.0, 0.15));
    check(&all.blurred(1.0).noisy(12).faded(60, 200).shaded().jpeg(60));
}

#[test]
fn a_small_symbol_in_a_large_photo_is_read() {
    check(&Photo::scene(2400, 1800).symbol(TEXT, square((1500.0, 1100.0), 90.0, 5.0)).jpeg(75));
}

#[test]
fn the_smallest_symbols_of_a_screenshot_are_read() {
    for module in [1.0, 2.0] {
        let (side, edge) = (37.0 * module, 41.0 * module);
        check(&Photo::paper(edge as u32, edge as u32).symbol(TEXT, square((2.0, 2.0), side, 0.0)).png());
    }
}

#[test]
fn several_symbols_are_read_each_once() {
    let texts: Vec<String> = (0..MAX_SYMBOLS).map(|n| format!("HTTPS://X.EXAMPLE/V/{n:02}")).collect();
    let place = |n: usize| square((15.0 + 250.0 * (n % 4) as f64, 15.0 + 250.0 * (n / 4) as f64), 200.0, n as f64);
    let sheet = |texts: &[String]| {
        let each = texts.iter().enumerate();
        each.fold(Photo::paper(1000, 1300), |photo, (n, text)| photo.symbol(text, place(n)))
    };
    let mut read = read_qr(&sheet(&texts).jpeg(80)).unwrap();
    read.sort();
    assert_eq!(read, texts);
    let twice = [texts[0].clone(), texts[1].clone(), texts[0].clone()];
    let mut read = read_qr(&sheet(&twice).png()).unwrap();
    read.sort();
    assert_eq!(read, texts[..2]);
    let one_more = [texts, vec!["HTTPS://X.EXAMPLE/V/16".to_owned()]].concat();
    assert_eq!(read_qr(&sheet(&one_more).png()), Err(ScanError::TooManySymbols { most: MAX_SYMBOLS }));
}

#[test]
fn symbols_of_any_version_are_read() {
    for version in [2, 6, 7, 13, 20, 27] {
        let text = if version == 2 { &TEXT[8..30] } else { TEXT };
        let code = QrCode::with_version(text, Version::Normal(version), EcLevel::M).unwrap();
        let photo = Photo::paper(700, 700).symbol_of(&code, seen_from_left((20.0, 20.0), 640.0, 0.05), (20, 245));
        assert_eq!(read_qr(&photo.jpeg(85)), Ok(vec![text.to_owned()]), "version {version}");
    }
}

#[test]
fn a_long_text_is_read_up_to_its_bound() {
    let photo = |text: &str| {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
        let side = (code.width() + 8) as f64 * 4.0;
        Photo::paper(side as u32, side as u32).symbol_of(&code, square((0.0, 0.0), side, 0.0), (0, 255)).png()
    };
    let longest = "A".repeat(MAX_TEXT);
    assert_eq!(read_qr(&photo(&longest)), Ok(vec![longest]));
    assert_eq!(read_qr(&photo(&"A".repeat(MAX_TEXT + 1))), Err(ScanError::TextTooLong { most: MAX_TEXT }));
}

#[test]
fn every_format_and_every_kind_of_pixels_is_read() {
    let photo = on_a_wall(300.0, 4.0);
    check(&photo.png());
    check(&photo.webp());
    let grey = DynamicImage::ImageLuma8(photo.0);
    let kinds = [
        grey.clone(),
        DynamicImage::ImageLumaA8(grey.to_luma_alpha8()),
        DynamicImage::ImageRgb16(grey.to_rgb16()),
        DynamicImage::ImageRgba8(grey.to_rgba8()),
    ];
    for kind in kinds {
        let mut bytes = std::io::Cursor::new(Vec::new());
        kind.write_to(&mut bytes, ImageFormat::Png).unwrap();
        check(&bytes.into_inner());
    }
}

#[test]
fn a_transparent_ground_is_paper() {
    let mut drawing =
        DynamicImage::ImageLuma8(Photo::paper(300, 300).symbol(TEXT, square((20.0, 20.0), 260.0, 0.0)).0).to_rgba8();
    for pixel in drawing.pixels_mut() {
        pixel.0 = [0, 0, 0, if pixel.0[0] > 127 { 0 } else { 255 }];
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawing.write_to(&mut bytes, ImageFormat::Png).unwrap();
    check(&bytes.into_inner());
}

#[test]
fn a_picture_without_symbols_says_nothing() {
    assert_eq!(read_qr(&Photo::scene(400, 300).jpeg(80)), Ok(vec![]));
    assert_eq!(read_qr(&Photo::paper(1, 1).png()), Ok(vec![]));
}
