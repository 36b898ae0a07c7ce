//! The badges that are measured, and what is done with them.

#[path = "../../../../tests/bench/measured.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod measured;

use ed25519_dalek::{Signer as _, SigningKey};
use proof::canon::{self, Processor};
use proof::json::{self, Limits};
use proof::multikey::PublicKey;
use proof::suite::{self, ASSERTION_METHOD, Batch, Expected, ProofOptions, SigningInput, eddsa_rdfc_2022};
use serde_json::Value;

/// Who signs, and what.
pub struct Work {
    pub secret: SigningKey,
    pub key: PublicKey,
    options: ProofOptions,
    badge: Value,
}

impl Work {
    pub fn new() -> Self {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let key = PublicKey::ed25519(secret.verifying_key().to_bytes()).unwrap();
        let did = format!("did:key:{}", key.to_multibase());
        let options = ProofOptions {
            verification_method: format!("{did}#{}", key.to_multibase()),
            created: chrono::DateTime::UNIX_EPOCH,
            proof_purpose: ASSERTION_METHOD,
        };
        Self { secret, key, options, badge: measured::badge(&did) }
    }

    /// The badge as awarded to one of many people.
    pub fn award(&self, number: usize) -> Value {
        let mut award = self.badge.clone();
        award["id"] = format!("https://badges.example.org/v1/credentials/0b0c6a1e-{number:012x}").into();
        award["validFrom"] = format!("2025-06-02T09:{:02}:{:02}Z", number / 60 % 60, number % 60).into();
        award["awardedDate"] = format!("2025-05-{:02}T16:20:00Z", 1 + number % 28).into();
        let subject = &mut award["credentialSubject"];
        subject["id"] = format!("urn:uuid:3a0e5b6e-1f0f-4d4c-8a2b-{number:012x}").into();
        subject["identifier"][0]["identityHash"] = format!("Llinos Enghraifft {number}").into();
        subject["result"][0]["value"] = format!("{}", number % 100).into();
        if let Some(status) = award.get_mut("credentialStatus") {
            status["id"] = format!("https://badges.example.org/status/7#{number}").into();
            status["statusListIndex"] = number.to_string().into();
        }
        award
    }

    /// The badge with so many times its statements.
    pub fn times(&self, times: usize) -> Value {
        let mut badge = self.badge.clone();
        let quads = canon::to_quads(&badge).unwrap().len();
        for number in 0.. {
            let mut achievement = self.badge["credentialSubject"]["achievement"].clone();
            for part in ["alignment", "resultDescription"] {
                let Some(Value::Array(more)) = achievement.get_mut(part).map(Value::take) else { continue };
                for (place, mut entry) in more.into_iter().enumerate() {
                    make_another(&mut entry, &format!("{number}.{place}"));
                    if let Some(Value::Array(all)) = badge["credentialSubject"]["achievement"].get_mut(part) {
                        all.push(entry);
                    }
                }
            }
            if canon::to_quads(&badge).unwrap().len() >= quads * times {
                break;
            }
        }
        badge
    }

    pub fn input(&self, processor: &Processor, document: &Value) -> SigningInput {
        eddsa_rdfc_2022::signing_input_with(processor, document, &self.options).unwrap()
    }

    /// From the model's value to the signed document.
    pub fn issue(&self, processor: &Processor, document: Value) -> Value {
        let signature = self.secret.sign(self.input(processor, &document).as_ref()).to_bytes();
        eddsa_rdfc_2022::attach(document, &self.options, &signature)
    }

    pub fn sign_as_it_is(&self, document: Value) -> String {
        self.issue(Processor::known(), document).to_string()
    }

    pub fn signed(&self, number: usize) -> String {
        self.sign_as_it_is(self.award(number))
    }

    /// The texts that are hashed: of the proof configuration and of the badge.
    pub fn canonical(&self) -> [String; 2] {
        let signed = self.issue(Processor::known(), self.award(0));
        let mut configuration = signed["proof"].clone();
        configuration.as_object_mut().unwrap().shift_remove("proofValue");
        configuration["@context"] = signed["@context"].clone();
        [configuration, self.award(0)].map(|it| canon::canonical_nquads(&it).unwrap())
    }
}

/// Tells a node and those below it apart from those it was copied from.
fn make_another(value: &mut Value, mark: &str) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text)
                        if ["id", "targetCode", "targetUrl", "requiredLevel"].contains(&name.as_str()) =>
                    {
                        text.push_str(mark);
                    }
                    other => make_another(other, mark),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_another(item, mark)),
        _ => {}
    }
}

pub fn verify(work: &Work, text: &str) {
    let document = json::parse(text.as_bytes(), &Limits::default()).unwrap();
    suite::verify(&document, &document["proof"], &work.key).unwrap();
}

/// Verifies many in one call, whose memory begins and ends with it.
pub fn begin_and_conclude(work: &Work, texts: &[String]) {
    let batch = Batch::default();
    let begin = |text: &String| {
        let document = json::parse(text.as_bytes(), &Limits::default()).unwrap();
        batch.begin(&document, &document["proof"], &work.key, &Expected::default())
    };
    let answers = suite::conclude(texts.iter().map(begin).collect());
    assert!(answers.iter().all(Result::is_ok));
}
