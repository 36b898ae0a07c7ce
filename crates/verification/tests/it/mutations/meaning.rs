//! Whether two badges mean the same, by an independent measure: the canonical
//! statements of the reference processor, or JSON values compared as they are.

use serde_json::{Value, json};

use super::forms::{Form, Meaning};
use crate::jsonld_js::JsonLdJs;

/// Collects questions, to ask the reference all at once.
#[derive(Default)]
pub struct Judge {
    questions: Vec<Question>,
    changed: Vec<String>,
}

/// A document that must have the meaning of another.
struct Question {
    context: String,
    original: Value,
    accepted: Value,
}

impl Judge {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `text`, which was accepted, means what the form's badge means.
    pub fn is_asked(&mut self, form: &Form, text: &str, context: String) {
        if form.meaning == Meaning::Disclosures {
            let parts: Vec<&str> = form.signed.split('~').collect();
            let left: Vec<&str> = text.split('~').collect();
            let signature = parts.last().filter(|part| !part.is_empty());
            let kept = signature.is_some_and(|signature| left.contains(signature));
            let known = |part: &&str| part.is_empty() || parts.contains(part);
            // Under its holder's signature there is nothing left to withhold.
            if kept || left.first() != parts.first() || !left.iter().all(known) {
                self.changed.push(format!("{context}: {text}"));
            }
            return;
        }
        let original: Value = serde_json::from_str(&form.signed).unwrap();
        let accepted: Value = serde_json::from_str(text).unwrap();
        let (original, proofs) = parted(original);
        let (accepted, left) = parted(accepted);
        if left.is_empty() {
            return self.changed.push(format!("{context}: no proof is left"));
        }
        if form.meaning == Meaning::Json {
            if plain(&original) != plain(&accepted) || !left.iter().all(|it| proofs.contains(it)) {
                self.changed.push(context);
            }
            return;
        }
        for proof in left {
            // A proof may be missing from a set of them, none may be another.
            let value = proof["proofValue"].clone();
            let Some(signed) = proofs.iter().find(|it| it["proofValue"] == value) else {
                return self.changed.push(format!("{context}: another signature"));
            };
            self.ask(&context, configuration(signed, &original), configuration(&proof, &accepted));
        }
        self.ask(&context, original, accepted);
    }

    fn ask(&mut self, context: &str, original: Value, accepted: Value) {
        if original != accepted {
            self.questions.push(Question { context: context.to_owned(), original, accepted });
        }
    }

    /// What was accepted and means something else.
    pub fn what_changed(mut self) -> Vec<String> {
        let documents: Vec<&Value> =
            self.questions.iter().flat_map(|it| [&it.original, &it.accepted]).collect();
        let answers = JsonLdJs::start().canonical_nquads(&documents);
        for (question, answer) in self.questions.iter().zip(answers.chunks(2)) {
            let [Ok(original), accepted] = answer else { panic!("the reference refuses what we signed") };
            if accepted.as_ref().ok() != Some(original) {
                self.changed.push(format!("{}: {accepted:?}\n{}", question.context, question.accepted));
            }
        }
        self.changed
    }
}

/// The document without its proofs, and these.
fn parted(mut document: Value) -> (Value, Vec<Value>) {
    let proofs = match document.as_object_mut().unwrap().shift_remove("proof") {
        Some(Value::Array(several)) => several,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    (document, proofs)
}

/// What of a proof is signed by statements.
fn configuration(proof: &Value, document: &Value) -> Value {
    let mut configuration = proof.clone();
    configuration.as_object_mut().unwrap().shift_remove("proofValue");
    configuration["@context"] = document["@context"].clone();
    configuration
}

/// The value with every number as a double, which is all that JCS sees of it.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}
