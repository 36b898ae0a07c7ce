//! Puts somebody else's document into the strict shape, without changing what it says.

use serde_json::{Map, Value, json};

use crate::schema::{Class, Kind, Property, TypeRule};

/// The document as an object of `class` in the strict shape: single values where
/// lists belong become lists, an IRI in place of an object becomes an object with
/// that `id`, nulls and empty lists go. What the table does not know stays.
pub fn normal(document: &Value, class: &Class) -> Value {
    let members = match document {
        Value::Object(members) => members.clone(),
        Value::String(iri) if class.stands_on_its_id() => Map::from_iter([("id".to_owned(), json!(iri))]),
        other => return other.clone(),
    };
    let mut members: Map<String, Value> = members
        .into_iter()
        .filter_map(|(name, value)| {
            let property = class.properties.iter().find(|property| property.name == name);
            Some((name, property.map_or(Some(value.clone()), |property| property_value(&value, property))?))
        })
        .collect();
    match class.types {
        TypeRule::Set(groups) => {
            let written = || json!(groups.iter().filter_map(|group| group.first()).collect::<Vec<_>>());
            let types = members.remove("type").map_or_else(written, as_list);
            members.insert("type".to_owned(), types);
        }
        TypeRule::Text(name) => {
            members.insert("type".to_owned(), json!(name));
        }
        TypeRule::Free => {}
    }
    Value::Object(members)
}

fn property_value(value: &Value, property: &Property) -> Option<Value> {
    if value.is_null() {
        return None;
    }
    let one = |value: &Value| match property.kind {
        Kind::Object(class) => normal(value, class()),
        Kind::Issuer if value.is_object() => normal(value, <crate::ob::Profile as super::Described>::class()),
        _ => value.clone(),
    };
    match (property.many, value) {
        (_, Value::Array(values)) if values.is_empty() => None,
        (_, Value::Array(values)) => Some(values.iter().map(one).collect()),
        (true, value) => Some(json!([one(value)])),
        (false, value) => Some(one(value)),
    }
}

fn as_list(value: Value) -> Value {
    if value.is_array() { value } else { json!([value]) }
}
