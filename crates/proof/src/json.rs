//! Strict JSON (I-JSON, RFC 7493): what cannot be read in two ways.

mod quick;

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Deserializer, Map, Number, Value};

use crate::pointer::Pointer;

/// The largest integer that every reader takes exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;
/// Beyond this power of ten a double is infinite, or nothing.
const MAX_EXPONENT: u32 = 308;

/// How much JSON is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Objects and arrays inside one another; the parser itself stops at 127.
    pub depth: usize,
    /// Values, each member and item being one: in memory the smallest takes
    /// thirty times its text.
    pub values: usize,
}

impl Default for Limits {
    /// 256 KiB, 64 deep, 16,384 values: a badge has about one for each 30 bytes.
    fn default() -> Self {
        Self { bytes: 262_144, depth: 64, values: 16_384 }
    }
}

/// Why a text is not the JSON we accept. Always the sender's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is longer than the limit.
    #[error("the JSON is {bytes} bytes long; at most {limit} are accepted")]
    TooLarge {
        /// Length of the text in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The text begins with a byte order mark (RFC 8259 section 8.1).
    #[error("the text begins with a byte order mark; send UTF-8 without one")]
    ByteOrderMark,
    /// The bytes are not UTF-8.
    #[error("the text is not UTF-8 (first bad byte at offset {offset}); send UTF-8")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// The text is not JSON.
    #[error("not JSON at line {line}, column {column}: {detail}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser met.
        detail: String,
    },
    /// An object names a member twice.
    #[error("{pointer}: the member appears twice; every name may appear once in an object")]
    Duplicate {
        /// JSON pointer (RFC 6901) of the second member.
        pointer: String,
    },
    /// Objects and arrays are nested too deeply.
    #[error("{pointer}: nested deeper than {limit} levels")]
    TooDeep {
        /// JSON pointer of the value that is too deep.
        pointer: String,
        /// The limit in levels.
        limit: usize,
    },
    /// There are too many values.
    #[error("the JSON holds more than {limit} values, each member and item being one")]
    TooMany {
        /// The limit in values.
        limit: usize,
    },
    /// A string holds a code point that is no character (RFC 7493 section 2.1).
    #[error("{pointer}: the text holds U+{code:04X}, which is not a character")]
    Noncharacter {
        /// JSON pointer of the string.
        pointer: String,
        /// The code point.
        code: u32,
    },
    /// A number that two readers could take for different values.
    #[error(
        "{pointer}: {number} cannot be represented exactly; integers must lie between -(2^53-1) and 2^53-1 and numbers within the range of a double; send it as a string"
    )]
    Number {
        /// JSON pointer of the number.
        pointer: String,
        /// The number as read.
        number: String,
    },
}

/// Parses `bytes` into a value, refusing everything that two parsers could
/// read differently: duplicate members, lone surrogates, integers beyond
/// 2^53-1, numbers beyond a double, text after the value (RFC 7493 section 2).
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    if let Some(value) = quick::read(text, limits) {
        return Ok(value);
    }
    slowly(text, limits)
}

/// Reads the text by every rule.
fn slowly(text: &str, limits: &Limits) -> Result<Value, JsonError> {
    check_exponents(text)?;
    let found = RefCell::new(None);
    let left = Cell::new(limits.values);
    let place = Place { pointer: &Pointer::Root, depth: limits.depth, left: &left, limits, found: &found };
    let mut reader = Deserializer::from_str(text);
    let value = place.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| found.take().unwrap_or_else(|| syntax(&error)))
}

fn syntax(error: &serde_json::Error) -> JsonError {
    let written = error.to_string();
    let detail = written.rsplit_once(" at line ").map_or(written.as_str(), |(detail, _)| detail).to_owned();
    JsonError::Syntax { line: error.line(), column: error.column(), detail }
}

/// Refuses exponents that a reader would round to infinity or to zero.
fn check_exponents(text: &str) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    let (mut quoted, mut escaped, mut after_digit) = (false, false, false);
    for (offset, byte) in bytes.iter().enumerate() {
        if quoted {
            quoted = *byte != b'"' || escaped;
            escaped = *byte == b'\\' && !escaped;
        } else if after_digit && byte.eq_ignore_ascii_case(&b'e') {
            let exponent = exponent(bytes.get(offset + 1..).unwrap_or_default());
            if exponent > MAX_EXPONENT {
                let line = 1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count();
                return Err(JsonError::Number {
                    pointer: format!("line {line}"),
                    number: format!("an exponent of {exponent}"),
                });
            }
        } else {
            quoted = *byte == b'"';
            after_digit = byte.is_ascii_digit();
        }
    }
    Ok(())
}

