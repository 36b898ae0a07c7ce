//! The tables of the log as diesel sees them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

diesel::table! {
    log_pending (id) {
        id -> BigInt,
        earliest -> Timestamp,
        latest -> Timestamp,
        entries -> Integer,
        bundle -> Binary,
    }
}
diesel::table! {
    log_parcels (first_index) {
        first_index -> BigInt,
        entries -> Integer,
        earliest -> Timestamp,
        latest -> Timestamp,
    }
}
diesel::table! {
    log_tiles (level, place) { level -> Integer, place -> BigInt, width -> Integer, hashes -> Binary, }
}
diesel::table! {
    log_bundles (place) { place -> BigInt, width -> Integer, entries -> Binary, }
}
diesel::table! {
    log_checkpoints (size) { size -> BigInt, root -> Text, note -> Text, signed_at -> Timestamp, }
}
diesel::table! {
    log_cosignatures (size, witness, key_id) {
        size -> BigInt,
        witness -> Text,
        key_id -> BigInt,
        line -> Text,
        received_at -> Timestamp,
    }
}
diesel::table! {
    log_state (id) { id -> Integer, size -> BigInt, }
}
diesel::table! {
    key_events (id) {
        id -> Text,
        key_id -> Text,
        event -> Text,
        happened_at -> Timestamp,
        issuer -> Text,
        algorithm -> Text,
        public_key -> Text,
        recorded_at -> Timestamp,
    }
}

/// Entries that wait for their places.
#[derive(Insertable)]
#[diesel(table_name = log_pending, treat_none_as_default_value = false)]
pub(crate) struct PendingRow {
    pub earliest: NaiveDateTime,
    pub latest: NaiveDateTime,
    pub entries: i32,
    pub bundle: Vec<u8>,
}

/// Something that befell a key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = key_events)]
pub(crate) struct KeyEventRow {
    pub id: String,
    pub key_id: String,
    pub event: String,
    pub happened_at: NaiveDateTime,
    pub issuer: String,
    pub algorithm: String,
    pub public_key: String,
    pub recorded_at: NaiveDateTime,
}

/// Where entries of a parcel lie.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_parcels)]
pub(crate) struct ParcelRow {
    pub first_index: i64,
    pub entries: i32,
    pub earliest: NaiveDateTime,
    pub latest: NaiveDateTime,
}
