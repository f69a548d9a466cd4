//! [`Layer`]: flat shapes in painting order, written into SVG or painted onto pixels with the same result.

use std::fmt::Write as _;

use resvg::tiny_skia::{FillRule, Paint, Pixmap, Transform};

use super::outline::Outline;
use super::theme::{Color, channels, hex};

/// Shapes with their colours.
#[derive(Debug, Default)]
pub(super) struct Layer(Vec<Shape>);

#[derive(Debug)]
struct Shape {
    outline: Outline,
    color: Color,
    /// Edges on whole pixels are kept sharp.
    sharp: bool,
}

impl Layer {
    /// Adds a shape.
    pub(super) fn fill(&mut self, outline: Outline, color: Color) {
        self.0.push(Shape { outline, color, sharp: false });
    }

    /// Adds a shape of whole pixels, such as a QR symbol.
    pub(super) fn fill_sharp(&mut self, outline: Outline, color: Color) {
        self.0.push(Shape { outline, color, sharp: true });
    }

    /// As `<path>` elements.
    pub(super) fn svg(&self) -> String {
        let mut out = String::new();
        for Shape { outline, color, sharp } in self.0.iter().filter(|s| !s.outline.0.is_empty()) {
            let sharp = if *sharp { r#" shape-rendering="crispEdges""# } else { "" };
            write!(out, r#"<path fill="{}"{sharp} d="{}"/>"#, hex(*color), outline.svg())
                .expect("a string takes all text");
        }
        out
    }

    /// Onto pixels, scaled.
    pub(super) fn paint(&self, pixels: &mut Pixmap, scale: f32) {
        for Shape { outline, color, sharp } in &self.0 {
            let Some(path) = outline.path() else { continue };
            let [r, g, b] = channels(*color);
            let mut paint = Paint { anti_alias: !sharp, ..Paint::default() };
            paint.set_color_rgba8(r, g, b, 255);
            pixels.fill_path(&path, &paint, FillRule::Winding, Transform::from_scale(scale, scale), None);
        }
    }
}
