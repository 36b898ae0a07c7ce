//! A whole issue beside the raw signatures it rests on, in one run.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../tests/it/badge.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod badge;
#[path = "../../../tests/bench/measured.rs"]
mod measured;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use mimalloc::MiMalloc;
use model::ob;
use proof::{
    json,
    multikey::PublicKey,
    suite::{ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022},
};
use signing::{Draft, Identity, KeyAlgorithm, Prepared, Recorded};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const CREATED: &str = "2026-03-01T09:00:00Z";

/// What the service does with an intent: stored text, lint, the Data Integrity form
/// signed and verified; and then the same with the VC-JWT as somebody asks for it.
fn issue(criterion: &mut Criterion) {
    for (name, algorithm) in
        [("issue_di_and_es256", KeyAlgorithm::Es256), ("issue_di_and_rs256", KeyAlgorithm::Rs256)]
    {
        let service = badge::service(badge::DID_KEY, &[KeyAlgorithm::Ed25519, algorithm]);
        let keys = service.vault.keys();
        let identity = Identity::of(&service.site, &service.issuer, &keys).unwrap();
        let draft = Draft {
            credential: measured::badge(&identity.data_integrity.issuer_id).into(),
            data_integrity_key: identity.data_integrity.key_id,
            jwt_key: identity.jwt.key_id,
            created: badge::moment(CREATED),
            disclosure_seed: badge::SEED.to_owned(),
        };
        let row = badge::Row(Prepared::new(draft).unwrap().into_intent());
        if algorithm == KeyAlgorithm::Es256 {
            criterion.bench_function("issue", |bencher| {
                bencher.iter(|| Recorded::of(&row).sign(&keys, &service.site).unwrap().check().unwrap());
            });
        }
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let recorded = Recorded::of(&row);
                let signed = recorded.sign(&keys, &service.site).unwrap().check().unwrap();
                (signed, recorded.sign_jwt(&keys, &service.site).unwrap())
            });
        });
    }
}

/// The third form, signed and verified when it is asked for.
fn issue_selective(criterion: &mut Criterion) {
    let service = badge::service(badge::DID_KEY, &[KeyAlgorithm::Ed25519, KeyAlgorithm::Es256]);
    let keys = service.vault.keys();
    let identity = Identity::of(&service.site, &service.issuer, &keys).unwrap();
    let draft = Draft {
        credential: measured::badge(&identity.data_integrity.issuer_id).into(),
        ..service.draft(CREATED)
    };
    let row = badge::Row(Prepared::new(draft).unwrap().into_intent());
    criterion.bench_function("issue_sd_jwt", |bencher| {
        bencher.iter(|| Recorded::of(&row).sign_selective(None, &keys, &service.site).unwrap());
    });
}

/// What the peers do when they issue: the Data Integrity form alone, not
/// verified after. The lint is ours.
fn issue_data_integrity(criterion: &mut Criterion) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let multibase = PublicKey::Ed25519(key.verifying_key()).to_multibase();
    let options = ProofOptions {
        verification_method: format!("did:key:{multibase}#{multibase}"),
        created: badge::moment(CREATED),
        proof_purpose: ASSERTION_METHOD,
    };
    let unsigned = measured::badge_without_status(&format!("did:key:{multibase}")).to_string();
    criterion.bench_function("issue_data_integrity", |bencher| {
        bencher.iter(|| {
            let credential = json::parse(black_box(unsigned.as_bytes()), &json::Limits::default()).unwrap();
            assert!(ob::lint(&credential).is_empty());
            let input = eddsa_rdfc_2022::signing_input(&credential, &options).unwrap();
            let signature = key.sign(input.as_ref()).to_bytes();
            eddsa_rdfc_2022::attach(credential, &options, &signature).to_string()
        });
    });
}

fn raw(criterion: &mut Criterion) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let message = [9; 64];
    criterion.bench_function("raw_ed25519_sign", |bencher| bencher.iter(|| key.sign(black_box(&message))));
    let verifying = key.verifying_key();
    let signature = key.sign(&message);
    criterion.bench_function("raw_ed25519_verify_strict", |bencher| {
        bencher.iter(|| verifying.verify_strict(black_box(&message), black_box(&signature)).unwrap());
    });
    let payload = vec![b'a'; 5_400];
    for algorithm in [jose::Algorithm::Es256, jose::Algorithm::Rs256] {
        let key = jose::PrivateKey::generate(algorithm).unwrap();
        criterion.bench_function(&format!("raw_{}_sign", algorithm.name().to_lowercase()), |bencher| {
            bencher.iter(|| jose::sign_compact(black_box(&payload), &key, "k", None).unwrap());
        });
    }
}

fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4))
}

criterion_group! {
    name = benches;
    config = short();
    targets = issue, issue_selective, issue_data_integrity, raw
}
criterion_main!(benches);
