//! Making foreign text harmless and fitting it into its place: smaller, then wrapped, then cut with an ellipsis.

use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::fonts::{Fonts, Line, Weight};

/// One size to try: at most so many lines of this size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) lines: usize,
    pub(super) size: f32,
}

/// Text that fits.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    pub(super) size: f32,
}

/// Longest text that is looked at, in characters as a reader counts them.
const LONGEST: usize = 240;
/// Most code points of one character; more is somebody's joke.
const MARKS: usize = 12;

/// Without control characters, bidi overrides and isolates, runs of spaces; in NFC; of bounded length.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(1024));
    let visible =
        text.chars().take(LONGEST * MARKS).map(|c| if is_space(c) { ' ' } else { c }).filter(|&c| !is_harmful(c));
    for grapheme in visible.nfc().collect::<String>().graphemes(true).take(LONGEST) {
        if grapheme != " " || !(out.is_empty() || out.ends_with(' ')) {
            out.extend(grapheme.chars().take(MARKS));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{00A0}' && c != '\u{202F}'
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(c, '\u{E0000}'..='\u{E0FFF}')
}

/// Fits cleaned `text` into `width`, trying the steps in order; the last step's size is the floor.
pub(super) fn fit(fonts: &Fonts, text: &str, weight: Weight, width: f32, steps: &[Step]) -> Block {
    let Some(floor) = steps.last() else { return Block::default() };
    let setting = Setting::new(fonts, text, weight);
    // First without cutting a word, then with.
    for (pieces, sizes) in [(&setting.words, steps), (&setting.letters, steps)] {
        for step in sizes {
            if let Some(lines) = wrap(pieces, width / step.size, step.lines) {
                return setting.block(&lines, step.size, width);
            }
        }
    }
    setting.cut(text, width, *floor)
}

/// A piece that is not broken, and its width in ems without and with the space after it.
struct Piece {
    text: String,
    width: f32,
    with_space: f32,
    /// A line may end after it.
    breaks: bool,
    /// When a line ends after it, a hyphen shows that the word goes on.
    hyphen: bool,
}

struct Setting<'f> {
    fonts: &'f Fonts,
    weight: Weight,
    base: Option<Level>,
    words: Vec<Piece>,
    letters: Vec<Piece>,
}

impl<'f> Setting<'f> {
    fn new(fonts: &'f Fonts, text: &str, weight: Weight) -> Self {
        let measure = |t: &str| fonts.line(t, weight, None).width;
        let piece = |t: &str, breaks: bool, hyphen: bool| Piece {
            width: measure(t.trim_end()),
            with_space: measure(t),
            text: t.to_owned(),
            breaks,
            hyphen,
        };
        let words: Vec<Piece> = unbreakable(text).into_iter().map(|w| piece(w, true, false)).collect();
        let mut letters = Vec::new();
        for word in &words {
            let graphemes: Vec<&str> = word.text.graphemes(true).collect();
            for (i, g) in graphemes.iter().enumerate() {
                let inside = |i: usize| graphemes.get(i).is_some_and(|g| g.chars().all(char::is_alphabetic));
                let hyphenated =
                    i >= 1 && inside(i - 1) && inside(i) && inside(i + 1) && inside(i + 2) && is_hyphenated(g);
                let joins = graphemes.get(i + 1).is_some_and(|n| n.starts_with(|c: char| c == ' ' || is_closing(c)));
                letters.push(piece(g, !joins && (hyphenated || !is_hyphenated(g) || !inside(i + 1)), hyphenated));
            }
        }
        Setting { fonts, weight, base: BidiInfo::new(text, None).paragraphs.first().map(|p| p.level), words, letters }
    }

    /// Shapes the lines for good; if shaping made one wider than the sum of its pieces, all shrink by that much.
    fn block(&self, lines: &[String], size: f32, width: f32) -> Block {
        let lines: Vec<Line> = lines.iter().map(|l| self.fonts.line(l, self.weight, self.base)).collect();
        let widest = lines.iter().map(|l| l.width * size).fold(0.0, f32::max);
        Block { lines, size: if widest > width { size * width / widest } else { size } }
    }

