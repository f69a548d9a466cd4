//! Open Badges 2.0.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::open_badges_2(data));
