//! QR symbols: level Q, dark on light, four modules of quiet zone.

use std::fmt::Write as _;

use super::RenderError;

/// Quiet zone on each side, in modules.
pub const QUIET: usize = 4;

/// Longest text of a symbol; far beyond any address of ours, and within version 40.
const LONGEST: usize = 1000;

/// The modules of a symbol, without quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modules {
    /// Modules on each side.
    pub size: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// The symbol of this text at level Q: upper-case addresses get the compact alphanumeric mode.
    pub fn of(text: &str) -> Result<Modules, RenderError> {
        if text.len() > LONGEST {
            return Err(RenderError::QrTooLong { length: text.len() });
        }
        let code = fast_qr::QRBuilder::new(text)
            .ecl(fast_qr::ECL::Q)
            .build()
            .map_err(|_| RenderError::QrTooLong { length: text.len() })?;
        let dark = code.data[..code.size * code.size].iter().map(|m| m.value()).collect();
        Ok(Modules { size: code.size, dark })
    }

    /// Whether the module is dark; outside the symbol nothing is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && y < self.size && self.dark[y * self.size + x]
    }

    /// Runs of dark modules: x, y, length.
    pub(super) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::with_capacity(self.size * self.size / 3);
        for (y, row) in self.dark.chunks_exact(self.size).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    runs.push((x, y, run.len()));
                }
                x += run.len();
            }
        }
        runs
    }
}

/// The `d` of one `<path>` for a `viewBox` of `0 0 n n`, and that `n`, quiet zone included.
pub fn qr_svg_path(text: &str) -> Result<(String, usize), RenderError> {
    let modules = Modules::of(text)?;
    let mut d = String::with_capacity(4096);
    for (x, y, length) in modules.runs() {
        write!(d, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET).expect("a string takes all text");
    }
    Ok((d, modules.size + 2 * QUIET))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The symbol as a scanner reads it.
    fn read(modules: &Modules) -> String {
        let side = (modules.size + 2 * QUIET) * 4;
        let dark = |x: usize, y: usize| match ((x / 4).checked_sub(QUIET), (y / 4).checked_sub(QUIET)) {
            (Some(x), Some(y)) => modules.is_dark(x, y),
            _ => false,
        };
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark(x, y) { 0 } else { 255 });
        image.detect_grids()[0].decode().unwrap().1
    }

    #[track_caller]
    fn check(text: &str, side: usize) {
        let ours = Modules::of(text).unwrap();
        let judge = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::Q).unwrap();
        assert_eq!((ours.size, judge.width()), (side, side), "{text}");
        assert_eq!(read(&ours), text);
    }

    #[test]
    fn symbols_are_as_small_as_another_library_makes_them_and_read_back() {
        check("HTTPS://A.EXAMPLE/V/7K3QX9M2TR4HB6WD", 29);
        check("HTTPS://BADGES.NORTHWIND.EXAMPLE/V/7K3QX9M2TR4HB6WD", 33);
        check(&format!("HTTPS://{}/V/7K3QX9M2TR4HB6WD", "LONG-HOST.".repeat(7)), 41);
        check("http://127.0.0.1:8080/v/7K3QX9M2TR4HB6WD", 33);
    }

    #[test]
    fn a_text_too_long_is_refused() {
        assert!(matches!(Modules::of(&"A".repeat(1001)), Err(RenderError::QrTooLong { length: 1001 })));
        assert!(Modules::of(&"a".repeat(1000)).is_ok());
    }

    #[test]
    fn the_path_has_the_quiet_zone() {
        let (d, side) = qr_svg_path("HTTPS://A.EXAMPLE/V/7K3QX9M2TR4HB6WD").unwrap();
        assert_eq!(side, 37);
        assert!(d.starts_with("M4 4h7v1h-7z"));
    }
}
