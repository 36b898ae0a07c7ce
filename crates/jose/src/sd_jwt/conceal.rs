//! The issuer's part: which claims can be disclosed one by one.

use serde_json::{Map, Value};

use super::{ALGORITHM, DIGESTS, Disclosure, ELEMENT, SHA_256};
use crate::JoseError;

/// Claims with digests in the place of what can be disclosed, and the disclosures:
/// what an issuer signs, and what it gives to the holder beside.
#[derive(Debug, Clone, PartialEq)]
pub struct Concealed {
    claims: Map<String, Value>,
    disclosures: Vec<Disclosure>,
}

impl Concealed {
    /// Conceals what each JSON pointer (RFC 6901) of `pointers` leads to: a member
    /// of an object or an element of an array. One may lie within another; then
    /// both are disclosed to show the inner one. `salt` gives the salt for a
    /// pointer: at least 128 unpredictable bits, new for each, in base64url
    /// (RFC 9901, 9.3).
    ///
    /// [`JoseError::Disclosure`] if a pointer leads nowhere or to the whole, stands
    /// twice, or the claims have a member `_sd`, `_sd_alg` or `...` already.
    pub fn new(
        claims: Map<String, Value>,
        pointers: &[&str],
        salt: &mut dyn FnMut(&str) -> String,
    ) -> Result<Self, JoseError> {
        let mut claims = Value::Object(claims);
        if has_reserved(&claims) {
            return Err(JoseError::Disclosure("the claims hold members of the format's own".to_owned()));
        }
        // The inner ones first: their digests stand in the disclosures of the outer.
        let mut order = pointers.to_vec();
        order.sort_by_key(|pointer| std::cmp::Reverse(pointer.matches('/').count()));
        let mut disclosures = Vec::with_capacity(order.len());
        for pointer in order {
            let disclosure = conceal(&mut claims, pointer, &salt(pointer))
                .ok_or_else(|| JoseError::Disclosure(format!("`{pointer}` leads to nothing to conceal")))?;
            disclosures.push(disclosure);
        }
        if let Value::Object(members) = &mut claims {
            members.insert(ALGORITHM.to_owned(), SHA_256.into());
        }
        match claims {
            Value::Object(claims) => Ok(Self { claims, disclosures }),
            _ => Err(JoseError::Payload("it must be a JSON object".to_owned())),
        }
    }

    /// What is signed: the payload of the issuer's JWS, JSON text.
    pub fn payload(&self) -> String {
        serde_json::to_string(&self.claims).unwrap_or_default()
    }

    /// The disclosures, the inner ones first.
    pub fn disclosures(&self) -> &[Disclosure] {
        &self.disclosures
    }

    /// The SD-JWT for the holder: the signed payload with every disclosure
    /// (RFC 9901, 4).
    pub fn with_signature(&self, jws: &str) -> String {
        let length: usize = self.disclosures.iter().map(|one| one.encoded().len() + 1).sum();
        let mut text = String::with_capacity(jws.len() + 1 + length);
        text.push_str(jws);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure.encoded());
            text.push('~');
        }
        text
    }
}

/// Puts a digest in the place of what `pointer` leads to.
fn conceal(claims: &mut Value, pointer: &str, salt: &str) -> Option<Disclosure> {
    let (parent, last) = pointer.rsplit_once('/')?;
    match claims.pointer_mut(parent)? {
        Value::Object(members) => {
            let name = last.replace("~1", "/").replace("~0", "~");
            if name == DIGESTS {
                return None;
            }
            let value = members.shift_remove(&name)?;
            let disclosure = Disclosure::new(salt, Some(&name), value);
            let digests =
                members.entry(DIGESTS).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()?;
            // Sorted, so that their order says nothing of the members' (RFC 9901, 4.2.4.1).
            let place = digests.partition_point(|one| one.as_str() < Some(disclosure.digest()));
            digests.insert(place, disclosure.digest().into());
            Some(disclosure)
        }
        Value::Array(elements) => {
            let element = elements.get_mut(last.parse::<usize>().ok()?)?;
            if element.get(ELEMENT).is_some() {
                return None;
            }
            let disclosure = Disclosure::new(salt, None, element.take());
            *element = serde_json::json!({ ELEMENT: disclosure.digest() });
            Some(disclosure)
        }
        _ => None,
    }
}

fn has_reserved(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            [DIGESTS, ALGORITHM, ELEMENT].iter().any(|name| members.contains_key(*name))
                || members.values().any(has_reserved)
        }
        Value::Array(elements) => elements.iter().any(has_reserved),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn concealed(claims: Value, pointers: &[&str]) -> Result<Concealed, JoseError> {
        let Value::Object(claims) = claims else { panic!("{claims}") };
        Concealed::new(claims, pointers, &mut |pointer| format!("salt for {pointer}"))
    }

    #[test]
    fn what_is_concealed_is_gone_from_what_is_signed_and_the_rest_stays() {
        let claims = json!({
            "iss": "https://badges.example.org", "name": "Bronwen Pugh",
            "results": [{"mark": "pass-mark"}, {"mark": "fail-mark"}], "a/b": {"deep": "hidden-thing"},
        });
        let concealed = concealed(claims, &["/name", "/results/1", "/results/1/mark", "/a~1b/deep"]).unwrap();
        let payload = concealed.payload();
        for gone in ["Bronwen", "fail-mark", "hidden-thing"] {
            assert!(!payload.contains(gone), "{payload}");
        }
        assert!(payload.contains("pass-mark") && payload.contains(r#""_sd_alg":"sha-256""#));
        assert_eq!(concealed.disclosures().len(), 4);
        let read: Value = serde_json::from_str(&payload).unwrap();
        assert_eq!(read["_sd"].as_array().unwrap().len(), 1);
        assert_eq!(read["a/b"]["_sd"].as_array().unwrap().len(), 1);
        assert!(read["results"][1]["..."].is_string());
        assert_eq!(concealed.with_signature("a.b.c").matches('~').count(), 5);
    }

    #[test]
    fn digests_stand_in_their_own_order() {
        let concealed =
            concealed(json!({"a": 1, "b": 2, "c": 3, "d": 4}), &["/a", "/b", "/c", "/d"]).unwrap();
        let payload: Value = serde_json::from_str(&concealed.payload()).unwrap();
        let digests: Vec<_> = payload["_sd"].as_array().unwrap().iter().map(Value::as_str).collect();
        assert!(digests.is_sorted(), "{digests:?}");
        assert_eq!(digests.len(), 4);
    }

    #[test]
    fn what_cannot_be_concealed_is_refused() {
        for (claims, pointer) in [
            (json!({"a": 1}), "/b"),
            (json!({"a": 1}), ""),
            (json!({"a": 1}), "/a/b"),
            (json!({"a": [1]}), "/a/1"),
            (json!({"a": [1]}), "/a/x"),
            (json!({"_sd": [], "a": 1}), "/a"),
            (json!({"a": [{"...": "x"}]}), "/a"),
        ] {
            assert!(
                matches!(concealed(claims.clone(), &[pointer]), Err(JoseError::Disclosure(_))),
                "{claims}"
            );
        }
        assert!(concealed(json!({"a": 1}), &["/a", "/a"]).is_err());
        assert!(concealed(json!({"a": [1]}), &["/a/0", "/a/0"]).is_err());
    }
}
