//! What every operation must state, so that clients made from the description have good names and
//! types. A new endpoint that states less is named here, with what is missing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// With every endpoint there is.
fn whole() -> Value {
    let site = Site::new("https://badges.example.org", "nhs-digital-academy".parse().unwrap()).unwrap();
    document(&site, Duration::from_mins(30), true)
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((format!("{method} {path}"), operation));
        }
    }
    assert!(operations.len() > 90);
    operations
}

/// The component that a reference names.
fn follow<'a>(document: &'a Value, member: &'a Value) -> &'a Value {
    match member["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => member,
    }
}

fn is_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_operation_has_an_id_of_a_verb_and_what_it_acts_on() {
    let document = whole();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (operation, described) in operations(&document) {
        let id = described["operationId"].as_str().unwrap();
        let is_name = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.contains(|c: char| c.is_ascii_uppercase())
            && id.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_name {
            faults.push(format!("{operation}: `operation_id = \"{id}\"` is not like `postCompletion`"));
        }
        if !seen.insert(id.to_lowercase()) {
            faults.push(format!("{operation}: another operation has the id {id}"));
        }
    }
    is_none(&faults);
}

#[test]
fn every_operation_says_what_it_does_and_where_it_belongs() {
    let document = whole();
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut faults = Vec::new();
    for (operation, described) in operations(&document) {
        if described["summary"].as_str().is_none_or(|summary| summary.trim().is_empty()) {
            faults.push(format!("{operation}: there is no summary, the first line of its documentation"));
        }
        let own = described["tags"].as_array().unwrap();
        if own.len() != 1 || !tags.contains(&&own[0]) {
            faults.push(format!("{operation}: `tag` must be one of those at the head of this module"));
        }
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{operation}: the parameter {} is not described", parameter["name"]));
            }
        }
    }
    is_none(&faults);
}

/// Whether a client gets a type by a name: a component, an array of them, or a choice among them.
fn has_name(schema: &Value) -> bool {
    let each = schema["oneOf"].as_array();
    schema["$ref"].is_string()
        || schema.get("items").is_some_and(has_name)
        || each.is_some_and(|each| each.iter().all(has_name))
}

#[test]
fn every_body_of_json_or_of_a_form_has_a_name() {
    let document = whole();
    let mut faults = Vec::new();
    for (operation, described) in operations(&document) {
        let answers = described["responses"].as_object().unwrap();
        let answers = answers.iter().map(|(status, answer)| (status.as_str(), answer));
        for (part, body) in answers.chain([("the request", &described["requestBody"])]) {
            for (media_type, content) in follow(&document, body)["content"].as_object().into_iter().flatten()
            {
                let is_typed = media_type.ends_with("json")
                    && !media_type.ends_with("ndjson")
                    && !media_type.starts_with("text/")
                    || media_type == "application/vc"
                    || media_type.contains("form");
                if is_typed && !has_name(&content["schema"]) {
                    faults.push(format!("{operation}: {part} as {media_type} has no type of `wire`"));
                } else if content["schema"] == serde_json::json!({}) || content["schema"].is_null() {
                    faults.push(format!("{operation}: {part} as {media_type} says nothing"));
                }
            }
        }
    }
    is_none(&faults);
}

#[test]
fn every_refusal_is_a_problem_document_or_has_a_type_of_its_own() {
    let document = whole();
    let mut faults = Vec::new();
    for (operation, described) in operations(&document) {
        let path = operation.split_once(' ').unwrap().1;
        let answers = described["responses"].as_object().unwrap();
        if !answers.keys().any(|status| status.starts_with('2')) {
            faults.push(format!("{operation}: no answer is described"));
        }
        for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            let content = &follow(&document, answer)["content"];
            let (problem, other) = (&content["application/problem+json"], &content["application/json"]);
            let is_problem = problem["schema"]["$ref"] == "#/components/schemas/Problem";
            let is_own = has_own_errors(path, status) && has_name(&other["schema"]);
            if is_problem == is_own {
                faults.push(format!("{operation}: {status} has no body, or one that is nobody's"));
            }
        }
        for status in ["429", "500", "503"] {
            if !answers.contains_key(status) {
                faults.push(format!("{operation}: {status} is not described"));
            }
        }
        let for_clients = described["security"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one.get("oauth2").is_some()));
        if for_clients && !(answers.contains_key("401") && answers.contains_key("403")) {
            faults.push(format!("{operation}: it is for clients, and does not say how it refuses them"));
        }
    }
    is_none(&faults);
}

