//! The bitstring of status lists.

use assay::status_list::{Bitstring, MINIMUM_BITS};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A text, or bytes that are made one, or places to be set. What was encoded is decoded.
pub fn bitstring(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    match kind {
        b'T' => {
            if let Ok(text) = std::str::from_utf8(rest) {
                decode(text);
            }
        }
        b'B' => decode(&format!("u{}", URL_SAFE_NO_PAD.encode(rest))),
        _ => {
            let mut list = Bitstring::new(MINIMUM_BITS);
            let places: Vec<usize> = rest.as_chunks().0.iter().map(|&pair| u16::from_le_bytes(pair).into()).collect();
            for &place in &places {
                list.set(place).expect("every pair of bytes is within the shortest list");
            }
            let back = Bitstring::decode(&list.encode()).expect("what was encoded");
            assert_eq!(back, list);
            assert!(places.iter().all(|&place| back.get(place) == Some(true)));
        }
    }
}

fn decode(text: &str) {
    let Ok(list) = Bitstring::decode(text) else { return };
    assert!(list.count() <= list.len());
    for bits in [0, 1, 2, 8, 64] {
        assert_eq!(list.value(usize::MAX, bits).is_some(), bits == 0, "nothing is beyond the end");
        let _ = (list.value(0, bits), list.value(list.len() / 64, bits));
    }
    assert_eq!(Bitstring::decode(&list.encode()).as_ref(), Ok(&list));
}
