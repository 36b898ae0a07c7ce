use super::*;
use crate::completion::{StatedWithdrawal, WhichCompletion};
use crate::learner::Identifier;

fn parse_json(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn read(format: Format, input: impl AsRef<[u8]>) -> Vec<Row> {
    let mut reader = RowReader::new(format, parse_json);
    let mut rows = reader.push(input.as_ref());
    rows.extend(reader.finish());
    rows
}

/// Each row as `number@line name` or `number@line pointer code, …`.
fn told(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let told = match &row.result {
                Ok(completion) => completion.learner.name.clone(),
                Err(faults) => {
                    let faults: Vec<_> =
                        faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
                    faults.join(", ")
                }
            };
            format!("{}@{} {told}", row.number, row.line)
        })
        .collect()
}

const HEADER: &str = "name,email,achievement,completed_at";

fn csv(rows: &str) -> Vec<String> {
    told(&read(Format::Csv, format!("{HEADER}\n{rows}")))
}

#[test]
fn a_plain_batch_is_read() {
    let rows = csv(
        "Ann Example,a@example.org,digital-basics,2026-05-01\nBob,b@example.org,digital-basics,2026-05-02\n",
    );
    assert_eq!(rows, ["1@2 Ann Example", "2@3 Bob"]);
}

#[test]
fn a_mark_windows_line_ends_and_empty_lines_are_taken() {
    let input = "\u{FEFF}name,email,achievement,completed_at\r\n\r\nAnn,a@example.org,digital-basics,2026-05-01\r\n\r\n,,,\r\n   \r\nBob,b@example.org,digital-basics,2026-05-01";
    assert_eq!(told(&read(Format::Csv, input)), ["1@3 Ann", "2@7 Bob"]);
    let old_mac = "name,email,achievement,completed_at\rAnn,a@example.org,digital-basics,2026-05-01\r";
    assert_eq!(told(&read(Format::Csv, old_mac)), ["1@1 Ann"]);
    let late = format!("\u{FEFF}\r\n \r\n{HEADER}\r\nAnn,a@example.org,digital-basics,2026-05-01");
    assert_eq!(told(&read(Format::Csv, late)), ["1@4 Ann"]);
}

#[test]
fn quotation_marks_hold_commas_quotes_and_line_breaks() {
    let input = "name,email,achievement,completed_at,cohort\n\"Example, \"\"Ann\"\"\",a@example.org,digital-basics,2026-05-01,\n\"O\nB\",b@example.org,digital-basics,2026-05-01,x\nCy,c@example.org,digital-basics,2026-05-01,x\n";
    let rows = read(Format::Csv, input);
    assert_eq!(told(&rows), ["1@2 Example, \"Ann\"", "2@3 /name control-character", "3@5 Cy"]);
    // A quotation mark within a field is just that.
    assert_eq!(csv("O\"Neil,a@example.org,digital-basics,2026-05-01\n"), ["1@2 O\"Neil"]);
}

#[test]
fn excel_may_use_semicolons_tabs_and_decimal_commas() {
    let semicolons = "Name;E-Mail;Achievement;Completed At;Credit Amount;credit-unit\nAnn;a@example.org;digital-basics;2026-05-01;6,5;Hours\n";
    let rows = read(Format::Csv, semicolons.replace("E-Mail", "email"));
    assert_eq!(rows[0].result.as_ref().unwrap().credit.as_ref().unwrap().to_string(), "6.5 hours");
    let tabs = "name\temail\tachievement\tcompleted_at\nAnn, A\ta@example.org\tdigital-basics\t2026-05-01\n";
    assert_eq!(told(&read(Format::Csv, tabs)), ["1@2 Ann, A"]);
    let told_to =
        format!("sep=;\r\n{}\r\nAnn;a@example.org;digital-basics;2026-05-01\r\n", HEADER.replace(',', ";"));
    assert_eq!(told(&read(Format::Csv, told_to)), ["1@3 Ann"]);
    let comma = csv("Ann,a@example.org,digital-basics,\"2026,05\"\n");
    assert_eq!(comma, ["1@2 /completed_at not-date-time"]);
}

