//! What it costs to disclose parts of the measured badge: signing it for that
//! (a signature for each statement), deriving, verifying what was derived.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../../../tests/bench/measured.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod measured;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use p256::ecdsa::SigningKey;
use proof::canon::Processor;
use proof::multikey::PublicKey;
use proof::suite::ecdsa_sd_2023::{Fresh, NAME, derive, essential, prepare};
use proof::suite::{self, ASSERTION_METHOD, Configuration, ProofOptions, sign_p256};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What the holder discloses beside what is mandatory.
const CHOSEN: [&str; 4] = [
    "/credentialSubject/creditsEarned",
    "/credentialSubject/identifier",
    "/credentialSubject/result",
    "/credentialSubject/achievement/achievementType",
];

fn measure(criterion: &mut Criterion) {
    let known = Processor::known();
    let secret = SigningKey::from_slice(&[7; 32]).unwrap();
    let key = PublicKey::p256(secret.verifying_key().to_sec1_point(true).as_bytes()).unwrap();
    let multibase = key.to_multibase();
    let document = measured::badge(&format!("did:key:{multibase}"));
    let options = ProofOptions {
        verification_method: format!("did:key:{multibase}#{multibase}"),
        created: chrono::DateTime::UNIX_EPOCH,
        proof_purpose: ASSERTION_METHOD,
    };
    let fresh = Fresh::new([3; 32], &[5; 32]).unwrap();
    let mandatory = essential(&document);
    let sign = || {
        let configuration = Configuration::new(NAME, &options);
        let prepared = prepare(known, black_box(&document), configuration, &mandatory, &fresh).unwrap();
        let signature = sign_p256(&secret, prepared.signing_input());
        prepared.proof(&signature)
    };
    let base = suite::add(document.clone(), sign());
    let pointers = CHOSEN.map(str::to_owned);
    let disclose = || derive(known, black_box(&base), &base["proof"], &pointers).unwrap();
    let derived = disclose();

    criterion.bench_function("ecdsa_sd base", |bench| bench.iter(sign));
    criterion.bench_function("ecdsa_sd derive", |bench| bench.iter(disclose));
    criterion.bench_function("ecdsa_sd verify", |bench| {
        bench.iter(|| suite::verify(black_box(&derived), &derived["proof"], &key).unwrap());
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);
