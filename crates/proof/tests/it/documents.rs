//! Documents made from the vocabulary tables: any known contexts, any types,
//! any properties they define, so that a new term is covered by being defined.

use std::collections::BTreeSet;

use proof::vocab::{self, Coercion, Container, Vocabulary};
use serde_json::{Map, Value, json};

use crate::active::{Active, Placed};
use crate::sample::Dice;
use crate::values;

/// Stands among what a document uses if it shows a token in an envelope.
pub const ENVELOPE: &str = "an envelope where a credential is shown";

/// A document and the definitions that it uses.
pub struct Made {
    pub document: Value,
    pub uses: BTreeSet<String>,
}

/// The document of a seed.
pub fn document(seed: u64) -> Made {
    let mut dice = Dice::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..8 {
        dice.below(2);
    }
    let contexts = contexts(&mut dice);
    let mut maker = Maker { dice, uses: BTreeSet::new(), budget: 40, whole: 0 };
    let active = Active::of(&contexts);
    let mut members = Map::from_iter([written(&mut maker.dice, &contexts)]);
    maker.node(&mut members, active, 4, &[]);
    Made { document: Value::Object(members), uses: maker.uses }
}

/// The contexts that documents come with, and now and then any others.
fn contexts(dice: &mut Dice) -> Vec<&'static Vocabulary> {
    use vocab::{clr, credentials, openbadges, security};
    let usual: [&[&'static Vocabulary]; 12] = [
        &[&credentials::V2],
        &[&credentials::V2, &openbadges::V3P0_3],
        &[&credentials::V2, &openbadges::V3P0_3],
        &[&credentials::V2, &openbadges::V3P0_2],
        &[&credentials::V2, &openbadges::V3P0_3, &openbadges::EXTENSIONS],
        &[&credentials::V2, &clr::V2P0_1, &openbadges::V3P0_3],
        &[&credentials::V2, &clr::V2P0_1, &openbadges::V3P0_2, &openbadges::EXTENSIONS],
        &[&credentials::V1, &openbadges::V3P0_1],
        &[&credentials::V1, &openbadges::V3P0_2, &security::DATA_INTEGRITY_V2],
        &[&credentials::V1, &openbadges::V3P0_1, &security::DATA_INTEGRITY_V2],
        &[&security::DATA_INTEGRITY_V2],
        &[&credentials::V2, &security::DATA_INTEGRITY_V2],
    ];
    if dice.below(4) > 0 {
        return values::pick(dice, &usual).to_vec();
    }
    let mut chosen = vec![*values::pick(dice, vocab::ALL)];
    for _ in 0..dice.below(3) {
        chosen.push(*values::pick(dice, vocab::ALL));
    }
    chosen
}

