//! The server is killed at random while completions are corrected. Whatever was
//! acknowledged, one badge stands for each completion, and all that it took the place of
//! are revoked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use model::chance::{Entropy, SystemEntropy};
use serde_json::{Value, json};

use crate::server::{Server, completion};

const KILLS: usize = 8;
const CLIENTS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_leaves_two_badges_for_one_completion_on_sqlite() {
    correct_and_kill(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_leaves_two_badges_for_one_completion_on_postgres() {
    let database = testkit::PostgresDatabase::empty();
    correct_and_kill(Some(database.url().to_owned())).await;
}

/// What a client stated last: the number of the correction, and the credential for it if
/// that was acknowledged.
struct Client {
    stated: usize,
    badges: Vec<String>,
}

fn stated(client: usize, number: usize) -> Value {
    let mut stated = completion(&format!("c{client}"));
    stated["cohort"] = json!(format!("correction {number}"));
    stated
}

async fn correct_and_kill(database_url: Option<String>) {
    let mut server = Server::start(database_url, &[]).await;
    let mut clients: Vec<Client> = (0..CLIENTS).map(|_| Client { stated: 0, badges: Vec::new() }).collect();
    for _ in 0..KILLS {
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for (number, client) in clients.into_iter().enumerate() {
            let (poster, base, key) = (server.client.clone(), server.base.clone(), server.api_key.clone());
            let count = Arc::clone(&acknowledged);
            tasks.push(tokio::spawn(async move {
                let mut client = client;
                loop {
                    let request = poster
                        .post(format!("{base}/v1/completions"))
                        .bearer_auth(&key)
                        .json(&stated(number, client.stated));
                    match answer(request.send().await).await {
                        Some(id) => {
                            client.badges.push(id);
                            client.stated += 1;
                            count.fetch_add(1, Ordering::Relaxed);
                        }
                        None => return client,
                    }
                }
            }));
        }
        let [high, low] = (&SystemEntropy as &dyn Entropy).array();
        let moment = u64::from(u16::from_be_bytes([high, low]) % 200);
        // However slow the machine is, something is corrected in every round.
        let begun = Instant::now();
        while acknowledged.load(Ordering::Relaxed) < CLIENTS && begun.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill();
        clients = Vec::new();
        for task in tasks {
            clients.push(task.await.unwrap());
        }
        server.run().await;
    }
    for (number, client) in clients.iter_mut().enumerate() {
        // What nobody could be sure of is asked again.
        let again = server.post("/v1/completions").json(&stated(number, client.stated));
        client.badges.push(answer(again.send().await).await.expect("nothing is at work any more"));
        let (last, before) = client.badges.split_last().unwrap();
        for id in before.iter().filter(|id| *id != last) {
            assert_eq!(verdict(&server, id).await, "invalid", "{id} was corrected");
        }
        assert_eq!(verdict(&server, last).await, "valid");
    }
    let corrected: usize = clients.iter().map(|client| client.badges.len()).sum();
    assert!(corrected > KILLS * CLIENTS, "only {corrected} were acknowledged");
    let audit = server.audit()["audit"].take();
    assert_eq!(audit["findings"], json!([]), "{audit:#}");
    assert_eq!(audit["pending"], 0, "{audit:#}");
    let live = u64::try_from(CLIENTS).unwrap();
    // An entry for every badge, and a reversal for all but those that stand.
    let badges = audit["credentials"].as_u64().unwrap();
    assert_eq!(audit["ledgerEntries"], 2 * badges - live, "{audit:#}");
}

async fn answer(answer: Result<reqwest::Response, reqwest::Error>) -> Option<String> {
    let response = answer.ok()?;
    let status = response.status();
    let body: Value = response.json().await.ok()?;
    assert!(matches!(status.as_u16(), 200 | 201 | 409 | 503), "{status}: {body}");
    body["credential"]["id"].as_str().filter(|_| status.is_success()).map(str::to_owned)
}

async fn verdict(server: &Server, id: &str) -> String {
    let badge = server.form(&format!("/v1/credentials/{id}"), "application/vc+ld+json").await;
    let report = server.verify("application/vc+ld+json", badge).await;
    report["verdict"].as_str().unwrap().to_owned()
}
