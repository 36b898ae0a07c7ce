//! RDF Dataset Canonicalization 1.0 (W3C Recommendation), with a cap on its work.
//!
//! Blank nodes are handled by number. A dataset whose blank nodes are told
//! apart by their own statements costs one hash per node; only ties reach the
//! n-degree algorithm, whose every permutation step is counted.

mod n_degree;

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256, Sha384};

use super::CanonError;
use super::rdf::Quad;
use super::statements::{Lines, Statements, canonical_label, components};

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
    /// The digest of texts one after the other. They are put together first:
    /// many short texts cost a hash function more than one long one.
    pub(crate) fn digest(self, texts: &[&str]) -> Vec<u8> {
        let joined;
        let text = match texts {
            [one] => *one,
            several => {
                joined = several.concat();
                &joined
            }
        };
        match self {
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Sha384 => Sha384::digest(text).to_vec(),
        }
    }

    fn hex(self, texts: &[&str]) -> String {
        hex(&self.digest(texts))
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
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let statements = Statements::of(quads, |label| {
        let next = numbers.len();
        *numbers.entry(label).or_insert(next)
    });
    let (nquads, labelled) = canonical_lines(statements, numbers.len(), hash, |lines| lines.concat())?;
    let labels = numbers
        .into_iter()
        .filter_map(|(label, node)| Some((label.to_owned(), labelled.names.get(node)?.clone())))
        .collect();
    Ok(Canonical { nquads, labels, steps: labelled.steps })
}

/// What `take` makes of the canonical lines, sorted by code point, and how the
/// `blanks` blank nodes came to be called.
pub(super) fn canonical_lines<T>(
    mut statements: Statements,
    blanks: usize,
    hash: Hash,
    take: impl FnOnce(&[&str]) -> T,
) -> Result<(T, Labelled), CanonError> {
    let labelled = Labelled::of(&mut statements, blanks, hash)?;
    let lines = labelled.lines(&statements);
    let sorted = lines.sorted();
    // Two statements become the same line only if they are the same: each
    // blank node has a label of its own. Looking here spares a sort before.
    if !sorted.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
        return Ok((take(&sorted), labelled));
    }
    statements.deduplicate();
    let labelled = Labelled::of(&mut statements, blanks, hash)?;
    let taken = take(&labelled.lines(&statements).sorted());
    Ok((taken, labelled))
}

/// What the blank nodes of a dataset are called.
pub(super) struct Labelled {
    names: Vec<String>,
    steps: u64,
}

impl Labelled {
    /// RDFC-1.0 section 4.4.3, steps 3 to 5. Statements given twice are
    /// dropped where it takes more than the hashes to tell nodes apart.
    fn of(statements: &mut Statements, blanks: usize, hash: Hash) -> Result<Self, CanonError> {
        if blanks == 1 {
            return Ok(Self { names: vec![canonical_label(0)], steps: 0 });
        }
        let mut nodes = Nodes::of(statements, blanks, hash);
        if nodes.alike().any(|nodes| nodes.len() > 1) {
            statements.deduplicate();
            nodes = Nodes::of(statements, blanks, hash);
        }
        let mut labels = Labels { by_node: vec![None; blanks], issued: 0 };
        for alike in nodes.alike() {
            if let [only] = alike {
                labels.issue(*only);
            }
        }
        let mut work = n_degree::Work::new(statements, &nodes, hash, labels);
        for alike in nodes.alike().filter(|alike| alike.len() > 1) {
            work.label(alike)?;
        }
        let (labels, steps) = work.done();
        let names = labels.by_node.into_iter().map(|label| canonical_label(label.unwrap_or_default()));
        Ok(Self { names: names.collect(), steps })
    }

    fn lines(&self, statements: &Statements) -> Lines {
        let mut lines = Lines::with_capacity(statements.list.len());
        let name = |node: usize| self.names.get(node).map_or("", String::as_str);
        for statement in &statements.list {
            lines.add(|out| statements.write(statement, &name, out));
        }
        lines
    }
}

/// The blank nodes, with what their own statements say of them.
struct Nodes {
    /// The statements that mention each node, by their place in the list.
    mentions: Vec<Vec<usize>>,
    /// The first-degree hash of each node, in hexadecimal.
    hashes: Vec<String>,
    by_hash: Vec<usize>,
}

impl Nodes {
    fn of(statements: &Statements, blanks: usize, hash: Hash) -> Self {
        let mut mentions: Vec<Vec<usize>> = vec![Vec::new(); blanks];
        for (place, statement) in statements.list.iter().enumerate() {
            for (_, node) in components(statement) {
                if let Some(places) = mentions.get_mut(node)
                    && places.last() != Some(&place)
                {
                    places.push(place);
                }
            }
        }
        let mut lines = Lines::with_capacity(16);
        let hashes: Vec<String> = mentions
            .iter()
            .enumerate()
            .map(|(node, places)| hash_first_degree(node, places, statements, hash, &mut lines))
            .collect();
        let mut by_hash: Vec<usize> = (0..blanks).collect();
        by_hash.sort_by(|left, right| hashes.get(*left).cmp(&hashes.get(*right)));
        Self { mentions, hashes, by_hash }
    }

    /// The nodes by their hash, those of one hash together.
    fn alike(&self) -> impl Iterator<Item = &[usize]> {
        self.by_hash.chunk_by(|left, right| self.hashes.get(*left) == self.hashes.get(*right))
    }
}

/// RDFC-1.0 section 4.6.
fn hash_first_degree(
    node: usize,
    places: &[usize],
    statements: &Statements,
    hash: Hash,
    lines: &mut Lines,
) -> String {
    lines.clear();
    let name = |other: usize| if other == node { "a" } else { "z" };
    for statement in places.iter().filter_map(|place| statements.list.get(*place)) {
        lines.add(|out| statements.write(statement, &name, out));
    }
    hash.hex(&lines.sorted())
}

/// The canonical labels given out so far.
struct Labels {
    by_node: Vec<Option<usize>>,
    issued: usize,
}

impl Labels {
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

#[cfg(test)]
mod tests;
