//! Some rows for PostgreSQL: one array a column, in a statement that the connection keeps
//! prepared.

use diesel::{
    PgConnection, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{Array, Binary, Bool, Integer, Nullable, Text, Timestamp},
};

use crate::schema::{
    AwardRow, CompletionRow, ComponentRow, IdempotencyRow, IdentifierRow, IntentRow, JobRow, LearnerRow,
    LedgerRow, OutboxRow, PersonKeyRow,
};

/// Up to so many rows this costs less than `COPY`, which has no plan to keep, is read anew
/// each time and takes one journey more.
pub(crate) const SOME: usize = 64;

/// Rows that are inserted together, in their order.
pub(crate) trait Bulk: Sized {
    /// Inserts them in one statement.
    fn insert(rows: &[Self], connection: &mut PgConnection) -> QueryResult<usize>;
}

macro_rules! columns {
    ($($row:ident into $table:ident { $first:ident: $of:ty $(, $column:ident: $kind:ty)* $(,)? })*) => {$(
        impl Bulk for $row {
            fn insert(rows: &[Self], connection: &mut PgConnection) -> QueryResult<usize> {
                struct Columns<'r> {
                    $first: Vec<&'r dyn ToSql<$of, Pg>>,
                    $($column: Vec<&'r dyn ToSql<$kind, Pg>>,)*
                }

                impl QueryFragment<Pg> for Columns<'_> {
                    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                        out.push_sql(concat!(
                            "INSERT INTO ", stringify!($table), " (", stringify!($first),
                            $(", ", stringify!($column),)* ") SELECT * FROM unnest("
                        ));
                        out.push_bind_param::<Array<$of>, _>(&self.$first)?;
                        $(
                            out.push_sql(", ");
                            out.push_bind_param::<Array<$kind>, _>(&self.$column)?;
                        )*
                        out.push_sql(")");
                        Ok(())
                    }
                }

                impl QueryId for Columns<'_> {
                    type QueryId = Columns<'static>;

                    const HAS_STATIC_QUERY_ID: bool = true;
                }

                impl RunQueryDsl<PgConnection> for Columns<'_> {}

                let columns = Columns {
                    $first: rows.iter().map(|row| &row.$first as _).collect(),
                    $($column: rows.iter().map(|row| &row.$column as _).collect(),)*
                };
                columns.execute(connection)
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
        details: Nullable<Text>,
    }
    OutboxRow into outbox { id: Text, topic: Text, payload: Text, created_at: Timestamp }
    JobRow into jobs { kind: Text, award_id: Text, learner_id: Text, created_at: Timestamp }
}
