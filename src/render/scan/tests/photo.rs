//! Photos that were never taken: symbols of another implementation (`qrcode`) on a scene, seen from an angle.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};

use crate::render::scan::homography::{Homography, Place};

/// A photo in the making.
#[derive(Debug)]
pub(super) struct Photo(pub(super) GrayImage);

impl Photo {
    /// A wall with light from the left and some darker furniture.
    pub(super) fn scene(width: u32, height: u32) -> Photo {
        Photo(GrayImage::from_fn(width, height, |x, y| {
            let light = 210 - x * 90 / width;
            let furniture = x * 7 / width % 3 == 1 && y * 5 / height >= 3 || (y * 40 / height).is_multiple_of(13);
            Luma([u8::try_from(if furniture { light / 2 } else { light }).unwrap()])
        }))
    }

    /// White paper, for screenshots.
    pub(super) fn paper(width: u32, height: u32) -> Photo {
        Photo(GrayImage::from_pixel(width, height, Luma([255])))
    }

    /// With a symbol and its quiet zone between four places: top left, top right, bottom left, bottom right.
    pub(super) fn symbol(self, text: &str, quad: [Place; 4]) -> Photo {
        self.symbol_of(&QrCode::with_error_correction_level(text, EcLevel::Q).unwrap(), quad, (20, 245))
    }

    pub(super) fn symbol_of(mut self, code: &QrCode, quad: [Place; 4], (dark, light): (u32, u32)) -> Photo {
        let modules = code.width();
        let colors = code.to_colors();
        let side = modules as f64 + 8.0;
        let on_symbol = Homography::between(quad, [(0.0, 0.0), (side, 0.0), (0.0, side), (side, side)]).unwrap();
        let shade = |place: Place| -> Option<u32> {
            let (u, v) = on_symbol.map(place);
            ((0.0..side).contains(&u) && (0.0..side).contains(&v)).then(|| {
                let (u, v) = (u - 4.0, v - 4.0);
                let within = u >= 0.0 && v >= 0.0 && u < modules as f64 && v < modules as f64;
                let is_dark = within && colors[v as usize * modules + u as usize] == Color::Dark;
                if is_dark { dark } else { light }
            })
        };
        let (width, height) = self.0.dimensions();
        let (from, to) = quad.into_iter().fold(((f64::MAX, f64::MAX), (0.0_f64, 0.0_f64)), |(from, to), place| {
            ((from.0.min(place.0), from.1.min(place.1)), (to.0.max(place.0), to.1.max(place.1)))
        });
        for y in from.1 as u32..=(to.1 as u32).min(height - 1) {
            for x in from.0 as u32..=(to.0 as u32).min(width - 1) {
                let pixel = self.0.get_pixel_mut(x, y);
                let four = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
                let here = |(a, b)| shade((f64::from(x) + a, f64::from(y) + b)).unwrap_or(u32::from(pixel.0[0]));
                pixel.0[0] = u8::try_from(four.into_iter().map(here).sum::<u32>() / 4).unwrap();
            }
        }
        self
    }

    /// Out of focus.
    pub(super) fn blurred(self, sigma: f32) -> Photo {
        Photo(image::imageops::fast_blur(&self.0, sigma))
    }

    /// By candle light: each pixel is off by at most so much.
    pub(super) fn noisy(self, most: u32) -> Photo {
        let mut state = 1_u32;
        self.each(|_, _, value| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (value + (state >> 16) % (2 * most + 1)).saturating_sub(most)
        })
    }

    /// Black and white become these.
    pub(super) fn faded(self, black: u32, white: u32) -> Photo {
        self.each(|_, _, value| black + value * (white - black) / 255)
    }

    /// The lower right half in the shadow of a hand, with a soft edge.
    pub(super) fn shaded(self) -> Photo {
        let (width, height) = self.0.dimensions();
        self.each(|x, y, value| {
            let inwards = f64::from(x) / f64::from(width) + f64::from(y) / f64::from(height) - 1.0;
            let light = 1.0 - 0.5 * (inwards / 0.1 + 0.5).clamp(0.0, 1.0);
            (f64::from(value) * light) as u32
        })
    }

    pub(super) fn inverted(self) -> Photo {
        self.each(|_, _, value| 255 - value)
    }

    pub(super) fn mirrored(self) -> Photo {
        Photo(image::imageops::flip_horizontal(&self.0))
    }

    fn each(mut self, mut change: impl FnMut(u32, u32, u32) -> u32) -> Photo {
        for (x, y, pixel) in self.0.enumerate_pixels_mut() {
            pixel.0[0] = u8::try_from(change(x, y, pixel.0[0].into()).min(255)).unwrap();
        }
        self
    }

    pub(super) fn jpeg(&self, quality: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
        // In colour, as cameras do.
        image::DynamicImage::ImageLuma8(self.0.clone()).to_rgb8().write_with_encoder(encoder).unwrap();
        bytes
    }

    pub(super) fn png(&self) -> Vec<u8> {
        self.file(ImageFormat::Png)
    }

    /// Lossless.
    pub(super) fn webp(&self) -> Vec<u8> {
        self.file(ImageFormat::WebP)
    }

    fn file(&self, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::ImageLuma8(self.0.clone()).to_rgb8().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }
}

/// A square with this top left corner and side, turned by some degrees around its centre.
pub(super) fn square((left, top): Place, side: f64, degrees: f64) -> [Place; 4] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let half = side / 2.0;
    [(-half, -half), (half, -half), (-half, half), (half, half)]
        .map(|(x, y)| (left + half + x * cos - y * sin, top + half + x * sin + y * cos))
}

/// That square seen from an angle: its right side is so much shorter, and it is tilted down a little.
pub(super) fn seen_from_left((left, top): Place, side: f64, shorter: f64) -> [Place; 4] {
    let cut = side * shorter / 2.0;
    let narrow = side * (1.0 - shorter / 2.0);
    [
        (left, top),
        (left + narrow, top + cut + side * 0.05),
        (left, top + side),
        (left + narrow, top + side - cut + side * 0.05),
    ]
}
