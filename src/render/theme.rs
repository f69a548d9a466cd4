//! Colours of the five themes, and of a badge that does not count any more.

use crate::program::Theme;

/// A colour, opaque.
pub(super) type Color = u32;

/// What a theme is painted with. `ink` on `face`, `ribbon_ink` on `ribbon` and `number` on `groove` have a contrast of at
/// least 4.5 (a test holds that).
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    /// Metal from the lit to the shaded side.
    pub(super) metal: [Color; 5],
    /// Outline of the metal.
    pub(super) edge: Color,
    /// Bottom of the engraved ring, and the number in it.
    pub(super) groove: Color,
    pub(super) number: Color,
    /// Field that carries the text: lit middle, border.
    pub(super) face: [Color; 2],
    pub(super) ink: Color,
    pub(super) soft: Color,
    pub(super) ribbon: [Color; 3],
    pub(super) ribbon_ink: Color,
    pub(super) ribbon_fold: Color,
    /// Ring and letters of the crest.
    pub(super) crest: Color,
    /// Stars on the ribbon, at each side of the words.
    pub(super) stars: usize,
}

/// The colours of a theme; `spent` is a badge that does not count any more: the shape stays, the colour is gone.
pub(super) fn palette(theme: Theme, spent: bool) -> Palette {
    let palette = match theme {
        Theme::Bronze => BRONZE,
        Theme::Silver => SILVER,
        Theme::Gold => GOLD,
        Theme::Platinum => PLATINUM,
        Theme::Slate => SLATE,
    };
    if spent { Palette { stars: palette.stars, ..SPENT } } else { palette }
}

const BRONZE: Palette = Palette {
    metal: [0xf6_d9b8, 0xd9_9a62, 0xa8_6a35, 0xe3_ac78, 0x7c_4a20],
    edge: 0x5a_3315,
    groove: 0x5a_3114,
    number: 0xfb_e9d6,
    face: [0x8f_5526, 0x6b_3b17],
    ink: 0xff_ffff,
    soft: 0xff_ead6,
    ribbon: [0x4a_260e, 0x5e_3213, 0x42_210b],
    ribbon_ink: 0xff_efe0,
    ribbon_fold: 0x2a_1405,
    crest: 0x6b_3b17,
    stars: 1,
};

const SILVER: Palette = Palette {
    metal: [0xff_ffff, 0xd3_dae2, 0x93_9fad, 0xe6_ebf0, 0x6f_7b89],
    edge: 0x45_505d,
    groove: 0x3b_4653,
    number: 0xf4_f7fa,
    face: [0x5d_6a79, 0x41_4d5b],
    ink: 0xff_ffff,
    soft: 0xe6_ecf2,
    ribbon: [0x2a_3440, 0x38_4452, 0x25_2e39],
    ribbon_ink: 0xff_ffff,
    ribbon_fold: 0x14_1a21,
    crest: 0x3b_4653,
    stars: 2,
};

const GOLD: Palette = Palette {
    metal: [0xff_f6d2, 0xf2_cc56, 0xb9_8310, 0xfb_e190, 0x8f_6408],
    edge: 0x6b_4a05,
    groove: 0x5c_3f04,
    number: 0xff_f3cf,
    face: [0xf8_da7c, 0xdd_ac2b],
    ink: 0x24_1a02,
    soft: 0x3a_2a04,
    ribbon: [0x3a_2905, 0x4e_3808, 0x30_2203],
    ribbon_ink: 0xff_eebc,
    ribbon_fold: 0x1c_1301,
    crest: 0x6b_4a05,
    stars: 3,
};

const PLATINUM: Palette = Palette {
    metal: [0xff_ffff, 0xe3_e8f0, 0xa9_b4c6, 0xf6_f8fb, 0x7d_8aa1],
    edge: 0x46_536b,
    groove: 0x1f_2b45,
    number: 0xff_ffff,
    face: [0xfb_fcfe, 0xd9_dfe8],
    ink: 0x14_1e33,
    soft: 0x2f_3c55,
    ribbon: [0x17_2544, 0x24_3763, 0x12_1d37],
    ribbon_ink: 0xff_ffff,
    ribbon_fold: 0x09_0f1e,
    crest: 0x1f_2b45,
    stars: 4,
};

const SLATE: Palette = Palette {
    metal: [0xdf_e7f0, 0x94_a5b8, 0x56_6779, 0xa9_b8c8, 0x36_4454],
    edge: 0x1f_2935,
    groove: 0x1c_2633,
    number: 0xe9_f0f7,
    face: [0x34_4a63, 0x1f_2f42],
    ink: 0xff_ffff,
    soft: 0xdd_e7f1,
    ribbon: [0x0e_6a74, 0x14_7f8a, 0x0b_5962],
    ribbon_ink: 0xff_ffff,
    ribbon_fold: 0x05_3439,
    crest: 0x1f_2f42,
    stars: 0,
};

const SPENT: Palette = Palette {
    metal: [0xf3_f3f3, 0xcf_cfcf, 0x9d_9d9d, 0xdc_dcdc, 0x85_8585],
    edge: 0x70_7070,
    groove: 0x6a_6a6a,
    number: 0xf7_f7f7,
    face: [0xe4_e4e4, 0xcc_cccc],
    ink: 0x4a_4a4a,
    soft: 0x4d_4d4d,
    ribbon: [0x6a_6a6a, 0x72_7272, 0x64_6464],
    ribbon_ink: 0xff_ffff,
    ribbon_fold: 0x44_4444,
    crest: 0x6a_6a6a,
    stars: 0,
};

/// `#rrggbb`.
pub(super) fn hex(color: Color) -> String {
    format!("#{color:06x}")
}

/// Red, green, blue.
pub(super) fn channels(color: Color) -> [u8; 3] {
    let [_, r, g, b] = color.to_be_bytes();
    [r, g, b]
}

/// Contrast of two colours as WCAG 2 counts it, 1 to 21.
#[cfg(test)]
pub(super) fn contrast(a: Color, b: Color) -> f64 {
    let luminance = |color: Color| {
        let [r, g, b] = channels(color).map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if a > b { a / b } else { b / a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_every_theme() {
        for theme in [Theme::Bronze, Theme::Silver, Theme::Gold, Theme::Platinum, Theme::Slate] {
            for spent in [false, true] {
                let p = palette(theme, spent);
                let pairs = [
                    (p.ink, p.face[0]),
                    (p.ink, p.face[1]),
                    (p.soft, p.face[0]),
                    (p.soft, p.face[1]),
                    (p.ribbon_ink, p.ribbon[0]),
                    (p.ribbon_ink, p.ribbon[1]),
                    (p.ribbon_ink, p.ribbon[2]),
                    (p.number, p.groove),
                    (p.crest, 0xff_ffff),
                ];
                for (ink, ground) in pairs {
                    let found = contrast(ink, ground);
                    assert!(found >= 4.5, "{theme:?} {spent} {} on {}: {found:.2}", hex(ink), hex(ground));
                }
            }
        }
    }
}
