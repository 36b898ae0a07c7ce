//! Reads are answered from a streaming replica by an instance that only reads.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::server::{Server, completion, project};

/// Within this time what was posted is read on the replica, on a busy machine too.
const BOUND: Duration = Duration::from_secs(10);

const POSTS: usize = 40;

/// A cluster of its own and its replica.
struct Pair {
    cluster: String,
    primary: String,
    replica: String,
}

impl Pair {
    fn start() -> Self {
        let cluster = format!("replica-{}", std::process::id());
        let started = script(&cluster, "postgres.sh", "start");
        let primary = started.trim().rsplit_once('=').unwrap().1.to_owned();
        let server = script(&cluster, "replica.sh", "start");
        Self { cluster, primary, replica: format!("{}/postgres", server.trim()) }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        script(&self.cluster, "replica.sh", "remove");
        script(&self.cluster, "postgres.sh", "remove");
    }
}

fn script(cluster: &str, name: &str, order: &str) -> String {
    let output = Command::new(project().join("tests").join(name))
        .arg(order)
        .env("LANYARD_TEST_CLUSTER", cluster)
        .output()
        .unwrap();
    assert!(output.status.success(), "{name} {order}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// How long until the reader has what stands at `path`.
async fn lag(reader: &Server, path: &str) -> Duration {
    let begun = Instant::now();
    while reader.get(path).send().await.unwrap().status() != 200 {
        assert!(begun.elapsed() < BOUND, "{path} is not on the replica");
    }
    begun.elapsed()
}

async fn json_of(server: &Server, path: &str) -> Value {
    let response = server.get(path).bearer_auth(&server.api_key).send().await.unwrap();
    let status = response.status();
    let body = response.json().await.unwrap();
    assert_eq!(status, 200, "{path}: {body}");
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn badges_ledgers_and_pathways_are_read_on_a_streaming_replica() {
    let pair = Pair::start();
    let writer = Server::start(Some(pair.primary.clone()), &[]).await;
    let reader = Server::reading(&writer, pair.replica.clone()).await;

    let mut lags = Vec::new();
    for n in 0..POSTS {
        let response = writer.complete(&format!("r{n}")).await.unwrap();
        let issued: Value = response.json().await.unwrap();
        let id = issued["credential"]["id"].as_str().unwrap();
        lags.push(lag(&reader, &format!("/v1/credentials/{id}")).await);
    }
    lags.sort_unstable();
    println!(
        "a posted badge is read on the replica after {:?} (median), {:?} (most)",
        lags[POSTS / 2],
        lags[POSTS - 1]
    );

    let issued: Value = writer.complete("r0").await.unwrap().json().await.unwrap();
    let (id, learner) =
        (issued["credential"]["id"].as_str().unwrap(), issued["learner"]["id"].as_str().unwrap());
    let badge = format!("/v1/credentials/{id}");
    for form in
        ["application/vc+ld+json", "application/vc+jwt", "application/dc+sd-jwt", "image/png", "text/html"]
    {
        assert_eq!(reader.form(&badge, form).await, writer.form(&badge, form).await, "{form}");
    }
    for path in [format!("/v1/learners/{learner}/ledger"), format!("/v1/learners/{learner}/pathways")] {
        assert_eq!(json_of(&reader, &path).await, json_of(&writer, &path).await, "{path}");
    }
    assert_eq!(json_of(&reader, "/readyz").await["status"], "ok");
    // It has counted requests by now, which it may not write.
    for _ in 0..2 {
        assert!(json_of(&reader, "/v1/usage").await["days"].is_array());
    }
    let signed = reader.form(&badge, "application/vc+ld+json").await;
    assert_eq!(reader.verify("application/vc+ld+json", signed.clone()).await["verdict"], "valid");

    let withdraw = json!({ "reference": "r0", "reason": "sample" });
    for (path, body) in [("/v1/completions", completion("r-new")), ("/v1/completions/withdraw", withdraw)] {
        let refused = reader.post(path).json(&body).send().await.unwrap();
        let status = refused.status();
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(status, 503, "{problem}");
        assert!(problem["type"].as_str().unwrap().ends_with("/problems/read-only"), "{problem}");
    }

    writer.revoke(&format!("{}{badge}", writer.base)).await;
    let begun = Instant::now();
    while reader.verify("application/vc+ld+json", signed.clone()).await["verdict"] != "invalid" {
        assert!(begun.elapsed() < BOUND, "the revocation is not on the replica");
    }

    // Reads go on when what is written to is gone.
    script(&pair.cluster, "postgres.sh", "stop");
    assert_eq!(reader.form(&badge, "application/vc+ld+json").await, signed);
}
