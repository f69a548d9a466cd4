//! The badge: what stays the same for every award of a certification, and what one award adds.

use std::f32::consts::PI;

use askama::Template as _;

use super::fit::{Block, Step, clean, fit};
use super::fonts::{Fonts, Weight};
use super::layer::Layer;
use super::outline::{Outline, Point};
use super::qr::{Modules, QUIET};
use super::theme::{Palette, hex, palette};
use super::{Face, FaceState, RenderError, band, ornament, wording};

const WHITE: u32 = 0xff_ffff;
/// Near black: the contrast that print needs.
const QR_INK: u32 = 0x11_1111;
const STAMP: u32 = 0xb3_1412;
/// Side of the plate under the QR symbol, and its top, at full size.
const PLATE: f32 = 164.0;
const PLATE_TOP: f32 = 350.0;

const NAME: &[Step] = &[
    Step { lines: 1, size: 44.0 },
    Step { lines: 1, size: 39.0 },
    Step { lines: 2, size: 36.0 },
    Step { lines: 2, size: 34.0 },
    Step { lines: 2, size: 31.0 },
    Step { lines: 3, size: 27.0 },
    Step { lines: 3, size: 24.0 },
    Step { lines: 3, size: 21.0 },
];
const LEVEL: &[Step] = &[
    Step { lines: 1, size: 25.0 },
    Step { lines: 1, size: 21.0 },
    Step { lines: 1, size: 17.0 },
    Step { lines: 1, size: 15.0 },
];
const VENDOR: &[Step] = &[Step { lines: 1, size: 19.0 }, Step { lines: 1, size: 16.5 }, Step { lines: 1, size: 14.5 }];

/// Where the parts stand on the medal.
struct Layout {
    crest: (f32, f32),
    vendor: (f32, f32),
    name: (f32, f32),
    ribbon: f32,
}

/// With dates, number and QR symbol: crest, vendor, name, ribbon, from above.
const AWARD: Layout = Layout { crest: (123.0, 48.0), vendor: (195.0, 330.0), name: (252.0, 396.0), ribbon: 318.0 };
/// The achievement itself: a larger crest above the ribbon, the name below.
const ACHIEVEMENT: Layout =
    Layout { crest: (190.0, 90.0), vendor: (478.0, 240.0), name: (398.0, 372.0), ribbon: 314.0 };

/// How the medal is placed in the picture: the live picture leaves room for its band.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placement {
    pub(super) scale: f32,
    pub(super) center: Point,
}

impl Placement {
    pub(super) fn of(state: FaceState) -> Placement {
        match state {
            FaceState::Plain => Placement { scale: 1.0, center: ornament::CENTER },
            _ => Placement { scale: 0.86, center: (300.0, 259.0) },
        }
    }

    fn apply(self, (x, y): Point) -> Point {
        let (cx, cy) = ornament::CENTER;
        (self.center.0 + (x - cx) * self.scale, self.center.1 + (y - cy) * self.scale)
    }
}

/// Whether the badge does not count now.
pub(super) fn is_spent(state: FaceState) -> bool {
    matches!(state, FaceState::Expired { .. } | FaceState::Suspended { .. } | FaceState::Revoked { .. })
}

#[derive(askama::Template)]
#[template(path = "badges/badge.svg")]
struct Drawing<'a> {
    title: &'a str,
    description: &'a str,
    placement: String,
    metal: [String; 5],
    rim: String,
    groove: String,
    face: [String; 2],
    ink: String,
    ribbon: [String; 3],
    fold: String,
    edge: String,
    facets: String,
    lace: String,
    turns: Vec<String>,
    rosette: String,
    rosette_turns: Vec<String>,
    spent: bool,
    numbered: bool,
    cartouche: String,
    plate: bool,
    crest_y: f32,
    crest_r: f32,
    crest_inner: f32,
    image: Option<Picture>,
    tails: String,
    folds: String,
    body: String,
    stitches: String,
    lettering: String,
    award: &'a str,
}

struct Picture {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    href: String,
}

