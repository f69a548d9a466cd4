//! Pixels into PNG: a palette made once for many pictures, fixed settings, the same bytes every time.

use std::sync::OnceLock;

use resvg::tiny_skia::Pixmap;

use super::RenderError;

/// Straight red, green, blue, alpha.
type Rgba = [u8; 4];
#[expect(
    clippy::disallowed_types,
    reason = "asked for every pixel of pictures that are drawn here, never of a stranger's"
)]
type ByColor<T> = rustc_hash::FxHashMap<Rgba, T>;

/// At most 256 colours, and the nearest of them for every colour.
pub(super) struct PaletteMap {
    colors: Vec<Rgba>,
    /// Nearest index for opaque colours, five bits a channel; looked for when it is first needed.
    opaque: Vec<OnceLock<u8>>,
    exact: ByColor<u8>,
}

impl PaletteMap {
    /// The palette of these pixels: median cut over the colours as often as they occur.
    pub(super) fn of(pixels: &Pixmap) -> PaletteMap {
        let mut counts = ByColor::<u32>::default();
        for pixel in straight(pixels) {
            *counts.entry(pixel).or_default() += 1;
        }
        let mut all: Vec<(Rgba, u32)> = counts.into_iter().collect();
        all.sort_unstable();
        let mut colors = cut(&mut all, COLORS);
        colors.sort_unstable();
        colors.dedup();
        let exact = all.iter().map(|&(c, _)| (c, nearest(&colors, c))).collect();
        PaletteMap { colors, opaque: vec![OnceLock::new(); 1 << 15], exact }
    }

    fn index(&self, color: Rgba) -> u8 {
        if let Some(&index) = self.exact.get(&color) {
            return index;
        }
        let [r, g, b, a] = color;
        if a == 255 {
            let coarse = [r, g, b].map(|c| c >> 3);
            let place = coarse.iter().fold(0, |place, &c| place << 5 | usize::from(c));
            let [r, g, b] = coarse.map(|c| c << 3 | 4);
            *self.opaque[place].get_or_init(|| nearest(&self.colors, [r, g, b, 255]))
        } else {
            nearest(&self.colors, color)
        }
    }

    /// The palette index of every pixel.
    pub(super) fn indices(&self, pixels: &Pixmap) -> Vec<u8> {
        straight(pixels).map(|c| self.index(c)).collect()
    }

    /// The same for a picture that differs from `ground` in few pixels, whose indices are known.
    pub(super) fn indices_over(&self, pixels: &Pixmap, ground: &Pixmap, known: &[u8]) -> Vec<u8> {
        let mut out = known.to_vec();
        let (new, old) = (pixels.data().as_chunks::<4>().0, ground.data().as_chunks::<4>().0);
        let mut last = ([0; 4], self.index([0; 4]));
        let rows = new.chunks(256).zip(old.chunks(256)).zip(out.chunks_mut(256));
        for ((new, old), out) in rows.filter(|((new, old), _)| new != old) {
            for ((new, old), out) in new.iter().zip(old).zip(out) {
                if new != old {
                    if last.0 != *new {
                        last = (*new, self.index(demultiply(*new)));
                    }
                    *out = last.1;
                }
            }
        }
        out
    }

    /// Red, green and blue of each colour, and its alpha: `PLTE` and `tRNS`.
    pub(super) fn tables(&self) -> (Vec<u8>, Vec<u8>) {
        (self.colors.iter().flat_map(|c| [c[0], c[1], c[2]]).collect(), self.colors.iter().map(|c| c[3]).collect())
    }

    /// A PNG of these indices.
    pub(super) fn png(&self, indices: &[u8], width: u32, height: u32) -> Result<Vec<u8>, RenderError> {
        let failed = |e: png::EncodingError| RenderError::Drawing { why: e.to_string() };
        let mut out = Vec::with_capacity(64 * 1024);
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        let (colors, alpha) = self.tables();
        encoder.set_palette(colors);
        encoder.set_trns(alpha);
        encoder.set_deflate_compression(png::DeflateCompression::Level(DEFLATE));
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(indices).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(out)
    }
}

