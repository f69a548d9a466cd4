//! How an engine breaks down.

use std::error::Error;
use std::sync::Arc;

use super::Key;

/// What lies behind a breakdown; shared, because one failure may strike many writers at once.
pub type Source = Arc<dyn Error + Send + Sync>;

/// An engine could not do what was asked. A conflict is not among these: it is an answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// Nothing was changed; it may work later.
    #[error("the store is unavailable")]
    Unavailable(#[source] Source),
    /// Nothing was changed: the disk is nearly full. Reading goes on.
    #[error("the disk of the store is full")]
    Full,
    /// The change may have happened or not: read again.
    #[error("it is not known whether the change was stored")]
    Unknown(#[source] Source),
    /// A key, a document or a batch is over its bound; nothing was changed.
    #[error("{0} is too large for the store")]
    TooLarge(Key),
    /// What is stored under this key cannot be read.
    #[error("what is stored under {key} cannot be read")]
    Corrupt {
        /// Where it is stored.
        key: Key,
        /// What is wrong with it.
        #[source]
        source: Source,
    },
}

impl EngineError {
    /// Nothing was changed, and this is why.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        EngineError::Unavailable(Arc::from(source.into()))
    }

    /// The document under `key` cannot be read, and this is why.
    pub fn corrupt(key: Key, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        EngineError::Corrupt { key, source: Arc::from(source.into()) }
    }
}
