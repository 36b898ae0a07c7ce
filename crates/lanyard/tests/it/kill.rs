//! The server is killed at random while it is posted to. Whatever was
//! acknowledged has exactly one award, credential and ledger entry (promise 1).

use std::{collections::HashMap, time::Duration};

use model::chance::{Entropy, SystemEntropy};

use crate::server::Server;

/// Kills on each database; `LANYARD_TEST_KILLS` sets another number.
const KILLS: usize = 25;
const CLIENTS: usize = 4;

fn kills() -> usize {
    std::env::var("LANYARD_TEST_KILLS").map_or(KILLS, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_loses_or_doubles_what_was_acknowledged_on_sqlite() {
    kill_again_and_again(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_loses_or_doubles_what_was_acknowledged_on_postgres() {
    let database = testkit::PostgresDatabase::empty();
    kill_again_and_again(Some(database.url().to_owned())).await;
}

async fn kill_again_and_again(database_url: Option<String>) {
    let mut server = Server::start(database_url, &[]).await;
    let mut acknowledged: HashMap<String, String> = HashMap::new();
    let mut unsure: Vec<String> = Vec::new();
    for round in 0..kills() {
        let (sure, left) = post_until_killed(&mut server, round, &unsure).await;
        acknowledged.extend(sure);
        unsure = left;
        server.run().await;
    }
    // Every client asks again until it knows.
    for reference in std::mem::take(&mut unsure) {
        acknowledged.extend(acknowledge(&server, &reference).await);
    }
    assert!(acknowledged.len() >= kills(), "only {} were acknowledged", acknowledged.len());

    for (reference, id) in &acknowledged {
        let again = acknowledge(&server, reference).await;
        assert_eq!(again, Some((reference.clone(), id.clone())), "another answer for {reference}");
        let badge = server.get(&format!("/v1/credentials/{id}")).send().await.unwrap();
        assert_eq!(badge.status(), 200, "{reference} was acknowledged and is gone");
    }
    let audit = server.audit()["audit"].take();
    assert_eq!(audit["findings"], serde_json::json!([]), "{audit:#}");
    assert_eq!(audit["pending"], 0, "{audit:#}");
    for table in ["completions", "awards", "credentials", "ledgerEntries"] {
        assert_eq!(audit[table], acknowledged.len(), "{table}: {audit:#}");
    }
}

/// Posts from several clients and kills the server somewhere in between. Answers
/// what was acknowledged and what nobody can be sure of.
async fn post_until_killed(
    server: &mut Server,
    round: usize,
    unsure: &[String],
) -> (HashMap<String, String>, Vec<String>) {
    let mut tasks = Vec::new();
    for client in 0..CLIENTS {
        let again: Vec<String> = unsure.iter().skip(client).step_by(CLIENTS).cloned().collect();
        let requests = again.into_iter().chain((0..).map(move |n| format!("k{round}-{client}-{n}")));
        let (poster, base, key) = (server.client.clone(), server.base.clone(), server.api_key.clone());
        tasks.push(tokio::spawn(async move {
            let mut sure = HashMap::new();
            for reference in requests {
                let request = poster
                    .post(format!("{base}/v1/completions"))
                    .bearer_auth(&key)
                    .header("Idempotency-Key", &reference)
                    .json(&crate::server::completion(&reference));
                match read_answer(request.send().await).await {
                    Some(id) => sure.insert(reference, id),
                    None => return (sure, reference),
                };
            }
            unreachable!("there is always another request")
        }));
    }
    let [high, low] = (&SystemEntropy as &dyn Entropy).array();
    let moment = u16::from_be_bytes([high, low]) % 300;
    tokio::time::sleep(Duration::from_millis(5 + u64::from(moment))).await;
    server.kill();
    let mut acknowledged = HashMap::new();
    let mut left = Vec::new();
    for task in tasks {
        let (sure, reference) = task.await.unwrap();
        acknowledged.extend(sure);
        left.push(reference);
    }
    left.extend(unsure.iter().filter(|reference| !acknowledged.contains_key(*reference)).cloned());
    left.sort();
    left.dedup();
    (acknowledged, left)
}

async fn read_answer(answer: Result<reqwest::Response, reqwest::Error>) -> Option<String> {
    let response = answer.ok()?;
    let status = response.status();
    let body: serde_json::Value = response.json().await.ok()?;
    assert!(status == 201 || status == 200 || status == 409, "{status}: {body}");
    body["credential"]["id"].as_str().map(str::to_owned)
}

async fn acknowledge(server: &Server, reference: &str) -> Option<(String, String)> {
    for _ in 0..100 {
        if let Some(id) = read_answer(server.complete(reference).await).await {
            return Some((reference.to_owned(), id));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    None
}
