//! [`Spool`]: an upload kept in a file without a name, so that it can be read twice in little memory.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use tokio::io::AsyncWriteExt as _;

/// The most bytes of an upload.
pub const MAX_FILE: u64 = 1024 * 1024 * 1024;

/// A file that nobody else can open and that is gone when it is dropped.
#[derive(Debug)]
pub struct Spool {
    file: tokio::fs::File,
    bytes: u64,
}

/// Why an upload was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// More than is taken.
    #[error("the file has more than {} MiB; split it", MAX_FILE / (1024 * 1024))]
    TooLarge,
    /// The temporary folder, perhaps full.
    #[error("the upload cannot be kept in a temporary file")]
    Io(#[from] std::io::Error),
}

impl Spool {
    /// An empty one.
    pub fn new() -> Result<Self, SpoolError> {
        Ok(Spool { file: tokio::fs::File::from_std(tempfile::tempfile()?), bytes: 0 })
    }

    /// More bytes at the end.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_FILE {
            return Err(SpoolError::TooLarge);
        }
        Ok(self.file.write_all(bytes).await?)
    }

    /// The file from its beginning on. Only one reader at a time.
    pub async fn read(&mut self) -> Result<File, SpoolError> {
        self.file.flush().await?;
        let mut file = self.file.try_clone().await?.into_std().await;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
