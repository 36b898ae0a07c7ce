//! The bodies of the API, as its description names them.

pub mod completion;
pub mod cpd;
pub mod issued;
pub mod ledger;
pub mod log;
pub mod problem;
pub mod verification;
