//! [`Logo`]: a vendor's logo or a certification's artwork, made harmless once and drawn many times.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use resvg::usvg;
use sha2::{Digest as _, Sha256};

use super::{RenderError, scan};

mod cost;
mod sanitize;

/// Largest SVG file.
const MAX_SVG: usize = 256 * 1024;
/// Largest PNG or JPEG file.
const MAX_RASTER: usize = 4 * 1024 * 1024;
/// Most pixels on a side.
const MAX_SIDE: u32 = 6000;
/// Most pixels: a logo for a poster.
const MAX_PIXELS: u64 = 6_000_000;
/// Most memory for decoding.
const MAX_DECODED: u64 = 36_000_000;
/// A picture is kept at this many pixels on its longer side: twice what the largest crest shows.
const KEPT_SIDE: u32 = 320;
/// A drawing larger than this is kept as pixels, so that badges stay small.
const KEPT_SVG: usize = 40 * 1024;

/// A picture that is safe to draw into badges and to send to anyone.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    media_type: &'static str,
    bytes: Vec<u8>,
    width: f32Bits,
    height: f32Bits,
    digest: [u8; 32],
}

/// A length, kept as bits so that logos can be compared.
#[expect(non_camel_case_types, reason = "reads as what it is")]
type f32Bits = u32;

impl Logo {
    /// Reads a logo: SVG without scripts, styles from elsewhere, embedded or referenced pictures; or PNG or JPEG.
    pub fn parse(bytes: &[u8]) -> Result<Logo, RenderError> {
        match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => raster(bytes, format),
            Ok(_) => Err(RenderError::LogoUnknown),
            Err(_) => vector(bytes),
        }
    }

    /// Media type of [`Logo::bytes`].
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The harmless picture: not the bytes that were given, but what was understood of them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width by height.
    pub(super) fn aspect(&self) -> f32 {
        f32::from_bits(self.width) / f32::from_bits(self.height)
    }

    /// Tells logos apart.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// For `href`: an image of its own, so that its ids cannot meet those of the badge.
    pub(super) fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.media_type, STANDARD.encode(&self.bytes))
    }

    fn new(media_type: &'static str, bytes: Vec<u8>, width: f32, height: f32) -> Logo {
        let digest = Sha256::digest(&bytes).into();
        Logo { media_type, bytes, width: width.to_bits(), height: height.to_bits(), digest }
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

fn broken(why: impl ToString) -> RenderError {
    RenderError::LogoBroken { why: why.to_string() }
}

fn vector(bytes: &[u8]) -> Result<Logo, RenderError> {
    if bytes.len() > MAX_SVG {
        return Err(RenderError::LogoTooLarge { bytes: bytes.len(), most: MAX_SVG });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| RenderError::LogoUnknown)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if !text.starts_with('<') {
        return Err(RenderError::LogoUnknown);
    }
    let tree = usvg::Tree::from_xmltree(&sanitize::read(text)?, &sanitize::options()).map_err(broken)?;
    cost::bounded(&tree)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    if !(0.05..=20.0).contains(&(width / height)) {
        return Err(broken("it is more than twenty times as wide as high, or as high as wide"));
    }
    let drawn = tree.to_string(&usvg::WriteOptions {
        indent: usvg::Indent::None,
        attributes_indent: usvg::Indent::None,
        ..usvg::WriteOptions::default()
    });
    if drawn.len() <= KEPT_SVG {
        return Ok(Logo::new("image/svg+xml", drawn.into_bytes(), width, height));
    }
    flattened(&tree)
}

/// A drawing as pixels.
fn flattened(tree: &usvg::Tree) -> Result<Logo, RenderError> {
    let scale = f32::from(u16::try_from(KEPT_SIDE).unwrap_or(u16::MAX)) / tree.size().width().max(tree.size().height());
    let size = tree.size().to_int_size().scale_by(scale).ok_or(broken("it has no size"))?;
    let mut pixels = resvg::tiny_skia::Pixmap::new(size.width(), size.height()).ok_or(broken("it has no size"))?;
    resvg::render(tree, resvg::tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let image = image::RgbaImage::from_raw(size.width(), size.height(), pixels.take_demultiplied());
    keep(&DynamicImage::ImageRgba8(image.ok_or(broken("it has no size"))?))
}

fn raster(bytes: &[u8], format: ImageFormat) -> Result<Logo, RenderError> {
    if bytes.len() > MAX_RASTER {
        return Err(RenderError::LogoTooLarge { bytes: bytes.len(), most: MAX_RASTER });
    }
    if format == ImageFormat::Jpeg && scan::jpeg_scans(bytes) > scan::MAX_SCANS {
        return Err(broken(format!("it is stored in more than {} passes", scan::MAX_SCANS)));
    }
    let reader = || ImageReader::with_format(std::io::Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(broken)?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(RenderError::LogoDimensions { width, height, side: MAX_SIDE, pixels: MAX_PIXELS });
    }
    if width == 0 || height == 0 || width / height >= 20 || height / width >= 20 {
        return Err(broken("it is more than twenty times as wide as high, or as high as wide"));
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = reader();
    reader.limits(limits);
    keep(&reader.decode().map_err(broken)?)
}

/// Small, and written anew: what a file carried beside its pixels is gone.
fn keep(image: &DynamicImage) -> Result<Logo, RenderError> {
    let small = match image.width().max(image.height()) {
        0..=KEPT_SIDE => image.clone(),
        _ => image.resize(KEPT_SIDE, KEPT_SIDE, image::imageops::FilterType::Lanczos3),
    };
    let pixels = small.to_rgba8();
    let opaque = pixels.pixels().all(|p| p.0[3] == 255);
    let mut out = std::io::Cursor::new(Vec::new());
    let png = small.write_to(&mut out, ImageFormat::Png).map(|()| out.into_inner()).map_err(broken)?;
    let (width, height) = (f32::from(side(small.width())), f32::from(side(small.height())));
    if opaque && png.len() > KEPT_SVG {
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 88)
            .encode_image(&small.to_rgb8())
            .map_err(broken)?;
        return Ok(Logo::new("image/jpeg", jpeg, width, height));
    }
    Ok(Logo::new("image/png", png, width, height))
}

fn side(pixels: u32) -> u16 {
    u16::try_from(pixels).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
