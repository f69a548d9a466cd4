//! The embedded fonts: which one has a character, how a line of text is shaped, and the outlines of its glyphs.

use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{GlyphId, MetadataProvider as _};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use super::outline::{Outline, Point, Verb};

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

macro_rules! fonts {
    ($($weight:ident $name:literal),* $(,)?) => {
        [$((Weight::$weight, include_bytes!(concat!("../../templates/fonts/", $name)).as_slice())),*]
    };
}

/// In order of preference; a script that has one weight serves for both.
static EMBEDDED: [(Weight, &[u8]); 13] = fonts![
    Regular "NotoSans-Regular.ttf", Bold "NotoSans-Bold.ttf",
    Regular "NotoSansArabic-Regular.ttf", Bold "NotoSansArabic-Bold.ttf",
    Regular "NotoSansHebrew-Regular.ttf", Bold "NotoSansHebrew-Bold.ttf",
    Regular "NotoSansDevanagari-Regular.ttf", Bold "NotoSansDevanagari-Bold.ttf",
    Regular "NotoSansThai-Regular.ttf", Bold "NotoSansThai-Bold.ttf",
    Bold "NotoSansCJK-Bold.otf",
    Regular "NotoSansMath-Regular.ttf",
    Regular "NotoSansSymbols2-Regular.ttf",
];

/// All embedded fonts, parsed once.
pub(super) struct Fonts(Vec<Font>);

struct Font {
    tables: FontRef<'static>,
    shaper: ShaperData,
    units: f32,
    weight: Weight,
}

/// A shaped line of text; lengths are in ems, so that one shaping serves every size.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    glyphs: Vec<Glyph>,
    pub(super) width: f32,
}

#[derive(Debug, Clone, Copy)]
struct Glyph {
    /// `None`: no font has the character; a box stands for it.
    font: Option<usize>,
    id: u32,
    x: f32,
    y: f32,
    advance: f32,
}

/// Width of the box that stands for a character no font has.
const BOX: f32 = 0.72;

impl Fonts {
    pub(super) fn new() -> Fonts {
        Fonts(
            EMBEDDED
                .iter()
                .map(|&(weight, bytes)| {
                    let font = FontRef::new(bytes).expect("the embedded fonts are fonts");
                    let shaper = ShaperData::new(&font);
                    let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
                    Font { tables: font, shaper, units, weight }
                })
                .collect(),
        )
    }

    /// Shapes one line, in visual order; `base` is the direction of the whole text when the line is a piece of it.
    pub(super) fn line(&self, text: &str, weight: Weight, base: Option<Level>) -> Line {
        let mut line = Line::default();
        let bidi = BidiInfo::new(text, base);
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let rtl = levels[run.start].is_rtl();
                let mut pieces = self.by_font(&text[run], weight);
                if rtl {
                    pieces.reverse();
                }
                for (font, piece) in pieces {
                    self.shape(&mut line, font, piece, rtl);
                }
            }
        }
        line
    }

    /// The outline of a line, its baseline beginning at `at`.
    pub(super) fn outline(&self, line: &Line, size: f32, at: Point) -> Outline {
        let mut pen = Pen { out: Vec::with_capacity(line.glyphs.len() * 24), scale: size, at };
        for glyph in &line.glyphs {
            self.draw(glyph, size, (at.0 + glyph.x * size, at.1 - glyph.y * size), &mut pen);
        }
        Outline(pen.out)
    }

    /// The outline of a line bent upright along the bottom of a circle, its middle at the lowest point.
    pub(super) fn arc(&self, line: &Line, size: f32, center: Point, radius: f32) -> Outline {
        let mut out = Outline::default();
        for glyph in &line.glyphs {
            let middle = (glyph.x + glyph.advance / 2.0 - line.width / 2.0) * size;
            let angle = middle / radius;
            let mut pen = Pen { out: Vec::new(), scale: size, at: (0.0, 0.0) };
            self.draw(glyph, size, (-glyph.advance / 2.0 * size, 0.0), &mut pen);
            let (sin, cos) = angle.sin_cos();
            out.push(Outline(pen.out).place(-angle, (center.0 + radius * sin, center.1 + radius * cos)));
        }
        out
    }

    fn draw(&self, glyph: &Glyph, size: f32, at: Point, pen: &mut Pen) {
        let Some(font) = glyph.font.and_then(|f| self.0.get(f)) else {
            return pen.out.extend(missing(size, at).0);
        };
        (pen.scale, pen.at) = (size / font.units, at);
        if let Some(outline) = font.tables.outline_glyphs().get(GlyphId::new(glyph.id)) {
            // A glyph whose program is broken stays empty; the fonts are ours and none is.
            drop(outline.draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), pen));
        }
    }

    fn shape(&self, line: &mut Line, font: Option<usize>, text: &str, rtl: bool) {
        let Some(index) = font else {
            for _ in text.graphemes(true) {
                line.glyphs.push(Glyph { font: None, id: 0, x: line.width, y: 0.0, advance: BOX });
                line.width += BOX;
            }
            return;
        };
        let font = &self.0[index];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = font.shaper.shaper(&font.tables).build().shape(buffer, ShapeOptions::new());
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let [x, y, advance] = [position.x_offset, position.y_offset, position.x_advance].map(|v| em(v, font.units));
            line.glyphs.push(Glyph { font: Some(index), id: info.glyph_id, x: line.width + x, y, advance });
            line.width += advance;
        }
    }

    /// Cuts a text where the font has to change; a font is kept as long as it has the characters.
    fn by_font<'t>(&self, text: &'t str, weight: Weight) -> Vec<(Option<usize>, &'t str)> {
        let mut pieces: Vec<(Option<usize>, &'t str)> = Vec::new();
        let mut start = 0;
        let mut current: Option<Option<usize>> = None;
        for (at, grapheme) in text.grapheme_indices(true) {
            let keep = current.flatten().is_some_and(|f| is_neutral(grapheme) && self.has(f, grapheme));
            let font = if keep { current.flatten() } else { self.font_for(grapheme, weight) };
            if current.is_some_and(|c| c != font) {
                pieces.push((current.flatten(), &text[start..at]));
                start = at;
            }
            current = Some(font);
        }
        if let Some(font) = current {
            pieces.push((font, &text[start..]));
        }
        pieces
    }

    fn font_for(&self, grapheme: &str, weight: Weight) -> Option<usize> {
        let having = |want: Option<Weight>| {
            (0..self.0.len()).find(|&f| want.is_none_or(|w| self.0[f].weight == w) && self.has(f, grapheme))
        };
        having(Some(weight)).or_else(|| having(None))
    }

    fn has(&self, font: usize, grapheme: &str) -> bool {
        let map = self.0[font].tables.charmap();
        grapheme.chars().all(|c| is_invisible(c) || map.map(c).is_some())
    }
}

