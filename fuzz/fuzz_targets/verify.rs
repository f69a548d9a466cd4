//! Any badge and what it rests on.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::verify(data));
