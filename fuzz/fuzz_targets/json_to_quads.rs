//! JSON text to statements: what is accepted says the same however its members
//! are ordered and however often it is written and read again.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use proof::canon::{self, CanonError};
use proof::json::{self, Limits};
use proof::jcs;
use serde_json::Value;

/// The document with the members of every object in reverse.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect()
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        plain => plain.clone(),
    }
}

fuzz_target!(|text: &[u8]| -> Corpus {
    let Ok(document) = json::parse(text, &Limits::default()) else { return Corpus::Keep };

    // Strict JSON keeps every value, whichever form it is written in.
    let written = document.to_string();
    let unlimited = Limits { bytes: usize::MAX, ..Limits::default() };
    assert_eq!(json::parse(written.as_bytes(), &unlimited).as_ref(), Ok(&document));
    let ordered = jcs::canonicalise(&document).expect("strict JSON has a canonical form");
    let read_again = json::parse(ordered.as_bytes(), &unlimited).expect("a canonical form is strict JSON");
    assert_eq!(jcs::canonicalise(&read_again).as_ref(), Ok(&ordered));
    assert_eq!(jcs::canonicalise(&reversed(&document)).as_ref(), Ok(&ordered));

    // The canonical form does not know in which order members were written,
    // nor which way of writing statements was taken.
    let lines = canon::canonical_nquads(&document);
    match (&lines, canon::canonical_nquads(&reversed(&document))) {
        (Ok(lines), Ok(other)) => assert_eq!(lines, &other),
        // Of a document that says too much and is unsafe, whichever is met first.
        (
            Err(CanonError::Unsafe { .. } | CanonError::TooMuchSaid { .. }),
            Err(CanonError::Unsafe { .. } | CanonError::TooMuchSaid { .. }),
        )
        | (Err(CanonError::TooMuchWork { .. }), Err(CanonError::TooMuchWork { .. })) => {}
        (one, other) => panic!("{one:?} becomes {other:?} with its members reversed"),
    }
    if let Ok(lines) = lines {
        let quads = canon::to_quads(&document).expect("a canonical form has statements");
        let again = canon::canonicalise(&quads, canon::Hash::Sha256).expect("as before");
        assert_eq!(again.nquads, lines);
        // Safe mode: a member that means nothing is never let through.
        let mut strange = document;
        if let Some(members) = strange.as_object_mut() {
            members.insert("undefined term".into(), "x".into());
            assert!(canon::canonical_nquads(&strange).is_err(), "a term without a definition was accepted");
        }
    }
    Corpus::Keep
});
