//! RDF Dataset Canonicalization 1.0 of datasets that are mostly blank nodes:
//! the result does not depend on labels or order, canonicalises to itself, and
//! is reached within the cap on work or refused.
//!
//! That it does not depend on them holds where no graph is named by a blank
//! node. Where one is, the standard's own algorithm cannot tell apart `x → y` in
//! one graph and `y → x` in another (its section 4.7.3 hashes no predicate for a
//! graph's name), and rdf-canonize answers as we do, by the order it is given.
//! No document makes such a dataset: the blank nodes of a document hang together
//! as a tree.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use proof::canon::rdfc::MAX_STEPS;
use proof::canon::{CanonError, Hash, Quad, Term, canonicalise};

/// A term of a small world, so that nodes are often alike.
fn term(byte: u8, label: impl Fn(u8) -> String) -> Term {
    match byte % 16 {
        0 => Term::Iri("https://example.org/a".into()),
        1 => Term::Iri("https://example.org/\u{e9}".into()),
        number => Term::Blank(label(number)),
    }
}

fn object(byte: u8, label: impl Fn(u8) -> String) -> Term {
    let literal = |value: &str, datatype: &str, language: Option<&str>| Term::Literal {
        value: value.into(),
        datatype: datatype.into(),
        language: language.map(Into::into),
    };
    match byte {
        250 => literal("a\nb\"c\\\u{7f}\u{1}", "http://www.w3.org/2001/XMLSchema#string", None),
        251 => literal("pa\u{308}", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", Some("cy")),
        252 => literal("1", "http://www.w3.org/2001/XMLSchema#integer", None),
        other => term(other, label),
    }
}

/// Four bytes a statement: subject, predicate, object, graph.
fn quads(bytes: &[u8], label: impl Fn(u8) -> String + Copy) -> Vec<Quad> {
    let (statements, _) = bytes.as_chunks::<4>();
    statements
        .iter()
        .map(|[subject, predicate, value, graph]| Quad {
            subject: term(*subject, label),
            predicate: format!("https://example.org/p{}", predicate % 3),
            object: object(*value, label),
            graph: (graph % 4 == 3).then(|| term(graph / 4, label)),
        })
        .collect()
}

fn relabelled(quads: &[Quad], name: impl Fn(&str) -> String) -> Vec<Quad> {
    let of = |term: &Term| match term {
        Term::Blank(label) => Term::Blank(name(label)),
        other => other.clone(),
    };
    quads
        .iter()
        .map(|quad| Quad {
            subject: of(&quad.subject),
            predicate: quad.predicate.clone(),
            object: of(&quad.object),
            graph: quad.graph.as_ref().map(of),
        })
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    let dataset = quads(bytes.get(..400).unwrap_or(bytes), |number| format!("b{number}"));
    let mut other = quads(bytes.get(..400).unwrap_or(bytes), |number| format!("other{}", 99 - number));
    other.reverse();
    let settled = dataset.iter().all(|quad| !matches!(quad.graph, Some(Term::Blank(_))));
    let first = canonicalise(&dataset, Hash::Sha256);
    let second = canonicalise(&other, Hash::Sha256);
    match (first, second) {
        (Ok(first), Ok(second)) => {
            assert!(first.steps <= MAX_STEPS);
            let lines: Vec<&str> = first.nquads.lines().collect();
            assert!(lines.is_sorted_by(|one, next| one < next), "lines are sorted, none twice");
            assert_eq!(lines.len(), dataset.iter().collect::<HashSet<_>>().len(), "a statement was lost");
            if !settled {
                return;
            }
            assert_eq!(first.nquads, second.nquads, "it depends on labels or order");
            let renamed = relabelled(&dataset, |label| first.labels[label].clone());
            let again = canonicalise(&renamed, Hash::Sha256).expect("as little work as before");
            assert_eq!(again.nquads, first.nquads, "it is not its own canonical form");
        }
        (Err(CanonError::TooMuchWork { .. }), Err(CanonError::TooMuchWork { .. })) => {}
        // Which of several like orders is tried first decides how much work it is.
        (Ok(_), Err(CanonError::TooMuchWork { .. })) | (Err(CanonError::TooMuchWork { .. }), Ok(_)) if !settled => {}
        (one, other) => panic!("{one:?} and {other:?} of one dataset"),
    }
});
