//! What things are: Open Badges 3.0 and its neighbours, the Academy's
//! catalogue, completions, CPD credit, identifiers, the clock, and the report
//! of a verification. No input or output happens here.

pub mod catalogue;
pub mod chance;
pub mod clock;
pub mod completion;
pub mod cpd;
pub mod field;
pub mod id;
pub mod learner;
pub mod report;
pub mod site;
