//! The service from outside: the binary as a child process, on both databases.

mod bad_input;
mod kill;
mod peers;
mod server;
