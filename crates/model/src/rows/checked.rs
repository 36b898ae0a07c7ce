//! A row of a batch of credentials to be checked.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::field::FieldError;
use crate::rows::Stated;
use crate::rows::column::{Fields, Header};

/// Something to be checked, and what is expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCheck {
    /// The thing.
    pub what: What,
    /// Whose it should be.
    pub recipient: Option<String>,
}

/// What was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A credential or presentation as text: JSON, a token, or an SVG.
    Text(String),
    /// The address of one.
    Url(String),
}

/// A row that names its parts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    credential: Option<Value>,
    url: Option<String>,
    recipient: Option<String>,
}

impl What {
    /// An address, or else what it is.
    fn of(text: &str) -> Self {
        let is_json = text.starts_with('{');
        let address = !is_json && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if address { Self::Url(text.to_owned()) } else { Self::Text(text.to_owned()) }
    }
}

impl ToCheck {
    /// What a line of NDJSON is read as, for a [`RowReader`](crate::rows::RowReader): its text,
    /// since whoever checks a credential reads it strictly, and once is enough.
    pub fn line(text: &[u8]) -> Result<Value, String> {
        std::str::from_utf8(text).map(|text| text.trim().into()).map_err(|_| "is not UTF-8".to_owned())
    }

    fn of_named(named: Named) -> Result<Self, Vec<FieldError>> {
        let what = match (named.credential, named.url) {
            (Some(Value::String(text)), None) => What::of(text.trim()),
            (Some(credential), None) => What::Text(credential.to_string()),
            (None, Some(url)) => What::Url(url),
            _ => return Err(vec![neither()]),
        };
        Ok(Self { what, recipient: named.recipient })
    }
}

impl Stated for ToCheck {
    const HEADER: Header = Header {
        columns: &["credential", "url", "recipient"],
        needed: &[],
        one_of: &["credential", "url"],
        what: "says what to check",
    };

    fn of_columns(row: &Fields<'_>) -> Result<Self, Vec<FieldError>> {
        let what = match (row.field("credential"), row.field("url")) {
            (Some(text), None) => What::of(text),
            (None, Some(url)) => What::Url(url.to_owned()),
            _ => return Err(vec![neither()]),
        };
        Ok(Self { what, recipient: row.field("recipient").map(str::to_owned) })
    }

    /// `document` is what [`ToCheck::line`] made of a line.
    fn of_json(document: &Value) -> Result<Self, Vec<FieldError>> {
        let text = document.as_str().unwrap_or_default();
        // The first member of a credential that is none of these ends the attempt.
        if text.starts_with(['{', '['])
            && !begins_with_context(text)
            && let Ok(named) = serde_json::from_str::<Named>(text)
        {
            return Self::of_named(named);
        }
        let inner = text.starts_with('"').then(|| serde_json::from_str::<String>(text).ok()).flatten();
        let what = inner.map_or_else(|| What::of(text), |inner| What::of(inner.trim()));
        Ok(Self { what, recipient: None })
    }
}

/// Most lines do, and none of them names its parts: that need not be tried.
fn begins_with_context(text: &str) -> bool {
    text.strip_prefix('{').is_some_and(|inside| inside.trim_ascii_start().starts_with(r#""@context""#))
}

fn neither() -> FieldError {
    FieldError::new("", "one-thing", "has not just one of `credential` and `url`", "one of them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Format, RowReader};

    fn rows(format: Format, text: &str) -> Vec<Result<ToCheck, Vec<FieldError>>> {
        let mut reader: RowReader<ToCheck> = RowReader::new(format, ToCheck::line);
        // Cut anywhere.
        let mut rows: Vec<_> = text.as_bytes().chunks(7).flat_map(|piece| reader.push(piece)).collect();
        rows.extend(reader.finish());
        rows.into_iter().map(|row| row.result).collect()
    }

    fn text(text: &str) -> ToCheck {
        ToCheck { what: What::Text(text.to_owned()), recipient: None }
    }

    fn url(url: &str) -> ToCheck {
        ToCheck { what: What::Url(url.to_owned()), recipient: None }
    }

    #[test]
    fn a_line_is_a_credential_a_token_an_address_or_names_one() {
        let address = "https://a.example.org/badges/1";
        let lines = format!(
            "{{\"@context\": [], \"id\": \"x\"}}\n\n\"a.b.c\"\na.b.c\n\"{address}\"\n{address}\n{{\"url\": \
             \"{address}\"}}\n{{\"credential\": {{\"id\": 1.50}}, \"recipient\": \"Alex\"}}\n{{\"credential\": \
             \"a.b.c\"}}\n{{\"url\": 1}}\n{{}}\n{{\"url\": \"{address}\", \"credential\": \"a.b.c\"}}\nnonsense"
        );
        let recipient = Some("Alex".to_owned());
        let alex = ToCheck { what: What::Text("{\"id\":1.5}".to_owned()), recipient };
        let one_thing = || Err(vec![neither()]);
        assert_eq!(
            rows(Format::Ndjson, &lines),
            [
                Ok(text("{\"@context\": [], \"id\": \"x\"}")),
                Ok(text("a.b.c")),
                Ok(text("a.b.c")),
                Ok(url(address)),
                Ok(url(address)),
                Ok(url(address)),
                Ok(alex),
                Ok(text("a.b.c")),
                // What it is, the verifier says.
                Ok(text("{\"url\": 1}")),
                one_thing(),
                one_thing(),
                Ok(text("nonsense")),
            ]
        );
    }

    #[test]
    fn a_table_has_a_column_for_either() {
        let address = "https://a.example.org/badges/1";
        let table = format!(
            "url,credential,recipient\n{address},,Alex\n,\"{{\"\"id\"\": 1}}\",\n,{address},\n,,Alex\n{address},x,\n"
        );
        let rows = rows(Format::Csv, &table);
        let recipient = Some("Alex".to_owned());
        assert_eq!(rows[0], Ok(ToCheck { what: What::Url(address.to_owned()), recipient }));
        assert_eq!(rows[1], Ok(text("{\"id\": 1}")));
        assert_eq!(rows[2], Ok(url(address)));
        assert_eq!(rows[3..], [Err(vec![neither()]), Err(vec![neither()])]);
        assert!(self::rows(Format::Csv, "recipient\nAlex\n")[0].is_err());
    }
}
