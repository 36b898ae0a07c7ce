//! What a proof says beside its value: written when signing, read when verifying.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::{
    ASSERTION_METHOD, DATA_INTEGRITY_PROOF, ProofError, ProofOptions, ed25519_signature_2020, member, string,
};

/// A proof without its `proofValue` (VC Data Integrity 1.0 section 2.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration(pub(super) Map<String, Value>);

impl Configuration {
    /// A proof by the suite named `cryptosuite`.
    pub fn new(cryptosuite: &str, options: &ProofOptions) -> Self {
        let mut proof = Map::new();
        proof.insert("type".into(), DATA_INTEGRITY_PROOF.into());
        proof.insert("cryptosuite".into(), cryptosuite.into());
        proof.insert("created".into(), written(options.created));
        proof.insert("verificationMethod".into(), options.verification_method.as_str().into());
        proof.insert("proofPurpose".into(), options.proof_purpose.into());
        Self(proof)
    }

    /// An absolute IRI by which later proofs can name this one.
    #[must_use]
    pub fn identified(self, id: &str) -> Self {
        self.with("id", id.into())
    }

    /// The last moment at which the proof may be taken for good; to the second.
    #[must_use]
    pub fn expiring(self, expires: DateTime<Utc>) -> Self {
        self.with("expires", written(expires))
    }

    /// Where the proof is to be used, and nowhere else.
    #[must_use]
    pub fn for_domain(self, domain: &str) -> Self {
        self.with("domain", domain.into())
    }

    /// What the verifier asked to be signed, against replay.
    #[must_use]
    pub fn answering(self, challenge: &str) -> Self {
        self.with("challenge", challenge.into())
    }

    /// Builds on the proofs of these ids, which are signed too (a proof chain,
    /// section 2.1.2).
    #[must_use]
    pub fn after(self, previous: &[&str]) -> Self {
        match previous {
            [] => self,
            [one] => self.with("previousProof", (*one).into()),
            several => self.with("previousProof", several.to_vec().into()),
        }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.into(), value);
        self
    }
}

fn written(moment: DateTime<Utc>) -> Value {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string().into()
}

/// How far `created` may lie ahead of the verifier's clock: clocks differ, and
/// a status list may be signed while a verification waits for it.
pub const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// What a verifier expects of a proof (VC Data Integrity 1.0 section 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected<'a> {
    /// `assertionMethod` for credentials, `authentication` for presentations.
    pub purpose: &'a str,
    /// The verifier's own domain, if the proof must be for it.
    pub domain: Option<&'a str>,
    /// What the verifier asked to be signed.
    pub challenge: Option<&'a str>,
    /// The time by which `created` and `expires` are judged; without it only
    /// their form is.
    pub now: Option<DateTime<Utc>>,
}

impl Default for Expected<'_> {
    /// A credential's proof, whatever its domain, at any time.
    fn default() -> Self {
        Self { purpose: ASSERTION_METHOD, domain: None, challenge: None, now: None }
    }
}

/// Checks every member of a proof but its value and its id.
pub(super) fn check(
    proof: &Map<String, Value>,
    document: &Map<String, Value>,
    cryptosuite: &str,
    expected: &Expected<'_>,
) -> Result<(), ProofError> {
    // Older than cryptosuites: the type says it all.
    if cryptosuite == ed25519_signature_2020::NAME {
        if string(proof, "type")? != cryptosuite {
            return Err(member("type", &format!("must be `{cryptosuite}`")));
        }
        for newer in ["cryptosuite", "previousProof"] {
            if proof.contains_key(newer) {
                return Err(member(newer, &format!("has no meaning in a proof of type `{cryptosuite}`")));
            }
        }
    } else {
        if string(proof, "type")? != DATA_INTEGRITY_PROOF {
            return Err(member("type", "must be `DataIntegrityProof`"));
        }
        if string(proof, "cryptosuite")? != cryptosuite {
            return Err(member("cryptosuite", &format!("must be `{cryptosuite}`")));
        }
    }
    if string(proof, "proofPurpose")? != expected.purpose {
        return Err(member("proofPurpose", &format!("must be `{}`", expected.purpose)));
    }
    string(proof, "verificationMethod")?;
    if let (Some(created), Some(now)) = (date(proof, "created")?, expected.now)
        && created > now + AHEAD
    {
        return Err(member("created", "lies in the future"));
    }
    if let (Some(expires), Some(now)) = (date(proof, "expires")?, expected.now)
        && expires < now
    {
        return Err(member("expires", "is past: the proof may no longer be used"));
    }
    let domains = strings(proof, "domain")?;
    if let Some(domain) = expected.domain
        && !domains.contains(&domain)
    {
        return Err(member("domain", &format!("must name `{domain}`, where the proof is used")));
    }
    let given = proof.contains_key("challenge").then(|| string(proof, "challenge")).transpose()?;
    if let Some(challenge) = expected.challenge
        && given != Some(challenge)
    {
        return Err(member("challenge", "must be the one the verifier gave"));
    }
    if proof.get("@context").is_some_and(|own| Some(own) != document.get("@context")) {
        return Err(member("@context", "must be the document's own, or be left out"));
    }
    Ok(())
}

fn date(proof: &Map<String, Value>, name: &'static str) -> Result<Option<DateTime<Utc>>, ProofError> {
    if !proof.contains_key(name) {
        return Ok(None);
    }
    DateTime::parse_from_rfc3339(string(proof, name)?)
        .map(|moment| Some(moment.to_utc()))
        .map_err(|_| member(name, "must be a date and time with a time zone, such as 2026-01-31T09:00:00Z"))
}

/// A string, or several; none if the member is not there.
fn strings<'a>(proof: &'a Map<String, Value>, name: &'static str) -> Result<Vec<&'a str>, ProofError> {
    let fault = || member(name, "must be a string or a list of strings");
    match proof.get(name) {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one]),
        Some(Value::Array(several)) => several.iter().map(|one| one.as_str().ok_or_else(fault)).collect(),
        Some(_) => Err(fault()),
    }
}

/// The proofs of the document that this one builds on and so signs too
/// (VC Data Integrity 1.0 section 4.5): an array, or nothing if it builds on none.
pub(super) fn previous(
    proof: &Map<String, Value>,
    document: &Map<String, Value>,
) -> Result<Option<Value>, ProofError> {
    if !proof.contains_key("previousProof") {
        return Ok(None);
    }
    let all = match document.get("proof") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let named = strings(proof, "previousProof")?;
    if named.is_empty() {
        return Err(member("previousProof", "must name a proof, or be left out"));
    }
    let mut found = Vec::new();
    for id in named {
        let mut matching = all.iter().filter(|other| other.get("id").and_then(Value::as_str) == Some(id));
        match (matching.next(), matching.next()) {
            (Some(one), None) if one.as_object() != Some(proof) => found.push(one.clone()),
            (Some(_), _) => {
                return Err(member(
                    "previousProof",
                    &format!("`{id}` must be one other proof of the document"),
                ));
            }
            (None, _) => {
                return Err(member("previousProof", &format!("`{id}` is no proof of the document")));
            }
        }
    }
    Ok(Some(Value::Array(found)))
}
