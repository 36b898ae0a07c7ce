//! Some rows for PostgreSQL: one array a column, and the tables that are written together in
//! one statement that the connection keeps prepared. Each statement is a journey to the server
//! and back, which costs as much as some rows do.

use diesel::{
    PgConnection, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{Array, Binary, Bool, Integer, Nullable, Text, Timestamp},
};

use crate::{
    log::tables::PendingRow,
    schema::{
        AwardRow, CompletionRow, ComponentRow, IdempotencyRow, IdentifierRow, IntentRow, JobRow, LearnerRow,
        LedgerRow, OutboxRow, PersonKeyRow,
    },
};

/// Up to so many rows of a table this costs less than `COPY`, which has no plan to keep, is read
/// anew each time and takes one journey more.
pub(crate) const SOME: usize = 64;

/// Rows of one table.
pub(crate) trait Bulk: Sized {
    /// What inserts them, in their order.
    fn insertion(rows: &[Self]) -> impl QueryFragment<Pg>;
}

/// Statements that are sent as one: constraints are checked, and what is to be done after each
/// of them, when all are done.
#[derive(Default)]
pub(crate) struct AsOne<'r>(Vec<Box<dyn QueryFragment<Pg> + 'r>>);

impl<'r> AsOne<'r> {
    /// Inserts rows, if there are any.
    pub(crate) fn insert<R: Bulk>(&mut self, rows: &'r [R]) {
        if !rows.is_empty() {
            self.add(R::insertion(rows));
        }
    }

    /// Any other statement that gives no rows.
    pub(crate) fn add(&mut self, statement: impl QueryFragment<Pg> + 'r) {
        self.0.push(Box::new(statement));
    }

    /// Does what was added, if anything was.
    pub(crate) fn run(self, connection: &mut PgConnection) -> QueryResult<()> {
        if !self.0.is_empty() {
            self.execute(connection)?;
        }
        Ok(())
    }
}

impl QueryFragment<Pg> for AsOne<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((last, others)) = self.0.split_last() else { return Ok(()) };
        for (number, statement) in others.iter().enumerate() {
            out.push_sql(if number == 0 { "WITH " } else { ", " });
            out.push_identifier(&format!("s{number}"))?;
            out.push_sql(" AS (");
            statement.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        if !others.is_empty() {
            out.push_sql(" ");
        }
        last.walk_ast(out)
    }
}

/// Which statements they are is not known beforehand: the text tells.
impl QueryId for AsOne<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for AsOne<'_> {}

macro_rules! columns {
    ($($row:ident into $table:ident { $first:ident: $of:ty $(, $column:ident: $kind:ty)* $(,)? })*) => {$(
        impl Bulk for $row {
            fn insertion(rows: &[Self]) -> impl QueryFragment<Pg> {
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

                Columns {
                    $first: rows.iter().map(|row| &row.$first as _).collect(),
                    $($column: rows.iter().map(|row| &row.$column as _).collect(),)*
                }
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
    PendingRow into log_pending { earliest: Timestamp, latest: Timestamp, entries: Integer, bundle: Binary }
}
