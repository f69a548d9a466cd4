//! The bitstring of a W3C Bitstring Status List: set, get, encode, decode with bounds; and where in it an award goes.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

/// The least length the specification allows, so that one bit tells little about whom it speaks of.
pub const MINIMUM_BITS: usize = 131_072;

/// The longest list that is decoded: 2 MiB, 128 times the least.
pub const MAXIMUM_BITS: usize = 16 * 1024 * 1024;

/// The longest `encodedList` that is looked at: a list of the greatest length that does not compress.
pub const MAXIMUM_ENCODED: usize = 3 * 1024 * 1024;

/// Bit 0 is the most significant bit of byte 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitstring {
    bytes: Vec<u8>,
}

/// An `encodedList` that cannot be read, or an index that is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    /// Beyond [`MAXIMUM_ENCODED`].
    #[error("the encoded list has {have} characters, more than {MAXIMUM_ENCODED}")]
    EncodedTooLong {
        /// Characters.
        have: usize,
    },
    /// Beyond [`MAXIMUM_BITS`].
    #[error("the list unpacks to more than {MAXIMUM_BITS} bits")]
    TooLong,
    /// Not base64url.
    #[error("the encoded list is not base64url")]
    NotBase64,
    /// Damaged or cut off.
    #[error("the list cannot be unpacked: {0}")]
    NotGzip(String),
    /// Something follows the packed list.
    #[error("{0} bytes follow the packed list")]
    TrailingData(usize),
    /// Beyond the end.
    #[error("index {index} is not in a list of {bits} bits")]
    OutOfRange {
        /// Asked for.
        index: usize,
        /// Length of the list.
        bits: usize,
    },
}

impl Bitstring {
    /// All clear; `bits` is rounded up to whole bytes.
    pub fn new(bits: usize) -> Self {
        Bitstring { bytes: vec![0; bits.div_ceil(8)] }
    }

    /// How many bits.
    #[expect(clippy::len_without_is_empty, reason = "whether a list has any bits at all is never asked")]
    pub fn len(&self) -> usize {
        self.bytes.len() * 8
    }

    /// Sets one bit. There is no way to clear one: a revocation is for good.
    pub fn set(&mut self, index: usize) -> Result<(), StatusListError> {
        let bits = self.len();
        let byte = self.bytes.get_mut(index / 8).ok_or(StatusListError::OutOfRange { index, bits })?;
        *byte |= 0x80 >> (index % 8);
        Ok(())
    }

    /// One bit; none beyond the end.
    pub fn get(&self, index: usize) -> Option<bool> {
        self.bytes.get(index / 8).map(|byte| byte & (0x80 >> (index % 8)) != 0)
    }

    /// The value of the `index`th group of `bits` bits (`statusSize`, at most 64), the most significant first; none beyond
    /// the end.
    pub fn value(&self, index: usize, bits: usize) -> Option<u64> {
        let start = index.checked_mul(bits)?;
        (start..start.checked_add(bits)?).try_fold(0, |value, at| Some(value << 1 | u64::from(self.get(at)?)))
    }

    /// How many bits are set.
    pub fn count(&self) -> usize {
        self.bytes.iter().map(|b| b.count_ones() as usize).sum()
    }

