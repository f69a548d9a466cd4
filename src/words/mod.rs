//! The texts people read, by language.
