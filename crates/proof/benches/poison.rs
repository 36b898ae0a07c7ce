//! Datasets whose blank nodes are all alike: without a cap on the work their
//! canonicalisation takes hours (RDFC-1.0 section 7.1). How soon they are refused.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement, not a library")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use proof::canon::rdfc::MAX_STEPS;
use proof::canon::{CanonError, Hash, Quad, Term, canonicalise};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn quads(arcs: impl Iterator<Item = (usize, usize)>) -> Vec<Quad> {
    let node = |number: usize| Term::Blank(format!("b{number}"));
    let quad = |(from, to)| Quad {
        subject: node(from),
        predicate: "https://example.org/p".into(),
        object: node(to),
        graph: None,
    };
    arcs.map(quad).collect()
}

/// Everybody with everybody else.
fn clique(nodes: usize) -> Vec<Quad> {
    quads((0..nodes).flat_map(|from| (0..nodes).filter(move |to| *to != from).map(move |to| (from, to))))
}

/// Everybody of one half with everybody of the other.
fn pairs(half: usize) -> Vec<Quad> {
    quads((0..half).flat_map(|from| (half..2 * half).map(move |to| (from, to))))
}

fn measure(criterion: &mut Criterion) {
    for (name, poison) in [("clique", clique(10)), ("pairs", pairs(12))] {
        match canonicalise(&poison, Hash::Sha256) {
            Err(CanonError::TooMuchWork { steps }) => assert!(steps >= MAX_STEPS),
            other => panic!("{name} is no poison: {:?}", other.map(|canonical| canonical.steps).ok()),
        }
        criterion.bench_function(&format!("poison {name}"), |bench| {
            bench.iter(|| canonicalise(black_box(&poison), Hash::Sha256).unwrap_err());
        });
    }
}

criterion_group!(benches, measure);
criterion_main!(benches);
