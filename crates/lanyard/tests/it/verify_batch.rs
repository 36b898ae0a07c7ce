//! Many badges in one call: in order, each with its own line, over HTTP and on the command
//! line.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{cli::run, server::Server};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn post(server: &Server, path: &str, content_type: &str, body: String) -> Vec<Value> {
    let request = server.post(path).header("content-type", content_type);
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/x-ndjson")
    );
    lines(&answer.text().await.unwrap())
}

#[tokio::test]
async fn every_row_has_its_line_in_order_whatever_the_others_are() {
    let server = Server::start(None, &[]).await;
    let (good, revoked) = (server.badge("good").await, server.badge("revoked").await);
    let text = async |url: &str, accept: &str| String::from_utf8(server.form(url, accept).await).unwrap();
    let (json, jwt) = (text(&good, "application/json").await, text(&good, "application/vc+jwt").await);
    let taken_back = text(&revoked, "application/json").await;
    server.revoke(&revoked).await;

    let changed = json.replacen("Learner good", "Learner bad", 1);
    assert_ne!(changed, json);
    let rows = [
        json.clone(),
        jwt.clone(),
        Value::from(jwt.clone()).to_string(),
        good.clone(),
        json!({"url": revoked}).to_string(),
        taken_back.clone(),
        changed,
        "nonsense".to_owned(),
        json!({"credential": jwt, "recipient": "Somebody Else"}).to_string(),
        json!({"recipient": "Somebody Else"}).to_string(),
        "x".repeat(300_000),
        format!("{}/v1/credentials/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10", server.base),
        json.clone(),
    ];
    let expected = [
        "valid",
        "valid",
        "valid",
        "valid",
        "invalid",
        "invalid",
        "invalid",
        "invalid",
        "invalid",
        "unreadable",
        "unreadable",
        "undetermined",
        "valid",
    ];
    let answer = post(&server, "/v1/verify/batch", "application/x-ndjson", rows.join("\n")).await;
    assert_eq!(answer.len(), rows.len() + 1);
    for (number, (line, expected)) in answer.iter().zip(expected).enumerate() {
        assert_eq!((&line["row"], &line["line"]), (&json!(number + 1), &json!(number + 1)), "{line}");
        let found = line["result"]["verdict"].as_str().unwrap_or("unreadable");
        assert_eq!(found, expected, "{line}");
        assert_eq!(line["problem"]["status"].as_u64(), (expected == "unreadable").then_some(422), "{line}");
    }
    assert_eq!(answer[5]["result"]["failed"], json!(["status-revoked"]));
    assert_eq!(answer[6]["result"]["failed"], json!(["proof-mismatch"]));
    assert_eq!(answer[8]["result"]["failed"], json!(["recipient-differs"]));
    let summary =
        json!({"rows": 13, "valid": 5, "invalid": 5, "undetermined": 1, "unreadable": 2, "complete": true});
    assert_eq!(answer[13], json!({ "summary": summary }));

    // A table, and whole reports.
    let table = format!("url,credential,recipient\n{good},,\n,{jwt},\n,,Alex\n");
    let answer = post(&server, "/v1/verify/batch?report=full", "text/csv", table).await;
    let verdicts: Vec<_> = answer.iter().map(|line| line["report"]["verdict"].as_str()).collect();
    assert_eq!(verdicts, [Some("valid"), Some("valid"), None, None]);
    assert!(answer[0]["report"]["checks"].as_array().unwrap().len() > 10);
    assert_eq!(answer[3]["summary"]["unreadable"], 1);

    // Nothing, and what is not taken.
    assert_eq!(
        post(&server, "/v1/verify/batch", "text/csv", String::new()).await.pop().unwrap()["summary"]["valid"],
        0
    );
    for (path, content_type, status) in [
        ("/v1/verify/batch", "application/json", 415),
        ("/v1/verify/batch?report=long", "text/csv", 422),
        ("/v1/verify/batch?policy=nobody", "text/csv", 422),
    ] {
        let request =
            server.client.post(format!("{}{path}", server.base)).header("content-type", content_type);
        assert_eq!(request.body("x").send().await.unwrap().status(), status, "{path}");
    }

    // The same on the command line.
    fs::write(server.folder().join("rows.ndjson"), rows.join("\n")).unwrap();
    let (code, out, err) = run(&server, &["verify", "--batch", "rows.ndjson"]);
    assert_eq!(code, 1, "{err}");
    let printed = lines(&out);
    for (line, expected) in printed.iter().zip(expected) {
        assert_eq!(line["result"]["verdict"].as_str().unwrap_or("unreadable"), expected, "{line}");
    }
    assert_eq!(printed[13]["summary"], json!({"rows": 13, "valid": 5, "complete": true}));
    fs::write(server.folder().join("good.csv"), format!("url\n{good}\n{good}\n")).unwrap();
    assert_eq!(run(&server, &["verify", "--batch", "good.csv"]).0, 0);
    assert_eq!(run(&server, &["verify", "--batch", "nothing.csv"]).0, 2);
}

