//! Numbers of things, as each language counts them.

use std::fmt::{Result, Write};

use super::Language;

/// A noun as it stands after a number. English has two forms. Welsh keeps the singular and
/// changes its first letter after 2, 3 and 6 (CLDR's plural rules): softly after *dau* and
/// *dwy*, with a breath after *tri* and *chwe*, and not at all after *tair*.
#[derive(Debug, PartialEq, Eq)]
pub struct Noun {
    /// English, of one.
    pub one: &'static str,
    /// English, of any other number.
    pub many: &'static str,
    /// Welsh.
    pub cy: &'static str,
    /// Welsh after 2.
    pub cy_two: &'static str,
    /// Welsh after 3.
    pub cy_three: &'static str,
    /// Welsh after 6.
    pub cy_six: &'static str,
}

/// `3 credentials`, `3 chymhwyster`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub number: usize,
    /// Of what.
    pub of: &'static Noun,
}

impl Count {
    pub(super) fn say(self, language: Language, into: &mut impl Write) -> Result {
        let Self { number, of } = self;
        let noun = match (language, number) {
            (Language::En, 1) => of.one,
            (Language::En, _) => of.many,
            (Language::Cy, 2) => of.cy_two,
            (Language::Cy, 3) => of.cy_three,
            (Language::Cy, 6) => of.cy_six,
            (Language::Cy, _) => of.cy,
        };
        write!(into, "{number} {noun}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::{Phrase, Sentence};

    static CREDENTIAL: Noun = Noun {
        one: "credential",
        many: "credentials",
        cy: "cymhwyster",
        cy_two: "gymhwyster",
        cy_three: "chymhwyster",
        cy_six: "chymhwyster",
    };
    static HOLDS: Phrase = Phrase { en: "It holds {number}.", cy: "Mae'n dal {number}.", parts: &["number"] };

    #[test]
    fn each_language_counts_by_its_own_rules() {
        for (number, en, cy) in [
            (0, "0 credentials", "0 cymhwyster"),
            (1, "1 credential", "1 cymhwyster"),
            (2, "2 credentials", "2 gymhwyster"),
            (3, "3 credentials", "3 chymhwyster"),
            (4, "4 credentials", "4 cymhwyster"),
            (6, "6 credentials", "6 chymhwyster"),
            (12, "12 credentials", "12 cymhwyster"),
            (33, "33 credentials", "33 cymhwyster"),
        ] {
            let said = Sentence::new(&HOLDS, vec![Count { number, of: &CREDENTIAL }.into()]);
            assert_eq!(said.to_string(), format!("It holds {en}."));
            assert_eq!(said.in_language(Language::Cy).to_string(), format!("Mae'n dal {cy}."));
        }
    }
}
