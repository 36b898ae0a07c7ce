//! One change to a signed badge: to any byte, or to any member or value.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::sample::Dice;

/// What was done, and what came of it.
pub struct Edit {
    pub name: &'static str,
    pub text: String,
}

/// One change to the text of a badge, or of a token that holds one.
pub fn edit(signed: &str, is_json: bool, dice: &mut Dice) -> Edit {
    // The first draws of a seed are much like those of the next one.
    for _ in 0..16 {
        dice.below(2);
    }
    match dice.below(5) {
        0 | 1 => bytes(signed, dice),
        _ if is_json => values(signed, dice),
        _ if signed.contains('~') => disclosure(signed, dice),
        _ => part(signed, dice),
    }
}

fn pick<'a, T>(dice: &mut Dice, from: &'a [T]) -> &'a T {
    &from[dice.below(from.len())]
}

fn bytes(text: &str, dice: &mut Dice) -> Edit {
    let mut bytes = text.as_bytes().to_vec();
    let place = dice.below(bytes.len());
    let any = b" \n\"\\,:{}[]0123456789aAzZ._-@\x00\xc3";
    let name = match dice.below(6) {
        0 => {
            bytes.remove(place);
            "a byte removed"
        }
        1 => {
            bytes.insert(place, *pick(dice, any));
            "a byte added"
        }
        2 => {
            bytes[place] = *pick(dice, any);
            "a byte replaced"
        }
        3 => {
            bytes[place] ^= 1 << dice.below(8);
            "a bit flipped"
        }
        4 => {
            let other = (place + 1) % bytes.len();
            bytes.swap(place, other);
            "two bytes swapped"
        }
        _ => {
            let end = (place + 1 + dice.below(40)).min(bytes.len());
            let piece = bytes[place..end].to_vec();
            bytes.splice(place..place, piece);
            "a piece doubled"
        }
    };
    // What is no UTF-8 is refused before anything else; what is reaches further.
    Edit { name, text: String::from_utf8_lossy(&bytes).into_owned() }
}

/// The token of an SD-JWT, one of its disclosures, or the signature of its holder.
fn disclosure(sd_jwt: &str, dice: &mut Dice) -> Edit {
    let mut parts: Vec<String> = sd_jwt.split('~').map(ToOwned::to_owned).collect();
    // The last one is empty where the holder has not signed.
    let last = parts.len() - 1;
    let bound = !parts[last].is_empty();
    let which = dice.below(last + usize::from(bound));
    if which == last && dice.below(4) == 0 {
        parts[last].clear();
        return Edit { name: "the holder's signature withheld", text: parts.join("~") };
    }
    if which == 0 || which == last {
        let Edit { name, text } = part(&parts[which], dice);
        parts[which] = text;
        return Edit { name, text: parts.join("~") };
    }
    let name = match dice.below(3) {
        0 => {
            parts.remove(which);
            "a disclosure withheld"
        }
        1 => {
            let moved = parts.remove(which);
            parts.insert(1, moved);
            "disclosures reordered"
        }
        _ => {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[which]).unwrap()).unwrap();
            let Edit { name, text } = values(&text, dice);
            parts[which] = URL_SAFE_NO_PAD.encode(text);
            name
        }
    };
    Edit { name, text: parts.join("~") }
}

/// One of a token's parts, or what is written in one of them.
fn part(token: &str, dice: &mut Dice) -> Edit {
    let mut parts: Vec<String> = token.split('.').map(ToOwned::to_owned).collect();
    let which = dice.below(3);
    if dice.below(6) == 0 {
        let other = dice.below(3);
        let part = parts[other].clone();
        parts[which] = part;
        return Edit { name: "a part in the place of another", text: parts.join(".") };
    }
    let decoded = URL_SAFE_NO_PAD.decode(&parts[which]).unwrap();
    let (name, changed) = match String::from_utf8(decoded.clone()) {
        Ok(text) if which < 2 => {
            let Edit { name, text } = values(&text, dice);
            (name, text.into_bytes())
        }
        _ => {
            let mut changed = decoded;
            let place = dice.below(changed.len());
            changed[place] ^= 1 << dice.below(8);
            ("a bit of the signature flipped", changed)
        }
    };
    parts[which] = URL_SAFE_NO_PAD.encode(changed);
    Edit { name, text: parts.join(".") }
}

