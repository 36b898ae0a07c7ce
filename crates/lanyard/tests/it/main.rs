//! The service from outside: the binary as a child process, on both databases.

mod bad_badges;
mod bad_input;
mod batch;
mod cli;
mod kill;
mod outage;
mod peers;
mod server;
