//! Documents of any contexts: inline ones, and published ones that no table
//! knows. For the VC API profile only; the Open Badges profile stays with the
//! tables.
//!
//! A JSON-LD 1.1 processor of our own, in safe mode by construction: it goes
//! from the document straight to statements, reads what an array of contexts
//! says at the time it needs it (JSON-LD 1.1 API sections 4 and 5), and refuses
//! with its place whatever would be dropped, resolved against some base or
//! read in two ways. It knows no network: a context stands in the document, or
//! is one of [`published`].
//!
//! Why not a library. `oxjsonld` 0.2.7 says nothing of what it drops, and of
//! two types with scoped contexts on one node keeps the terms of one.
//! `json-ld` 0.22 (MIT or Apache-2.0) needs rustc 1.96; 0.21.4, which
//! `sophia_jsonld` 0.10 stands on, brings 75 crates that nothing else here
//! needs, `proc-macro-error` among them (RUSTSEC-2024-0370: unmaintained), and
//! three minutes of building. What safe mode asks would have to be found out
//! beside any of them, which is most of the work: so it is done here, and
//! `oxjsonld` is what the tests compare with.
//!
//! What is refused although JSON-LD has it: `@import`, `@base`, `@nest`,
//! `@reverse`, `@included`, `@index`, text directions, index, id and type maps,
//! lists inside lists, labels of blank nodes. No credential that the tests of
//! the W3C hold uses them.

mod context;
mod define;
mod iri;
pub mod published;
mod value;
mod walk;

use std::collections::HashMap;

use super::CanonError;
use super::rdf::{Said, Sink};
use super::safe::Subject;
use context::{Active, Work};
use walk::Walk;

/// Says the statements of a document to `sink`, unless a part of it would
/// become none; how many blank nodes they have.
pub(super) fn read(subject: Subject<'_>, sink: &mut impl Sink) -> Result<usize, CanonError> {
    let work = Work::new();
    let mut walk =
        Walk { sink, document: subject, work: &work, said: Said::default(), blanks: 0, graph: None };
    walk.document(&Active::default())?;
    Ok(walk.blanks)
}

/// Names without an order of their own.
type Names<T> = HashMap<String, T>;

#[cfg(test)]
mod tests;
