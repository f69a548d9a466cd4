//! How well the fixed patterns of a symbol are seen, and where they are seen best.

use super::binary::Binary;
use super::homography::{Homography, Place};

/// Guesses around a corner, in modules.
pub(super) const AROUND: [Place; 13] = [
    (0.0, 0.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (1.0, 1.0),
    (-1.0, -1.0),
    (1.0, -1.0),
    (-1.0, 1.0),
    (2.0, 0.0),
    (-2.0, 0.0),
    (0.0, 2.0),
    (0.0, -2.0),
];

/// Most guesses at the fourth corner that are made better.
pub(super) const CLIMBS: usize = 2;

/// Moves the fourth corner to where the fixed patterns are seen best.
pub(super) fn climbed(
    binary: &Binary,
    size: usize,
    mut best: (f64, Homography),
    moved: impl Fn(&Homography, f64, f64) -> Option<Homography>,
) -> Option<Homography> {
    for step in [1.0, 0.5, 0.25] {
        for (u, v) in AROUND[1..9].iter().copied() {
            let Some(lies) = moved(&best.1, u * step, v * step) else { continue };
            let fitness = fitness(binary, &lies, size);
            if fitness > best.0 {
                best = (fitness, lies);
            }
        }
    }
    (best.0 > 0.55).then_some(best.1)
}

pub(super) fn is_dark(binary: &Binary, (x, y): Place) -> bool {
    // A cast cuts off towards zero.
    x >= 0.0 && y >= 0.0 && binary.is_dark(x as isize, y as isize)
}

/// The centre of the alignment pattern (a dark module, a light ring, a dark ring), within four modules of where it is looked
/// for; in modules.
pub(super) fn alignment(binary: &Binary, guess: &Homography, fourth: f64) -> Option<Place> {
    let mut best: Vec<Place> = Vec::new();
    let mut most = 21;
    for (i, j) in (-8..=8).flat_map(|i| (-8..=8).map(move |j| (i, j))) {
        let (u, v) = (f64::from(i) / 2.0, f64::from(j) / 2.0);
        let seen = |x: f64, y: f64| is_dark(binary, guess.map((fourth + u + x, fourth + v + y)));
        let fits = PATTERN.into_iter().filter(|&(x, y, dark)| seen(x, y) == dark).count();
        if fits > most {
            most = fits;
            best.clear();
        }
        if fits == most {
            best.push((u, v));
        }
    }
    let far = |&(u, v): &Place| u.hypot(v);
    let nearest = *best.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?;
    // Where the whole of it fits equally well, the centre is the mean.
    best.retain(|&(u, v)| (u - nearest.0).abs() <= 1.0 && (v - nearest.1).abs() <= 1.0);
    let mean = |of: fn(&Place) -> f64| fourth + best.iter().map(of).sum::<f64>() / best.len() as f64;
    Some((mean(|place| place.0), mean(|place| place.1)))
}

/// The alignment pattern, from its centre.
const PATTERN: [(f64, f64, bool); 25] = {
    let mut pattern = [(0.0, 0.0, true); 25];
    let mut i = 0;
    while i < 25 {
        let (x, y) = (i % 5, i / 5);
        let ring = x == 0 || x == 4 || y == 0 || y == 4;
        pattern[i] = (x as f64 - 2.0, y as f64 - 2.0, ring || (x == 2 && y == 2));
        i += 1;
    }
    pattern
};

/// How well the fixed patterns of a symbol are seen: 1 if each module is as it must be, 0 for chance.
pub(super) fn fitness(binary: &Binary, lies: &Homography, size: usize) -> f64 {
    let (mut right, mut all) = (0_u32, 0_u32);
    let mut look = |u: usize, v: usize, dark: bool| {
        all += 1;
        right += u32::from(is_dark(binary, lies.map((u as f64 + 0.5, v as f64 + 0.5))) == dark);
    };
    for along in 8..size - 8 {
        look(along, 6, along % 2 == 0);
        look(6, along, along % 2 == 0);
    }
    for (left, top) in [(0, 0), (size - 7, 0), (0, size - 7)] {
        for (x, y) in (0..7).flat_map(|x| (0..7).map(move |y| (x, y))) {
            let ring = x == 0 || x == 6 || y == 0 || y == 6;
            let inner = (2..5).contains(&x) && (2..5).contains(&y);
            look(left + x, top + y, ring || inner);
        }
    }
    if size > 21 {
        for (x, y, dark) in PATTERN {
            look(size - 7 + (x + 2.0) as usize - 2, size - 7 + (y + 2.0) as usize - 2, dark);
        }
    }
    f64::from(right) / f64::from(all) * 2.0 - 1.0
}
