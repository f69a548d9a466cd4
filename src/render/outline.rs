//! [`Outline`]: a shape as path commands, written into SVG or filled onto pixels.

use std::fmt::Write as _;

use resvg::tiny_skia::{Path, PathBuilder};

/// A point of the picture.
pub(super) type Point = (f32, f32);

/// One command of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verb {
    Move(Point),
    Line(Point),
    Quad(Point, Point),
    Cubic(Point, Point, Point),
    Close,
}

/// A shape in the picture's units, y downwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outline(pub(super) Vec<Verb>);

impl Outline {
    /// A closed polygon.
    pub(super) fn polygon(points: &[Point]) -> Outline {
        let mut verbs: Vec<Verb> =
            points.iter().enumerate().map(|(i, &p)| if i == 0 { Verb::Move(p) } else { Verb::Line(p) }).collect();
        verbs.push(Verb::Close);
        Outline(verbs)
    }

    /// A rectangle.
    pub(super) fn rect(x: f32, y: f32, width: f32, height: f32) -> Outline {
        Outline::polygon(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    }

    /// A rectangle with round corners.
    pub(super) fn round_rect(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Outline {
        let (right, bottom, k) = (x + width, y + height, radius * 0.448);
        Outline(vec![
            Verb::Move((x + radius, y)),
            Verb::Line((right - radius, y)),
            Verb::Cubic((right - k, y), (right, y + k), (right, y + radius)),
            Verb::Line((right, bottom - radius)),
            Verb::Cubic((right, bottom - k), (right - k, bottom), (right - radius, bottom)),
            Verb::Line((x + radius, bottom)),
            Verb::Cubic((x + k, bottom), (x, bottom - k), (x, bottom - radius)),
            Verb::Line((x, y + radius)),
            Verb::Cubic((x, y + k), (x + k, y), (x + radius, y)),
            Verb::Close,
        ])
    }

    /// A circle.
    pub(super) fn circle(x: f32, y: f32, radius: f32) -> Outline {
        Outline::round_rect(x - radius, y - radius, 2.0 * radius, 2.0 * radius, radius)
    }

    /// A closed, smooth curve through the middles of these points.
    pub(super) fn smooth(points: &[Point]) -> Outline {
        let Some(&last) = points.last() else { return Outline::default() };
        let middle = |a: Point, b: Point| (f32::midpoint(a.0, b.0), f32::midpoint(a.1, b.1));
        let mut verbs = vec![Verb::Move(middle(last, points[0]))];
        for (i, &p) in points.iter().enumerate() {
            verbs.push(Verb::Quad(p, middle(p, points[(i + 1) % points.len()])));
        }
        verbs.push(Verb::Close);
        Outline(verbs)
    }

    /// Every point moved by `f`, which has to keep straight lines straight.
    pub(super) fn map(mut self, f: impl Fn(Point) -> Point) -> Outline {
        for verb in &mut self.0 {
            match verb {
                Verb::Move(p) | Verb::Line(p) => *p = f(*p),
                Verb::Quad(a, p) => (*a, *p) = (f(*a), f(*p)),
                Verb::Cubic(a, b, p) => (*a, *b, *p) = (f(*a), f(*b), f(*p)),
                Verb::Close => {}
            }
        }
        self
    }

    /// Turned around the origin by `angle` (clockwise, as y grows downwards), then moved.
    pub(super) fn place(self, angle: f32, to: Point) -> Outline {
        let (sin, cos) = angle.sin_cos();
        self.map(|(x, y)| (x * cos - y * sin + to.0, x * sin + y * cos + to.1))
    }

    /// Adds another shape.
    pub(super) fn push(&mut self, other: Outline) {
        self.0.extend(other.0);
    }

    /// The `d` of a `<path>`: relative commands, two decimals.
    pub(super) fn svg(&self) -> String {
        let mut pen = SvgPen { out: String::with_capacity(self.0.len() * 12), at: (0, 0), start: (0, 0), command: ' ' };
        for verb in &self.0 {
            match *verb {
                Verb::Move(p) => {
                    pen.points('m', &[p]);
                    pen.start = pen.at;
                }
                Verb::Line(p) => pen.line(p),
                Verb::Quad(a, p) => pen.points('q', &[a, p]),
                Verb::Cubic(a, b, p) => pen.points('c', &[a, b, p]),
                Verb::Close => pen.close(),
            }
        }
        pen.out
    }

    /// The same for filling pixels; `None` when there is nothing to fill.
    pub(super) fn path(&self) -> Option<Path> {
        let mut builder = PathBuilder::with_capacity(self.0.len(), self.0.len() * 2);
        for verb in &self.0 {
            match *verb {
                Verb::Move(p) => builder.move_to(p.0, p.1),
                Verb::Line(p) => builder.line_to(p.0, p.1),
                Verb::Quad(a, p) => builder.quad_to(a.0, a.1, p.0, p.1),
                Verb::Cubic(a, b, p) => builder.cubic_to(a.0, a.1, b.0, b.1, p.0, p.1),
                Verb::Close => builder.close(),
            }
        }
        builder.finish()
    }
}

/// Writes hundredths as integers so that rounding never adds up.
struct SvgPen {
    out: String,
    at: (i32, i32),
    start: (i32, i32),
    command: char,
}

impl SvgPen {
    fn points(&mut self, command: char, points: &[Point]) {
        self.command(command);
        let from = self.at;
        for &p in points {
            let to = hundredths(p);
            self.number(to.0 - from.0);
            self.number(to.1 - from.1);
            self.at = to;
        }
    }

    fn line(&mut self, p: Point) {
        let (to, from) = (hundredths(p), self.at);
        if to.1 == from.1 {
            self.command('h');
            self.number(to.0 - from.0);
        } else if to.0 == from.0 {
            self.command('v');
            self.number(to.1 - from.1);
        } else {
            return self.points('l', &[p]);
        }
        self.at = to;
    }

    fn close(&mut self) {
        self.out.push('z');
        self.command = 'z';
        self.at = self.start;
    }

    fn command(&mut self, command: char) {
        if self.command != command || command == 'm' {
            self.out.push(command);
            self.command = command;
        }
    }

    fn number(&mut self, hundredths: i32) {
        if hundredths >= 0 && self.out.ends_with(|c: char| c.is_ascii_digit()) {
            self.out.push(' ');
        }
        if hundredths < 0 {
            self.out.push('-');
        }
        let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        let written = match (whole, rest) {
            (_, 0) => write!(self.out, "{whole}"),
            (0, r) if r % 10 == 0 => write!(self.out, ".{}", r / 10),
            (0, r) => write!(self.out, ".{r:02}"),
            (w, r) if r % 10 == 0 => write!(self.out, "{w}.{}", r / 10),
            (w, r) => write!(self.out, "{w}.{r:02}"),
        };
        written.expect("a string takes all text");
    }
}

#[expect(clippy::cast_possible_truncation, reason = "pictures are a few hundred units wide")]
fn hundredths(p: Point) -> (i32, i32) {
    ((p.0 * 100.0).round() as i32, (p.1 * 100.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(outline: Outline, expected: &str) {
        assert_eq!(outline.svg(), expected);
    }

    #[test]
    fn paths_are_written_short_and_relative() {
        check(Outline::rect(1.0, 2.0, 10.0, 0.5), "m1 2h10v.5h-10z");
        check(Outline::polygon(&[(0.0, 0.0), (1.25, -1.5), (2.5, 0.04)]), "m0 0l1.25-1.5 1.25 1.54z");
        check(Outline(vec![Verb::Move((1.0, 1.0)), Verb::Quad((2.0, 2.0), (3.0, 1.0)), Verb::Close]), "m1 1q1 1 2 0z");
        check(Outline::default(), "");
    }

    #[test]
    fn a_second_shape_starts_where_the_first_was_closed() {
        let mut two = Outline::rect(0.0, 0.0, 1.0, 1.0);
        two.push(Outline::rect(5.0, 5.0, 1.0, 1.0));
        check(two, "m0 0h1v1h-1zm5 5h1v1h-1z");
    }
}
