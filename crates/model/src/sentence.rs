//! Sentences that can be said in English and in Welsh: the words in one table, and apart
//! from them what they name.

mod count;

use std::fmt::{Display, Formatter, Result, Write};

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};
use serde::{Serialize, Serializer, ser};

pub use crate::programme::Language;
pub use count::{Count, Noun};

/// The words of a sentence. `{name}` stands for the part with that name; text in
/// `backticks` is something that was stated, and shown as such.
#[derive(Debug, PartialEq, Eq)]
pub struct Phrase {
    /// In English.
    pub en: &'static str,
    /// In Welsh.
    pub cy: &'static str,
    /// The names of its parts, in the order of [`Sentence::new`].
    pub parts: &'static [&'static str],
}

impl Phrase {
    /// Words without parts.
    pub const fn plain(en: &'static str, cy: &'static str) -> Self {
        Self { en, cy, parts: &[] }
    }

    /// The words in a language, before parts are put in.
    pub fn words(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Cy => self.cy,
        }
    }
}

/// Something that a sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What somebody wrote, made fit to stand in a sentence.
    Text(String),
    /// A date and time.
    Moment(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
    /// So many of something.
    Count(Count),
    /// Other words.
    Said(Sentence),
    /// Words that were made for each language.
    Made {
        /// In English.
        en: String,
        /// In Welsh.
        cy: String,
    },
    /// Several, with commas between them.
    List(Vec<Part>),
}

/// What most sentences take, in bytes.
const ROOM: usize = 192;
/// Letters of what somebody wrote that are shown at most.
const LONGEST: usize = 1000;

/// What others wrote, made fit to stand in a sentence: control characters and
/// overrides of direction could disguise it, and it may be as long as a document.
fn fit(text: String) -> String {
    // Most are plain and short, and there are a dozen in a report.
    if text.len() <= LONGEST && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text;
    }
    let disguises = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut letters = text.chars().map(|c| if disguises(c) { char::REPLACEMENT_CHARACTER } else { c });
    let mut cut: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        cut.push('…');
    }
    cut
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(fit(text))
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(fit(text.to_owned()))
    }
}

impl From<usize> for Part {
    fn from(number: usize) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Count> for Part {
    fn from(count: Count) -> Self {
        Self::Count(count)
    }
}

impl From<DateTime<Utc>> for Part {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Moment(moment)
    }
}

impl From<NaiveDate> for Part {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<Sentence> for Part {
    fn from(said: Sentence) -> Self {
        Self::Said(said)
    }
}

impl From<&'static Phrase> for Part {
    fn from(phrase: &'static Phrase) -> Self {
        Self::Said(Sentence::from(phrase))
    }
}

impl Part {
    /// What `make` makes of each language, fit to stand in a sentence.
    pub fn made(make: impl Fn(Language) -> String) -> Self {
        Self::Made { en: fit(make(Language::En)), cy: fit(make(Language::Cy)) }
    }

    fn say(&self, language: Language, into: &mut impl Write) -> Result {
        match self {
            Self::Text(text) => into.write_str(text),
            // `12 June 2026 at 14:05:00 UTC`.
            Self::Moment(moment) => {
                let at = match language {
                    Language::En => "at",
                    Language::Cy => "am",
                };
                let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
                let day = language.date(moment.date_naive());
                write!(into, "{day} {at} {hour:02}:{minute:02}:{second:02} UTC")
            }
            Self::Count(count) => count.say(language, into),
            Self::Day(day) => into.write_str(&language.date(*day)),
            Self::Said(said) => said.say(language, into),
            Self::Made { en, cy } => into.write_str(match language {
                Language::En => en,
                Language::Cy => cy,
            }),
            Self::List(parts) => parts.iter().enumerate().try_for_each(|(index, part)| {
                if index > 0 {
                    into.write_str(", ")?;
                }
                part.say(language, into)
            }),
        }
    }
}

/// A phrase and what it names. It is displayed and serialised in its language, which is
/// English until another is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    phrase: &'static Phrase,
    parts: Vec<Part>,
    language: Language,
}

impl Sentence {
    /// `phrase` with its parts in order.
    pub fn new(phrase: &'static Phrase, parts: Vec<Part>) -> Self {
        Self { phrase, parts, language: Language::En }
    }

    /// Words that stand in no table, the same in every language.
    pub fn quoted(said: impl Into<Part>) -> Self {
        static PHRASE: Phrase = Phrase { en: "{said}", cy: "{said}", parts: &["said"] };
        Self::new(&PHRASE, vec![said.into()])
    }

    /// The same in that language.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The language in which it is displayed and serialised.
    pub fn language(&self) -> Language {
        self.language
    }

    /// What it is displayed in.
    pub fn speak(&mut self, language: Language) {
        self.language = language;
    }

    fn say(&self, language: Language, into: &mut impl Write) -> Result {
        let mut rest = self.phrase.words(language);
        if self.phrase.parts.is_empty() {
            return into.write_str(rest);
        }
        while let Some((before, after)) = rest.split_once('{') {
            into.write_str(before)?;
            let Some((name, after)) = after.split_once('}') else {
                into.write_char('{')?;
                rest = after;
                continue;
            };
            let place = self.phrase.parts.iter().position(|part| *part == name);
            if let Some(part) = place.and_then(|place| self.parts.get(place)) {
                part.say(language, into)?;
            }
            rest = after;
        }
        into.write_str(rest)
    }
}

impl From<&'static Phrase> for Sentence {
    fn from(phrase: &'static Phrase) -> Self {
        Self::new(phrase, Vec::new())
    }
}