    /// As much as there is room for at the floor, and an ellipsis; words stay whole unless that costs half the text.
    fn cut(&self, text: &str, width: f32, floor: Step) -> Block {
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        let room = width / floor.size;
        let lines = |keep: usize, whole: bool| {
            let kept = graphemes[..keep].concat();
            let setting = Setting::new(self.fonts, &format!("{}…", kept.trim_end()), self.weight);
            wrap(if whole { &setting.words } else { &setting.letters }, room, floor.lines)
        };
        let most = |whole: bool| {
            let (mut fits, mut not) = (0, graphemes.len());
            while not - fits > 1 {
                let middle = usize::midpoint(fits, not);
                *(if lines(middle, whole).is_some() { &mut fits } else { &mut not }) = middle;
            }
            fits
        };
        let (whole, broken) = (most(true), most(false));
        let lines = if whole * 2 >= broken { lines(whole, true) } else { lines(broken, false) };
        self.block(&lines.unwrap_or_else(|| vec!["…".to_owned()]), floor.size, width)
    }
}

/// Greedy lines of at most `room` ems, made as even as their number allows; `None` when there would be more than `most`.
fn wrap(pieces: &[Piece], room: f32, most: usize) -> Option<Vec<String>> {
    let best = greedy(pieces, room, most)?;
    let (mut low, mut high) = (room / 2.0, room);
    let mut even = None;
    for _ in 0..6 {
        let middle = f32::midpoint(low, high);
        match greedy(pieces, middle, best.len()) {
            Some(lines) => (even, high) = (Some(lines), middle),
            None => low = middle,
        }
    }
    Some(if best.len() == 1 { best } else { even.unwrap_or(best) })
}

fn greedy(pieces: &[Piece], room: f32, most: usize) -> Option<Vec<String>> {
    const HYPHEN: f32 = 0.36;
    let mut lines: Vec<String> = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        if lines.len() == most {
            return None;
        }
        let (mut used, mut end) = (0.0, None);
        for (i, piece) in pieces.iter().enumerate().skip(start) {
            if used + piece.width > room {
                break;
            }
            let hyphen = if piece.hyphen && i + 1 < pieces.len() { HYPHEN } else { 0.0 };
            if (piece.breaks || i + 1 == pieces.len()) && used + piece.width + hyphen <= room {
                end = Some(i);
            }
            used += piece.with_space;
        }
        let end = end?;
        let mut line: String = pieces[start..=end].iter().map(|p| p.text.as_str()).collect();
        line.truncate(line.trim_end().len());
        if pieces[end].hyphen && end + 1 < pieces.len() {
            line.push('-');
        }
        lines.push(line);
        start = end + 1;
    }
    Some(lines)
}

/// Cuts a text into what stays together: words with the space after them, single ideographs with their punctuation.
fn unbreakable(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut before: Option<char> = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        let first = grapheme.chars().next().unwrap_or(' ');
        if let Some(last) = before {
            let spaced = last == ' ' && first != ' ';
            let joined = matches!(last, '-' | '/' | '–' | '—' | '\u{00AD}' | '\u{200B}') && first.is_alphanumeric();
            let ideographs =
                (is_ideograph(last) || is_ideograph(first)) && !is_closing(first) && !is_opening(last) && first != ' ';
            if at > 0 && (spaced || joined || ideographs) {
                cuts.push(at);
            }
        }
        before = grapheme.chars().next_back();
    }
    cuts.push(text.len());
    cuts.windows(2).map(|w| &text[w[0]..w[1]]).filter(|p| !p.is_empty()).collect()
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// May not begin a line in Chinese or Japanese.
fn is_closing(c: char) -> bool {
    "、。，．・：；？！）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々…‥%)]}!?,.:;".contains(c)
}

/// May not end a line.
fn is_opening(c: char) -> bool {
    "（「『【〈《〔［｛([{".contains(c)
}

/// Scripts that show with a hyphen that a word goes on.
fn is_hyphenated(grapheme: &str) -> bool {
    grapheme
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() && (c < '\u{0530}' || ('\u{1E00}'..'\u{2000}').contains(&c)))
}

#[cfg(test)]
mod tests;