fn written(dice: &mut Dice, contexts: &[&'static Vocabulary]) -> (String, Value) {
    let urls: Vec<&str> = contexts.iter().map(|context| context.url).collect();
    let alone = urls.len() == 1 && dice.below(2) == 0;
    ("@context".into(), if alone { json!(urls[0]) } else { json!(urls) })
}

struct Maker {
    dice: Dice,
    uses: BTreeSet<String>,
    /// How many more nodes may be made.
    budget: usize,
    /// How many JSON literals were made.
    whole: usize,
}

impl Maker {
    fn node(&mut self, members: &mut Map<String, Value>, mut active: Active, depth: usize, wanted: &[&str]) {
        self.budget = self.budget.saturating_sub(1);
        let (id, kind) = self.keywords(&active);
        if self.dice.below(2) == 0 {
            members.insert(id.into(), json!(values::iri(&mut self.dice, &active)));
        }
        let classes = self.classes(&mut active, wanted);
        if classes.len() == 1 && self.dice.below(2) == 0 {
            members.insert(kind.into(), json!(classes[0]));
        } else if !classes.is_empty() {
            members.insert(kind.into(), json!(classes));
        }
        let properties: Vec<Placed> =
            active.terms().into_iter().filter(|placed| !placed.is_class()).collect();
        for _ in 0..=self.dice.below(6) {
            if !properties.is_empty() {
                let property = *values::pick_early(&mut self.dice, &properties);
                if !property.term.is_prefix() && !members.contains_key(property.term.name) {
                    let value = self.several(property, &active, depth);
                    self.uses.insert(property.key());
                    members.insert(property.term.name.into(), value);
                }
            }
        }
        if self.dice.below(8) == 0 {
            let name = values::iri(&mut self.dice, &active);
            members.insert(name, values::plain(&mut self.dice, &active));
        }
    }

    fn keywords(&mut self, active: &Active) -> (&'static str, &'static str) {
        if active.aliased() && self.dice.below(8) > 0 { ("id", "type") } else { ("@id", "@type") }
    }

    /// Types, their contexts entered.
    fn classes(&mut self, active: &mut Active, wanted: &[&str]) -> Vec<String> {
        let known: Vec<Placed> = active.terms().into_iter().filter(Placed::is_class).collect();
        let mut classes: Vec<Placed> =
            known.iter().filter(|class| wanted.contains(&class.term.name)).copied().collect();
        if !known.is_empty() {
            for _ in 0..[0, 1, 1, 1, 2, 2, 3][self.dice.below(7)] {
                let class = *values::pick_early(&mut self.dice, &known);
                if classes.iter().all(|other| other.term.name != class.term.name) {
                    classes.push(class);
                }
            }
        }
        // Their contexts apply in the order of their names (JSON-LD 1.1 API 5.1.2, 11).
        let mut ordered = classes.clone();
        ordered.sort_by_key(|class| class.term.name);
        for class in ordered {
            self.uses.insert(class.key());
            active.enter_type(class);
        }
        let mut names: Vec<String> = classes.iter().map(|class| class.term.name.to_owned()).collect();
        if self.dice.below(8) == 0 {
            names.push("https://example.org/Type".into());
        }
        names
    }

    /// The value of a property: one, several, or several that are alike.
    fn several(&mut self, property: Placed, active: &Active, depth: usize) -> Value {
        if matches!(property.term.coercion, Some(Coercion::Json)) {
            self.whole += 1;
            return values::any_json(&mut self.dice, 3);
        }
        match self.dice.below(5) {
            0 => (0..self.dice.below(4)).map(|_| self.one(property, active, depth)).collect(),
            1 => {
                let before = self.whole;
                let value = self.one(property, active, depth);
                // jsonld.js keeps the statement of a JSON literal twice if it is said twice.
                if self.whole == before { json!([value, value]) } else { value }
            }
            _ => self.one(property, active, depth),
        }
    }

    fn one(&mut self, property: Placed, active: &Active, depth: usize) -> Value {
        let coercion = property.term.coercion;
        let graph = property.term.container == Some(Container::Graph);
        let linked = matches!(coercion, Some(Coercion::Link | Coercion::Choice));
        let nested =
            depth > 0 && self.budget > 0 && (graph || self.dice.below(if linked { 2 } else { 5 }) == 0);
        if nested {
            self.inner(property, active, depth)
        } else if linked {
            values::link(&mut self.dice, property, active)
        } else {
            values::plain(&mut self.dice, active)
        }
    }

    fn inner(&mut self, property: Placed, active: &Active, depth: usize) -> Value {
        let mut below = active.below(property);
        let mut members = Map::new();
        if self.dice.below(8) == 0 && property.term.container != Some(Container::Graph) {
            let (id, _) = self.keywords(active);
            return json!({ id: values::iri(&mut self.dice, active) });
        }
        // An envelope too, whose context need not be in a list.
        if property.term.name == "verifiableCredential" && self.dice.below(4) == 0 {
            let context = &vocab::credentials::V2;
            below.push(context.scope, context.edition);
            members.extend([written(&mut self.dice, &[context])]);
            let id = format!("data:application/vc+jwt,e30.{}.AA", self.dice.below(1_000));
            members.insert("id".into(), json!(id));
            self.uses.insert(ENVELOPE.into());
            self.node(&mut members, below, 0, &["EnvelopedVerifiableCredential"]);
        } else if property.term.credentials && self.dice.below(3) > 0 {
            let contexts = contexts(&mut self.dice);
            for context in &contexts {
                below.push(context.scope, context.edition);
            }
            let urls: Vec<&str> = contexts.iter().map(|context| context.url).collect();
            members.insert("@context".into(), json!(urls));
            self.node(&mut members, below, depth - 1, &["VerifiableCredential"]);
        } else {
            self.node(&mut members, below, depth - 1, &[]);
        }
        Value::Object(members)
    }
}