/// Objects that are open because another specification, or the topic, says what is in them.
const OPEN: [&str; 10] = [
    "ApiDescription",
    "AuthorizationServerMetadata",
    "CatalogueFile",
    "CredentialIssuerMetadata",
    "CredentialOffer",
    "CredentialTypeMetadata",
    "OutboxPayload",
    "VerifiableCredential",
    "VerifiablePresentation",
    "WalletCredentialRequest",
];

#[test]
fn every_component_says_what_its_members_are() {
    let document = whole();
    let mut faults = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let is_open = OPEN.contains(&name.as_str());
        unsaid(schema, name, is_open, &mut faults);
    }
    is_none(&faults);
}

fn unsaid(schema: &Value, at: &str, may_be_open: bool, faults: &mut Vec<String>) {
    let choices = ["oneOf", "anyOf", "allOf"].map(|name| schema[name].as_array());
    let choices: Vec<&Value> = choices.into_iter().flatten().flatten().collect();
    let is_said = schema["$ref"].is_string() || !schema["type"].is_null() || !choices.is_empty();
    let is_object = schema["type"].as_str() == Some("object");
    let has_members = schema["properties"].is_object() || schema["additionalProperties"].is_object();
    if !is_said || is_object && !has_members && !may_be_open {
        faults.push(format!("{at}: its `value_type` is open; give it a type of `wire`"));
    }
    if schema["type"] == "array" {
        unsaid(&schema["items"], &format!("{at}[]"), false, faults);
    }
    let members = schema["properties"].as_object().into_iter().flatten();
    members.for_each(|(name, member)| unsaid(member, &format!("{at}.{name}"), false, faults));
    if schema["oneOf"].is_array() && choices.iter().any(|choice| choice["properties"].is_object()) {
        faults
            .push(format!("{at}: a variant has no name, or the variants have no `type` to tell them apart"));
    }
    for choice in choices {
        unsaid(choice, at, false, faults);
    }
}

/// Makers of clients name a type's variables after it, and then cannot tell it from them.
#[test]
fn no_component_has_a_member_of_its_own_name() {
    let document = whole();
    let mut faults = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let members = schema["properties"].as_object().into_iter().flatten();
        for (member, _) in members.filter(|(member, _)| member.eq_ignore_ascii_case(name)) {
            faults.push(format!("{name}.{member}: call the type otherwise, such as `{name}List`"));
        }
    }
    is_none(&faults);
}

#[test]
fn a_badge_of_the_table_is_a_component_with_its_members() {
    let document = whole();
    let schemas = &document["components"]["schemas"];
    let badge = &schemas["AchievementCredential"];
    assert_eq!(badge["properties"]["issuer"]["$ref"], "#/components/schemas/Profile");
    assert_eq!(badge["properties"]["credentialSubject"]["$ref"], "#/components/schemas/AchievementSubject");
    assert_eq!(badge["properties"]["validFrom"]["format"], Value::Null, "it would be parsed, and changed");
    assert!(badge["required"].as_array().unwrap().contains(&"validFrom".into()));
    assert_eq!(schemas["Image"]["properties"]["type"]["const"], "Image");
    assert_eq!(schemas["Report"]["properties"]["verdict"]["enum"][2], "undetermined");
}

/// What is missing is written by `model`, and described here.
#[test]
fn what_is_missing_is_written_as_it_is_described() {
    use model::programme::{Group, Missing, WhyNot};
    let group = Group { letter: "A".to_owned(), name: Some("Options".to_owned()) };
    let (path, slug) = (|| "all_of[0]".to_owned(), || "user-centred-design".parse().unwrap());
    let place = Missing::Achievement {
        path: path(),
        achievement: slug(),
        or: vec![slug()],
        why_not: Some(WhyNot::OutsideWindow),
    };
    let written = [
        Missing::Prerequisite {
            path: path(),
            achievement: slug(),
            or: vec![slug()],
            why_not: Some(WhyNot::Revoked),
        },
        place.clone(),
        Missing::NOf { path: path(), n: 1, group: group.clone(), of: vec![slug()] },
        Missing::Choice { path: path(), n: 1, group, options: vec![vec![place]] },
    ];
    let schemas = whole()["components"]["schemas"].clone();
    for one in written {
        let one = serde_json::to_value(one).unwrap();
        let reference = &schemas["Missing"]["discriminator"]["mapping"][one["type"].as_str().unwrap()];
        let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
        let described = schemas[name]["properties"].as_object().unwrap();
        let names: BTreeSet<_> = one.as_object().unwrap().keys().collect();
        assert_eq!(names, described.keys().collect(), "{name}");
    }
}