const NAMES: [&str; 27] = [
    "id",
    "type",
    "@id",
    "@type",
    "@context",
    "@graph",
    "@reverse",
    "@included",
    "@nest",
    "@value",
    "@language",
    "name",
    "description",
    "image",
    "evidence",
    "endorsement",
    "validFrom",
    "validUntil",
    "awardedDate",
    "proof",
    "expires",
    "challenge",
    "previousProof",
    "credentialStatus",
    "note",
    "__proto__",
    "https://example.org/term",
];

fn any_value(dice: &mut Dice, known: &[String]) -> Value {
    match dice.below(9) {
        0 => Value::Null,
        1 => json!(dice.below(2) == 0),
        2 => json!(dice.below(1_000)),
        3 => json!(1.5),
        4 => json!({}),
        5 => json!([]),
        6 => json!({"id": "https://example.org/other"}),
        7 => json!({"@value": pick(dice, known)}),
        _ => json!(pick(dice, known)),
    }
}

fn values(text: &str, dice: &mut Dice) -> Edit {
    let mut document: Value = serde_json::from_str(text).unwrap();
    let (mut places, mut strings) = (vec![String::new()], Vec::new());
    walk(&document, "", &mut places, &mut strings);
    let place = pick(dice, &places).clone();
    let added = any_value(dice, &strings);
    let chosen = *pick(dice, &NAMES);
    let name = match dice.below(10) {
        0 => remove(&mut document, &place),
        1 => rename(&mut document, &place, chosen),
        2 => {
            let is_object = |place: &&String| document.pointer(place).is_some_and(Value::is_object);
            let nodes: Vec<&String> = places.iter().filter(is_object).collect();
            if !nodes.is_empty() {
                let node = (*pick(dice, &nodes)).clone();
                document.pointer_mut(&node).unwrap()[chosen] = added;
            }
            "a member added"
        }
        3 => {
            let name = reorder(document.pointer_mut(&place).unwrap(), dice);
            // White space differs in any case.
            return Edit { name, text: document.to_string() };
        }
        4 => {
            let value = document.pointer_mut(&place).unwrap();
            *value = json!([value.take()]);
            "wrapped in an array"
        }
        5 => {
            let value = document.pointer_mut(&place).unwrap();
            match value {
                Value::Array(items) if !items.is_empty() => {
                    let item = pick(dice, items).clone();
                    if dice.below(2) == 0 { items.push(item) } else { *value = item }
                }
                Value::String(text) => *text = text.to_uppercase(),
                Value::Number(number) => *value = json!(number.as_f64().unwrap() + 1.0),
                Value::Bool(flag) => *flag = !*flag,
                other => *other = added,
            }
            "doubled, unwrapped or turned"
        }
        6 => {
            let value = document.pointer_mut(&place).unwrap();
            *value = match value.take() {
                Value::String(text) => json!({"@value": text}),
                Value::Number(number) => json!(number.to_string()),
                Value::Bool(flag) => json!(flag.to_string()),
                other => json!(other.to_string()),
            };
            "retyped"
        }
        7 => {
            if let Some(Value::String(text)) = document.pointer_mut(&place) {
                text.insert(text.len() - text.chars().last().map_or(0, char::len_utf8), '\u{301}');
            }
            "a mark added to a text"
        }
        _ => {
            *document.pointer_mut(&place).unwrap() = added;
            "replaced"
        }
    };
    Edit { name, text: document.to_string() }
}

fn walk(value: &Value, at: &str, places: &mut Vec<String>, strings: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        Value::String(text) => {
            strings.push(text.clone());
            Vec::new()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        walk(child, &place, places, strings);
        places.push(place);
    }
}

fn remove(document: &mut Value, place: &str) -> &'static str {
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.shift_remove(&name.replace("~1", "/"))),
        Some(Value::Array(items)) if !place.is_empty() => drop(items.remove(name.parse().unwrap())),
        _ => {}
    }
    "removed"
}

fn rename(document: &mut Value, place: &str, to: &str) -> &'static str {
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    if let Some(Value::Object(members)) = document.pointer_mut(parent)
        && let Some(value) = members.shift_remove(&name.replace("~1", "/"))
    {
        members.insert(to.into(), value);
    }
    "renamed"
}

fn reorder(value: &mut Value, dice: &mut Dice) -> &'static str {
    match value {
        Value::Array(items) => items.reverse(),
        Value::Object(members) => {
            let mut turned: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            turned.reverse();
            if !turned.is_empty() {
                let by = dice.below(turned.len());
                turned.rotate_left(by);
            }
            *members = turned.into_iter().collect::<Map<_, _>>();
        }
        _ => return "white space taken out",
    }
    "reordered"
}
