//! What maintenance rests on: the policies as they were published, what was recorded
//! of a learner's awards, when each is to be looked at next, and renewals.

pub use history::MaintenanceHistory;
pub use renewal::{Renewable, RenewalOutcome};
pub use waking::{Looked, Told, WakingAward};

pub(crate) use policies::{current, publish};

mod history;
mod policies;
mod renewal;
mod waking;

diesel::table! {
    maintenance_policies (slug, number) {
        slug -> Text,
        number -> Integer,
        body -> Nullable<Text>,
        published_at -> Timestamp,
    }
}
diesel::table! {
    maintained_awards (award_id) {
        award_id -> Text,
        learner_id -> Text,
        achievement -> Text,
        opens_at -> Nullable<Timestamp>,
        wake_at -> Nullable<Timestamp>,
        changes -> Integer,
    }
}
diesel::table! {
    maintenance_notices (credential_id, notice) {
        credential_id -> Text,
        notice -> Text,
        told_at -> Timestamp,
    }
}
diesel::table! {
    maintenance_state (id) { id -> Integer, looked_at -> Timestamp, }
}
