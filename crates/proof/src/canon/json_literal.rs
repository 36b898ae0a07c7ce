//! The lexical form of an `rdf:JSON` literal: RFC 8785 (JCS), for values whose
//! numbers every processor writes alike.

use serde_json::{Number, Value};

/// Writes `value`; a number too small for plain decimals comes back as the error.
pub(super) fn write(value: &Value, out: &mut String) -> Result<(), Number> {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            // RFC 8785 section 3.2.3: by UTF-16 code units.
            sorted.sort_by(|left, right| left.0.encode_utf16().cmp(right.0.encode_utf16()));
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
        Value::Number(number) => out.push_str(&decimal(number)?),
        plain => out.push_str(&plain.to_string()),
    }
    Ok(())
}

/// ECMAScript writes exponents below 10^-6 and from 10^21 only.
fn decimal(number: &Number) -> Result<String, Number> {
    match number.as_f64() {
        Some(0.0) => Ok("0".to_owned()),
        Some(value) if number.is_f64() && value.abs() >= 1e-6 => Ok(value.to_string()),
        _ if number.is_f64() => Err(number.clone()),
        _ => Ok(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16_and_numbers_are_plain() {
        let value = json!({"\u{e000}": 1, "😀": [1.0, -0.0, 0.000_001, 6.5, null, true], "a": {"z\n\u{1}": "é\"", "b": {}}});
        let mut out = String::new();
        write(&value, &mut out).unwrap();
        assert_eq!(
            out,
            "{\"a\":{\"b\":{},\"z\\n\\u0001\":\"é\\\"\"},\"😀\":[1,0,0.000001,6.5,null,true],\"\u{e000}\":1}"
        );
        assert!(write(&json!([1e-7]), &mut out).is_err());
    }
}
