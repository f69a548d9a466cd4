//! What mail follows from what happened, and what its readers can do.

mod calendar;
mod desk;
mod holder;
mod letters;
mod look;
mod outbox;
mod own_texts;
mod post;
mod tokens;