/// Colours of a picture: with 160 no step is seen in the metal, and a picture is an eighth smaller than with 256.
const COLORS: usize = 160;
/// For pictures that are drawn once.
const DEFLATE: u8 = 9;

fn straight(pixels: &Pixmap) -> impl Iterator<Item = Rgba> {
    pixels.data().as_chunks::<4>().0.iter().map(|&p| demultiply(p))
}

fn demultiply([r, g, b, a]: Rgba) -> Rgba {
    let full = |c: u8| match a {
        0 => 0,
        255 => c,
        _ => u8::try_from((u32::from(c) * 255 + u32::from(a) / 2) / u32::from(a)).unwrap_or(255),
    };
    [full(r), full(g), full(b), a]
}

/// Colours that become one: how far they are apart, in which channel, and themselves.
type Box<'c> = (f64, usize, &'c mut [(Rgba, u32)]);

/// Splits the box with the largest weighted spread until there are `most`, and takes the mean of each.
fn cut(all: &mut [(Rgba, u32)], most: usize) -> Vec<Rgba> {
    let mut boxes: Vec<Box> = Vec::new();
    let (spread, channel) = widest(all);
    boxes.push((spread, channel, all));
    while boxes.len() < most {
        let Some(at) = (0..boxes.len()).max_by(|&a, &b| boxes[a].0.total_cmp(&boxes[b].0)) else { break };
        if boxes[at].0 <= 0.0 {
            break;
        }
        let (_, channel, colors) = boxes.swap_remove(at);
        colors.sort_unstable_by_key(|(c, _)| (c[channel], *c));
        let mean = mean(colors)[channel];
        let middle = colors.partition_point(|(c, _)| f64::from(c[channel]) <= mean).clamp(1, colors.len() - 1);
        let (low, high) = colors.split_at_mut(middle);
        for half in [low, high] {
            let (spread, channel) = widest(half);
            boxes.push((spread, channel, half));
        }
    }
    boxes.into_iter().map(|(_, _, colors)| mean(colors).map(rounded)).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mean of bytes is a byte")]
fn rounded(value: f64) -> u8 {
    value.round() as u8
}

/// Rare colours count too (edges of letters), but not as much as wide fields.
fn weight(count: u32) -> f64 {
    f64::from(count).sqrt()
}

fn mean(colors: &[(Rgba, u32)]) -> [f64; 4] {
    let total: f64 = colors.iter().map(|&(_, n)| weight(n)).sum();
    std::array::from_fn(|c| colors.iter().map(|&(v, n)| f64::from(v[c]) * weight(n)).sum::<f64>() / total)
}

/// The channel that varies most within a box, and by how much.
fn widest(colors: &[(Rgba, u32)]) -> (f64, usize) {
    if colors.len() < 2 {
        return (0.0, 0);
    }
    let mean = mean(colors);
    (0..4)
        .map(|c| (colors.iter().map(|&(v, n)| (f64::from(v[c]) - mean[c]).powi(2) * weight(n)).sum::<f64>(), c))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((0.0, 0))
}

/// `colors` are sorted by red: the search goes outwards from there and stops where red alone is too far off.
fn nearest(colors: &[Rgba], to: Rgba) -> u8 {
    let apart = |i: usize| u32::from(colors[i][0].abs_diff(to[0])).pow(2);
    let middle = colors.partition_point(|c| c[0] < to[0]);
    let mut best = (u32::MAX, 0);
    let mut try_at = |i: usize| -> bool {
        if apart(i) > best.0 {
            return false;
        }
        let distance = (0..4).map(|c| u32::from(colors[i][c].abs_diff(to[c])).pow(2)).sum();
        best = best.min((distance, i));
        true
    };
    (middle..colors.len()).take_while(|&i| try_at(i)).for_each(drop);
    (0..middle).rev().take_while(|&i| try_at(i)).for_each(drop);
    u8::try_from(best.1).unwrap_or(u8::MAX)
}
