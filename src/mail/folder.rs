//! Letters as `.eml` files in a folder: for services without SMTP, and for looking at.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{Letter, Post, PostError};

/// Writes each letter into a file named after its Message-ID; the same letter again replaces it.
#[derive(Debug, Clone)]
pub struct FolderPost {
    folder: PathBuf,
    from: Option<String>,
}

impl FolderPost {
    /// Into `folder`, which is made when the first letter comes.
    pub fn new(folder: PathBuf, from: Option<String>) -> Self {
        FolderPost { folder, from }
    }
}

#[async_trait]
impl Post for FolderPost {
    fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    fn knows_again(&self) -> bool {
        true
    }

    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let bytes = letter.message().map_err(PostError::permanent)?.formatted();
        let name = file_name(&letter.message_id);
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes));
        written.await.map_err(PostError::temporary)?.map_err(PostError::temporary)
    }
}

/// Whole or not at all: a reader of the folder never sees half a letter.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    // Links in letters open pages: they are for their reader and the operator.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".{name}.new"));
    let _ = std::fs::remove_file(&draft);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}

fn file_name(message_id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@') { c } else { '_' };
    let name: String = message_id.trim_start_matches('.').chars().map(safe).take(200).collect();
    format!("{name}.eml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stays_in_its_folder() {
        for (id, expected) in [
            ("award.7K3Q.1@host", "award.7K3Q.1@host.eml"),
            ("../../etc/passwd", "_.._etc_passwd.eml"),
            ("a\0b\nc", "a_b_c.eml"),
            (".hidden", "hidden.eml"),
        ] {
            assert_eq!(file_name(id), expected, "{id:?}");
        }
        assert!(file_name(&"x".repeat(1_000)).len() < 255);
    }
}
