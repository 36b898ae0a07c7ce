//! The binary as a child process, with a database and a folder of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where the project stands.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A client for loopback.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The service's own certificate is trusted by nobody.
    let builder = Client::builder().tls_danger_accept_invalid_certs(true);
    // The service ends connections that nobody has used for five seconds, and a test that waits
    // for a peer meanwhile does not see that.
    let builder = builder.pool_idle_timeout(Duration::from_secs(2));
    builder.no_proxy().timeout(Duration::from_secs(30)).build().unwrap()
}

/// A running service. It ends with the value.
pub struct Server {
    pub base: String,
    pub api_key: String,
    pub client: Client,
    folder: TempDir,
    database_url: String,
    settings: Vec<(String, String)>,
    flags: Vec<String>,
    child: Option<Child>,
}

impl Server {
    /// A sample service on a database of its own.
    pub async fn start(database_url: Option<String>, settings: &[(&str, &str)]) -> Self {
        Self::start_as(database_url, settings, "http", &[]).await
    }

    /// An instance that only reads, from `database_url`, with the keys and under the address
    /// of `writer`.
    pub async fn reading(writer: &Self, database_url: String) -> Self {
        let data = writer.folder().join("data");
        let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
        let settings = [
            ("LANYARD_READ_ONLY", "true".to_owned()),
            ("LANYARD_PUBLIC_URL", writer.base.clone()),
            ("LANYARD_KEYS_DIR", path("keys")),
            ("LANYARD_SECRET_FILE", path("secret")),
        ];
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self {
            base: format!("http://127.0.0.1:{port}"),
            api_key: writer.api_key.clone(),
            client: client(),
            folder: tempfile::tempdir().unwrap(),
            database_url,
            settings: settings.map(|(name, value)| (name.to_owned(), value)).into(),
            flags: Vec::new(),
            child: None,
        };
        let begun = Instant::now();
        // What the writer made at its start may still be on its way.
        while !server.command(&["doctor"]).output().unwrap().status.success() {
            assert!(begun.elapsed() < Duration::from_mins(1), "the replica does not catch up");
        }
        server.run_as(&["serve"]).await;
        server
    }

    /// The same by https with a certificate of its own making, which the client
    /// takes as it is.
    pub async fn start_with_tls(settings: &[(&str, &str)], flags: &[&str]) -> Self {
        let development = [settings, &[("LANYARD_MODE", "development")]].concat();
        Self::start_as(None, &development, "https", &[flags, &["--tls-self-signed"]].concat()).await
    }

    async fn start_as(
        database_url: Option<String>,
        settings: &[(&str, &str)],
        scheme: &str,
        flags: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let database_url =
            database_url.unwrap_or_else(|| format!("sqlite://{}/lanyard.db", folder.path().display()));
        let mut server = Self {
            base: format!("{scheme}://127.0.0.1:{port}"),
            api_key: String::new(),
            client: client(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            folder,
            database_url,
            settings: settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            child: None,
        };
        server.run().await;
        let key = server.folder.path().join("data/sample-api-key");
        server.api_key = fs::read_to_string(key).unwrap().trim().to_owned();
        server
    }

    /// `lanyard` with this service's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lanyard"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LANYARD_CATALOGUE_DIR", project().join("catalogue"))
            .env("LANYARD_DATABASE_URL", &self.database_url)
            .env("LANYARD_PUBLIC_URL", &self.base)
            .env("LANYARD_LISTEN", self.base.split_once("://").unwrap().1)
            .env("LANYARD_PUBLIC_REQUESTS_PER_MINUTE", "1000000")
            .env("LANYARD_CLIENT_REQUESTS_PER_MINUTE", "1000000")
            .env("LANYARD_LOG", "warn")
            .envs(self.settings.iter().cloned());
        command
    }

    /// Starts the process and waits until it serves.
    pub async fn run(&mut self) {
        self.run_as(&["serve", "--sample"]).await;
    }

    async fn run_as(&mut self, arguments: &[&str]) {
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let child =
            self.command(arguments).args(&self.flags).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.child = Some(child);
        let begun = Instant::now();
        while self.client.get(format!("{}/healthz", self.base)).send().await.is_err() {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                panic!("the service ended with {status}: {}", self.log());
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "the service does not start: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Stops it as whoever operates it does.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
            assert!(child.wait().unwrap().success(), "{}", self.log());
        }
    }

