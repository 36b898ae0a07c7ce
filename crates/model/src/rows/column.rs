//! The columns of a CSV batch, and a row of them as a completion.

use serde_json::{Map, Value, json};

use crate::completion::Completion;
use crate::field::FieldError;
use crate::parse::{self, nearest};

/// Every column there may be.
pub(super) const COLUMNS: [&str; 20] = [
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

/// The columns that a header names, in its order.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: Vec<&'static str>,
    decimal_comma: bool,
}

impl Columns {
    /// Reads a header. With semicolons between fields a decimal comma is usual.
    pub(super) fn of(header: &[&str], decimal_comma: bool) -> Result<Self, Vec<FieldError>> {
        // A header that ends with a separator has no column there.
        let last = header.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |last| last + 1);
        let header = header.get(..last).unwrap_or_default();
        let known = || format!("these columns: {}", COLUMNS.join(", "));
        if header.is_empty() {
            let expected = format!("a header with {}", known());
            return Err(vec![FieldError::new("", "empty", "is empty", expected)]);
        }
        let mut names: Vec<&'static str> = Vec::with_capacity(header.len());
        let mut faults = Vec::new();
        for stated in header {
            let name = folded(stated);
            let column = COLUMNS.iter().find(|column| **column == name);
            match column {
                Some(column) if names.contains(column) => {
                    let detail = format!("the header has `{column}` twice");
                    faults.push(FieldError::new(format!("/{column}"), "twice", detail, "each column once"));
                }
                Some(column) => names.push(column),
                None => {
                    let shown: String = stated.trim().chars().take(40).collect();
                    let expected = nearest(&name, &COLUMNS).map_or_else(known, |near| {
                        format!("`{near}`, if that is what is meant; or {}", known())
                    });
                    let detail = format!("`{shown}` is not a known column");
                    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                    faults.push(FieldError::new(pointer, "unknown-column", detail, expected));
                }
            }
        }
        for needed in NEEDED.iter().filter(|needed| !names.contains(needed)) {
            let detail = format!("the header has no column `{needed}`");
            faults.push(FieldError::new(format!("/{needed}"), "missing-column", detail, known()));
        }
        if !IDENTIFIERS.iter().any(|column| names.contains(column)) {
            let detail = "the header has no column that identifies the learner";
            let expected = format!("one or more of {}", IDENTIFIERS.join(", "));
            faults.push(FieldError::new("", "missing-column", detail, expected));
        }
        if faults.is_empty() { Ok(Self { names, decimal_comma }) } else { Err(faults) }
    }

    /// Reads one row.
    pub(super) fn completion(&self, fields: &[&str]) -> Result<Completion, Vec<FieldError>> {
        let surplus = fields.get(self.names.len()..).unwrap_or_default();
        if fields.len() < self.names.len() || surplus.iter().any(|field| !field.trim().is_empty()) {
            let detail = format!("has {} fields where the header has {}", fields.len(), self.names.len());
            let expected = "one field for each column; is a quotation mark missing around a field?";
            return Err(vec![FieldError::new("", "wrong-length", detail, expected)]);
        }
        let mut document = Document { columns: self, fields, paths: Vec::new() };
        let value = document.build();
        parse::completion(&value)
            .map_err(|faults| faults.into_iter().map(|fault| document.at_column(fault)).collect())
    }
}

/// A column's name without case, and spaces and hyphens as underscores.
fn folded(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '\u{FEFF}'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

/// A row being put together as JSON, remembering which column each part is from.
struct Document<'a> {
    columns: &'a Columns,
    fields: &'a [&'a str],
    paths: Vec<(String, &'static str)>,
}

impl Document<'_> {
    /// What the column says; `None` where it is blank or not there.
    fn field(&self, column: &str) -> Option<&str> {
        let at = self.columns.names.iter().position(|name| *name == column)?;
        self.fields.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
    }

    /// An object of columns at `path`, if any of them says something.
    fn object(&mut self, path: &str, members: &[(&str, &'static str)]) -> Map<String, Value> {
        let mut object = Map::new();
        for (member, column) in members {
            self.paths.push((format!("{path}/{member}"), column));
            if let Some(field) = self.field(column) {
                let field = match *column {
                    "credit_amount" if self.columns.decimal_comma => field.replace(',', "."),
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
            let says_something = members.iter().any(|(_, column)| self.field(column).is_some());
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
