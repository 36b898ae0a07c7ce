//! One disclosure: salt, name and value of what a digest conceals.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::sha256;
use serde_json::Value;

use super::{DIGESTS, ELEMENT};
use crate::{JoseError, json};

/// A disclosure (RFC 9901, 4.2): of a member of an object, or of an element of an
/// array, which has no name.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosure {
    encoded: String,
    digest: String,
    name: Option<String>,
    value: Value,
}

impl Disclosure {
    /// Of a member if it has a `name`, else of an element.
    pub(super) fn new(salt: &str, name: Option<&str>, value: Value) -> Self {
        let mut parts = vec![Value::from(salt)];
        parts.extend(name.map(Value::from));
        parts.push(value);
        let encoded = URL_SAFE_NO_PAD.encode(Value::Array(parts.clone()).to_string());
        let value = parts.pop().unwrap_or_default();
        Self { digest: hash(&encoded), encoded, name: name.map(ToOwned::to_owned), value }
    }

    /// Reads one as it stands in an SD-JWT. [`JoseError::Disclosure`] unless it is
    /// unpadded base64url of a strict JSON array of salt, name (not `_sd` nor
    /// `...`) and value, or of salt and value.
    pub(super) fn read(encoded: &str) -> Result<Self, JoseError> {
        let refuse = |detail: &str| JoseError::Disclosure(format!("`{encoded}` {detail}"));
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| refuse("is not unpadded base64url"))?;
        let parts = json::array(&bytes).map_err(|error| refuse(&format!("is not strict JSON: {error}")))?;
        let (salt, name, value) = match <[Value; 3]>::try_from(parts) {
            Ok([salt, Value::String(name), value]) => (salt, Some(name), value),
            Ok(_) => return Err(refuse("has a name that is not a string")),
            Err(parts) => match <[Value; 2]>::try_from(parts) {
                Ok([salt, value]) => (salt, None, value),
                Err(_) => return Err(refuse("is not an array of two or three")),
            },
        };
        if !salt.is_string() {
            return Err(refuse("has a salt that is not a string"));
        }
        if let Some(name) = name.as_deref().filter(|name| [DIGESTS, ELEMENT].contains(name)) {
            return Err(refuse(&format!("is of a member `{name}`, which is the format's own")));
        }
        Ok(Self { digest: hash(encoded), encoded: encoded.to_owned(), name, value })
    }

    /// As it stands in an SD-JWT.
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The member's name; none if it is of an element of an array.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What is disclosed. It may hold digests in turn.
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn digest(&self) -> &str {
        &self.digest
    }
}

/// SHA-256 over the text as it stands, in base64url (RFC 9901, 4.2.3).
pub(super) fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// RFC 9901, 4.2.1 and 4.2.3: the disclosure as printed, spaces and all.
    #[test]
    fn the_standard_s_disclosures_have_the_standard_s_digests() {
        let member = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        let read = Disclosure::read(member).unwrap();
        assert_eq!((read.name(), read.value()), (Some("family_name"), &json!("Möbius")));
        assert_eq!(read.digest(), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        let element = Disclosure::read("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0").unwrap();
        assert_eq!((element.name(), element.value()), (None, &json!("FR")));
        assert_eq!(element.digest(), "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    }

    #[test]
    fn what_is_made_reads_back() {
        for (name, value) in [(Some("a"), json!({"b": [1]})), (None, json!("x"))] {
            let made = Disclosure::new("salt", name, value);
            assert_eq!(Disclosure::read(made.encoded()).unwrap(), made);
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for (json, why) in [
            ("{}", "array"),
            ("[]", "two or three"),
            (r#"["salt"]"#, "two or three"),
            (r#"["salt","a",1,2]"#, "two or three"),
            (r#"[1,"a",1]"#, "salt"),
            (r#"["salt",1,1]"#, "name"),
            (r#"["salt","_sd",[]]"#, "`_sd`"),
            (r#"["salt","...","x"]"#, "`...`"),
            (r#"["salt","a",{"b":1,"b":2}]"#, "stands twice"),
            (r#"["salt","a",1] x"#, "trailing"),
        ] {
            let refused = Disclosure::read(&URL_SAFE_NO_PAD.encode(json)).unwrap_err();
            assert!(refused.to_string().contains(why), "{json}: {refused}");
        }
        assert!(Disclosure::read("WyJzIiwxXQ==").is_err());
        assert!(Disclosure::read("").is_err());
    }
}
