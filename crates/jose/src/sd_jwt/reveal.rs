//! Anybody's part: putting what is disclosed into the place of its digest
//! (RFC 9901, 7.1, steps 3 to 5).

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{ALGORITHM, DIGESTS, Disclosure, ELEMENT, SHA_256};
use crate::JoseError;

/// How deep claims may be, disclosures within disclosures included: each is a
/// JSON text of its own, so that no limit of a parser holds for the whole.
const MAX_DEPTH: usize = 64;

/// Claims with everything disclosed in its place.
pub(super) struct Revealed {
    pub(super) claims: Map<String, Value>,
    /// A JSON pointer to what each disclosure discloses, in their order.
    pub(super) pointers: Vec<String>,
}

/// Every rule is kept: each disclosure belongs to one digest, no digest stands
/// twice, no disclosed member is there already.
pub(super) fn reveal(
    mut payload: Map<String, Value>,
    disclosures: &[Disclosure],
) -> Result<Revealed, JoseError> {
    match payload.shift_remove(ALGORITHM) {
        None => {}
        Some(Value::String(name)) if name == SHA_256 => {}
        Some(other) => return Err(refused(format!("`_sd_alg` is {other}; sha-256 is read"))),
    }
    let mut by_digest = HashMap::with_capacity(disclosures.len());
    for (place, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(disclosure.digest(), (place, disclosure)).is_some() {
            return Err(refused(format!("`{}` stands twice", disclosure.encoded())));
        }
    }
    let mut revealing =
        Revealing { by_digest, seen: HashSet::new(), pointers: vec![None; disclosures.len()] };
    revealing.object(&mut payload, "", 0)?;
    let mut pointers = Vec::with_capacity(disclosures.len());
    for (pointer, disclosure) in revealing.pointers.into_iter().zip(disclosures) {
        let unknown = || refused(format!("`{}` belongs to no digest", disclosure.encoded()));
        pointers.push(pointer.ok_or_else(unknown)?);
    }
    Ok(Revealed { claims: payload, pointers })
}

struct Revealing<'a> {
    by_digest: HashMap<&'a str, (usize, &'a Disclosure)>,
    seen: HashSet<String>,
    pointers: Vec<Option<String>>,
}

impl<'a> Revealing<'a> {
    fn value(&mut self, value: &mut Value, pointer: &str, depth: usize) -> Result<(), JoseError> {
        if depth > MAX_DEPTH {
            return Err(refused(format!("the claims are nested deeper than {MAX_DEPTH}")));
        }
        match value {
            Value::Object(members) => self.object(members, pointer, depth),
            Value::Array(elements) => self.array(elements, pointer, depth),
            _ => Ok(()),
        }
    }

    fn object(
        &mut self,
        members: &mut Map<String, Value>,
        pointer: &str,
        depth: usize,
    ) -> Result<(), JoseError> {
        if members.contains_key(ELEMENT) {
            return Err(refused("`...` stands outside an array".to_owned()));
        }
        let digests = match members.shift_remove(DIGESTS) {
            None => Vec::new(),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(refused("`_sd` is not an array".to_owned())),
        };
        for (name, value) in members.iter_mut() {
            self.value(value, &below(pointer, name), depth + 1)?;
        }
        for digest in digests {
            let Some(disclosure) = self.find(digest)? else { continue };
            let (place, disclosure) = disclosure;
            let Some(name) = disclosure.name() else {
                return Err(refused(format!(
                    "`{}` is of an element, its digest of a member",
                    disclosure.encoded()
                )));
            };
            if members.contains_key(name) {
                return Err(refused(format!("the member `{name}` is there already")));
            }
            let pointer = below(pointer, name);
            let mut value = disclosure.value().clone();
            self.value(&mut value, &pointer, depth + 1)?;
            self.mark(place, pointer);
            members.insert(name.to_owned(), value);
        }
        Ok(())
    }

    fn array(&mut self, elements: &mut Vec<Value>, pointer: &str, depth: usize) -> Result<(), JoseError> {
        let mut kept = Vec::with_capacity(elements.len());
        for mut element in elements.drain(..) {
            let pointer = below(pointer, &kept.len().to_string());
            let Some(digest) = concealed_element(&mut element)? else {
                self.value(&mut element, &pointer, depth + 1)?;
                kept.push(element);
                continue;
            };
            let Some((place, disclosure)) = self.find(digest)? else { continue };
            if disclosure.name().is_some() {
                return Err(refused(format!(
                    "`{}` is of a member, its digest of an element",
                    disclosure.encoded()
                )));
            }
            let mut value = disclosure.value().clone();
            self.value(&mut value, &pointer, depth + 1)?;
            self.mark(place, pointer);
            kept.push(value);
        }
        *elements = kept;
        Ok(())
    }

    /// What a digest conceals; `None` if it is withheld, or a decoy.
    fn find(&mut self, digest: Value) -> Result<Option<(usize, &'a Disclosure)>, JoseError> {
        let Value::String(digest) = digest else {
            return Err(refused("a digest is not a string".to_owned()));
        };
        let found = self.by_digest.get(digest.as_str()).copied();
        if let Some(twice) = self.seen.replace(digest) {
            return Err(refused(format!("the digest `{twice}` stands twice")));
        }
        Ok(found)
    }

    fn mark(&mut self, place: usize, pointer: String) {
        if let Some(slot) = self.pointers.get_mut(place) {
            *slot = Some(pointer);
        }
    }
}

