//! What time and the feed bring due, one bounded piece at a time.

pub mod webhooks;
