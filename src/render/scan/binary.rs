//! [`Binary`]: what is dark and what is light, each pixel judged by its surroundings.

use super::grey::{Grey, add_up};

/// Dark and light pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binary {
    pub(super) width: usize,
    pub(super) height: usize,
    dark: Vec<bool>,
}

impl Binary {
    /// Dark is what has less than nine tenths of the mean of its surroundings, so many pixels to each side. Sums of columns
    /// slide down the picture: the work is the same for any reach.
    pub(super) fn of(grey: &Grey, reach: usize) -> Binary {
        let (width, height) = (grey.width, grey.height);
        let mut dark = Vec::with_capacity(width * height);
        let mut columns = vec![0_u32; width];
        let mut before = vec![0_u32; width + 1];
        for y in 0..reach.min(height) {
            columns.iter_mut().zip(grey.row(y)).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
        }
        for y in 0..height {
            if y + reach < height {
                let new = grey.row(y + reach);
                columns.iter_mut().zip(new).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
            }
            if y > reach {
                let gone = grey.row(y - reach - 1);
                columns.iter_mut().zip(gone).for_each(|(sum, &pixel)| *sum -= u32::from(pixel));
            }
            let rows = (y + reach + 1).min(height) - y.saturating_sub(reach);
            add_up(&columns, &mut before);
            let row = grey.row(y);
            let near_an_edge = |x: usize| {
                let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                is_dark(row[x], before[to] - before[from], (rows * (to - from)) as u32)
            };
            // Away from the edges all windows are as wide, and several are judged at once.
            let inner = reach.min(width)..width.saturating_sub(reach).max(reach.min(width));
            dark.extend((0..inner.start).map(near_an_edge));
            let pixels = (rows * (2 * reach + 1)) as u32;
            let windows = before.iter().zip(before.get(2 * reach + 1..).unwrap_or_default());
            let judged = row[inner.clone()].iter().zip(windows);
            dark.extend(judged.map(|(&pixel, (from, to))| is_dark(pixel, to - from, pixels)));
            dark.extend((inner.end..width).map(near_an_edge));
        }
        Binary { width, height, dark }
    }

    /// Light becomes dark.
    pub(super) fn inverted(mut self) -> Binary {
        self.dark.iter_mut().for_each(|dark| *dark = !*dark);
        self
    }

    pub(super) fn row(&self, y: usize) -> &[bool] {
        &self.dark[y * self.width..][..self.width]
    }

    /// Whether the pixel is dark; outside the picture nothing is.
    pub(super) fn is_dark(&self, x: isize, y: isize) -> bool {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return false };
        x < self.width && y < self.height && self.dark[y * self.width + x]
    }
}

/// Whether a pixel is darker than nine tenths of the mean of a window, which is 401 pixels wide and high at most.
fn is_dark(pixel: u8, sum: u32, pixels: u32) -> bool {
    u32::from(pixel) * pixels * 10 < sum * 9
}
