//! The `@context` of a document, and of the credentials embedded in it.
//!
//! A context brings its terms to the node it stands on and to all below, so
//! strangers' contexts are refused everywhere, and known ones too where no
//! credential belongs: a term must mean the same to whoever reads only the part.

use serde_json::Value;

use super::CanonError;
use super::active::Active;
use super::safe::refuse;
use super::tables::{Defined, Tables};
use crate::pointer::Pointer;

/// What the node of an embedded credential must be.
const VERIFIABLE_CREDENTIAL: &str = "https://www.w3.org/2018/credentials#VerifiableCredential";
/// The property by which a presentation shows a credential, and what its node may
/// be too: a token in a `data:` URL (VC Data Model 2.0, section 4.13).
const SHOWN: &str = "https://www.w3.org/2018/credentials#verifiableCredential";
const ENVELOPED_CREDENTIAL: &str = "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential";
/// The property of a proof, and what its node must be: a proof by a suite that
/// signs JSON repeats the contexts of its document.
const PROOF: &str = "https://w3id.org/security#proof";
const DATA_INTEGRITY_PROOF: &str = "https://w3id.org/security#DataIntegrityProof";

/// The active context of a document: a known context, or a list of them.
pub(super) fn of_document<'a>(value: Option<&Value>, tables: &'a Tables) -> Result<Active<'a>, CanonError> {
    let root = Pointer::Root;
    let at = Pointer::Member(&root, "@context");
    let mut active = Active::empty(tables);
    match value {
        None => return refuse(&root, "`@context` is missing; its terms give the document its meaning"),
        Some(Value::Array(list)) => read_list(list, &mut active, &at)?,
        Some(one) => read(one, &mut active, &at)?,
    }
    Ok(active)
}

/// Applies the `@context` of a node within the document to what is active
/// there (JSON-LD 1.1 API section 5.1.2, step 9): known contexts, where the
/// vocabulary puts a credential or a proof. The caller sees to it that the node
/// is of one of the types that are returned.
pub(super) fn nested(
    value: &Value,
    property: Option<&Defined>,
    active: &mut Active<'_>,
    node: &Pointer<'_>,
) -> Result<&'static [&'static str], CanonError> {
    let at = Pointer::Member(node, "@context");
    let is = |iri: &str| property.is_some_and(|property| property.iri == iri);
    match value {
        Value::Array(list) if is(PROOF) => read_list(list, active, &at).map(|()| &[DATA_INTEGRITY_PROOF][..]),
        Value::String(_) if is(PROOF) => read(value, active, &at).map(|()| &[DATA_INTEGRITY_PROOF][..]),
        Value::Array(list) if is(SHOWN) => {
            read_list(list, active, &at).map(|()| &[VERIFIABLE_CREDENTIAL, ENVELOPED_CREDENTIAL][..])
        }
        // A credential's own contexts must be a list (section 4.3); an envelope's need not.
        Value::String(_) if is(SHOWN) => read(value, active, &at).map(|()| &[ENVELOPED_CREDENTIAL][..]),
        Value::Array(list) if property.is_some_and(|property| property.credentials) => {
            read_list(list, active, &at).map(|()| &[VERIFIABLE_CREDENTIAL][..])
        }
        _ => refuse_nested(node),
    }
}

/// No context may stand on this node.
pub(super) fn refuse_nested<T>(node: &Pointer<'_>) -> Result<T, CanonError> {
    refuse(
        &Pointer::Member(node, "@context"),
        "a nested context is accepted only as the list of known contexts of an embedded VerifiableCredential, of an EnvelopedVerifiableCredential in a presentation, or of a DataIntegrityProof",
    )
}

fn read_list(list: &[Value], active: &mut Active<'_>, at: &Pointer<'_>) -> Result<(), CanonError> {
    if list.is_empty() {
        return refuse(at, "must name at least one context");
    }
    for (index, entry) in list.iter().enumerate() {
        read(entry, active, &Pointer::Item(at, index))?;
    }
    Ok(())
}

fn read(entry: &Value, active: &mut Active<'_>, at: &Pointer<'_>) -> Result<(), CanonError> {
    let Value::String(url) = entry else {
        return refuse(at, "only the URL of a known context is accepted here, no context written inline");
    };
    match active.add(url) {
        Some(added) => added.or_else(|why| refuse(at, why.of("the context"))),
        None => refuse(at, format!("`{url}` is not one of the known contexts; contexts are never fetched")),
    }
}
