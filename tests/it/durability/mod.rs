//! What the whole service survives: faults of the store at every step, sudden death, a full disk, a wrong start.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod audit;
mod crash;
mod faulty;
mod full_disk;
mod ready;
mod start;
mod stop;
mod strace;
mod together;
