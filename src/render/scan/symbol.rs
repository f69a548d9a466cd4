//! From finder patterns to texts.

use std::io::{self, Write};

use rqrr::{Grid, SimpleGrid};

use super::binary::Binary;
use super::finders::{Finder, finders};
use super::fit::{AROUND, CLIMBS, alignment, climbed, fitness, is_dark};
use super::homography::{Homography, Place};
use super::{MAX_SYMBOLS, MAX_TEXT, ScanError};

/// What may still be spent on a picture.
#[derive(Debug)]
pub(super) struct Work {
    /// Pixels of rows that look like a finder pattern; each is looked at a few times more.
    looks: usize,
    /// Guesses at where a symbol lies; each costs some ten thousand looks at pixels.
    guesses: usize,
    /// Modules that are decoded, right or wrong; correcting the errors of one costs about 1.5 µs.
    modules: usize,
}

impl Work {
    pub(super) fn new() -> Work {
        Work { looks: 1_000_000, guesses: 150, modules: 60_000 }
    }
}

/// Most guesses of one search, so that later ones have their share.
const GUESSES: usize = 60;
/// Most looks of one search.
const LOOKS: usize = 400_000;

/// The texts of the symbols in the picture, each once.
pub(super) fn texts(binary: &Binary, work: &mut Work) -> Result<Vec<String>, ScanError> {
    let mut looks = LOOKS.min(work.looks);
    work.looks -= looks;
    let finders = finders(binary, &mut looks);
    work.looks += looks;
    let mut guesses = GUESSES.min(work.guesses);
    work.guesses -= guesses;
    let mut used = vec![false; finders.len()];
    let mut texts: Vec<String> = Vec::new();
    for corners in corners(&finders) {
        if corners.finders.iter().any(|&finder| used[finder]) {
            continue;
        }
        for size in corners.sizes(binary) {
            if guesses == 0 {
                return Ok(texts);
            }
            guesses -= 1;
            let Some(text) = corners.read(binary, size, work)? else { continue };
            corners.finders.iter().for_each(|&finder| used[finder] = true);
            if !texts.contains(&text) {
                if texts.len() == MAX_SYMBOLS {
                    return Err(ScanError::TooManySymbols { most: MAX_SYMBOLS });
                }
                texts.push(text);
            }
            break;
        }
    }
    work.guesses += guesses;
    Ok(texts)
}

/// Three finder patterns that could be those of one symbol.
#[derive(Debug, Clone)]
struct Corners {
    top_left: Finder,
    top_right: Finder,
    bottom_left: Finder,
    finders: [usize; 3],
    /// How far from a square, seen from above.
    skew: f64,
}

/// All that are square enough, the most square first.
fn corners(finders: &[Finder]) -> Vec<Corners> {
    let mut all = Vec::new();
    for a in 0..finders.len() {
        for b in a + 1..finders.len() {
            for c in b + 1..finders.len() {
                all.extend(Corners::of(finders, [a, b, c]));
            }
        }
    }
    all.sort_by(|a, b| a.skew.total_cmp(&b.skew));
    all
}

fn vector(from: &Finder, to: &Finder) -> Place {
    (to.x - from.x, to.y - from.y)
}

/// One pixel long.
fn direction(from: &Finder, to: &Finder) -> Place {
    let (x, y) = vector(from, to);
    let length = x.hypot(y).max(f64::EPSILON);
    (x / length, y / length)
}

impl Corners {
    fn of(finders: &[Finder], indices: [usize; 3]) -> Option<Corners> {
        let three = indices.map(|index| finders[index]);
        let modules = three.map(|finder| finder.module);
        let (small, large) =
            (modules.iter().copied().fold(f64::MAX, f64::min), modules.iter().copied().fold(0.0, f64::max));
        if large > small * 1.8 {
            return None;
        }
        // The corner lies opposite the longest side.
        let apart = |a: usize, b: usize| {
            let (x, y) = vector(&three[a], &three[b]);
            (x * x + y * y).sqrt()
        };
        let sides = [apart(1, 2), apart(0, 2), apart(0, 1)];
        let corner = (0..3).max_by(|&a, &b| sides[a].total_cmp(&sides[b]))?;
        let (one, other) = ((corner + 1) % 3, (corner + 2) % 3);
        let (short, long) = (sides[one].min(sides[other]), sides[one].max(sides[other]));
        let ((ax, ay), (bx, by)) = (vector(&three[corner], &three[one]), vector(&three[corner], &three[other]));
        let cosine = (ax * bx + ay * by).abs() / (short * long).max(f64::EPSILON);
        let apart = short / large < 170.0 && long / small > 11.0;
        if !apart || short < long * 0.5 || cosine > 0.4 {
            return None;
        }
        let clockwise = ax * by - ay * bx > 0.0;
        let (right, bottom) = if clockwise { (one, other) } else { (other, one) };
        Some(Corners {
            top_left: three[corner],
            top_right: three[right],
            bottom_left: three[bottom],
            finders: indices,
            skew: 1.0 - short / long + cosine + 1.0 - small / large,
        })
    }

