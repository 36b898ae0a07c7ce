//! YAML as a tree that remembers its lines, so that every fault of a file can
//! be named at once: reading straight into typed structures stops at the first.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::{DuplicateKeyPolicy, Options, Spanned};

/// A value and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    /// Counted from 1.
    pub line: u64,
    pub value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A number, as a decimal text.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; a key may be there twice.
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub key: String,
    /// Where the key stands.
    pub line: u64,
    pub node: Node,
}

/// Not YAML at all. The message is the YAML reader's own.
#[derive(Debug)]
pub(super) struct NotYaml {
    pub line: u64,
    pub detail: String,
}

/// Reads one YAML document; an empty one is `Null`.
pub(super) fn parse(text: &str) -> Result<Node, NotYaml> {
    let mut options = Options::default();
    // Duplicate keys are for the catalogue's own reader to refuse, with the
    // line of the first; the YAML reader would stop at them.
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.with_snippet = false;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| NotYaml {
        line: error.location().map_or(1, |location| location.line()),
        detail: error.to_string(),
    })
}

impl Value {
    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "`true` or `false`",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a group of fields",
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { line: spanned.referenced.line().max(1), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true or false, a list or a group of fields")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = items.next_element()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = fields.next_key::<Spanned<String>>()? {
            let node = fields.next_value()?;
            map.push(Entry { key: key.value, line: key.referenced.line().max(1), node });
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_remembers_its_line_and_duplicates_are_kept() {
        let node = parse("a: 1\n# a comment\nb:\n  - x\n  - y: 2025-01-01\na: 1.50\n").unwrap();
        let Value::Map(entries) = &node.value else { panic!("{node:?}") };
        let lines: Vec<_> = entries.iter().map(|e| (e.key.as_str(), e.line, e.node.line)).collect();
        assert_eq!(lines, [("a", 1, 1), ("b", 3, 4), ("a", 6, 6)]);
        let Value::List(items) = &entries[1].node.value else { panic!("{node:?}") };
        assert!(matches!(&items[0].value, Value::Text(t) if t == "x"));
        let Value::Map(inner) = &items[1].value else { panic!("{node:?}") };
        assert!(matches!(&inner[0].node.value, Value::Text(t) if t == "2025-01-01"));
        assert_eq!(inner[0].node.line, 5);
        assert!(matches!(&entries[2].node.value, Value::Number(n) if n == "1.5"));
    }

    #[test]
    fn what_is_not_yaml_is_named_with_its_line() {
        let error = parse("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(error.line >= 2, "{error:?}");
        assert!(matches!(parse("# nothing\n").unwrap().value, Value::Null));
    }
}
