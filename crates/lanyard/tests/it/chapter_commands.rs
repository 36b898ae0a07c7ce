//! The commands of chapters whose answers differ each time: each block is run as it stands, must
//! do what it is asked, and where the chapter shows an answer in JSON, what comes back has
//! every member that is shown, of the same kind.

use std::{collections::BTreeMap, fs, process::Command};

use serde_json::{Value, json};
use url::Url;

use crate::{
    hosts::{Passport, leave},
    server::{Server, completion, project},
};

/// A chapter that is being followed.
struct Chapter {
    /// Commands, and the answer that is shown of them.
    blocks: std::vec::IntoIter<(String, Option<Value>)>,
    /// What the shell knows.
    variables: BTreeMap<&'static str, String>,
}

impl Chapter {
    fn open(chapter: &str, blocks: usize) -> Self {
        let text = fs::read_to_string(project().join(chapter)).unwrap();
        let mut found: Vec<(String, Option<Value>)> = Vec::new();
        let mut lines = text.lines();
        // An answer stands right behind its commands.
        let mut may_be_answer = false;
        while let Some(line) = lines.next() {
            let Some(kind) = line.strip_prefix("```") else {
                may_be_answer &= line.is_empty();
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let block = block.join("\n");
            match (kind, found.last_mut()) {
                ("sh", _) => found.push((block, None)),
                ("json", Some((_, answer))) if may_be_answer => {
                    *answer = Some(serde_json::from_str(&block).unwrap());
                }
                _ => {}
            }
            may_be_answer = kind == "sh";
        }
        assert_eq!(found.len(), blocks, "{chapter} has other commands than are followed here");
        Self { blocks: found.into_iter(), variables: BTreeMap::new() }
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.variables.insert(name, value.to_owned());
    }

    /// Runs the next block, whose last command ends with `status`; what it prints.
    fn run(&mut self, server: &Server, status: i32) -> String {
        let (commands, shown) = self.blocks.next().expect("no block is left");
        // A refusal must be one to the shell too; a host that is invented has another name here.
        let elsewhere = self.variables.get("ELSEWHERE").map_or("https://backpack.example.org", |it| it);
        let script = format!(
            "set -eo pipefail\ncurl() {{ command curl --silent --show-error --fail-with-body \"$@\"; }}\n{}",
            commands.replace("https://backpack.example.org", elsewhere)
        );
        let service = server.command(&[]);
        let binary = std::path::Path::new(service.get_program()).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(server.folder())
            .envs(service.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", path)
            .env("BASE", &server.base)
            .envs(&self.variables)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{commands}\n{printed}\n{complaints}");
        if let Some(shown) = shown {
            assert_alike("", &shown, &serde_json::from_str(&printed).unwrap());
        }
        printed
    }

    fn answer(&mut self, server: &Server) -> Value {
        serde_json::from_str(&self.run(server, 0)).unwrap()
    }

    fn end(mut self) {
        assert_eq!(self.blocks.next(), None, "it was not followed to its end");
    }
}

/// What is shown is there: members by name, and what is not invented by its value.
fn assert_alike(place: &str, shown: &Value, found: &Value) {
    match (shown, found) {
        (Value::Object(shown), Value::Object(found)) => {
            for (name, shown) in shown {
                let place = format!("{place}/{name}");
                assert_alike(
                    &place,
                    shown,
                    found.get(name).unwrap_or_else(|| panic!("no {place} in {found:#?}")),
                );
            }
        }
        (Value::Array(shown), Value::Array(found)) => {
            for (index, shown) in shown.iter().enumerate() {
                assert_alike(&format!("{place}/{index}"), shown, &found[index]);
            }
        }
        (Value::String(shown), Value::String(found)) => {
            // The words of the specification and of the chapter, not names and numbers.
            let is_word =
                shown.len() > 2 && shown.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(!is_word || shown == found, "{place} is `{found}`, not `{shown}`");
        }
        (shown, found) => assert_eq!(
            std::mem::discriminant(shown),
            std::mem::discriminant(found),
            "{place} is {found}, not {shown}"
        ),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_chapter_on_the_passport_run() {
    let (ours, theirs) = (Passport::start().await, Passport::start().await);
    // As the chapter names her.
    let mut hers = completion("rhiannon");
    hers["learner"] = json!({"name": "Rhiannon Test", "identifiers": [
        {"type": "staffNumber", "value": "4711", "organisation": "RXX"},
    ]});
    hers["achievement"] = "equality-diversity-inclusion".into();
    let issued: Value =
        ours.server.post("/v1/completions").json(&hers).send().await.unwrap().json().await.unwrap();
    let learner = issued["learner"]["id"].as_str().unwrap_or_else(|| panic!("{issued}"));
    let (there, _) = theirs.learner("rhiannon").await;

    let mut chapter = Chapter::open("docs/passport.md", 5);
    chapter.set("LEARNER", learner);
    chapter.set("ID", issued["credential"]["id"].as_str().unwrap());
    chapter.set("KEY", &ours.academy);
    chapter.set("ELSEWHERE", &theirs.server.base);
    chapter.answer(&ours.server);
    let begun = chapter.answer(&ours.server);
    let back: Url = leave(&theirs, &there, begun["authorize"].as_str().unwrap()).await;
    assert_eq!(ours.confirm(&back).await.0, 200);
    chapter.set("HOST", begun["id"].as_str().unwrap());
    let moved = chapter.run(&ours.server, 0);
    assert!(moved.contains("\"found\":1") && moved.contains("\"outcome\":\"created\""), "{moved}");
    let added = ours.server.lanyard(&[
        "clients",
        "add",
        "--academy",
        "--name",
        "Sample Passport",
        "--scopes",
        "core-skills:read",
        "--api-key",
    ]);
    let word = |begins: &str| added.split_whitespace().find(|word| word.starts_with(begins)).unwrap();
    chapter.set("PASSPORT", word("academy-"));
    chapter.set("PASSPORT_KEY", word("lyk_"));
    chapter.answer(&ours.server);
    chapter.answer(&ours.server);
    chapter.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_chapter_on_wallets_run() {
    let server = Server::start(None, &[]).await;
    let badge = server.badge("wallets").await;
    let mut chapter = Chapter::open("docs/wallets.md", 6);
    chapter.set("ID", badge.rsplit('/').next().unwrap());
    chapter.set("KEY", &server.academy_key("wallets:offer,presentations:request"));
    chapter.answer(&server);
    let asked = chapter.answer(&server);
    chapter.set("REQUEST", asked["id"].as_str().unwrap());
    assert_eq!(chapter.answer(&server)["state"], "waiting");
    // An offer that a wallet can take by an exchange.
    let path = format!("{}/offers", badge.strip_prefix(&server.base).unwrap());
    let offer = server.post(&path).json(&json!({ "transactionCode": false })).send().await.unwrap();
    let offer: Value = offer.json().await.unwrap();
    chapter.set("INTERACTION", offer["interactionUrl"].as_str().unwrap());
    let found = chapter.answer(&server);
    chapter.set("EXCHANGE", found["protocols"]["vcapi"].as_str().unwrap());
    chapter.answer(&server);
    // Only whoever made the offer reads how far it has come.
    chapter.set("KEY", &server.api_key);
    assert_eq!(chapter.answer(&server)["state"], "active");
    chapter.end();
}

/// A service with a domain, whose issuers are named by did:web.
const SITE: [(&str, &str); 3] = [
    ("LANYARD_PUBLIC_URL", "https://badges.example.org"),
    ("LANYARD_MODE", "development"),
    ("LANYARD_SECRET", "correct horse battery staple"),
];

/// Puts a badge, as JSON and as a picture, where the commands look for it.
async fn keep_badge(server: &Server) {
    let badge = server.badge("kept").await.replace(SITE[0].1, &server.base);
    for (name, accept) in [("badge.json", "application/json"), ("another.png", "image/png")] {
        fs::write(server.folder().join(name), server.form(&badge, accept).await).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_chapter_on_verification_run() {
    let server = Server::start(None, &SITE).await;
    keep_badge(&server).await;
    let mut chapter = Chapter::open("docs/verification.md", 1);
    let report = chapter.run(&server, 0);
    assert_eq!(report.matches("valid").count(), 2, "{report}");
    chapter.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_chapter_on_trust_run() {
    // The file of the chapter, as it stands there.
    let text = fs::read_to_string(project().join("docs/trust.md")).unwrap();
    let lists = text.split_once("```yaml\n").unwrap().1.split_once("```").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trust.yaml"), lists).unwrap();
    let settings = [&SITE[..], &[("LANYARD_TRUST_DIR", folder.path().to_str().unwrap())]].concat();
    let server = Server::start(None, &settings).await;
    keep_badge(&server).await;
    let mut chapter = Chapter::open("docs/trust.md", 2);
    // The service knows its own issuer; for the command line the invented domain does not answer.
    let reports = chapter.run(&server, 1);
    let (answered, printed) = reports.rsplit_once('}').unwrap();
    for report in [answered, printed] {
        assert!(report.contains("trust-listed"), "{report}");
    }
    let decided = chapter.run(&server, 0);
    assert!(decided.contains("did:web:badges.example.org"), "{decided}");
    chapter.end();
}
