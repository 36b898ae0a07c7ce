//! What lay in the tables before anything was sealed is sealed when the tables are brought
//! up to date, a group of rows at a time: it may be interrupted, and goes on.

use diesel::{connection::SimpleConnection as _, dsl::exists, prelude::*, select};
use model::{chance::Entropy, vc::with_proof};

use super::{
    ADJUSTMENT, COMPLETION, Column, DETAILS, PROOF, STATEMENT, UNSIGNED, VC_JWT, is_plain, known,
    make_missing, text::masked,
};
use crate::{
    Registry, RegistryError,
    db::{Db, each},
    migration::alone,
    schema::{awards, completions, cpd_statements, credentials, ledger_adjustments, ledger_entries, meta},
};

/// How many rows a transaction seals.
const ROWS: i64 = 500;

/// The mark in `meta` that says that it is done.
const DONE: &str = "sealed";

/// The tables whose open values must not stay in the files.
const WRITTEN_ANEW: [&str; 5] =
    ["completions", "cpd_statements", "credentials", "ledger_adjustments", "ledger_entries"];

/// Learner, id and text of rows that lie open.
type Open = Vec<(String, String, Option<String>)>;

/// The rows after an id whose column lies open; and writing one sealed.
macro_rules! column {
    ($table:ident.$column:ident) => {
        (
            |db: &mut Db, after: &str| -> QueryResult<Open> {
                $table::table
                    .filter($table::id.gt(after))
                    .filter($table::$column.not_like("\u{1}%").and($table::$column.not_like("\u{2}%")))
                    .order($table::id)
                    .limit(ROWS)
                    .select(($table::learner_id, $table::id, $table::$column.nullable()))
                    .load(db)
            },
            |db: &mut Db, id: &str, sealed: &str| -> QueryResult<usize> {
                diesel::update($table::table.filter($table::id.eq(id)))
                    .set($table::$column.eq(sealed))
                    .execute(db)
            },
        )
    };
}

impl Registry {
    /// Gives every learner a key and seals what lies open. Returns how many values it
    /// sealed; the files are then written anew, so that they forget the open ones.
    pub(crate) fn seal_what_lies_open(&self, entropy: &dyn Entropy) -> Result<u64, RegistryError> {
        if self.read(|db| Ok(select(exists(meta::table.find(DONE))).get_result(db)?))? {
            return Ok(0);
        }
        self.write(|db| {
            alone(db)?;
            make_missing(db, self.wrapping(), entropy)
        })?;
        let (open, seal) = column!(completions.body);
        let mut sealed = self.seal_column(COMPLETION, open, seal, entropy)?;
        let (open, seal) = column!(ledger_entries.details);
        sealed += self.seal_column(DETAILS, open, seal, entropy)?;
        let (open, seal) = column!(ledger_adjustments.body);
        sealed += self.seal_column(ADJUSTMENT, open, seal, entropy)?;
        let (open, seal) = column!(cpd_statements.body);
        sealed += self.seal_column(STATEMENT, open, seal, entropy)?;
        sealed += self.seal_credentials(entropy)?;
        if sealed > 0 {
            self.write_files_anew()?;
        }
        self.write(|db| {
            each!(db, connection => diesel::insert_into(meta::table)
                .values((meta::key.eq(DONE), meta::value.eq("1")))
                .on_conflict_do_nothing()
                .execute(connection))?;
            Ok(())
        })?;
        Ok(sealed)
    }

    fn seal_column(
        &self,
        column: Column,
        open: impl Fn(&mut Db, &str) -> QueryResult<Open>,
        seal: impl Fn(&mut Db, &str, &str) -> QueryResult<usize>,
        entropy: &dyn Entropy,
    ) -> Result<u64, RegistryError> {
        let (mut sealed, mut last) = (0, String::new());
        loop {
            let found = self.write(|db| {
                alone(db)?;
                let rows = open(db, &last)?;
                let keys = known(db, self.wrapping(), rows.iter().map(|(learner, ..)| learner.as_str()))?;
                for (learner, id, text) in &rows {
                    let text = text.as_deref().filter(|text| is_plain(text));
                    if let (Some(key), Some(text)) = (keys.get(learner), text) {
                        let mark = masked(self.digests(), column, id, text);
                        seal(db, id, &key.seal_later(column, id, text, mark, entropy)?)?;
                    }
                }
                Ok(rows)
            })?;
            let Some((_, id, _)) = found.last() else { return Ok(sealed) };
            last.clone_from(id);
            sealed += u64::try_from(found.len()).unwrap_or(0);
        }
    }

    /// The texts of a badge are sealed together: the mark of its proof is that of the
    /// whole.
    fn seal_credentials(&self, entropy: &dyn Entropy) -> Result<u64, RegistryError> {
        type Row = (String, String, String, Option<String>, Option<String>);
        let (mut sealed, mut last) = (0, String::new());
        loop {
            let found = self.write(|db| {
                alone(db)?;
                let rows: Vec<Row> = credentials::table
                    .inner_join(awards::table)
                    .filter(credentials::id.gt(&last).and(credentials::unsigned.like("{%")))
                    .order(credentials::id)
                    .limit(ROWS)
                    .select((
                        awards::learner_id,
                        credentials::id,
                        credentials::unsigned,
                        credentials::proof,
                        credentials::vc_jwt,
                    ))
                    .load(db)?;
                let keys = known(db, self.wrapping(), rows.iter().map(|(learner, ..)| learner.as_str()))?;
                for (learner, id, unsigned, proof, vc_jwt) in &rows {
                    let Some(key) = keys.get(learner) else { continue };
                    let seal = |column, text: &str, whole: &str| {
                        key.seal_later(column, id, text, masked(self.digests(), column, id, whole), entropy)
                    };
                    let whole = |proof: &String| seal(PROOF, proof, &with_proof(unsigned, proof));
                    let token = |token: &String| match token.as_str() {
                        "" => Ok(String::new()),
                        token => seal(VC_JWT, token, token),
                    };
                    diesel::update(credentials::table.find(id))
                        .set((
                            credentials::unsigned.eq(seal(UNSIGNED, unsigned, unsigned)?),
                            credentials::proof.eq(proof.as_ref().map(whole).transpose()?),
                            credentials::vc_jwt.eq(vc_jwt.as_ref().map(token).transpose()?),
                        ))
                        .execute(db)?;
                }
                Ok(rows)
            })?;
            let Some((_, id, ..)) = found.last() else { return Ok(sealed) };
            last.clone_from(id);
            sealed += u64::try_from(found.len()).unwrap_or(0);
        }
    }

    fn write_files_anew(&self) -> Result<(), RegistryError> {
        self.read(|db| {
            match db {
                Db::Sqlite(connection) => connection.batch_execute("VACUUM")?,
                Db::Postgres(connection) => {
                    connection.batch_execute("SET statement_timeout = 0")?;
                    for table in WRITTEN_ANEW {
                        connection.batch_execute(&format!("VACUUM FULL {table}"))?;
                    }
                    connection.batch_execute("SET statement_timeout = '10s'")?;
                }
            }
            Ok(())
        })?;
        self.scrub()
    }
}
