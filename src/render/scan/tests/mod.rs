//! What is read from pictures, and what they may cost.

mod hostile;
mod photo;
mod photos;
