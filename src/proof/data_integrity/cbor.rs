//! As much of CBOR (RFC 8949) as a derived proof is made of: numbers, byte strings, arrays and maps of known lengths.

/// Reads one data item after another; a tag, a text or a length left open is none of them.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

const NUMBER: u8 = 0;
const BYTES: u8 = 2;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// A whole number that is not negative.
    pub(super) fn number(&mut self) -> Option<u64> {
        self.head(NUMBER)
    }

    /// A byte string.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.head(BYTES)?).ok()?;
        self.take(length)
    }

    /// How many items follow that belong to an array.
    pub(super) fn array(&mut self) -> Option<u64> {
        self.head(ARRAY)
    }

    /// How many pairs of items follow that belong to a map.
    pub(super) fn map(&mut self) -> Option<u64> {
        self.head(MAP)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The argument of an item of this major type, written in the first byte or in the 1, 2, 4 or 8 that follow.
    fn head(&mut self, major: u8) -> Option<u64> {
        let first = *self.take(1)?.first()?;
        if first >> 5 != major {
            return None;
        }
        let length = match first & 0b1_1111 {
            small @ 0..=23 => return Some(u64::from(small)),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        Some(self.take(length)?.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    /// RFC 8949, appendix A.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        let numbers: [(&[u8], u64); 9] = [
            (&[0x00], 0),
            (&[0x17], 23),
            (&[0x18, 0x18], 24),
            (&[0x18, 0x64], 100),
            (&[0x19, 0x03, 0xe8], 1_000),
            (&[0x1a, 0x00, 0x0f, 0x42, 0x40], 1_000_000),
            (&[0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00], 1_000_000_000_000),
            (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], u64::MAX),
            (&[0x1a, 0x00, 0x00, 0x00, 0x01], 1),
        ];
        for (bytes, number) in numbers {
            let mut reader = Reader::new(bytes);
            assert_eq!((reader.number(), reader.is_at_end()), (Some(number), true), "{bytes:x?}");
        }
        assert_eq!(Reader::new(&[0x40]).bytes(), Some([].as_slice()));
        assert_eq!(Reader::new(&[0x44, 1, 2, 3, 4]).bytes(), Some([1, 2, 3, 4].as_slice()));
        assert_eq!(Reader::new(&[0x80]).array(), Some(0));
        assert_eq!(Reader::new(&[0x98, 0x19]).array(), Some(25));
        assert_eq!(Reader::new(&[0xa2, 1, 2, 3, 4]).map(), Some(2));
    }

    #[test]
    fn what_is_cut_off_or_of_another_type_is_not_read() {
        // Nothing; a negative number; a head, and bytes, that end too soon; a reserved length; a length left open; a
        // text; a tag; a string longer than there are bytes in the world.
        let none: [&[u8]; 9] = [
            &[],
            &[0x20],
            &[0x19, 0x03],
            &[0x44, 1, 2, 3],
            &[0x5c, 1],
            &[0x5f, 0x41, 1, 0xff],
            &[0x61, 0x61],
            &[0xc1, 0x00],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ];
        for bytes in none {
            let read = |read: fn(&mut Reader<'_>) -> bool| read(&mut Reader::new(bytes));
            assert!(!read(|reader| reader.bytes().is_some()), "{bytes:x?}");
            assert!(!read(|reader| reader.number().is_some()), "{bytes:x?}");
            assert!(!read(|reader| reader.array().is_some()), "{bytes:x?}");
            assert!(!read(|reader| reader.map().is_some()), "{bytes:x?}");
        }
    }
}