    /// `encodedList`: multibase base64url of the packed bits. The same bits give the same text.
    pub fn encode(&self) -> String {
        let mut packer = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
        packer.write_all(&self.bytes).expect("a vector takes every byte");
        let packed = packer.finish().expect("a vector takes every byte");
        format!("u{}", URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads an `encodedList`; lists from before the multibase letter, and padding, are forgiven.
    pub fn decode(encoded: &str) -> Result<Bitstring, StatusListError> {
        if encoded.len() > MAXIMUM_ENCODED {
            return Err(StatusListError::EncodedTooLong { have: encoded.len() });
        }
        // A packed list begins with 1f 8b, "H4s": a leading "u" can only be the multibase letter.
        let text = encoded.strip_prefix('u').unwrap_or(encoded).trim_end_matches('=');
        let packed = URL_SAFE_NO_PAD.decode(text).map_err(|_| StatusListError::NotBase64)?;
        let mut unpacker = flate2::bufread::GzDecoder::new(packed.as_slice());
        let mut bytes = Vec::new();
        let limit = (MAXIMUM_BITS / 8) as u64;
        unpacker
            .by_ref()
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| StatusListError::NotGzip(e.to_string()))?;
        if bytes.len() as u64 > limit {
            return Err(StatusListError::TooLong);
        }
        match unpacker.into_inner().len() {
            0 => Ok(Bitstring { bytes }),
            rest => Err(StatusListError::TrailingData(rest)),
        }
    }
}

/// Maps a counter to its index: a permutation of `0..2^bits_log2` that nobody without `key` can foretell.
///
/// A Feistel network over an even number of bits, walked until the value lies within the wanted ones.
///
/// # Panics
/// When `bits_log2` is not within 1 to 31, or `counter` is not below `2^bits_log2`: it would have to repeat.
pub fn scatter(key: &[u8; 16], counter: u32, bits_log2: u32) -> u32 {
    assert!((1..=31).contains(&bits_log2), "a list has between 2 and 2^31 bits");
    assert!(counter < 1 << bits_log2, "a list is full when its counter reaches its length");
    let half = bits_log2.div_ceil(2);
    let mut value = counter;
    loop {
        value = feistel(key, value, half);
        if value < 1 << bits_log2 {
            return value;
        }
    }
}

fn feistel(key: &[u8; 16], value: u32, half: u32) -> u32 {
    let mask = (1u32 << half) - 1;
    let (mut left, mut right) = (value >> half, value & mask);
    for round in 0..8u8 {
        let hash = Sha256::new().chain_update(key).chain_update([round]).chain_update(right.to_be_bytes()).finalize();
        let word = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        (left, right) = (right, left ^ (word & mask));
    }
    (left << half) | right
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bit_0_is_the_most_significant_of_byte_0() {
        let mut list = Bitstring::new(16);
        list.set(0).unwrap();
        list.set(9).unwrap();
        assert_eq!(list.bytes, [0x80, 0x40]);
        assert_eq!((list.get(0), list.get(1), list.get(9), list.get(16)), (Some(true), Some(false), Some(true), None));
        assert_eq!(list.set(16), Err(StatusListError::OutOfRange { index: 16, bits: 16 }));
    }

    #[test]
    fn the_same_bits_give_the_same_text() {
        let mut a = Bitstring::new(MINIMUM_BITS);
        let mut b = Bitstring::new(MINIMUM_BITS);
        for i in [5, 70_000] {
            a.set(i).unwrap();
        }
        for i in [70_000, 5] {
            b.set(i).unwrap();
        }
        assert_eq!(a.encode(), b.encode());
        assert!(a.encode().starts_with("uH4sIAAAAAAAA"), "no time is packed");
        assert_eq!(a.count(), 2);
    }

    #[test]
    fn damaged_and_hostile_lists_are_refused() {
        #[track_caller]
        fn check(encoded: &str, expected: &StatusListError) {
            let got = Bitstring::decode(encoded).expect_err("must be refused");
            assert_eq!(std::mem::discriminant(&got), std::mem::discriminant(expected), "{got}");
        }
        let good = Bitstring::new(MINIMUM_BITS).encode();
        let packed = URL_SAFE_NO_PAD.decode(&good[1..]).unwrap();
        let encode = |bytes: &[u8]| format!("u{}", URL_SAFE_NO_PAD.encode(bytes));
        let not_gzip = StatusListError::NotGzip(String::new());

        check("", &not_gzip);
        check("u", &not_gzip);
        check("uAAAA", &not_gzip);
        check("u!!!", &StatusListError::NotBase64);
        check(&encode(&packed[..packed.len() - 3]), &not_gzip);
        check(&encode(&packed[..12]), &not_gzip);
        let mut wrong_sum = packed.clone();
        let at = wrong_sum.len() - 6;
        wrong_sum[at] ^= 1;
        check(&encode(&wrong_sum), &not_gzip);
        check(&encode(&[packed.as_slice(), b"more"].concat()), &StatusListError::TrailingData(0));
        check(&Bitstring::new(MAXIMUM_BITS + 8).encode(), &StatusListError::TooLong);
        check(&"u".repeat(MAXIMUM_ENCODED + 1), &StatusListError::EncodedTooLong { have: 0 });
    }

    #[test]
    fn the_longest_list_and_old_spellings_are_read() {
        let longest = Bitstring::new(MAXIMUM_BITS);
        assert_eq!(Bitstring::decode(&longest.encode()).unwrap().len(), MAXIMUM_BITS);
        let plain = Bitstring::new(MINIMUM_BITS);
        let encoded = plain.encode();
        assert_eq!(Bitstring::decode(&encoded[1..]).unwrap(), plain);
        assert_eq!(Bitstring::decode(&format!("{encoded}==")).unwrap(), plain);
    }

    #[test]
    fn scatter_is_a_permutation_that_differs_by_key() {
        #[track_caller]
        fn check(bits_log2: u32) -> Vec<u32> {
            let size = 1u32 << bits_log2;
            let mut seen = vec![false; size as usize];
            for counter in 0..size {
                let index = scatter(&[7; 16], counter, bits_log2) as usize;
                assert!(!seen[index], "{counter} of 2^{bits_log2} repeats {index}");
                seen[index] = true;
            }
            (0..16.min(size)).map(|c| scatter(&[8; 16], c, bits_log2)).collect()
        }
        for bits in [1, 2, 3, 8, 13] {
            check(bits);
        }
        let other_key = check(17);
        let own: Vec<u32> = (0..16).map(|c| scatter(&[7; 16], c, 17)).collect();
        assert_ne!(own, other_key);
        assert!(own.windows(2).any(|w| w[0].abs_diff(w[1]) > 1000), "neighbours lie apart: {own:?}");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(indices in proptest::collection::vec(0usize..MINIMUM_BITS, 0..200)) {
            let mut list = Bitstring::new(MINIMUM_BITS);
            for i in &indices {
                list.set(*i).unwrap();
            }
            let back = Bitstring::decode(&list.encode()).unwrap();
            prop_assert_eq!(&back, &list);
            for i in indices {
                prop_assert_eq!(back.get(i), Some(true));
            }
        }

        #[test]
        fn no_text_makes_decode_panic(text in ".{0,200}") {
            let _ = Bitstring::decode(&text);
        }
    }
}
