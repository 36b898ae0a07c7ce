//! Batches over HTTP: a result for every row, in order, and a bad row never
//! stops the good ones.

use std::{
    io::{Read, Write},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    bad_input::recorded,
    server::{Server, completion},
};

/// Posts a batch; answers the rows' results and the summary.
async fn post(server: &Server, media_type: &str, body: impl Into<reqwest::Body>) -> (Vec<Value>, Value) {
    let request = server.post("/v1/completions/batch").header("Content-Type", media_type).body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.pop().unwrap()["summary"].take();
    assert!(summary.is_object(), "the last line is the summary: {text}");
    (lines, summary)
}

/// Row, line and status of every result.
fn statuses(results: &[Value]) -> Vec<(u64, u64, u64)> {
    let number = |result: &Value, member: &str| result[member].as_u64().unwrap();
    results.iter().map(|r| (number(r, "row"), number(r, "line"), number(r, "status"))).collect()
}

/// The pointers and codes of a refused row, in order.
fn faults(result: &Value) -> Vec<String> {
    let errors = result["problem"]["errors"].as_array().unwrap_or_else(|| panic!("{result:#}"));
    for error in errors {
        assert!(!error["expected"].as_str().unwrap().is_empty(), "{error}");
    }
    errors
        .iter()
        .map(|e| format!("{} {}", e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect()
}

const EXCEL: &str = "\u{feff}Name;E-Mail-Missing;Email;Achievement;Completed at;Delivery mode;Credit amount;Credit unit;Cohort;Reference\r\n";

/// As a spreadsheet writes it: a byte order mark, semicolons, CRLF, quotes, a
/// decimal comma, an empty line, a line feed within a field.
fn spreadsheet() -> String {
    let header = EXCEL.replace("E-Mail-Missing;", "");
    let rows = [
        "Siân \"Sam\" Sampleton;sian@example.org;introduction-digital-data-technology;2026-05-01;Face to face;6,5;hours;\"Spring; 2026\";x-1",
        "",
        "\"Sample, Ann\";ann@example.org;user-centred-design;2026-05-01;online;;;;x-2",
        "Bob Example;not an address;user-centred-design;yesterday;online;;;;x-3",
        "Cy Example;cy@example.org;no-such-thing;2026-05-01;;;;;x-4",
        "Di Example;di@example.org;user-centred-design;2026-05-01;online;;;;\"x\r\n5\"",
        "Ed Example;ed@example.org;user-centred-design",
        ";;;;;;;;",
        "Flo Example;flo@example.org;user-centred-design;2026-05-01;online;-1;hours;;x-8",
        "Gwen Example;gwen@example.org;user-centred-design;2026-05-01;online;;;;x-9",
    ];
    format!("{header}{}\r\n", rows.join("\r\n"))
}

#[tokio::test]
async fn a_spreadsheet_is_read_as_spreadsheets_write_it() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        let (results, summary) = post(&server, "text/csv; charset=utf-8", spreadsheet()).await;
        let good: Vec<_> = results.iter().filter(|r| r["status"] == 201).collect();
        assert_eq!(good.len(), 3, "{results:#?}");
        assert_eq!(good[0]["result"]["ledgerEntry"]["amount"], "6.5", "a decimal comma");
        let told: Vec<(u64, Vec<String>)> = results
            .iter()
            .filter(|r| r["status"] != 201)
            .map(|r| (r["line"].as_u64().unwrap(), faults(r)))
            .collect();
        let expected: [(u64, &[&str]); 5] = [
            (5, &["/email not-an-email", "/completed_at not-date-time"]),
            (6, &["/achievement unknown-achievement"]),
            (7, &["/reference control-character"]),
            (9, &[" wrong-length"]),
            (11, &["/credit_amount negative"]),
        ];
        for ((line, faults), (expected_line, expected_faults)) in told.iter().zip(expected) {
            assert_eq!(*line, expected_line, "{results:#?}");
            let mut faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            let mut expected_faults = expected_faults.to_vec();
            faults.sort_unstable();
            expected_faults.sort_unstable();
            assert_eq!(faults, expected_faults, "line {line}");
        }
        assert_eq!(told.len(), expected.len(), "{told:?}");
        let rows: Vec<u64> = statuses(&results).iter().map(|(row, ..)| *row).collect();
        assert!(rows.is_sorted(), "{rows:?}");
        assert_eq!(
            (&summary["issued"], &summary["refused"], &summary["complete"]),
            (&json!(3), &json!(5), &json!(true))
        );
        assert_eq!(recorded(&server), [3; 4]);

        let url = good[0]["result"]["credential"]["url"].as_str().unwrap();
        let badge: Value = serde_json::from_slice(&server.form(url, "application/json").await).unwrap();
        assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], "Siân \"Sam\" Sampleton");

        let (again, summary) = post(&server, "text/csv", spreadsheet()).await;
        assert_eq!(
            (&summary["issued"], &summary["replayed"], &summary["refused"]),
            (&json!(0), &json!(3), &json!(5))
        );
        for (first, second) in results.iter().zip(&again) {
            let same = |result: &Value| {
                let mut result = result["result"].clone();
                result.as_object_mut().map(|members| members.remove("outcome"));
                result
            };
            assert_eq!(same(first), same(second), "the same answer, but for what became of it");
            let replayed = if first["status"] == 201 { json!(200) } else { first["status"].clone() };
            assert_eq!(second["status"], replayed);
        }
        assert_eq!(recorded(&server), [3; 4]);
    }
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_at_all_says_why() {
    let server = Server::start(None, &[]).await;
    let utf16: Vec<u8> = spreadsheet().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let row = "Ann;ann@example.org;user-centred-design;2026-05-01\n";
    for (context, media_type, body, fault) in [
        ("nothing", "text/csv", Vec::new(), " empty"),
        (
            "no needed column",
            "text/csv",
            format!("name;email;completed_at\n{row}").into(),
            "/achievement missing-column",
        ),
        ("nobody identified", "text/csv", "name,achievement,completed_at\n".into(), " missing-column"),
        ("an unknown column", "text/csv", EXCEL.into(), "/e_mail_missing unknown-column"),
        ("a column twice", "text/csv", "name,email,email,achievement,completed_at\n".into(), "/email twice"),
        ("UTF-16", "text/csv", utf16, " not-utf8"),
        ("an object", "application/json", b"{}".to_vec(), " not-an-array"),
        ("no JSON", "application/json", b"rows".to_vec(), " not-an-array"),
        ("not closed", "application/json", b"[".to_vec(), " not-an-array"),
    ] {
        let (results, summary) = post(&server, media_type, body).await;
        assert_eq!(results.len(), 1, "{context}: {results:#?}");
        assert_eq!((&results[0]["row"], &results[0]["status"]), (&json!(0), &json!(422)), "{context}");
        assert!(faults(&results[0]).contains(&fault.to_owned()), "{context}: {:#}", results[0]);
        assert_eq!(summary["issued"], 0, "{context}");
    }
    assert_eq!(recorded(&server), [0; 4]);
}

