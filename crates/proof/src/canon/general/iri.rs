//! IRI expansion (JSON-LD 1.1 API section 5.2), without a base IRI.

use oxrdf::NamedNodeRef;

use super::super::CanonError;
use super::super::safe::refuse;
use super::context::Active;
use super::define::Meaning;
use crate::pointer::Pointer;

/// What a string means where an IRI is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expanded {
    Absolute(String),
    /// A keyword, or an alias of one.
    Keyword(String),
    /// Of the form of a keyword, and none.
    Reserved,
    Malformed,
    Blank,
    Relative,
    /// Defined as nothing.
    Nothing,
}

/// The keywords of JSON-LD 1.1 (section 1.7).
pub(super) fn is_keyword(text: &str) -> bool {
    const KEYWORDS: [&str; 23] = [
        "@base",
        "@container",
        "@context",
        "@default",
        "@direction",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
    ];
    KEYWORDS.contains(&text) || text == "@vocab"
}

/// `@` and letters, which JSON-LD keeps for keywords to come.
pub(super) fn looks_like_keyword(text: &str) -> bool {
    text.strip_prefix('@')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// What is said of a string that is no absolute IRI.
pub(super) fn refuse_link<T>(value: &str, expanded: &Expanded, at: &Pointer<'_>) -> Result<T, CanonError> {
    let fault = match expanded {
        Expanded::Malformed => "is not a well-formed IRI",
        Expanded::Blank => "is a blank node label; expected an absolute IRI",
        Expanded::Nothing => "is defined as nothing, so it would be dropped",
        Expanded::Relative => "is a relative IRI; expected an absolute one",
        _ => "has the form of a JSON-LD keyword; expected an absolute IRI",
    };
    refuse(at, format!("`{value}` {fault}"))
}

impl Active {
    /// `vocab` says whether terms and `@vocab` count.
    pub(super) fn expand(&self, value: &str, vocab: bool) -> Expanded {
        if is_keyword(value) {
            return Expanded::Keyword(value.to_owned());
        }
        if looks_like_keyword(value) {
            return Expanded::Reserved;
        }
        match self.term(value).map(|term| &term.meaning) {
            Some(Meaning::Keyword(keyword)) => return Expanded::Keyword(keyword.clone()),
            Some(Meaning::Iri(iri)) if vocab => return Expanded::Absolute(iri.clone()),
            Some(Meaning::Nothing) if vocab => return Expanded::Nothing,
            _ => {}
        }
        if let Some((prefix, suffix)) = split(value) {
            if prefix == "_" {
                return Expanded::Blank;
            }
            let term = self.term(prefix).filter(|term| term.prefix && !suffix.starts_with("//"));
            return match term.map(|term| &term.meaning) {
                Some(Meaning::Iri(iri)) => absolute([iri, suffix].concat()),
                _ => absolute(value.to_owned()),
            };
        }
        match self.vocab() {
            Some(namespace) if vocab => absolute([namespace, value].concat()),
            _ => Expanded::Relative,
        }
    }
}

/// A compact IRI's prefix and suffix, or a scheme and the rest: a colon
/// anywhere but at the beginning.
pub(super) fn split(value: &str) -> Option<(&str, &str)> {
    value.split_once(':').filter(|(prefix, _)| !prefix.is_empty())
}

fn absolute(iri: String) -> Expanded {
    if NamedNodeRef::new(&iri).is_ok() { Expanded::Absolute(iri) } else { Expanded::Malformed }
}
