use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;

/// The table of `docs/verification.md`.
fn table() -> String {
    let mut table = String::new();
    let mut question = None;
    for code in ALL {
        if question != Some(code.question) {
            question = Some(code.question);
            let name = word(&code.question);
            let _ = write!(
                table,
                "\n### {name}\n\n| code | outcome | whose fault | what it means | what to do | clause |\n|---|---|---|---|---|---|\n"
            );
        }
        let fault = code.fault.map_or_else(|| "–".to_owned(), |fault| word(&fault));
        let advice = code.advice.map_or("–", |advice| advice.en);
        let clause = match code.clause.url {
            "" => code.clause.name.to_owned(),
            url => format!("[{}]({url})", code.clause.name),
        };
        let outcome = word(&code.outcome);
        let _ = writeln!(
            table,
            "| `{}` | {outcome} | {fault} | {} | {advice} | {clause} |",
            code.code, code.meaning
        );
    }
    table
}

/// As the report writes it, with spaces.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().replace('_', " ")
}

#[test]
fn the_documentation_lists_every_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verification.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, listed) = page.split_once("<!-- codes -->\n").unwrap();
    let expected = table();
    if std::env::var_os("LANYARD_WRITE_DOCS").is_some() {
        return std::fs::write(path, format!("{before}<!-- codes -->\n{expected}")).unwrap();
    }
    assert_eq!(listed, expected, "run with LANYARD_WRITE_DOCS=1 to write the table anew");
}

#[test]
fn what_to_do_is_said_in_both_languages() {
    assert_eq!(model::sentence::faults(advice::ALL), [""; 0]);
}

#[test]
fn codes_are_unique_kebab_case_and_in_the_order_of_questions() {
    let names: BTreeSet<&str> = ALL.iter().map(|code| code.code).collect();
    assert_eq!(names.len(), ALL.len());
    assert!(ALL.is_sorted_by_key(|code| code.question));
    for code in ALL {
        assert!(code.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", code.code);
        assert!(code.meaning.ends_with('.'), "{}", code.code);
        if code.outcome == Fail {
            assert!(code.fault.is_some() && code.advice.is_some(), "{}", code.code);
        }
    }
}
