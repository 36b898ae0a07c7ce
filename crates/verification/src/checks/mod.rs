//! The checks: one file per question, pure functions over what was handed in
//! and what was fetched. No check knows of another; what a check stands on is
//! its parameter, so a check without footing cannot be called by mistake.

mod advice;
pub(crate) mod clauses;
pub mod codes;
pub(crate) mod say;

pub(crate) mod accreditation;
pub(crate) mod achievement;
pub(crate) mod binding;
pub(crate) mod chain;
pub(crate) mod contexts;
pub(crate) mod dates;
pub(crate) mod endorsements;
pub(crate) mod evidence;
pub(crate) mod format;
pub(crate) mod held;
pub(crate) mod holder;
pub(crate) mod key;
pub(crate) mod known;
pub(crate) mod own;
pub(crate) mod presented;
pub(crate) mod proof;
pub(crate) mod recipient;
pub(crate) mod refresh;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod subject;
pub(crate) mod trust;
