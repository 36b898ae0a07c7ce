//! One file a command.

pub mod catalogue;
pub mod clients;
pub mod doctor;
pub mod import;
pub mod keys;
pub mod migrate;
pub mod serve;
pub mod verify;
