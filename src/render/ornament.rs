//! Shapes that make a medal: its edge, engraved rings, stars, ribbon, and the icons of the states.

use std::f32::consts::{PI, TAU};

use super::outline::{Outline, Point, Verb};
use crate::program::Theme;

/// Middle of the medal.
pub(super) const CENTER: Point = (300.0, 300.0);
/// Outer radius of the widest edge.
pub(super) const EDGE: f32 = 292.0;

fn polar(radius: f32, angle: f32) -> Point {
    (CENTER.0 + radius * angle.sin(), CENTER.1 - radius * angle.cos())
}

/// `i`-th of `n` parts of a full turn.
#[expect(clippy::cast_precision_loss, reason = "a few hundred parts")]
fn turn(i: usize, n: usize) -> f32 {
    TAU * i as f32 / n as f32
}

/// The silhouette of a theme, so that levels are told apart without colours.
pub(super) fn edge(theme: Theme) -> Outline {
    let wave = |n: usize, radius: &dyn Fn(f32) -> f32| -> Outline {
        Outline::smooth(&(0..n).map(|i| polar(radius(turn(i, n)), turn(i, n))).collect::<Vec<_>>())
    };
    match theme {
        Theme::Slate => Outline::circle(CENTER.0, CENTER.1, EDGE - 4.0),
        Theme::Bronze => wave(288, &|a| EDGE - 8.0 + 6.5 * (12.0 * a).cos()),
        Theme::Silver => wave(384, &|a| EDGE - 15.0 + 17.0 * (16.0 * a).cos().abs().sqrt()),
        Theme::Gold => Outline::polygon(
            &(0..96).map(|i| polar(if i % 2 == 0 { EDGE + 3.0 } else { EDGE - 17.0 }, turn(i, 96))).collect::<Vec<_>>(),
        ),
        Theme::Platinum => Outline::polygon(
            &(0..32).map(|i| polar(if i % 2 == 0 { EDGE + 6.0 } else { EDGE - 20.0 }, turn(i, 32))).collect::<Vec<_>>(),
        ),
    }
}

/// The shaded half of each ray of an edge that has rays.
pub(super) fn facets(theme: Theme) -> Outline {
    let rays = match theme {
        Theme::Gold => 48,
        Theme::Platinum => 16,
        _ => return Outline::default(),
    };
    let (tip, valley) = if rays == 48 { (EDGE + 3.0, EDGE - 17.0) } else { (EDGE + 6.0, EDGE - 20.0) };
    let mut out = Outline::default();
    for i in 0..rays {
        let (a, half) = (turn(i, rays), PI / if rays == 48 { 48.0 } else { 16.0 });
        out.push(Outline::polygon(&[
            polar(tip, a),
            polar(valley, a + half),
            polar(240.0, a + half * 0.5),
            polar(240.0, a),
        ]));
    }
    out
}

/// One curve of an engraved ring: a closed wave of `waves` between two radii. Turned copies of it make the lace.
pub(super) fn wave(inner: f32, outer: f32, waves: usize) -> Outline {
    let (middle, height) = (f32::midpoint(inner, outer), (outer - inner) / 2.0);
    let points = waves * 8;
    // The smoothing rounds the crests by about a tenth.
    Outline::smooth(
        &(0..points).map(|i| polar(middle + height * 1.08 * turn(i, 8).cos(), turn(i, points))).collect::<Vec<_>>(),
    )
}

/// A five-pointed star.
pub(super) fn star(at: Point, radius: f32) -> Outline {
    let points: Vec<Point> = (0..10)
        .map(|i| {
            let (a, r) = (turn(i, 10), if i % 2 == 0 { radius } else { radius * 0.45 });
            (at.0 + r * a.sin(), at.1 - r * a.cos())
        })
        .collect();
    Outline::polygon(&points)
}

/// A lozenge, where a theme has no stars.
pub(super) fn lozenge(at: Point, radius: f32) -> Outline {
    Outline::polygon(&[
        (at.0, at.1 - radius),
        (at.0 + radius * 0.7, at.1),
        (at.0, at.1 + radius),
        (at.0 - radius * 0.7, at.1),
    ])
}

/// The parts of a ribbon around `y`: its body, the two tails behind, the two folds between.
pub(super) struct Ribbon {
    pub(super) body: Outline,
    pub(super) tails: Outline,
    pub(super) folds: Outline,
}

