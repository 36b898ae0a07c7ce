//! The database is killed, frozen, restarted, locked and filled up while the service
//! is posted to (promises 5 and 6): requests get a 503 in good time, nothing that was
//! acknowledged is lost, and the service is back by itself.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::WriteLock;
use tokio::task::JoinHandle;

use crate::server::{Server, completion, project};

/// Within this time everything is answered, and the service is back.
const BOUND: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_a_frozen_and_a_restarted_postgres_cost_nothing_that_was_acknowledged() {
    let cluster = Cluster::start();
    let server = Server::start(Some(cluster.url.clone()), &[]).await;
    let posters: Vec<_> = (0..4).map(|n| Poster::start(&server, format!("client{n}"))).collect();
    let mut acknowledged = BTreeMap::new();

    cluster.kill();
    is_out(&server, &mut acknowledged, "killed", Duration::from_secs(3)).await;
    cluster.run();
    is_back(&server, &mut acknowledged, "killed").await;

    cluster.signal("-STOP");
    is_out(&server, &mut acknowledged, "frozen", Duration::from_secs(6)).await;
    cluster.signal("-CONT");
    is_back(&server, &mut acknowledged, "frozen").await;

    cluster.restart();
    is_back(&server, &mut acknowledged, "restarted").await;

    for poster in posters {
        acknowledged.extend(poster.stop().await);
    }
    is_kept(&server, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_process_writes_the_sqlite_file_badges_are_read_and_posts_get_a_503() {
    let server = Server::start(None, &[]).await;
    let mut acknowledged = BTreeMap::new();
    is_back(&server, &mut acknowledged, "before").await;
    let lock = WriteLock::take(&server.folder().join("lanyard.db"));
    is_out(&server, &mut acknowledged, "locked", Duration::from_secs(5)).await;
    is_read(&server, &acknowledged).await;
    drop(lock);
    is_back(&server, &mut acknowledged, "locked").await;
    is_kept(&server, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_badges_are_read_and_nothing_is_acknowledged() {
    let disk = Disk::mount().expect("only root may mount a small disk: run this test as root");
    let server = Server::start(Some(format!("sqlite://{}/lanyard.db", disk.path().display())), &[]).await;
    let mut acknowledged = BTreeMap::new();
    is_back(&server, &mut acknowledged, "before").await;
    disk.fill();
    // What is already part of the write-ahead log can still be overwritten.
    for n in 0..400 {
        match post(&server.client, &server.base, &server.api_key, &format!("full-{n}")).await {
            Answer::Acknowledged(id) => acknowledged.insert(format!("full-{n}"), id),
            Answer::Refused => break,
        };
    }
    is_out(&server, &mut acknowledged, "full", Duration::from_secs(1)).await;
    is_read(&server, &acknowledged).await;
    disk.empty();
    is_back(&server, &mut acknowledged, "full").await;
    is_kept(&server, &acknowledged).await;
}

/// What became of a post.
enum Answer {
    /// The credential it led to.
    Acknowledged(String),
    /// 503, and when to ask again.
    Refused,
}

async fn post(client: &Client, base: &str, api_key: &str, reference: &str) -> Answer {
    let asked = Instant::now();
    let response = client
        .post(format!("{base}/v1/completions"))
        .bearer_auth(api_key)
        .header("Idempotency-Key", reference)
        .json(&completion(reference))
        .send()
        .await
        .unwrap();
    let took = asked.elapsed();
    assert!(took < BOUND, "{reference} was answered after {took:?}");
    let (status, retry_after) = (response.status(), response.headers().get("Retry-After").cloned());
    let body: Value = response.json().await.unwrap();
    match status {
        StatusCode::OK | StatusCode::CREATED => {
            Answer::Acknowledged(body["credential"]["id"].as_str().unwrap().to_owned())
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::CONFLICT => {
            let seconds: u64 = retry_after.expect("Retry-After").to_str().unwrap().parse().unwrap();
            assert!((1..=5).contains(&seconds), "{seconds}");
            Answer::Refused
        }
        other => panic!("{other}: {body}"),
    }
}

/// Posts again and again, the same completion until it is acknowledged.
struct Poster {
    is_over: Arc<AtomicBool>,
    task: JoinHandle<BTreeMap<String, String>>,
}

impl Poster {
    fn start(server: &Server, name: String) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, client) = (Arc::clone(&is_over), server.client.clone());
        let (base, api_key) = (server.base.clone(), server.api_key.clone());
        let task = tokio::spawn(async move {
            let mut acknowledged = BTreeMap::new();
            while !over.load(Ordering::Relaxed) {
                let reference = format!("{name}-{}", acknowledged.len());
                match post(&client, &base, &api_key, &reference).await {
                    Answer::Acknowledged(id) => {
                        acknowledged.insert(reference, id);
                    }
                    Answer::Refused => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
            acknowledged
        });
        Self { is_over, task }
    }

    async fn stop(self) -> BTreeMap<String, String> {
        self.is_over.store(true, Ordering::Relaxed);
        self.task.await.unwrap()
    }
}

/// For so long nothing is acknowledged, but for what was on its way already.
async fn is_out(server: &Server, acknowledged: &mut BTreeMap<String, String>, what: &str, length: Duration) {
    let begun = Instant::now();
    let mut refused = false;
    let mut n = 0;
    while begun.elapsed() < length || !refused {
        let reference = format!("{what}-{n}");
        match post(&server.client, &server.base, &server.api_key, &reference).await {
            Answer::Acknowledged(id) => {
                assert!(!refused, "{reference} was acknowledged in the middle of an outage");
                assert!(begun.elapsed() < Duration::from_secs(1), "{what}: there is no outage");
                acknowledged.insert(reference, id);
            }
            Answer::Refused => {
                assert!(begun.elapsed() < length + BOUND);
                refused = true;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
        n += 1;
    }
}

/// In good time, posts are acknowledged again.
async fn is_back(server: &Server, acknowledged: &mut BTreeMap<String, String>, what: &str) {
    let begun = Instant::now();
    for n in 0..3 {
        let reference = format!("after-{what}-{n}");
        let id = loop {
            match post(&server.client, &server.base, &server.api_key, &reference).await {
                Answer::Acknowledged(id) => break id,
                Answer::Refused => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            assert!(begun.elapsed() < BOUND, "{what}: the service is not back");
        };
        acknowledged.insert(reference, id);
    }
}

async fn is_read(server: &Server, acknowledged: &BTreeMap<String, String>) {
    for (reference, id) in acknowledged {
        let badge = server.get(&format!("/v1/credentials/{id}")).send().await.unwrap();
        assert_eq!(badge.status(), 200, "{reference} cannot be read");
    }
}

/// Everything acknowledged is there once, and so is everything that it stands on.
async fn is_kept(server: &Server, acknowledged: &BTreeMap<String, String>) {
    assert!(!acknowledged.is_empty());
    for (reference, id) in acknowledged {
        let again = post(&server.client, &server.base, &server.api_key, reference).await;
        assert!(matches!(again, Answer::Acknowledged(same) if same == *id), "another answer for {reference}");
    }
    is_read(server, acknowledged).await;
    // What was given up in the middle is finished by the reconciler.
    let begun = Instant::now();
    let audit = loop {
        let audit = server.audit()["audit"].take();
        if audit["pending"] == 0 || begun.elapsed() > Duration::from_secs(30) {
            break audit;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert_eq!((&audit["findings"], &audit["pending"]), (&json!([]), &json!(0)), "{audit:#}");
    let credentials = usize::try_from(audit["credentials"].as_u64().unwrap()).unwrap();
    assert!(credentials >= acknowledged.len(), "{audit:#}");
}

/// A PostgreSQL of this test's own, gone with the value.
struct Cluster {
    name: String,
    url: String,
    home: PathBuf,
}

impl Cluster {
    fn start() -> Self {
        let name = format!("outage-{}", std::process::id());
        let mut cluster = Self { name, url: String::new(), home: PathBuf::new() };
        cluster.run();
        let address = cluster.script("start");
        cluster.url = address.trim().rsplit_once('=').unwrap().1.to_owned();
        cluster.home = PathBuf::from(cluster.script("home").trim());
        cluster
    }

    fn script(&self, order: &str) -> String {
        let output = Command::new(project().join("tests/postgres.sh"))
            .arg(order)
            .env("LANYARD_TEST_CLUSTER", &self.name)
            .output()
            .unwrap();
        assert!(output.status.success(), "{order}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts it. Right after it was killed, its last processes may still be ending.
    fn run(&self) {
        self.script("start");
    }

    fn restart(&self) {
        self.script("stop");
        self.run();
    }

    fn postmaster(&self) -> String {
        let file = fs::read_to_string(self.home.join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().trim().to_owned()
    }

    /// Kills the postmaster with no chance to say goodbye, and waits until the
    /// processes it leaves behind have noticed.
    fn kill(&self) {
        let pid = self.postmaster();
        let children = children(&pid);
        send("-KILL", &[pid]);
        let begun = Instant::now();
        while children.iter().any(|pid| Path::new("/proc").join(pid).exists()) {
            assert!(begun.elapsed() < Duration::from_secs(10), "the processes of the killed server stay");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal to every process of the server.
    fn signal(&self, signal: &str) {
        let pid = self.postmaster();
        // The postmaster first, so that it starts no other meanwhile.
        send(signal, std::slice::from_ref(&pid));
        send(signal, &children(&pid));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.home.as_os_str().is_empty() {
            self.signal("-CONT");
        }
        self.script("remove");
    }
}

fn children(pid: &str) -> Vec<String> {
    let file = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    file.split_whitespace().map(str::to_owned).collect()
}

fn send(signal: &str, pids: &[String]) {
    // One that has just ended is none of our business.
    let _ = Command::new("kill").arg(signal).args(pids).output().unwrap();
}

/// A disk of a few megabytes, unmounted with the value.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=16m", "lanyard-test"])
            .arg(directory.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self) {
        let full = fs::write(self.path().join("filler"), vec![0; 32 << 20]).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    fn empty(&self) {
        fs::remove_file(self.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
