//! [`Lines`]: bytes as they arrive, cut into lines of bounded length.

use bytes::{Bytes, BytesMut};

/// The most bytes of a line.
pub const MAX_LINE: usize = 64 * 1024;

/// Cuts a stream of bytes into lines; never holds more than one line and what was pushed last.
#[derive(Debug, Default)]
pub struct Lines {
    held: BytesMut,
    /// Up to where no line end is.
    looked: usize,
    /// The line being read is too long already, and is passed over to its end.
    passing: bool,
    number: u64,
}

/// One line that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, blank lines too.
    pub number: u64,
    /// Without its end; `None` if it had more than [`MAX_LINE`] bytes.
    pub text: Option<Bytes>,
}

impl Lines {
    /// More bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// The next whole line, if one is there.
    pub fn next_line(&mut self) -> Option<Line> {
        loop {
            let Some(at) = self.held[self.looked..].iter().position(|b| *b == b'\n') else {
                self.looked = self.held.len();
                if self.held.len() > MAX_LINE + 1 {
                    self.passing = true;
                    self.held.clear();
                    self.looked = 0;
                }
                return None;
            };
            let text = self.held.split_to(self.looked + at + 1).freeze();
            self.looked = 0;
            if let Some(line) = self.line(text.slice(..text.len() - 1)) {
                return Some(line);
            }
        }
    }

    /// What stands after the last line end.
    pub fn last_line(&mut self) -> Option<Line> {
        let text = self.held.split().freeze();
        self.looked = 0;
        if text.is_empty() && !self.passing { None } else { self.line(text) }
    }

    fn line(&mut self, text: Bytes) -> Option<Line> {
        self.number += 1;
        let text = if text.ends_with(b"\r") { text.slice(..text.len() - 1) } else { text };
        let too_long = std::mem::take(&mut self.passing) || text.len() > MAX_LINE;
        if too_long {
            return Some(Line { number: self.number, text: None });
        }
        let blank = text.trim_ascii().is_empty();
        (!blank).then_some(Line { number: self.number, text: Some(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[&[u8]], expected: &[(u64, Option<&[u8]>)]) {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in pieces {
            lines.push(piece);
            while let Some(line) = lines.next_line() {
                found.push(line);
            }
            assert!(lines.held.len() <= MAX_LINE + 1, "holds {} bytes", lines.held.len());
        }
        found.extend(lines.last_line());
        let expected: Vec<_> = expected
            .iter()
            .map(|(number, text)| Line { number: *number, text: text.map(Bytes::copy_from_slice) })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_arrive() {
        let expected: &[(u64, Option<&[u8]>)] = &[(1, Some(b"one")), (3, Some(b"two")), (4, Some(b"three"))];
        check(&[b"one\n\r\ntwo\r\nthree"], expected);
        check(&[b"o", b"ne\n", b"\r", b"\ntwo", b"\r\nthr", b"ee"], expected);
        check(&[b"one\n \ntwo\nthree\n"], expected);
        check(&[b""], &[]);
        check(&[b"\n\n\n"], &[]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_in_bounded_memory() {
        let most = vec![b'a'; MAX_LINE];
        let (with_end, more) = ([&most[..], b"\n"].concat(), [&most[..], b"a\n"].concat());
        check(&[&with_end, b"b"], &[(1, Some(&most)), (2, Some(b"b"))]);
        check(&[&more, b"b"], &[(1, None), (2, Some(b"b"))]);
        check(&[&most, &most, &most, b"\nb\n"], &[(1, None), (2, Some(b"b"))]);
        check(&[&most, &most, &most], &[(1, None)]);
    }
}
