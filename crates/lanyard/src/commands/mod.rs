//! One file a command.

pub mod catalogue;
pub mod clients;
pub mod cpd;
pub mod credentials;
pub mod doctor;
pub mod endorse;
pub mod import;
pub mod keys;
pub mod learners;
pub mod log;
pub mod maintenance;
pub mod migrate;
pub mod programme;
pub mod rejected;
pub mod serve;
pub mod trust;
pub mod verify;
pub mod withdrawals;
pub mod witness;