#[test]
fn every_column_lands_in_its_place() {
    let input = format!(
        "{}\nAnn,a@example.org,12,RX8,18A1,NMC,did:key:z6Mk,digital-basics,2026-05-01T10:00:00Z,2026-04-01,Face to face,6.5,hours,Assessment,87,Percent,https://e.example.org/1,Project,Spring,R-1\n",
        <Completion as Stated>::HEADER.columns.join(",")
    );
    let row = read(Format::Csv, input).remove(0);
    insta::assert_json_snapshot!(row.result.unwrap());
}

#[test]
fn a_header_without_a_needed_column_stops_the_batch_with_one_answer() {
    let rows = read(Format::Csv, "name,email,achievement\nAnn,a@example.org,digital-basics\n");
    assert_eq!(told(&rows), ["0@1 /completed_at missing-column"]);
    let fault = &rows[0].result.as_ref().unwrap_err()[0];
    assert!(fault.detail.contains("`completed_at`") && fault.expected.contains("delivery_mode"), "{fault}");
    let unknown = read(Format::Csv, "name,email,achievement,completd at,colour\nx\n");
    assert_eq!(
        told(&unknown),
        ["0@1 /completd_at unknown-column, /colour unknown-column, /completed_at missing-column"]
    );
    assert!(unknown[0].result.as_ref().unwrap_err()[0].expected.starts_with("`completed_at`"));
    let nobody = read(Format::Csv, "name,achievement,completed_at\n");
    assert_eq!(told(&nobody), ["0@1  missing-column"]);
    assert_eq!(told(&read(Format::Csv, "name,name,email,achievement,completed_at\n")), ["0@1 /name twice"]);
    assert_eq!(told(&read(Format::Csv, "")), ["0@1  empty"]);
    assert_eq!(told(&read(Format::Csv, "\r\n\r\n")), ["0@1  empty"]);
    assert_eq!(told(&read(Format::Csv, HEADER)), Vec::<String>::new());
}

#[test]
fn faults_point_at_their_column() {
    let input = "name,email,staff_number,organisation,achievement,completed_at,credit_amount,credit_unit,result_name,result_value,result_type,evidence_url,evidence_name\n\
        ,nobody,7,,Bad Slug,soon,-1,days,a,1,Marks,http://x,\n\
        Ann,,,,digital-basics,2026-05-01,1,,,5,,,Project\n";
    let rows = read(Format::Csv, input);
    assert_eq!(
        told(&rows),
        [
            "1@2 /name missing, /email not-an-email, /organisation missing, /achievement not-a-slug, \
             /completed_at not-date-time, /result_type not-a-choice, /credit_unit unknown-unit, \
             /evidence_url not-https",
            "2@3  empty, /result_name missing, /result_type missing, /credit_unit missing, \
             /evidence_url missing-one-of",
        ]
    );
}

#[test]
fn a_bad_row_never_stops_the_good_ones() {
    let mut input =
        format!("{HEADER}\nAnn,a@example.org\nBob,b@example.org,digital-basics,2026-05-01,more\n")
            .into_bytes();
    input.extend(b"C\xE9line,c@example.org,digital-basics,2026-05-01\n");
    input.extend("Dai,d@example.org,digital-basics,2026-05-01,\n".as_bytes());
    assert_eq!(
        told(&read(Format::Csv, input)),
        ["1@2  wrong-length", "2@3  wrong-length", "3@4  not-utf8", "4@5 Dai"]
    );
    assert_eq!(told(&read(Format::Csv, b"\xFF\xFEn\0a\0")), ["0@1  not-utf8"]);
    assert_eq!(told(&read(Format::Csv, b"n\xE9,x\n")), ["0@1  not-utf8"]);
}

