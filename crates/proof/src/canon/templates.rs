//! The templates that a processor keeps: by kind of document, bounded, shared
//! between threads.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::safe::Subject;
use super::tables::Tables;
use super::template::{Sample, Template};

/// Shapes of one kind that are kept: with an end of validity or without, with
/// results or without.
const SHAPES: usize = 4;
/// How often the documents of one kind are compared before what they have in
/// common is taken for settled.
const LESSONS: usize = 16;
/// Bytes of canonical N-Quads beyond which no template is made: a template
/// takes a few times as much.
const LARGEST: usize = 32_768;

/// Templates by kind.
pub(super) struct Templates {
    tables: Arc<Tables>,
    kinds: RwLock<Kinds>,
    most: usize,
    /// Nobody can choose documents whose kinds collide.
    hasher: RandomState,
}

#[derive(Default)]
struct Kinds {
    by_name: HashMap<u64, Kind>,
    /// The oldest first.
    order: VecDeque<u64>,
}

#[derive(Default)]
struct Kind {
    ready: Arc<[Arc<Template>]>,
    shapes: Vec<(Sample, Option<Arc<Template>>)>,
    lessons: usize,
}

impl Templates {
    /// Of at most so many kinds of documents that are read with these tables.
    pub(super) fn new(tables: Arc<Tables>, most: usize) -> Self {
        Self { tables, kinds: RwLock::default(), most, hasher: RandomState::new() }
    }

    /// The SHA-256 of the document's canonical form, if a template fits.
    pub(super) fn digest(&self, subject: Subject<'_>) -> Option<Vec<u8>> {
        self.ready(subject)?.iter().find_map(|template| template.digest(subject, &self.tables))
    }

    /// Whether a template fits the document.
    pub(super) fn fit(&self, subject: Subject<'_>) -> bool {
        let fits = |template: &Arc<Template>| template.is_of(subject, &self.tables);
        self.ready(subject).is_some_and(|ready| ready.iter().any(fits))
    }

    fn ready(&self, subject: Subject<'_>) -> Option<Arc<[Arc<Template>]>> {
        let kind = self.kind(subject);
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.by_name.get(&kind).map(|kind| Arc::clone(&kind.ready))
    }

    /// Compares a document that went the general way, where it came to `digest`
    /// of so many bytes, with others of its kind.
    pub(super) fn learn(&self, subject: Subject<'_>, digest: &[u8], size: usize) {
        if subject.instead.is_some() || size > LARGEST {
            return;
        }
        let name = self.kind(subject);
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        if !kinds.by_name.contains_key(&name) {
            if kinds.order.len() >= self.most
                && let Some(oldest) = kinds.order.pop_front()
            {
                kinds.by_name.remove(&oldest);
            }
            kinds.order.push_back(name);
        }
        kinds.by_name.entry(name).or_default().learn(subject, &self.tables, digest);
    }

    /// What documents are likely to have much in common with: those of one
    /// achievement by one issuer, the proofs by one key.
    fn kind(&self, subject: Subject<'_>) -> u64 {
        fn id(value: Option<&Value>) -> Option<&str> {
            value.and_then(|value| value.get("id").unwrap_or(value).as_str())
        }
        let member = |name: &str| subject.members.get(name);
        let achievement = member("credentialSubject").and_then(|subject| subject.get("achievement"));
        self.hasher.hash_one([id(member("issuer")), id(achievement), id(member("verificationMethod"))])
    }
}

impl Kind {
    fn learn(&mut self, subject: Subject<'_>, tables: &Tables, digest: &[u8]) {
        if self.lessons >= LESSONS {
            return;
        }
        self.lessons += 1;
        let found = self.shapes.iter_mut().find_map(|(sample, ready)| {
            let template = sample.compare(subject, tables)?;
            // What it was made to do; anything else would be a fault of ours.
            let right = template.digest(subject, tables).as_deref() == Some(digest);
            right.then(|| *ready = Some(Arc::new(template)))
        });
        match found {
            Some(()) => self.ready = self.shapes.iter().filter_map(|(_, ready)| ready.clone()).collect(),
            None if self.shapes.len() < SHAPES => self.shapes.push((Sample::of(subject), None)),
            None => {}
        }
    }
}
