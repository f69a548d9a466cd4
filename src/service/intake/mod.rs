//! Results that come in by the many: batches, streams, files, feeds, and what vendors sign.

pub mod feeds;
pub mod import;
pub mod inbound;
mod many;
pub mod reviews;
mod spool;
mod taken;

pub use many::{Reported, WINDOW, submit_all};
pub use spool::{MAX_FILE, Spool, SpoolError};
