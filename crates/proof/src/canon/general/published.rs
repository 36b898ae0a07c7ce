//! Published contexts that stand in no table: those with which specifications
//! and test suites write their examples.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::context;

/// Every term that nothing else defines, under one namespace.
static OPEN: LazyLock<[(&'static str, Value); 2]> = LazyLock::new(|| {
    let open = |namespace: &str| json!({"@context": {"@vocab": namespace}});
    [
        (
            "https://www.w3.org/ns/credentials/examples/v2",
            open("https://www.w3.org/ns/credentials/examples#"),
        ),
        (
            "https://www.w3.org/ns/credentials/undefined-terms/v2",
            open("https://www.w3.org/ns/credentials/undefined-term#"),
        ),
    ]
});

/// The context document at `url`, if its content is known here: one of the
/// tables', or one of this module's.
pub fn document(url: &str) -> Option<&'static Value> {
    context::document(url)
        .or_else(|| OPEN.iter().find(|(known, _)| *known == url).map(|(_, document)| document))
}
