//! What generators of clients need said in their own way: closed lists of words as enumerations,
//! every variant by a name, identifiers as such.

use serde_json::{Map, Value, json};

/// Turns every pattern that only lists words, `^(a|b)$`, into the enumeration that it is, and an
/// enumeration of one word into a constant.
pub fn enumerate(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(enumerate),
        Value::Object(members) => {
            if let Some(words) = members.get("pattern").and_then(Value::as_str).and_then(words) {
                members.shift_remove("pattern");
                members.insert("enum".to_owned(), words);
            }
            if let Some([only]) = members.get("enum").and_then(Value::as_array).map(Vec::as_slice) {
                let only = only.clone();
                members.shift_remove("enum");
                members.insert("const".to_owned(), only);
            }
            members.values_mut().for_each(enumerate);
        }
        _ => {}
    }
}

fn words(pattern: &str) -> Option<Value> {
    let list = pattern.strip_prefix("^(")?.strip_suffix(")$")?;
    let is_word = |word: &&str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let words: Vec<&str> = list.split('|').collect();
    words.iter().all(is_word).then(|| json!(words))
}

/// Gives each variant of a tagged choice a component of its own, named after its tag, and says by
/// which member they are told apart.
pub fn name_variants(schemas: &mut Map<String, Value>) {
    let mut named = Map::new();
    for (name, schema) in schemas.iter_mut() {
        let Some(variants) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { continue };
        let tags: Option<Vec<String>> = variants.iter().map(tag).collect();
        let Some(tags) = tags.filter(|tags| !tags.is_empty()) else { continue };
        let mut mapping = Map::new();
        for (variant, tag) in variants.iter_mut().zip(tags) {
            let component = format!("{}{name}", pascal(&tag));
            let reference = format!("#/components/schemas/{component}");
            named.insert(component, std::mem::replace(variant, json!({ "$ref": reference })));
            mapping.insert(tag, json!(reference));
        }
        if let Some(members) = schema.as_object_mut() {
            let discriminator = json!({ "propertyName": "type", "mapping": mapping });
            members.insert("discriminator".to_owned(), discriminator);
        }
    }
    schemas.extend(named);
}

/// The one word that a variant's `type` may be.
fn tag(variant: &Value) -> Option<String> {
    match variant.pointer("/properties/type/enum")?.as_array()?.as_slice() {
        [word] => word.as_str().map(str::to_owned),
        _ => None,
    }
}

fn pascal(word: &str) -> String {
    let mut starts = true;
    word.chars().fold(String::new(), |mut name, letter| {
        if letter == '_' || letter == '-' {
            starts = true;
        } else if std::mem::take(&mut starts) {
            name.extend(letter.to_uppercase());
        } else {
            name.push(letter);
        }
        name
    })
}

/// Says of an identifier in a path that it is a UUID: all of the service's own are.
pub fn identify(parameter: &mut Value) {
    let is_id = parameter.get("in") == Some(&json!("path")) && parameter.get("name") == Some(&json!("id"));
    if let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut).filter(|_| is_id) {
        schema.insert("format".to_owned(), json!("uuid"));
    }
}

/// Pictures and files are bytes, which a Rust type cannot say.
pub fn type_files(media_type: &str, content: &mut Value) {
    let files = ["image/png", "image/jpeg", "application/pdf", "application/octet-stream"];
    if let Some(content) = content.as_object_mut().filter(|_| files.contains(&media_type)) {
        content.insert("schema".to_owned(), json!({ "type": "string", "format": "binary" }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_words_is_one() {
        let mut schema = json!({ "items": { "type": "string", "pattern": "^(in_progress|met)$" } });
        enumerate(&mut schema);
        assert_eq!(schema, json!({ "items": { "type": "string", "enum": ["in_progress", "met"] } }));
        let mut tag = json!({ "type": "string", "enum": ["email"] });
        enumerate(&mut tag);
        assert_eq!(tag, json!({ "type": "string", "const": "email" }));
        for other in ["^\\*$", "^[a-z]+$", "^(a|b*)$", "^(|a)$"] {
            let mut schema = json!({ "pattern": other });
            enumerate(&mut schema);
            assert_eq!(schema, json!({ "pattern": other }));
        }
    }

    #[test]
    fn a_tagged_choice_has_variants_with_names() {
        let variant = |tag: &str| json!({ "type": "object", "properties": { "type": { "enum": [tag] } } });
        let mut schemas = Map::from_iter([
            ("Rule".to_owned(), json!({ "oneOf": [variant("n_of"), variant("place")] })),
            ("Given".to_owned(), json!({ "oneOf": [{ "$ref": "#/a" }, { "type": "string" }] })),
        ]);
        name_variants(&mut schemas);
        assert_eq!(schemas["NOfRule"], variant("n_of"));
        assert_eq!(schemas["Rule"]["oneOf"][1]["$ref"], "#/components/schemas/PlaceRule");
        let told = &schemas["Rule"]["discriminator"];
        assert_eq!(told["mapping"]["n_of"], "#/components/schemas/NOfRule");
        assert_eq!(schemas["Given"].get("discriminator"), None);
        assert_eq!(schemas.len(), 4);
    }
}
