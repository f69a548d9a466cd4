//! Pictures that are made to harm: each is refused or costs no more than others.

use image::{GrayImage, Luma};
use proptest::prelude::*;

use super::photo::{Photo, square};
use crate::render::scan::{
    MAX_BYTES_PNG, MAX_FILE, MAX_PIXELS, MAX_PIXELS_PASSES, MAX_PIXELS_PNG, MAX_PIXELS_WEBP, MAX_SCANS, MAX_SIDE,
    ScanError, read_qr,
};

#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    let refused = read_qr(bytes).expect_err("a refusal").to_string();
    assert!(refused.contains(expected), "{refused}");
}

#[test]
fn what_is_no_picture_is_refused() {
    check(b"", "neither PNG, JPEG nor WebP");
    check(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "neither PNG, JPEG nor WebP");
    check(b"\x89PNG\r\n\x1a\n", "cannot be read");
    check(b"\xff\xd8\xff\xe0", "cannot be read");
    check(b"RIFF\x04\x00\x00\x00WEBP", "cannot be read");
    let png = Photo::scene(100, 100).png();
    check(&png[..png.len() / 2], "cannot be read");
}

#[test]
fn a_large_file_is_refused() {
    let mut bytes = Photo::paper(2, 2).png();
    bytes.resize(MAX_FILE, 0);
    assert_eq!(read_qr(&bytes), Ok(vec![]), "what follows a picture is left alone");
    bytes.push(0);
    assert_eq!(read_qr(&bytes), Err(ScanError::TooLarge { bytes: MAX_FILE + 1, most: MAX_FILE }));
}

/// Eight bits of brightness.
const GREY: [u8; 2] = [8, 0];
/// Sixteen bits each of red, green, blue and opacity.
const DEEP: [u8; 2] = [16, 6];

