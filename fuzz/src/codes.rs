//! QR symbols in pictures.

use std::io::Cursor;

use assay::render::scan;
use image::{GrayImage, ImageFormat, Luma};

use crate::pictures::with_right_checksums;

/// An input that begins with this is drawn: then come the version of the symbol, the size of a module, and a bit of each.
pub const MODULES: u8 = b'M';

/// A picture as it stands, or one that is drawn.
pub fn qr(data: &[u8]) {
    if let [MODULES, version, scale, modules @ ..] = data {
        return look(&drawn(*version, *scale, modules));
    }
    look(data);
    look(&with_right_checksums(data));
}

fn look(picture: &[u8]) {
    let Ok(texts) = scan::read_qr(picture) else { return };
    assert!(texts.len() <= scan::MAX_SYMBOLS);
    assert!(texts.iter().all(|text| text.len() <= scan::MAX_TEXT));
    let mut once = texts.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), texts.len(), "each text once");
}

/// Small pictures only: a run that looks at few pictures finds little.
fn drawn(version: u8, scale: u8, modules: &[u8]) -> Vec<u8> {
    let side = 17 + 4 * u32::from(version.clamp(1, 10));
    let scale = 2 + u32::from(scale) % 3;
    let quiet = 4;
    let is_dark = |x: u32, y: u32| {
        let within = x >= quiet && y >= quiet && x < side + quiet && y < side + quiet;
        let at = || ((y - quiet) * side + (x - quiet)) as usize;
        within && modules.get(at() / 8).is_some_and(|byte| byte & (0x80 >> (at() % 8)) != 0)
    };
    let pixels = (side + 2 * quiet) * scale;
    let picture =
        GrayImage::from_fn(pixels, pixels, |x, y| Luma([if is_dark(x / scale, y / scale) { 0 } else { 255 }]));
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).expect("a vector takes every byte");
    out.into_inner()
}