/// A ribbon with notched tails; `half` is half the width of its body, `reach` that of the whole.
pub(super) fn ribbon(y: f32, height: f32, half: f32, reach: f32) -> Ribbon {
    let (x, top, drop, fold) = (CENTER.0, y - height / 2.0, 11.0, 26.0);
    let bottom = top + height;
    let mut tails = Outline::default();
    let mut folds = Outline::default();
    for side in [-1.0, 1.0] {
        let at = |dx: f32| x + side * dx;
        tails.push(Outline::polygon(&[
            (at(half - fold), top + drop),
            (at(reach), top + drop),
            (at(reach - 16.0), y + drop),
            (at(reach), bottom + drop),
            (at(half - fold), bottom + drop),
        ]));
        folds.push(Outline::polygon(&[
            (at(half), bottom),
            (at(half - fold), bottom),
            (at(half - fold), bottom + drop),
        ]));
    }
    Ribbon { body: Outline::rect(x - half, top, 2.0 * half, height), tails, folds }
}

/// A stroke of round ends, as an outline.
fn bar(from: Point, to: Point, width: f32) -> Outline {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    Outline::round_rect(-width / 2.0, -width / 2.0, length + width, width, width / 2.0).place(dy.atan2(dx), from)
}

/// Icons of the states, in a square of 2 x 2 around the origin.
pub(super) fn check() -> Outline {
    let mut out = bar((-0.62, 0.02), (-0.18, 0.46), 0.34);
    out.push(bar((-0.18, 0.46), (0.64, -0.48), 0.34));
    out
}

pub(super) fn cross() -> Outline {
    let mut out = bar((-0.5, -0.5), (0.5, 0.5), 0.34);
    out.push(bar((-0.5, 0.5), (0.5, -0.5), 0.34));
    out
}

pub(super) fn pause() -> Outline {
    let mut out = bar((-0.34, -0.5), (-0.34, 0.5), 0.36);
    out.push(bar((0.34, -0.5), (0.34, 0.5), 0.36));
    out
}

pub(super) fn clock() -> Outline {
    let mut out = bar((0.0, -0.58), (0.0, 0.06), 0.3);
    out.push(bar((0.0, 0.06), (0.42, 0.36), 0.3));
    out
}

pub(super) fn question() -> Outline {
    let mut out = Outline(vec![
        Verb::Move((-0.52, -0.36)),
        Verb::Cubic((-0.5, -0.82), (-0.2, -1.0), (0.06, -1.0)),
        Verb::Cubic((0.42, -1.0), (0.62, -0.74), (0.62, -0.46)),
        Verb::Cubic((0.62, -0.02), (0.2, 0.04), (0.2, 0.36)),
        Verb::Line((-0.16, 0.36)),
        Verb::Cubic((-0.16, -0.12), (0.24, -0.14), (0.24, -0.46)),
        Verb::Cubic((0.24, -0.58), (0.16, -0.68), (0.04, -0.68)),
        Verb::Cubic((-0.08, -0.68), (-0.16, -0.58), (-0.18, -0.36)),
        Verb::Close,
    ]);
    out.push(Outline::circle(0.02, 0.74, 0.23));
    out
}

/// A field along the bottom of a ring, `half` radians to each side, with round ends.
pub(super) fn cartouche(center: Point, inner: f32, outer: f32, half: f32) -> Outline {
    let at = |radius: f32, angle: f32| (center.0 + radius * angle.sin(), center.1 + radius * angle.cos());
    let steps: Vec<f32> = (0..=24u8).map(|i| half * (f32::from(i) / 12.0 - 1.0)).collect();
    let mut points: Vec<Point> = steps.iter().map(|&a| at(outer, a)).collect();
    points.push(at(f32::midpoint(inner, outer), half + 0.03));
    points.extend(steps.iter().rev().map(|&a| at(inner, a)));
    points.push(at(f32::midpoint(inner, outer), -half - 0.03));
    Outline::smooth(&points)
}

/// Fine lines along both borders of the ribbon's body.
pub(super) fn stitches(y: f32, height: f32, half: f32) -> String {
    let (left, right) = (CENTER.0 - half, CENTER.0 + half);
    let (top, bottom) = (y - height / 2.0 + 4.0, y + height / 2.0 - 4.0);
    format!("M{left} {top}H{right}M{left} {bottom}H{right}")
}
