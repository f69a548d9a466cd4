//! What mail follows from what happened, and what its readers can do.

mod tokens;
