//! Programmes: rules over achievements, and what a learner's awards make of
//! them.
//!
//! A [`Programme`] is data that the catalogue defines ([`Rule`]). [`faults`]
//! says why one may not be published. [`Compiled`] evaluates one version of a
//! rule against a learner's awards; [`Programmes`] holds every version of every
//! programme, finds those that an award matters to, and says under which version
//! a learner stands. All of it is pure: the same awards at the same moment give
//! the same answer.
//!
//! **What is promised.** An achievement counts at most once in a programme. Of
//! all ways to let a learner's achievements fill the places of a rule, the one
//! taken leaves the fewest places empty, and of these the one that leaves the
//! least credit missing. Rules for which that would need a search are not
//! published: `docs/programmes.md` names the three restrictions. The work grows
//! with the product of awards and places, for each window that ends with an award.

pub use blueprint::{BlueprintError, resolve};
pub use check::{RuleFault, faults, requirement_faults};
pub use compiled::Compiled;
pub use definition::{Counting, Lineage, OnRevocation, Programme, RequirementSet, UNVERSIONED, Window};
pub use earned::{CountedIn, Earned};
pub use rule::{AllOf, Credits, NOf, Open, Place, Rule};
pub use standing::{Counted, Gap, Group, Met, Missing, Progress, Standing, WhyNot};
pub use versions::{Programmes, Published, Stood};
pub use words::{Language, Names, rule_in_words};

mod blueprint;
mod check;
mod compiled;
mod definition;
mod earned;
mod problem;
mod rule;
mod seating;
mod solve;
mod standing;
mod versions;
mod words;

#[cfg(test)]
mod tests;
