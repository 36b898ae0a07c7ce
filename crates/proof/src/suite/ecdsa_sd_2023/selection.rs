//! The part of a document that JSON pointers choose (section 3.4.11,
//! selectJsonLd), its members in the order of the document.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::super::ProofError;
use crate::pointer::Pointer;

/// What a node keeps when a part of it is chosen: without them the part would
/// be of another node, or mean something else.
const KEPT: [&str; 5] = ["@context", "@id", "@type", "id", "type"];

/// Steps of a pointer: strict JSON is not deeper ([`Limits`](crate::json::Limits)).
const DEEPEST: usize = 127;

/// A part of a document.
pub(super) struct Selection {
    pub(super) members: Map<String, Value>,
    /// The place in the document of each item of a chosen part of an array, by
    /// its pointer in the selection.
    items: HashMap<String, usize>,
}

impl Selection {
    /// What `pointers` (RFC 6901) choose; nothing if there are none.
    pub(super) fn of<'p>(
        document: &Map<String, Value>,
        pointers: impl IntoIterator<Item = &'p String>,
    ) -> Result<Option<Self>, ProofError> {
        let mut chosen = Chosen::default();
        let mut none = true;
        for pointer in pointers {
            chosen.add(pointer)?;
            none = false;
        }
        if none {
            return Ok(None);
        }
        let mut items = HashMap::new();
        let members = object(document, &chosen, &Pointer::Root, &Pointer::Root, &mut items)?;
        Ok(Some(Self { members, items }))
    }

    /// Where in the document that stands which stands at `pointer` here.
    pub(super) fn origin(&self, pointer: &str) -> String {
        let (mut here, mut there) = (String::new(), String::new());
        for segment in pointer.split('/').skip(1) {
            here.push('/');
            here.push_str(segment);
            there.push('/');
            match self.items.get(&here) {
                Some(place) => there.push_str(&place.to_string()),
                None => there.push_str(segment),
            }
        }
        there
    }
}

/// What is chosen of a value: the whole, or parts by name.
#[derive(Default)]
struct Chosen<'p> {
    whole: bool,
    parts: BTreeMap<Cow<'p, str>, Chosen<'p>>,
}

impl<'p> Chosen<'p> {
    fn add(&mut self, pointer: &'p str) -> Result<(), ProofError> {
        let mut at = self;
        if !pointer.is_empty() {
            let rest = pointer
                .strip_prefix('/')
                .ok_or_else(|| refused(pointer, "is no JSON pointer: it must begin with `/`"))?;
            for (depth, segment) in rest.split('/').enumerate() {
                if depth == DEEPEST {
                    let start: String = pointer.chars().take(DEEPEST).collect();
                    return Err(refused(&start, "leads deeper than any document"));
                }
                at = at.parts.entry(unescaped(segment)).or_default();
            }
        }
        at.whole = true;
        Ok(())
    }
}

