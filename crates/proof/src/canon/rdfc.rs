//! RDF Dataset Canonicalization 1.0 (W3C Recommendation), with a cap on its work.
//!
//! Blank nodes are numbered once and handled by number. A dataset whose blank
//! nodes are told apart by their own statements costs two hashes per node; only
//! ties reach the n-degree algorithm, whose every permutation step is counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256, Sha384};

use super::CanonError;
use super::rdf::{Quad, Term};

/// Steps of the n-degree algorithm after which a dataset is taken for poison,
/// a few milliseconds of work. The hardest W3C tests that must pass need 6,168;
/// a credential whose nodes differ in any literal needs none.
pub const MAX_STEPS: u64 = 8_000;

/// The hash function of a canonicalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256, of every suite but P-384's.
    Sha256,
    /// SHA-384.
    Sha384,
}

impl Hash {
    fn hex(self, data: &str) -> String {
        match self {
            Self::Sha256 => hex(&Sha256::digest(data)),
            Self::Sha384 => hex(&Sha384::digest(data)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// A canonicalised dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// Canonical N-Quads, sorted by code point.
    pub nquads: String,
    /// Canonical label of each blank node (`c14n0` …) by its label in the input.
    pub labels: BTreeMap<String, String>,
    /// Steps of the n-degree algorithm that were needed.
    pub steps: u64,
}

/// Canonicalises a dataset (RDFC-1.0 section 4.4).
pub fn canonicalise(quads: &[Quad], hash: Hash) -> Result<Canonical, CanonError> {
    let dataset = Dataset::new(quads);
    let mut work =
        Work { dataset: &dataset, hash, first_degree: Vec::new(), canonical: Labels::of(&dataset), steps: 0 };
    work.first_degree = (0..dataset.nodes.len()).map(|node| work.hash_first_degree(node)).collect();
    work.label_all()?;
    let Work { canonical, steps, .. } = work;

    let name = |label: &str| {
        dataset.number.get(label).and_then(|node| canonical.get(*node)).map(|issued| format!("c14n{issued}"))
    };
    let lines: BTreeSet<String> = quads
        .iter()
        .map(|quad| {
            let mut line = String::with_capacity(160);
            quad.write(&mut line, &mut |label, out| out.push_str(&name(label).unwrap_or_default()));
            line
        })
        .collect();
    let labels =
        dataset.number.keys().filter_map(|label| Some(((*label).to_owned(), name(label)?))).collect();
    Ok(Canonical { nquads: lines.into_iter().collect(), labels, steps })
}

/// The statements of each blank node, by number.
struct Dataset<'a> {
    number: HashMap<&'a str, usize>,
    nodes: Vec<Vec<&'a Quad>>,
}

impl<'a> Dataset<'a> {
    fn new(quads: &'a [Quad]) -> Self {
        let mut dataset = Self { number: HashMap::new(), nodes: Vec::new() };
        // A dataset is a set: a statement given twice counts once.
        let distinct: BTreeSet<&Quad> = quads.iter().collect();
        for quad in distinct {
            let mut mentioned: Vec<usize> =
                components(quad).map(|(_, label)| dataset.number_of(label)).collect();
            mentioned.sort_unstable();
            mentioned.dedup();
            for node in mentioned {
                if let Some(statements) = dataset.nodes.get_mut(node) {
                    statements.push(quad);
                }
            }
        }
        dataset
    }

    fn number_of(&mut self, label: &'a str) -> usize {
        let next = self.nodes.len();
        let number = *self.number.entry(label).or_insert(next);
        if number == next {
            self.nodes.push(Vec::new());
        }
        number
    }

    fn quads(&self, node: usize) -> &[&'a Quad] {
        self.nodes.get(node).map_or(&[], Vec::as_slice)
    }
}

/// The blank nodes of a statement with their positions.
fn components(quad: &Quad) -> impl Iterator<Item = (char, &str)> {
    [('s', Some(&quad.subject)), ('o', Some(&quad.object)), ('g', quad.graph.as_ref())]
        .into_iter()
        .filter_map(|(position, term)| Some((position, term.and_then(Term::blank_label)?)))
}

/// The canonical labels given out so far.
struct Labels {
    by_node: Vec<Option<usize>>,
    issued: usize,
}

impl Labels {
    fn of(dataset: &Dataset<'_>) -> Self {
        Self { by_node: vec![None; dataset.nodes.len()], issued: 0 }
    }

    fn get(&self, node: usize) -> Option<usize> {
        self.by_node.get(node).copied().flatten()
    }

    fn issue(&mut self, node: usize) {
        if let Some(label @ None) = self.by_node.get_mut(node) {
            *label = Some(self.issued);
            self.issued += 1;
        }
    }
}

/// Gives out temporary labels in order (RDFC-1.0 section 4.5). Few at a time:
/// the cap on work sees to that.
#[derive(Debug, Clone, Default)]
struct Issuer {
    order: Vec<usize>,
}

impl Issuer {
    fn get(&self, node: usize) -> Option<usize> {
        self.order.iter().position(|issued| *issued == node)
    }

    fn issue(&mut self, node: usize) -> usize {
        self.get(node).unwrap_or_else(|| {
            self.order.push(node);
            self.order.len() - 1
        })
    }
}

struct Work<'a> {
    dataset: &'a Dataset<'a>,
    hash: Hash,
    first_degree: Vec<String>,
    canonical: Labels,
    steps: u64,
}

impl Work<'_> {
    /// RDFC-1.0 section 4.4.3, steps 3 to 5.
    fn label_all(&mut self) -> Result<(), CanonError> {
        let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (node, hash) in self.first_degree.iter().enumerate() {
            alike.entry(hash.clone()).or_default().push(node);
        }
        for nodes in alike.values() {
            if let [only] = nodes.as_slice() {
                self.canonical.issue(*only);
            }
        }
        for nodes in alike.values().filter(|nodes| nodes.len() > 1) {
            let mut paths = Vec::new();
            for node in nodes {
                if self.canonical.get(*node).is_none() {
                    let mut issuer = Issuer::default();
                    issuer.issue(*node);
                    paths.push(self.hash_n_degree(*node, issuer)?);
                }
            }
            paths.sort_by(|left, right| left.0.cmp(&right.0));
            for node in paths.into_iter().flat_map(|(_, issuer)| issuer.order) {
                self.canonical.issue(node);
            }
        }
        Ok(())
    }

