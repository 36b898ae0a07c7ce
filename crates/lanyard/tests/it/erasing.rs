//! Nothing of a person lies open in any file, and nothing at all opens once they are
//! erased (promise 16).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Value, json};

use crate::{
    cli::printed,
    server::{Server, project},
};

/// Words that stand nowhere but in what the person's provider and they themselves state.
const CANARIES: [&str; 6] = [
    "Qvxzanne",
    "qvx.mailbox",
    "QVX-STAFF-7",
    "qvx-portfolio",
    "Qvx narrative of mine",
    "Qvx reflection of mine",
];

fn person(achievement: &str, reference: &str) -> Value {
    json!({
        "learner": {
            "name": "Qvxzanne Canary",
            "identifiers": [
                {"type": "email", "value": "qvx.mailbox@example.org"},
                {"type": "staffNumber", "value": "QVX-STAFF-7", "organisation": "RX1"},
            ],
        },
        "achievement": achievement,
        "completedAt": "2026-05-01T15:30:00Z",
        "evidence": [{"url": "https://example.org/qvx-portfolio", "name": "Portfolio", "narrative": "Qvx narrative of mine"}],
        "reference": reference,
    })
}

#[test]
fn a_canary_is_found_as_it_is_and_anywhere_in_base64() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    for text in ["xQvxzannex", "in qvx.mailbox it", "{QVX-STAFF-7}"] {
        for shift in 0..3 {
            let padded = format!("{}{text}", "y".repeat(shift));
            for held in [padded.clone(), STANDARD_NO_PAD.encode(&padded)] {
                fs::write(&file, &held).unwrap();
                assert_ne!(hits(std::slice::from_ref(&file)), [], "{held}");
            }
        }
    }
    fs::write(&file, "nothing of the kind").unwrap();
    assert_eq!(hits(&[file]), []);
}

/// How often each canary stands in the files, as it is or within base64.
fn hits(files: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut sought: Vec<(String, Vec<u8>)> = Vec::new();
    for canary in CANARIES {
        for spelled in [canary.to_owned(), canary.to_uppercase(), canary.to_lowercase()] {
            sought.push((spelled.clone(), spelled.clone().into_bytes()));
            // Base64 of a text that begins somewhere within three bytes; the ends depend
            // on their neighbours.
            for shift in 0..3 {
                let padded = [&b"   "[..shift], spelled.as_bytes()].concat();
                let encoded = STANDARD_NO_PAD.encode(&padded);
                let inner = &encoded[shift + usize::from(shift > 0)..encoded.len() - 2];
                sought.push((format!("{spelled} in base64"), inner.as_bytes().to_vec()));
            }
        }
    }
    let mut found = Vec::new();
    for file in files {
        let bytes = fs::read(file).unwrap_or_default();
        for (name, needle) in &sought {
            if memchr::memmem::find(&bytes, needle).is_some() {
                found.push((name.clone(), file.clone()));
            }
        }
    }
    found
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { below(&path, files) } else { files.push(path) }
    }
}

/// The files of the service and of its database.
fn files(server: &Server, is_postgres: bool) -> Vec<PathBuf> {
    let mut all = Vec::new();
    below(server.folder(), &mut all);
    if is_postgres {
        let home = Command::new(project().join("tests/postgres.sh")).arg("home").output().unwrap();
        below(Path::new(String::from_utf8(home.stdout).unwrap().trim()), &mut all);
    }
    all
}

