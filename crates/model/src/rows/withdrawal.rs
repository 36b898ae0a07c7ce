//! A row of a batch as a withdrawal: which completion, and why.

use serde_json::{Map, Value};

use crate::completion::StatedWithdrawal;
use crate::field::FieldError;
use crate::parse;
use crate::rows::Stated;
use crate::rows::column::{Fields, Header};

const COLUMNS: [&str; 3] = ["reference", "completion", "reason"];

impl Stated for StatedWithdrawal {
    const HEADER: Header = Header {
        columns: &COLUMNS,
        needed: &["reason"],
        one_of: &["reference", "completion"],
        what: "says which completion",
    };

    fn of_columns(row: &Fields<'_>) -> Result<Self, Vec<FieldError>> {
        let stated = |column: &&str| Some(((*column).to_owned(), Value::from(row.field(column)?)));
        let members: Map<String, Value> = COLUMNS.iter().filter_map(stated).collect();
        parse::withdrawal(&Value::Object(members))
    }

    fn of_json(document: &Value) -> Result<Self, Vec<FieldError>> {
        parse::withdrawal(document)
    }
}
