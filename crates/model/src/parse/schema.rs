//! The JSON Schema of a completion, with the limits that the reader keeps.

use serde_json::{Value, json};

use crate::cpd::MOST_CREDIT;
use crate::ob::ResultType;
use crate::parse::{
    LONGEST_LINE, LONGEST_NAME, LONGEST_NARRATIVE, LONGEST_URL, MODES, MOST_EVIDENCE, MOST_IDENTIFIERS,
    MOST_RESULTS,
};
use crate::schema::generate::DIALECT;

/// The schema of a completion as a provider posts it. The reader says more:
/// that dates exist and are in order, that no identifier is given twice.
pub fn schema() -> Value {
    let line = |about: &str| json!({"description": about, "type": "string", "minLength": 1, "maxLength": LONGEST_LINE});
    let modes: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
    let identifier = |kind: &str, about: &str, scope: Option<&str>, value: Value| {
        let mut schema = json!({
            "description": about,
            "type": "object",
            "properties": {"type": {"const": kind}, "value": value},
            "required": ["type", "value"],
            "additionalProperties": false,
        });
        if let (Some(scope), Some(schema)) = (scope, schema.as_object_mut()) {
            schema.insert("required".to_owned(), json!(["type", "value", scope]));
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert(scope.to_owned(), line("What the number means something within."));
            }
        }
        schema
    };
    let number = || json!({"type": "string", "maxLength": 40, "pattern": r"^[A-Za-z0-9._/-]+$"});
    json!({
        "$schema": DIALECT,
        "title": "Completion",
        "description": "A provider's statement that a learner finished an achievement.",
        "type": "object",
        "properties": {
            "learner": {
                "description": "Who.",
                "type": "object",
                "properties": {
                    "name": {
                        "description": "The name as it should stand on the badge.",
                        "type": "string", "minLength": 1, "maxLength": LONGEST_NAME,
                    },
                    "identifiers": {
                        "description": "One or more; of each kind and scope at most one.",
                        "type": "array", "minItems": 1, "maxItems": MOST_IDENTIFIERS,
                        "items": {"oneOf": [
                            identifier("email", "An email address.", None,
                                json!({"type": "string", "maxLength": 254, "pattern": "^[^@\\s]+@[^@\\s]+$"})),
                            identifier("staffNumber", "A staff number within an organisation.",
                                Some("organisation"), number()),
                            identifier("professionalRegistration", "A registration with a professional body.",
                                Some("body"), number()),
                            identifier("did", "A decentralised identifier the learner controls.", None,
                                json!({"type": "string", "maxLength": LONGEST_URL,
                                    "pattern": "^did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]$"})),
                        ]},
                    },
                },
                "required": ["name", "identifiers"],
                "additionalProperties": false,
            },
            "achievement": {
                "description": "The achievement's short name in the catalogue.",
                "type": "string", "maxLength": 80, "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            },
            "completedAt": {
                "description": "When it was finished; a plain date is the beginning of that day in UTC.",
                "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
            },
            "startedOn": {"description": "First day of the learning.", "type": "string", "format": "date"},
            "deliveryMode": {"description": "How it was delivered.", "enum": modes},
            "results": {
                "description": "What was measured.",
                "type": "array", "maxItems": MOST_RESULTS,
                "items": {
                    "type": "object",
                    "properties": {
                        "name": line("What was measured."),
                        "value": line("The value reached."),
                        "resultType": {
                            "description": "OB 3.0 ResultType.",
                            "anyOf": [
                                {"enum": ResultType::CHOICE.values},
                                {"type": "string", "pattern": "^ext:[A-Za-z0-9._][A-Za-z0-9._-]*$"},
                            ],
                        },
                    },
                    "required": ["name", "value", "resultType"],
                    "additionalProperties": false,
                },
            },
            "credit": {
                "description": "Credit earned, where it differs from what the achievement carries.",
                "type": "object",
                "properties": {
                    "amount": {
                        "description": "At most two decimal places.",
                        "anyOf": [
                            {"type": "string", "pattern": r"^\s*[0-9]{1,5}(\.[0-9]+)?\s*$"},
                            {"type": "number", "minimum": 0, "maximum": MOST_CREDIT},
                        ],
                    },
                    "unit": {
                        "description": "Units never mix.",
                        "type": "string", "pattern": "^(hours|points|credits:[a-z][a-z0-9-]*)$",
                    },
                },
                "required": ["amount", "unit"],
                "additionalProperties": false,
            },
            "evidence": {
                "description": "What shows it.",
                "type": "array", "maxItems": MOST_EVIDENCE,
                "items": {
                    "type": "object",
                    "properties": {
                        "url": {"type": "string", "maxLength": LONGEST_URL, "pattern": "^https://"},
                        "name": line("Its name."),
                        "narrative": {"type": "string", "minLength": 1, "maxLength": LONGEST_NARRATIVE},
                    },
                    "anyOf": [{"required": ["url"]}, {"required": ["narrative"]}],
                    "additionalProperties": false,
                },
            },
            "cohort": line("The cohort, as the provider names it."),
            "reference": line("The provider's own reference: unique among its completions."),
        },
        "required": ["learner", "achievement", "completedAt"],
        "additionalProperties": false,
    })
}
