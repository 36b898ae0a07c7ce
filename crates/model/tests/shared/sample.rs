//! Documents made from the table of classes, and ways to spoil them.

use model::schema::{Class, Described, Kind, Property, TypeRule};
use serde_json::{Map, Value, json};

/// A small repeatable source of choices (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % bound
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// An object of `class` with everything required and, of the rest, what the dice
/// choose. `thickness` in tenths: 10 puts in everything.
pub fn object(class: &Class, dice: &mut Dice, thickness: usize, depth: usize) -> Value {
    let mut members = Map::new();
    match class.types {
        TypeRule::Set(groups) => {
            let types: Vec<&str> = groups.iter().map(|group| *dice.pick(group)).collect();
            members.insert("type".into(), json!(types));
        }
        TypeRule::Text(name) => {
            members.insert("type".into(), json!(name));
        }
        TypeRule::Free => {}
    }
    for property in class.properties {
        let nested = matches!(property.kind, Kind::Object(_));
        let wanted = dice.below(10) < thickness && !(nested && depth == 0);
        // Version 1.1 is read, never written.
        let old = matches!(property.name, "issuanceDate" | "expirationDate");
        let always = property.required
            || matches!(property.name, "validFrom" | "narrative" | "verifiableCredential")
            || (property.name == "id"
                && class.rules.iter().any(|rule| matches!(rule, model::schema::Rule::AnyOf(_))));
        if (wanted || always) && !old {
            let one = |dice: &mut Dice| value(property, dice, thickness, depth.saturating_sub(1));
            let made =
                if property.many { (0..=dice.below(2)).map(|_| one(dice)).collect() } else { one(dice) };
            members.insert(property.name.into(), made);
        }
    }
    Value::Object(members)
}

fn value(property: &Property, dice: &mut Dice, thickness: usize, depth: usize) -> Value {
    let text = |from: &[&str], dice: &mut Dice| json!(dice.pick(from));
    match property.kind {
        Kind::Text => text(&["Siân", "", "مثال", "A longer text with spaces.", "🦉", "7"], dice),
        Kind::Iri => text(
            &[
                "https://a.example.org/x?y#z",
                "urn:uuid:2f1c0a52-6c0e-4f3f-9d5e-0d6c8a3f6b11",
                "did:key:z6Mk",
                "mailto:a@example.org",
            ],
            dice,
        ),
        Kind::DateTime | Kind::Activity => {
            text(&["2026-05-01T09:00:00Z", "2024-02-29T23:59:59.5+01:00", "1999-12-31T00:00:00-11:30"], dice)
        }
        Kind::Date => text(&["1990-01-31", "2024-02-29"], dice),
        Kind::Number => dice.pick(&[json!(0), json!(1.5), json!(-3), json!(1e9)]).clone(),
        Kind::Boolean => json!(dice.below(2) == 0),
        Kind::Language => text(&["en", "cy-GB", "zh-Hant", "es-419"], dice),
        Kind::CompactJws => text(&["eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "a..c"], dice),
        Kind::Choice(choice) if choice.open && dice.below(4) == 0 => json!("ext:NHS_Level.1"),
        Kind::Choice(choice) => text(choice.values, dice),
        Kind::Object(class) => object(class(), dice, thickness.min(6), depth),
        Kind::Issuer => object(model::ob::Profile::class(), dice, thickness.min(4), depth),
        Kind::Context(rules) => {
            let mut contexts: Vec<&str> = rules.iter().map(|rule| rule.written()).collect();
            if dice.below(3) == 0 {
                contexts.push(model::vc::OPEN_BADGES_EXTENSIONS);
            }
            json!(contexts)
        }
        Kind::Credential => object(model::ob::AchievementCredential::class(), dice, thickness.min(3), depth),
    }
}

/// Every place in the document, as JSON Pointers, the root left out.
fn places(document: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    walk(member, &at, found);
                    found.push(at);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    walk(item, &at, found);
                    found.push(at);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

/// Changes one place of the document, often for the worse.
pub fn spoil(document: &mut Value, dice: &mut Dice) {
    let places = places(document);
    if places.is_empty() {
        return;
    }
    let place = dice.pick(&places).clone();
    let other = [
        json!(null),
        json!(7),
        json!(true),
        json!("x"),
        json!(""),
        json!([]),
        json!({}),
        json!("https://a.example.org/i"),
        json!("2026-05-01T09:00:00"),
        json!("2026-02-30T09:00:00Z"),
        json!("2026-05-01"),
        json!("ext:"),
        json!("EN-gb"),
        json!(["x"]),
        json!({"a": 1}),
    ];
    match dice.below(5) {
        0 => remove(document, &place),
        1 => {
            let value = document.pointer_mut(&place).unwrap();
            *value = json!([value.take()]);
        }
        2 => {
            let value = document.pointer_mut(&place).unwrap();
            if let Some(first) = value.as_array().and_then(|values| values.first()).cloned() {
                *value = first;
            }
        }
        3 => {
            if let Some(Value::Object(members)) = document.pointer_mut(&place) {
                members.insert("somethingElse".into(), json!("x"));
            }
        }
        _ => *document.pointer_mut(&place).unwrap() = dice.pick(&other).clone(),
    }
}

fn remove(document: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        _ => {}
    }
}