/// The SVG; `award` is what [`award`] draws, as SVG, or nothing for the part that all awards share.
pub(super) fn svg(fonts: &Fonts, face: &Face, award: &str) -> Result<String, RenderError> {
    let spent = is_spent(face.state);
    let p = palette(face.theme, spent);
    let layout = if face.award.is_some() { AWARD } else { ACHIEVEMENT };
    let placement = Placement::of(face.state);
    let ribbon = ornament::ribbon(layout.ribbon, 46.0, 238.0, 297.0);
    let (cx, cy) = ornament::CENTER;
    let (x, y) = placement.apply((0.0, 0.0));
    let drawing = Drawing {
        title: &wording::title(face),
        description: &wording::description(face),
        placement: format!("translate({x} {y}) scale({})", placement.scale),
        metal: p.metal.map(hex),
        rim: hex(p.edge),
        groove: hex(p.groove),
        face: p.face.map(hex),
        ink: hex(p.ink),
        ribbon: p.ribbon.map(hex),
        fold: hex(p.ribbon_fold),
        edge: ornament::edge(face.theme).svg(),
        facets: ornament::facets(face.theme).svg(),
        lace: ornament::wave(239.0, 264.0, 36).svg(),
        turns: turns(4, 10.0),
        rosette: ornament::wave(92.0, 222.0, 12).svg(),
        rosette_turns: turns(6, 30.0),
        spent,
        numbered: face.award.is_some(),
        cartouche: ornament::cartouche((cx, cy), 240.0, 263.5, 0.56).svg(),
        plate: face.artwork.is_none(),
        crest_y: layout.crest.0,
        crest_r: layout.crest.1,
        crest_inner: layout.crest.1 - 5.0,
        image: picture(face, &layout),
        tails: ribbon.tails.svg(),
        folds: ribbon.folds.svg(),
        body: ribbon.body.svg(),
        stitches: ornament::stitches(layout.ribbon, 46.0, 238.0),
        lettering: lettering(fonts, face, &layout, &p).svg(),
        award,
    };
    drawing.render().map_err(|e| RenderError::Drawing { why: e.to_string() })
}

/// `n` turns, evenly over `degrees`.
fn turns(n: u8, degrees: f32) -> Vec<String> {
    (0..n).map(|i| format!("{:.3}", f32::from(i) * degrees / f32::from(n))).collect()
}

/// Logo or artwork, as large as the crest allows.
fn picture(face: &Face, layout: &Layout) -> Option<Picture> {
    let (y, radius) = layout.crest;
    let place = |aspect: f32, diagonal: f32, href: String| {
        let height = diagonal / (1.0 + aspect * aspect).sqrt();
        let width = height * aspect;
        Picture { x: 300.0 - width / 2.0, y: y - height / 2.0, width, height, href }
    };
    match (face.artwork, face.logo) {
        (Some(art), _) => Some(place(art.aspect(), 2.0 * radius * 1.34, art.data_uri())),
        (None, Some(logo)) => Some(place(logo.aspect(), 2.0 * (radius - 11.0), logo.data_uri())),
        (None, None) => None,
    }
}

/// Everything in words that all awards of a certification share.
fn lettering(fonts: &Fonts, face: &Face, layout: &Layout, p: &Palette) -> Layer {
    let mut layer = Layer::default();
    if face.artwork.is_none() && face.logo.is_none() {
        let (y, radius) = layout.crest;
        let text = wording::monogram(face.vendor);
        let steps = [0.98, 0.84, 0.72, 0.6].map(|part| Step { lines: 1, size: radius * part });
        let block = fit(fonts, &text, Weight::Bold, radius * 1.45, &steps);
        layer.fill(centered(fonts, &block, (300.0, y + block.size * 0.357)), p.crest);
    }
    let vendor = fit(fonts, &clean(face.vendor), Weight::Regular, layout.vendor.1, VENDOR);
    layer.fill(centered(fonts, &vendor, (300.0, layout.vendor.0)), p.soft);
    let name = fit(fonts, &clean(face.certification), Weight::Bold, layout.name.1, NAME);
    layer.fill(stacked(fonts, &name, layout.name.0), p.ink);
    let level = clean(face.level.unwrap_or_default()).to_uppercase();
    let level = fit(fonts, &level, Weight::Bold, 270.0, LEVEL);
    let half = level.lines.first().map_or(0.0, |l| l.width * level.size / 2.0);
    layer.fill(centered(fonts, &level, (300.0, layout.ribbon + level.size * 0.357)), p.ribbon_ink);
    layer.fill(stars(layout.ribbon, half, p.stars), p.metal[0]);
    if face.test {
        stamp(fonts, &mut layer);
    }
    layer
}

/// The level's stars on both sides of its name, or lozenges; without a name they close up.
fn stars(y: f32, half: f32, count: usize) -> Outline {
    let mark = |x: f32| if count == 0 { ornament::lozenge((x, y), 8.0) } else { ornament::star((x, y), 10.5) };
    let (mut out, mut at) = if half > 0.0 { (Outline::default(), half + 26.0) } else { (mark(300.0), 26.0) };
    for _ in 0..count.max(1) {
        out.push(mark(300.0 - at));
        out.push(mark(300.0 + at));
        at += 24.0;
    }
    out
}

