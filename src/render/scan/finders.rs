//! The three large squares in the corners of a symbol (ISO/IEC 18004, finder patterns).

use super::MAX_SYMBOLS;
use super::binary::Binary;

/// A finder pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finder {
    /// Its centre.
    pub(super) x: f64,
    /// Its centre.
    pub(super) y: f64,
    /// Width of a module, in pixels.
    pub(super) module: f64,
    /// How many rows showed it.
    rows: u32,
}

/// Most finder patterns that are handed on: those of one symbol more than are read.
const MOST: usize = 3 * (MAX_SYMBOLS + 1);
/// Most that are kept in mind while looking.
const MOST_IN_MIND: usize = 200;
/// How much longer a pattern may be in one direction than in the other.
const SKEW: f64 = 2.0;

/// The finder patterns of a picture, the surest first. Rows of runs as these patterns have them are looked at closely while
/// the allowance of pixels lasts; a picture with more is a pattern itself.
pub(super) fn finders(binary: &Binary, pixels: &mut usize) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut runs: Vec<usize> = Vec::new();
    for y in 0..binary.height {
        let row = binary.row(y);
        runs.clear();
        runs.extend(row.chunk_by(|a, b| a == b).map(<[bool]>::len));
        let mut start = 0;
        for (index, five) in runs.windows(5).enumerate() {
            let dark = row[0] == (index % 2 == 0);
            if dark && module([five[0], five[1], five[2], five[3], five[4]]).is_some() {
                let width = five.iter().sum();
                let Some(left) = pixels.checked_sub(width) else { return surest(found) };
                *pixels = left;
                let x = start + five[0] + five[1] + five[2] / 2;
                if let Some(finder) = look(binary, x, y, width) {
                    keep(&mut found, finder);
                }
            }
            start += five[0];
        }
    }
    surest(found)
}

/// Width of a module, if runs of dark, light, dark, light and dark are as 1:1:3:1:1: each off by less than half of what it
/// should be and a third of a pixel. In fourteenths, so that all are whole numbers.
fn module(runs: [usize; 5]) -> Option<f64> {
    let all: usize = runs.iter().sum();
    let fits = |run: usize, modules: usize| run > 0 && (run * 14).abs_diff(all * 2 * modules) <= all * modules + 4;
    let [first, second, third, fourth, fifth] = runs;
    let found = all >= 7 && fits(third, 3) && [first, second, fourth, fifth].into_iter().all(|run| fits(run, 1));
    found.then(|| all as f64 / 7.0)
}

/// What the row at `y` suggests, if the column and the row through its centre agree.
fn look(binary: &Binary, x: usize, y: usize, width: usize) -> Option<Finder> {
    let most = (width as f64 * SKEW) as usize;
    let (down, high) = across(binary, (x as isize, y as isize), (0, 1), most)?;
    let y = y as f64 + down;
    let (right, wide) = across(binary, (x as isize, y.round() as isize), (1, 0), most)?;
    let skewed = high > wide * SKEW || wide > high * SKEW;
    (!skewed).then_some(Finder { x: x as f64 + right + 0.5, y: y + 0.5, module: f64::midpoint(high, wide), rows: 1 })
}

/// From a pixel of the inner square both ways: how far off the centre is, and the width of a module.
fn across(binary: &Binary, from: (isize, isize), step: (isize, isize), most: usize) -> Option<(f64, f64)> {
    if !binary.is_dark(from.0, from.1) {
        return None;
    }
    let ahead = runs(binary, from, step, most)?;
    let behind = runs(binary, from, (-step.0, -step.1), most)?;
    let module = module([behind[2], behind[1], behind[0] + ahead[0] - 1, ahead[1], ahead[2]])?;
    Some(((ahead[0] as f64 - behind[0] as f64) / 2.0, module))
}

/// Lengths of dark, light and dark from a dark pixel on; together at most `most`.
fn runs(binary: &Binary, (mut x, mut y): (isize, isize), step: (isize, isize), most: usize) -> Option<[usize; 3]> {
    let mut runs = [0; 3];
    let (mut run, mut left) = (0, most);
    loop {
        let outside = x < 0 || y < 0 || x as usize >= binary.width || y as usize >= binary.height;
        if binary.is_dark(x, y) != (run != 1) || outside {
            run += 1;
            if run == 3 {
                return Some(runs);
            }
            if outside {
                return None;
            }
            continue;
        }
        left = left.checked_sub(1)?;
        runs[run] += 1;
        x += step.0;
        y += step.1;
    }
}

/// Joins what several rows show of one pattern.
fn keep(found: &mut Vec<Finder>, new: Finder) {
    let same = found.iter_mut().rev().find(|old| {
        (old.x - new.x).abs() <= old.module * 1.5
            && (old.y - new.y).abs() <= old.module * 1.5
            && old.module < new.module * 1.5
            && new.module < old.module * 1.5
    });
    if let Some(old) = same {
        let rows = f64::from(old.rows);
        let mean = |old: f64, new: f64| (old * rows + new) / (rows + 1.0);
        *old = Finder {
            x: mean(old.x, new.x),
            y: mean(old.y, new.y),
            module: mean(old.module, new.module),
            rows: old.rows + 1,
        };
        return;
    }
    if found.len() == MOST_IN_MIND {
        // What is out of reach and was seen once was chance.
        found.retain(|old| old.rows > 1 || new.y - old.y < 2.0 * old.module);
    }
    if found.len() < MOST_IN_MIND {
        found.push(new);
    }
}

/// The inner square is three modules high, and each of its rows shows the pattern.
fn surest(mut found: Vec<Finder>) -> Vec<Finder> {
    let share = |finder: &Finder| (f64::from(finder.rows) / (finder.module * 3.0)).min(1.0);
    found.retain(|finder| share(finder) > 0.3);
    found.sort_by(|a, b| share(b).total_cmp(&share(a)).then(b.module.total_cmp(&a.module)));
    found.truncate(MOST);
    found
}
