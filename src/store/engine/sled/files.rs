//! What lies in the folder of the store, looked through before sled opens it: sled gives up for good at leftovers of its own,
//! at a full disk, and at damage to files that it can make anew.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Source;
use super::disk::SEGMENT_BYTES;
use super::space::free;

/// What sled calls a snapshot while it writes it.
const UNFINISHED: &str = ".generating";
/// A snapshot ends with its length and its checksum.
const TAIL: usize = 12;
/// So many bytes of the store have at most one byte in a snapshot.
const SNAPSHOT_PART: u64 = 64;

/// The disk has too little space for the store to be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("the store at {} needs {} MB of free space to be opened, and {} MB are free", .path.display(), .wanted.div_ceil(1 << 20), .free >> 20)]
pub struct NoSpace {
    /// Where the store is.
    pub path: PathBuf,
    /// In bytes.
    pub free: u64,
    /// In bytes.
    pub wanted: u64,
}

/// The files of the store are not as they were written.
#[derive(Debug, thiserror::Error)]
#[error("not all that was written can be read from the store's log, {}: it is damaged", .path.join("db").display())]
pub struct Damaged {
    /// Where the store is.
    pub path: PathBuf,
    #[source]
    pub(super) source: Source,
}

/// Removes what an opening left behind that was broken off, sets aside what is damaged and can be made anew, and looks whether
/// there is space.
pub(super) fn prepare(path: &Path) -> Result<(), Source> {
    let mut snapshots = snapshots(path).map_err(|error| Arc::new(error) as Source)?;
    snapshots.sort();
    snapshots.retain(|file| {
        let unfinished = file.to_string_lossy().ends_with(UNFINISHED);
        if unfinished {
            let removed = fs::remove_file(file);
            tracing::info!(file = %file.display(), ok = removed.is_ok(), "removed what was not written to its end");
        }
        !unfinished
    });
    // sled reads the last one; without any it goes through all of its log.
    if let Some(last) = snapshots.pop_if(|file| !is_sound(file, TAIL)) {
        set_aside(&last);
    }
    // How sled is set up here never changes: it writes this file again.
    let settings = path.join("conf");
    if settings.exists() && !is_sound(&settings, 4) {
        set_aside(&settings);
    }
    space(path, snapshots.last())
}

/// Whether this error means that there is no space, in the words for it.
pub(super) fn of_space(path: &Path, error: &io::Error) -> Option<NoSpace> {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let free = free(path).unwrap_or(0);
    full.then(|| NoSpace { path: path.to_owned(), free, wanted: free.saturating_add(SEGMENT_BYTES as u64) })
}

/// Opening writes a snapshot beside the old one, and to the end of a segment.
fn space(path: &Path, snapshot: Option<&PathBuf>) -> Result<(), Source> {
    let size = |file: &Path| fs::metadata(file).map_or(0, |file| file.len());
    let expected = snapshot.map_or_else(|| size(&path.join("db")) / SNAPSHOT_PART, |snapshot| size(snapshot) * 2);
    let wanted = 2 * SEGMENT_BYTES as u64 + expected;
    match free(path) {
        Some(free) if free < wanted => Err(Arc::new(NoSpace { path: path.to_owned(), free, wanted })),
        _ => Ok(()),
    }
}

fn snapshots(path: &Path) -> io::Result<Vec<PathBuf>> {
    let files = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let is_one = |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap."));
    files.filter(|file| file.as_ref().map_or(true, is_one)).collect()
}

/// Whether a file's contents, without a tail of so many bytes, have the checksum that it ends with. One that cannot be read is
/// left to sled.
fn is_sound(file: &Path, tail: usize) -> bool {
    let Ok(bytes) = fs::read(file) else { return true };
    let (Some((contents, _)), Some(checksum)) =
        (bytes.split_at_checked(bytes.len().wrapping_sub(tail)), bytes.last_chunk())
    else {
        return false;
    };
    !contents.is_empty() && crc32fast::hash(contents) == u32::from_le_bytes(*checksum)
}

fn set_aside(file: &Path) {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let aside = file.with_file_name(format!("damaged-{name}"));
    let moved = fs::rename(file, &aside);
    tracing::error!(file = %aside.display(), ok = moved.is_ok(), "set aside a damaged file, which is made anew");
}

/// Makes the small files survive a power cut; sled leaves that to the system.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    for name in ["conf", "."] {
        File::open(path.join(name))?.sync_all()?;
    }
    Ok(())
}
