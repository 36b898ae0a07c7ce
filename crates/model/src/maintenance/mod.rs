//! Maintenance: what keeps a badge in force (Future Vision, 10.11).
//!
//! A [`MaintenancePolicy`] is data that the catalogue defines: for how long a badge
//! holds, what its holder does to renew it, when that can be done, and what it takes
//! once it has lapsed. [`Policies`] holds every policy as it was published and when.
//! [`standing`] says in which [`State`] an award was or is at a moment, from the
//! policies and from what was recorded by then.
//!
//! **What is promised.** The answer for a moment rests on nothing recorded after it,
//! so that no later event and no later policy changes it. A term of validity runs to
//! its end by the rules under which it began, unless a later rule says that it is for
//! running terms too, and then from that rule's day on. Bounds belong to what they
//! bound. All of it is pure.

pub use event::{Award, Event, Term, What, continued};
pub use needs::{Need, Way, WayKind};
pub use policies::{Policies, Published};
pub use policy::{Asks, Cpd, MaintenancePolicy, Reinstatement, Renewal, Rules};
pub use schedule::{Notice, concerned_from, next_change, notices};
pub use standing::{Renewed, Standing, State, first_end, renewed, standing};

mod event;
mod needs;
mod policies;
mod policy;
mod schedule;
mod standing;
mod words;

#[cfg(test)]
mod tests;
