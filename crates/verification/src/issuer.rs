//! From an issuer's name to the document that lists its keys.

mod metadata;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use model::sentence::Sentence;
use proof::did;
use proof::json::Limits;
use serde_json::Value;

use crate::checks::binding::{IssuerDocument, Resolution};
use crate::checks::say;
use crate::credential::{many, shown, text};
use crate::{Fetch, Kept};

/// What a document with keys is asked for as.
const ACCEPT: &str =
    "application/did+json, application/did+ld+json;q=0.9, application/ld+json;q=0.8, application/json;q=0.8";
/// Bytes of a document.
const LIMIT: usize = 262_144;

/// The documents of issuers that were read before in one call, each with what it was read
/// from: many badges of one issuer, and its status lists, ask for the same.
#[derive(Default)]
pub(crate) struct Documents(Mutex<HashMap<String, (Bytes, Arc<IssuerDocument>)>>);

impl Documents {
    /// The document of `issuer` that `body` is, which `read` reads the first time.
    fn of(
        &self,
        issuer: &str,
        body: &Bytes,
        kept: Option<Kept>,
        read: impl FnOnce() -> Result<IssuerDocument, String>,
    ) -> Result<Arc<IssuerDocument>, String> {
        let mut documents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((same, document)) = documents.get(issuer)
            && same == body
            && document.kept == kept
        {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(IssuerDocument { kept, ..read()? });
        documents.insert(issuer.to_owned(), (body.clone(), Arc::clone(&document)));
        Ok(document)
    }
}

/// Finds the document of `issuer`: did:key and did:jwk are their own, did:web
/// and https issuers have one at an address.
pub(crate) async fn resolve(fetch: &dyn Fetch, known: &Documents, issuer: &str) -> Resolution {
    let method = issuer.strip_prefix("did:").and_then(|rest| rest.split(':').next());
    match method {
        Some("key") => local(fetch, known, issuer, did::resolve_key),
        Some("jwk") => local(fetch, known, issuer, did::resolve_jwk),
        Some("web") => match did::web_url(issuer) {
            Ok(url) => at(fetch, known, &url, issuer).await,
            Err(error) => Resolution::Refused(error.to_string()),
        },
        Some(other) => Resolution::Unsupported(say::did_method(shown(other))),
        None if has_address(issuer) => at(fetch, known, issuer, issuer).await,
        None => Resolution::NoAddress,
    }
}

/// The same for an SD-JWT VC, whose issuer's keys are in its metadata if it has an
/// address and publishes any. Otherwise they are where those of other credentials are.
pub(crate) async fn resolve_of_sd_jwt(fetch: &dyn Fetch, known: &Documents, issuer: &str) -> Resolution {
    if has_address(issuer)
        && let Some(found) = metadata::resolve(fetch, issuer).await
    {
        return found;
    }
    resolve(fetch, known, issuer).await
}

fn has_address(issuer: &str) -> bool {
    issuer.starts_with("https://") || issuer.starts_with("http://")
}

/// The document that the name stands for, with what is known besides of its key.
fn local(
    fetch: &dyn Fetch,
    known: &Documents,
    issuer: &str,
    read: impl FnOnce(&str) -> Result<did::ControlledDocument, did::DidError>,
) -> Resolution {
    let document = known.of(issuer, &Bytes::new(), None, || {
        let mut controlled = read(issuer).map_err(|error| error.to_string())?;
        let revoked = fetch.revoked(issuer);
        for method in &mut controlled.methods {
            method.revoked = revoked;
        }
        Ok(IssuerDocument { controlled, jwks: Vec::new(), kept: None })
    });
    document.map_or_else(Resolution::Refused, Resolution::Document)
}

async fn at(fetch: &dyn Fetch, known: &Documents, url: &str, issuer: &str) -> Resolution {
    match fetch.fetch(url, ACCEPT, LIMIT).await {
        Err(error) => Resolution::Unreachable(say::failure(&error)),
        // Gone for good and not there are the issuer's answer no more than an
        // error is: the host may only be mending something.
        Ok(answer) if answer.status != 200 => Resolution::Unreachable(answered(url, answer.status)),
        Ok(answer) => match known.of(issuer, &answer.body, answer.kept, || read(&answer.body, issuer)) {
            Ok(document) => Resolution::Document(document),
            Err(why) => Resolution::Refused(format!("at `{}`: {why}", shown(url))),
        },
    }
}

fn answered(url: &str, status: u16) -> Sentence {
    say::url_answers(shown(url), usize::from(status))
}

/// Whether a key of a JWK Set may be for signing.
fn signs(jwk: &Value) -> bool {
    text(jwk, "use").is_none_or(|purpose| purpose == "sig")
}

/// Reads a fetched document, which must be about `issuer` and nobody else.
fn read(body: &[u8], issuer: &str) -> Result<IssuerDocument, String> {
    let limits = Limits { bytes: LIMIT, ..Limits::default() };
    let document = proof::json::parse(body, &limits).map_err(|error| error.to_string())?;
    let id = text(&document, "id").unwrap_or("(no id)");
    if id != issuer {
        return Err(format!("it calls itself `{}`", shown(id)));
    }
    let controlled = did::read(&document).map_err(|error| error.to_string())?;
    let jwks = document.get("jwks").map(|set| many(set, "keys").into_iter().cloned().collect());
    let jwks = jwks.unwrap_or_else(Vec::new).into_iter().filter(signs).collect();
    Ok(IssuerDocument { controlled, jwks, kept: None })
}
