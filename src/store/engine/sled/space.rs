//! Space on the disk: what is left, and what is wanted of it.

use std::path::{Path, PathBuf};

/// The free space that writing leaves alone.
#[derive(Debug, Clone)]
pub(super) struct Space {
    pub(super) path: PathBuf,
    /// In bytes; 0: it is not looked at.
    pub(super) least: u64,
}

impl Space {
    /// Whether less is free than is to be left alone. A disk that does not tell is not short.
    pub(super) fn is_short(&self) -> bool {
        self.least > 0 && free(&self.path).is_some_and(|free| free < self.least)
    }
}

/// The bytes that are free on the disk of this folder.
pub(super) fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
