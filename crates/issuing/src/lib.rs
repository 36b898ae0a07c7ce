//! From a completion to a badge: accept, award, revoke, reconcile; and the log of it. The only
//! crate that knows both the registry and the keys.
//!
//! Everything here blocks; callers on an async runtime use its blocking pool.

mod accept;
mod accreditation;
mod badge;
mod bundle;
mod caller;
mod check;
mod core_skills;
mod cpd;
mod cpd_credential;
mod describe;
mod documents;
mod endorse;
mod erase;
mod error;
mod issue;
mod learner_record;
mod log;
mod maintenance;
mod on_demand;
mod pathways;
mod preview;
mod prior_learning;
mod programme;
mod receipt;
mod reconcile;
mod recorded;
mod revoke;
mod service;
mod status;
mod stream;
mod together;
mod transfer;
mod unsignable;
mod vc;
mod withdraw;

pub use accept::{Acceptance, Answer, Submission};
pub use accreditation::Accreditor;
pub use caller::{Authority, Caller};
pub use core_skills::{CoreSkillSource, CoreSkills, HeldCoreSkill};
pub use cpd::{CpdPeriod, CpdStatement};
pub use endorse::EndorseError;
pub use erase::undone_erasures;
pub use error::{AcceptError, CpdError, IssuingError, RevokeError, WithdrawError};
pub use log::{CosignError, CredentialLog, InLog, LogAudit, ProvedEntry};
pub use maintenance::{Maintained, Maintenance, PolicyPreview, RenewError, Turn};
pub use pathways::{Awarded, Pathway, Pathways, Requirement, Step, available};
pub use preview::{Affected, Preview};
pub use prior_learning::PriorLearningError;
pub use service::{Parts, Service};
pub use status::StatusListDocument;
pub use stream::Processors;
pub use together::Together;
pub use transfer::{Outside, TransferError};
pub use vc::{CredentialOrder, StatusPurpose, StatusTarget};
pub use withdraw::Withdrawal;
