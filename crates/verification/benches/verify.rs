//! A whole verification from JSON text: every check that needs no network.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement, not a library"
)]

#[path = "../../../tests/bench/measured.rs"]
mod measured;
#[path = "../tests/it/support.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use model::report::Verdict;
use support::{Web, issuer, verifier};
use tokio::runtime;
use verification::{Expectation, Submission};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn verify(criterion: &mut Criterion) {
    let key = issuer();
    let signed = key.sign(measured::badge_without_status(&key.did()));
    let submission = Submission::Json(signed.to_string().into_bytes());
    // A web without documents: a check that reached out would fail.
    let verifier = verifier(Web::default());
    let nobody = Expectation::default();
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    criterion.bench_function("verify_json", |bencher| {
        bencher.iter(|| {
            let report = runtime.block_on(verifier.verify(black_box(&submission), &nobody));
            assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
            report
        });
    });
}

fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4))
}

criterion_group! {
    name = benches;
    config = short();
    targets = verify
}
criterion_main!(benches);
