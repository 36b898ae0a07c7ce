//! The classes of Open Badges 3.0 and CLR 2.0 as components, written from the table by which
//! badges are checked before they are signed (`model::schema`).
//!
//! They say what a client's types need and leave the rest to the schemas under `schemas/`. Moments
//! are plain text: a client that parsed them and wrote them anew would change what was signed.

use std::collections::BTreeMap;

use model::{
    clr::ClrCredential,
    ob::{AchievementCredential, EndorsementCredential, Profile},
    schema::{Class, Described as _, Kind, Property, Rule, TypeRule},
};
use serde_json::{Map, Value, json};

/// A schema by the name of each class that badges, records and endorsements need.
pub fn classes() -> Map<String, Value> {
    let mut found = BTreeMap::new();
    for class in [AchievementCredential::class(), ClrCredential::class(), EndorsementCredential::class()] {
        collect(class, &mut found);
    }
    found.into_iter().map(|(name, class)| (name.to_owned(), object(class))).collect()
}

fn collect(class: &'static Class, found: &mut BTreeMap<&'static str, &'static Class>) {
    if found.insert(class.name, class).is_none() {
        for property in class.properties {
            match property.kind {
                Kind::Object(class) => collect(class(), found),
                Kind::Issuer => collect(Profile::class(), found),
                _ => {}
            }
        }
    }
}

fn object(class: &Class) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    if !matches!(class.types, TypeRule::Free) {
        required.push("type");
        let schema = match class.types {
            TypeRule::Text(name) => json!({ "type": "string", "enum": [name] }),
            _ => json!({ "type": "array", "items": { "type": "string" } }),
        };
        properties.insert("type".to_owned(), schema);
    }
    for property in class.properties {
        if property.required {
            required.push(property.name);
        }
        properties.insert(property.name.to_owned(), described(property));
    }
    if class.rules.iter().any(|rule| matches!(rule, Rule::Dated)) {
        required.push("validFrom");
    }
    let mut schema = Map::from_iter([
        ("description".to_owned(), json!(class.about.trim())),
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(properties)),
    ]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    Value::Object(schema)
}

fn described(property: &Property) -> Value {
    let value = value(property.kind);
    let mut schema = Map::from_iter([("description".to_owned(), json!(property.about.trim()))]);
    match value {
        value if property.many => {
            schema.extend([("type".to_owned(), json!("array")), ("items".to_owned(), value)]);
        }
        Value::Object(members) => schema.extend(members),
        _ => {}
    }
    Value::Object(schema)
}

fn value(kind: Kind) -> Value {
    let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    match kind {
        Kind::Text | Kind::DateTime | Kind::Activity | Kind::Date | Kind::Language | Kind::CompactJws => {
            json!({ "type": "string" })
        }
        Kind::Iri => json!({ "type": "string", "format": "uri" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        // Others may add to the list, which no enumeration can say.
        Kind::Choice(choice) if choice.open => json!({ "type": "string", "examples": choice.values }),
        Kind::Choice(choice) => json!({ "type": "string", "enum": choice.values }),
        Kind::Object(class) => named(class().name),
        Kind::Issuer => named("Profile"),
        Kind::Context(_) => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Credential => named("VerifiableCredential"),
    }
}
