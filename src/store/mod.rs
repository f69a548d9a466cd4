//! The store: an ordered key-value engine, and the record operations over it.

pub mod engine;

pub use engine::{
    Batch, Commit, Engine, EngineError, Feed, FeedEntry, Key, KeyRange, Page, Position, Rows, Version, Versioned,
};
