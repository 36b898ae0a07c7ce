//! Databases on the test server, each copied from a migrated template.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection};
use registry::{Options, Registry};

use crate::{DIGEST_KEY, SEALING_KEY, SeededEntropy};

/// A database that is dropped with this.
pub struct Database {
    server: Server,
    name: String,
    url: String,
}

impl Database {
    /// One without a table, for a service that migrates it itself.
    pub fn empty() -> Self {
        Self::copy_of(Server::of_environment(), "template0")
    }

    pub(crate) fn migrated() -> Self {
        let server = Server::of_environment();
        let template = server.template();
        Self::copy_of(server, &template)
    }

    fn copy_of(server: Server, template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("lanyard_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection = server.connect();
        // A process that was killed may have left one of the same name.
        connection
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .and_then(|()| connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")))
            .unwrap_or_else(|error| panic!("the test database cannot be made: {error}"));
        let url = server.url_of(&name);
        Self { server, name, url }
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that is gone has no database to drop; the test has its verdict.
        if let Ok(mut connection) = PgConnection::establish(&self.server.0) {
            drop(connection.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
        }
    }
}

/// The server, by the URL of a database on it whose user may make others.
struct Server(String);

impl Server {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
    fn of_environment() -> Self {
        match std::env::var("LANYARD_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Self(url),
            _ => panic!(
                "LANYARD_TEST_POSTGRES_URL is not set: run `make test`, or start the tests' own PostgreSQL with \
                 `. tests/postgres.sh` first"
            ),
        }
    }

    fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.0).unwrap_or_else(|error| {
            panic!("LANYARD_TEST_POSTGRES_URL does not answer ({error}): run `. tests/postgres.sh`")
        })
    }

    fn url_of(&self, database: &str) -> String {
        let (server, _) = self.0.rsplit_once('/').expect("LANYARD_TEST_POSTGRES_URL names a database");
        format!("{server}/{database}")
    }

    /// The name of the template, which is made when it is absent. Its name tells
    /// the migrations it has, so that a changed migration makes a new one.
    fn template(&self) -> String {
        let name = format!("lanyard_template_{:016x}", digest_of_migrations());
        let mut connection = self.connect();
        connection.batch_execute("SELECT pg_advisory_lock(7310575178743399)").expect("the lock is given");
        let there = diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind::<diesel::sql_types::Text, _>(&name)
            .execute(&mut connection)
            .expect("the server lists its databases");
        if there == 0 {
            self.make_template(&mut connection, &name);
        }
        connection
            .batch_execute("SELECT pg_advisory_unlock(7310575178743399)")
            .expect("the lock is returned");
        name
    }

    fn make_template(&self, connection: &mut PgConnection, name: &str) {
        let building = format!("{name}_building");
        connection
            .batch_execute(&format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)"))
            .and_then(|()| connection.batch_execute(&format!("CREATE DATABASE {building}")))
            .unwrap_or_else(|error| panic!("the template cannot be made: {error}"));
        {
            let options = Options { pool_size: 1, digest_key: DIGEST_KEY, sealing_key: SEALING_KEY };
            let registry = Registry::open(&self.url_of(&building), options).expect("the template opens");
            registry.migrate(&SeededEntropy::new(1)).expect("the migrations run");
        }
        // A template must have no visitors, and the pool closes its own in its own time.
        let rename = format!("ALTER DATABASE {building} RENAME TO {name}");
        for _ in 0..100 {
            if connection.batch_execute(&rename).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the template {building} is still in use");
    }
}

fn digest_of_migrations() -> u64 {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
    let mut migrations: Vec<_> = std::fs::read_dir(&directory)
        .expect("the migrations are in the checkout")
        .map(|entry| entry.expect("the directory can be read").path())
        .collect();
    migrations.sort();
    let mut hasher = DefaultHasher::new();
    for migration in migrations {
        std::fs::read(migration.join("up.sql")).expect("a migration has an up.sql").hash(&mut hasher);
    }
    hasher.finish()
}
