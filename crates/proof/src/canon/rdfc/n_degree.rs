//! The n-degree algorithm of RDFC-1.0 (sections 4.7 and 4.8), for blank nodes
//! that their own statements do not tell apart. Its work is counted and capped.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::super::CanonError;
use super::super::statements::{Statement, Statements, components};
use super::{Hash, Labels, MAX_STEPS, Nodes};

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

/// The work on one dataset.
pub(super) struct Work<'a> {
    statements: &'a Statements,
    nodes: &'a Nodes,
    hash: Hash,
    labels: Labels,
    steps: u64,
}

impl<'a> Work<'a> {
    pub(super) fn new(statements: &'a Statements, nodes: &'a Nodes, hash: Hash, labels: Labels) -> Self {
        Self { statements, nodes, hash, labels, steps: 0 }
    }

    /// The labels given out, and the steps it took.
    pub(super) fn done(self) -> (Labels, u64) {
        (self.labels, self.steps)
    }

    /// Labels the nodes of one first-degree hash (section 4.4.3, step 5).
    pub(super) fn label(&mut self, alike: &[usize]) -> Result<(), CanonError> {
        let mut paths = Vec::new();
        for node in alike {
            if self.labels.get(*node).is_none() {
                let mut issuer = Issuer::default();
                issuer.issue(*node);
                paths.push(self.hash_n_degree(*node, issuer)?);
            }
        }
        paths.sort_by(|left, right| left.0.cmp(&right.0));
        for node in paths.into_iter().flat_map(|(_, issuer)| issuer.order) {
            self.labels.issue(node);
        }
        Ok(())
    }

    /// RDFC-1.0 section 4.7.
    fn hash_related(&self, related: usize, statement: &Statement, issuer: &Issuer, position: char) -> String {
        let mut input = String::with_capacity(160);
        input.push(position);
        if position != 'g' {
            input.push_str(self.statements.predicate(statement));
        }
        match (self.labels.get(related), issuer.get(related)) {
            (Some(issued), _) => push(&mut input, format_args!("_:c14n{issued}")),
            (None, Some(issued)) => push(&mut input, format_args!("_:b{issued}")),
            (None, None) => input.push_str(self.nodes.hashes.get(related).map_or("", String::as_str)),
        }
        self.hash.hex(&[&input])
    }

    /// RDFC-1.0 section 4.8.
    fn hash_n_degree(&mut self, node: usize, mut issuer: Issuer) -> Result<(String, Issuer), CanonError> {
        let mut related: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let places = self.nodes.mentions.get(node).map_or(&[][..], Vec::as_slice);
        for statement in places.iter().filter_map(|place| self.statements.list.get(*place)) {
            for (position, other) in components(statement).filter(|(_, other)| *other != node) {
                self.step()?;
                let hash = self.hash_related(other, statement, &issuer, position);
                related.entry(hash).or_default().push(other);
            }
        }
        let mut data = String::new();
        for (hash, nodes) in related {
            data.push_str(&hash);
            let (path, chosen) = self.shortest_path(nodes, &issuer)?;
            data.push_str(&path);
            issuer = chosen;
        }
        Ok((self.hash.hex(&[&data]), issuer))
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
            if let Some(issued) = self.labels.get(*node) {
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
pub(super) fn next_permutation(items: &mut [usize]) -> bool {
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