/// Belongs to every script: spaces, digits, punctuation.
fn is_neutral(grapheme: &str) -> bool {
    grapheme.chars().all(|c| !c.is_alphabetic())
}

/// Joiners and variation selectors, which no font needs to have.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{00AD}')
}

#[expect(clippy::cast_precision_loss, reason = "font units are far below 2^24")]
fn em(units: i32, per_em: f32) -> f32 {
    units as f32 / per_em
}

/// A framed box: plainly "a character this picture cannot show", not a broken picture.
fn missing(size: f32, at: Point) -> Outline {
    let (left, top, right, bottom) = (at.0 + 0.08 * size, at.1 - 0.70 * size, at.0 + 0.64 * size, at.1);
    let line = 0.075 * size;
    let mut out = Outline::round_rect(left, top, right - left, bottom - top, 0.1 * size);
    let (l, t, r, b) = (left + line, top + line, right - line, bottom - line);
    let inner = [(l, t), (l, b), (r, b), (r, t)];
    out.push(Outline::polygon(&inner));
    out.push(Outline::circle(f32::midpoint(left, right), f32::midpoint(top, bottom), 0.08 * size));
    out
}

struct Pen {
    out: Vec<Verb>,
    scale: f32,
    at: Point,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Point {
        (self.at.0 + x * self.scale, self.at.1 - y * self.scale)
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.out.push(Verb::Move(self.at(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.out.push(Verb::Line(self.at(x, y)));
    }

    fn quad_to(&mut self, ax: f32, ay: f32, x: f32, y: f32) {
        self.out.push(Verb::Quad(self.at(ax, ay), self.at(x, y)));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.out.push(Verb::Cubic(self.at(ax, ay), self.at(bx, by), self.at(x, y)));
    }

    fn close(&mut self) {
        self.out.push(Verb::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many boxes stand for characters that no font has.
    #[track_caller]
    fn check(text: &str, boxes: usize) {
        let line = Fonts::new().line(text, Weight::Bold, None);
        assert_eq!(line.glyphs.iter().filter(|g| g.font.is_none()).count(), boxes, "{text}");
        assert!(line.glyphs.iter().all(|g| g.font.is_none() || g.id != 0), "{text}: an empty glyph");
        assert!(line.width > 0.0, "{text}");
    }

    #[test]
    fn the_scripts_of_partner_programs_are_at_hand() {
        check("Certified Sales Associate – Łódź, Ðà Nẵng", 0);
        check("Сертифицированный специалист", 0);
        check("Πιστοποιημένος σύμβουλος", 0);
        check("خبير معتمد في المبيعات 2026", 0);
        check("מומחה מכירות מוסמך", 0);
        check("प्रमाणित विक्रय सहयोगी", 0);
        check("พนักงานขายที่ผ่านการรับรอง", 0);
        check("認定セールスアソシエイト", 0);
        check("认证销售工程师 認證銷售工程師", 0);
        check("공인 영업 전문가", 0);
        check("C++ & C# ≥ 2.0 ™ © € ₹", 0);
    }

    #[test]
    fn what_no_font_has_is_one_box_a_character() {
        check("Team 👩‍👩‍👧‍👦", 1);
        check("\u{13000}", 1);
    }

    #[test]
    fn arabic_is_shaped_and_runs_from_the_right() {
        let fonts = Fonts::new();
        let joined = fonts.line("بيت", Weight::Bold, None);
        let apart = fonts.line("ب ي ت", Weight::Bold, None);
        let ids = |l: &Line| l.glyphs.iter().map(|g| g.id).collect::<Vec<_>>();
        assert_ne!(ids(&joined)[0], ids(&apart)[0], "the last letter takes its final form");
        let mixed = fonts.line("A بيت B", Weight::Bold, None);
        assert!(mixed.glyphs.first().is_some_and(|g| g.font == Some(1)));
        assert!(mixed.glyphs.last().is_some_and(|g| g.font == Some(1)));
    }
}