/// A PNG that announces so many pixels of a kind (W3C PNG, 11.2.1) and has none.
fn announced(width: u32, height: u32, kind: [u8; 2]) -> Vec<u8> {
    let mut png = Photo::paper(1, 1).png();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    png[24..26].copy_from_slice(&kind);
    let sum = crc32fast::hash(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

#[test]
fn dimensions_are_refused_before_anything_is_decoded() {
    let refused = |width, height, kind, pixels| {
        let expected = ScanError::Dimensions { width, height, side: MAX_SIDE, pixels };
        assert_eq!(read_qr(&announced(width, height, kind)), Err(expected));
    };
    refused(MAX_SIDE + 1, 1, GREY, MAX_PIXELS_PNG);
    refused(1, MAX_SIDE + 1, GREY, MAX_PIXELS_PNG);
    refused(4001, 2500, GREY, MAX_PIXELS_PNG);
    check(&announced(4000, 2500, GREY), "cannot be read");
    refused(2001, 2250, DEEP, MAX_BYTES_PNG / 8);
    check(&announced(2000, 2250, DEEP), "cannot be read");
    let webp = Photo::paper(2001, 2000).webp();
    let expected = ScanError::Dimensions { width: 2001, height: 2000, side: MAX_SIDE, pixels: MAX_PIXELS_WEBP };
    assert_eq!(read_qr(&webp), Err(expected));
}

#[test]
fn a_photo_is_refused_by_the_size_that_it_announces() {
    let announced = |width: u16, height: u16| {
        let mut jpeg = Photo::paper(16, 16).jpeg(50);
        // Start of frame (ITU-T T.81, B.2.2): length, precision, lines, samples a line.
        let frame = jpeg.windows(2).position(|two| two == b"\xff\xc0").unwrap();
        jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        jpeg
    };
    let refused = |width: u16, height: u16| {
        let (wide, high) = (u32::from(width), u32::from(height));
        let expected = ScanError::Dimensions { width: wide, height: high, side: MAX_SIDE, pixels: MAX_PIXELS };
        assert_eq!(read_qr(&announced(width, height)), Err(expected));
    };
    refused(8_001, 1);
    refused(1, 8_001);
    refused(5_001, 5_000);
    assert!(!matches!(read_qr(&announced(5_000, 5_000)), Err(ScanError::Dimensions { .. })));
}

/// The same picture in several passes: whatever they say, the first of them is drawn.
fn in_passes(photo: &Photo, passes: usize) -> Vec<u8> {
    let jpeg = photo.jpeg(50);
    let scan = jpeg.windows(2).position(|two| two == b"\xff\xda").unwrap();
    let (head, scan) = (&jpeg[..scan], &jpeg[scan..jpeg.len() - 2]);
    [head, &scan.repeat(passes), b"\xff\xd9"].concat()
}

#[test]
fn a_jpeg_of_many_passes_is_refused() {
    let photo = Photo::paper(64, 64).symbol("HI", square((3.0, 3.0), 58.0, 0.0));
    assert_eq!(read_qr(&in_passes(&photo, 1)), Ok(vec!["HI".to_owned()]));
    let expected = ScanError::TooManyScans { scans: MAX_SCANS + 1, most: MAX_SCANS };
    assert_eq!(read_qr(&in_passes(&photo, MAX_SCANS + 1)), Err(expected));
    let large = in_passes(&Photo::paper(3001, 2000), 2);
    let expected = ScanError::Dimensions { width: 3001, height: 2000, side: MAX_SIDE, pixels: MAX_PIXELS_PASSES };
    assert_eq!(read_qr(&large), Err(expected));
}

#[test]
fn the_thumbnail_of_a_camera_is_no_pass_of_the_photo() {
    let photo = Photo::paper(64, 64).symbol("HI", square((3.0, 3.0), 58.0, 0.0)).jpeg(80);
    let thumbnails = Photo::paper(8, 8).jpeg(20).repeat(MAX_SCANS + 1);
    let length = u16::try_from(thumbnails.len() + 2).unwrap().to_be_bytes();
    let with = [&photo[..2], b"\xff\xe1", &length, &thumbnails, &photo[2..], &thumbnails].concat();
    assert_eq!(read_qr(&with), Ok(vec!["HI".to_owned()]));
}

#[test]
fn a_wall_of_finder_patterns_is_soon_given_up() {
    for module in [1, 3] {
        let wall = GrayImage::from_fn(500, 500, |x, y| {
            let (x, y) = (x / module % 9, y / module % 9);
            let ring = x.min(y) == 0 || x.max(y) == 6;
            let inner = (2..5).contains(&x) && (2..5).contains(&y);
            Luma([if x < 7 && y < 7 && (ring || inner) { 0 } else { 255 }])
        });
        assert_eq!(read_qr(&Photo(wall).png()), Ok(vec![]));
    }
}

/// Rectangles over one another: corners, edges and runs of all widths.
fn rectangles() -> impl Strategy<Value = Photo> {
    let one = (0_u32..160, 0_u32..160, 1_u32..60, 1_u32..60, any::<u8>());
    (1_u32..160, 1_u32..160, proptest::collection::vec(one, 0..80)).prop_map(|(width, height, rectangles)| {
        let mut picture = GrayImage::from_pixel(width, height, Luma([255]));
        for (left, top, wide, high, shade) in rectangles {
            for (x, y) in (left..left + wide).flat_map(|x| (top..top + high).map(move |y| (x, y))) {
                if x < width && y < height {
                    picture.put_pixel(x, y, Luma([shade]));
                }
            }
        }
        Photo(picture)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_picture_is_too_odd(photo in rectangles()) {
        read_qr(&photo.png()).unwrap();
    }

    /// Finder patterns in impossible places: whatever three of them suggest, nothing breaks.
    #[test]
    fn no_place_of_finder_patterns_is_too_odd(places in proptest::collection::vec((0_u32..150, 0_u32..150, 1_u32..6, 1_u32..6), 3..12)) {
        let mut picture = GrayImage::from_pixel(200, 200, Luma([255]));
        for (left, top, wide, high) in places {
            for (x, y) in (0..7 * wide).flat_map(|x| (0..7 * high).map(move |y| (x, y))) {
                let (u, v) = (x / wide, y / high);
                let light = (u.min(v) == 1 || u.max(v) == 5) && u.min(v) > 0 && u.max(v) < 6;
                if left + x < 200 && top + y < 200 {
                    picture.put_pixel(left + x, top + y, Luma([if light { 255 } else { 0 }]));
                }
            }
        }
        read_qr(&Photo(picture).png()).unwrap();
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(kind in 0..3, damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let photo = Photo::scene(60, 60).symbol("HI", square((4.0, 4.0), 50.0, 3.0));
        let mut bytes = match kind { 0 => photo.png(), 1 => photo.jpeg(70), _ => photo.webp() };
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _: Result<Vec<String>, ScanError> = read_qr(&bytes);
    }

    #[test]
    fn any_modules_are_decoded_or_not(seed: u32, module in 2_u32..5) {
        // The fixed patterns of a symbol, and chance for the rest.
        let code = qrcode::QrCode::new("HTTPS://EXAMPLE.COM/V/0").unwrap();
        let side = u32::try_from(code.width()).unwrap();
        let colors = code.to_colors();
        let mut state = seed;
        let chance: Vec<bool> = (0..side * side).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 31 == 1
        }).collect();
        let picture = GrayImage::from_fn((side + 8) * module, (side + 8) * module, |x, y| {
            let (Some(u), Some(v)) = ((x / module).checked_sub(4), (y / module).checked_sub(4)) else { return Luma([255]) };
            if u >= side || v >= side {
                return Luma([255]);
            }
            let at = (v * side + u) as usize;
            let data = u > 8 && v > 8 && (u < side - 9 || v < side - 9);
            Luma([if if data { chance[at] } else { colors[at] == qrcode::Color::Dark } { 0 } else { 255 }])
        });
        read_qr(&Photo(picture).png()).unwrap();
    }
}
