//! Other hosts of the service API of Open Badges 3.0 (section 6), at which a learner keeps
//! badges: this service as a consumer.

mod contents;
mod description;
mod token;

pub use contents::{Found, Upsert};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use verification::{FetchError, Fetched, GuardedClient, Method, Sending};
use wallet::CodeChallenge;

use self::description::Description;
use crate::problem::{Problem, table};

/// Below a host's address.
const DISCOVERY: &str = "/ims/ob/v3p0/discovery";
/// Bytes of a host's answer, but for its credentials.
const ANSWER: usize = 262_144;

/// A host, and what lets this service act there. It holds secrets: it lies sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Host {
    /// Where it is, as it was given.
    pub address: String,
    /// What it was asked for, and since the learner gave leave, what it granted.
    pub scopes: Vec<String>,
    api: String,
    authorisation: String,
    token: String,
    refresh: String,
    revocation: Option<String>,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
    verifier: String,
    tokens: Option<Tokens>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Tokens {
    access: String,
    /// When it ends, if that was said.
    expires: Option<DateTime<Utc>>,
    refresh: Option<String>,
}

/// Why nothing came of asking a host. Whose fault: the host's, or the network's.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// It did not answer, or may not be reached.
    #[error("{0}")]
    Unreachable(#[from] FetchError),
    /// It answered, and not as it must.
    #[error("{what}: {why}")]
    Unusable {
        /// What was asked for.
        what: &'static str,
        /// What is wrong with the answer.
        why: String,
    },
    /// It takes the tokens no longer: the learner took leave back, or it has ended.
    #[error("the host takes its tokens no longer")]
    Ended,
}

impl HostError {
    fn unusable(what: &'static str, why: impl Into<String>) -> Self {
        Self::Unusable { what, why: why.into() }
    }
}

impl From<HostError> for Problem {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Ended => Self::new(&table::HOST_ENDED, "The host takes its tokens no longer."),
            other => Self::new(&table::HOST_UNUSABLE, format!("{other}.")),
        }
    }
}

/// Who registers.
pub struct Applicant<'a> {
    /// The service's own address.
    pub site: &'a str,
    /// Where the learner comes back to.
    pub redirect_uri: String,
    /// What to ask for, of what the host grants.
    pub wanted: &'a [&'a str],
    /// What only this service will know, for PKCE.
    pub verifier: String,
}

impl Host {
    /// Reads what the host says of itself, and registers with it (RFC 7591).
    pub async fn register(
        client: &GuardedClient,
        host: &Url,
        applicant: Applicant<'_>,
    ) -> Result<Self, HostError> {
        const WHAT: &str = "its service description document";
        const ANSWERED: &str = "what it answers to a registration";
        let address = host.as_str().trim_end_matches('/').to_owned();
        let url = format!("{address}{DISCOVERY}");
        let document = expect(WHAT, &send(client, Method::Get, &url, &[], "").await?, &[200])?;
        let found = Description::read(&document, host).map_err(|why| HostError::unusable(WHAT, why))?;
        let granted = |scope: &&&str| found.scopes.iter().any(|one| one == *scope);
        let scopes: Vec<String> =
            applicant.wanted.iter().filter(granted).map(|scope| (*scope).to_owned()).collect();
        if scopes.is_empty() {
            return Err(HostError::unusable(WHAT, "it grants nothing that is wanted"));
        }
        let at = |path: &str| format!("{}{path}", applicant.site);
        let asked = json!({
            "client_name": "Lanyard",
            "client_uri": applicant.site,
            "logo_uri": at("/assets/icon.png"),
            "tos_uri": at("/docs/api"),
            "policy_uri": at("/docs/api"),
            "software_id": "lanyard",
            "software_version": env!("CARGO_PKG_VERSION"),
            "redirect_uris": [applicant.redirect_uri],
            "token_endpoint_auth_method": "client_secret_basic",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": scopes.join(" "),
        });
        let json = [("Content-Type", "application/json"), ("Accept", "application/json")];
        let answer = send(client, Method::Post, &found.registration, &json, &asked.to_string()).await?;
        let answer = expect(ANSWERED, &answer, &[200, 201])?;
        let stated = |name: &str| {
            let value = answer.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
            value.map(ToOwned::to_owned).ok_or_else(|| HostError::unusable(ANSWERED, format!("no `{name}`")))
        };
        Ok(Self {
            address,
            scopes,
            client_id: stated("client_id")?,
            client_secret: stated("client_secret")?,
            api: found.api,
            authorisation: found.authorisation,
            token: found.token,
            refresh: found.refresh,
            revocation: found.revocation,
            redirect_uri: applicant.redirect_uri,
            verifier: applicant.verifier,
            tokens: None,
        })
    }

    /// Where the learner's browser goes to be asked for leave (RFC 6749, 4.1.1; RFC 7636).
    /// `None` if its authorisation address cannot be used.
    pub fn authorisation_url(&self, state: &str) -> Option<String> {
        let mut url = Url::parse(&self.authorisation).ok()?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scopes.join(" "))
            .append_pair("state", state)
            .append_pair("code_challenge", CodeChallenge::of(&self.verifier)?.as_str())
            .append_pair("code_challenge_method", "S256");
        Some(url.into())
    }

    /// Whether the learner comes back from this host, as far as that is said (RFC 9207).
    pub fn is_issuer(&self, stated: Option<&str>) -> bool {
        let same = |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
        let of_server =
            || description::origin(&self.authorisation).map(|origin| origin.ascii_serialization());
        stated.is_none_or(|iss| {
            same(iss, &self.address) || of_server().is_some_and(|origin| same(iss, &origin))
        })
    }

    /// `client_secret_basic` (RFC 6749, 2.3.1).
    fn basic(&self) -> String {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(&self.client_id), encoded(&self.client_secret));
        format!("Basic {}", STANDARD.encode(pair))
    }
}

async fn send(
    client: &GuardedClient,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Fetched, HostError> {
    Ok(client.send(&Sending { method, url, headers, body, limit: ANSWER }).await?)
}

/// The JSON of an answer of one of these statuses.
fn expect(what: &'static str, answer: &Fetched, statuses: &[u16]) -> Result<Value, HostError> {
    if !statuses.contains(&answer.status) {
        return Err(HostError::unusable(what, format!("it answers {}", answer.status)));
    }
    let limits = proof::json::Limits { bytes: answer.body.len(), ..proof::json::Limits::default() };
    proof::json::parse(&answer.body, &limits).map_err(|error| HostError::unusable(what, error.to_string()))
}
