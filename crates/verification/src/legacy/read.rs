//! Reading an assertion of Open Badges 2.0.

use serde_json::{Value, json};

use crate::credential::{has_type, many, text};

/// Whether it is an assertion of Open Badges 2.0.
pub(crate) fn is_assertion(value: &Value) -> bool {
    has_type(value, "Assertion") && !has_type(value, "VerifiableCredential")
}

/// How an assertion says that it can be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// It stands at its own address.
    Hosted,
    /// It is signed, by the key at this address if it names one.
    Signed(Option<String>),
    /// In a way that is no standard's; as it calls it.
    Other(String),
}

/// The way that the assertion states (Open Badges 2.0, `VerificationObject`).
pub(crate) fn way(assertion: &Value) -> Way {
    let stated = assertion.get("verification").or_else(|| assertion.get("verify")).unwrap_or(&Value::Null);
    let is = |name: &str| has_type(stated, name);
    if is("HostedBadge") || is("hosted") {
        Way::Hosted
    } else if is("SignedBadge") || is("signed") {
        Way::Signed(text(stated, "creator").map(str::to_owned))
    } else {
        Way::Other(stated.get("type").map(ToString::to_string).unwrap_or_default())
    }
}

/// What an assertion must have that it lacks (Open Badges 2.0, `Assertion`).
pub(crate) fn lacks(assertion: &Value) -> Vec<&'static str> {
    let recipient = assertion.get("recipient").unwrap_or(&Value::Null);
    let has = |member: &str| assertion.get(member).is_some_and(|value| !value.is_null());
    let mut lacks: Vec<&'static str> =
        ["id", "recipient", "badge", "issuedOn"].into_iter().filter(|member| !has(member)).collect();
    if has("recipient") && (text(recipient, "identity").is_none() || text(recipient, "type").is_none()) {
        lacks.push("recipient.identity");
    }
    lacks
}

/// The assertion in the words of Open Badges 3.0, as far as the checks read them.
pub(crate) fn translated(assertion: &Value, badge: &Value, issuer: &Value) -> Value {
    let recipient = assertion.get("recipient").unwrap_or(&Value::Null);
    let kind = match text(recipient, "type") {
        Some("email") | None => "emailAddress",
        Some(other) => other,
    };
    let mut identity = json!({"identityHash": recipient.get("identity"), "identityType": kind});
    for member in ["hashed", "salt"] {
        if let (Some(value), Some(members)) = (recipient.get(member), identity.as_object_mut()) {
            members.insert(member.to_owned(), value.clone());
        }
    }
    let mut whole = json!({
        "type": ["Assertion"],
        "id": assertion.get("id"),
        "issuer": {"id": text(issuer, "id"), "name": text(issuer, "name")},
        "validFrom": assertion.get("issuedOn"),
        "credentialSubject": {
            "identifier": [identity],
            "achievement": {"id": text(badge, "id"), "name": text(badge, "name")},
        },
    });
    if let (Some(expires), Some(members)) = (assertion.get("expires"), whole.as_object_mut()) {
        members.insert("validUntil".to_owned(), expires.clone());
    }
    if assertion.get("evidence").is_some()
        && let Some(members) = whole.as_object_mut()
    {
        members.insert("evidence".to_owned(), many(assertion, "evidence").into_iter().cloned().collect());
    }
    whole
}

/// The host of an address, with its port.
pub(crate) fn host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?.to_owned();
    Some(format!("{host}:{}", url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assertion_says_how_it_is_verified_and_what_it_lacks() {
        let verified = |verification: Value| way(&json!({"verification": verification}));
        assert_eq!(verified(json!({"type": "hosted"})), Way::Hosted);
        assert_eq!(verified(json!({"type": ["HostedBadge"]})), Way::Hosted);
        assert_eq!(
            verified(json!({"type": "SignedBadge", "creator": "https://a.example/k"})),
            Way::Signed(Some("https://a.example/k".into()))
        );
        assert!(matches!(verified(json!({"type": "luck"})), Way::Other(_)));
        assert!(matches!(way(&json!({})), Way::Other(_)));
        assert_eq!(lacks(&json!({})), ["id", "recipient", "badge", "issuedOn"]);
        let whole = json!({"id": "x", "recipient": {"type": "email"}, "badge": "x", "issuedOn": "x"});
        assert_eq!(lacks(&whole), ["recipient.identity"]);
        assert_eq!(host("https://A.example.org/x").as_deref(), Some("a.example.org:443"));
        assert_ne!(host("https://a.example.org.evil.example/x"), host("https://a.example.org/x"));
    }
}
