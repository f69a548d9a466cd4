//! [`Grey`]: a picture reduced to brightness.

/// Brightness of each pixel, row by row; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pixels: Vec<u8>,
}

/// One in so many pixels may be darker than what counts as black, and lighter than what counts as white.
const CLIPPED: usize = 200;

impl Grey {
    /// Of pixels of one to four bytes: brightness, or red, green and blue; the last of two or four is opacity, over white.
    pub(super) fn new(width: usize, height: usize, pixels: Vec<u8>, channels: usize) -> Grey {
        debug_assert_eq!(pixels.len(), width * height * channels, "{width} x {height} pixels of {channels}");
        let pixels = match channels {
            1 => pixels,
            2 => pixels.as_chunks::<2>().0.iter().map(|&[grey, alpha]| over_white(grey, alpha)).collect(),
            3 => pixels.as_chunks::<3>().0.iter().map(|&rgb| luma(rgb)).collect(),
            _ => pixels.as_chunks::<4>().0.iter().map(|&[r, g, b, a]| over_white(luma([r, g, b]), a)).collect(),
        };
        Grey { width, height, pixels }
    }

    pub(super) fn long_side(&self) -> usize {
        self.width.max(self.height)
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..][..self.width]
    }

    /// With full contrast.
    pub(super) fn stretched(mut self) -> Grey {
        let mut counts = [0_usize; 256];
        self.pixels.iter().for_each(|&pixel| counts[usize::from(pixel)] += 1);
        let clipped = self.pixels.len() / CLIPPED;
        let low = beyond(counts.iter(), clipped);
        let high = 255 - beyond(counts.iter().rev(), clipped);
        if low < high && (low, high) != (0, 255) {
            let table: Vec<u8> = (0..256)
                .map(|value: usize| (value.clamp(low, high) - low) * 255 / (high - low))
                .map(|value| u8::try_from(value).expect("at most 255"))
                .collect();
            self.pixels.iter_mut().for_each(|pixel| *pixel = table[usize::from(*pixel)]);
        }
        self
    }

    /// With no side longer than `side`; each pixel is the mean of those it stands for.
    pub(super) fn shrunk(self, side: usize) -> Grey {
        let long = self.long_side();
        if long <= side {
            return self;
        }
        let scaled = |length: usize| (length * side / long).max(1);
        let (width, height) = (scaled(self.width), scaled(self.height));
        let edges: Vec<u32> = (1..=width).map(|x| (x * self.width / width) as u32).collect();
        let mut pixels = Vec::with_capacity(width * height);
        let mut columns = vec![0_u32; self.width];
        let mut before = vec![0_u32; self.width + 1];
        for y in 0..height {
            let rows = y * self.height / height..(y + 1) * self.height / height;
            columns.fill(0);
            for row in rows.clone() {
                columns.iter_mut().zip(self.row(row)).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
            }
            add_up(&columns, &mut before);
            let (before, rows) = (before.as_slice(), rows.len() as u32);
            let (mut from, mut below) = (0, 0);
            pixels.extend(edges.iter().map(move |&to| {
                let up_to = before[to as usize];
                let mean = (up_to - below) / ((to - from) * rows);
                (from, below) = (to, up_to);
                mean as u8
            }));
        }
        Grey { width, height, pixels }
    }

    /// Twice as wide and high; between two pixels lies their mean.
    pub(super) fn doubled(&self) -> Grey {
        let mut pixels = Vec::with_capacity(self.pixels.len() * 4);
        for y in 0..self.height * 2 {
            let (above, below) = (self.row(y / 2), self.row(y.div_ceil(2).min(self.height - 1)));
            for x in 0..self.width * 2 {
                let (left, right) = (x / 2, x.div_ceil(2).min(self.width - 1));
                let four = [above[left], above[right], below[left], below[right]];
                let sum: u16 = four.into_iter().map(u16::from).sum();
                pixels.push(u8::try_from(sum / 4).expect("a mean of bytes is one"));
            }
        }
        Grey { width: self.width * 2, height: self.height * 2, pixels }
    }
}

/// What all columns before each add up to: the difference of two is the sum of those between.
pub(super) fn add_up(columns: &[u32], before: &mut [u32]) {
    let mut sum = 0;
    for (before, column) in before[1..].iter_mut().zip(columns) {
        sum += column;
        *before = sum;
    }
}

/// At which value the counts have gone beyond `few`.
fn beyond<'a>(counts: impl Iterator<Item = &'a usize>, few: usize) -> usize {
    let mut seen = 0;
    counts
        .take_while(|&&count| {
            seen += count;
            seen <= few
        })
        .count()
        .min(255)
}

/// ITU-R BT.601, in 256ths.
fn luma([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    u8::try_from(sum >> 8).expect("the weights add up to 256")
}

/// A transparent ground is paper.
fn over_white(value: u8, alpha: u8) -> u8 {
    let alpha = u16::from(alpha);
    let sum = u16::from(value) * alpha + 255 * (255 - alpha);
    // Divided by 255: exact for sums of two bytes.
    ((sum + (sum >> 8) + 1) >> 8) as u8
}
