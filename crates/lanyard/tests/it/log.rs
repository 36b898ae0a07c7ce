//! The log from outside: verified from its tiles alone, witnessed by another
//! process, killed and restored behind its back.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use model::chance::{Entropy, SystemEntropy};
use proof::log::{Checkpoint, SignedNote, VerifierKey};
use serde_json::Value;

use crate::server::Server;

fn shown(server: &Server) -> Value {
    let output = server.command(&["log", "show", "--json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
}

fn key(server: &Server) -> String {
    shown(server)["keys"][0].as_str().unwrap().to_owned()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn run(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), said(&output))
}

/// Waits until the badge is in the log; how long that took.
async fn logged(server: &Server, url: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let answer = server.get(&format!("{url}/log-proof")).send().await.unwrap();
        if answer.status() == 200 {
            return begun.elapsed();
        }
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.headers()["retry-after"], "1");
        assert!(begun.elapsed() < Duration::from_mins(1), "the checkpoint is more than 60 s behind");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn checkpoint(server: &Server) -> (Checkpoint, SignedNote) {
    let text = server.get("/log/checkpoint").send().await.unwrap().text().await.unwrap();
    let note: SignedNote = text.parse().unwrap();
    (Checkpoint::of(&note).unwrap(), note)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_verified_from_its_tiles_and_from_a_copy_of_them() {
    let server = Server::start(None, &[]).await;
    let first = server.badge("a").await;
    assert!(logged(&server, &first).await < Duration::from_secs(10));
    let address = format!("{}/log", server.base);
    let key = key(&server);
    let verify = |arguments: &[&str]| run(server.command(&[&["log", "verify"], arguments].concat()));
    let (code, text) = verify(&[&address, "--key", &key, "--keep", "kept"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("as they were signed") && text.contains("credential.issued"), "{text}");
    for number in 0..70 {
        server.badge(&format!("b{number}")).await;
    }
    let last = server.badge("c").await;
    logged(&server, &last).await;
    let (code, text) = verify(&[&address, "--key", &key, "--since", "kept"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = verify(&["--since", "kept"]);
    assert_eq!(code, Some(0), "of its own database: {text}");
    let (code, text) = run(server.command(&["log", "audit", "--since", "kept"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("0 fault(s)"), "{text}");

    // A mirror of its files, and the same spoiled.
    let (stated, note) = checkpoint(&server).await;
    assert!(stated.size > 256);
    let mirror = server.folder().join("mirror");
    let mut paths: Vec<String> = proof::log::Tile::all(stated.size).map(|tile| tile.to_string()).collect();
    for index in 0..stated.size.div_ceil(256) {
        let width = u16::try_from((stated.size - index * 256).min(256)).unwrap();
        paths.push(proof::log::Resource::Entries { index, width }.to_string());
    }
    for path in &paths {
        let bytes = server.get(&format!("/log/{path}")).send().await.unwrap().bytes().await.unwrap();
        let file = mirror.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    fs::write(mirror.join("checkpoint"), note.to_string()).unwrap();
    let of_mirror = || verify(&["mirror", "--key", &key]);
    assert_eq!(of_mirror().0, Some(0), "{}", of_mirror().1);
    for path in &paths {
        let file = mirror.join(path);
        let whole = fs::read(&file).unwrap();
        let mut spoiled = whole.clone();
        *spoiled.last_mut().unwrap() ^= 1;
        fs::write(&file, spoiled).unwrap();
        assert_ne!(of_mirror().0, Some(0), "{path}");
        fs::write(&file, whole).unwrap();
    }
    let other =
        note.to_string().replace(&format!("\n{}\n", stated.size), &format!("\n{}\n", stated.size - 1));
    fs::write(mirror.join("checkpoint"), other).unwrap();
    assert!(of_mirror().1.contains("does not verify"), "{}", of_mirror().1);
    assert!(verify(&["mirror"]).1.contains("--key"));
    let another = VerifierKey::new(
        "another.example.org",
        proof::log::SignatureKind::Ed25519,
        *key.parse::<VerifierKey>().unwrap().public(),
    );
    assert!(verify(&[&address, "--key", &another.unwrap().to_string()]).1.contains("not signed by the log"));
}

/// A witness with a folder of its own beside the service's.
struct Witness<'a> {
    folder: &'a Path,
    log: String,
    key: String,
}

impl<'a> Witness<'a> {
    fn new(folder: &'a Path, log: String) -> Self {
        Self { folder, log, key: String::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lanyard"));
        command
            .args(["witness", "--name", "witness.example.org", "--state", "witness.note"])
            .args(arguments)
            .current_dir(self.folder)
            .env("LANYARD_KEYS_DIR", "witness-keys")
            .env("LANYARD_SECRET", "the witness has a secret of its own")
            .env("LANYARD_DATABASE_URL", "sqlite://nowhere/none.db")
            .env("LANYARD_LOG", "warn");
        command
    }

    fn learn_key(&mut self) {
        let (code, text) = run(self.command(&[]));
        assert_eq!(code, Some(0), "{text}");
        self.key = text.trim().strip_prefix("witness  ").unwrap().to_owned();
    }

    /// Looks once at the log at `base`; hands over what it says.
    fn look(&self, base: &str) -> (Option<i32>, String) {
        let (url, post) = (format!("{base}/log"), format!("{base}/v1/log/cosignatures"));
        run(self.command(&["--log-key", &self.log, "--url", &url, "--post", &post, "--once"]))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_signs_what_grows_and_an_old_backup_is_noticed_by_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let mut witness = Witness::new(folder.path(), String::new());
    witness.learn_key();
    let mut server = Server::start(None, &[("LANYARD_LOG_WITNESSES", &witness.key)]).await;
    logged(&server, &server.badge("a").await).await;
    witness.log = key(&server);
    let (code, text) = witness.look(&server.base);
    assert_eq!(code, Some(0), "{text}");
    let known: VerifierKey = witness.key.parse().unwrap();
    assert_eq!(checkpoint(&server).await.1.is_signed_by(&known), Ok(true));
    assert_eq!(shown(&server)["witnesses"][0]["signed"], true);

    // A backup is taken, the log goes on, and the backup is put in its place.
    server.kill();
    let database = server.folder().join("lanyard.db");
    let files = |ending: &str| format!("{}{ending}", database.display());
    let backup: Vec<_> = ["", "-wal", "-shm"].map(|ending| (ending, fs::read(files(ending)).ok())).into();
    server.run().await;
    logged(&server, &server.badge("b").await).await;
    let (stated, _) = checkpoint(&server).await;
    assert_eq!(witness.look(&server.base).0, Some(0));
    let (code, text) = run(server.command(&["log", "verify", "--keep", "kept"]));
    assert_eq!(code, Some(0), "{text}");
    server.kill();
    for (ending, bytes) in backup {
        match bytes {
            Some(bytes) => fs::write(files(ending), bytes).unwrap(),
            None => drop(fs::remove_file(files(ending))),
        }
    }
    server.run().await;
    for reference in ["c", "d", "e"] {
        server.badge(reference).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(server.log().contains("old backup"), "{}", server.log());
    let (restored, _) = checkpoint(&server).await;
    assert!(restored.size < stated.size, "nothing was signed on top of the old backup");
    let (code, text) = witness.look(&server.base);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("not cosigned"), "{text}");
    for arguments in
        [&["log", "verify", "--since", "kept"][..], &["log", "audit"], &["log", "audit", "--since", "kept"]]
    {
        let (code, text) = run(server.command(arguments));
        assert_eq!(code, Some(1), "{arguments:?}: {text}");
        assert!(text.contains("old backup"), "{arguments:?}: {text}");
    }

    // Also when whoever restored it took away what is kept beside the keys: then it
    // signs another tree, and the witness does not.
    server.kill();
    fs::remove_file(server.folder().join("data/keys/log-head.note")).unwrap();
    server.run().await;
    for number in 0..4 {
        logged(&server, &server.badge(&format!("f{number}")).await).await;
    }
    assert!(checkpoint(&server).await.0.size > stated.size);
    let (code, text) = witness.look(&server.base);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("not proved"), "{text}");
    let (code, text) = run(server.command(&["log", "audit", "--since", "kept"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("do not give the root"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_is_handed_checkpoints_answers_as_its_protocol_asks() {
    let folder = tempfile::tempdir().unwrap();
    let mut witness = Witness::new(folder.path(), String::new());
    witness.learn_key();
    let server = Server::start(None, &[]).await;
    logged(&server, &server.badge("a").await).await;
    witness.log = key(&server);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let mut child = witness
        .command(&["--log-key", &witness.log, "--listen", &listen])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let address = format!("http://{listen}/add-checkpoint");
    let add = async |body: String| {
        let begun = Instant::now();
        loop {
            match server.client.post(&address).body(body.clone()).send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let kind =
                        answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
                    return (status, kind.unwrap_or_default(), answer.text().await.unwrap());
                }
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(20), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (stated, note) = checkpoint(&server).await;
    let (status, _, line) = add(format!("old 0\n\n{note}")).await;
    assert_eq!(status, 200, "{line}");
    let cosigned: SignedNote = format!("{note}{line}").parse().unwrap();
    assert_eq!(cosigned.is_signed_by(&witness.key.parse().unwrap()), Ok(true));
    let (status, kind, size) = add(format!("old 0\n\n{note}")).await;
    assert_eq!((status, kind.as_str(), size), (409, "text/x.tlog.size", format!("{}\n", stated.size)));
    assert_eq!(add(format!("old {}\n\n{note}", stated.size)).await.0, 200, "the same again");
    assert_eq!(add("old".to_owned()).await.0, 400);
    let spoiled = note.to_string().replacen('\n', "x\n", 1);
    assert_eq!(add(format!("old {}\n\n{spoiled}", stated.size)).await.0, 404, "another log");
    let spoiled =
        note.to_string().replace(&format!("\n{}\n", stated.size), &format!("\n{}\n", stated.size + 1));
    assert_eq!(
        add(format!("old {}\n\n{spoiled}", stated.size)).await.0,
        403,
        "a signature that does not fit"
    );

    logged(&server, &server.badge("b").await).await;
    let (grown, note) = checkpoint(&server).await;
    let path = format!("/v1/log/consistency?from={}&to={}", stated.size, grown.size);
    let proof: Value = server.get(&path).send().await.unwrap().json().await.unwrap();
    let hashes: Vec<&str> =
        proof["proof"].as_array().unwrap().iter().map(|hash| hash.as_str().unwrap()).collect();
    let lines = format!("{}\n", hashes.join("\n"));
    assert_eq!(add(format!("old {}\n\n{note}", stated.size)).await.0, 422, "without its proof");
    assert_eq!(add(format!("old {}\n{lines}\n{note}", stated.size)).await.0, 200);
    // What it saw outlives it.
    child.kill().unwrap();
    child.wait().unwrap();
    let kept: SignedNote = fs::read_to_string(folder.path().join("witness.note")).unwrap().parse().unwrap();
    assert_eq!(Checkpoint::of(&kept).unwrap(), grown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_breaks_the_log_on_sqlite() {
    kill_while_it_grows(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_breaks_the_log_on_postgres() {
    let database = testkit::PostgresDatabase::empty();
    kill_while_it_grows(Some(database.url().to_owned())).await;
}

/// Kills on each database.
const KILLS: usize = 8;

async fn kill_while_it_grows(database_url: Option<String>) {
    let mut server = Server::start(database_url, &[]).await;
    let mut kept: Vec<String> = Vec::new();
    for round in 0..KILLS {
        // About when the log grows, in the midst of posts.
        let [high, low] = (&SystemEntropy as &dyn Entropy).array();
        let moment = Duration::from_millis(900 + u64::from(u16::from_be_bytes([high, low]) % 500));
        let begun = Instant::now();
        let mut number = 0;
        while begun.elapsed() < moment {
            let left = moment.saturating_sub(begun.elapsed());
            let posted = tokio::time::timeout(left, server.complete(&format!("k{round}-{number}"))).await;
            number += usize::from(matches!(posted, Ok(Ok(answer)) if answer.status() == 201));
        }
        server.kill();
        server.run().await;
        if let Ok(answer) = server.get("/log/checkpoint").send().await
            && answer.status() == 200
        {
            let file = format!("kept-{round}");
            fs::write(server.folder().join(&file), answer.text().await.unwrap()).unwrap();
            kept.push(file);
        }
    }
    let last = server.badge("last").await;
    logged(&server, &last).await;
    let since: Vec<&str> = kept.iter().flat_map(|file| ["--since", file]).collect();
    assert!(kept.len() > 1, "the log grew between the kills");
    let key = key(&server);
    let address = format!("{}/log", server.base);
    let (code, text) =
        run(server.command(&[&["log", "verify", &address, "--key", &key], &since[..]].concat()));
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(server.command(&[&["log", "audit"], &since[..]].concat()));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("0 waiting"), "{text}");
}
