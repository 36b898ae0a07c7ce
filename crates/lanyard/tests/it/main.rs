//! The service from outside: the binary as a child process, on both databases.

mod bad_addresses;
mod bad_badges;
mod bad_fields;
mod bad_input;
mod batch;
mod cli;
mod cli_clients;
mod kill;
mod outage;
mod peers;
mod server;
