//! What drawing a logo takes, added up before anything of it is drawn: lines to be walked along, and pixels to be filled.

use resvg::tiny_skia::PathSegment;
use resvg::usvg::{Group, Node, Paint, Path, Tree};

use super::{KEPT_SIDE, broken};
use crate::render::RenderError;

/// Most steps of one logo: some hundred milliseconds. What drawing programs make of a logo takes a tenth.
const MOST: f32 = 40_000_000.0;
/// Steps of a pixel's height of a line: four looks a pixel, each at what is drawn there already.
const LINE: f32 = 16.0;
/// Steps of a filter at each pixel: three passes over four colours.
const FILTER: f32 = 24.0;
/// A stroke is walked along on both sides, with its joins.
const STROKE: f32 = 4.0;

/// Refuses a drawing that takes too long.
pub(super) fn bounded(tree: &Tree) -> Result<(), RenderError> {
    let side = f32::from(u16::try_from(KEPT_SIDE).unwrap_or(u16::MAX));
    let scale = side / tree.size().width().max(tree.size().height());
    Cost { scale, side, steps: 0.0 }.group(tree.root())
}

struct Cost {
    scale: f32,
    side: f32,
    steps: f32,
}

impl Cost {
    fn add(&mut self, steps: f32) -> Result<(), RenderError> {
        self.steps += steps;
        // What is no number is beyond every bound.
        if self.steps <= MOST { Ok(()) } else { Err(broken("to draw it takes too long; simplify it, or give a PNG")) }
    }

    /// All the pixels there are, once.
    fn layer(&self) -> f32 {
        self.side * self.side
    }

    fn group(&mut self, group: &Group) -> Result<(), RenderError> {
        self.add(if group.should_isolate() { self.layer() } else { 1.0 })?;
        for filter in group.filters() {
            for _ in filter.primitives() {
                self.add(FILTER * self.layer())?;
            }
        }
        if let Some(clip) = group.clip_path() {
            self.add(self.layer())?;
            self.group(clip.root())?;
        }
        if let Some(mask) = group.mask() {
            self.add(2.0 * self.layer())?;
            self.group(mask.root())?;
        }
        group.children().iter().try_for_each(|node| match node {
            Node::Group(group) => self.group(group),
            Node::Path(path) => self.path(path),
            Node::Text(text) => self.group(text.flattened()),
            Node::Image(_) => Ok(()),
        })
    }

    fn path(&mut self, path: &Path) -> Result<(), RenderError> {
        let transform = path.abs_transform();
        let [a, b, c, d] = [transform.sx, transform.kx, transform.ky, transform.sy].map(f32::abs);
        let own = a.max(b).max(c).max(d);
        let (length, corners) = (length(path), count(path.data().len()));
        let walked = (length * own * self.scale).min(self.side * corners) + corners;
        let bounds = path.abs_stroke_bounding_box();
        let filled = (bounds.width() * bounds.height() * self.scale * self.scale).min(self.layer());
        if let Some(fill) = path.fill() {
            self.add(LINE * walked + filled)?;
            self.paint(fill.paint())?;
        }
        if let Some(stroke) = path.stroke() {
            let dashes =
                stroke.dasharray().map_or(0.0, |dashes| count(dashes.len()) * (length / dashes.iter().sum::<f32>()));
            self.add(STROKE * LINE * (walked + dashes) + filled)?;
            self.paint(stroke.paint())?;
        }
        Ok(())
    }

    fn paint(&mut self, paint: &Paint) -> Result<(), RenderError> {
        match paint {
            Paint::Pattern(pattern) => {
                self.add(self.layer())?;
                self.group(pattern.root())
            }
            Paint::Color(_) | Paint::LinearGradient(_) | Paint::RadialGradient(_) => Ok(()),
        }
    }
}

fn count(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

/// Of a path, as far as it goes up and down and to the sides; of a curve, by way of its handles.
fn length(path: &Path) -> f32 {
    let mut at = (0.0, 0.0);
    let mut length = 0.0;
    let mut to = |x: f32, y: f32| {
        length += (x - at.0).abs() + (y - at.1).abs();
        at = (x, y);
    };
    for segment in path.data().segments() {
        match segment {
            PathSegment::MoveTo(p) | PathSegment::LineTo(p) => to(p.x, p.y),
            PathSegment::QuadTo(p, q) => [p, q].iter().for_each(|p| to(p.x, p.y)),
            PathSegment::CubicTo(p, q, r) => [p, q, r].iter().for_each(|p| to(p.x, p.y)),
            PathSegment::Close => {}
        }
    }
    length
}
