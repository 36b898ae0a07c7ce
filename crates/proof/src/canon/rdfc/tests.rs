use proptest::prelude::*;

use std::collections::BTreeSet;

use super::super::rdf::Term;
use super::n_degree::next_permutation;
use super::*;

fn blank(label: &str) -> Term {
    Term::Blank(label.into())
}

fn quad(subject: &str, predicate: &str, object: &str) -> Quad {
    Quad {
        subject: blank(subject),
        predicate: format!("urn:p:{predicate}"),
        object: blank(object),
        graph: None,
    }
}

/// Every node points at every other: all orders are alike.
fn poison(nodes: usize) -> Vec<Quad> {
    let pairs = (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to)));
    pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| quad(&format!("n{from}"), "p", &format!("n{to}")))
        .collect()
}

#[test]
fn every_permutation_is_visited_once() {
    let mut items = [0, 1, 2, 3];
    let mut seen = BTreeSet::from([items]);
    while next_permutation(&mut items) {
        assert!(seen.insert(items));
    }
    assert_eq!(seen.len(), 24);
    assert!(!next_permutation(&mut []) && !next_permutation(&mut [7]));
}

#[test]
fn complete_graphs_are_labelled_when_small_and_refused_when_not() {
    assert!(canonicalise(&poison(4), Hash::Sha256).is_ok());
    for nodes in [6, 7, 8, 10, 20, 60] {
        assert_eq!(
            canonicalise(&poison(nodes), Hash::Sha256),
            Err(CanonError::TooMuchWork { steps: MAX_STEPS + 1 }),
            "{nodes} nodes"
        );
    }
}

#[test]
fn many_nodes_that_differ_cost_no_steps() {
    let quads: Vec<Quad> = (0..2_000)
        .map(|node| Quad {
            subject: blank(&format!("n{node}")),
            predicate: "urn:p:name".into(),
            object: Term::Literal { value: node.to_string(), datatype: "urn:d".into(), language: None },
            graph: None,
        })
        .collect();
    let canonical = canonicalise(&quads, Hash::Sha256).unwrap();
    assert_eq!((canonical.steps, canonical.labels.len()), (0, 2_000));
}

proptest! {
    /// Neither the names of blank nodes nor the order or repetition of
    /// statements changes the canonical form.
    #[test]
    fn labels_and_order_do_not_matter(
        edges in prop::collection::vec((0..6_usize, 0..3_usize, 0..6_usize), 1..10),
        names in Just(["e", "x1", "b0", "c14n0", "z", "a"]).prop_shuffle(),
        turn in 0..10_usize,
    ) {
        let build = |name: &dyn Fn(usize) -> String| -> Vec<Quad> {
            edges.iter().map(|(from, by, to)| quad(&name(*from), &by.to_string(), &name(*to))).collect()
        };
        let plain = build(&|node| format!("n{node}"));
        let mut renamed = build(&|node| names[node].to_owned());
        renamed.push(renamed[0].clone());
        let middle = turn % renamed.len();
        renamed.rotate_left(middle);
        let (plain, renamed) = (canonicalise(&plain, Hash::Sha256), canonicalise(&renamed, Hash::Sha256));
        match (plain, renamed) {
            (Ok(plain), Ok(renamed)) => prop_assert_eq!(plain.nquads, renamed.nquads),
            (plain, renamed) => prop_assert!(plain.is_err() && renamed.is_err()),
        }
    }
}