impl Display for Sentence {
    fn fmt(&self, into: &mut Formatter<'_>) -> Result {
        self.say(self.language, into)
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        // One text costs less than many pieces that are each looked through for what to escape.
        let mut said = String::with_capacity(ROOM);
        self.say(self.language, &mut said).map_err(ser::Error::custom)?;
        serializer.serialize_str(&said)
    }
}

/// Makes a function for each sentence, whose arguments are its parts, and `ALL`, the
/// phrases of all of them.
///
/// ```
/// model::sentences! {
///     pub key_expired(key, on): "The key `{key}` expired on {on}.", "Daeth yr allwedd `{key}` i ben ar {on}.";
/// }
/// let on: chrono::NaiveDate = "2026-03-03".parse().unwrap();
/// let said = key_expired("k1", on);
/// assert_eq!(said.to_string(), "The key `k1` expired on 3 March 2026.");
/// assert_eq!(said.in_language(model::sentence::Language::Cy).to_string(), "Daeth yr allwedd `k1` i ben ar 3 Mawrth 2026.");
/// assert!(model::sentence::faults(ALL).is_empty());
/// ```
#[macro_export]
macro_rules! sentences {
    ($($visible:vis $name:ident($($part:ident),*): $en:literal, $cy:literal;)*) => {
        $(
            #[doc = $en]
            $visible fn $name($($part: impl Into<$crate::sentence::Part>),*) -> $crate::sentence::Sentence {
                static PHRASE: $crate::sentence::Phrase =
                    $crate::sentence::Phrase { en: $en, cy: $cy, parts: &[$(stringify!($part)),*] };
                $crate::sentence::Sentence::new(&PHRASE, vec![$($part.into()),*])
            }
        )*
        /// Every phrase of this table.
        #[allow(dead_code, reason = "the tests of the table ask for it")]
        pub(crate) static ALL: &[$crate::sentence::Phrase] = &[
            $($crate::sentence::Phrase { en: $en, cy: $cy, parts: &[$(stringify!($part)),*] }),*
        ];
    };
}

/// What is wrong with phrases: a part that one of the languages leaves out, a part that
/// is none, an end that differs, words that are the same in both.
pub fn faults(phrases: &[Phrase]) -> Vec<String> {
    let mut faults = Vec::new();
    for phrase in phrases {
        let mut wrong = |what: &str| faults.push(format!("{what}: {}", phrase.en));
        let mut parts: Vec<&str> = phrase.parts.to_vec();
        parts.sort_unstable();
        for words in [phrase.en, phrase.cy] {
            let mut named: Vec<&str> =
                words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
            named.sort_unstable();
            named.dedup();
            if named != parts {
                wrong("the parts differ");
            }
            if words.matches('`').count() % 2 == 1 {
                wrong("a backtick is alone");
            }
        }
        let end = |words: &str| words.chars().last().filter(|last| ".:}".contains(*last));
        if end(phrase.en) != end(phrase.cy) {
            wrong("the ends differ");
        }
        let bare = phrase.en.replace(|c: char| !c.is_alphabetic(), "");
        if phrase.en == phrase.cy && phrase.parts.is_empty() && !bare.is_empty() {
            wrong("there is no Welsh");
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    sentences! {
        nothing(): "Nothing is said.", "Ni ddywedir dim.";
        turned(a, b): "{a} before {b}.", "{b} ar ôl {a}.";
        around(inner): "It says: {inner}", "Mae'n dweud: {inner}";
    }

    #[test]
    fn parts_stand_where_each_language_wants_them() {
        let said = turned("one", 2);
        assert_eq!(said.to_string(), "one before 2.");
        assert_eq!(said.clone().in_language(Language::Cy).to_string(), "2 ar ôl one.");
        let moment: DateTime<Utc> = "2026-03-03T09:05:07Z".parse().unwrap();
        let nested = around(turned(moment, Part::List(vec!["x".into(), "y".into()])));
        assert_eq!(nested.to_string(), "It says: 3 March 2026 at 09:05:07 UTC before x, y.");
        let welsh = nested.in_language(Language::Cy);
        assert_eq!(
            serde_json::to_string(&welsh).unwrap(),
            "\"Mae'n dweud: x, y ar ôl 3 Mawrth 2026 am 09:05:07 UTC.\""
        );
        assert_eq!(nothing().in_language(Language::Cy).to_string(), "Ni ddywedir dim.");
        assert_eq!(faults(ALL), [""; 0]);
    }

    #[test]
    fn what_somebody_wrote_is_no_part_of_the_words_and_hides_nothing() {
        let sly = turned("{b} `x`", "\u{202e}gpj.\u{0}");
        assert_eq!(sly.to_string(), "{b} `x` before \u{fffd}gpj.\u{fffd}.");
        let long = turned("x".repeat(2000), "y").to_string();
        assert_eq!(long.chars().count(), 1000 + "… before y.".chars().count());
    }

    #[test]
    fn faults_are_found() {
        let phrase = |en, cy, parts| [Phrase { en, cy, parts }];
        assert_eq!(faults(&phrase("A {a}.", "B.", &["a"])).len(), 1);
        assert_eq!(faults(&phrase("A {b}.", "B {b}.", &[])).len(), 2);
        assert_eq!(faults(&phrase("A.", "B", &[])).len(), 1);
        assert_eq!(faults(&phrase("A.", "A.", &[])).len(), 1);
        assert_eq!(faults(&phrase("`A.", "B.", &[])).len(), 1);
    }
}