#[test]
fn a_row_beyond_the_limit_is_refused_without_being_held() {
    let big = "x".repeat(LARGEST_ROW + 1);
    let input = format!(
        "{big},a@example.org,digital-basics,2026-05-01\nBob,b@example.org,digital-basics,2026-05-01\n"
    );
    assert_eq!(csv(&input), ["1@2  row-too-large", "2@3 Bob"]);
    // A quotation mark that is never closed swallows the rest, and says so.
    let unclosed = format!("\"Ann,a@example.org\n{}", "Bob,b@example.org,x,y\n".repeat(20_000));
    let mut reader = RowReader::new(Format::Csv, parse_json);
    let mut rows = reader.push(format!("{HEADER}\n{unclosed}").as_bytes());
    rows.extend(reader.finish());
    assert_eq!(told(&rows), ["1@2  row-too-large"]);
    assert!(rows[0].result.as_ref().unwrap_err()[0].expected.contains("quotation mark"));
    let wide = format!("{}\nBob,b@example.org,digital-basics,2026-05-01\n", ",".repeat(100_000));
    assert_eq!(csv(&wide), ["1@2  row-too-large", "2@3 Bob"]);
    // A header in single bytes is looked at once, not once for each byte.
    let mut bytewise = RowReader::new(Format::Csv, parse_json);
    let mut rows = bytewise.push(b"\"name");
    rows.extend((0..LARGEST_ROW).flat_map(|_| bytewise.push(b"\n")));
    assert_eq!(told(&rows), ["0@1  row-too-large"]);
    let endless_header = "x".repeat(LARGEST_ROW + 2);
    assert_eq!(told(&read(Format::Csv, endless_header)), ["0@1  row-too-large"]);
    let line = format!("{{\"x\":\"{big}\"}}\n{}\n", object("Bob"));
    assert_eq!(told(&read(Format::Ndjson, line)), ["1@1  row-too-large", "2@2 Bob"]);
    let array = format!("[{{\"x\":\"{big}\"}},{}]", object("Bob"));
    assert_eq!(told(&read(Format::JsonArray, array)), ["1@1  row-too-large", "2@1 Bob"]);
}

fn object(name: &str) -> String {
    format!(
        r#"{{"learner":{{"name":"{name}","identifiers":[{{"type":"email","value":"a@example.org"}}]}},"achievement":"digital-basics","completedAt":"2026-05-01"}}"#
    )
}

#[test]
fn lines_of_json_are_read_each_for_itself() {
    let input = format!("\u{FEFF}{}\r\n\n  \n{{bad\n[]\n{}", object("Ann"), object("Bob"));
    assert_eq!(
        told(&read(Format::Ndjson, input)),
        ["1@1 Ann", "2@4  not-json", "3@5  wrong-type", "4@6 Bob"]
    );
    assert_eq!(read(Format::Ndjson, ""), []);
}

#[test]
fn an_array_of_json_is_cut_into_its_elements() {
    let input =
        format!("\u{FEFF} [\n{},\n{{\"a\\\"]\":[1,{{}}]}},\n 7 ,\n{}\n]\n", object("A,]}n"), object("Bob"));
    let rows = told(&read(Format::JsonArray, &input));
    assert_eq!(rows[0], "1@2 A,]}n");
    assert!(rows[1].starts_with("2@3 /a\"] unknown-member"), "{}", rows[1]);
    assert_eq!(rows[2..], ["3@4  wrong-type", "4@5 Bob"]);
    assert_eq!(read(Format::JsonArray, " [ ] "), []);
}

#[test]
fn an_array_that_is_none_or_is_cut_off_is_said_to_be() {
    for (input, told_as) in [
        ("", "0@1  not-an-array"),
        ("{}", "0@1  not-an-array"),
        ("[1", "0@1  not-an-array"),
        ("[,]", "0@1  not-an-array"),
        ("[] x", "0@1  not-an-array"),
        ("[\n", "0@2  not-an-array"),
    ] {
        assert_eq!(told(&read(Format::JsonArray, input)), [told_as], "{input}");
    }
    let trailing = format!("[{},]", object("Ann"));
    assert_eq!(told(&read(Format::JsonArray, trailing)), ["1@1 Ann", "0@1  not-an-array"]);
}

