//! What time and the feed bring due.