/// A mark across the edge that nobody overlooks, at any size.
fn stamp(fonts: &Fonts, layer: &mut Layer) {
    let (at, angle) = ((112.0, 112.0), -PI / 4.0);
    let plate = |grow: f32| {
        Outline::round_rect(-112.0 - grow, -40.0 - grow, 224.0 + 2.0 * grow, 80.0 + 2.0 * grow, 10.0 + grow)
            .place(angle, at)
    };
    layer.fill(plate(6.0), WHITE);
    layer.fill(plate(0.0), STAMP);
    let line = fonts.line("TEST", Weight::Bold, None);
    layer.fill(fonts.outline(&line, 70.0, (-line.width * 35.0, 25.0)).place(angle, at), WHITE);
}

/// One award's own part: dates, number, QR symbol; and the band of the live picture.
pub(super) fn award(fonts: &Fonts, face: &Face) -> Result<Layer, RenderError> {
    let mut layer = Layer::default();
    let p = palette(face.theme, is_spent(face.state));
    let placement = Placement::of(face.state);
    let mut fill = |outline: Outline, color| layer.fill(outline.map(|q| placement.apply(q)), color);
    if let Some(id) = face.award {
        let number = fonts.line(&id.grouped(), Weight::Bold, None);
        fill(fonts.arc(&number, 18.0, ornament::CENTER, 258.2), p.number);
        let until = face.until.map_or(("", "No expiry".to_owned()), |day| ("Valid until", wording::date(day)));
        // A badge that was taken away does not go on saying until when it counts.
        let until =
            Some(until).filter(|_| !matches!(face.state, FaceState::Suspended { .. } | FaceState::Revoked { .. }));
        let awarded = face.awarded.map(|day| ("Awarded", wording::date(day)));
        let (left, right) = if face.qr.is_some() { (153.0, 447.0) } else { (220.0, 380.0) };
        for (x, (label, value)) in awarded.map(|a| (left, a)).into_iter().chain(until.map(|u| (right, u))) {
            for (text, weight, size, y) in
                [(label, Weight::Regular, 15.0, 398.0), (value.as_str(), Weight::Bold, 17.5, 422.0)]
            {
                let block = fit(fonts, text, weight, 106.0, &[Step { lines: 1, size }]);
                fill(
                    centered(fonts, &block, (x, if label.is_empty() { 411.0 } else { y })),
                    if label == text { p.soft } else { p.ink },
                );
            }
        }
        if let Some(address) = face.qr {
            qr(&mut layer, &Modules::of(address)?, placement);
        }
    }
    if let Some(words) = wording::state(face.state) {
        band::draw(fonts, &mut layer, face.state, &words);
    }
    Ok(layer)
}

/// A white plate and the symbol on it, on whole pixels.
fn qr(layer: &mut Layer, modules: &Modules, placement: Placement) {
    let (x, top) = placement.apply((300.0, PLATE_TOP));
    let side = (PLATE * placement.scale).round();
    let (left, top) = ((x - side / 2.0).round(), top.round());
    layer.fill(Outline::round_rect(left, top, side, side, 7.0 * placement.scale), WHITE);
    let count = count_of(modules.size + 2 * QUIET);
    // Symbols of very long addresses do not fall on whole pixels any more, but still fill the plate.
    let module = if side / count >= 2.0 { (side / count).floor() } else { side / count };
    let from = ((side - module * count) / 2.0).floor() + module * count_of(QUIET);
    let mut symbol = Outline::default();
    for (x, y, length) in modules.runs() {
        let at = |n: usize| from + module * count_of(n);
        symbol.push(Outline::rect(left + at(x), top + at(y), module * count_of(length), module));
    }
    layer.fill_sharp(symbol, QR_INK);
}

fn count_of(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

/// Each line centred on `at`'s x, the first on its baseline.
pub(super) fn centered(fonts: &Fonts, block: &Block, at: Point) -> Outline {
    let mut out = Outline::default();
    let mut y = at.1;
    for line in &block.lines {
        out.push(fonts.outline(line, block.size, (at.0 - line.width * block.size / 2.0, y)));
        y += block.size * LEADING;
    }
    out
}

const LEADING: f32 = 1.16;

/// Lines centred around the height `middle`.
fn stacked(fonts: &Fonts, block: &Block, middle: f32) -> Outline {
    let gaps = count_of(block.lines.len().saturating_sub(1));
    // Capitals are 0.714 em high: half of that below the middle puts a single line's capitals around it.
    centered(fonts, block, (300.0, middle + block.size * (0.357 - gaps * LEADING / 2.0)))
}
