//! Literals of plain JSON values (JSON-LD 1.1 API section 8.2.2).

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::CanonError;
use super::rdf::{Part, RDF_JSON, RDF_LANG_STRING, XSD_BOOLEAN, XSD_DOUBLE, XSD_INTEGER, XSD_STRING};
use super::safe::refuse;
use crate::jcs;
use crate::pointer::Pointer;

/// The largest integer that every JSON reader takes exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
/// Every JSON reader takes so many digits for the same number, and every
/// processor writes them back alike.
const MAX_DIGITS: usize = 15;

/// A string, number or boolean, of the given datatype or of its own.
pub(super) fn plain<'a>(
    value: &'a Value,
    datatype: Option<Cow<'a, str>>,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
    let (value, own): (Cow<'a, str>, _) = match value {
        // jsonld.js parses such a text as a number and writes it anew.
        Value::String(_) if datatype.as_deref() == Some(XSD_DOUBLE) => {
            return refuse(at, "a text is not taken for a number by all processors; send a number");
        }
        Value::String(text) => (text.into(), XSD_STRING),
        Value::Bool(value) => (if *value { "true" } else { "false" }.into(), XSD_BOOLEAN),
        Value::Number(number) => {
            exact(number, at)?;
            let minus_zero = number.as_f64().is_some_and(|value| value == 0.0 && value.is_sign_negative());
            if minus_zero && datatype.as_deref() == Some(XSD_DOUBLE) {
                return refuse(at, "minus zero is not written alike by all processors; send zero");
            }
            match integer(number).filter(|_| datatype.as_deref() != Some(XSD_DOUBLE)) {
                Some(integer) => (integer.into(), XSD_INTEGER),
                None => (scientific(number).into(), XSD_DOUBLE),
            }
        }
        _ => return refuse(at, "must be a string, a number or a boolean"),
    };
    Ok(Part::Literal { value, datatype: datatype.unwrap_or(own.into()), language: None })
}

/// A string in a language.
pub(super) fn in_language(text: &str, language: String) -> Part<'_> {
    Part::Literal { value: text.into(), datatype: RDF_LANG_STRING.into(), language: Some(language) }
}

/// A whole JSON value as one literal.
pub(super) fn json<'a>(value: &Value, at: &Pointer<'_>) -> Result<Part<'a>, CanonError> {
    let mut text = String::new();
    jcs::write(value, &mut text).or_else(|error| refuse(at, error.to_string()))?;
    Ok(Part::Literal { value: text.into(), datatype: RDF_JSON.into(), language: None })
}

/// Refuses a number that processors write differently.
fn exact(number: &Number, at: &Pointer<'_>) -> Result<(), CanonError> {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.trim_start_matches(['-', '0', '.']).chars().filter(char::is_ascii_digit).count();
    let within = number.as_f64().is_some_and(|value| value.abs() <= MAX_SAFE_INTEGER);
    // jsonld.js takes a number for an integer if JavaScript writes it without a
    // decimal point, as it does `1e-7` but not `1.5e-7`, and would sign zero.
    let lost = number.as_f64().is_some_and(|value| value.abs() < 1e-6 && value != 0.0)
        && !scientific_digits(number).contains('.');
    if within && !lost && (!number.is_f64() || digits <= MAX_DIGITS) {
        Ok(())
    } else {
        refuse(at, format!("{text} is not written alike by all processors; send it as a string"))
    }
}

/// The number without a fraction, if it has none.
fn integer(number: &Number) -> Option<String> {
    match number.as_f64().filter(|_| number.is_f64()) {
        None => Some(number.to_string()),
        // Minus zero is zero.
        Some(0.0) => Some("0".to_owned()),
        Some(value) => (value.fract() == 0.0).then(|| format!("{value:.0}")),
    }
}

fn scientific_digits(number: &Number) -> String {
    format!("{:E}", number.as_f64().unwrap_or_default())
}

/// The canonical form of `xsd:double`: `6.5E0`, `7.0E0`.
fn scientific(number: &Number) -> String {
    let text = scientific_digits(number);
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}
