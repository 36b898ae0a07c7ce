//! The JSON Schema of a completion, with the limits that the reader keeps.

use serde_json::{Value, json};

use crate::cpd::MOST_CREDIT;
use crate::ob::ResultType;
use crate::parse::{
    LONGEST_LINE, LONGEST_NAME, LONGEST_NARRATIVE, LONGEST_URL, MODES, MOST_EVIDENCE, MOST_IDENTIFIERS,
    MOST_MEMBERS, MOST_RESULTS,
};
use crate::schema::generate::DIALECT;

/// The schema of a completion as a provider posts it. The reader says more:
/// that dates exist and are in order, that no identifier is given twice.
pub fn schema() -> Value {
    let modes: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
    let mut schema = object(
        &[
            ("learner", learner()),
            (
                "achievement",
                json!({
                    "description": "The achievement's short name in the catalogue.",
                    "type": "string", "maxLength": 80, "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
                }),
            ),
            (
                "completedAt",
                json!({
                    "description": "When it was finished; a plain date is the beginning of that day in UTC.",
                    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
                }),
            ),
            (
                "startedOn",
                json!({"description": "First day of the learning.", "type": "string", "format": "date"}),
            ),
            ("deliveryMode", json!({"description": "How it was delivered.", "enum": modes})),
            ("results", list("What was measured.", MOST_RESULTS, &result())),
            ("credit", credit()),
            ("evidence", list("What shows it.", MOST_EVIDENCE, &evidence())),
            ("cohort", line("The cohort, as the provider names it.")),
            ("reference", line("The provider's own reference: unique among its completions.")),
        ],
        &["learner", "achievement", "completedAt"],
    );
    about(&mut schema, "A provider's statement that a learner finished an achievement.");
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$schema".to_owned(), json!(DIALECT));
        schema.insert("title".to_owned(), json!("Completion"));
    }
    schema
}

fn object(properties: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn list(description: &str, most: usize, items: &Value) -> Value {
    json!({"description": description, "type": "array", "maxItems": most, "items": items})
}

fn line(description: &str) -> Value {
    json!({"description": description, "type": "string", "minLength": 1, "maxLength": LONGEST_LINE})
}

fn about(schema: &mut Value, description: &str) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(description));
    }
}

fn learner() -> Value {
    let name = json!({
        "description": "The name as it should stand on the badge.",
        "type": "string", "minLength": 1, "maxLength": LONGEST_NAME,
    });
    let identifiers = json!({
        "description": "One or more; of each kind and scope at most one.",
        "type": "array", "minItems": 1, "maxItems": MOST_IDENTIFIERS,
        "items": {"oneOf": identifiers()},
    });
    let member = json!({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME});
    let members = json!({
        "description": "The names of its members, where they are to stand on the badge.",
        "type": "array", "maxItems": MOST_MEMBERS, "uniqueItems": true, "items": member,
    });
    let mut group = object(&[("members", members)], &[]);
    about(&mut group, "Makes the learner a team or a board; may be empty.");
    object(&[("name", name), ("identifiers", identifiers), ("group", group)], &["name", "identifiers"])
}

fn identifiers() -> [Value; 4] {
    let number = || json!({"type": "string", "maxLength": 40, "pattern": r"^\s*[A-Za-z0-9._/-]+\s*$"});
    let email = json!({"type": "string", "maxLength": 254, "pattern": r"^\s*[^@\s]+@[^@\s]+\s*$"});
    let did = json!({
        "type": "string", "maxLength": LONGEST_URL,
        "pattern": r"^\s*did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]\s*$",
    });
    let kind = |kind: &str| json!({"const": kind});
    let mut all = [
        object(&[("type", kind("email")), ("value", email)], &["type", "value"]),
        object(
            &[
                ("type", kind("staffNumber")),
                ("value", number()),
                ("organisation", line("The employing organisation: its ODS code or name.")),
            ],
            &["type", "value", "organisation"],
        ),
        object(
            &[
                ("type", kind("professionalRegistration")),
                ("value", number()),
                ("body", line("The professional body, such as FEDIP or NMC.")),
            ],
            &["type", "value", "body"],
        ),
        object(&[("type", kind("did")), ("value", did)], &["type", "value"]),
    ];
    let descriptions = [
        "An email address.",
        "A staff number, which means something only within an organisation.",
        "A registration with a professional body.",
        "A decentralised identifier the learner controls.",
    ];
    for (schema, description) in all.iter_mut().zip(descriptions) {
        about(schema, description);
    }
    all
}

fn result() -> Value {
    let result_type = json!({
        "description": "OB 3.0 ResultType.",
        "anyOf": [
            {"enum": ResultType::CHOICE.values},
            {"type": "string", "pattern": "^ext:[A-Za-z0-9._][A-Za-z0-9._-]*$"},
        ],
    });
    let properties = [
        ("name", line("What was measured.")),
        ("value", line("The value reached.")),
        ("resultType", result_type),
    ];
    object(&properties, &["name", "value", "resultType"])
}

fn credit() -> Value {
    let amount = json!({
        "description": "At most two decimal places.",
        "anyOf": [
            {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*$"},
            {"type": "number", "minimum": 0, "maximum": MOST_CREDIT},
        ],
    });
    let unit = json!({
        "description": "Units never mix.",
        "type": "string", "pattern": r"^\s*(hours|points|credits:[a-z][a-z0-9-]*)\s*$",
    });
    let mut credit = object(&[("amount", amount), ("unit", unit)], &["amount", "unit"]);
    about(&mut credit, "Credit earned, where it differs from what the achievement carries.");
    credit
}

fn evidence() -> Value {
    let url = json!({"type": "string", "maxLength": LONGEST_URL, "pattern": r"^\s*https://"});
    let narrative = json!({"type": "string", "minLength": 1, "maxLength": LONGEST_NARRATIVE});
    let mut evidence = object(&[("url", url), ("name", line("Its name.")), ("narrative", narrative)], &[]);
    if let Some(evidence) = evidence.as_object_mut() {
        evidence.insert("anyOf".to_owned(), json!([{"required": ["url"]}, {"required": ["narrative"]}]));
    }
    evidence
}
