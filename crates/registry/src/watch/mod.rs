//! Credentials that clients watch: what they are told of them, and what became of that.

pub use deliver::{Attempt, Due, Ended};
pub use events::{Delivery, DeliveryFilter, WatchEvent};
pub use keep::{NewWatch, WatchRecord, WatchStatus, Watched};
pub use look::ToLookAt;

pub(crate) use keep::sweep;

use crate::schema::api_clients;

mod deliver;
mod events;
mod keep;
mod look;

diesel::table! {
    watches (id) {
        id -> Text,
        client -> Text,
        award_id -> Nullable<Text>,
        credential_id -> Nullable<Text>,
        current_id -> Nullable<Text>,
        key -> Binary,
        statement -> Nullable<Text>,
        endpoint -> Text,
        secret -> Text,
        previous_secret -> Nullable<Text>,
        previous_until -> Nullable<Timestamp>,
        status -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        look_at -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        disabled_reason -> Nullable<Text>,
    }
}
diesel::table! {
    watch_lists (watch_id, list_id) { watch_id -> Text, list_id -> Text, }
}
diesel::table! {
    watch_events (sequence) {
        sequence -> BigInt,
        id -> Text,
        watch_id -> Text,
        kind -> Text,
        credential_id -> Nullable<Text>,
        occurred_at -> Timestamp,
        due_at -> Timestamp,
        tries -> Integer,
        leased_until -> Nullable<Timestamp>,
        done_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
    }
}
diesel::table! {
    watch_attempts (event_id, number) {
        event_id -> Text,
        number -> Integer,
        begun_at -> Timestamp,
        milliseconds -> Integer,
        http_status -> Nullable<Integer>,
        failure -> Nullable<Text>,
        next_at -> Nullable<Timestamp>,
    }
}
diesel::allow_tables_to_appear_in_same_query!(
    watches,
    watch_events,
    watch_attempts,
    watch_lists,
    api_clients
);
