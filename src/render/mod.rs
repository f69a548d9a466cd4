//! Badge pictures: values in, bytes out. The same values give the same bytes, on every machine.

mod badge;
pub mod bake;
mod band;
mod card;
mod encode;
mod fit;
mod fonts;
mod layer;
mod logo;
mod ornament;
mod outline;
mod painter;
mod qr;
pub mod scan;
mod splice;
mod theme;
mod wording;
mod xml;

use chrono::NaiveDate;

pub use self::logo::Logo;
pub use self::painter::Painter;
pub use self::qr::{Modules, QUIET, qr_svg_path};
use crate::id::AwardId;
use crate::program::Theme;

/// What a badge shows. It never holds a person's name: a picture is passed on without its holder.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// Name of the certification.
    pub certification: &'a str,
    /// Name of its level.
    pub level: Option<&'a str>,
    /// Colours and shape.
    pub theme: Theme,
    /// Name of the vendor.
    pub vendor: &'a str,
    /// The vendor's logo, drawn into the crest; without one its initials stand there.
    pub logo: Option<&'a Logo>,
    /// Own artwork of the certification: it takes the place of the crest.
    pub artwork: Option<&'a Logo>,
    /// The day it was earned.
    pub awarded: Option<NaiveDate>,
    /// The last day it counts; none: no expiry.
    pub until: Option<NaiveDate>,
    /// The award; none: the picture of the achievement itself, without dates, number and QR symbol.
    pub award: Option<AwardId>,
    /// The address in the QR symbol, upper case where the address allows it.
    pub qr: Option<&'a str>,
    /// What the picture says about the award's state.
    pub state: FaceState,
    /// Signed with a test key.
    pub test: bool,
}

/// What a picture says about the state of its award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the picture")]
pub enum FaceState {
    /// Nothing: the badge as it was awarded.
    Plain,
    Valid {
        until: Option<NaiveDate>,
    },
    Expired {
        on: NaiveDate,
    },
    Suspended {
        since: NaiveDate,
    },
    Revoked {
        since: NaiveDate,
    },
}

/// Why a picture could not be drawn or a logo not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RenderError {
    #[error("{length} characters do not fit into a QR symbol")]
    QrTooLong { length: usize },
    #[error("the picture has {bytes} bytes; at most {most} are taken")]
    LogoTooLarge { bytes: usize, most: usize },
    #[error("the picture is neither SVG, PNG nor JPEG")]
    LogoUnknown,
    #[error("the picture cannot be read: {why}")]
    LogoBroken { why: String },
    #[error("the SVG picture holds {what}, which is not taken")]
    LogoRefused { what: String },
    #[error("the picture is {width} x {height} pixels; at most {side} on a side and {pixels} in all are taken")]
    LogoDimensions { width: u32, height: u32, side: u32, pixels: u64 },
    #[error("the picture could not be drawn: {why}")]
    Drawing { why: String },
}
