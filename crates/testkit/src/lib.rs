//! What tests share: a database of their own on both backends, a clock that
//! stands, randomness that repeats, and a small made-up Academy.
//!
//! ```no_run
//! testkit::backends! {
//!     fn the_database_answers(db: TestDb) {
//!         db.registry().ping().unwrap();
//!     }
//! }
//! ```
//!
//! gives the tests `the_database_answers::sqlite` and `::postgres`. A failure of
//! the support itself is a failure of the test: it panics.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test support: what goes wrong here must fail the test"
)]

pub use backend::{DIGEST_KEY, SEALING_KEY, TestDb, WriteLock};
pub use chance::SeededEntropy;
pub use people::{CompletionBuilder, completion};
pub use postgres::Database as PostgresDatabase;
#[cfg(feature = "service")]
pub use service::{TestService, academy, submission, trust, university};
pub use softhsm::{SoftHsm, add_softhsm_token, in_a_process_of_its_own};
pub use time::{at, clock, noon};

mod backend;
pub mod catalogue;
mod chance;
mod people;
mod postgres;
#[cfg(feature = "service")]
mod service;
mod softhsm;
mod time;

/// Runs a future to its end on a runtime of its own, for tests of async code
/// inside [`backends!`].
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(future)
}

/// Turns each body into one test per database, each in a database of its own.
#[macro_export]
macro_rules! backends {
    ($($(#[$attribute:meta])* fn $name:ident($db:ident: TestDb) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a body need not use anything of its file")]
            use super::*;

            fn body($db: $crate::TestDb) $body

            $(#[$attribute])*
            #[test]
            fn sqlite() {
                body($crate::TestDb::sqlite());
            }

            $(#[$attribute])*
            #[test]
            fn postgres() {
                body($crate::TestDb::postgres());
            }
        }
    )*};
}
