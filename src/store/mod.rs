//! The store: an ordered key-value engine, and the record operations over it.
