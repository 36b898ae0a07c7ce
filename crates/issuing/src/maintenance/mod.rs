//! Maintenance: how awards stand, renewals, reminders, and whom a changed policy would
//! affect. What it all rests on is `model::maintenance`.

pub use preview::{PolicyPreview, Turn};
pub use renew::RenewError;
pub use show::{Maintained, Maintenance};

mod preview;
mod renew;
mod show;
mod tend;
