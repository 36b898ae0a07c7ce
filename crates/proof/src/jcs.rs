//! JSON Canonicalization Scheme (RFC 8785).

use serde_json::{Number, Value};

/// The largest integer that every JSON reader takes exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A number that two readers could take for different values: beyond 2^53, where
/// many decimals share one double. The document's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not within -(2^53-1) and 2^53-1, where every number is read alike; send it as a string")]
pub struct JcsError(pub Number);

/// The canonical text of `value`. That no member is given twice is seen to by
/// [`json::parse`](crate::json::parse), before there is a value.
pub fn canonicalise(value: &Value) -> Result<String, JcsError> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

/// Appends the canonical text of `value`.
pub(crate) fn write(value: &Value, out: &mut String) -> Result<(), JcsError> {
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
            Ok(())
        }
        Value::Object(members) => write_members(members.iter(), out),
        Value::Number(number) => {
            out.push_str(&decimal(number)?);
            Ok(())
        }
        plain => {
            out.push_str(&plain.to_string());
            Ok(())
        }
    }
}

/// Appends the canonical text of an object of these members.
pub(crate) fn write_members<'a>(
    members: impl Iterator<Item = (&'a String, &'a Value)>,
    out: &mut String,
) -> Result<(), JcsError> {
    let mut sorted: Vec<(&String, &Value)> = members.collect();
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
    Ok(())
}

/// A number as ECMAScript writes it (RFC 8785 section 3.2.2.3): with an
/// exponent below 10^-6 only, since numbers from 10^21 are refused.
fn decimal(number: &Number) -> Result<String, JcsError> {
    let value = number.as_f64().filter(|value| value.abs() <= MAX_SAFE_INTEGER);
    match value {
        None => Err(JcsError(number.clone())),
        // Minus zero is zero.
        Some(0.0) => Ok("0".to_owned()),
        Some(small) if small.abs() < 1e-6 => Ok(format!("{small:e}")),
        Some(value) => Ok(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16_and_numbers_are_those_of_ecmascript() {
        let value = json!({"\u{e000}": 1, "😀": [1.0, -0.0, 0.000_001, 6.5, null, true], "a": {"z\n\u{1}": "é\"", "b": {}}});
        assert_eq!(
            canonicalise(&value).unwrap(),
            "{\"a\":{\"b\":{},\"z\\n\\u0001\":\"é\\\"\"},\"😀\":[1,0,0.000001,6.5,null,true],\"\u{e000}\":1}"
        );
        // RFC 8785 appendix B, as far as the numbers are within the limits.
        for (value, written) in [
            (5e-324, "5e-324"),
            (-5e-324, "-5e-324"),
            (1.5e-7, "1.5e-7"),
            (333_333_333.333_333_3, "333333333.3333333"),
            (-0.000_003_333_333_333_333_333_3, "-0.0000033333333333333333"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ] {
            assert_eq!(canonicalise(&json!(value)).unwrap(), written);
        }
    }

    #[test]
    fn numbers_that_others_read_otherwise_are_refused() {
        for value in [
            json!(9_007_199_254_740_992_i64),
            json!(-9_007_199_254_740_993_i64),
            json!(1e21),
            json!(u64::MAX),
        ] {
            assert!(canonicalise(&json!([value])).is_err(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_back(value in -9e15_f64..9e15) {
            let text = canonicalise(&json!(value)).unwrap();
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }
}