fn unescaped(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

type Items = HashMap<String, usize>;

fn value(
    value: &Value,
    chosen: &Chosen<'_>,
    here: &Pointer<'_>,
    there: &Pointer<'_>,
    items: &mut Items,
) -> Result<Value, ProofError> {
    match value {
        whole if chosen.whole => Ok(whole.clone()),
        Value::Object(members) => object(members, chosen, here, there, items).map(Value::Object),
        Value::Array(list) => array(list, chosen, here, there, items).map(Value::Array),
        _ => Err(refused(&there.to_string(), "has no parts to choose from")),
    }
}

/// `here` is in the selection, `there` in the document.
fn object(
    members: &Map<String, Value>,
    chosen: &Chosen<'_>,
    here: &Pointer<'_>,
    there: &Pointer<'_>,
    items: &mut Items,
) -> Result<Map<String, Value>, ProofError> {
    if chosen.whole {
        return Ok(members.clone());
    }
    if let Some(absent) = chosen.parts.keys().find(|name| !members.contains_key(name.as_ref())) {
        return Err(refused(&Pointer::Member(there, absent).to_string(), "is not in the document"));
    }
    let mut selected = Map::new();
    for (name, member) in members {
        let kept = KEPT.contains(&name.as_str());
        let Some(part) = chosen.parts.get(name.as_str()) else {
            if kept {
                selected.insert(name.clone(), member.clone());
            }
            continue;
        };
        let (here, there) = (Pointer::Member(here, name), Pointer::Member(there, name));
        let part = value(member, part, &here, &there, items)?;
        selected.insert(name.clone(), if kept { member.clone() } else { part });
    }
    Ok(selected)
}

fn array(
    list: &[Value],
    chosen: &Chosen<'_>,
    here: &Pointer<'_>,
    there: &Pointer<'_>,
    items: &mut Items,
) -> Result<Vec<Value>, ProofError> {
    let mut selected = Vec::new();
    for (place, item) in list.iter().enumerate() {
        if let Some(part) = chosen.parts.get(place.to_string().as_str()) {
            let (here, there) = (Pointer::Item(here, selected.len()), Pointer::Item(there, place));
            items.insert(here.to_string(), place);
            let item = value(item, part, &here, &there, items)?;
            selected.push(item);
        }
    }
    if selected.len() == chosen.parts.len() {
        return Ok(selected);
    }
    let known = |name: &str| name.parse::<usize>().is_ok_and(|at| at < list.len() && at.to_string() == name);
    let absent = chosen.parts.keys().find(|name| !known(name)).map_or("", Cow::as_ref);
    Err(refused(&Pointer::Member(there, absent).to_string(), "is not in the document"))
}

pub(super) fn refused(pointer: &str, detail: &'static str) -> ProofError {
    ProofError::Pointer { pointer: pointer.to_owned(), detail }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn select(document: &Value, pointers: &[&str]) -> Result<Selection, ProofError> {
        let pointers: Vec<String> = pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
        Selection::of(document.as_object().unwrap(), &pointers).map(Option::unwrap)
    }

    fn document() -> Value {
        json!({
            "@context": "x",
            "type": ["A", "B"],
            "a/b": {"~": 1, "other": 2},
            "list": [{"id": "urn:1", "v": 1}, {"id": "urn:2", "v": [10, 20, 30]}, {"type": "T", "w": {}}],
            "id": "urn:0"
        })
    }

    #[test]
    fn parts_keep_what_they_are_parts_of_in_the_order_of_the_document() {
        let selection = select(&document(), &["/list/2/w", "/list/1/v/2", "/a~1b/~0"]).unwrap();
        let expected = json!({
            "@context": "x",
            "type": ["A", "B"],
            "a/b": {"~": 1},
            "list": [{"id": "urn:2", "v": [30]}, {"type": "T", "w": {}}],
            "id": "urn:0"
        });
        assert_eq!(Value::Object(selection.members.clone()).to_string(), expected.to_string());
        assert_eq!(selection.origin("/list/0/v/0"), "/list/1/v/2");
        assert_eq!(selection.origin("/list/1/w"), "/list/2/w");
        assert_eq!(selection.origin("/"), "/");
    }

    #[test]
    fn the_whole_stands_for_its_parts() {
        let selection = select(&document(), &["/list/1", "/list/1/v/0", "/list"]).unwrap();
        assert_eq!(selection.members["list"], document()["list"]);
        assert_eq!(selection.origin("/list/2/w"), "/list/2/w");
        assert_eq!(Value::Object(select(&document(), &["", "/list/0"]).unwrap().members), document());
    }

    #[test]
    fn what_is_not_there_is_named() {
        let absent = |pointer: &str| match select(&document(), &["/id", pointer]) {
            Err(ProofError::Pointer { pointer, .. }) => pointer,
            _ => panic!("{pointer} is accepted"),
        };
        assert_eq!(absent("/none/x"), "/none");
        assert_eq!(absent("/list/3"), "/list/3");
        assert_eq!(absent("/list/01"), "/list/01");
        assert_eq!(absent("/list/-"), "/list/-");
        assert_eq!(absent("/list/0/v/x"), "/list/0/v");
        assert_eq!(absent("id"), "id");
        let deep = "/list".repeat(100_000);
        assert_eq!(absent(&deep), deep[..DEEPEST]);
        assert!(Selection::of(document().as_object().unwrap(), &[]).unwrap().is_none());
    }
}
