//! JSON Schemas (2020-12) from the table: what Lanyard writes, hence the strict shape.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::schema::{Class, Described, Kind, Property, Rule, TypeRule};

/// The dialect of the schemas.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Every schema as file name and content.
pub fn schemas() -> [(&'static str, Value); 5] {
    [
        ("achievement-credential.json", schema(crate::ob::AchievementCredential::class())),
        ("endorsement-credential.json", schema(crate::ob::EndorsementCredential::class())),
        ("clr-credential.json", schema(crate::clr::ClrCredential::class())),
        ("profile.json", schema(crate::ob::Profile::class())),
        ("completion.json", crate::parse::schema()),
    ]
}

/// The schema of one class, with every class it needs.
pub fn schema(class: &'static Class) -> Value {
    let mut found = BTreeMap::new();
    collect(class, &mut found);
    let definitions: Map<String, Value> =
        found.values().map(|class| (class.name.to_owned(), object(class))).collect();
    json!({
        "$schema": DIALECT,
        "title": class.name,
        "$ref": format!("#/$defs/{}", class.name),
        "$defs": definitions,
    })
}

fn collect(class: &'static Class, found: &mut BTreeMap<&'static str, &'static Class>) {
    if found.insert(class.name, class).is_none() {
        for property in class.properties {
            match property.kind {
                Kind::Object(class) => collect(class(), found),
                Kind::Issuer => collect(crate::ob::Profile::class(), found),
                _ => {}
            }
        }
    }
}

fn object(class: &Class) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    match class.types {
        TypeRule::Set(groups) => {
            required.push("type");
            let contains: Vec<Value> =
                groups.iter().map(|group| json!({"contains": {"enum": group}})).collect();
            let types = json!({"type": "array", "items": {"type": "string"}, "allOf": contains});
            properties.insert("type".to_owned(), types);
        }
        TypeRule::Text(name) => {
            required.push("type");
            properties.insert("type".to_owned(), json!({"const": name}));
        }
        TypeRule::Free => {}
    }
    for property in class.properties {
        if property.required {
            required.push(property.name);
        }
        properties.insert(property.name.to_owned(), described(property));
    }
    let mut all_of = Vec::new();
    for rule in class.rules {
        match rule {
            Rule::AnyOf(names) => {
                let any: Vec<Value> = names.iter().map(|name| json!({"required": [name]})).collect();
                all_of.push(json!({"anyOf": any}));
            }
            Rule::Dated => required.push("validFrom"),
        }
    }
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!(class.about.trim()));
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !all_of.is_empty() {
        schema.insert("allOf".to_owned(), json!(all_of));
    }
    if class.closed {
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
    Value::Object(schema)
}

fn described(property: &Property) -> Value {
    let value = value(property.kind);
    let value = if property.many { json!({"type": "array", "minItems": 1, "items": value}) } else { value };
    let mut schema = Map::from_iter([("description".to_owned(), json!(property.about.trim()))]);
    if let Value::Object(value) = value {
        schema.extend(value);
    }
    Value::Object(schema)
}

fn value(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Iri => {
            json!({"type": "string", "pattern": r#"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$"#})
        }
        Kind::DateTime | Kind::Activity => json!({"type": "string", "format": "date-time"}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Language => {
            json!({"type": "string", "pattern": "^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"})
        }
        Kind::CompactJws => {
            json!({"type": "string", "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$"})
        }
        Kind::Choice(choice) if choice.open => json!({"anyOf": [
            {"enum": choice.values},
            {"type": "string", "pattern": "^ext:[A-Za-z0-9._][A-Za-z0-9._-]*$"},
        ]}),
        Kind::Choice(choice) => json!({"enum": choice.values}),
        Kind::Object(class) => json!({"$ref": format!("#/$defs/{}", class().name)}),
        Kind::Issuer => json!({"$ref": "#/$defs/Profile"}),
        Kind::Context(rules) => {
            let places: Vec<Value> = rules.iter().map(|rule| json!({"pattern": rule.pattern()})).collect();
            json!({
                "type": "array",
                "minItems": rules.len(),
                "prefixItems": places,
                "items": true,
                "allOf": [{"items": {"type": "string"}}],
            })
        }
        Kind::Credential => json!({
            "type": "object",
            "properties": {"type": {"type": "array", "contains": {"const": "VerifiableCredential"}}},
            "required": ["type"],
        }),
    }
}
