//! Texts are pressed before they are sealed: sealed text cannot be, and most of what is
//! written is text.
//!
//! Every badge repeats the same member names, contexts and types, which make up most of it.
//! A **pattern** is a text of ours that holds them; a text is pressed as if it came after its
//! pattern, so that what the two have in common costs next to nothing. The first byte of what
//! was pressed says by which pattern: a pattern never changes, a better one is added.

use super::{COMPLETION, Column, PROOF, UNSIGNED};

/// Texts shorter than this are not pressed.
const WORTH_PRESSING: usize = 200;
const AS_IT_IS: u8 = 0;
const ALONE: u8 = 1;

/// A text that others of its kind look like.
struct Pattern {
    byte: u8,
    text: &'static str,
}

const BADGE: Pattern = Pattern { byte: 2, text: include_str!("patterns/badge-1.txt") };
const BADGE_PROOF: Pattern = Pattern { byte: 3, text: include_str!("patterns/proof-1.txt") };
const STATED: Pattern = Pattern { byte: 4, text: include_str!("patterns/completion-1.txt") };

/// By which pattern a column's texts are pressed.
fn pattern(column: Column) -> Option<&'static Pattern> {
    match column {
        UNSIGNED => Some(&BADGE),
        PROOF => Some(&BADGE_PROOF),
        COMPLETION => Some(&STATED),
        _ => None,
    }
}

/// Presses a text of a column.
pub(super) fn press(column: Column, text: &[u8]) -> Vec<u8> {
    if text.len() >= WORTH_PRESSING {
        let (byte, short) = match pattern(column) {
            Some(Pattern { byte, text: pattern }) => {
                (*byte, lz4_flex::block::compress_prepend_size_with_dict(text, pattern.as_bytes()))
            }
            None => (ALONE, lz4_flex::block::compress_prepend_size(text)),
        };
        if short.len() < text.len() {
            return begun_with(byte, &short);
        }
    }
    begun_with(AS_IT_IS, text)
}

/// The text again.
pub(super) fn unpress(pressed: &[u8]) -> Option<Vec<u8>> {
    let (byte, rest) = pressed.split_first()?;
    match *byte {
        AS_IT_IS => Some(rest.to_vec()),
        ALONE => lz4_flex::block::decompress_size_prepended(rest).ok(),
        byte => {
            let pattern = [BADGE, BADGE_PROOF, STATED].into_iter().find(|one| one.byte == byte)?;
            lz4_flex::block::decompress_size_prepended_with_dict(rest, pattern.text.as_bytes()).ok()
        }
    }
}

fn begun_with(byte: u8, rest: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(rest.len() + 1);
    all.push(byte);
    all.extend(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{log::sha256, sealing::DETAILS};

    #[test]
    fn what_was_pressed_comes_back_whichever_way_it_was_pressed() {
        let badge =
            format!(r#"{{"id":"https://badges.example.org/1",{}}}"#, r#""type":["Profile"],"#.repeat(20));
        for text in ["", "short", &badge, BADGE.text, STATED.text] {
            for column in [UNSIGNED, PROOF, COMPLETION, DETAILS] {
                let pressed = press(column, text.as_bytes());
                assert_eq!(unpress(&pressed).unwrap(), text.as_bytes(), "{column:?}");
                assert!(pressed.len() <= text.len() + 1);
            }
        }
        let by_pattern = press(UNSIGNED, badge.as_bytes());
        assert!(by_pattern.len() < press(DETAILS, badge.as_bytes()).len());
    }

    #[test]
    fn what_was_never_pressed_does_not_come_back() {
        for bad in [&[][..], &[1], &[2, 9, 0, 0, 0], &[9, 0, 0, 0, 0]] {
            assert_eq!(unpress(bad), None, "{bad:?}");
        }
        let mut pressed = press(UNSIGNED, "a badge ".repeat(100).as_bytes());
        pressed.truncate(pressed.len() / 2);
        assert_eq!(unpress(&pressed), None);
    }

    /// Whatever was pressed by a pattern needs that very pattern.
    #[test]
    fn a_pattern_never_changes() {
        let digests = [BADGE, BADGE_PROOF, STATED].map(|one| (one.byte, sha256(one.text)));
        let kept = [
            (2, "ac2cdb1103cf00cf553348b9c9c1e974241126d0c9da2abef45f196982e5b598"),
            (3, "e0dd5ede2e47fdf0c53d268e82bf86c625a0e788ea915cb1c95c2b480cc181ff"),
            (4, "a672bc5651b25ba0dbc76b93508a80e38650af6388e9cbcda1e453f01fb99835"),
        ];
        assert_eq!(digests, kept.map(|(byte, digest)| (byte, digest.to_owned())));
    }
}
