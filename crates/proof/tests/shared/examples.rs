//! The examples of the W3C vectors, and the context they are written with.

use proof::canon::Processor;
use proof::vocab::{self, NEVER, Scope, Vocabulary};

/// The context of the examples: every term is in one namespace.
static EXAMPLES: Vocabulary = Vocabulary {
    url: "https://www.w3.org/ns/credentials/examples/v2",
    edition: 0,
    scope: &Scope {
        protected_from: NEVER,
        aliased_from: NEVER,
        versioned: false,
        vocab: Some("https://www.w3.org/ns/credentials/examples#"),
        terms: &[],
    },
};

pub(crate) fn processor() -> Processor {
    Processor::with(&[vocab::ALL, &[&EXAMPLES]].concat())
}
