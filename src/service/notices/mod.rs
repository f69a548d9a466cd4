//! Mail that follows from the feed: which event makes which letter, to whom, and its sending.
//!
//! Composing puts letters into the outbox with the step of the cursor; the words are written when a letter is sent, so that
//! it says what is true then. What is no longer true is not sent.

mod apart;
mod calendar;
mod case;
mod compose;
mod follow;
mod link;
mod list;
mod matter;
mod page;
mod prove;
mod send;
mod unsubscribe;

pub use calendar::calendar;
pub use follow::{Progress, follow};
pub(super) use link::queue_link;
pub use link::{ask_for_link, queue_links};
pub use list::{LetterView, LettersView, list};
pub use prove::queue_proofs;
pub use send::send_due;
pub use unsubscribe::{Unsubscribing, resume, stop, unsubscribing};
