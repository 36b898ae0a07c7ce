//! The statements of a document under labels that say nothing of each other,
//! and which of them a part of the document makes (sections 3.4.13 and 3.4.14).

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::Sha256;

use super::super::ProofError;
use super::selection::{Selection, refused};
use super::unsecured;
use super::value::Label;
use crate::canon::{Place, Placed, Processor, Subject};

/// A document as its statements.
pub(super) struct Disclosing<'a> {
    processor: &'a Processor,
    labels: HashMap<Place, Label>,
    /// Lines of N-Quads, sorted.
    pub(super) lines: Vec<String>,
}

/// A part of a document as its statements.
pub(super) struct Part {
    placed: Placed,
    labels: Vec<Label>,
    /// Which lines of the document it says.
    pub(super) lines: BTreeSet<usize>,
}

impl<'a> Disclosing<'a> {
    pub(super) fn new(
        processor: &'a Processor,
        document: &Map<String, Value>,
        hmac_key: &[u8; 32],
    ) -> Result<Self, ProofError> {
        let placed = processor.placed(unsecured(document))?;
        let labels: Vec<Label> =
            placed.labels()?.iter().map(|canonical| shuffled(hmac_key, canonical)).collect();
        let lines = placed.lines(&written(&labels));
        Ok(Self { processor, labels: placed.places().iter().cloned().zip(labels).collect(), lines })
    }

    /// The lines that `pointers` choose; none if there are no pointers.
    pub(super) fn chosen(
        &self,
        document: &Map<String, Value>,
        pointers: &[String],
    ) -> Result<BTreeSet<usize>, ProofError> {
        match Selection::of(document, pointers)? {
            Some(selection) => Ok(self.part(&selection)?.lines),
            None => Ok(BTreeSet::new()),
        }
    }

    pub(super) fn part(&self, selection: &Selection) -> Result<Part, ProofError> {
        let members = &selection.members;
        let contexts = members.get("@context");
        let placed = self.processor.placed(Subject { members, contexts, without: None, instead: None })?;
        // A node that is none of the document's makes lines that are not either.
        let labels: Vec<Label> = placed
            .places()
            .iter()
            .map(|place| place.moved(selection.origin(&place.pointer)))
            .map(|origin| self.labels.get(&origin).copied().unwrap_or_default())
            .collect();
        let mut lines = BTreeSet::new();
        for line in placed.lines(&written(&labels)) {
            let place = self.lines.binary_search(&line).map_err(|_| {
                refused("", "the pointers choose a part that means something else than in the whole, such as some items of an ordered list")
            })?;
            lines.insert(place);
        }
        Ok(Part { placed, labels, lines })
    }
}

impl Part {
    /// The labels by the numbers that the part's own canonical form gives.
    pub(super) fn canonical_labels(&self) -> Result<Vec<Label>, ProofError> {
        let canonical = self.placed.labels()?;
        let mut numbered: Vec<(Option<usize>, Label)> =
            canonical.iter().map(|label| number(label)).zip(self.labels.iter().copied()).collect();
        numbered.sort_unstable();
        Ok(numbered.into_iter().map(|(_, label)| label).collect())
    }
}

/// The lines of a disclosed document under the labels of the whole, given by
/// the numbers of its own; none if there are more or fewer nodes.
pub(super) fn disclosed_lines(
    processor: &Processor,
    document: &Map<String, Value>,
    labels: &[Label],
) -> Result<Option<Vec<String>>, ProofError> {
    let placed = processor.placed(unsecured(document))?;
    let canonical = placed.labels()?;
    let of = |label: &String| labels.get(number(label)?).copied();
    let known: Option<Vec<Label>> = canonical.iter().map(of).collect();
    Ok(known.filter(|known| known.len() == labels.len()).map(|known| placed.lines(&written(&known))))
}

/// The number of a canonical label, `c14n12`.
fn number(canonical: &str) -> Option<usize> {
    canonical.strip_prefix("c14n")?.parse().ok()
}

/// Section 3.4.1: a label from which nothing can be learnt about the order of
/// the nodes that are not disclosed.
fn shuffled(hmac_key: &[u8; 32], canonical: &str) -> Label {
    // HMAC fills shorter keys with zeros up to a block (RFC 2104 section 2).
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(hmac_key) {
        *to = *from;
    }
    let mut hmac = Hmac::<Sha256>::new(&block.into());
    hmac.update(canonical.as_bytes());
    hmac.finalize().into_bytes().into()
}

fn written(labels: &[Label]) -> Vec<String> {
    labels
        .iter()
        .map(|label| {
            let mut text = String::with_capacity(44);
            text.push('u');
            URL_SAFE_NO_PAD.encode_string(label, &mut text);
            text
        })
        .collect()
}
