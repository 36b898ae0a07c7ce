//! Text that people wrote.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::field::FieldError;
use crate::schema::check::kind_of;

/// Whether a text may run over several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// One line.
    One,
    /// Line feeds and tabs are allowed.
    Many,
}

/// Enough of a text to recognise it by.
pub(super) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(60).filter(|c| !c.is_control() && !overrides(*c)).collect();
    if text.chars().nth(60).is_some() {
        clipped.push('…');
    }
    clipped
}

/// The value as a string.
pub(super) fn string<'a>(
    value: &'a Value,
    pointer: &str,
    expected: &str,
    faults: &mut Vec<FieldError>,
) -> Option<&'a str> {
    let text = value.as_str();
    if text.is_none() {
        let detail = format!("is {}", kind_of(value));
        faults.push(FieldError::new(pointer, "wrong-type", detail, format!("a string: {expected}")));
    }
    text
}

/// The value as text: in Unicode NFC, trimmed, neither empty nor too long,
/// without control characters and without characters that turn the direction
/// of what follows.
pub(super) fn read(
    value: &Value,
    pointer: &str,
    longest: usize,
    lines: Lines,
    faults: &mut Vec<FieldError>,
) -> Option<String> {
    let text: String = string(value, pointer, "text", faults)?.nfc().collect();
    let text = text.trim();
    let mut fault = |code, detail: String, expected: &str| {
        faults.push(FieldError::new(pointer, code, detail, expected));
        None
    };
    if text.chars().all(is_invisible) {
        let expected =
            "text with at least one visible character; leave the member out if there is nothing to say";
        return fault("empty", "is empty".to_owned(), expected);
    }
    let length = text.chars().count();
    if length > longest {
        let expected = format!("at most {longest} characters");
        return fault("too-long", format!("has {length} characters"), &expected);
    }
    if let Some(turn) = text.chars().find(|c| overrides(*c)) {
        let detail = format!(
            "contains U+{:04X}, which makes the text after it read in another direction than it is stored",
            u32::from(turn)
        );
        let expected =
            "the text without it; Arabic, Hebrew and other right-to-left text needs no such character";
        return fault("direction-override", detail, expected);
    }
    let allowed = |c: char| lines == Lines::Many && matches!(c, '\n' | '\r' | '\t');
    if let Some(control) = text.chars().find(|c| is_control(*c) && !allowed(*c)) {
        let detail = format!("contains the control character U+{:04X}", u32::from(control));
        let expected = match lines {
            Lines::One => "a single line without control characters",
            Lines::Many => "text without control characters other than line breaks and tabs",
        };
        return fault("control-character", detail, expected);
    }
    Some(text.to_owned())
}

/// Controls (Unicode Cc), and the two separators that break lines.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates of the bidirectional algorithm (UAX 9):
/// with them a name can be made to show as another.
fn overrides(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// White space, and characters that leave no mark on their own.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}
