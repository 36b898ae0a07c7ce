//! The fonts: Noto Sans, which has Latin with every Welsh letter, Greek and Cyrillic, under
//! the SIL Open Font License (`fonts/OFL.txt`).

use std::sync::LazyLock;

use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
};

static REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");

/// What stands for a character that the fonts do not have.
const UNKNOWN: char = '\u{fffd}';

/// The weight of a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// The font's file.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Bold => BOLD,
        }
    }
}

/// A font, to measure with.
pub(crate) struct Face {
    font: Option<FontRef<'static>>,
}

impl Face {
    /// The face of a weight, read once.
    pub(crate) fn of(weight: Weight) -> &'static Self {
        static FACES: LazyLock<[Face; 2]> =
            LazyLock::new(|| [REGULAR, BOLD].map(|bytes| Face { font: FontRef::new(bytes).ok() }));
        let [regular, bold] = &*FACES;
        match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        }
    }

    /// Whether it has a glyph for the character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.font.as_ref().is_some_and(|font| font.charmap().map(character).is_some())
    }

    /// How wide a text is, in points, without kerning, which only narrows it.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let Some(font) = &self.font else { return 0.0 };
        let (charmap, metrics) =
            (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
        let advance = |character| charmap.map(character).and_then(|glyph| metrics.advance_width(glyph));
        text.chars().filter_map(advance).sum()
    }

    /// The text with [`UNKNOWN`] for each character that the font lacks, and whether there
    /// was any.
    pub(crate) fn printable(&self, text: &str) -> (String, bool) {
        let printed: String = text.chars().map(|c| if self.has(c) { c } else { UNKNOWN }).collect();
        let differs = printed != text;
        (printed, differs)
    }

    /// The text in lines no wider than `width`: broken at blanks, and within a word that is
    /// wider by itself.
    pub(crate) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&joined, size) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in word.chars() {
                line.push(character);
                if self.width(&line, size) > width && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, character.to_string()));
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_have_what_names_in_wales_and_beyond_need() {
        for weight in [Weight::Regular, Weight::Bold] {
            for character in "ŵŷŴŶâêîôûïéèàńłşčžøßΑΩЖя–—’“”…£€½".chars().chain([UNKNOWN])
            {
                assert!(Face::of(weight).has(character), "{character} in {weight:?}");
            }
        }
    }

    #[test]
    fn what_the_fonts_lack_is_shown_to_be_lacking() {
        let face = Face::of(Weight::Regular);
        assert_eq!(face.printable("Siân"), ("Siân".to_owned(), false));
        assert_eq!(
            face.printable("عائشة 1"),
            ("\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd} 1".to_owned(), true)
        );
    }

    #[test]
    fn lines_are_broken_at_blanks() {
        let face = Face::of(Weight::Regular);
        let text = "one two three four five six seven";
        let lines = face.lines(text, 10.0, 80.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| face.width(line, 10.0) <= 80.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(face.lines("", 10.0, 80.0), [""]);
    }
}
