//! Posting many completions.

use actix_web::test::TestRequest;
use api::Limits;
use serde_json::{Value, json};
use testkit::{TestDb, backends, catalogue};

use crate::world::{Answer, World, completion, run, run_with, steady};

const HEADER: &str = "name,email,achievement,completed_at,reference";

async fn batch(world: &World, content_type: &str, body: impl Into<bytes::Bytes>) -> Answer {
    let request = TestRequest::post()
        .uri("/v1/completions/batch")
        .insert_header(("x-api-key", world.trust.as_str()))
        .insert_header(("content-type", content_type));
    world.send(request.set_payload(body)).await
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn statuses(lines: &[Value]) -> Vec<u64> {
    lines.iter().filter_map(|line| line["status"].as_u64()).collect()
}

fn row(n: u32) -> String {
    format!(
        "Sample Learner {n},sample.{n}@example.org,{},2026-06-30T15:30:00Z,ref-{n}",
        catalogue::INTRODUCTION
    )
}

backends! {
    fn a_bad_row_never_stops_the_good_ones(db: TestDb) {
        run(db, async |world| {
            let csv = format!("{HEADER}\n{}\nNobody,not an address,no-such-thing,tomorrow,bad\n{}\n", row(1), row(2));
            let answer = batch(&world, "text/csv", csv.clone()).await;
            let first = lines(&answer);
            assert_eq!(statuses(&first), [201, 422, 201]);
            assert_eq!(first[1]["row"], 2);
            assert_eq!(first[1]["line"], 3);
            assert!(first[1]["problem"]["errors"].as_array().unwrap().len() >= 2, "{}", first[1]);
            let summary = json!({
                "rows": 3, "issued": 2, "corrected": 0, "replayed": 0, "refused": 1, "complete": true,
            });
            assert_eq!(first[3], json!({ "summary": summary }));
            insta::assert_json_snapshot!("batch_row", steady(first[0].clone()));

            // Resumed by repeating it.
            let again = lines(&batch(&world, "text/csv", csv).await);
            assert_eq!(statuses(&again), [200, 422, 200]);
            let mut expected = first[0]["result"].clone();
            expected["outcome"] = json!("unchanged");
            assert_eq!(again[0]["result"], expected);
        });
    }

    fn every_form_of_a_batch_gives_the_same_badges(db: TestDb) {
        run(db, async |world| {
            let (one, two) = (completion("1"), completion("2"));
            let array = lines(&batch(&world, "application/json", json!([one, two]).to_string()).await);
            assert_eq!(statuses(&array), [201, 201]);
            let ndjson = lines(&batch(&world, "application/x-ndjson; charset=utf-8", format!("{one}\n{two}\n")).await);
            assert_eq!(statuses(&ndjson), [200, 200]);
            let same_row_twice = lines(&batch(&world, "application/x-ndjson", format!("{0}\n{0}\n", completion("3"))).await);
            assert_eq!(statuses(&same_row_twice), [201, 200], "{same_row_twice:?}");
        });
    }

    fn spreadsheets_are_read_as_they_come(db: TestDb) {
        run(db, async |world| {
            let excel = format!(
                "\u{feff}name;email;achievement;completed_at;reference\r\n\"Learner; Sample\";sample.1@example.org;{0};2026-06-30T15:30:00Z;r1\r\n\r\nSample Two;sample.2@example.org;{0};2026-06-30T15:30:00Z;r2\r\n",
                catalogue::INTRODUCTION
            );
            let rows = lines(&batch(&world, "text/csv", excel).await);
            assert_eq!(statuses(&rows), [201, 201], "{rows:?}");
            assert_eq!(rows[2]["summary"]["complete"], true);
            let no_column = "name,email,completed_at\nSample,sample.3@example.org,2026-06-30T15:30:00Z\n";
            let rows = lines(&batch(&world, "text/csv", no_column).await);
            assert!(rows.iter().any(|row| row["status"] == 422 && row.to_string().contains("achievement")), "{rows:?}");
        });
    }

    fn a_large_batch_comes_through_in_order(db: TestDb) {
        run_with(db, Limits { batch_group: 16, ..Limits::default() }, async |world| {
            let rows: Vec<String> = (0..100).map(row).collect();
            let csv = format!("{HEADER}\n{}\n", rows.join("\n"));
            let answer = lines(&batch(&world, "text/csv", csv).await);
            let numbers: Vec<u64> = answer.iter().filter_map(|line| line["row"].as_u64()).collect();
            assert_eq!(numbers, (1..=100).collect::<Vec<u64>>());
            assert!(statuses(&answer).iter().all(|status| *status == 201));
        });
    }
}

#[test]
fn what_is_no_batch_is_refused() {
    run_with(TestDb::sqlite(), Limits { batch: 2000, ..Limits::default() }, async |world| {
        assert_eq!(batch(&world, "application/xml", "<a/>").await.problem(), "unsupported-media-type");
        assert_eq!(batch(&world, "text/csv", "x".repeat(2001)).await.problem(), "too-large");
        for broken in ["{", "[{\"a\":1},", "nonsense", "[1"] {
            let rows = lines(&batch(&world, "application/json", broken).await);
            assert!(statuses(&rows).iter().all(|status| *status == 422), "{broken}: {rows:?}");
            assert!(rows.last().unwrap()["summary"]["refused"].as_u64().unwrap() >= 1, "{broken}: {rows:?}");
        }
        let empty = lines(&batch(&world, "text/csv", "").await);
        assert!(empty.last().unwrap()["summary"]["complete"].as_bool().unwrap(), "{empty:?}");
        let request =
            TestRequest::post().uri("/v1/completions/batch").insert_header(("content-type", "text/csv"));
        assert_eq!(world.send(request.set_payload("x")).await.problem(), "unauthenticated");
    });
}
