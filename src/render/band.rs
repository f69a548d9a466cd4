//! The band of the live picture: the state in words, with an icon, legible on any background.

use super::badge::centered;
use super::fit::{Step, fit};
use super::fonts::{Fonts, Weight};
use super::layer::Layer;
use super::outline::Outline;
use super::theme::Color;
use super::{FaceState, ornament};

const WHITE: Color = 0xff_ffff;
const STEPS: &[Step] = &[
    Step { lines: 1, size: 42.0 },
    Step { lines: 1, size: 38.0 },
    Step { lines: 1, size: 35.0 },
    Step { lines: 1, size: 32.0 },
    Step { lines: 1, size: 29.0 },
];

/// Draws the band over the foot of the picture.
pub(super) fn draw(fonts: &Fonts, layer: &mut Layer, state: FaceState, words: &str) {
    let (color, icon) = match state {
        FaceState::Plain | FaceState::Valid { .. } => (0x12_6b3a, ornament::check()),
        FaceState::Expired { .. } => (0x8a_4b08, ornament::clock()),
        FaceState::Suspended { .. } => (0x3f_4a8f, ornament::pause()),
        FaceState::Revoked { .. } => (0xa3_1515, ornament::cross()),
    };
    sign(fonts, layer, color, icon, words);
}

/// A framed field of the full width at the foot, an icon in a disc, and words.
pub(super) fn sign(fonts: &Fonts, layer: &mut Layer, color: Color, icon: Outline, words: &str) {
    let (top, height) = (504.0, 88.0);
    layer.fill(Outline::round_rect(6.0, top, 588.0, height, 18.0), WHITE);
    layer.fill(Outline::round_rect(10.0, top + 4.0, 580.0, height - 8.0, 14.0), color);
    let middle = top + height / 2.0;
    let block = fit(fonts, words, Weight::Bold, 472.0, STEPS);
    let width = block.lines.first().map_or(0.0, |l| l.width * block.size);
    let (disc, gap) = (27.0, 16.0);
    let left = 300.0 - (2.0 * disc + gap + width) / 2.0;
    layer.fill(Outline::circle(left + disc, middle, disc), WHITE);
    layer.fill(icon.map(|(x, y)| (left + disc + x * 18.0, middle + y * 18.0)), color);
    layer.fill(centered(fonts, &block, (left + 2.0 * disc + gap + width / 2.0, middle + block.size * 0.357)), WHITE);
}

#[cfg(test)]
mod tests {
    use super::super::theme::contrast;

    #[test]
    fn the_words_of_the_band_can_be_read() {
        for color in [0x12_6b3a, 0x8a_4b08, 0x3f_4a8f, 0xa3_1515, 0x4a_5563] {
            assert!(contrast(0xff_ffff, color) >= 4.5, "{color:06x}");
        }
    }
}