    /// RDFC-1.0 section 4.6.
    fn hash_first_degree(&self, node: usize) -> String {
        let mut lines: Vec<String> = self
            .dataset
            .quads(node)
            .iter()
            .map(|quad| {
                let mut line = String::with_capacity(160);
                quad.write(&mut line, &mut |label, out| {
                    out.push(if self.dataset.number.get(label) == Some(&node) { 'a' } else { 'z' });
                });
                line
            })
            .collect();
        lines.sort_unstable();
        self.hash.hex(&lines.concat())
    }

    /// RDFC-1.0 section 4.7.
    fn hash_related(&self, related: usize, quad: &Quad, issuer: &Issuer, position: char) -> String {
        let mut input = String::with_capacity(160);
        input.push(position);
        if position != 'g' {
            input.push('<');
            input.push_str(&quad.predicate);
            input.push('>');
        }
        match (self.canonical.get(related), issuer.get(related)) {
            (Some(issued), _) => push(&mut input, format_args!("_:c14n{issued}")),
            (None, Some(issued)) => push(&mut input, format_args!("_:b{issued}")),
            (None, None) => input.push_str(self.first_degree.get(related).map_or("", String::as_str)),
        }
        self.hash.hex(&input)
    }

    /// RDFC-1.0 section 4.8.
    fn hash_n_degree(&mut self, node: usize, mut issuer: Issuer) -> Result<(String, Issuer), CanonError> {
        let mut related: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for quad in self.dataset.quads(node) {
            for (position, label) in components(quad) {
                if let Some(other) = self.dataset.number.get(label).copied().filter(|other| *other != node) {
                    self.step()?;
                    let hash = self.hash_related(other, quad, &issuer, position);
                    related.entry(hash).or_default().push(other);
                }
            }
        }
        let mut data = String::new();
        for (hash, nodes) in related {
            data.push_str(&hash);
            let (path, chosen) = self.shortest_path(nodes, &issuer)?;
            data.push_str(&path);
            issuer = chosen;
        }
        Ok((self.hash.hex(&data), issuer))
    }

    /// The least path over all orders of `nodes` (section 4.8.3, step 5).
    fn shortest_path(
        &mut self,
        mut nodes: Vec<usize>,
        issuer: &Issuer,
    ) -> Result<(String, Issuer), CanonError> {
        let mut chosen: Option<(String, Issuer)> = None;
        nodes.sort_unstable();
        loop {
            let best = chosen.as_ref().map(|(path, _)| path.as_str());
            if let Some(better) = self.path(&nodes, issuer.clone(), best)? {
                chosen = Some(better);
            }
            if !next_permutation(&mut nodes) {
                return Ok(chosen.unwrap_or_default());
            }
        }
    }

    /// The path for one order, unless it cannot be less than `best`.
    fn path(
        &mut self,
        order: &[usize],
        mut issuer: Issuer,
        best: Option<&str>,
    ) -> Result<Option<(String, Issuer)>, CanonError> {
        let loses = |path: &str| best.is_some_and(|best| path.len() >= best.len() && path > best);
        let mut path = String::new();
        let mut to_visit = Vec::new();
        for node in order {
            self.step()?;
            if let Some(issued) = self.canonical.get(*node) {
                push(&mut path, format_args!("_:c14n{issued}"));
            } else {
                if issuer.get(*node).is_none() {
                    to_visit.push(*node);
                }
                push(&mut path, format_args!("_:b{}", issuer.issue(*node)));
            }
            if loses(&path) {
                return Ok(None);
            }
        }
        for node in to_visit {
            let (hash, visited) = self.hash_n_degree(node, issuer.clone())?;
            push(&mut path, format_args!("_:b{}<{hash}>", issuer.issue(node)));
            issuer = visited;
            if loses(&path) {
                return Ok(None);
            }
        }
        Ok(best.is_none_or(|best| path.as_str() < best).then_some((path, issuer)))
    }

    fn step(&mut self) -> Result<(), CanonError> {
        self.steps += 1;
        if self.steps > MAX_STEPS { Err(CanonError::TooMuchWork { steps: self.steps }) } else { Ok(()) }
    }
}

/// Appends without a string in between.
fn push(text: &mut String, piece: fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = text.write_fmt(piece);
}

/// Turns `items` into the next order, lexicographically; false after the last.
fn next_permutation(items: &mut [usize]) -> bool {
    let Some(pivot) = items.windows(2).rposition(|pair| matches!(pair, [left, right] if left < right)) else {
        return false;
    };
    let Some((head, tail)) = items.split_at_mut_checked(pivot + 1) else { return false };
    let Some(pivot) = head.last_mut() else { return false };
    if let Some(larger) = tail.iter_mut().rev().find(|item| **item > *pivot) {
        std::mem::swap(pivot, larger);
    }
    tail.reverse();
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
}
