//! What a body asks a learner to write of a period, beside the credit.

use chrono::{DateTime, Utc};

/// What a learner wrote of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// The text, of one or more lines.
    pub text: String,
    /// The client through which it was stated.
    pub stated_by: String,
    /// When.
    pub recorded: DateTime<Utc>,
}

impl OwnWords {
    /// How many words it has.
    pub fn count(&self) -> u32 {
        count(&self.text)
    }
}

/// What was written, against what a body asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// Nothing was written.
    Missing,
    /// It has fewer words than the body asks for.
    Short,
    /// It is there and long enough.
    There,
}

impl Wording {
    /// How a text stands where so many words are asked for.
    pub fn of(text: Option<&str>, asked: u32) -> Self {
        match text {
            None => Self::Missing,
            Some(text) if count(text) < asked => Self::Short,
            Some(_) => Self::There,
        }
    }

    /// The word in answers: `missing`, `short` or `there`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Short => "short",
            Self::There => "there",
        }
    }
}

/// Words as people count them: what stands between blanks and has a letter or a digit.
fn count(text: &str) -> u32 {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_people_would_count() {
        for (text, words) in [
            ("", 0),
            ("one", 1),
            ("I read it – twice.", 4),
            ("ward-based\nlearning,  day 2 …", 4),
            ("Dw i wedi dysgu'n well", 5),
        ] {
            assert_eq!(count(text), words, "{text}");
        }
    }

    #[test]
    fn a_statement_is_missing_short_or_there() {
        assert_eq!(Wording::of(None, 1), Wording::Missing);
        assert_eq!(Wording::of(Some("too few"), 3), Wording::Short);
        assert_eq!(Wording::of(Some("just about enough"), 3), Wording::There);
    }
}
