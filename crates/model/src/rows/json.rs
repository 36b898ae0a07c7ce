//! Batches in JSON: one object per line, or one array.

use memchr::memchr_iter;

use crate::field::FieldError;
use crate::rows::{LARGEST_ROW, ParseJson, Row, Stated, too_large, without_mark};

/// One row being collected.
#[derive(Debug)]
struct Collected {
    parse_json: ParseJson,
    bytes: Vec<u8>,
    too_large: bool,
    number: u64,
    line: u64,
}

impl Collected {
    fn new(parse_json: ParseJson) -> Self {
        Self { parse_json, bytes: Vec::new(), too_large: false, number: 0, line: 1 }
    }

    fn take(&mut self, bytes: &[u8]) {
        if self.bytes.len() + bytes.len() > LARGEST_ROW {
            self.too_large = true;
        }
        if !self.too_large {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn is_blank(&self) -> bool {
        !self.too_large && without_mark(&self.bytes).iter().all(u8::is_ascii_whitespace)
    }

    /// The row, if anything but white space was collected; ready for the next.
    fn row<T: Stated>(&mut self) -> Option<Row<T>> {
        let blank = self.is_blank();
        let bytes = std::mem::take(&mut self.bytes);
        let too_large_now = std::mem::take(&mut self.too_large);
        if blank {
            return None;
        }
        self.number += 1;
        let result = if too_large_now {
            Err(vec![too_large("")])
        } else {
            (self.parse_json)(without_mark(&bytes))
                .map_err(|detail| vec![FieldError::new("", "not-json", detail, "one JSON object")])
                .and_then(|document| T::of_json(&document))
        };
        Some(Row { number: self.number, line: self.line, result })
    }
}

/// One JSON object per line; blank lines are passed over.
#[derive(Debug)]
pub(super) struct Lines {
    row: Collected,
    next_line: u64,
}

impl Lines {
    pub(super) fn new(parse_json: ParseJson) -> Self {
        Self { row: Collected::new(parse_json), next_line: 2 }
    }

    pub(super) fn push<T: Stated>(&mut self, bytes: &[u8]) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        let mut begin = 0;
        for end in memchr_iter(b'\n', bytes) {
            self.row.take(bytes.get(begin..end).unwrap_or_default());
            rows.extend(self.row.row());
            self.row.line = self.next_line;
            self.next_line += 1;
            begin = end + 1;
        }
        self.row.take(bytes.get(begin..).unwrap_or_default());
        rows
    }

    pub(super) fn finish<T: Stated>(mut self) -> Vec<Row<T>> {
        self.row.row().into_iter().collect()
    }
}

/// Where in the array the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the opening bracket, in the byte order mark perhaps.
    Before,
    /// Before an element; after a comma one must come.
    Element { after_comma: bool },
    /// Within an element.
    Within { depth: usize, in_string: bool, escaped: bool },
    /// After the closing bracket.
    After,
    /// After a fault of the whole batch.
    Stopped,
}

/// A JSON array, cut into its elements without being held as a whole.
#[derive(Debug)]
pub(super) struct Array {
    row: Collected,
    at: At,
    line: u64,
    mark: usize,
}

impl Array {
    pub(super) fn new(parse_json: ParseJson) -> Self {
        Self { row: Collected::new(parse_json), at: At::Before, line: 1, mark: 0 }
    }

    pub(super) fn push<T: Stated>(&mut self, bytes: &[u8]) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        for &byte in bytes {
            self.step(byte, &mut rows);
            self.line += u64::from(byte == b'\n');
        }
        rows
    }

    fn step<T: Stated>(&mut self, byte: u8, rows: &mut Vec<Row<T>>) {
        let space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match (self.at, byte) {
            (At::Stopped, _) => {}
            (At::Before, _) if b"\xEF\xBB\xBF".get(self.mark) == Some(&byte) => self.mark += 1,
            (At::Before | At::Element { .. } | At::After, _) if space => {}
            (At::Before, b'[') => self.at = At::Element { after_comma: false },
            (At::Before, _) => self.stop("is not an array", "`[`, then the completions, then `]`", rows),
            (At::After, _) => self.stop("goes on after the closing `]`", "nothing more", rows),
            (At::Element { after_comma: false }, b']') => self.at = At::After,
            (At::Element { .. }, b']' | b',') => {
                self.stop(
                    "has a comma without a completion beside it",
                    "one comma between two completions",
                    rows,
                );
            }
            (At::Element { .. }, _) => {
                self.row.line = self.line;
                self.at = At::Within { depth: 0, in_string: false, escaped: false };
                self.within(byte, rows);
            }
            (At::Within { .. }, _) => self.within(byte, rows),
        }
    }

    fn within<T: Stated>(&mut self, byte: u8, rows: &mut Vec<Row<T>>) {
        let At::Within { depth, in_string, escaped } = self.at else { return };
        if depth == 0 && !in_string && matches!(byte, b',' | b']') {
            rows.extend(self.row.row());
            self.at = if byte == b']' { At::After } else { At::Element { after_comma: true } };
            return;
        }
        self.row.take(&[byte]);
        let (depth, in_string, escaped) = if in_string {
            let closes = byte == b'"' && !escaped;
            (depth, !closes, byte == b'\\' && !escaped)
        } else {
            let depth = match byte {
                b'{' | b'[' => depth + 1,
                b'}' | b']' => depth.saturating_sub(1),
                _ => depth,
            };
            (depth, byte == b'"', false)
        };
        self.at = At::Within { depth, in_string, escaped };
    }

    fn stop<T>(&mut self, detail: &str, expected: &str, rows: &mut Vec<Row<T>>) {
        self.at = At::Stopped;
        rows.push(Row::refused(0, self.line, FieldError::new("", "not-an-array", detail, expected)));
    }

    pub(super) fn finish<T: Stated>(mut self) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        match self.at {
            At::After | At::Stopped => {}
            At::Before => self.stop("is empty", "`[`, then the completions, then `]`", &mut rows),
            At::Element { .. } | At::Within { .. } => {
                self.stop("ends before its closing `]`", "the whole array; was it cut off?", &mut rows);
            }
        }
        rows
    }
}
