//! A database of one's own.

use std::{ops::Deref, path::Path};

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection};
use registry::{Backend, Options, Registry};
use tempfile::TempDir;

use crate::{SeededEntropy, catalogue, noon, postgres};

/// The digest key of every test database.
pub const DIGEST_KEY: [u8; 32] = [42; 32];

/// What persons' keys are sealed under in every test database.
pub const SEALING_KEY: [u8; 32] = [43; 32];

/// Connections a test may hold at once.
const POOL: u32 = 8;

/// A migrated registry in a database that no other test uses and that goes when
/// the test ends.
pub struct TestDb {
    url: String,
    registry: Registry,
    _keeper: Keeper,
}

enum Keeper {
    Sqlite { _directory: TempDir },
    Postgres { _database: postgres::Database },
}

impl TestDb {
    /// One in a temporary file.
    pub fn sqlite() -> Self {
        let directory = TempDir::with_prefix("lanyard-test-").expect("a temporary directory can be made");
        let url = format!("sqlite://{}/registry.db", directory.path().display());
        let registry = open(&url);
        registry.migrate(&SeededEntropy::new(1)).expect("the migrations run");
        Self { url, registry, _keeper: Keeper::Sqlite { _directory: directory } }
    }

    /// One on the server that `LANYARD_TEST_POSTGRES_URL` names.
    pub fn postgres() -> Self {
        let database = postgres::Database::migrated();
        let url = database.url().to_owned();
        Self { registry: open(&url), url, _keeper: Keeper::Postgres { _database: database } }
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Another handle on the same database, as another process would have.
    pub fn reopen(&self) -> Registry {
        open(&self.url)
    }

    /// Loads the sample catalogue.
    #[must_use]
    pub fn with_catalogue(self) -> Self {
        self.registry.load_catalogue(&catalogue::sample(), noon()).expect("the sample catalogue loads");
        self
    }

    /// Runs SQL as the service could: triggers and constraints in force.
    pub fn sql(&self, sql: &str) -> diesel::QueryResult<()> {
        self.connect(|connection| connection.batch_execute(sql), |connection| connection.batch_execute(sql))
    }

    /// Runs SQL as somebody who owns the database could, behind the service's
    /// back: no trigger fires and no foreign key is looked at.
    pub fn tamper(&self, sql: &str) {
        let done = self.connect(
            |connection| {
                connection.batch_execute("SET session_replication_role = replica")?;
                connection.batch_execute(sql)
            },
            |connection| {
                connection.batch_execute("PRAGMA foreign_keys = OFF")?;
                for trigger in names(connection) {
                    connection.batch_execute(&format!("DROP TRIGGER \"{trigger}\""))?;
                }
                connection.batch_execute(sql)
            },
        );
        done.unwrap_or_else(|error| panic!("`{sql}` fails: {error}"));
    }

    /// The number that a `SELECT … AS number` gives.
    pub fn number(&self, sql: &str) -> i64 {
        let number = self.connect(
            |connection| diesel::sql_query(sql).get_result::<Number>(connection),
            |connection| diesel::sql_query(sql).get_result::<Number>(connection),
        );
        number.unwrap_or_else(|error| panic!("`{sql}` fails: {error}")).number
    }

    fn connect<T>(
        &self,
        postgres: impl FnOnce(&mut PgConnection) -> T,
        sqlite: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> T {
        match self.registry.backend() {
            Backend::Postgres => {
                postgres(&mut PgConnection::establish(&self.url).expect("the server takes a connection"))
            }
            Backend::Sqlite => {
                let path = self.url.trim_start_matches("sqlite://");
                let mut connection = SqliteConnection::establish(path).expect("the file opens");
                connection
                    .batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;")
                    .expect("the file answers");
                sqlite(&mut connection)
            }
        }
    }
}

impl Deref for TestDb {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        &self.registry
    }
}

/// The write lock of a `SQLite` file, held as another process that writes would
/// hold it, until this is dropped.
pub struct WriteLock {
    _connection: SqliteConnection,
}

impl WriteLock {
    /// Takes it.
    pub fn take(file: &Path) -> Self {
        let path = file.to_str().expect("the path is text");
        let mut connection = SqliteConnection::establish(path).expect("the file opens");
        connection
            .batch_execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE;")
            .expect("nobody holds the lock for long");
        Self { _connection: connection }
    }
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn names(connection: &mut SqliteConnection) -> Vec<String> {
    diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .load::<Name>(connection)
        .expect("the file lists its triggers")
        .into_iter()
        .map(|row| row.name)
        .collect()
}

fn open(url: &str) -> Registry {
    let options = Options { pool_size: POOL, digest_key: DIGEST_KEY, sealing_key: SEALING_KEY };
    Registry::open(url, options).expect("the database opens")
}