#[tokio::test]
async fn good_and_bad_objects_are_told_apart_row_by_row() {
    let server = Server::start(None, &[]).await;
    let good = |reference: &str| completion(reference).to_string();
    let mut conflicting = completion("n1");
    conflicting["cohort"] = "another".into();
    conflicting["reference"] = "the same occasion again".into();
    let mut shared = completion("shared");
    shared["learner"]["identifiers"] = completion("n1")["learner"]["identifiers"].clone();
    let rows = [
        (good("n1"), 201),
        (r#"{"learner":1}"#.to_owned(), 422),
        (good("n2"), 201),
        (r#"{"achievement":"a","achievement":"b"}"#.to_owned(), 422),
        (good("n1"), 200),
        (conflicting.to_string(), 409),
        (shared.to_string(), 409),
        (format!(r#"{{"x":{}{}}}"#, "[".repeat(100), "]".repeat(100)), 422),
        (format!(r#"{{"x":"{}"}}"#, "x".repeat(300_000)), 422),
        (good("n3"), 201),
    ];
    let expected: Vec<u64> = rows.iter().map(|(_, status)| *status).collect();
    let texts: Vec<&str> = rows.iter().map(|(text, _)| text.as_str()).collect();
    let lines = format!("{}\n\n  \n", texts.join("\n"));
    let array = format!("[{}]", texts.join(",\n"));
    for (media_type, body, first) in
        [("application/x-ndjson", lines, true), ("application/json", array, false)]
    {
        let (results, summary) = post(&server, media_type, body).await;
        let found = statuses(&results);
        let again = |status: u64| if first || status != 201 { status } else { 200 };
        let wanted: Vec<_> =
            (1..).zip(&expected).map(|(number, status)| (number, number, again(*status))).collect();
        assert_eq!(found, wanted, "{media_type}: {results:#?}");
        assert_eq!(summary["rows"], 10);
        assert_eq!(recorded(&server), [3; 4]);
    }

    // What follows a broken text in an array cannot be told apart, and is not guessed at.
    let (results, summary) =
        post(&server, "application/json", format!("[{}, nonsense, {}]", good("n4"), good("n5"))).await;
    assert_eq!(results[0]["status"], 201, "{results:#?}");
    assert!(results[1..].iter().any(|result| result["status"] == 422), "{results:#?}");
    assert_eq!(summary["issued"].as_u64().unwrap() + summary["refused"].as_u64().unwrap(), summary["rows"]);
}

/// The head of a raw request, whose body is the caller's to send.
fn head(server: &Server, length: usize) -> String {
    format!(
        "POST /v1/completions/batch HTTP/1.1\r\nHost: lanyard\r\nAuthorization: Bearer {}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n",
        server.api_key
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_breaks_off_and_posts_again_has_each_row_once() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        let lines: Vec<String> = (0..150).map(|n| format!("{}\n", completion(&format!("off-{n}")))).collect();
        let body = lines.concat();
        for part in [body.len() / 2, body.len() - 10] {
            let mut stream = std::net::TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
            stream.write_all(head(&server, body.len()).as_bytes()).unwrap();
            stream.write_all(&body.as_bytes()[..part]).unwrap();
            let mut some = [0; 1000];
            assert!(stream.read(&mut some).unwrap() > 0, "results come before the body has ended");
            drop(stream);
        }
        // The row that was at work when the client left may still be.
        let mut results = Vec::new();
        for _ in 0..50 {
            (results, _) = post(&server, "application/x-ndjson", body.clone()).await;
            if results.iter().all(|result| result["status"] != 409) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let statuses: Vec<u64> = statuses(&results).iter().map(|(_, _, status)| *status).collect();
        assert_eq!(statuses.len(), 150);
        assert!(statuses.iter().all(|status| *status == 201 || *status == 200), "{statuses:?}");
        let mut ids: Vec<&str> =
            results.iter().map(|result| result["result"]["credential"]["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 150);
        assert_eq!(recorded(&server), [150; 4]);
    }
}

#[tokio::test]
async fn five_thousand_rows_pass_through_flat_memory() {
    let server = Server::start(None, &[]).await;
    post(&server, "application/x-ndjson", format!("{}\n", completion("warm"))).await;
    let before = server.memory();
    // New, repeated and bad rows, in turn.
    let rows: Vec<String> = (0..5_000)
        .map(|n| match n % 50 {
            0 => format!("{}\n", completion(&format!("flat-{n}"))),
            1 => "{\"learner\":null}\n".to_owned(),
            _ => format!("{}\n", completion(&format!("flat-{}", n - n % 50))),
        })
        .collect();
    let (results, summary) = post(&server, "application/x-ndjson", rows.concat()).await;
    assert_eq!(
        summary,
        json!({"rows": 5000, "issued": 100, "corrected": 0, "replayed": 4800, "refused": 100, "complete": true})
    );
    let numbers: Vec<u64> = statuses(&results).iter().map(|(row, ..)| *row).collect();
    assert_eq!(numbers, (1..=5_000).collect::<Vec<u64>>(), "every row, in order");
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 50 * 1024, "memory grew by {grown} KiB");
    assert_eq!(recorded(&server), [101; 4]);
}

#[tokio::test]
async fn a_batch_over_its_limit_says_so_and_keeps_what_came_before() {
    let server = Server::start(None, &[("LANYARD_BULK_LIMIT_BYTES", "20000")]).await;
    let rows: Vec<String> = (0..100).map(|n| format!("{}\n", completion(&format!("limit-{n}")))).collect();
    let body = rows.concat();
    assert!(body.len() > 30_000);
    let request = server.post("/v1/completions/batch").header("Content-Type", "application/x-ndjson");
    let response = request.body(body.clone()).send().await.unwrap();
    crate::bad_input::problem(response, 413, "too-large", "a stated length").await;
    assert_eq!(recorded(&server), [0; 4]);

    // Without a length the rows within the limit are taken, and the end says what happened.
    let mut stream = std::net::TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    let head =
        head(&server, 0).replace("Content-Length: 0", "Connection: close\r\nTransfer-Encoding: chunked");
    stream.write_all(head.as_bytes()).unwrap();
    for row in &rows {
        if write!(stream, "{:x}\r\n{row}\r\n", row.len()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.contains("\"complete\":false") && answer.contains("/problems/too-large"), "{answer}");
    let [completions, ..] = recorded(&server);
    assert!((1..60).contains(&completions), "{completions}");
}
