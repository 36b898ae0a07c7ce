//! The keys of an issuer of SD-JWT VCs: JWT VC Issuer Metadata (SD-JWT VC,
//! section "JWT VC Issuer Metadata"), found from the issuer's name and from
//! nothing that a credential brings.

use std::sync::Arc;

use proof::did::{self, ControlledDocument};
use proof::json::Limits;
use serde_json::Value;

use super::LIMIT;
use crate::checks::binding::{IssuerDocument, Resolution};
use crate::checks::say;
use crate::credential::{shown, text};
use crate::{Fetch, Fetched, Kept};

const ACCEPT: &str = "application/json";
const ACCEPT_KEYS: &str = "application/jwk-set+json, application/json;q=0.9";
const WELL_KNOWN: &str = "/.well-known/jwt-vc-issuer";

/// What the metadata of `issuer`, an address, says; none if its host publishes none.
pub(super) async fn resolve(fetch: &dyn Fetch, issuer: &str) -> Option<Resolution> {
    let url = match place(issuer) {
        Ok(url) => url,
        Err(why) => return Some(Resolution::Refused(why)),
    };
    let (body, kept) = match fetch.fetch(&url, ACCEPT, LIMIT).await {
        Err(error) => return Some(Resolution::Unreachable(say::failure(&error))),
        Ok(Fetched { status: 404 | 410, .. }) => return None,
        Ok(Fetched { status: 200, body, kept, .. }) => (body, kept),
        Ok(answer) => return Some(Resolution::Unreachable(super::answered(&url, answer.status))),
    };
    Some(match read(&body, issuer) {
        Err(why) => Resolution::Refused(format!("at `{}`: {why}", shown(&url))),
        Ok(Keys::Here(set)) => of_set(issuer, &url, &set, kept),
        // The document that says where the keys stand seldom changes; they do.
        Ok(Keys::At(url)) => fetched(fetch, issuer, &url).await,
    })
}

/// Where the metadata stands: the well-known path between the host of the
/// issuer's name and its path, whose last `/` falls away.
fn place(issuer: &str) -> Result<String, String> {
    if issuer.contains(['?', '#']) {
        return Err("an issuer's address has neither a query nor a fragment".to_owned());
    }
    let (scheme, rest) = issuer.split_once("://").unwrap_or(("https", issuer));
    let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
    let path = path.strip_suffix('/').unwrap_or(path);
    let between = if path.is_empty() { "" } else { "/" };
    Ok(format!("{scheme}://{host}{WELL_KNOWN}{between}{path}"))
}

/// The keys, or where they are.
enum Keys {
    Here(Value),
    At(String),
}

/// Reads metadata, which must be of `issuer`, letter by letter, and give its
/// keys in one way.
fn read(body: &[u8], issuer: &str) -> Result<Keys, String> {
    let metadata = parse(body)?;
    let named = text(&metadata, "issuer").unwrap_or("(no issuer)");
    if named != issuer {
        return Err(format!("it is of the issuer `{}`", shown(named)));
    }
    match (metadata.get("jwks"), metadata.get("jwks_uri")) {
        (Some(set), None) => Ok(Keys::Here(set.clone())),
        (None, Some(Value::String(url))) => Ok(Keys::At(url.clone())),
        (None, Some(_)) => Err("`jwks_uri` must be an address".to_owned()),
        (Some(_), Some(_)) => Err("it has `jwks` and `jwks_uri`, and must have one of them".to_owned()),
        (None, None) => Err("it has neither `jwks` nor `jwks_uri`".to_owned()),
    }
}

async fn fetched(fetch: &dyn Fetch, issuer: &str, url: &str) -> Resolution {
    match fetch.fetch(url, ACCEPT_KEYS, LIMIT).await {
        Err(error) => Resolution::Unreachable(say::failure(&error)),
        Ok(Fetched { status: 200, body, kept, .. }) => match parse(&body) {
            Ok(set) => of_set(issuer, url, &set, kept),
            Err(why) => Resolution::Refused(format!("at `{}`: {why}", shown(url))),
        },
        Ok(answer) => Resolution::Unreachable(super::answered(url, answer.status)),
    }
}

fn parse(body: &[u8]) -> Result<Value, String> {
    let limits = Limits { bytes: LIMIT, ..Limits::default() };
    proof::json::parse(body, &limits).map_err(|error| error.to_string())
}

/// The document of an issuer who publishes this JWK Set and no methods.
fn of_set(issuer: &str, url: &str, set: &Value, kept: Option<Kept>) -> Resolution {
    match did::read_jwks(set) {
        Err(error) => Resolution::Refused(format!("at `{}`: {error}", shown(url))),
        Ok(keys) => Resolution::Document(Arc::new(IssuerDocument {
            controlled: ControlledDocument {
                id: issuer.to_owned(),
                methods: Vec::new(),
                assertion_method: Vec::new(),
                authentication: Vec::new(),
            },
            jwks: keys.into_iter().filter(super::signs).collect(),
            kept,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_stands_between_host_and_path() {
        let host = "https://issuer.example.org";
        for (issuer, expected) in [
            (host.to_owned(), format!("{host}{WELL_KNOWN}")),
            (format!("{host}/"), format!("{host}{WELL_KNOWN}")),
            (format!("{host}/tenant/1"), format!("{host}{WELL_KNOWN}/tenant/1")),
            (format!("{host}/tenant/1/"), format!("{host}{WELL_KNOWN}/tenant/1")),
            (format!("{host}:8443/a"), format!("{host}:8443{WELL_KNOWN}/a")),
        ] {
            assert_eq!(place(&issuer), Ok(expected));
        }
        for issuer in ["https://issuer.example.org?a=/b", "https://issuer.example.org/#a"] {
            assert!(place(issuer).is_err(), "{issuer}");
        }
    }
}
