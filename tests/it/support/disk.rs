//! A small disk, mounted for one test: what full disks are tried on.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::skipped;

pub(crate) const MIB: u64 = 1 << 20;

/// A small disk in memory; it goes away with the value.
pub(crate) struct SmallDisk {
    at: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` where mounting is not permitted.
    pub(crate) fn mount(bytes: u64) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "assay-test"])
            .arg(at.path())
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            skipped("a small disk cannot be mounted here");
            return None;
        }
        Some(SmallDisk { at })
    }

    pub(crate) fn path(&self) -> &Path {
        self.at.path()
    }

    pub(crate) fn free(&self) -> u64 {
        let disk = rustix::fs::statvfs(self.at.path()).unwrap();
        disk.f_bavail * disk.f_frsize
    }

    /// Takes space until only so much is left.
    pub(crate) fn fill(&self, left: u64) -> Ballast {
        let path = self.at.path().join("ballast");
        let mut file = File::create(&path).unwrap();
        while self.free() > left {
            let piece = vec![0; usize::try_from((self.free() - left).min(MIB)).unwrap()];
            file.write_all(&piece).unwrap();
        }
        Ballast(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.at.path()).status();
    }
}

/// Space that is given back when dropped.
pub(crate) struct Ballast(PathBuf);

impl Drop for Ballast {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}
