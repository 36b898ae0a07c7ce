//! The bodies of the API, as its description names them.

pub mod accreditation;
pub mod completion;
pub mod core_skills;
pub mod cpd;
pub mod endorsement;
pub mod exchanges;
pub mod issued;
pub mod ledger;
pub mod log;
pub mod maintenance;
pub mod pathways;
pub mod problem;
pub mod programmes;
pub mod protocols;
pub mod standards;
pub mod trust;
pub mod vc_api;
pub mod verification;
pub mod wallet;
pub mod watches;
