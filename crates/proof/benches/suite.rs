//! What signing and verifying the measured badge cost, beside their floor in
//! the same run: the hashes of the canonical texts and one raw operation of the
//! same Ed25519 library.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../../../tests/bench/measured.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod measured;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use mimalloc::MiMalloc;
use proof::canon::{self, Hash};
use proof::json::{self, Limits};
use proof::multikey::PublicKey;
use proof::suite::{self, ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022};
use sha2::{Digest as _, Sha256};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn measure(criterion: &mut Criterion) {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let public = secret.verifying_key();
    let key = PublicKey::ed25519(public.to_bytes()).unwrap();
    let did = format!("did:key:{}", key.to_multibase());
    let options = ProofOptions {
        verification_method: format!("{did}#{}", key.to_multibase()),
        created: chrono::DateTime::UNIX_EPOCH,
        proof_purpose: ASSERTION_METHOD,
    };
    let document = measured::badge(&did);
    let issue = || {
        let input = eddsa_rdfc_2022::signing_input(black_box(&document), &options).unwrap();
        secret.sign(input.as_ref())
    };
    let signed = eddsa_rdfc_2022::attach(document.clone(), &options, &issue().to_bytes());
    let text = signed.to_string();
    let parse = || json::parse(black_box(text.as_bytes()), &Limits::default()).unwrap();
    let quads = canon::to_quads(&document).unwrap();

    let mut configuration = signed["proof"].clone();
    configuration.as_object_mut().unwrap().shift_remove("proofValue");
    configuration["@context"] = document["@context"].clone();
    let canonical = [&configuration, &document].map(|it| canon::canonical_nquads(it).unwrap());
    let hash = || black_box(&canonical).each_ref().map(Sha256::digest);
    let message = [1; 64];
    let signature = secret.sign(&message);

    criterion.bench_function("issue", |bench| bench.iter(issue));
    criterion.bench_function("issue floor", |bench| bench.iter(|| (hash(), secret.sign(&message))));
    criterion.bench_function("verify from text", |bench| {
        bench.iter(|| {
            let document = parse();
            suite::verify(&document, &document["proof"], &key).unwrap();
        });
    });
    criterion.bench_function("verify floor", |bench| {
        bench.iter(|| (hash(), public.verify_strict(&message, &signature).unwrap()));
    });
    criterion.bench_function("parse", |bench| bench.iter(parse));
    criterion.bench_function("to quads", |bench| bench.iter(|| canon::to_quads(black_box(&document))));
    criterion.bench_function("canonical N-Quads", |bench| {
        bench.iter(|| canon::canonical_nquads(black_box(&document)));
    });
    criterion.bench_function("canonicalise quads", |bench| {
        bench.iter(|| canon::canonicalise(black_box(&quads), Hash::Sha256));
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);
