//! Documents made to cost memory: as many values as fit into as many bytes as
//! are accepted.

use proof::canon;
use proof::json::{self, Limits};
use serde_json::{Value, json};

use crate::work::Work;

/// A value of the badge that is measured, made of the smallest of parts.
type Part = fn(usize) -> (&'static str, Value);

/// Badges that verify: many texts, many nodes with a name and without.
pub const ACCEPTED: [(&str, Part); 4] = [
    ("many texts", |count| ("/credentialSubject/achievement/tag", numbered(count, |n| json!(n)))),
    ("many nodes", |count| ("/evidence", numbered(count, |n| json!({ "name": n })))),
    ("many names", |count| ("/evidence", numbered(count, |n| json!({ "id": format!("a:{n}") })))),
    ("many names alone", |count| {
        ("/credentialSchema", numbered(count, |n| json!({ "id": format!("a:{n}"), "type": "a:b" })))
    }),
];

/// Texts that are no credential, found out after they were read.
pub const REFUSED: [(&str, &str); 5] = [
    ("numbers", "1"),
    ("empty lists", "[]"),
    ("empty objects", "{}"),
    ("small objects", r#"{"":1}"#),
    ("lists", "[1]"),
];

fn numbered(count: usize, part: impl Fn(String) -> Value) -> Value {
    (0..count).map(|number| part(number.to_string())).collect()
}

/// The badge with as many such parts as are accepted, signed.
pub fn filled(work: &Work, part: Part) -> String {
    let made = |count| {
        let mut badge = work.award(0);
        let (at, value) = part(count);
        let (parent, name) = at.rsplit_once('/').unwrap();
        badge.pointer_mut(parent).unwrap()[name] = value;
        canon::to_quads(&badge).ok().map(|_| work.sign_as_it_is(badge))
    };
    let fits =
        |count| made(count).is_some_and(|text| json::parse(text.as_bytes(), &Limits::default()).is_ok());
    let (mut least, mut most) = (0, Limits::default().bytes);
    while most - least > 16 {
        let middle = usize::midpoint(least, most);
        (least, most) = if fits(middle) { (middle, most) } else { (least, middle) };
    }
    made(least).unwrap()
}

/// A list of such items, as long as is read.
pub fn repeated(item: &str) -> String {
    let bytes = Limits::default().bytes;
    let mut text = String::with_capacity(bytes);
    text.push('[');
    while text.len() + item.len() + 2 <= bytes {
        text.push_str(item);
        text.push(',');
    }
    text.pop();
    text.push(']');
    text
}

/// A badge whose achievement's long name is said of each of its tags.
pub fn repeating(work: &Work, name: usize, tags: usize) -> String {
    let mut badge = work.award(0);
    let achievement = &mut badge["credentialSubject"]["achievement"];
    achievement["id"] = format!("https://badges.example.org/{}", "a".repeat(name)).into();
    achievement["tag"] = numbered(tags, |n| json!(n));
    work.sign_as_it_is(badge)
}
