//! What a proof signs: the hashes of the reference's canonical forms, of the
//! proof without its value and of the document without its proofs.

use chrono::{DateTime, Utc};
use proof::canon::Processor;
use proof::suite::{Configuration, ProofOptions, Suite, ecdsa_rdfc_2019, eddsa_rdfc_2022};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::documents;
use crate::jsonld_js::JsonLdJs;
use crate::sample::Dice;

const SUITES: [(&str, Suite); 2] =
    [(eddsa_rdfc_2022::NAME, eddsa_rdfc_2022::SUITE), (ecdsa_rdfc_2019::NAME, ecdsa_rdfc_2019::SUITE)];

fn configuration(name: &str, dice: &mut Dice) -> Configuration {
    let moment: DateTime<Utc> = "2026-03-01T09:00:00Z".parse().unwrap();
    let mut made = Configuration::new(
        name,
        &ProofOptions {
            verification_method: "did:web:badges.example.org#key-1".into(),
            created: moment,
            proof_purpose: ["assertionMethod", "authentication"][dice.below(2)],
        },
    );
    let mut maybe = |change: &dyn Fn(Configuration) -> Configuration| {
        if dice.below(2) == 0 {
            made = change(made.clone());
        }
    };
    maybe(&|it| it.identified("urn:uuid:2f1c0a52-6c0e-4f3f-9d5e-0d6c8a3f6b11"));
    maybe(&|it| it.expiring(moment));
    maybe(&|it| it.for_domain("https://dienst.example.org/prüfung"));
    maybe(&|it| it.answering("a \"challenge\"\n🦉"));
    made
}

fn hash(nquads: &str) -> [u8; 32] {
    Sha256::digest(nquads).into()
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().shift_remove(name);
    object
}

#[test]
fn a_proof_signs_what_the_reference_hashes() {
    let mut asked = Vec::new();
    let mut inputs = Vec::new();
    for seed in 5_000_000.. {
        let mut dice = Dice::new(seed);
        let document = documents::document(seed).document;
        let (name, suite) = &SUITES[dice.below(2)];
        let made = configuration(name, &mut dice);
        let Ok(input) = suite.signing_input(Processor::known(), &document, &made) else { continue };
        let mut proof = without(suite.proof(&document, made, &[7; 64]), "proofValue");
        proof["@context"] = document["@context"].clone();
        asked.extend([proof, without(document, "proof")]);
        inputs.push((seed, input));
        if inputs.len() == 150 {
            break;
        }
    }
    let theirs = JsonLdJs::start().canonical_nquads(&asked.iter().collect::<Vec<_>>());
    for ((seed, input), theirs) in inputs.iter().zip(theirs.chunks(2)) {
        let [Ok(proof), Ok(document)] = theirs else { panic!("seed {seed}: {theirs:?}") };
        assert_eq!(input.as_ref(), [hash(proof), hash(document)].concat(), "seed {seed}");
    }
}
