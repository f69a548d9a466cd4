//! Statements to their canonical form.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::canonical(data));
