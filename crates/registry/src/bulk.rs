//! Many rows for PostgreSQL: one array a column.

use diesel::{
    PgConnection,
    pg::Pg,
    prelude::*,
    query_builder::BoxedSqlQuery,
    result::QueryResult,
    sql_types::{Array, Binary, Bool, Integer, Nullable, Text, Timestamp},
};

use crate::schema::{
    AwardRow, CompletionRow, ComponentRow, IdempotencyRow, IdentifierRow, IntentRow, JobRow, LearnerRow,
    LedgerRow, OutboxRow, PersonKeyRow,
};

/// Rows that are inserted together, in their order.
pub(crate) trait Bulk: Sized {
    /// Inserts them in one statement.
    fn insert(rows: &[Self], connection: &mut PgConnection) -> QueryResult<()>;
}

/// Begins the statement; one array a column is yet to be bound.
fn statement<'q>(table: &str, columns: &[&str]) -> BoxedSqlQuery<'q, Pg, diesel::query_builder::SqlQuery> {
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let (columns, places) = (columns.join(", "), places.join(", "));
    diesel::sql_query(format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest({places})")).into_boxed()
}

macro_rules! columns {
    ($($row:ident into $table:ident { $($column:ident: $kind:ty),* $(,)? })*) => {$(
        impl Bulk for $row {
            fn insert(rows: &[Self], connection: &mut PgConnection) -> QueryResult<()> {
                let statement = statement(stringify!($table), &[$(stringify!($column)),*]);
                $(let statement = statement
                    .bind::<Array<$kind>, _>(rows.iter().map(|row| &row.$column).collect::<Vec<_>>());)*
                statement.execute(connection).map(|_| ())
            }
        }
    )*};
}

columns! {
    LearnerRow into learners { id: Text, subject_id: Text, name_digest: Text, created_at: Timestamp }
    PersonKeyRow into person_keys { learner_id: Text, sealed: Binary }
    IdentifierRow into learner_identifiers {
        digest: Text, learner_id: Text, kind: Text, scope_digest: Text, strong: Bool, added_at: Timestamp,
    }
    CompletionRow into completions {
        id: Text, natural_key: Text, occasion: Nullable<Text>, client: Text, provider: Text,
        learner_id: Text, achievement: Text, achievement_version: Text, completed_at: Timestamp,
        body: Text, source: Text, programme: Nullable<Text>, received_at: Timestamp, evidenced: Bool,
    }
    AwardRow into awards {
        id: Text, completion_id: Text, learner_id: Text, achievement: Text, achievement_version: Text,
        amount: Text, unit: Text, awarded_at: Timestamp,
    }
    ComponentRow into award_components {
        award_id: Text, component_id: Text, programme: Text, programme_version: Text, alone: Bool,
        builds_on: Nullable<Text>, on_revocation: Text, path: Text,
    }
    IntentRow into credentials {
        id: Text, award_id: Text, issue: Integer, issuer: Text, state: Text, status_list_id: Text,
        status_index: Integer, unsigned: Text, data_integrity_key: Text, jwt_key: Text,
        profile_version: Text, created_at: Timestamp, valid_from: Timestamp,
        valid_until: Nullable<Timestamp>, prepared_at: Timestamp, disclosure_seed: Nullable<Text>,
    }
    IdempotencyRow into idempotency_records {
        key_digest: Text, body_digest: Text, credential_id: Text, created_at: Timestamp,
    }
    LedgerRow into ledger_entries {
        id: Text, kind: Text, learner_id: Text, award_id: Nullable<Text>, credential_id: Nullable<Text>,
        provider: Nullable<Text>, amount: Text, unit: Text, earned_at: Timestamp, recorded_at: Timestamp,
    }
    OutboxRow into outbox { id: Text, topic: Text, payload: Text, created_at: Timestamp }
    JobRow into jobs { kind: Text, award_id: Text, learner_id: Text, created_at: Timestamp }
}
