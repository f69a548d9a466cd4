//! Texts that all have one hash, where it is FxHash (`rustc-hash` 2) and has no key.

/// So many texts of one hash. What is hashed stands between `before` and `behind`.
///
/// Of 48 bytes, the first sixteen make a number that the ninth eight undo: then all is multiplied by zero, whatever stands
/// between.
pub(super) fn texts(before: &str, behind: &str, count: usize) -> Vec<String> {
    let (begin, undo) = begin_and_undo(before);
    let (begin, tail) = (&begin[before.len()..], &"tailtail"[behind.len()..]);
    (0..count).map(|n| format!("{begin}{n:016}{undo}{tail}")).collect()
}

const SEED: u64 = 0x243f_6a88_85a3_08d3;
const CONSTANT: u64 = 0xa409_3822_299f_31d0;

fn begin_and_undo(before: &str) -> (String, String) {
    let found = (0_u64..).find_map(|n| {
        let begin = format!("{before}{n:0width$}", width = 16 - before.len());
        let number = |at: usize| u64::from_le_bytes(begin.as_bytes()[at..at + 8].try_into().expect("eight bytes"));
        let product = (u128::from(SEED ^ number(0)) * u128::from(CONSTANT ^ number(8))).to_le_bytes();
        let undo: Vec<u8> = (0..8).map(|at| product[at] ^ product[at + 8]).collect();
        let text = String::from_utf8(undo).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
        Some((begin, text))
    });
    found.expect("one number in a hundred thousand will do")
}

#[cfg(test)]
mod tests {
    #[test]
    fn with_a_hash_that_everybody_can_compute_all_texts_fall_into_one_place() {
        use std::collections::HashSet;
        use std::hash::BuildHasher as _;
        for (before, behind) in [("\"", "\""), ("", ""), ("_:", "")] {
            let texts: HashSet<String> =
                super::texts(before, behind, 100).iter().map(|text| format!("{before}{text}{behind}")).collect();
            let hash = |text: &String| rustc_hash::FxBuildHasher.hash_one(text.as_str());
            assert_eq!((texts.len(), texts.iter().map(hash).collect::<HashSet<_>>().len()), (100, 1), "{texts:?}");
        }
    }
}
