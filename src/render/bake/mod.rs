//! Baking: a credential inside a picture, and out of it again. The text is carried as it is, never interpreted.

mod png;
mod svg;

pub use self::png::{png, unbake_png};
pub use self::svg::{svg, unbake_svg};

/// Largest PNG picture that is read.
pub const MAX_PICTURE: usize = 10 * 1024 * 1024;
/// Largest SVG picture that is read: the longest credential, and as much drawing. Ours have less than a tenth of that; what
/// weighs more is a photo in a drawing's clothes, and belongs into a PNG.
pub const MAX_SVG: usize = 2 * 1024 * 1024;
/// Longest credential that is read or written.
pub const MAX_CREDENTIAL: usize = 1024 * 1024;

/// Why nothing could be baked in or read out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BakeError {
    #[error("the picture has {bytes} bytes, more than {most}")]
    PictureTooLarge { bytes: usize, most: usize },
    #[error("the credential in the picture has more than {MAX_CREDENTIAL} bytes")]
    CredentialTooLong,
    #[error("not a PNG picture")]
    NotPng,
    #[error("the PNG picture ends within the chunk at byte {at}")]
    Truncated { at: usize },
    #[error("the PNG chunk {chunk} at byte {at} has a wrong checksum")]
    WrongChecksum { chunk: String, at: usize },
    #[error("the PNG picture has more than {most} chunks")]
    TooManyChunks { most: usize },
    #[error("the PNG picture does not begin with its header")]
    NoHeader,
    #[error("the PNG picture carries {count} credentials; one is allowed")]
    SeveralCredentials { count: usize },
    #[error("the text chunk at byte {at} is malformed: {why}")]
    MalformedText { at: usize, why: &'static str },
    #[error("not an SVG picture: {why}")]
    NotSvg { why: String },
    #[error("a credential holds a character that XML cannot carry: U+{code:04X}")]
    Unwritable { code: u32 },
}

#[cfg(test)]
mod tests;
