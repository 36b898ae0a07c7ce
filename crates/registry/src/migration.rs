//! Bringing the tables up to date.

use diesel::{
    connection::SimpleConnection, migration::MigrationSource, pg::Pg, prelude::*, sql_types::Text,
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use model::chance::Entropy;

use crate::{
    Registry, RegistryError,
    db::{Db, each},
    log,
    schema::meta,
};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// diesel takes no lock of its own, so PostgreSQL takes this advisory one.
const TAKE_LOCK: &str = "SELECT pg_advisory_xact_lock(7310575178743345)";

impl Registry {
    /// Brings the tables up to date, under a lock and in one transaction, so that
    /// several processes may start at once. Returns the names of the migrations
    /// that were run. Refuses a database that another digest key was used on.
    /// What was there before there was a log is taken up in it, and what lay there before
    /// persons had keys is sealed, so that nothing is read or erased before that is done.
    pub fn migrate(&self, entropy: &dyn Entropy) -> Result<Vec<String>, RegistryError> {
        let check = self.digests().text("check-value", &[]);
        let run = self.write(|db| {
            alone(db)?;
            let run = run_pending(db)?;
            if !run.is_empty() {
                log::take_up(db, self.digests(), &run)?;
            }
            keep_check_value(db, &check)?;
            Ok(run)
        })?;
        let sealed = self.seal_what_lies_open(entropy)?;
        if sealed > 0 {
            tracing::info!(values = sealed, "what lay open of persons is sealed");
        }
        Ok(run)
    }

    /// Looks at what [`migrate`](Self::migrate) sees to, and writes nothing: the migrations
    /// that have not been run. Refuses a database that another digest key was used on.
    pub fn check_schema(&self) -> Result<Vec<String>, RegistryError> {
        let pending = self.pending_migrations()?;
        if pending.is_empty() {
            let check = self.digests().text("check-value", &[]);
            let kept: String =
                self.read(|db| Ok(meta::table.find("digest_check").select(meta::value).first(db)?))?;
            compare(&kept, &check)?;
        }
        Ok(pending)
    }

    /// The migrations that have not been run.
    pub fn pending_migrations(&self) -> Result<Vec<String>, RegistryError> {
        if self.is_read_only() {
            return self.read(not_run);
        }
        // Asking makes diesel's own table if it is absent, hence a transaction that may write.
        self.write(|db| {
            let pending = match db {
                Db::Postgres(connection) => names(&connection.pending_migrations(POSTGRES).map_err(refused)?),
                Db::Sqlite(connection) => names(&connection.pending_migrations(SQLITE).map_err(refused)?),
            };
            Ok(pending)
        })
    }
}

/// Waits until no other process brings the tables up to date, and then holds it off.
pub(crate) fn alone(db: &mut Db) -> Result<(), RegistryError> {
    if let Db::Postgres(connection) = db {
        connection.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")?;
        connection.batch_execute(TAKE_LOCK)?;
    }
    Ok(())
}

fn run_pending(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    match db {
        Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(|run| texts(&run)),
        Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(|run| texts(&run)),
    }
    .map_err(refused)
}

/// The migrations that diesel's table does not hold. Its own way of asking makes that table
/// if it is absent.
fn not_run(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    let run: Vec<Run> = diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(db)?;
    let known = match db {
        Db::Postgres(_) => names(&MigrationSource::<Pg>::migrations(&POSTGRES).map_err(refused)?),
        Db::Sqlite(_) => names(&MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(refused)?),
    };
    // A name begins with its version, in which hyphens do not count.
    let is_run = |name: &String| run.iter().any(|one| name.replace('-', "").starts_with(&one.version));
    Ok(known.into_iter().filter(|name| !is_run(name)).collect())
}

#[derive(QueryableByName)]
struct Run {
    #[diesel(sql_type = Text)]
    version: String,
}

fn keep_check_value(db: &mut Db, check: &str) -> Result<(), RegistryError> {
    each!(db, connection => diesel::insert_into(meta::table)
        .values((meta::key.eq("digest_check"), meta::value.eq(check)))
        .on_conflict_do_nothing()
        .execute(connection))?;
    let kept: String = meta::table.find("digest_check").select(meta::value).first(db)?;
    compare(&kept, check)
}

fn compare(kept: &str, check: &str) -> Result<(), RegistryError> {
    if kept == check {
        Ok(())
    } else {
        Err(RegistryError::Configuration(
            "the database was made with another digest key, so learners and repeated requests would not be \
             recognised; use the key directory and secret that belong to this database"
                .to_owned(),
        ))
    }
}

fn names<DB: diesel::backend::Backend>(
    migrations: &[Box<dyn diesel::migration::Migration<DB>>],
) -> Vec<String> {
    migrations.iter().map(|migration| migration.name().to_string()).collect()
}

fn texts(versions: &[diesel::migration::MigrationVersion<'_>]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn refused(error: Box<dyn std::error::Error + Send + Sync>) -> RegistryError {
    RegistryError::Migration(error.to_string())
}
