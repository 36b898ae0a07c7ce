//! The W3C test suite of RDF Dataset Canonicalization 1.0.

use std::collections::BTreeMap;
use std::time::Instant;

use proof::canon::{CanonError, Canonical, Hash, Quad, Term, canonicalise};
use serde_json::Value;

const FOLDER: &str = "vectors/rdfc10";

fn entries(kind: &str) -> Vec<Value> {
    let manifest = crate::json(&format!("{FOLDER}/manifest.jsonld"));
    let entries = manifest["entries"].as_array().expect("entries").clone();
    entries.into_iter().filter(|entry| entry["type"] == format!("rdfc:{kind}")).collect()
}

fn run(entry: &Value) -> Result<Canonical, CanonError> {
    let hash = match entry["hashAlgorithm"].as_str() {
        None => Hash::Sha256,
        Some("SHA384") => Hash::Sha384,
        Some(other) => panic!("unknown hash {other}"),
    };
    canonicalise(&read_nquads(&file(&entry["action"])), hash)
}

fn file(name: &Value) -> String {
    crate::read(&format!("{FOLDER}/{}", name.as_str().expect("a file name")))
}

#[test]
fn every_evaluation_test_gives_the_expected_nquads() {
    let entries = entries("RDFC10EvalTest");
    assert_eq!(entries.len(), 64);
    let mut most = 0;
    for entry in &entries {
        let canonical = run(entry).unwrap_or_else(|error| panic!("{}: {error}", entry["id"]));
        assert_eq!(canonical.nquads, file(&entry["result"]), "{}", entry["id"]);
        most = most.max(canonical.steps);
    }
    println!("at most {most} steps of {}", proof::canon::rdfc::MAX_STEPS);
    assert!(most < proof::canon::rdfc::MAX_STEPS, "{most}");
}

#[test]
fn every_mapping_test_gives_the_expected_labels() {
    let entries = entries("RDFC10MapTest");
    assert_eq!(entries.len(), 21);
    for entry in &entries {
        let expected: BTreeMap<String, String> =
            serde_json::from_str(&file(&entry["result"])).expect("a map of labels");
        let canonical = run(entry).unwrap_or_else(|error| panic!("{}: {error}", entry["id"]));
        assert_eq!(canonical.labels, expected, "{}", entry["id"]);
    }
}

#[test]
fn the_poison_graph_is_refused_at_once() {
    let entries = entries("RDFC10NegativeEvalTest");
    assert_eq!(entries.len(), 1);
    for entry in &entries {
        let quads = read_nquads(&file(&entry["action"]));
        let start = Instant::now();
        let result = canonicalise(&quads, Hash::Sha256);
        println!("{}: refused after {:?}", entry["id"], start.elapsed());
        // The time depends on the machine; the work does not.
        match result {
            Err(CanonError::TooMuchWork { steps }) => assert!(steps <= proof::canon::rdfc::MAX_STEPS + 1),
            other => panic!("{other:?}"),
        }
    }
}

/// Just enough of N-Quads for the test suite.
fn read_nquads(text: &str) -> Vec<Quad> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(read_line)
        .collect()
}

fn read_line(line: &str) -> Quad {
    let mut terms = Vec::new();
    let mut rest = line.trim_start();
    while !rest.starts_with('.') {
        let (term, after) = read_term(rest);
        terms.push(term);
        rest = after.trim_start();
    }
    let mut terms = terms.into_iter();
    let mut next = || terms.next();
    let (subject, predicate, object) = (next().expect(line), next().expect(line), next().expect(line));
    let Term::Iri(predicate) = predicate else { panic!("{line}") };
    Quad { subject, predicate, object, graph: next() }
}

fn read_term(text: &str) -> (Term, &str) {
    if let Some(rest) = text.strip_prefix('<') {
        let (iri, rest) = rest.split_once('>').expect(text);
        return (Term::Iri(unescape(iri)), rest);
    }
    if let Some(rest) = text.strip_prefix("_:") {
        let (label, rest) = rest.split_once(' ').expect(text);
        return (Term::Blank(label.into()), rest);
    }
    let body = text.strip_prefix('"').expect(text);
    let mut escaped = false;
    let end = body
        .find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        })
        .expect(text);
    let (value, rest) = (unescape(&body[..end]), &body[end + 1..]);
    if let Some(rest) = rest.strip_prefix("^^<") {
        let (datatype, rest) = rest.split_once('>').expect(text);
        return (Term::Literal { value, datatype: unescape(datatype), language: None }, rest);
    }
    if let Some(rest) = rest.strip_prefix('@') {
        let (language, rest) = rest.split_once(' ').expect(text);
        let datatype = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString".into();
        return (Term::Literal { value, datatype, language: Some(language.into()) }, rest);
    }
    let datatype = "http://www.w3.org/2001/XMLSchema#string".into();
    (Term::Literal { value, datatype, language: None }, rest)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next().expect(text) {
            't' => out.push('\t'),
            'b' => out.push('\u{8}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            'f' => out.push('\u{c}'),
            wide @ ('u' | 'U') => {
                let digits: String = characters.by_ref().take(if wide == 'u' { 4 } else { 8 }).collect();
                let code = u32::from_str_radix(&digits, 16).expect(text);
                out.push(char::from_u32(code).expect(text));
            }
            plain => out.push(plain),
        }
    }
    out
}
