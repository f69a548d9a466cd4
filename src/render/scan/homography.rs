//! [`Homography`]: how a flat symbol lies in the picture.

/// Maps places of a symbol, in modules, to places of the picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Homography([f64; 8]);

/// A place: right and down.
pub(super) type Place = (f64, f64);

impl Homography {
    /// The one that maps four places to four others; none if three of a side lie on a line.
    pub(super) fn between(from: [Place; 4], to: [Place; 4]) -> Option<Homography> {
        let mut rows = [[0.0; 9]; 8];
        for (i, ((u, v), (x, y))) in from.into_iter().zip(to).enumerate() {
            rows[2 * i] = [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x];
            rows[2 * i + 1] = [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y];
        }
        solve(rows).map(Homography)
    }

    /// Where the place lies in the picture; beyond the horizon it lies outside of any.
    pub(super) fn map(&self, (u, v): Place) -> Place {
        let h = &self.0;
        let depth = h[6] * u + h[7] * v + 1.0;
        if depth < 1e-3 {
            return (-1.0, -1.0);
        }
        ((h[0] * u + h[1] * v + h[2]) / depth, (h[3] * u + h[4] * v + h[5]) / depth)
    }
}

/// Gauss and Jordan, with the largest pivot of each column.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        let by = rows[column][column];
        if by.abs() < 1e-9 {
            return None;
        }
        rows[column].iter_mut().for_each(|value| *value /= by);
        let row = rows[column];
        for (other, values) in rows.iter_mut().enumerate() {
            let times = values[column];
            if other != column {
                values.iter_mut().zip(row).for_each(|(value, of_row)| *value -= times * of_row);
            }
        }
    }
    let solved = rows.map(|row| row[8]);
    solved.iter().all(|value| value.is_finite()).then_some(solved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(homography: &Homography, from: Place, to: Place) {
        let (x, y) = homography.map(from);
        assert!((x - to.0).abs() < 1e-6 && (y - to.1).abs() < 1e-6, "{from:?} lies at {x}, {y}");
    }

    #[test]
    fn lines_stay_lines() {
        let square = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        let to = [(10.0, 10.0), (30.0, 12.0), (8.0, 40.0), (36.0, 44.0)];
        let homography = Homography::between(square, to).unwrap();
        for (from, to) in square.into_iter().zip(to) {
            check(&homography, from, to);
        }
        // The diagonals of a square meet in its centre; those of the other: 10 + 26t, 10 + 34t and 30 - 22s, 12 + 28s.
        let s = (20.0 * 34.0 - 26.0 * 2.0) / (26.0 * 28.0 + 22.0 * 34.0);
        check(&homography, (0.5, 0.5), (30.0 - 22.0 * s, 12.0 + 28.0 * s));
    }

    #[test]
    fn three_places_on_a_line_give_none() {
        let square = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        assert_eq!(Homography::between(square, [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]), None);
    }

    #[test]
    fn beyond_the_horizon_nothing_is_seen() {
        let square = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        let road = [(0.0, 100.0), (100.0, 100.0), (40.0, 50.0), (60.0, 50.0)];
        let homography = Homography::between(square, road).unwrap();
        assert_eq!(homography.map((0.5, -100.0)), (-1.0, -1.0));
    }
}
