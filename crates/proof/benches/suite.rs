//! What signing and verifying cost on an invented badge, beside the raw
//! Ed25519 operation of the same library in the same run.

#![expect(clippy::expect_used, reason = "a measurement")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use proof::canon::{self, Hash};
use proof::multikey::PublicKey;
use proof::suite::{self, ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022};
use serde_json::{Value, json};

fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "https://badges.example.org/v1/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "User centred design",
        "issuer": {"id": "did:web:badges.example.org", "type": ["Profile"], "name": "Sample Academy"},
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["AchievementSubject"],
            "creditsEarned": 6.5,
            "identifier": [{"type": "IdentityObject", "hashed": false, "identityHash": "Ann Example", "identityType": "name"}],
            "achievement": {
                "id": "https://badges.example.org/achievements/user-centred-design/1",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "User centred design",
                "description": "Designs a service with the people who use it.",
                "creditsAvailable": 7,
                "tag": ["design", "accessibility"],
                "criteria": {"narrative": "Finished all units."}
            },
            "result": [{"type": ["Result"], "status": "Completed", "value": "merit"}]
        }
    })
}

fn measure(criterion: &mut Criterion) {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let public = secret.verifying_key();
    let key = PublicKey::ed25519(public.to_bytes()).expect("a valid key");
    let options = ProofOptions {
        verification_method: "did:web:badges.example.org#key-1".into(),
        created: chrono::DateTime::UNIX_EPOCH,
        proof_purpose: ASSERTION_METHOD,
    };
    let document = badge();
    let sign = |document: &Value| {
        let input = eddsa_rdfc_2022::signing_input(document, &options).expect("a safe document");
        secret.sign(input.as_ref())
    };
    let signed = eddsa_rdfc_2022::attach(document.clone(), &options, &sign(&document).to_bytes());
    let proof = signed.get("proof").cloned().unwrap_or_default();
    let quads = canon::to_quads(&document).expect("a safe document");
    let message = [1; 64];
    let signature = secret.sign(&message);

    criterion.bench_function("sign", |bench| bench.iter(|| sign(black_box(&document))));
    criterion.bench_function("verify", |bench| {
        bench.iter(|| suite::verify(black_box(&signed), &proof, &key).expect("a good badge"));
    });
    criterion.bench_function("to quads", |bench| bench.iter(|| canon::to_quads(black_box(&document))));
    criterion.bench_function("canonicalise quads", |bench| {
        bench.iter(|| canon::canonicalise(black_box(&quads), Hash::Sha256));
    });
    criterion.bench_function("raw sign", |bench| bench.iter(|| secret.sign(black_box(&message))));
    criterion.bench_function("raw verify strict", |bench| {
        bench.iter(|| public.verify_strict(black_box(&message), &signature).expect("a good signature"));
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);