/// The digest of an element `{"...": digest}`, which may have no other member.
fn concealed_element(element: &mut Value) -> Result<Option<Value>, JoseError> {
    let Value::Object(members) = element else { return Ok(None) };
    match members.shift_remove(ELEMENT) {
        None => Ok(None),
        Some(digest) if members.is_empty() => Ok(Some(digest)),
        Some(_) => Err(refused("an element has members beside `...`".to_owned())),
    }
}

fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn refused(detail: String) -> JoseError {
    JoseError::Disclosure(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Concealed;
    use serde_json::json;

    fn read(payload: &Value, disclosures: &[Disclosure]) -> Result<Value, String> {
        let revealed = reveal(payload.as_object().unwrap().clone(), disclosures);
        revealed.map(|it| Value::Object(it.claims)).map_err(|error| error.to_string())
    }

    fn claims() -> Value {
        json!({"a": {"b": [1, {"c": 2}, 3]}, "d": 4})
    }

    fn concealed() -> (Value, Vec<Disclosure>) {
        let pointers = ["/a", "/a/b", "/a/b/1", "/a/b/1/c", "/a/b/2", "/d"];
        let made = Concealed::new(claims().as_object().unwrap().clone(), &pointers, &mut |pointer| {
            format!("salt {pointer}")
        })
        .unwrap();
        (serde_json::from_str(&made.payload()).unwrap(), made.disclosures().to_vec())
    }

    #[test]
    fn everything_disclosed_is_everything_and_knows_its_place() {
        let (payload, disclosures) = concealed();
        assert_eq!(read(&payload, &disclosures).unwrap(), claims());
        let revealed = reveal(payload.as_object().unwrap().clone(), &disclosures).unwrap();
        let mut pointers = revealed.pointers;
        pointers.sort();
        assert_eq!(pointers, ["/a", "/a/b", "/a/b/1", "/a/b/1/c", "/a/b/2", "/d"]);
    }

    #[test]
    fn what_is_withheld_is_not_there_and_what_needs_it_is_refused() {
        let (payload, disclosures) = concealed();
        let without = |name: Option<&str>| {
            disclosures.iter().filter(|one| one.name() != name).cloned().collect::<Vec<_>>()
        };
        assert_eq!(read(&payload, &[]).unwrap(), json!({}));
        assert_eq!(read(&payload, &without(Some("c"))).unwrap(), json!({"a": {"b": [1, {}, 3]}, "d": 4}));
        let orphaned = read(&payload, &without(Some("a"))).unwrap_err();
        assert!(orphaned.contains("belongs to no digest"), "{orphaned}");
    }

    #[test]
    fn what_the_standard_forbids_is_refused_with_the_reason() {
        let member = Disclosure::new("salt", Some("x"), json!(1));
        let element = Disclosure::new("salt", None, json!(1));
        let holding = Disclosure::new("salt", Some("y"), json!({"_sd": [member.digest()]}));
        let (m, e, h) = (member.digest(), element.digest(), holding.digest());
        for (payload, disclosures, why) in [
            (json!({"_sd": [m], "_sd_alg": "sha-512"}), vec![], "`_sd_alg`"),
            (json!({"_sd": [m], "_sd_alg": 1}), vec![], "`_sd_alg`"),
            (json!({"_sd": m}), vec![], "`_sd` is not an array"),
            (json!({"_sd": [1]}), vec![], "not a string"),
            (json!({"_sd": [m, m]}), vec![], "stands twice"),
            (json!({"_sd": [m], "z": {"_sd": [m]}}), vec![], "stands twice"),
            (json!({"_sd": [m, h]}), vec![&holding], "stands twice"),
            (json!({"_sd": [m]}), vec![&member, &member], "stands twice"),
            (json!({"_sd": [m]}), vec![&element], "belongs to no digest"),
            (json!({"_sd": [e]}), vec![&element], "of an element"),
            (json!({"z": [{"...": m}]}), vec![&member], "of a member"),
            (json!({"_sd": [m], "x": 2}), vec![&member], "there already"),
            (json!({"z": [{"...": e, "more": 1}]}), vec![], "beside `...`"),
            (json!({"z": [{"...": 1}]}), vec![], "not a string"),
            (json!({"z": {"...": e}}), vec![], "outside an array"),
        ] {
            let disclosures: Vec<_> = disclosures.into_iter().cloned().collect();
            let refused = read(&payload, &disclosures).unwrap_err();
            assert!(refused.contains(why), "{payload}: {refused}");
        }
        // Decoys are digests of nothing.
        assert_eq!(
            read(&json!({"_sd": ["decoy"], "z": [{"...": "decoy-2"}]}), &[]).unwrap(),
            json!({"z": []})
        );
    }

    #[test]
    fn a_chain_of_disclosures_ends_at_a_depth() {
        let mut disclosures = vec![Disclosure::new("salt", Some("x"), json!(1))];
        for _ in 0..MAX_DEPTH {
            let inner = disclosures.last().unwrap().digest();
            let outer = Disclosure::new("salt", Some("x"), json!({"_sd": [inner]}));
            disclosures.push(outer);
        }
        let refused =
            read(&json!({"_sd": [disclosures.last().unwrap().digest()]}), &disclosures).unwrap_err();
        assert!(refused.contains("deeper"), "{refused}");
        disclosures.pop();
        assert!(read(&json!({"_sd": [disclosures.last().unwrap().digest()]}), &disclosures).is_ok());
    }
}
