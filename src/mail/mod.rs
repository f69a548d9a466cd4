//! Mail on its way out: a letter, and the ways to post it.

pub mod calendar;
mod folder;
mod letter;
mod memory;
mod smtp;

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;

pub use folder::FolderPost;
pub use letter::{Letter, LetterError, Mailbox, Unsubscribe};
pub use memory::{MemoryPost, Posted};
pub use smtp::SmtpPost;

/// Takes letters to where they go.
#[async_trait]
pub trait Post: Send + Sync + 'static {
    /// The address that letters come from; the issuer's if this is none.
    fn from(&self) -> Option<&str> {
        None
    }

    /// Whether a letter that is handed over twice is one letter all the same.
    fn knows_again(&self) -> bool {
        false
    }

    /// Hands one letter over. When it answers, somebody else is answerable for the letter.
    async fn send(&self, letter: &Letter) -> Result<(), PostError>;
}

/// A letter was not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PostError {
    /// It may be taken later.
    #[error("the letter could not be posted just now: {0}")]
    Temporary(#[source] Arc<dyn Error + Send + Sync>),
    /// It may have been taken: the line broke before the answer came.
    #[error("it is not known whether the letter was posted: {0}")]
    Uncertain(#[source] Arc<dyn Error + Send + Sync>),
    /// It will never be taken: such an address does not exist, or such a letter is not wanted.
    #[error("the letter was refused: {0}")]
    Permanent(#[source] Arc<dyn Error + Send + Sync>),
}

impl PostError {
    /// For a reason that may pass.
    pub fn temporary(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        PostError::Temporary(Arc::from(source.into()))
    }

    /// Nobody knows.
    pub fn uncertain(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        PostError::Uncertain(Arc::from(source.into()))
    }

    /// For good.
    pub fn permanent(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        PostError::Permanent(Arc::from(source.into()))
    }
}
