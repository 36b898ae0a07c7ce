//! The service from outside: the binary as a child process, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::assigning_clones,
    reason = "what goes wrong in a test must fail it"
)]
#![allow(clippy::too_many_lines, reason = "a table of cases is as long as it is")]

mod bad_addresses;
mod bad_badges;
mod bad_fields;
mod bad_input;
mod batch;
mod chapter_commands;
mod chapters;
mod cli;
mod cli_clients;
mod cli_cpd;
mod erasing;
mod hosts;
mod import;
mod kill;
mod kill_corrections;
mod listening;
mod log;
mod offline;
mod outage;
mod peers;
mod pkcs11;
mod replica;
mod server;
mod stopping;
mod verify_batch;
mod verify_own;
