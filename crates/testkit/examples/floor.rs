//! What the databases alone can do, measured as the service uses them, for
//! `make bench` to set beside what the service does.
//!
//! `floor serve URL PORT` answers `POST /rows` once the body is committed as one row.
//! `floor insert URL FILE ROWS` writes the file as that many rows, a thousand to a
//! commit, and prints how many there were in a second.

use std::{
    env,
    error::Error,
    fs,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use actix_web::{App, HttpResponse, HttpServer, error::ErrorInternalServerError, web};
use diesel::{
    PgConnection, SqliteConnection,
    connection::SimpleConnection,
    prelude::*,
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
};
use model::chance::{Entropy, SystemEntropy};

/// The defaults of the service.
const POOL: u32 = 8;
const WORKERS: usize = 2;
/// How many rows of a bulk are committed together.
const TOGETHER: usize = 1000;

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS floor_rows (id text NOT NULL PRIMARY KEY, body text NOT NULL)";

diesel::table! {
    /// A row is a credential's size and has a random key.
    floor_rows (id) {
        /// Random.
        id -> Text,
        /// What was posted.
        body -> Text,
    }
}

type Fault = Box<dyn Error + Send + Sync>;
type Row = (String, String);

/// Where the rows go.
#[derive(Clone)]
enum Store {
    Postgres(Pool<ConnectionManager<PgConnection>>),
    /// One writer at a time, as in the service.
    Sqlite(Pool<ConnectionManager<SqliteConnection>>, Arc<Mutex<()>>),
}

impl Store {
    fn open(url: &str) -> Result<Self, Fault> {
        let store = match url.strip_prefix("sqlite://") {
            Some(path) => {
                let pool = Pool::builder().max_size(POOL).connection_customizer(Box::new(Durable));
                Self::Sqlite(pool.build(ConnectionManager::new(path))?, Arc::default())
            }
            None => Self::Postgres(
                Pool::builder().max_size(POOL).test_on_check_out(false).build(ConnectionManager::new(url))?,
            ),
        };
        match &store {
            Self::Postgres(pool) => pool.get()?.batch_execute(TABLE)?,
            Self::Sqlite(pool, _) => pool.get()?.batch_execute(TABLE)?,
        }
        Ok(store)
    }

    /// One row, one commit.
    fn add(&self, row: Row) -> Result<(), Fault> {
        let row = (floor_rows::id.eq(row.0), floor_rows::body.eq(row.1));
        match self {
            Self::Postgres(pool) => {
                diesel::insert_into(floor_rows::table).values(row).execute(&mut *pool.get()?)?
            }
            Self::Sqlite(pool, writer) => {
                let mut connection = pool.get()?;
                let _turn = writer.lock().unwrap_or_else(PoisonError::into_inner);
                diesel::insert_into(floor_rows::table).values(row).execute(&mut *connection)?
            }
        };
        Ok(())
    }

    /// Many rows, one commit.
    fn add_all(&self, rows: &[Row]) -> Result<(), Fault> {
        let rows: Vec<_> =
            rows.iter().map(|(id, body)| (floor_rows::id.eq(id), floor_rows::body.eq(body))).collect();
        match self {
            Self::Postgres(pool) => {
                diesel::insert_into(floor_rows::table).values(rows).execute(&mut *pool.get()?)?
            }
            Self::Sqlite(pool, _) => {
                let mut connection = pool.get()?;
                connection.immediate_transaction(|connection| {
                    rows.into_iter().try_fold(0, |count, row| {
                        let added = diesel::insert_into(floor_rows::table).values(row).execute(connection)?;
                        Ok::<_, diesel::result::Error>(count + added)
                    })
                })?
            }
        };
        Ok(())
    }
}

/// What the service asks of `SQLite`.
#[derive(Debug)]
struct Durable;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Durable {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        connection
            .batch_execute(
                "PRAGMA busy_timeout = 4000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA cache_size = -16000;",
            )
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

fn row(body: &str) -> Row {
    let entropy: &dyn Entropy = &SystemEntropy;
    (entropy.uuid().to_string(), body.to_owned())
}

async fn post(store: web::Data<Store>, body: String) -> Result<HttpResponse, actix_web::Error> {
    web::block(move || store.add(row(&body))).await?.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().finish())
}

fn serve(store: Store, port: u16) -> Result<(), Fault> {
    let store = web::Data::new(store);
    let server =
        HttpServer::new(move || App::new().app_data(store.clone()).route("/rows", web::post().to(post)));
    Ok(actix_web::rt::System::new().block_on(server.workers(WORKERS).bind(("127.0.0.1", port))?.run())?)
}

fn insert(store: &Store, body: &str, count: usize) -> Result<f64, Fault> {
    let begun = Instant::now();
    let mut left = count;
    while left > 0 {
        let rows: Vec<Row> = (0..left.min(TOGETHER)).map(|_| row(body)).collect();
        store.add_all(&rows)?;
        left -= rows.len();
    }
    Ok(f64::from(u32::try_from(count)?) / begun.elapsed().as_secs_f64())
}

#[expect(clippy::print_stdout, reason = "it is what the bench reads")]
fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", url, port] => serve(Store::open(url)?, port.parse()?),
        ["insert", url, file, rows] => {
            println!("{}", insert(&Store::open(url)?, &fs::read_to_string(file)?, rows.parse()?)?);
            Ok(())
        }
        _ => Err("floor serve URL PORT, or floor insert URL FILE ROWS".into()),
    }
}
