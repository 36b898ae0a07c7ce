//! A whole verification from JSON text: every check that needs no network.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement, not a library"
)]

#[path = "../../../tests/bench/measured.rs"]
mod measured;
#[path = "../../../tests/bench/stack.rs"]
mod stack;
#[path = "../tests/it/support.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use std::{
    hint::black_box,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use model::{clock::SystemClock, report::Verdict};
use serde_json::Value;
use stack::elsewhere;
use support::{Web, issuer, verifier};
use tokio::runtime;
use verification::{Expectation, Submission, Verifier};

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
            let report = elsewhere(|| runtime.block_on(verifier.verify(black_box(&submission), &nobody)));
            assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
            report
        });
    });
}

/// A badge that a service issued, which is the one it is asked about over HTTP in the same run. The folder that
/// `LANYARD_BENCH_OWN` names has it in `credential.json`, and its list in `list.json`.
fn verify_own(criterion: &mut Criterion) {
    #[expect(clippy::disallowed_methods, reason = "a measurement's own setting")]
    let Ok(folder) = std::env::var("LANYARD_BENCH_OWN") else { return };
    let read = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
    let list: Value = serde_json::from_slice(&read("list.json")).unwrap();
    let web = Web::default().with(list["id"].as_str().unwrap(), &list);
    let verifier = Verifier::new(Arc::new(web), Arc::new(SystemClock));
    let submission = Submission::Json(read("credential.json"));
    criterion.bench_function("verify_own two cores", |bencher| {
        bencher.iter_custom(|times| {
            let start = Instant::now();
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| again(&verifier, &submission, times));
                }
            });
            start.elapsed() / 2
        });
    });
}

fn again(verifier: &Verifier, submission: &Submission, times: u64) {
    let runtime = runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let nobody = Expectation::default();
    for _ in 0..times {
        let report = elsewhere(|| runtime.block_on(verifier.verify(black_box(submission), &nobody)));
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    }
}

fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4))
}

criterion_group! {
    name = benches;
    config = short();
    targets = verify, verify_own
}
criterion_main!(benches);
