//! Context documents, generated from the [`vocab`] tables and
//! JSON-equal to the published ones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::vocab::{self, Container, Scope, Scoped, Term, Vocabulary};

static DOCUMENTS: LazyLock<BTreeMap<&'static str, Value>> =
    LazyLock::new(|| vocab::ALL.iter().map(|vocabulary| (vocabulary.url, generate(vocabulary))).collect());

/// The context document known under `url`, if it is one of ours.
pub fn document(url: &str) -> Option<&'static Value> {
    DOCUMENTS.get(url)
}

/// The URLs of all context documents we know.
pub fn known() -> impl Iterator<Item = &'static str> {
    vocab::ALL.iter().map(|vocabulary| vocabulary.url)
}

/// The context document of a vocabulary: `{"@context": …}`.
pub fn generate(vocabulary: &Vocabulary) -> Value {
    json!({ "@context": scope_value(vocabulary.scope, vocabulary.edition) })
}

fn scope_value(scope: &Scope, edition: u8) -> Value {
    let mut map = Map::new();
    if scope.versioned {
        map.insert("@version".into(), json!(1.1));
    }
    if scope.is_protected(edition) {
        map.insert("@protected".into(), Value::Bool(true));
    }
    if let Some(iri) = scope.vocab {
        map.insert("@vocab".into(), iri.into());
    }
    if scope.has_aliases(edition) {
        map.insert("id".into(), "@id".into());
        map.insert("type".into(), "@type".into());
    }
    for term in scope.terms(edition) {
        map.insert(term.name.into(), term_value(term, edition));
    }
    Value::Object(map)
}

fn term_value(term: &Term, edition: u8) -> Value {
    let iri = [term.base.written, term.local].concat();
    if term.short {
        return iri.into();
    }
    let mut map = Map::new();
    map.insert("@id".into(), iri.into());
    if let Some(written) = term.written_type(edition) {
        map.insert("@type".into(), written.into());
    }
    if let Some(container) = term.container {
        let keyword = match container {
            Container::Set => "@set",
            Container::List => "@list",
            Container::Graph => "@graph",
        };
        map.insert("@container".into(), keyword.into());
    }
    if let Some(scoped) = scoped_value(term, edition) {
        map.insert("@context".into(), scoped);
    }
    Value::Object(map)
}

pub(crate) fn scoped_value(term: &Term, edition: u8) -> Option<Value> {
    match term.scoped {
        Scoped::No => None,
        Scoped::Null => Some(Value::Null),
        Scoped::Terms(scope) => Some(scope_value(scope, edition)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_context_has_a_document() {
        assert_eq!(known().count(), vocab::ALL.len());
        for url in known() {
            assert!(document(url).unwrap()["@context"].is_object(), "{url}");
        }
        assert!(document("https://example.org/other").is_none());
    }

    #[test]
    fn terms_carry_coercion_container_and_scope() {
        let ours = document("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json").unwrap();
        let result = &ours["@context"]["ResultDescription"];
        assert_eq!(result["@context"]["@protected"], true);
        assert_eq!(result["@context"]["allowedValue"]["@container"], "@list");
        assert_eq!(
            ours["@context"]["Achievement"]["@context"]["creditsAvailable"]["@type"],
            "https://www.w3.org/2001/XMLSchema#float"
        );
        assert_eq!(ours["@context"]["awardedDate"]["@type"], "xsd:dateTime");
        assert_eq!(ours["@context"]["AchievementCredential"]["@id"], "OpenBadgeCredential");
    }

    #[test]
    fn editions_differ_where_they_should() {
        let first = document("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json").unwrap();
        let second = document("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json").unwrap();
        assert_eq!(first["@context"]["name"]["@type"], "xsd:string");
        assert!(second["@context"]["name"].get("@type").is_none());
        assert!(second["@context"].get("endorsementJwt").is_none());
        assert_eq!(
            second["@context"]["AchievementSubject"]["@context"]["achievement"]["@id"],
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement-0"
        );
    }
}
