//! The preview of a link, and the picture that stands for an award without public record.

use std::fmt::Write as _;

use super::fit::{Block, Step, clean, fit};
use super::fonts::{Fonts, Weight};
use super::layer::Layer;
use super::ornament::{CENTER, cross, question};
use super::outline::{Outline, Point};
use super::theme::{Color, palette};
use super::{Face, FaceState, band};

pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 630;
/// Scale and place of the badge: 530 pixels wide.
pub(super) const MEDAL: (f32, f32, f32) = (0.884, 42.0, 50.0);

const PAPER: Color = 0xf7_f8fa;
const INK: Color = 0x16_1d29;
const SOFT: Color = 0x4a_5563;
/// Left border of the words, and their width.
const LEFT: f32 = 634.0;
const ROOM: f32 = 510.0;

const NAME: &[Step] = &[
    Step { lines: 1, size: 62.0 },
    Step { lines: 2, size: 58.0 },
    Step { lines: 2, size: 52.0 },
    Step { lines: 3, size: 46.0 },
    Step { lines: 3, size: 40.0 },
    Step { lines: 3, size: 34.0 },
];

/// The badge on a card is that of the achievement: no dates that a renewal would outdate.
pub(super) fn medal<'a>(face: &Face<'a>) -> Face<'a> {
    Face { awarded: None, until: None, award: None, qr: None, state: FaceState::Plain, ..*face }
}

/// Paper, and a field in the theme's colour behind the badge.
pub(super) fn ground(face: &Face) -> Layer {
    let p = palette(face.theme, false);
    let mut layer = Layer::default();
    layer.fill(Outline::rect(0.0, 0.0, 1200.0, 630.0), PAPER);
    layer.fill(Outline::rect(0.0, 0.0, 12.0, 630.0), p.groove);
    layer
}

/// Name, vendor and where to check, beside the badge.
pub(super) fn words(fonts: &Fonts, face: &Face, host: &str) -> Layer {
    let mut layer = Layer::default();
    let p = palette(face.theme, false);
    let name = fit(fonts, &clean(face.certification), Weight::Bold, ROOM, NAME);
    let line = |text: &str, weight, size: f32, floor: f32| {
        let steps = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| Step { lines: 1, size: size + (floor - size) * part });
        fit(fonts, &clean(text), weight, ROOM, &steps)
    };
    let level = line(face.level.unwrap_or_default(), Weight::Bold, 30.0, 22.0);
    let vendor = line(face.vendor, Weight::Regular, 32.0, 22.0);
    let check = line(&format!("Check the current status at {host}"), Weight::Regular, 24.0, 15.0);
    let leading = name.size * 1.16;
    let lines = f32::from(u8::try_from(name.lines.len()).unwrap_or(1));
    let height = level.lines.first().map_or(0.0, |_| 58.0) + leading * lines + 62.0 + 84.0;
    let mut y = (630.0 - height) / 2.0 - 8.0;
    if !level.lines.is_empty() {
        y += 30.0;
        layer.fill(left(fonts, &level, (LEFT, y)), p.crest);
        y += 16.0;
    }
    y += name.size;
    layer.fill(left(fonts, &name, (LEFT, y)), INK);
    y += leading * (lines - 1.0) + 58.0;
    layer.fill(left(fonts, &vendor, (LEFT, y)), SOFT);
    layer.fill(Outline::rect(LEFT, y + 40.0, 72.0, 4.0), p.metal[2]);
    layer.fill(left(fonts, &check, (LEFT, y + 92.0)), INK);
    layer
}

fn left(fonts: &Fonts, block: &Block, at: Point) -> Outline {
    let mut out = Outline::default();
    for (line, row) in block.lines.iter().zip(0u8..) {
        out.push(fonts.outline(line, block.size, (at.0, at.1 + f32::from(row) * block.size * 1.16)));
    }
    out
}

const NOBODY: &str = "No public record";

/// A blank medal: grey, no name, no number.
pub(super) fn no_record(fonts: &Fonts) -> Layer {
    let mut layer = Layer::default();
    let center = (CENTER.0, 252.0);
    let circle = |radius: f32| Outline::circle(center.0, center.1, radius);
    for (radius, color) in
        [(246.0, 0x9a_a3af), (243.0, 0xd9_dde3), (224.0, 0xb4_bbc5), (222.0, 0xf3_f4f6), (206.0, 0xe3_e6ea)]
    {
        layer.fill(circle(radius), color);
    }
    layer.fill(question().map(|(x, y)| (center.0 + x * 84.0, center.1 - 24.0 + y * 84.0)), 0x6b_7480);
    band::sign(fonts, &mut layer, 0x4a_5563, cross(), NOBODY);
    layer
}

/// The same as SVG.
pub(super) fn no_record_svg(fonts: &Fonts) -> String {
    let mut out = String::from(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img" aria-labelledby="t d">"#,
    );
    write!(
        out,
        r#"<title id="t">{NOBODY}</title><desc id="d">No public record under this number: mistyped, does not exist, or kept private by its holder.</desc>{}</svg>"#,
        no_record(fonts).svg()
    )
    .expect("a string takes all text");
    out
}
