//! Recertification by event: holders must complete a delta by a date, or their awards expire then.

mod asking;
mod order;
mod placing;
mod progress;

pub use asking::{concerns, due_for, of_program};
pub(super) use asking::{concerns_region, demand};
pub use order::{Order, OrderAnswer, OrderError, Ordered, confirm, order, reject};
pub(super) use placing::fact;
pub use placing::place;
pub(super) use placing::works_there;
pub use progress::{Holder, HolderState, Progress, RecertificationView, Shown, list, show};
