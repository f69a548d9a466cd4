//! [`Limited`]: a reader that gives out so many bytes between two rows, and then no more.

use std::io::{self, Read};

/// Bounds what a parser may take in for one row, whose quotes may never close.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: R,
    left: usize,
    exhausted: bool,
}

impl<R: Read> Limited<R> {
    pub(super) fn new(inner: R, bytes: usize) -> Self {
        Limited { inner, left: bytes, exhausted: false }
    }

    /// The next row begins.
    pub(super) fn refill(&mut self, bytes: usize) {
        self.left = bytes;
    }

    /// Whether a row had more.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
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
        Ok(read)
    }
}
