//! What signing and verifying the measured badge cost, beside their floor in
//! the same run: the hashes of the canonical texts and one raw operation of the
//! same Ed25519 library.
//!
//! The badge is `tests/bench/badge.json`, or the one at `LANYARD_BENCH_BADGE`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../../../tests/bench/stack.rs"]
mod stack;
#[path = "support/work.rs"]
mod work;

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ed25519_dalek::Signer as _;
use mimalloc::MiMalloc;
use proof::canon::{self, Processor};
use proof::json::{self, Limits};
use sha2::{Digest as _, Sha256};
use stack::elsewhere;
use work::{Work, begin_and_conclude, verify};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Badges of one achievement by which a template is known.
const LESSONS: usize = 4;

fn issue(criterion: &mut Criterion) {
    let work = Work::new();
    let awards: Vec<_> = (0..8).map(|number| work.award(number)).collect();
    let templates = Processor::known().remembering(8);
    for number in 100..100 + LESSONS {
        work.issue(&templates, work.award(number));
    }
    for (name, processor) in [("issue general", Processor::known()), ("issue template", &templates)] {
        let mut next = awards.iter().cycle();
        criterion.bench_function(name, |bench| {
            let award = || next.next().unwrap().clone();
            let issue = |document| elsewhere(|| work.issue(processor, document));
            bench.iter_batched(award, issue, BatchSize::PerIteration);
        });
    }
    let canonical = work.canonical();
    let hash = || black_box(&canonical).each_ref().map(Sha256::digest);
    criterion.bench_function("issue floor", |bench| {
        bench.iter(|| elsewhere(|| (hash(), work.secret.sign(black_box(&[1; 64])))));
    });
    let own: [Vec<_>; 2] = [awards.clone(), awards];
    criterion.bench_function("issue two cores", |bench| {
        bench.iter_custom(|times| {
            on_two_cores(times, |core, time| {
                let document = &own[core][usize::try_from(time).unwrap_or_default() % 8];
                black_box(elsewhere(|| work.input(Processor::known(), document)));
            })
        });
    });
    criterion.bench_function("issue one core", |bench| {
        bench.iter(|| elsewhere(|| work.input(Processor::known(), black_box(&own[0][0]))));
    });
}

fn verification(criterion: &mut Criterion) {
    let work = Work::new();
    let text = work.signed(0);
    let verify = |text: &str| elsewhere(|| verify(&work, black_box(text)));
    criterion.bench_function("verify from text", |bench| bench.iter(|| verify(&text)));
    let canonical = work.canonical();
    let hash = || black_box(&canonical).each_ref().map(Sha256::digest);
    let (public, message) = (work.secret.verifying_key(), [1; 64]);
    let signature = work.secret.sign(&message);
    criterion.bench_function("verify floor", |bench| {
        let strict = || public.verify_strict(black_box(&message), &signature).unwrap();
        bench.iter(|| elsewhere(|| (hash(), strict())));
    });
    let thousand: Vec<String> = (0..1_000).map(|number| work.signed(number)).collect();
    criterion.bench_function("verify 1000", |bench| {
        bench.iter(|| elsewhere(|| begin_and_conclude(&work, &thousand)));
    });
    criterion.bench_function("verify 1000 singly", |bench| {
        bench.iter(|| thousand.iter().for_each(|text| verify(text)));
    });
    let ten_times = work.sign_as_it_is(work.times(10));
    criterion.bench_function("verify ten times", |bench| bench.iter(|| verify(&ten_times)));
    criterion.bench_function("verify two cores", |bench| {
        bench.iter_custom(|times| on_two_cores(times, |_, _| verify(&text)));
    });
}

fn parts(criterion: &mut Criterion) {
    let work = Work::new();
    let (text, document) = (work.signed(0), work.award(0));
    criterion.bench_function("parse", |bench| {
        bench.iter(|| json::parse(black_box(text.as_bytes()), &Limits::default()).unwrap());
    });
    criterion.bench_function("canonical N-Quads", |bench| {
        bench.iter(|| canon::canonical_nquads(black_box(&document)));
    });
}

/// The time that `times` pieces of work take when two threads share them.
fn on_two_cores(times: u64, work: impl Fn(usize, u64) + Sync) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for core in 0..2 {
            let work = &work;
            scope.spawn(move || (0..times).for_each(|time| work(core, time)));
        }
    });
    start.elapsed() / 2
}

/// Half a minute in all.
fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = benches;
    config = short();
    targets = issue, verification, parts
}
criterion_main!(benches);