fn is_noncharacter(code: u32) -> bool {
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// The digits after `e`, whatever their sign.
fn exponent(after: &[u8]) -> u32 {
    let digits = after.strip_prefix(b"+").or_else(|| after.strip_prefix(b"-")).unwrap_or(after);
    digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |number: u32, digit| number.saturating_mul(10).saturating_add(u32::from(digit - b'0')))
}

/// A place in the document: where it is, how deep it may still go, and where
/// to leave a typed error (serde carries only text).
#[derive(Clone, Copy)]
struct Place<'a> {
    pointer: &'a Pointer<'a>,
    depth: usize,
    /// Values that may still come.
    left: &'a Cell<usize>,
    limits: &'a Limits,
    found: &'a RefCell<Option<JsonError>>,
}

impl<'a> Place<'a> {
    fn refuse<T, E: de::Error>(self, error: JsonError) -> Result<T, E> {
        let custom = E::custom(&error);
        self.found.borrow_mut().get_or_insert(error);
        Err(custom)
    }

    fn inside<E: de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => self
                .refuse(JsonError::TooDeep { pointer: self.pointer.to_string(), limit: self.limits.depth }),
        }
    }

    fn at<'b>(self, pointer: &'b Pointer<'b>) -> Place<'b>
    where
        'a: 'b,
    {
        Place { pointer, ..self }
    }

    fn text<E: de::Error>(self, text: &str) -> Result<(), E> {
        if text.is_ascii() {
            return Ok(());
        }
        match text.chars().map(u32::from).find(|code| is_noncharacter(*code)) {
            Some(code) => self.refuse(JsonError::Noncharacter { pointer: self.pointer.to_string(), code }),
            None => Ok(()),
        }
    }

    fn number<E: de::Error>(self, number: impl fmt::Display) -> Result<Value, E> {
        self.refuse(JsonError::Number { pointer: self.pointer.to_string(), number: number.to_string() })
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => return self.refuse(JsonError::TooMany { limit: self.limits.values }),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value <= MAX_SAFE_INTEGER { Ok(value.into()) } else { self.number(value) }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() <= MAX_SAFE_INTEGER { Ok(value.into()) } else { self.number(value) }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        match Number::from_f64(value) {
            // Above 2^53 every double is an integer, which many decimals share.
            Some(number) if value.abs() < 9_007_199_254_740_992.0 => Ok(Value::Number(number)),
            _ => self.number(value),
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value).map(|()| value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.text(&value).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut items = Vec::new();
        while let Some(item) =
            access.next_element_seed(inside.at(&Pointer::Item(self.pointer, items.len())))?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            match members.entry(name) {
                Entry::Vacant(member) => {
                    let pointer = Pointer::Member(self.pointer, member.key());
                    let place = inside.at(&pointer);
                    place.text(member.key())?;
                    let value = access.next_value_seed(place)?;
                    member.insert(value);
                }
                Entry::Occupied(member) => {
                    let pointer = Pointer::Member(self.pointer, member.key()).to_string();
                    return self.refuse(JsonError::Duplicate { pointer });
                }
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, JsonError> {
        parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn ordinary_json_is_read_with_its_order() {
        let text = r#"{"b":[1,-2,6.5,true,null],"a":{"é":"\u0041\ud83d\ude00"}}"#;
        let value = read(text).unwrap();
        assert_eq!(value, json!({"b": [1, -2, 6.5, true, null], "a": {"é": "A😀"}}));
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn duplicates_are_refused_where_they_stand() {
        let pointer = |text| match read(text) {
            Err(JsonError::Duplicate { pointer }) => pointer,
            other => panic!("{other:?}"),
        };
        assert_eq!(pointer(r#"{"a":1,"a":1}"#), "/a");
        assert_eq!(pointer(r#"{"x":[0,{"a/b":1,"a\u002fb":2}]}"#), "/x/1/a~1b");
    }

    #[test]
    fn numbers_that_readers_disagree_on_are_refused() {
        assert_eq!(
            read("[9007199254740991,-9007199254740991]").unwrap(),
            json!([9_007_199_254_740_991_i64, -9_007_199_254_740_991_i64])
        );
        for text in [
            "9007199254740992",
            "-9007199254740993",
            "123456789012345678901234567890",
            "1e300",
            "1E400",
            "1e-400",
            "-1e99999999999999999999",
        ] {
            let document = format!(r#"{{"e":["x1e999", {text}]}}"#);
            assert!(
                matches!(read(&document), Err(JsonError::Number { .. })),
                "{text}: {:?}",
                read(&document)
            );
        }
        assert_eq!(read("[1e2, 1.5e-7]").unwrap(), json!([100.0, 1.5e-7]));
    }

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        for text in ["90077000.074740991090", "0.1234567890123456", "123456789.01234568", "6.5e-7"] {
            assert_eq!(read(text).unwrap().as_f64(), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn depth_and_size_have_limits() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(read(&nested(64)).is_ok());
        assert!(matches!(read(&nested(65)), Err(JsonError::TooDeep { limit: 64, .. })));
        assert!(read(&nested(100_000)).is_err());
        let limits = Limits { bytes: 4, ..Limits::default() };
        assert!(parse(b"[11]", &limits).is_ok());
        assert_eq!(parse(b"[111]", &limits), Err(JsonError::TooLarge { bytes: 5, limit: 4 }));
    }

    /// Tiny values cost memory out of all proportion to their text.
    #[test]
    fn values_are_counted() {
        let limits = Limits { values: 4, ..Limits::default() };
        for text in ["[1,1,1]", r#"{"a":[{"b":1}]}"#, "[[[[]]]]"] {
            assert!(parse(text.as_bytes(), &limits).is_ok(), "{text}");
            // The exponent and the escape have it read by every rule.
            for longer in [format!("[{text}]"), format!("[{text},1e0]"), format!(r#"["\u0041",{text}]"#)] {
                let read = parse(longer.as_bytes(), &limits);
                assert_eq!(read, Err(JsonError::TooMany { limit: 4 }), "{longer}");
            }
        }
        let list = |items: usize| format!("[{}]", vec!["{}"; items].join(","));
        assert!(read(&list(16_383)).is_ok());
        assert_eq!(read(&list(16_384)), Err(JsonError::TooMany { limit: 16_384 }));
    }

    #[test]
    fn what_is_not_one_json_text_is_refused() {
        assert_eq!(read("\u{feff}{}"), Err(JsonError::ByteOrderMark));
        assert_eq!(parse(b"\"a\xff\"", &Limits::default()), Err(JsonError::NotUtf8 { offset: 2 }));
        for text in [
            "",
            "{}{}",
            "[1,]",
            "{'a':1}",
            "NaN",
            "01",
            r#""\ud800""#,
            r#""\udc00x""#,
            "\"a\nb\"",
            "tru",
            "1 2",
        ] {
            assert!(matches!(read(text), Err(JsonError::Syntax { .. })), "{text:?}: {:?}", read(text));
        }
        assert!(matches!(read("[\"\u{fffe}\"]"), Err(JsonError::Noncharacter { code: 0xfffe, .. })));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-1_000_000_i64..1_000_000).prop_map(Value::from),
            any::<i32>().prop_map(|sixteenths| Value::from(f64::from(sixteenths) / 16.0)),
            "[a-zé\"\\\\/😀 ]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-e]{1,3}", inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Texts near JSON, and near what the short way gives up on.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"b\":",
            "\"a\":1",
            " ",
            "\n",
            "true",
            "null",
            "fals",
            "0",
            "-0",
            "01",
            "1.5",
            "-1",
            "1.",
            "1e2",
            "1e400",
            "9007199254740993",
            "0.1234567890123456",
            "\\",
            "\"\\u0041\"",
            "\"\\ud800\"",
            "\"\u{fffe}\"",
            "\"é\"",
            "\"\t\"",
            "\"\\q\"",
            "{\"a\":[",
            "]}",
        ]);
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_short_way_reads_nothing_else(text in nearly_json(), value in any_json(), at in any::<prop::sample::Index>()) {
            let mut whole = value.to_string();
            let limits = Limits { depth: 5, ..Limits::default() };
            let agree = |text: &str| match quick::read(text, &limits) {
                Some(value) => slowly(text, &limits).map(|read| read.to_string()) == Ok(value.to_string()),
                None => true,
            };
            prop_assert!(agree(&text), "{text}");
            prop_assert!(agree(&whole), "{whole}");
            let places: Vec<usize> = whole.char_indices().map(|(place, _)| place).collect();
            whole.insert_str(places[at.index(places.len())], &text);
            prop_assert!(agree(&whole), "{whole}");
        }
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read_back(value in any_json()) {
            prop_assert_eq!(read(&value.to_string()).unwrap(), value);
        }

        #[test]
        fn no_bytes_panic_and_what_is_accepted_serde_accepts(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = parse(&bytes, &Limits::default()) {
                prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
            }
        }
    }
}
