//! Pictures that have to be unpacked, or looked through for a code.

use std::io::{Cursor, Write as _};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};

use super::MOST;

/// A name, and the bytes: at most `most` of them.
pub(super) fn all(most: usize) -> Vec<(&'static str, Vec<u8>)> {
    let packed = {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b' '; most << 6]).expect("a vector takes every byte");
        packer.finish().expect("a vector takes every byte")
    };
    let bomb = [b"openbadgecredential\0\x01\0\0\0".as_slice(), &packed].concat();
    let room = most - 1_000;
    let as_many_as_are_read: Vec<Vec<u8>> =
        (0..19_990).map(|_| chunk(b"tEXt", &vec![b'x'; room / 19_990 - 12])).collect();
    let small = most == MOST;
    vec![
        ("a credential that unpacks to much", png(&[chunk(b"iTXt", &bomb)])),
        ("many chunks", png(&vec![chunk(b"tEXt", b""); room / 12])),
        ("as many chunks as are read", png(&as_many_as_are_read)),
        ("one large chunk", png(&[chunk(b"tEXt", &vec![b'x'; room])])),
        ("a picture of a whole wall", blank(3_160, 3_160)),
        ("a picture of deep colours", deep(2_000, 2_250)),
        ("a picture of nothing but corners of codes", corners(3_300, 3_030)),
        ("a picture of nothing but noise", if small { noise(640, 480) } else { noise(3_160, 3_160) }),
        (
            "a picture of grey noise",
            grey_noise(if small { 1_000 } else { 3_150 }, |image| written(image, ImageFormat::Png)),
        ),
        ("a photo of noise", photo(if small { 1_000 } else { 3_000 }, 75)),
        ("as large a photo as is read", if small { photo(2_500, 1) } else { photo(5_000, 8) }),
        ("a WebP of noise", webp(if small { 580 } else { 1_800 })),
    ]
}

fn written(image: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).expect("a vector takes every byte");
    out.into_inner()
}

/// Numbers that look like chance, always the same.
fn chance() -> impl FnMut() -> u32 {
    let mut state = 0x2545_f491_u32;
    move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    }
}

fn grey_noise(side: u32, write: impl Fn(DynamicImage) -> Vec<u8>) -> Vec<u8> {
    let mut chance = chance();
    write(DynamicImage::ImageLuma8(GrayImage::from_fn(side, side, |_, _| Luma([chance().to_le_bytes()[1]]))))
}

fn photo(side: u32, quality: u8) -> Vec<u8> {
    grey_noise(side, |image| {
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, quality).encode_image(&image).expect("a vector takes every byte");
        out
    })
}

fn webp(side: u32) -> Vec<u8> {
    let mut chance = chance();
    let colours = RgbImage::from_fn(side, side, |_, _| {
        let [r, g, b, _] = chance().to_le_bytes();
        Rgb([r, g, b])
    });
    written(DynamicImage::ImageRgb8(colours), ImageFormat::WebP)
}

/// Sixteen bits each of red, green, blue and opacity.
fn deep(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header().expect("a vector takes every byte");
    writer.write_image_data(&vec![7; (width * height * 8) as usize]).expect("a vector takes every byte");
    drop(writer);
    out
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
    let mut chance = chance();
    drawn(width, height, |_| if chance() & 0x100 == 0 { 0 } else { 255 })
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
