//! [`Limited`]: a reader that gives out so many bytes between two rows, and then no more; and that knows its lines.

use std::collections::VecDeque;
use std::io::{self, Read};

/// Bounds what a parser may take in for one row, whose quotes may never close.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: R,
    left: usize,
    exhausted: bool,
    lines: LineEnds,
}

impl<R: Read> Limited<R> {
    pub(super) fn new(inner: R, bytes: usize) -> Self {
        Limited { inner, left: bytes, exhausted: false, lines: LineEnds::default() }
    }

    /// The next row begins.
    pub(super) fn refill(&mut self, bytes: usize) {
        self.left = bytes;
    }

    /// Whether a row had more.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// The line, counted from 1, of the first text at or after the byte `offset`; offsets must not go back.
    pub(super) fn line_at(&mut self, offset: u64) -> u64 {
        self.lines.line_at(offset)
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.left);
        if most == 0 && !buffer.is_empty() {
            self.exhausted = true;
            return Err(io::Error::other("a row is too long"));
        }
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read;
        self.lines.see(&buffer[..read]);
        Ok(read)
    }
}

/// Where lines end in what was read ahead. A parser does not say it exactly: it counts the blank lines before a row, and
/// the two bytes of a line end, to one row or the other.
#[derive(Debug, Default)]
struct LineEnds {
    /// Offset of the last byte of each line end, and whether its line is blank.
    ends: VecDeque<(u64, bool)>,
    passed: u64,
    seen: u64,
    blank: bool,
    /// The last byte was a carriage return, which may be half a line end.
    carriage: bool,
    begun: bool,
}

impl LineEnds {
    fn see(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if !std::mem::replace(&mut self.begun, true) {
                self.blank = true;
            }
            let carriage = std::mem::replace(&mut self.carriage, *byte == b'\r');
            if *byte == b'\n' {
                self.end(self.seen);
            } else {
                if carriage {
                    self.end(self.seen - 1);
                }
                self.blank &= *byte == b'\r';
            }
            self.seen += 1;
        }
    }

    fn end(&mut self, at: u64) {
        self.ends.push_back((at, std::mem::replace(&mut self.blank, true)));
    }

    fn line_at(&mut self, offset: u64) -> u64 {
        let mut from = offset;
        while let Some((at, blank)) = self.ends.front().copied() {
            // Before it; the second half of a line end; or a blank line.
            if at > from && !blank {
                break;
            }
            from = from.max(at + 1);
            self.ends.pop_front();
            self.passed += 1;
        }
        self.passed + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: u64, expected: u64) {
        for piece in [1, 3, 1_000] {
            let mut lines = LineEnds::default();
            text.as_bytes().chunks(piece).for_each(|bytes| lines.see(bytes));
            assert_eq!(lines.line_at(offset), expected, "{text:?} at {offset}, {piece} bytes at a time");
        }
    }

    #[test]
    fn a_line_has_its_number_whatever_ends_it() {
        check("a\nb\nc", 0, 1);
        check("a\nb\nc", 2, 2);
        check("a\nb\nc", 4, 3);
        check("a\r\nb\r\nc", 2, 2);
        check("a\r\nb\r\nc", 3, 2);
        check("a\rb\rc", 2, 2);
        check("a\rb\rc", 4, 3);
        check("a\n\n\nb", 2, 4);
        check("a\r\n\r\nb", 2, 3);
        check("\n\na\n", 0, 3);
        check("\"a\nb\"\nc", 0, 1);
        check("\"a\nb\"\nc", 6, 3);
    }
}
