//! Batches in CSV, as spreadsheets write it.

use csv_core::ReadRecordResult;

use crate::field::FieldError;
use crate::rows::column::{Columns, Header};
use crate::rows::{LARGEST_ROW, Row, Stated, too_large, without_mark};

/// The most columns a row is looked at for.
const MOST_FIELDS: usize = 256;
const UNCLOSED: &str = "; is a quotation mark never closed?";

/// Reads CSV piece by piece: first the header, then the rows.
#[derive(Debug, Default)]
pub(super) struct Reader {
    state: State,
}

#[derive(Debug)]
enum State {
    /// The header is being collected.
    Header(Start),
    /// The header is known.
    Body(Box<Body>),
    /// The header was refused, and with it everything.
    Stopped,
}

impl Default for State {
    fn default() -> Self {
        Self::Header(Start::default())
    }
}

impl Reader {
    pub(super) fn push<T: Stated>(&mut self, bytes: &[u8]) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        match &mut self.state {
            State::Stopped => {}
            State::Body(body) => body.push(bytes, &mut rows),
            State::Header(start) => {
                start.bytes.extend_from_slice(bytes);
                if start.header_end().is_some() || start.bytes.len() > LARGEST_ROW {
                    self.open(&mut rows);
                }
            }
        }
        rows
    }

    pub(super) fn finish<T: Stated>(mut self) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        if matches!(self.state, State::Header(_)) {
            self.open(&mut rows);
        }
        if let State::Body(body) = &mut self.state {
            body.end(&mut rows);
        }
        rows
    }

    /// Reads the header and whatever came with it.
    fn open<T: Stated>(&mut self, rows: &mut Vec<Row<T>>) {
        let State::Header(start) = std::mem::replace(&mut self.state, State::Stopped) else { return };
        match Body::open(T::HEADER, &start.bytes, start.seen) {
            Ok((mut body, rest)) => {
                body.push(rest, rows);
                self.state = State::Body(Box::new(body));
            }
            Err(faults) => rows.push(Row { number: 0, line: 1, result: Err(faults) }),
        }
    }
}

/// The first bytes of the batch, until the header has ended.
#[derive(Debug, Default)]
struct Start {
    bytes: Vec<u8>,
    /// How far the header's end has been looked for.
    seen: usize,
    /// Where the line that is being looked at begins.
    line: usize,
    quoted: bool,
    /// Whether that line says something.
    begun: bool,
}

impl Start {
    /// Where the header ends: after the first line that says something, at a
    /// line feed (or a bare carriage return) outside quotation marks.
    fn header_end(&mut self) -> Option<usize> {
        while let Some(&byte) = self.bytes.get(self.seen) {
            self.seen += 1;
            match byte {
                b'\n' | b'\r' if !self.quoted => {
                    let line = self.bytes.get(self.line..self.seen).unwrap_or_default();
                    if self.begun && separator_line(line).is_none() {
                        return Some(self.seen);
                    }
                    self.begun = false;
                    self.line = self.seen;
                }
                // A byte order mark and white space say nothing.
                0xEF | 0xBB | 0xBF => {}
                _ => {
                    self.quoted ^= byte == b'"';
                    self.begun |= !byte.is_ascii_whitespace();
                }
            }
        }
        None
    }
}

/// Excel's own `sep=;` before the header, where these bytes are nothing else.
fn separator_line(line: &[u8]) -> Option<u8> {
    match without_mark(line).trim_ascii() {
        [b's', b'e', b'p', b'=', separator] => Some(*separator),
        _ => None,
    }
}

/// The separator that the header has most of, outside quotation marks.
fn separator_of(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    for &byte in header {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += u32::from(!quoted && byte == *separator);
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(separator, _)| *separator)
}

/// Reads the rows after the header.
#[derive(Debug)]
struct Body {
    core: csv_core::Reader,
    columns: Columns,
    /// The text of the row so far, its fields one after another.
    text: Vec<u8>,
    written: usize,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
    ended: usize,
    too_large: bool,
    begun: bool,
    number: u64,
    line: u64,
    /// Line feeds that `core` never saw.
    skipped: u64,
}

