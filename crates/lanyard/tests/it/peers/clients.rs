//! Clients that others' generators make of the service's own description: the commands and programs
//! of docs/clients.md, with a strict look at every type that was made.

use std::{fs, os::unix::fs::symlink, process::Command};

use crate::{
    chapters::{steps, tell},
    cli::printed,
    server::{Server, project},
};

/// The service, and where the programs of a section find it and what they are made with.
async fn service() -> (Server, Vec<(&'static str, String)>) {
    let server = Server::start(None, &[]).await;
    let added =
        server.lanyard(&["clients", "add", "--provider", "example-trust", "--name", "Trust's system"]);
    let venv = super::venv();
    let variables = vec![
        ("BASE", server.base.clone()),
        ("KEY", server.api_key.clone()),
        ("CLIENT_ID", printed(&added, "client_id").to_owned()),
        ("CLIENT_SECRET", printed(&added, "client_secret").to_owned()),
        ("PATH", format!("{venv}/bin:{}", std::env::var("PATH").unwrap())),
    ];
    symlink(project().join("tests/peers/node_modules"), server.folder().join("node_modules")).unwrap();
    (server, variables)
}

/// A section of the chapter.
fn section(title: &str) -> String {
    let chapter = fs::read_to_string(project().join("docs/clients.md")).unwrap();
    let section = chapter.split("\n## ").find(|section| section.starts_with(title));
    section.unwrap_or_else(|| panic!("no section {title}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_python_posts_reads_and_verifies() {
    let (server, variables) = service().await;
    let steps = steps(&section("Python"));
    assert_eq!(steps.len(), 5, "the section has lost its commands");
    tell(&server, &steps, &variables);
    // Not what the programs use alone.
    let checked = Command::new(format!("{}/bin/mypy", super::venv()))
        .args(["--strict", "lanyard_client"])
        .current_dir(server.folder().join("lanyard-client"))
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let told = Command::new(format!("{}/bin/python", super::venv()))
        .arg(project().join("tests/peers/described.py"))
        .current_dir(server.folder())
        .envs(variables)
        .env("ACADEMY_KEY", server.academy_key("ledger:read,ledger:write,outbox:read"))
        .env("PYTHONPATH", "lanyard-client")
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let api = server.folder().join("lanyard-client/lanyard_client/api");
    let modules =
        ["completions/post_completion.py", "credentials/get_credential.py", "learners/get_ledger.py"];
    for module in modules {
        assert!(api.join(module).is_file(), "{module} is not made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_typescript_posts_reads_and_verifies() {
    let (server, variables) = service().await;
    let steps = steps(&section("TypeScript"));
    assert_eq!(steps.len(), 3, "the section has lost its commands");
    tell(&server, &steps, &variables);
    let types = fs::read_to_string(server.folder().join("lanyard.d.ts")).unwrap();
    let vague: Vec<&str> = types
        .lines()
        // Objects that another specification fills, and headers that nobody names.
        .filter(|line| line.contains(": unknown") && !line.contains("string]: unknown"))
        .chain(types.lines().filter(|line| line.contains(": any;")))
        .collect();
    assert!(vague.is_empty(), "{}", vague.join("\n"));
}
