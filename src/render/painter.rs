//! [`Painter`]: draws every picture; holds the fonts and, for speed only, the prepared parts of recent pictures.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

use super::encode::PaletteMap;
use super::fonts::Fonts;
use super::layer::Layer;
use super::splice::Spliced;
use super::{Face, FaceState, RenderError, badge, card};
use crate::id::AwardId;
use crate::program::Theme;

/// Side of a badge in pixels.
pub(super) const SIDE: u32 = 600;
/// How many prepared certifications are kept, about two megabytes each.
const KEPT: usize = 16;

/// Draws badges, cards and live pictures. Made once; what it keeps never changes an answer.
pub struct Painter {
    fonts: Fonts,
    prepared: Mutex<VecDeque<(Key, Arc<Ground>)>>,
}

/// Everything that the awards of one certification share in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    certification: String,
    level: Option<String>,
    vendor: String,
    theme: Theme,
    logo: Option<[u8; 32]>,
    artwork: Option<[u8; 32]>,
    state: std::mem::Discriminant<FaceState>,
    award: bool,
    test: bool,
}

struct Ground {
    pixels: Pixmap,
    palette: PaletteMap,
    indices: Vec<u8>,
    spliced: Spliced,
}

impl Default for Painter {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Painter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Painter")
    }
}

impl Painter {
    /// Reads the embedded fonts.
    pub fn new() -> Painter {
        Painter { fonts: Fonts::new(), prepared: Mutex::default() }
    }

    /// The badge as SVG: all text as paths, title and description for those who hear it.
    pub fn badge_svg(&self, face: &Face) -> Result<String, RenderError> {
        badge::svg(&self.fonts, face, &badge::award(&self.fonts, face)?.svg())
    }

    /// The badge as PNG, 600 x 600.
    pub fn badge_png(&self, face: &Face) -> Result<Vec<u8>, RenderError> {
        let ground = self.ground(face)?;
        let mut pixels = ground.pixels.clone();
        badge::award(&self.fonts, face)?.paint(&mut pixels, 1.0);
        let indices = ground.palette.indices_over(&pixels, &ground.pixels, &ground.indices);
        Ok(ground.spliced.png(&ground.indices, &indices))
    }

    /// The preview for links, 1200 x 630. It says nothing that could go stale, but where to look: `host`.
    pub fn card_png(&self, face: &Face, host: &str) -> Result<Vec<u8>, RenderError> {
        let mut pixels = blank(card::WIDTH, card::HEIGHT)?;
        card::ground(face).paint(&mut pixels, 1.0);
        let plain = card::medal(face);
        draw(&badge::svg(&self.fonts, &plain, "")?, &mut pixels, card::MEDAL)?;
        card::words(&self.fonts, face, host).paint(&mut pixels, 1.0);
        encoded(&pixels)
    }

    /// What stands for an award of which there is no public record.
    pub fn no_record_svg(&self) -> String {
        card::no_record_svg(&self.fonts)
    }

    /// The same as PNG, 600 x 600.
    pub fn no_record_png(&self) -> Result<Vec<u8>, RenderError> {
        let mut pixels = blank(SIDE, SIDE)?;
        card::no_record(&self.fonts).paint(&mut pixels, 1.0);
        encoded(&pixels)
    }

    fn ground(&self, face: &Face) -> Result<Arc<Ground>, RenderError> {
        let key = Key {
            certification: face.certification.to_owned(),
            level: face.level.map(str::to_owned),
            vendor: face.vendor.to_owned(),
            theme: face.theme,
            logo: face.logo.map(super::Logo::digest),
            artwork: face.artwork.map(super::Logo::digest),
            state: std::mem::discriminant(&face.state),
            award: face.award.is_some(),
            test: face.test,
        };
        if let Some((_, ground)) = self.lock().iter().find(|(k, _)| *k == key) {
            return Ok(ground.clone());
        }
        let ground = Arc::new(self.prepare(face)?);
        let mut kept = self.lock();
        kept.truncate(KEPT - 1);
        kept.push_front((key, ground.clone()));
        Ok(ground)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(Key, Arc<Ground>)>> {
        // A panic elsewhere cannot leave the list half changed.
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The palette is that of a sample award, so that it is the same whichever award is drawn first.
    fn prepare(&self, face: &Face) -> Result<Ground, RenderError> {
        let mut pixels = blank(SIDE, SIDE)?;
        draw(&badge::svg(&self.fonts, face, "")?, &mut pixels, (1.0, 0.0, 0.0))?;
        let mut sample = pixels.clone();
        sample_award(&self.fonts, face)?.paint(&mut sample, 1.0);
        let palette = PaletteMap::of(&sample);
        let indices = palette.indices(&pixels);
        let changed = palette.indices_over(&sample, &pixels, &indices);
        let spliced = Spliced::new(&palette, SIDE as usize, &indices, &changed);
        Ok(Ground { pixels, palette, indices, spliced })
    }
}

fn sample_award(fonts: &Fonts, face: &Face) -> Result<Layer, RenderError> {
    let day = NaiveDate::from_ymd_opt(2028, 12, 28).unwrap_or_default();
    let award = face.award.and("7K3QX9M2TR4HB6WD".parse::<AwardId>().ok());
    let state = match face.state {
        FaceState::Plain => FaceState::Plain,
        FaceState::Valid { .. } => FaceState::Valid { until: Some(day) },
        FaceState::Expired { .. } => FaceState::Expired { on: day },
        FaceState::Suspended { .. } => FaceState::Suspended { since: day },
        FaceState::Revoked { .. } => FaceState::Revoked { since: day },
    };
    let qr = award.map(|_| "HTTPS://BADGES.NORTHWIND.EXAMPLE/V/7K3QX9M2TR4HB6WD");
    badge::award(fonts, &Face { awarded: Some(day), until: Some(day), award, qr, state, ..*face })
}

fn blank(width: u32, height: u32) -> Result<Pixmap, RenderError> {
    Pixmap::new(width, height).ok_or(RenderError::Drawing { why: "no room for the pixels".to_owned() })
}

/// Draws our own SVG: scale, x, y.
fn draw(svg: &str, pixels: &mut Pixmap, (scale, x, y): (f32, f32, f32)) -> Result<(), RenderError> {
    #[expect(clippy::disallowed_methods, reason = "a picture of ours, whose logo was read within bounds")]
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default())
        .map_err(|e| RenderError::Drawing { why: e.to_string() })?;
    resvg::render(&tree, Transform::from_row(scale, 0.0, 0.0, scale, x, y), &mut pixels.as_mut());
    Ok(())
}

fn encoded(pixels: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let palette = PaletteMap::of(pixels);
    palette.png(&palette.indices(pixels), pixels.width(), pixels.height())
}
