//! Is it the expected person's?

use model::report::Check;
use model::sentence::Sentence;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::{codes, say};
use crate::credential::{many, shown, text};

/// Compares with the subject's `id` and every `identifier`, hashed ones too.
pub(crate) fn check(credential: &Value, expected: Option<&str>) -> Check {
    let Some(expected) = expected.map(str::trim).filter(|expected| !expected.is_empty()) else {
        return codes::RECIPIENT_NOT_ASKED.found(say::nobody_expected());
    };
    let wanted = Kind::of(expected);
    let mut stated = false;
    for subject in many(credential, "credentialSubject") {
        if let Some(id) = text(subject, "id") {
            stated |= wanted == Kind::Id;
            if id == expected
                || id.strip_prefix("mailto:").is_some_and(|email| folded(email) == folded(expected))
            {
                return codes::RECIPIENT_MATCHES.found(say::its_subject_is(shown(expected)));
            }
        }
        for identity in many(subject, "identifier") {
            let identity_type = text(identity, "identityType").unwrap_or_default();
            stated |= wanted.fits(identity_type);
            if matches(identity, expected) {
                let expected = shown(expected);
                return if identity_type == "name" {
                    codes::RECIPIENT_NAME_MATCHES.found(say::names_its_subject(expected))
                } else {
                    codes::RECIPIENT_MATCHES.found(say::subjects_identity(shown(identity_type), expected))
                };
            }
        }
    }
    let expected = shown(expected);
    if stated {
        codes::RECIPIENT_DIFFERS.found(say::its_subject_is_not(expected))
    } else {
        codes::RECIPIENT_NOT_STATED.found(say::does_not_state(wanted.words(), expected))
    }
}

/// What somebody is expected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Email,
    Other,
}

impl Kind {
    fn of(expected: &str) -> Self {
        if expected.starts_with("did:") || expected.starts_with("urn:") || expected.contains("://") {
            Self::Id
        } else if expected.contains('@') {
            Self::Email
        } else {
            Self::Other
        }
    }

    /// Whether an identifier of that type is of this kind.
    fn fits(self, identity_type: &str) -> bool {
        match self {
            Self::Id => false,
            Self::Email => identity_type == "emailAddress",
            Self::Other => identity_type != "emailAddress",
        }
    }

    fn words(self) -> Sentence {
        match self {
            Self::Id => say::an_id(),
            Self::Email => say::an_email(),
            Self::Other => say::a_name(),
        }
    }
}

/// Whether an `IdentityObject` is of `expected` (OB 3.0, `IdentityObject`: the
/// hash is over the identifier followed by the salt).
fn matches(identity: &Value, expected: &str) -> bool {
    let Some(stated) = text(identity, "identityHash") else { return false };
    // `hashed` is required; a badge that omits it is judged by the prefix.
    let hashed = identity.get("hashed").and_then(Value::as_bool).unwrap_or(stated.starts_with("sha256$"));
    if !hashed {
        return folded(stated) == folded(expected);
    }
    let Some(hash) = stated.strip_prefix("sha256$") else { return false };
    let salt = text(identity, "salt").unwrap_or_default();
    [expected.to_owned(), expected.to_lowercase()].iter().any(|written| {
        let digest = Sha256::new().chain_update(written).chain_update(salt).finalize();
        hex::encode(digest) == hash.to_ascii_lowercase()
    })
}

/// Case, spacing and the way accents are encoded do not distinguish people.
pub(super) fn folded(text: &str) -> String {
    let text: String = text.nfc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn badge() -> Value {
        json!({"credentialSubject": {
            "id": "did:example:siân",
            "identifier": [
                {"type": "IdentityObject", "hashed": false, "identityHash": "Siân  Example", "identityType": "name"},
                // The hash of the standards sheet: a@example.com with the salt Kosher.
                {"type": "IdentityObject", "hashed": true, "salt": "Kosher", "identityType": "emailAddress",
                 "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"},
            ],
        }})
    }

    #[test]
    fn a_recipient_is_found_by_id_name_or_hashed_email() {
        for (expected, code) in [
            (None, "recipient-not-asked"),
            (Some("  "), "recipient-not-asked"),
            (Some("did:example:siân"), "recipient-matches"),
            (Some("did:example:other"), "recipient-differs"),
            (Some("a@example.com"), "recipient-matches"),
            (Some(" A@Example.com "), "recipient-matches"),
            (Some("b@example.com"), "recipient-differs"),
            (Some("sia\u{302}n example"), "recipient-name-matches"),
            (Some("Sian Example"), "recipient-differs"),
        ] {
            assert_eq!(check(&badge(), expected).code, code, "{expected:?}");
        }
    }

    #[test]
    fn what_a_credential_does_not_state_it_does_not_show() {
        let bare = json!({"credentialSubject": {"id": "urn:uuid:1"}});
        assert_eq!(check(&bare, Some("a@example.org")).code, "recipient-not-stated");
        assert_eq!(check(&bare, Some("Alex Sample")).code, "recipient-not-stated");
        let hashed = json!({"credentialSubject": {"identifier": {"hashed": true, "identityHash": "sha256$Alex", "identityType": "name"}}});
        assert_eq!(check(&hashed, Some("sha256$Alex")).code, "recipient-differs");
    }
}