    /// Modules on a side, the likeliest first.
    fn sizes(&self, binary: &Binary) -> Vec<usize> {
        let side = |to: &Finder| {
            let (x, y) = vector(&self.top_left, to);
            let step = direction(&self.top_left, to);
            x.hypot(y) / f64::midpoint(width(binary, &self.top_left, step), width(binary, to, step))
        };
        let size = f64::midpoint(side(&self.top_right), side(&self.bottom_left)) + 7.0;
        let version = ((size - 17.0) / 4.0).clamp(-1.0, 42.0);
        let nearest = version.round();
        let next = if version < nearest { [nearest - 1.0, nearest + 1.0] } else { [nearest + 1.0, nearest - 1.0] };
        [nearest, next[0], next[1]]
            .into_iter()
            .filter(|version| (1.0..=40.0).contains(version))
            .map(|version| version as usize * 4 + 17)
            .collect()
    }

    /// The text of the symbol with so many modules on a side.
    fn read(&self, binary: &Binary, size: usize, work: &mut Work) -> Result<Option<String>, ScanError> {
        for lies in self.lies(binary, size) {
            let Some(left) = work.modules.checked_sub(size * size) else { break };
            work.modules = left;
            if let Some(text) = decoded(binary, &lies, size)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// How it may lie in the picture, the likeliest first; nowhere, unless its fixed patterns are seen there.
    fn lies(&self, binary: &Binary, size: usize) -> Vec<Homography> {
        // From version 2 on, an alignment pattern stands near the fourth corner.
        let aligned = size > 21;
        let fourth = size as f64 - if aligned { 6.5 } else { 3.5 };
        let far = size as f64 - 3.5;
        let at = |finder: &Finder| (finder.x, finder.y);
        let through = |corner: Place, place: f64| {
            Homography::between(
                [(3.5, 3.5), (far, 3.5), (3.5, far), (place, place)],
                [at(&self.top_left), at(&self.top_right), at(&self.bottom_left), corner],
            )
        };
        let Some(guess) = through(self.far_corner(binary), far) else { return Vec::new() };
        let seen = if aligned { alignment(binary, &guess, fourth) } else { None };
        let places = match seen {
            Some(place) => vec![place],
            // It was torn off, or there is none: the corner is looked for around the guess.
            None => AROUND.into_iter().map(|(u, v)| (fourth + u, fourth + v)).collect(),
        };
        let mut lies: Vec<(f64, Homography)> = places
            .into_iter()
            .filter_map(|place| through(guess.map(place), fourth))
            .map(|lies| (fitness(binary, &lies, size), lies))
            .filter(|&(fitness, _)| fitness > 0.4)
            .collect();
        lies.sort_by(|a, b| b.0.total_cmp(&a.0));
        lies.truncate(CLIMBS);
        let moved = |lies: &Homography, u: f64, v: f64| through(lies.map((fourth + u, fourth + v)), fourth);
        lies.into_iter().filter_map(|lies| climbed(binary, size, lies, moved)).collect()
    }

    /// Where the fourth finder pattern would have its centre. The nearer a pattern is, the larger it is seen: its area goes
    /// with the third power of that.
    fn far_corner(&self, binary: &Binary) -> Place {
        let (right, down) = (direction(&self.top_left, &self.top_right), direction(&self.top_left, &self.bottom_left));
        let area = |finder: &Finder| width(binary, finder, right) * width(binary, finder, down);
        let depth = |finder: &Finder| (area(&self.top_left) / area(finder)).cbrt().clamp(0.5, 2.0);
        let (right, down) = (depth(&self.top_right), depth(&self.bottom_left));
        let mean = |top_left: f64, top_right: f64, bottom_left: f64| {
            (top_right * right + bottom_left * down - top_left) / (right + down - 1.0).max(0.2)
        };
        (
            mean(self.top_left.x, self.top_right.x, self.bottom_left.x),
            mean(self.top_left.y, self.top_right.y, self.bottom_left.y),
        )
    }
}

/// What the symbol says, if it can be made out.
fn decoded(binary: &Binary, lies: &Homography, size: usize) -> Result<Option<String>, ScanError> {
    const NEAR: [Place; 5] = [(0.5, 0.5), (0.3, 0.4), (0.7, 0.6), (0.4, 0.7), (0.6, 0.3)];
    let grid = SimpleGrid::from_func(size, |x, y| {
        let dark = |(u, v): Place| is_dark(binary, lies.map((x as f64 + u, y as f64 + v)));
        NEAR.into_iter().filter(|&near| dark(near)).count() > 2
    });
    let mut text = Text(Vec::new());
    match Grid::new(grid).decode_to(&mut text) {
        Ok(_) => Ok(String::from_utf8(text.0).ok().filter(|text| !text.is_empty())),
        Err(rqrr::DeQRError::IoError) => Err(ScanError::TextTooLong { most: MAX_TEXT }),
        Err(_) => Ok(None),
    }
}

/// Width of a module of a finder pattern along a line through its centre: it is seven modules wide.
fn width(binary: &Binary, finder: &Finder, step: Place) -> f64 {
    let reach = |step: Place| {
        let (mut dark, mut changes) = (true, 0);
        let most = (finder.module * 7.0) as usize * 2;
        (0..most).find(|&n| {
            let n = n as f64 / 2.0;
            let now = is_dark(binary, (finder.x + step.0 * n, finder.y + step.1 * n));
            changes += usize::from(now != dark);
            dark = now;
            changes == 3
        })
    };
    match (reach(step), reach((-step.0, -step.1))) {
        (Some(one), Some(other)) => (one + other) as f64 / 14.0,
        _ => finder.module,
    }
}

/// The text of a symbol while it is written.
struct Text(Vec<u8>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_TEXT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
