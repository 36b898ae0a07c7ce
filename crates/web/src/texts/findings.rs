//! What checks found, in the language of the page.

use model::{
    programme::Language,
    report::Check,
    sentence::{Phrase, Sentence},
};

use crate::chrome::Lang;

/// What a check found and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub found: String,
    pub advice: Option<&'static str>,
}

impl Lang {
    /// The words of a phrase.
    pub(crate) fn phrase(self, phrase: &Phrase) -> &'static str {
        phrase.words(Language::from(self))
    }

    /// A sentence.
    pub(crate) fn sentence(self, sentence: &Sentence) -> String {
        sentence.clone().in_language(Language::from(self)).to_string()
    }

    /// What a check found. What it names stands in `backticks`, and is kept.
    pub(crate) fn finding(self, check: &Check) -> Finding {
        let language = Language::from(self);
        let found = check.finding.clone().in_language(language).to_string();
        Finding { found, advice: check.advice.map(|advice| advice.words(language)) }
    }
}