    /// The folder it works in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process id, while it runs.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Its resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub fn get(&self, url: &str) -> RequestBuilder {
        let url = if url.starts_with("http") { url.to_owned() } else { format!("{}{url}", self.base) };
        self.client.get(url)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.api_key)
    }

    /// Posts a completion of the sample achievement.
    pub async fn complete(&self, reference: &str) -> Result<Response, reqwest::Error> {
        self.post("/v1/completions")
            .header("Idempotency-Key", reference)
            .json(&completion(reference))
            .send()
            .await
    }

    /// Posts a completion and answers with the credential's URL.
    pub async fn badge(&self, reference: &str) -> String {
        let response = self.complete(reference).await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, 201, "{body}");
        body["credential"]["url"].as_str().unwrap().to_owned()
    }

    /// The credential in the form of `accept`.
    pub async fn form(&self, url: &str, accept: &str) -> Vec<u8> {
        let response = self.get(url).header("Accept", accept).send().await.unwrap();
        assert_eq!(response.status(), 200, "{url} as {accept}");
        response.bytes().await.unwrap().to_vec()
    }

    /// Takes a badge back.
    pub async fn revoke(&self, url: &str) {
        let path = format!("{}/revoke", url.strip_prefix(&self.base).unwrap());
        let response = self.post(&path).json(&json!({"reason": "Issued in error."})).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }

    /// The report of the service's own verification.
    pub async fn verify(&self, content_type: &str, body: Vec<u8>) -> Value {
        let request =
            self.client.post(format!("{}/v1/verify", self.base)).header("Content-Type", content_type);
        let response = request.header("Accept", "application/json").body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    /// What `lanyard` prints, which must do what it is asked.
    pub fn lanyard(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "lanyard {}: {said}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap()
    }

    /// An API key of the Academy's own with these scopes.
    pub fn academy_key(&self, scopes: &str) -> String {
        let printed = self.lanyard(&[
            "clients",
            "add",
            "--academy",
            "--name",
            "Registrar",
            "--scopes",
            scopes,
            "--api-key",
        ]);
        let key = printed.split_whitespace().find(|word| word.starts_with("lyk_"));
        key.unwrap_or_else(|| panic!("no key in {printed}")).to_owned()
    }

    /// A learner's CPD statement in the form of `accept`.
    pub async fn statement(&self, reference: &str, accept: &str) -> Vec<u8> {
        let issued: Value = self.complete(reference).await.unwrap().json().await.unwrap();
        let ledger = issued["learner"]["ledger"].as_str().unwrap();
        let url = format!("{}/statements/cilip-revalidation", ledger.trim_end_matches("/ledger"));
        let key = self.academy_key("ledger:read");
        let response =
            self.client.get(url).header("x-api-key", key).header("accept", accept).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap().to_vec()
    }

    /// A badge whose achievement a body endorses that has its key here.
    pub async fn endorsed_badge(&self, reference: &str) -> String {
        self.lanyard(&["keys", "generate", "--issuer", "cilip"]);
        let until = (chrono::Utc::now() + chrono::TimeDelta::days(300)).format("%Y-%m-%d").to_string();
        let achievement = completion(reference)["achievement"].as_str().unwrap().to_owned();
        self.lanyard(&[
            "endorse",
            "--by",
            "cilip",
            "--achievement",
            &achievement,
            "--comment",
            "A sound module.",
            "--until",
            &until,
        ]);
        self.badge(reference).await
    }

    /// What `lanyard doctor --audit` finds.
    pub fn audit(&self) -> Value {
        let output = self.command(&["doctor", "--audit", "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A completion of an invented learner; each reference is another learner.
pub fn completion(reference: &str) -> Value {
    json!({
        "learner": {
            "name": format!("Learner {reference}"),
            "identifiers": [{"type": "email", "value": format!("{reference}@example.org")}],
        },
        "achievement": "introduction-digital-data-technology",
        "completedAt": "2026-05-01T15:30:00Z",
        "startedOn": "2026-04-20",
        "deliveryMode": "blended",
        "results": [{"name": "Final quiz", "value": "92.5", "resultType": "Percent"}],
        "credit": {"amount": "6.5", "unit": "hours"},
        "reference": reference,
    })
}
