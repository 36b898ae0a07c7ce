//! The reference processor, `jsonld` with `rdf-canonize` (npm), at the other end
//! of a pipe: it shares no code with us, neither in reading nor in
//! canonicalising, and its safe mode refuses what would be dropped.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use proof::context;
use serde_json::{Value, json};

pub struct JsonLdJs {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl JsonLdJs {
    pub fn start() -> Self {
        let peers = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
        let mut child = Command::new("node")
            .arg("canonical.mjs")
            .current_dir(peers)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs the peers, which `make peers` installs");
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut peer = Self { child, requests, answers };
        let contexts: Value =
            context::known().map(|url| (url.to_owned(), context::document(url).unwrap().clone())).collect();
        peer.send(&json!({ "contexts": contexts }));
        peer
    }

    /// The canonical N-Quads of each document, or why it has none.
    pub fn canonical_nquads(&mut self, documents: &[&Value]) -> Vec<Result<String, String>> {
        // Both pipes are bounded: what is asked for is sent in small bundles.
        documents.chunks(4).flat_map(|bundle| self.ask(bundle)).collect()
    }

    fn ask(&mut self, bundle: &[&Value]) -> Vec<Result<String, String>> {
        self.send(&json!({ "documents": bundle }));
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answers: Vec<Value> = serde_json::from_str(&line).expect("the peer answers");
        assert_eq!(answers.len(), bundle.len());
        answers
            .iter()
            .map(|answer| match answer["nquads"].as_str() {
                Some(nquads) => Ok(nquads.to_owned()),
                None => Err(answer["error"].as_str().unwrap().to_owned()),
            })
            .collect()
    }

    fn send(&mut self, request: &Value) {
        writeln!(self.requests.as_mut().unwrap(), "{request}").unwrap();
    }
}

impl Drop for JsonLdJs {
    fn drop(&mut self) {
        // It ends with its input.
        self.requests = None;
        let _ = self.child.wait();
    }
}
