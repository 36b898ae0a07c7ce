//! What things are: Open Badges 3.0 and its neighbours, the Academy's
//! catalogue, completions, CPD credit, identifiers, the clock, and the report
//! of a verification. No input or output happens here.

// Tests that also run outside the crate name it as others do.
#[cfg(test)]
extern crate self as model;

#[macro_use]
pub mod schema;

pub mod bundle;
pub mod catalogue;
pub mod chance;
pub mod clock;
pub mod clr;
pub mod completion;
pub mod core_skills;
pub mod cpd;
pub mod endorsement;
pub mod field;
pub mod id;
pub mod learner;
pub mod maintenance;
pub mod ob;
pub mod parse;
pub mod programme;
pub mod report;
pub mod rows;
pub mod sentence;
pub mod site;
pub mod trust;
pub mod vc;
