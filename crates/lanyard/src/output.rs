//! What commands say to people: results to standard output, complaints to
//! standard error. A closed pipe is the reader's choice, not a fault.

use std::io::{BufRead, Write, stderr, stdin, stdout};

use crate::error::CommandError;

/// Writes one line to standard output.
pub fn say(line: impl std::fmt::Display) {
    let _ = writeln!(stdout(), "{line}");
}

/// Writes one line to standard error.
pub fn complain(error: &CommandError) {
    let _ = writeln!(stderr(), "lanyard: {error}");
}

/// Asks on standard error; whether the answer on standard input is `yes`.
pub fn ask(question: &str) -> bool {
    let _ = write!(stderr(), "{question}");
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

/// Writes a value as indented JSON to standard output.
pub fn say_json(value: &impl serde::Serialize) {
    if let Ok(text) = serde_json::to_string_pretty(value) {
        say(text);
    }
}
