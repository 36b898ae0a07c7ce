//! Every migration can be undone: what is there afterwards is what was there before it.

use std::collections::BTreeSet;

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection,
    migration::MigrationSource, sql_types::Text,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use registry::Backend;
use testkit::TestDb;

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// All that a migration can make, a line each, in PostgreSQL's own words.
const IN_POSTGRES: &str = r"
    SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
                     attidentity, attstorage, attcompression, pg_get_expr(adbin, adrelid)) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND attnum > 0
        AND NOT attisdropped
    UNION ALL
    SELECT concat_ws(' ', 'relation', relname, relkind, reloptions) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'type', typname, typtype) FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
";

/// The same of SQLite, which keeps the statements.
const IN_SQLITE: &str = "
    SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_master
    WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A step of what SQLite does for a statement.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    opcode: String,
}

type Schema = BTreeSet<String>;

/// A database whose migrations go one step at a time.
trait Steps {
    fn up(&mut self) -> String;
    fn down(&mut self) -> String;
    fn schema(&mut self) -> Schema;
    fn count(&self) -> usize;
}

macro_rules! steps {
    ($connection:ty, $source:ident, $schema:ident, $backend:ty) => {
        impl Steps for $connection {
            fn up(&mut self) -> String {
                self.run_next_migration($source).unwrap().to_string()
            }

            fn down(&mut self) -> String {
                self.revert_last_migration($source).unwrap().to_string()
            }

            fn schema(&mut self) -> Schema {
                let lines: Vec<Line> = diesel::sql_query($schema).load(self).unwrap();
                // SQLite keeps a statement as it was written, line breaks and all.
                let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
                let lines = lines.iter().map(|Line { line }| words(line));
                lines.filter(|line| !line.contains("__diesel_schema_migrations")).collect()
            }

            fn count(&self) -> usize {
                MigrationSource::<$backend>::migrations(&$source).unwrap().len()
            }
        }
    };
}

steps!(PgConnection, POSTGRES, IN_POSTGRES, diesel::pg::Pg);
steps!(SqliteConnection, SQLITE, IN_SQLITE, diesel::sqlite::Sqlite);

fn connect(db: &TestDb) -> Box<dyn Steps> {
    match db.backend() {
        Backend::Postgres => Box::new(PgConnection::establish(db.url()).unwrap()),
        Backend::Sqlite => {
            let mut connection =
                SqliteConnection::establish(db.url().trim_start_matches("sqlite://")).unwrap();
            connection.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;").unwrap();
            Box::new(connection)
        }
    }
}

testkit::backends! {
    fn each_migration_is_undone_to_what_was_before_it(db: TestDb) {
        let mut steps = connect(&db);
        let whole = steps.schema();
        assert!(whole.len() > 200, "only {} things are seen", whole.len());
        for _ in 0..steps.count() {
            steps.down();
        }
        assert_eq!(steps.schema(), Schema::new());

        let mut before = Vec::new();
        for _ in 0..steps.count() {
            before.push(steps.schema());
            steps.up();
        }
        assert_eq!(steps.schema(), whole, "what is made the second time is what was made the first");

        while let Some(expected) = before.pop() {
            let name = steps.down();
            let found = steps.schema();
            let (left, lost): (Vec<_>, Vec<_>) =
                (found.difference(&expected).collect(), expected.difference(&found).collect());
            assert!(left.is_empty() && lost.is_empty(), "{name} leaves {left:#?} and takes {lost:#?}");
        }
    }
}

/// A constraint that looks a value up in a list of three makes a table for it, anew for
/// each row.
#[test]
fn sqlite_makes_no_table_to_insert_what_every_issuance_writes() {
    let db = TestDb::sqlite();
    let mut connection = SqliteConnection::establish(db.url().trim_start_matches("sqlite://")).unwrap();
    for table in [
        "learners",
        "person_keys",
        "learner_identifiers",
        "completions",
        "awards",
        "credentials",
        "ledger_entries",
        "jobs",
        "idempotency_records",
    ] {
        let explain = format!("EXPLAIN INSERT INTO {table} DEFAULT VALUES");
        let steps: Vec<Step> = diesel::sql_query(explain).load(&mut connection).unwrap();
        let opcodes: Vec<&str> = steps.iter().map(|step| step.opcode.as_str()).collect();
        assert!(opcodes.contains(&"Insert"), "{table}: {opcodes:?}");
        assert!(!opcodes.contains(&"OpenEphemeral"), "{table}: {opcodes:?}");
    }
}
