//! Independent implementations verify what we sign, and we verify what they
//! sign. Each refuses a badge after one changed character, and after revocation
//! where it reads status.

mod baking;
mod clients;
mod cryptosuites;
mod data_integrity;
mod enveloped;
mod exchanges;
mod jwt;
mod learner_record;
mod sd_jwt;
mod statement;
mod vc_api;
mod wallets;
mod webhooks;

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::server::{Server, project};

/// Where the peers in Python are installed.
fn venv() -> String {
    std::env::var("LANYARD_TEST_VENV").unwrap_or_else(|_| project().join("target/venv").display().to_string())
}

/// A peer behind a pipe: one JSON request, one JSON answer.
struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// A script of `tests/peers` in Node.
    fn node(script: &str) -> Self {
        Self::start(Command::new("node").arg(script))
    }

    /// A script of `tests/peers` in Python.
    fn python(script: &str) -> Self {
        Self::start(Command::new(format!("{}/bin/python", venv())).arg(script))
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command
            .current_dir(project().join("tests/peers"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the peers are installed by `make peers`");
        let requests = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, requests, answers }
    }

    /// The peer's answer, or why it refused.
    fn ask(&mut self, command: &str, mut request: Value) -> Result<Value, String> {
        request["command"] = command.into();
        writeln!(self.requests, "{request}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).expect("the peer answers");
        match answer["error"].take() {
            Value::Null => Ok(answer["ok"].take()),
            error => Err(error.to_string()),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn json_of(server: &Server, url: &str) -> Value {
    serde_json::from_slice(&server.form(url, "application/vc+ld+json").await).unwrap()
}

/// The same badge with one character of its holder's name changed.
fn tampered(credential: &Value) -> Value {
    let mut tampered = credential.clone();
    let name = &mut tampered["credentialSubject"]["identifier"][0]["identityHash"];
    *name = name.as_str().unwrap().replacen('L', "I", 1).into();
    assert_ne!(tampered, *credential);
    tampered
}

fn verdict(report: &Value) -> &str {
    report["verdict"].as_str().unwrap()
}