#[test]
fn a_learner_may_be_known_by_a_staff_number_alone() {
    let input =
        "name,staff_number,organisation,achievement,completed_at\nAnn,a12,RX8,digital-basics,2026-05-01\n";
    let completion = read(Format::Csv, input).remove(0).result.unwrap();
    let staff = Identifier::StaffNumber { value: "A12".into(), organisation: "RX8".into() };
    assert_eq!(completion.learner.identifiers, [staff]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Where the pieces are cut changes nothing, whatever the input is.
    #[test]
    fn pieces_may_be_cut_anywhere(
        body in "([a-z@.,;\"\r\n\\[\\]{}: 0-9]|Ann,a@example.org,digital-basics,2026-05-01\r\n|\\{\"a\":\\[\\]\\}){0,40}",
        size in 1_usize..9,
        which in 0_usize..3,
    ) {
        let format = [Format::Csv, Format::Ndjson, Format::JsonArray][which];
        let input = match format {
            Format::Csv => format!("{HEADER}\r\n{body}"),
            Format::JsonArray => format!("[{body}"),
            Format::Ndjson => body,
        };
        let mut reader = RowReader::new(format, parse_json);
        let mut rows: Vec<Row> = input.as_bytes().chunks(size).flat_map(|piece| reader.push(piece)).collect();
        rows.extend(reader.finish());
        proptest::prop_assert_eq!(rows, read(format, &input));
    }
}

#[test]
fn withdrawals_are_read_in_every_format() {
    let read = |format, input: &str| {
        let mut reader = RowReader::<StatedWithdrawal>::new(format, parse_json);
        let mut rows = reader.push(input.as_bytes());
        rows.extend(reader.finish());
        let told = |row: Row<StatedWithdrawal>| match row.result {
            Ok(StatedWithdrawal { which: WhichCompletion::Reference(reference), reason }) => {
                format!("{} {reference}: {reason}", row.number)
            }
            Ok(StatedWithdrawal { which: WhichCompletion::Id(id), reason }) => {
                format!("{} {id}: {reason}", row.number)
            }
            Err(faults) => {
                let fault = |fault: &FieldError| format!("{} {}", fault.pointer, fault.code);
                format!("{} {}", row.number, faults.iter().map(fault).collect::<Vec<_>>().join(", "))
            }
        };
        rows.into_iter().map(told).collect::<Vec<_>>()
    };
    let id = "0197c1d2-7b3a-7c4d-8e5f-60718293a4b5";
    assert_eq!(
        read(
            Format::Csv,
            &format!(
                "Reference;Completion;Reason\nR-1;;\"Marked wrongly; twice\"\n;{id};A reason\nR-2;;\n\
                 R-3;{id};Both\n;;Neither\n;x;No id\nR-4;;Why;more\n"
            ),
        ),
        [
            "1 R-1: Marked wrongly; twice".to_owned(),
            format!("2 {id}: A reason"),
            "3 /reason reason-required".to_owned(),
            "4 /reference which-completion".to_owned(),
            "5 /reference which-completion".to_owned(),
            "6 /reference which-completion".to_owned(),
            "7  wrong-length".to_owned(),
        ]
    );
    assert_eq!(
        read(Format::Csv, "reference,why\nR-1,A reason\n"),
        ["0 /why unknown-column, /reason missing-column"]
    );
    assert_eq!(read(Format::Csv, "reason\nA reason\n"), ["0  missing-column"]);
    let line = r#"{"reference": "R-1", "reason": "A reason"}"#;
    assert_eq!(
        read(Format::Ndjson, &format!("{line}\n{{}}\n")),
        ["1 R-1: A reason", "2 /reason reason-required, /reference which-completion"]
    );
    assert_eq!(read(Format::JsonArray, &format!("[{line}]")), ["1 R-1: A reason"]);
}