impl Body {
    /// Reads the header out of the first bytes, which it fills up to `end`; gives
    /// what is left of them.
    fn open(known: Header, start: &[u8], end: usize) -> Result<(Self, &[u8]), Vec<FieldError>> {
        if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
            let expected = "UTF-8: in Excel, save as `CSV UTF-8 (comma delimited)`";
            return Err(vec![FieldError::new("", "not-utf8", "is in UTF-16", expected)]);
        }
        let (header, rest) = start.split_at_checked(end).unwrap_or((start, &[]));
        if header.len() > LARGEST_ROW {
            return Err(vec![too_large(UNCLOSED)]);
        }
        let mut lines = 0;
        let mut separator = None;
        let mut names = without_mark(header);
        while let Some(at) = names.iter().position(|&b| b == b'\n' || b == b'\r') {
            let (line, after) = names.split_at_checked(at + 1).unwrap_or((names, &[]));
            separator = separator_line(line).or(separator);
            if separator_line(line).is_none() && !line.trim_ascii().is_empty() {
                break;
            }
            lines += u64::from(line.ends_with(b"\n"));
            names = after;
        }
        let separator = separator.unwrap_or_else(|| separator_of(names));
        let mut body = Self {
            core: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            columns: Columns::default(),
            text: vec![0; 1024],
            written: 0,
            ends: vec![0; 64],
            ended: 0,
            too_large: false,
            begun: false,
            number: 0,
            line: 1,
            skipped: lines,
        };
        if body.record(names).1.is_none() {
            body.record(&[]);
        }
        let expected = "UTF-8: in Excel, save as `CSV UTF-8 (comma delimited)`";
        let fields = body
            .fields()
            .ok_or_else(|| vec![FieldError::new("", "not-utf8", "the header is not UTF-8", expected)])?;
        body.columns = Columns::of(known, &fields, separator == b';')?;
        body.reset();
        Ok((body, rest))
    }

    fn push<T: Stated>(&mut self, mut bytes: &[u8], rows: &mut Vec<Row<T>>) {
        while !bytes.is_empty() {
            if !self.begun {
                let breaks = bytes.iter().take_while(|&&b| b == b'\n' || b == b'\r').count();
                let (skipped, after) = bytes.split_at_checked(breaks).unwrap_or((bytes, &[]));
                self.skipped += skipped.iter().map(|&b| u64::from(b == b'\n')).sum::<u64>();
                bytes = after;
                if bytes.is_empty() {
                    return;
                }
                self.begun = true;
                self.line = self.core.line() + self.skipped;
            }
            let (read, complete) = self.record(bytes);
            bytes = bytes.get(read..).unwrap_or_default();
            if complete.is_some() {
                rows.extend(self.row());
            }
        }
    }

    fn end<T: Stated>(&mut self, rows: &mut Vec<Row<T>>) {
        // An empty piece tells `core` that the input has ended.
        if self.begun && self.record(&[]).1.is_some() {
            rows.extend(self.row());
        }
    }

    /// Reads on to the end of the record or of the bytes. Gives how many bytes
    /// were read, and whether the record is complete.
    fn record(&mut self, bytes: &[u8]) -> (usize, Option<()>) {
        let mut read = 0;
        loop {
            let input = bytes.get(read..).unwrap_or_default();
            let text = self.text.get_mut(self.written..).unwrap_or_default();
            let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
            let (result, taken, written, ended) = self.core.read_record(input, text, ends);
            read += taken;
            self.written += written;
            self.ended += ended;
            match result {
                ReadRecordResult::Record => return (read, Some(())),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return (read, None),
                ReadRecordResult::OutputFull if self.text.len() < LARGEST_ROW => {
                    self.text.resize((self.text.len() * 2).min(LARGEST_ROW), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_FIELDS => {
                    self.ends.resize((self.ends.len() * 2).min(MOST_FIELDS), 0);
                }
                // Too much of it: read to its end without keeping it.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    self.too_large = true;
                    self.written = 0;
                    self.ended = 0;
                }
            }
        }
    }

    fn row<T: Stated>(&mut self) -> Option<Row<T>> {
        let result = if self.too_large {
            Err(vec![too_large(UNCLOSED)])
        } else if let Some(fields) = self.fields() {
            if fields.iter().all(|field| field.trim().is_empty()) {
                self.reset();
                return None;
            }
            self.columns.row(&fields)
        } else {
            let expected = "UTF-8: in Excel, save as `CSV UTF-8 (comma delimited)`";
            Err(vec![FieldError::new("", "not-utf8", "the row is not UTF-8", expected)])
        };
        self.reset();
        self.number += 1;
        Some(Row { number: self.number, line: self.line, result })
    }

    fn fields(&self) -> Option<Vec<&str>> {
        let mut start = 0;
        let ends = self.ends.get(..self.ended)?;
        ends.iter()
            .map(|&end| {
                let field = self.text.get(start..end)?;
                start = end;
                std::str::from_utf8(field).ok()
            })
            .collect()
    }

    fn reset(&mut self) {
        self.written = 0;
        self.ended = 0;
        self.too_large = false;
        self.begun = false;
    }
}
