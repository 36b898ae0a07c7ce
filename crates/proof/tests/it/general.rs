//! The general JSON-LD library in the same process, `oxjsonld`, and what is
//! known to be wrong with it.

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use proof::canon::{Hash, Quad, Term, canonicalise};
use proof::context;
use serde_json::Value;

/// The canonical N-Quads of what the library reads; none if it refuses. They are
/// canonicalised by us: `oxrdf` 0.3.5 labels the nodes of like graphs otherwise
/// than it should.
pub fn canonical_nquads(document: &Value) -> Option<String> {
    let text = document.to_string();
    let load = |url: &str| {
        let document = context::document(url).ok_or("unknown")?.to_string().into_bytes();
        Ok(JsonLdRemoteDocument { document, document_url: url.into() })
    };
    let quads: Option<Vec<Quad>> = JsonLdParser::new()
        .for_slice(text.as_bytes())
        .with_load_document_callback(move |url, _| load(url))
        .map(|quad| quad.ok().map(|quad| of_library(&quad)))
        .collect();
    canonicalise(&quads?, Hash::Sha256).ok().map(|canonical| canonical.nquads)
}

fn of_library(quad: &oxrdf::Quad) -> Quad {
    Quad {
        subject: term(quad.subject.as_ref().into()),
        predicate: quad.predicate.as_str().into(),
        object: term(quad.object.as_ref()),
        graph: match quad.graph_name.as_ref() {
            oxrdf::GraphNameRef::NamedNode(node) => Some(term(node.into())),
            oxrdf::GraphNameRef::BlankNode(node) => Some(term(node.into())),
            oxrdf::GraphNameRef::DefaultGraph => None,
        },
    }
}

fn term(term: oxrdf::TermRef<'_>) -> Term {
    match term {
        oxrdf::TermRef::NamedNode(node) => Term::Iri(node.as_str().into()),
        oxrdf::TermRef::BlankNode(node) => Term::Blank(node.as_str().into()),
        oxrdf::TermRef::Literal(literal) => Term::Literal {
            value: literal.value().into(),
            datatype: literal.datatype().as_str().into(),
            language: literal.language().map(Into::into),
        },
    }
}
