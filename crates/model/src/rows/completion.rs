//! A row of a CSV batch as a completion.

use serde_json::{Map, Value, json};

use crate::completion::Completion;
use crate::field::FieldError;
use crate::parse;
use crate::rows::Stated;
use crate::rows::column::{Fields, Header, folded};

/// Every column there may be.
const COLUMNS: [&str; 20] = [
    "name",
    "email",
    "staff_number",
    "organisation",
    "registration_number",
    "registration_body",
    "did",
    "achievement",
    "completed_at",
    "started_on",
    "delivery_mode",
    "credit_amount",
    "credit_unit",
    "result_name",
    "result_value",
    "result_type",
    "evidence_url",
    "evidence_name",
    "cohort",
    "reference",
];
const NEEDED: [&str; 3] = ["name", "achievement", "completed_at"];
const IDENTIFIERS: [&str; 4] = ["email", "staff_number", "registration_number", "did"];

impl Stated for Completion {
    const HEADER: Header =
        Header { columns: &COLUMNS, needed: &NEEDED, one_of: &IDENTIFIERS, what: "identifies the learner" };

    fn of_columns(row: &Fields<'_>) -> Result<Self, Vec<FieldError>> {
        let mut document = Document { row, paths: Vec::new() };
        let value = document.build();
        parse::completion(&value)
            .map_err(|faults| faults.into_iter().map(|fault| document.at_column(fault)).collect())
    }

    fn of_json(document: &Value) -> Result<Self, Vec<FieldError>> {
        parse::completion(document)
    }
}

/// A row being put together as JSON, remembering which column each part is from.
struct Document<'a> {
    row: &'a Fields<'a>,
    paths: Vec<(String, &'static str)>,
}

impl Document<'_> {
    /// An object of columns at `path`, if any of them says something.
    fn object(&mut self, path: &str, members: &[(&str, &'static str)]) -> Map<String, Value> {
        let mut object = Map::new();
        for (member, column) in members {
            self.paths.push((format!("{path}/{member}"), column));
            if let Some(field) = self.row.field(column) {
                let field = match *column {
                    "credit_amount" if self.row.has_decimal_commas() => field.replace(',', "."),
                    "delivery_mode" => folded(field).replace('_', "-"),
                    "credit_unit" => field.to_lowercase(),
                    _ => field.to_owned(),
                };
                object.insert((*member).to_owned(), Value::String(field));
            }
        }
        object
    }

    fn build(&mut self) -> Value {
        let mut document = self.object(
            "",
            &[
                ("achievement", "achievement"),
                ("completedAt", "completed_at"),
                ("startedOn", "started_on"),
                ("deliveryMode", "delivery_mode"),
                ("cohort", "cohort"),
                ("reference", "reference"),
            ],
        );
        let mut learner = self.object("/learner", &[("name", "name")]);
        learner.insert("identifiers".to_owned(), self.identifiers());
        document.insert("learner".to_owned(), Value::Object(learner));
        let credit = self.object("/credit", &[("amount", "credit_amount"), ("unit", "credit_unit")]);
        if !credit.is_empty() {
            document.insert("credit".to_owned(), Value::Object(credit));
        }
        let result = self.object(
            "/results/0",
            &[("name", "result_name"), ("value", "result_value"), ("resultType", "result_type")],
        );
        if !result.is_empty() {
            document.insert("results".to_owned(), json!([result]));
        }
        let evidence = self.object("/evidence/0", &[("url", "evidence_url"), ("name", "evidence_name")]);
        if !evidence.is_empty() {
            self.paths.push(("/evidence/0".to_owned(), "evidence_url"));
            document.insert("evidence".to_owned(), json!([evidence]));
        }
        Value::Object(document)
    }

    fn identifiers(&mut self) -> Value {
        type Members = &'static [(&'static str, &'static str)];
        const KINDS: [(&str, Members); 4] = [
            ("email", &[("value", "email")]),
            ("staffNumber", &[("value", "staff_number"), ("organisation", "organisation")]),
            ("professionalRegistration", &[("value", "registration_number"), ("body", "registration_body")]),
            ("did", &[("value", "did")]),
        ];
        let mut identifiers = Vec::new();
        for (kind, members) in KINDS {
            let says_something = members.iter().any(|(_, column)| self.row.field(column).is_some());
            if says_something {
                let mut identifier =
                    self.object(&format!("/learner/identifiers/{}", identifiers.len()), members);
                identifier.insert("type".to_owned(), json!(kind));
                identifiers.push(Value::Object(identifier));
            }
        }
        Value::Array(identifiers)
    }

    /// The fault, pointing at its column. Without any identifier it points at
    /// the whole row.
    fn at_column(&self, fault: FieldError) -> FieldError {
        if fault.pointer == "/learner/identifiers" {
            let detail = "no column that identifies the learner is filled in";
            let expected = format!("one or more of {}", IDENTIFIERS.join(", "));
            return FieldError::new("", fault.code, detail, expected);
        }
        let found = self.paths.iter().find(|(path, _)| *path == fault.pointer);
        let pointer = found.map_or_else(|| fault.pointer.clone(), |(_, column)| format!("/{column}"));
        FieldError { pointer, ..fault }
    }
}
