//! Reads the QR symbols in a photo or a screenshot.
//!
//! Finding them is our own work, bounded for any picture. `rqrr`, which decodes their modules, could find them as well, but
//! tries every three finder patterns on a copy of the picture, and a crafted one keeps it busy for hours.
//!
//! What a picture may cost: decoding some 130 ms, by the bounds below; searching some 80 ms, by `passes` and
//! `Work`. The dearest file of 1 MB we could make, a WebP of noise, took 190 ms on one core; usual photos take 10 to 100.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are at most 8000 pixels, and what lies outside of a picture is asked for before it is looked at"
)]

mod binary;
mod finders;
mod fit;
mod grey;
mod homography;
mod picture;
mod symbol;
#[cfg(test)]
mod tests;

use self::binary::Binary;
use self::grey::Grey;
pub(super) use self::picture::jpeg_scans;
use self::symbol::Work;

/// Largest file, in bytes.
pub const MAX_FILE: usize = 10 * 1024 * 1024;
/// Most pixels on a side.
pub const MAX_SIDE: u32 = 8000;
/// Most pixels of a JPEG that is stored in one pass, as cameras do: five nanoseconds each.
pub const MAX_PIXELS: u32 = 25_000_000;
/// Most pixels of a PNG: a screen of 3840 x 2160 has eight million.
pub const MAX_PIXELS_PNG: u32 = 10_000_000;
/// Most bytes that the pixels of a PNG unpack to: such a screen fits with its opacity.
pub const MAX_BYTES_PNG: u32 = 36_000_000;
/// Most pixels of a progressive JPEG or an interlaced PNG, which are decoded in many passes.
pub const MAX_PIXELS_PASSES: u32 = 6_000_000;
/// Most pixels of a WebP, which is slow to decode: up to thirty nanoseconds each.
pub const MAX_PIXELS_WEBP: u32 = 4_000_000;
/// Most passes over a progressive JPEG; encoders make ten.
pub const MAX_SCANS: usize = 16;
/// Most different texts of one picture.
pub const MAX_SYMBOLS: usize = 16;
/// Longest text of a symbol, in bytes: a signed credential fits, if it fits into a symbol at all.
pub const MAX_TEXT: usize = 3000;

/// Long side at which most photos show their symbol: quick to search.
const USUAL: usize = 1600;
/// Long side at which a symbol is found that is a twentieth of the picture.
const FINE: usize = 3200;
/// Long side at which noise and blur are averaged away.
const COARSE: usize = 800;

/// Why a picture is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ScanError {
    #[error("the picture has {bytes} bytes; at most {most} are taken")]
    TooLarge { bytes: usize, most: usize },
    #[error("the picture is neither PNG, JPEG nor WebP")]
    Unknown,
    #[error("the picture has {width} x {height} pixels; at most {side} on a side and {pixels} of this kind are taken")]
    Dimensions { width: u32, height: u32, side: u32, pixels: u32 },
    #[error("the picture is stored in {scans} passes; at most {most} are taken")]
    TooManyScans { scans: usize, most: usize },
    #[error("the picture cannot be read: {why}")]
    Broken { why: String },
    #[error("the picture shows more than {most} QR symbols")]
    TooManySymbols { most: usize },
    #[error("a QR symbol in the picture holds more than {most} bytes")]
    TextTooLong { most: usize },
}

/// The texts of the QR symbols in a PNG, JPEG or WebP, each once; none is no error. Symbols that are much smaller than the
/// largest may go unnoticed.
pub fn read_qr(bytes: &[u8]) -> Result<Vec<String>, ScanError> {
    let fine = picture::decode(bytes)?.shrunk(FINE).stretched();
    let usual = fine.clone().shrunk(USUAL);
    // One allowance for all passes: what a picture may cost does not depend on what it shows.
    let mut work = Work::new();
    for &(size, looks) in passes(fine.long_side()) {
        let grey = match size {
            Size::Fine => &fine,
            Size::Usual => &usual,
            Size::Coarse => &usual.clone().shrunk(COARSE),
            Size::Double => &usual.doubled(),
        };
        for look in looks {
            let texts = symbol::texts(&look.at(grey), &mut work)?;
            if !texts.is_empty() {
                return Ok(texts);
            }
        }
    }
    Ok(Vec::new())
}

/// The size at which a picture is searched.
#[derive(Debug, Clone, Copy)]
enum Size {
    /// No side longer than [`FINE`].
    Fine,
    /// No side longer than [`USUAL`].
    Usual,
    /// No side longer than [`COARSE`].
    Coarse,
    /// Twice as large: of modules of one or two pixels, the widths cannot be told.
    Double,
}

/// How light and dark are told.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// By wide surroundings: a symbol that fills the picture still has light and dark within them.
    Wide,
    /// By narrow surroundings: a shadow across the symbol does no harm.
    Narrow,
    /// Light on dark.
    Inverted,
}

impl Look {
    fn at(self, grey: &Grey) -> Binary {
        let reach = |part: usize| (grey.long_side() / part).max(4);
        match self {
            Look::Wide => Binary::of(grey, reach(16)),
            Look::Narrow => Binary::of(grey, reach(48)),
            Look::Inverted => Binary::of(grey, reach(16)).inverted(),
        }
    }
}

/// Where to look, until something is found. Together at most 3200² + 3 x 1600² + 2 x 800² pixels, 19 million.
fn passes(long_side: usize) -> &'static [(Size, &'static [Look])] {
    const USUAL_FIRST: (Size, &[Look]) = (Size::Usual, &[Look::Wide, Look::Narrow, Look::Inverted]);
    const AT_LAST: (Size, &[Look]) = (Size::Coarse, &[Look::Wide, Look::Inverted]);
    if long_side <= COARSE {
        &[USUAL_FIRST, (Size::Double, &[Look::Wide, Look::Inverted])]
    } else if long_side <= USUAL {
        &[USUAL_FIRST, AT_LAST]
    } else {
        &[USUAL_FIRST, (Size::Fine, &[Look::Wide]), AT_LAST]
    }
}
