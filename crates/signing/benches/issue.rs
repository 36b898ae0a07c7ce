//! A whole issue beside the raw signatures it rests on, in one run.

#![expect(clippy::unwrap_used, reason = "a measurement, not a library")]

#[path = "../tests/it/badge.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod badge;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use signing::{KeyAlgorithm, Prepared, Recorded};

fn issue(criterion: &mut Criterion) {
    for (name, algorithm) in
        [("issue_di_and_es256", KeyAlgorithm::Es256), ("issue_di_and_rs256", KeyAlgorithm::Rs256)]
    {
        let service = badge::service(badge::DID_WEB, &[KeyAlgorithm::Ed25519, algorithm]);
        let draft = service.draft("2026-03-01T09:00:00Z");
        let row = badge::Row(Prepared::new(draft).unwrap().intent().clone());
        let keys = service.vault.keys();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| Recorded::of(&row).sign(&keys, &service.site).unwrap());
        });
    }
}

fn raw(criterion: &mut Criterion) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let message = [9; 64];
    criterion.bench_function("raw_ed25519_sign", |bencher| bencher.iter(|| key.sign(black_box(&message))));
    let verifying = key.verifying_key();
    let signature = key.sign(&message);
    criterion.bench_function("raw_ed25519_verify_strict", |bencher| {
        bencher.iter(|| verifying.verify_strict(black_box(&message), &signature));
    });
    let payload = vec![b'a'; 5_400];
    for algorithm in [jose::Algorithm::Es256, jose::Algorithm::Rs256] {
        let key = jose::PrivateKey::generate(algorithm).unwrap();
        criterion.bench_function(&format!("raw_{}_sign", algorithm.name().to_lowercase()), |bencher| {
            bencher.iter(|| jose::sign_compact(black_box(&payload), &key, "k", None).unwrap());
        });
    }
}

criterion_group!(benches, issue, raw);
criterion_main!(benches);
