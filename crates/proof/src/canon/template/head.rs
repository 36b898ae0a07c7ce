//! The beginning of a canonical form, which documents of a kind have in common.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};

use super::{Label, Texts};

/// Ways to label the blank nodes of a head that are remembered.
const MOST: usize = 64;

/// The lines before the first with a gap, in the order of the sample. The
/// labels of their blank nodes depend on the document, so they are hashed once
/// for each way in which these were labelled.
#[derive(Default)]
pub(super) struct Head {
    pub(super) lines: usize,
    /// The blank nodes of those lines.
    pub(super) nodes: Vec<usize>,
    ways: RwLock<HashMap<Vec<usize>, Arc<Hashed>>>,
}

/// A head with labels: the hash function after it, and its last line.
pub(super) struct Hashed {
    pub(super) hash: Sha256,
    pub(super) last: String,
}

impl Head {
    /// The head under these labels; none if two of its lines, which `texts`
    /// gives, are alike.
    pub(super) fn hashed<'t>(
        &self,
        labels: &[Label],
        texts: impl FnOnce() -> Texts<'t>,
    ) -> Option<Arc<Hashed>> {
        let number = |node: &usize| labels.get(*node).map(|label| label.number);
        let way: Vec<usize> = self.nodes.iter().filter_map(number).collect();
        if let Some(hashed) = self.ways.read().unwrap_or_else(PoisonError::into_inner).get(&way) {
            return Some(Arc::clone(hashed));
        }
        let texts = texts();
        let lines = texts.sorted()?;
        let last = lines.last().copied().unwrap_or_default().to_owned();
        let hashed = Arc::new(Hashed { hash: Sha256::new_with_prefix(lines.concat()), last });
        let mut ways = self.ways.write().unwrap_or_else(PoisonError::into_inner);
        if ways.len() < MOST {
            ways.insert(way, Arc::clone(&hashed));
        }
        Some(hashed)
    }
}
