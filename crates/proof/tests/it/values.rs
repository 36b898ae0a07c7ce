//! Values of every kind that JSON-LD makes a literal or an IRI of.

use proof::vocab::Coercion;
use serde_json::{Value, json};

use crate::active::{Active, Placed};
use crate::sample::Dice;

pub fn pick<'a, T>(dice: &mut Dice, from: &'a [T]) -> &'a T {
    &from[dice.below(from.len())]
}

/// One of the first rather than of the last, for the newest definitions stand
/// first, and those of the outermost context are many.
pub fn pick_early<'a, T>(dice: &mut Dice, from: &'a [T]) -> &'a T {
    let within = if dice.below(2) == 0 { from.len() } else { 1 + dice.below(from.len().min(8)) };
    &from[dice.below(within)]
}

/// An IRI, or a compact one where a prefix is defined.
pub fn iri(dice: &mut Dice, active: &Active) -> String {
    let prefixes: Vec<&str> = active
        .terms()
        .iter()
        .filter(|placed| placed.term.is_prefix())
        .map(|placed| placed.term.name)
        .collect();
    if !prefixes.is_empty() && dice.below(3) == 0 {
        return format!("{}:{}", pick(dice, &prefixes), pick(dice, &["thing", "a/b?c", "//x.example.org/"]));
    }
    // Few different ones, so that several nodes have the same name now and then.
    let known = [
        "https://example.org/a",
        "https://example.org/b?c=d&e#f",
        "https://beispiel.example.org/straße/%C3%A9",
        "urn:uuid:2f1c0a52-6c0e-4f3f-9d5e-0d6c8a3f6b11",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#key",
        "mailto:a@example.org",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "xsd:string",
        "custom:scheme",
    ];
    (*pick(dice, &known)).to_owned()
}

pub fn text(dice: &mut Dice) -> Value {
    let texts = [
        "Siân",
        "",
        "مثال",
        "plain",
        "🦉 \u{10ffff}",
        "tab\t newline\n return\r quote\" backslash\\ \u{0}\u{1}\u{8}\u{c}\u{7f}\u{80}\u{85}",
        "https://example.org/a",
        "2026-05-01T09:00:00Z",
        "6.5",
        "name",
    ];
    json!(pick(dice, &texts))
}

pub fn number(dice: &mut Dice) -> Value {
    let numbers = [
        json!(0),
        json!(-0.0),
        json!(7),
        json!(-3),
        json!(3.0),
        json!(6.5),
        json!(0.1),
        json!(-1234.5678),
        json!(1.5e-7),
        json!(123_456_789_012.345),
        json!(1e15),
        json!(1e-300),
        json!(9_007_199_254_740_991_i64),
        json!(-9_007_199_254_740_991_i64),
    ];
    pick(dice, &numbers).clone()
}

/// A string, a number, a boolean, or a value object.
pub fn plain(dice: &mut Dice, active: &Active) -> Value {
    match dice.below(8) {
        0 => number(dice),
        1 => json!(dice.below(2) == 0),
        2 => json!({"@value": text(dice), "@language": pick(dice, &["cy", "en-GB", "zh-hant", "ES-419"])}),
        3 => {
            let own = [
                "https://example.org/type",
                "http://www.w3.org/2001/XMLSchema#double",
                "http://www.w3.org/2001/XMLSchema#string",
                "http://www.w3.org/2001/XMLSchema#integer",
                "http://www.w3.org/2001/XMLSchema#boolean",
            ];
            let datatype =
                if dice.below(3) == 0 { iri(dice, active) } else { (*pick(dice, &own)).to_owned() };
            let value = if dice.below(2) == 0 { text(dice) } else { number(dice) };
            let name = if active.aliased() && dice.below(4) == 0 { "type" } else { "@type" };
            json!({"@value": value, name: datatype})
        }
        4 => json!({"@value": if dice.below(2) == 0 { number(dice) } else { json!(true) }}),
        _ => text(dice),
    }
}

/// What stands for an IRI in a coerced property.
pub fn link(dice: &mut Dice, property: Placed, active: &Active) -> Value {
    if matches!(property.term.coercion, Some(Coercion::Choice)) {
        let names: Vec<&str> = active.below(property).terms().iter().map(|placed| placed.term.name).collect();
        if !names.is_empty() && dice.below(4) > 0 {
            return json!(pick(dice, &names));
        }
    }
    json!(iri(dice, active))
}

/// A whole JSON value, as `@json` takes it.
pub fn any_json(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 4 } else { 6 }) {
        0 => Value::Null,
        1 => number(dice),
        2 => json!(dice.below(2) == 0),
        3 => text(dice),
        4 => (0..dice.below(4)).map(|_| any_json(dice, depth - 1)).collect(),
        _ => {
            let names = ["b", "a", "é", "\u{1f9a2}", "\u{e000}", "@id", "@value", "id", "\n", ""];
            (0..dice.below(5))
                .map(|_| ((*pick(dice, &names)).to_owned(), any_json(dice, depth - 1)))
                .collect()
        }
    }
}
