//! What checks found, in the language of the page.

use model::{programme::Language, report::Check};

use crate::chrome::Lang;

/// What a check found and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub found: String,
    pub advice: Option<&'static str>,
}

impl Lang {
    /// What a check found. What it names stands in `backticks`, and is kept.
    pub(crate) fn finding(self, check: &Check) -> Finding {
        let language = Language::from(self);
        let found = check.finding.clone().in_language(language).to_string();
        Finding { found, advice: check.advice.map(|advice| advice.words(language)) }
    }
}