/// However long the file, what is held of it does not grow; and it is read no further than
/// what a batch may have.
#[tokio::test]
async fn a_long_batch_is_held_in_bounded_memory_and_cut_at_its_limit() {
    let server = Server::start(None, &[]).await;
    let row = format!("{{\"not\": \"a badge\", \"padding\": \"{}\"}}\n", "x".repeat(2_000));
    let send = async |rows: usize| {
        let answer = post(&server, "/v1/verify/batch", "application/x-ndjson", row.repeat(rows)).await;
        answer.last().unwrap().clone()
    };
    assert_eq!(send(10_000).await["summary"]["invalid"], 10_000);
    let before = server.memory();
    let last = send(40_000).await;
    assert_eq!((&last["summary"]["rows"], &last["summary"]["complete"]), (&json!(40_000), &json!(true)));
    // 80 MB were sent.
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 40 * 1024, "{grown} KiB more");

    // Who shows no credentials has a smaller limit, and the rows up to it are answered.
    let request = server.client.post(format!("{}/v1/verify/batch", server.base));
    let request = request.header("content-type", "application/x-ndjson").body("nonsense\n".repeat(1_500));
    let answer = lines(&request.send().await.unwrap().text().await.unwrap());
    let last = answer.last().unwrap();
    assert_eq!((answer.len(), &last["summary"]["complete"]), (1_001, &json!(false)), "{last}");
    assert_eq!(
        (&last["summary"]["rows"], &last["problem"]["status"]),
        (&json!(1_000), &json!(413)),
        "{last}"
    );
}

#[tokio::test]
async fn what_was_checked_of_a_batch_is_counted_though_its_client_leaves() {
    const ROWS: u16 = 4000;
    let server = Server::start(None, &[]).await;
    let key = server.academy_key("verifications:run");
    let badge =
        String::from_utf8(server.form(&server.badge("left").await, "application/json").await).unwrap();
    let request = server.client.post(format!("{}/v1/verify/batch?report=full", server.base));
    let request = request.bearer_auth(&key).header("content-type", "application/x-ndjson");
    let mut answer = request.body(vec![badge; ROWS.into()].join("\n")).send().await.unwrap();
    assert!(answer.chunk().await.unwrap().is_some());
    drop(answer);
    let begun = Instant::now();
    loop {
        let usage: Value =
            server.get("/v1/usage").bearer_auth(&key).send().await.unwrap().json().await.unwrap();
        let valid = usage["days"][0]["valid"].as_u64().unwrap_or_default();
        assert!(valid < ROWS.into(), "it went on to the end");
        if valid > 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{usage}");
    }
}

/// A job's results after a line, without the summary, and whether more will come.
async fn results(server: &Server, key: &str, job: &Value, after: u64) -> (Vec<Value>, bool) {
    let address = format!("{}?after={after}", job["results"].as_str().unwrap());
    let answer = server.get(&address).bearer_auth(key).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut found = lines(&answer.text().await.unwrap());
    let summary = found.pop().unwrap()["summary"].clone();
    (found, summary["more"].as_bool().unwrap())
}

#[tokio::test]
async fn a_job_goes_on_where_it_was_however_often_the_service_is_killed() {
    const ROWS: usize = 2400;
    // Whoever comes after a kill waits for the lease of the dead.
    for (database, most) in [(None, 2), (Some(testkit::PostgresDatabase::empty()), 1)] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let mut server = Server::start(url, &[]).await;
        let key = server.academy_key("verifications:run");
        let badge =
            String::from_utf8(server.form(&server.badge("job").await, "application/json").await).unwrap();
        let other = badge.replacen("Learner job", "Learner jab", 1);
        let row = |number: usize| if number.is_multiple_of(3) { &other } else { &badge };
        let body = (0..ROWS).map(row).cloned().collect::<Vec<_>>().join("\n");
        let request = server.client.post(format!("{}/v1/verification-jobs", server.base)).bearer_auth(&key);
        let answer = request.header("content-type", "application/x-ndjson").body(body).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        let job: Value = answer.json().await.unwrap();
        let (mut all, mut more, mut kills) = (Vec::new(), true, 0);
        while more {
            let after = all.last().map_or(0, |line: &Value| line["line"].as_u64().unwrap());
            let (found, waits) = results(&server, &key, &job, after).await;
            more = waits;
            if more && !found.is_empty() && kills < most {
                server.kill();
                server.run().await;
                kills += 1;
            }
            all.extend(found);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!((kills, all.len()), (most, ROWS));
        for (number, line) in all.iter().enumerate() {
            let expected = if number.is_multiple_of(3) { "invalid" } else { "valid" };
            assert_eq!((&line["line"], &line["result"]["verdict"]), (&json!(number + 1), &json!(expected)));
        }
        let told = server.get(job["url"].as_str().unwrap()).bearer_auth(&key).send().await.unwrap();
        let told: Value = told.json().await.unwrap();
        assert_eq!((&told["state"], &told["valid"]), (&json!("done"), &json!(ROWS - ROWS / 3)), "{told}");
    }
}
