//! SVG pictures.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::unbake_svg(data));
