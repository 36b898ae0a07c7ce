//! Allocations and peak memory of a badge, printed and left in
//! `target/bench/allocations.json`. The allocator that counts is the system's,
//! not the service's: it is asked for the same.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]
#![expect(clippy::print_stdout, reason = "its answer")]

#[path = "support/work.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod work;

#[path = "support/hostile.rs"]
mod hostile;

use std::fs;

use allocation_counter::{AllocationInfo, measure};
use proof::canon::Processor;
use proof::json::{self, Limits};
use serde_json::json;
use work::{Work, verify};

fn main() {
    let work = Work::new();
    let templates = Processor::known().remembering(8);
    for number in 0..20 {
        work.issue(&templates, work.award(100 + number));
    }
    let award = work.award(1);
    let issue = |processor: &Processor| {
        let document = award.clone();
        measure(|| drop(work.issue(processor, document)))
    };
    let (general, template) = (issue(Processor::known()), issue(&templates));
    let text = work.signed(2);
    verify(&work, &text);
    let one = measure(|| verify(&work, &text));
    let largest = largest(&work);
    let mut named = vec![
        ("issue general", general),
        ("issue template", template),
        ("verify", one),
        ("verify largest", measure(|| verify(&work, &largest))),
    ];
    for (name, part) in hostile::ACCEPTED {
        let text = hostile::filled(&work, part);
        named.push((name, measure(|| verify(&work, &text))));
    }
    let text = hostile::repeating(&work, 1_000, 1_000);
    named.push(("repeating", measure(|| verify(&work, &text))));
    for (name, item) in hostile::REFUSED {
        let text = hostile::repeated(item);
        named.push((name, measure(|| drop(json::parse(text.as_bytes(), &Limits::default())))));
    }
    let most = named.iter().map(|(_, measured)| measured.bytes_max).max().unwrap();
    for (name, AllocationInfo { count_total, bytes_total, bytes_max, .. }) in &named {
        println!(
            "{name:16} {count_total:8} allocations {bytes_total:10} bytes, at most {bytes_max:9} at once"
        );
    }
    println!("the largest has {} bytes", largest.len());
    let figures = json!({
        "issue_general_allocations": general.count_total,
        "issue_template_allocations": template.count_total,
        "verify_allocations": one.count_total,
        // Units of 10⁶ bytes, to the second decimal.
        "verify_peak_mb": format!("{}.{:02}", most / 1_000_000, most / 10_000 % 100)
            .parse::<f64>().unwrap(),
    });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench");
    fs::create_dir_all(folder).unwrap();
    fs::write(format!("{folder}/allocations.json"), format!("{figures:#}\n")).unwrap();
}

/// As large a badge as is accepted, of as many statements as fit.
fn largest(work: &Work) -> String {
    let signed = |times| work.sign_as_it_is(work.times(times));
    let (mut largest, mut times) = (signed(1), 8);
    loop {
        let next = signed(times);
        if next.len() > Limits::default().bytes {
            return largest;
        }
        (largest, times) = (next, times + 1);
    }
}
