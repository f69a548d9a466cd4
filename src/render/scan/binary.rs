//! [`Binary`]: what is dark and what is light, each pixel judged by its surroundings.

use super::grey::Grey;

/// Dark and light pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binary {
    pub(super) width: usize,
    pub(super) height: usize,
    dark: Vec<bool>,
}

impl Binary {
    /// Dark is what has less than nine tenths of the mean of its surroundings, so many pixels to each side. Sums of columns and
    /// rows slide along: the work is the same for any reach.
    pub(super) fn of(grey: &Grey, reach: usize) -> Binary {
        let (width, height) = (grey.width, grey.height);
        let mut dark = Vec::with_capacity(width * height);
        let mut columns = vec![0_u32; width];
        let mut rows = 0_u32;
        let add = |columns: &mut [u32], y: usize| {
            columns.iter_mut().zip(grey.row(y)).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
        };
        for y in 0..reach.min(height) {
            add(&mut columns, y);
            rows += 1;
        }
        for y in 0..height {
            if y + reach < height {
                add(&mut columns, y + reach);
                rows += 1;
            }
            if y > reach {
                let gone = grey.row(y - reach - 1);
                columns.iter_mut().zip(gone).for_each(|(sum, &pixel)| *sum -= u32::from(pixel));
                rows -= 1;
            }
            let mut sum: u32 = columns[..reach.min(width)].iter().sum();
            let mut across = u32::try_from(reach.min(width)).expect("sides are bounded");
            for (x, &pixel) in grey.row(y).iter().enumerate() {
                if x + reach < width {
                    sum += columns[x + reach];
                    across += 1;
                }
                if x > reach {
                    sum -= columns[x - reach - 1];
                    across -= 1;
                }
                dark.push(u32::from(pixel) * rows * across < sum / 10 * 9);
            }
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
