//! The file of a stranger: looked at before it is decoded.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ImageDecoder, ImageFormat, Limits};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::grey::Grey;
use super::{
    MAX_BYTES_PNG, MAX_FILE, MAX_PIXELS, MAX_PIXELS_PASSES, MAX_PIXELS_PNG, MAX_PIXELS_WEBP, MAX_SCANS, MAX_SIDE,
    ScanError,
};

/// Most memory of a decoder: four bytes for each of [`MAX_PIXELS`].
const MAX_DECODED: u64 = 4 * MAX_PIXELS as u64;

/// The first frame of the picture.
pub(super) fn decode(bytes: &[u8]) -> Result<Grey, ScanError> {
    if bytes.len() > MAX_FILE {
        return Err(ScanError::TooLarge { bytes: bytes.len(), most: MAX_FILE });
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => png(bytes),
        Ok(ImageFormat::Jpeg) => jpeg(bytes),
        Ok(ImageFormat::WebP) => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
            decoded(decoder, MAX_PIXELS_WEBP)
        }
        _ => Err(ScanError::Unknown),
    }
}

/// With the decoder itself: it can leave compressed texts and colour profiles alone, which may unfold to any size.
fn png(bytes: &[u8]) -> Result<Grey, ScanError> {
    let limits = png::Limits { bytes: usize::try_from(MAX_DECODED).unwrap_or(usize::MAX) };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = reader.info().size();
    let most = if reader.info().interlaced { MAX_PIXELS_PASSES } else { MAX_PIXELS_PNG };
    let most = most.min(MAX_BYTES_PNG / reader.info().bytes_per_pixel() as u32);
    let (width, height) = bounded(width, height, most)?;
    if !reader.info().interlaced {
        return rows(&mut reader, width, height);
    }
    let size = reader.output_buffer_size().ok_or_else(|| broken("its size overflows"))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(broken)?;
    pixels.truncate(frame.buffer_size());
    Ok(Grey::new(width, height, pixels, frame.color_type.samples()))
}

/// Row by row, so that the colours are never held all at once.
fn rows(reader: &mut png::Reader<Cursor<&[u8]>>, width: usize, height: usize) -> Result<Grey, ScanError> {
    let channels = reader.output_color_type().0.samples();
    let mut pixels = Vec::with_capacity(width * height);
    for _ in 0..height {
        let row = reader.next_row().map_err(broken)?.ok_or_else(|| broken("it ends too early"))?;
        pixels.extend(Grey::new(width, 1, row.data().to_vec(), channels).row(0));
    }
    Ok(Grey::new(width, height, pixels, 1))
}

fn jpeg(bytes: &[u8]) -> Result<Grey, ScanError> {
    let scans = jpeg_scans(bytes);
    if scans > MAX_SCANS {
        return Err(ScanError::TooManyScans { scans, most: MAX_SCANS });
    }
    let most = if scans == 1 { MAX_PIXELS } else { MAX_PIXELS_PASSES };
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| broken(format!("{error:?}")))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| broken("it has no size"))?;
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = bounded(side(width), side(height), most)?;
    match decoder.decode() {
        Ok(pixels) if pixels.len() == width * height => Ok(Grey::new(width, height, pixels, 1)),
        // Colours that it cannot make brightness of, such as those for printing.
        _ => decoded(JpegDecoder::new(Cursor::new(bytes)).map_err(broken)?, MAX_PIXELS_PASSES),
    }
}

/// How many passes a JPEG takes: its start of scan markers (ITU-T T.81, B.1), not those of a thumbnail within a segment or
/// of a picture that follows.
pub(in crate::render) fn jpeg_scans(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    let mut scans = 0;
    loop {
        // In the data of a scan, a byte 255 is followed by zero or by the number of a restart.
        let marker = rest.windows(2).position(|two| two[0] == 0xff && !matches!(two[1], 0 | 1 | 0xd0..=0xd8 | 0xff));
        let Some(at) = marker else { return scans };
        let code = rest[at + 1];
        if code == 0xd9 {
            return scans;
        }
        scans += usize::from(code == 0xda);
        let length = rest.get(at + 2..at + 4).map_or(0, |two| usize::from(u16::from_be_bytes([two[0], two[1]])));
        rest = rest.get(at + 2 + length..).unwrap_or_default();
    }
}

fn decoded(mut decoder: impl ImageDecoder, most: u32) -> Result<Grey, ScanError> {
    let (width, height) = decoder.dimensions();
    let (width, height) = bounded(width, height, most)?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    limits.reserve(decoder.total_bytes()).map_err(broken)?;
    decoder.set_limits(limits).map_err(broken)?;
    let channels = usize::from(decoder.color_type().channel_count());
    let mut pixels = vec![0; width * height * channels];
    if decoder.total_bytes() != pixels.len() as u64 {
        return Err(broken("more than eight bits for each colour"));
    }
    decoder.read_image(&mut pixels).map_err(broken)?;
    Ok(Grey::new(width, height, pixels, channels))
}

/// The dimensions, if they may be decoded.
fn bounded(width: u32, height: u32, pixels: u32) -> Result<(usize, usize), ScanError> {
    let fits = width <= MAX_SIDE && height <= MAX_SIDE && u64::from(width) * u64::from(height) <= u64::from(pixels);
    if !fits {
        return Err(ScanError::Dimensions { width, height, side: MAX_SIDE, pixels });
    }
    if width == 0 || height == 0 {
        return Err(broken("it has no pixels"));
    }
    Ok((width as usize, height as usize))
}

fn broken(why: impl ToString) -> ScanError {
    ScanError::Broken { why: why.to_string() }
}