fn run(server: &Server, arguments: &[&str]) -> (bool, String) {
    let output = server.command(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_person_is_found_in_the_files_of_sqlite() {
    nothing_is_found(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_person_is_found_in_the_files_of_postgres() {
    let database = testkit::PostgresDatabase::empty();
    nothing_is_found(Some(database.url().to_owned())).await;
}

async fn nothing_is_found(database_url: Option<String>) {
    let is_postgres = database_url.is_some();
    let mut server = Server::start(database_url, &[("LANYARD_LOG", "debug")]).await;
    let other = server.badge("somebody-else").await;
    let scopes = "ledger:read,ledger:write,ledger:approve,learners:erase";
    let added = ["clients", "add", "--academy", "--name", "Registrar", "--api-key", "--scopes", scopes];
    let (_, out) = run(&server, &added);
    let key = printed(&out, "api_key").to_owned();
    let academy = |path: &str| server.client.post(format!("{}{path}", server.base)).bearer_auth(&key);

    // All that can be stated of a person.
    let mut badges = Vec::new();
    let mut learner = String::new();
    for (achievement, reference) in
        [("introduction-digital-data-technology", "qvx-1"), ("user-centred-design", "qvx-2")]
    {
        let answer =
            server.post("/v1/completions").json(&person(achievement, reference)).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 201, "{body}");
        badges.push(body["credential"]["url"].as_str().unwrap().to_owned());
        learner = body["learner"]["id"].as_str().unwrap().to_owned();
    }
    let of = |what: &str| format!("/v1/learners/{learner}/{what}");
    let activity = json!({
        "title": "Qvx reflection of mine", "credit": {"amount": "2", "unit": "hours"}, "finishedAt": "2026-03-01",
        "reflection": "Qvx reflection of mine", "evidence": "https://example.org/qvx-portfolio",
    });
    assert_eq!(academy(&of("activities")).json(&activity).send().await.unwrap().status(), 201);
    let adjustment =
        json!({"amount": "-1", "unit": "hours", "earnedOn": "2026-03-01", "reason": "Qvxzanne says so"});
    assert_eq!(academy(&of("adjustments")).json(&adjustment).send().await.unwrap().status(), 202);
    for form in ["application/vc+ld+json", "text/html", "image/png", "application/dc+sd-jwt"] {
        server.form(&badges[0], form).await;
    }
    let kept = server.form(&badges[0], "application/vc+ld+json").await;
    assert!(String::from_utf8_lossy(&kept).contains("Qvxzanne"), "the service shows it");
    let others = server.form(&other, "application/vc+ld+json").await;
    let seen = server.verify("application/json", kept.clone()).await;
    assert_eq!(seen["verdict"], "valid", "{seen}");
    let path = format!("{}/revoke", badges[1].strip_prefix(&server.base).unwrap());
    let reason = json!({"reason": "Qvxzanne asked for it"});
    assert_eq!(server.post(&path).json(&reason).send().await.unwrap().status(), 200);
    assert_eq!(hits(&files(&server, is_postgres)), [], "before the erasure");

    let (done, said) = run(&server, &["learners", "erase", "--badge", &badges[0], "--yes"]);
    assert!(done && said.contains("was erased"), "{said}");
    let gone = server.get(&badges[0]).header("Accept", "application/json").send().await.unwrap();
    assert_eq!(gone.status(), 410);
    let again =
        server.post("/v1/completions").json(&person("user-centred-design", "qvx-2")).send().await.unwrap();
    assert_eq!(again.status(), 409);
    for badge in [kept, others] {
        let report = server.verify("application/json", badge).await;
        assert_eq!(report["verdict"], "valid", "{report}");
    }
    let audit = server.audit();
    assert_eq!(audit["audit"]["findings"], json!([]), "{audit:#}");
    // The first checkpoint is signed about a second after the start; on a busy machine, later.
    let begun = Instant::now();
    while server.get("/log/checkpoint").send().await.unwrap().status() != 200 {
        assert!(begun.elapsed() < Duration::from_mins(1), "there is no checkpoint");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for check in [["log", "audit"], ["log", "verify"]] {
        let (well, said) = run(&server, &check);
        assert!(well, "{check:?}: {said}");
    }
    assert_eq!(hits(&files(&server, is_postgres)), [], "after the erasure");
    server.kill();
    assert_eq!(hits(&files(&server, is_postgres)), [], "after the end");
}

/// A board that names its members.
fn board(email: &str, reference: &str, members: &[&str]) -> Value {
    json!({
        "learner": {
            "name": "The Board",
            "identifiers": [{"type": "email", "value": email}],
            "group": {"members": members},
        },
        "achievement": "digital-in-a-day",
        "completedAt": "2026-05-01T15:30:00Z",
        "reference": reference,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_of_a_board_goes_with_the_board_s_record() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let is_postgres = database.is_some();
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        let post = async |completion: &Value| {
            let answer = server.post("/v1/completions").json(completion).send().await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.json::<Value>().await.unwrap())
        };
        // The member has a badge of their own, and stands on the board's.
        let (status, own) = post(&person("user-centred-design", "own")).await;
        assert_eq!(status, 201, "{own}");
        let all = ["Qvxzanne Canary", "Owen Sampleton"];
        let (status, issued) = post(&board("board@example.org", "board", &all)).await;
        assert_eq!(status, 201, "{issued}");
        let (badge, of_board) =
            (issued["credential"]["url"].as_str().unwrap(), issued["learner"]["id"].as_str().unwrap());
        let kept = server.form(badge, "application/vc+ld+json").await;
        assert!(String::from_utf8_lossy(&kept).contains("Qvxzanne Canary"));

        // Erasing the member does not reach the board, which is found by their name.
        let (done, said) = run(
            &server,
            &["learners", "erase", "--badge", own["credential"]["url"].as_str().unwrap(), "--yes"],
        );
        assert!(done, "{said}");
        let shown = server.form(badge, "application/vc+ld+json").await;
        assert!(String::from_utf8_lossy(&shown).contains("Qvxzanne Canary"));
        let (_, found) = run(&server, &["learners", "naming", "qvxzanne canary"]);
        assert_eq!(found, format!("{of_board}  The Board\n"));
        let (_, found) = run(&server, &["learners", "naming", "Nobody"]);
        assert_eq!(found, "no team and no board names them\n");

        // The board's record goes, and is made again without them.
        let (done, said) = run(&server, &["learners", "erase", "--learner", of_board, "--revoke", "--yes"]);
        assert!(done, "{said}");
        let gone = server.get(badge).header("Accept", "application/json").send().await.unwrap();
        assert_eq!(gone.status(), 410);
        let (_, found) = run(&server, &["learners", "naming", "Qvxzanne Canary"]);
        assert_eq!(found, "no team and no board names them\n", "nothing opens any more");
        assert_eq!(post(&board("board@example.org", "board", &all)).await.0, 409);
        let (status, again) = post(&board("the-board@example.org", "board-anew", &all[1..])).await;
        assert_eq!(status, 201, "{again}");
        let anew = server.form(again["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await;
        let anew = String::from_utf8_lossy(&anew).into_owned();
        assert!(anew.contains("Owen Sampleton") && !anew.contains("Qvxzanne"), "{anew}");
        assert_eq!(hits(&files(&server, is_postgres)), [], "after the erasure");
        assert_eq!(server.audit()["audit"]["findings"], json!([]));
    }
}

/// An old database under a vault that has gone on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_backup_brings_nobody_back() {
    let mut server = Server::start(None, &[]).await;
    let badge = server.badge("a").await;
    server.kill();
    let file = |name: &str| server.folder().join(name);
    let all = ["lanyard.db", "lanyard.db-wal", "lanyard.db-shm"];
    for name in all {
        let _ = fs::copy(file(name), file(&format!("{name}.old")));
    }
    let (done, said) = run(&server, &["learners", "erase", "--badge", &badge, "--yes"]);
    assert!(done, "{said}");
    for name in all {
        let _ = fs::remove_file(file(name));
        let _ = fs::rename(file(&format!("{name}.old")), file(name));
    }
    let audit = server.audit();
    let findings = audit["audit"]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|one| one["detail"].as_str().unwrap().contains("erase-again")), "{audit:#}");
    server.run().await;
    let gone = server.get(&badge).header("Accept", "application/json").send().await.unwrap();
    assert_eq!(gone.status(), 410);
    let audit = server.audit();
    assert_eq!(audit["audit"]["findings"], json!([]), "{audit:#}");
}
