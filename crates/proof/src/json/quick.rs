//! The short way through a text that leaves no doubt.
//!
//! It reads what nearly every badge is and gives up, without a reason, on
//! whatever is faulty, unusual or near a limit; then [`parse`](super::parse)
//! reads the text again by its own rules and finds the words. So it need not
//! know every rule, only never read what that would refuse or read otherwise.

use serde_json::{Map, Number, Value};

use super::{Limits, is_noncharacter};

/// Digits of an integer that is surely below 2^53.
const SAFE_DIGITS: usize = 15;

/// The value of `text`, within the limits.
pub(super) fn read(text: &str, limits: &Limits) -> Option<Value> {
    let mut reader = Reader { text, at: 0, left: limits.values, items: Vec::new(), members: Vec::new() };
    let value = reader.value(limits.depth)?;
    reader.skip_space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Values that may still come.
    left: usize,
    /// Of the arrays and objects that are not complete yet: each is made at
    /// once, as large as it has to be.
    items: Vec<Value>,
    members: Vec<(String, Value)>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Option<u8> {
        self.skip_space();
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        match self.next()? {
            b'"' => self.string().map(Value::String),
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b't' => self.word("rue", Value::Bool(true)),
            b'f' => self.word("alse", Value::Bool(false)),
            b'n' => self.word("ull", Value::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, rest: &str, value: Value) -> Option<Value> {
        let found = self.text.get(self.at..)?.starts_with(rest);
        self.at += rest.len();
        found.then_some(value)
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let start = self.items.len();
        self.skip_space();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(Value::Array(Vec::new()));
        }
        loop {
            let item = self.value(depth)?;
            self.items.push(item);
            match self.next()? {
                b',' => {}
                b']' => return Some(Value::Array(self.items.drain(start..).collect())),
                _ => return None,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let start = self.members.len();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(Value::Object(Map::new()));
        }
        loop {
            let name = (self.next()? == b'"').then(|| self.string())??;
            let colon = self.next()? == b':';
            let value = colon.then(|| self.value(depth))??;
            self.members.push((name, value));
            match self.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        let mut object = Map::with_capacity(self.members.len() - start);
        for (name, value) in self.members.drain(start..) {
            if object.insert(name, value).is_some() {
                return None;
            }
        }
        Some(Value::Object(object))
    }

    /// A string after its first quotation mark.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += plain(self.text.as_bytes().get(self.at..)?)?;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => return None,
            }
        }
        let end = self.at;
        self.at += 1;
        let text = if escaped {
            serde_json::from_str(self.text.get(start - 1..self.at)?).ok()?
        } else {
            self.text.get(start..end)?.to_owned()
        };
        let plain = text.is_ascii() || !text.chars().any(|character| is_noncharacter(character.into()));
        plain.then_some(text)
    }

    /// A number whose first byte is read.
    fn number(&mut self) -> Option<Value> {
        let start = self.at - 1;
        while let Some(b'0'..=b'9' | b'.') = self.peek() {
            self.at += 1;
        }
        // With an exponent it is not short to say whether it is in doubt.
        if let Some(b'e' | b'E' | b'+' | b'-') = self.peek() {
            return None;
        }
        let number: Number = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
        (self.at - start <= SAFE_DIGITS).then_some(Value::Number(number))
    }
}

/// How many bytes stand before the first that a string does not hold as it is:
/// a quotation mark, a backslash or a control character.
fn plain(bytes: &[u8]) -> Option<usize> {
    // Eight at a time: the highest bit of each byte says whether it is below a
    // bound, and only one after a byte that truly is can say so wrongly.
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let below = |word: u64, bound: u8| word.wrapping_sub(EACH * u64::from(bound)) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let as_it_is = |word: &&[u8; 8]| {
        let word = u64::from_le_bytes(**word);
        (below(word, b' ') | equal(word, b'"') | equal(word, b'\\')) & (EACH << 7) == 0
    };
    let before = bytes.as_chunks().0.iter().take_while(as_it_is).count() * 8;
    let special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    Some(before + bytes.get(before..)?.iter().position(special)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_string_ends_where_a_byte_says_so(bytes in proptest::collection::vec(0x1e_u8..0x82, 0..40), plainer: bool) {
            let bytes: Vec<u8> =
                bytes.into_iter().map(|byte| if plainer && byte < b'[' { byte + 64 } else { byte }).collect();
            let special = |byte: &u8| [b'"', b'\\'].contains(byte) || byte.is_ascii_control() && *byte != 0x7f;
            prop_assert_eq!(plain(&bytes), bytes.iter().position(special));
        }
    }
}
