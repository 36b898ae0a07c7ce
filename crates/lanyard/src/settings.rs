//! Settings: defaults, then a file, then `LANYARD_*` in the environment, then
//! flags; the later wins. Read once, here; nothing else in the house looks at
//! the environment.

use std::{collections::HashMap, fs, net::SocketAddr, path::PathBuf};

use config::{Config, Environment, File, FileFormat};
use model::{id::Slug, site::Site};
use pkcs11::Access;
use proof::log::{SignatureKind, VerifierKey};
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::CommandError;

/// Every setting by its name in a file; the environment's name is the same in
/// capitals after `LANYARD_`.
pub const NAMES: [&str; 33] = [
    "mode",
    "public_url",
    "listen",
    "database_url",
    "database_pool",
    "read_only",
    "keys_dir",
    "secret",
    "secret_file",
    "pkcs11_module",
    "pkcs11_token",
    "pkcs11_pin",
    "pkcs11_pin_file",
    "root_issuer",
    "catalogue_dir",
    "trust_dir",
    "workers",
    "body_limit_bytes",
    "bulk_limit_bytes",
    "public_requests_per_minute",
    "client_requests_per_minute",
    "watches_per_client",
    "jobs_per_client",
    "job_limit_bytes",
    "job_kept_days",
    "watch_seconds",
    "behind_proxy",
    "vc_api",
    "wallet_profile",
    "wallet_redirects",
    "log_witnesses",
    "log",
    "log_format",
];

/// Settings whose value is a text even if it looks like a number or like `true`.
const WORDS: [&str; 3] = ["secret", "pkcs11_token", "pkcs11_pin"];

/// Names in the environment that begin with `LANYARD_` and are not settings of
/// the service.
const NOT_SETTINGS: [&str; 2] = ["LANYARD_CONFIG", "LANYARD_SHARED"];

/// How strict the service is with its operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A laptop: http on loopback, a secret made on first use, example keys.
    Development,
    /// Real badges: https, a secret from the operator, no example keys.
    Production,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Which wallets the badges are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WalletProfile {
    /// All that the specifications allow.
    Standard,
    /// What GOV.UK Wallet asks for.
    GovUk,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    mode: Option<Mode>,
    public_url: String,
    listen: SocketAddr,
    database_url: String,
    database_pool: u32,
    read_only: bool,
    keys_dir: PathBuf,
    secret: Option<String>,
    secret_file: PathBuf,
    pkcs11_module: Option<PathBuf>,
    pkcs11_token: Option<String>,
    pkcs11_pin: Option<String>,
    pkcs11_pin_file: Option<PathBuf>,
    root_issuer: String,
    catalogue_dir: PathBuf,
    trust_dir: PathBuf,
    workers: usize,
    body_limit_bytes: usize,
    bulk_limit_bytes: usize,
    public_requests_per_minute: u32,
    client_requests_per_minute: u32,
    watches_per_client: u32,
    jobs_per_client: u32,
    job_limit_bytes: usize,
    job_kept_days: u16,
    watch_seconds: u32,
    behind_proxy: bool,
    vc_api: bool,
    wallet_profile: WalletProfile,
    wallet_redirects: String,
    log_witnesses: String,
    log: String,
    log_format: LogFormat,
}

/// The settings of one run, checked.
pub struct Settings {
    /// How strict the service is.
    pub mode: Mode,
    /// Where it stands on the web.
    pub site: Site,
    /// What it binds.
    pub listen: SocketAddr,
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// Connections kept.
    pub database_pool: u32,
    /// Whether the database is only read from: a streaming replica.
    pub read_only: bool,
    /// Where the encrypted keys are.
    pub keys_dir: PathBuf,
    /// The secret itself, when it was given as a value.
    pub secret: Option<SecretString>,
    /// Where the secret is read from otherwise.
    pub secret_file: PathBuf,
    /// The PKCS#11 token that keeps keys, if one is set up.
    pub pkcs11: Option<Access>,
    /// Where the catalogue's files are.
    pub catalogue_dir: PathBuf,
    /// Where the files of trust are; there need be none.
    pub trust_dir: PathBuf,
    /// Threads that serve HTTP.
    pub workers: usize,
    /// The largest body of an ordinary request, in bytes.
    pub body_limit_bytes: usize,
    /// The largest body of a batch, in bytes.
    pub bulk_limit_bytes: usize,
    /// Requests a minute allowed to one address without credentials.
    pub public_requests_per_minute: u32,
    /// Requests a minute allowed to one API client.
    pub client_requests_per_minute: u32,
    /// Credentials that one API client may watch.
    pub watches_per_client: u32,
    /// Verification jobs of one API client that there may be.
    pub jobs_per_client: u32,
    /// The largest list that is checked as a job, in bytes.
    pub job_limit_bytes: usize,
    /// Days for which a job that is done is kept.
    pub job_kept_days: u16,
    /// Seconds after which others' credentials that are watched are looked at again.
    pub watch_seconds: u32,
    /// Whether a proxy of the operator's own stands in front and names the client
    /// in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Whether the VC API of the W3C CCG is served.
    pub vc_api: bool,
    /// Which wallets the badges are for.
    pub wallet_profile: WalletProfile,
    /// The https addresses to which wallets may have a person's browser sent; any, if none.
    pub wallet_redirects: Vec<String>,
    /// The witnesses whose signatures of the log are taken.
    pub log_witnesses: Vec<VerifierKey>,
    /// A filter such as `info` or `lanyard=debug,info`.
    pub log: String,
    /// How log lines are written.
    pub log_format: LogFormat,
}

impl Settings {
    /// Reads `file` (when there is one), the environment and `flags`.
    pub fn read(
        file: Option<&PathBuf>,
        environment: HashMap<String, String>,
        flags: &[(&str, Option<String>)],
    ) -> Result<Self, CommandError> {
        let known =
            |name: &str| NAMES.iter().any(|known| name == format!("LANYARD_{}", known.to_uppercase()));
        let ours: HashMap<_, _> = environment
            .into_iter()
            .filter(|(name, _)| {
                name.starts_with("LANYARD_")
                    && !name.starts_with("LANYARD_TEST_")
                    && !NOT_SETTINGS.contains(&name.as_str())
            })
            .collect();
        if let Some(stray) = ours.keys().find(|name| !known(name)) {
            return Err(CommandError::Setting {
                name: stray.clone(),
                detail: format!(
                    "there is no such setting; the settings are {}",
                    NAMES.map(|name| format!("LANYARD_{}", name.to_uppercase())).join(", ")
                ),
            });
        }
        // The environment is parsed for numbers; a PIN of digits must stay what it is.
        let words: Vec<_> = WORDS
            .into_iter()
            .map(|name| (name, ours.get(&format!("LANYARD_{}", name.to_uppercase())).cloned()))
            .collect();
        let mut builder =
            Config::builder().add_source(File::from_str(include_str!("defaults.toml"), FileFormat::Toml));
        if let Some(path) = file {
            builder = builder.add_source(File::from(path.as_path()).format(FileFormat::Toml));
        }
        builder = builder.add_source(
            Environment::with_prefix("LANYARD").try_parsing(true).prefix_separator("_").source(Some(ours)),
        );
        for (name, value) in words.iter().chain(flags) {
            builder = builder.set_override_option(*name, value.clone()).map_err(|error| {
                CommandError::Setting { name: (*name).to_owned(), detail: error.to_string() }
            })?;
        }
        let raw: Raw = builder
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|error| CommandError::Settings(error.to_string()))?;
        Self::check(raw)
    }

    fn check(raw: Raw) -> Result<Self, CommandError> {
        let pkcs11 = pkcs11(&raw)?;
        let wallet_redirects = redirects(&raw.wallet_redirects)?;
        let log_witnesses = witnesses(&raw.log_witnesses)?;
        let setting = |name: &str, detail: String| CommandError::Setting { name: name.to_owned(), detail };
        let root_issuer =
            Slug::new(raw.root_issuer).map_err(|error| setting("root_issuer", error.to_string()))?;
        let site = Site::new(&raw.public_url, root_issuer)
            .map_err(|error| setting("public_url", error.to_string()))?;
        let mode = raw.mode.unwrap_or(if site.is_https() { Mode::Production } else { Mode::Development });
        if mode == Mode::Production && !site.is_https() {
            return Err(setting(
                "public_url",
                format!("`{}` is not https; production serves badges over https only", site.base()),
            ));
        }
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| raw.database_url.starts_with(scheme))
        {
            return Err(setting(
                "database_url",
                "begin it with sqlite:// or postgres://, as in sqlite://data/lanyard.db".to_owned(),
            ));
        }
        for (name, value) in [
            ("database_pool", u64::from(raw.database_pool)),
            ("workers", u64::try_from(raw.workers).unwrap_or(u64::MAX)),
            ("public_requests_per_minute", u64::from(raw.public_requests_per_minute)),
            ("client_requests_per_minute", u64::from(raw.client_requests_per_minute)),
            ("watches_per_client", u64::from(raw.watches_per_client)),
            ("jobs_per_client", u64::from(raw.jobs_per_client)),
            ("job_limit_bytes", u64::try_from(raw.job_limit_bytes).unwrap_or(u64::MAX)),
            ("job_kept_days", u64::from(raw.job_kept_days)),
            ("watch_seconds", u64::from(raw.watch_seconds)),
            ("body_limit_bytes", u64::try_from(raw.body_limit_bytes).unwrap_or(u64::MAX)),
            ("bulk_limit_bytes", u64::try_from(raw.bulk_limit_bytes).unwrap_or(u64::MAX)),
        ] {
            if value == 0 {
                return Err(setting(name, "0 would refuse everything; give a number above it".to_owned()));
            }
        }
        Ok(Self {
            mode,
            site,
            listen: raw.listen,
            database_url: raw.database_url,
            database_pool: raw.database_pool,
            read_only: raw.read_only,
            keys_dir: raw.keys_dir,
            secret: raw.secret.filter(|secret| !secret.is_empty()).map(SecretString::from),
            secret_file: raw.secret_file,
            pkcs11,
            catalogue_dir: raw.catalogue_dir,
            trust_dir: raw.trust_dir,
            workers: raw.workers,
            body_limit_bytes: raw.body_limit_bytes,
            bulk_limit_bytes: raw.bulk_limit_bytes,
            public_requests_per_minute: raw.public_requests_per_minute,
            client_requests_per_minute: raw.client_requests_per_minute,
            watches_per_client: raw.watches_per_client,
            jobs_per_client: raw.jobs_per_client,
            job_limit_bytes: raw.job_limit_bytes,
            job_kept_days: raw.job_kept_days,
            watch_seconds: raw.watch_seconds,
            behind_proxy: raw.behind_proxy,
            vc_api: raw.vc_api,
            wallet_profile: raw.wallet_profile,
            wallet_redirects,
            log_witnesses,
            log: raw.log,
            log_format: raw.log_format,
        })
    }
}

/// Addresses of wallets, parted by white space or commas.
fn redirects(text: &str) -> Result<Vec<String>, CommandError> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let read = |word: &str| {
        let fits = word.starts_with("https://") && api::is_returnable(word);
        fits.then(|| word.to_owned()).ok_or_else(|| CommandError::Setting {
            name: "wallet_redirects".to_owned(),
            detail: format!("`{word}` is not an https address without a fragment"),
        })
    };
    words.map(read).collect()
}

/// Verifier keys of cosignatures, parted by white space or commas.
fn witnesses(text: &str) -> Result<Vec<VerifierKey>, CommandError> {
    let setting = |detail: String| CommandError::Setting { name: "log_witnesses".to_owned(), detail };
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let read = |word: &str| {
        let key: VerifierKey = word.parse().map_err(|error| setting(format!("`{word}`: {error}")))?;
        match key.kind() {
            SignatureKind::Cosignature => Ok(key),
            SignatureKind::Ed25519 => Err(setting(format!("`{word}` is the key of a log, not of a witness"))),
        }
    };
    words.map(read).collect()
}

/// How the PKCS#11 token is reached: all of it is set, or nothing.
fn pkcs11(raw: &Raw) -> Result<Option<Access>, CommandError> {
    let setting = |name: &str, detail: String| CommandError::Setting { name: name.to_owned(), detail };
    let label = raw.pkcs11_token.clone().filter(|label| !label.is_empty());
    let (module, label) = match (&raw.pkcs11_module, label) {
        (None, None) => return Ok(None),
        (Some(module), Some(label)) => (module.clone(), label),
        (None, _) => return Err(setting("pkcs11_module", "pkcs11_token is set; name its library".into())),
        (_, None) => return Err(setting("pkcs11_token", "pkcs11_module is set; name the token".into())),
    };
    let pin = match (&raw.pkcs11_pin, &raw.pkcs11_pin_file) {
        (Some(pin), _) if !pin.is_empty() => pin.clone(),
        (_, Some(path)) => {
            let text = fs::read_to_string(path).map_err(|error| CommandError::file(path, error))?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
        _ => String::new(),
    };
    if pin.is_empty() {
        return Err(setting("pkcs11_pin", "set it, or point pkcs11_pin_file to it".to_owned()));
    }
    Ok(Some(Access { module, label, pin: pin.into() }))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(environment: &[(&str, &str)]) -> Result<Settings, String> {
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(None, environment, &[]).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_need_be_set() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.mode, Mode::Development);
        assert_eq!(settings.site.base(), "http://127.0.0.1:8080");
        assert_eq!(settings.database_url, "sqlite://data/lanyard.db");
    }

    #[test]
    fn https_means_production_unless_said_otherwise() {
        let url = ("LANYARD_PUBLIC_URL", "https://badges.example.org");
        assert_eq!(read(&[url]).unwrap().mode, Mode::Production);
        assert_eq!(read(&[url, ("LANYARD_MODE", "development")]).unwrap().mode, Mode::Development);
        assert!(read(&[("LANYARD_MODE", "production")]).err().unwrap().contains("public_url"));
    }

    #[test]
    fn flags_win_over_the_environment() {
        let environment = HashMap::from([("LANYARD_LISTEN".to_owned(), "127.0.0.1:1".to_owned())]);
        let settings =
            Settings::read(None, environment, &[("listen", Some("127.0.0.1:2".to_owned()))]).unwrap();
        assert_eq!(settings.listen.port(), 2);
    }

    #[test]
    fn a_token_is_set_up_whole_or_not_at_all() {
        let module = ("LANYARD_PKCS11_MODULE", "/usr/lib/softhsm/libsofthsm2.so");
        let token = ("LANYARD_PKCS11_TOKEN", "sample");
        let pin = ("LANYARD_PKCS11_PIN", "0012");
        assert!(read(&[]).unwrap().pkcs11.is_none());
        let access = read(&[module, token, pin]).unwrap().pkcs11.unwrap();
        assert_eq!(access.label, "sample");
        assert_eq!(access.pin.expose_secret(), "0012", "digits stay text");
        assert!(!format!("{access:?}").contains("0012"));
        for (environment, missing) in [
            (vec![token, pin], "pkcs11_module"),
            (vec![module, pin], "pkcs11_token"),
            (vec![module, token], "pkcs11_pin"),
            (vec![module, token, ("LANYARD_PKCS11_PIN_FILE", "/nowhere/pin")], "/nowhere/pin"),
        ] {
            assert!(read(&environment).err().unwrap().contains(missing), "{missing}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "a pin of words\n").unwrap();
        let path = file.path().to_str().unwrap();
        let access = read(&[module, token, ("LANYARD_PKCS11_PIN_FILE", path)]).unwrap().pkcs11.unwrap();
        assert_eq!(access.pin.expose_secret(), "a pin of words");
    }

    #[test]
    fn a_fault_names_its_setting() {
        for (name, value, setting) in [
            ("LANYARD_DATABASE_URL", "mysql://x", "database_url"),
            ("LANYARD_PUBLIC_URL", "badges.example.org", "public_url"),
            ("LANYARD_LISTEN", "here", "listen"),
            ("LANYARD_ROOT_ISSUER", "The Academy", "root_issuer"),
            ("LANYARD_DATABASE_POOL", "0", "database_pool"),
            ("LANYARD_WORKERS", "0", "workers"),
            ("LANYARD_WORKERS", "many", "workers"),
            ("LANYARD_JOBS_PER_CLIENT", "0", "jobs_per_client"),
            ("LANYARD_JOB_KEPT_DAYS", "0", "job_kept_days"),
            ("LANYARD_WALLET_PROFILE", "every", "wallet_profile"),
            (
                "LANYARD_WALLET_REDIRECTS",
                "https://wallet.example.org/back http://wallet.example.org",
                "wallet_redirects",
            ),
            ("LANYARD_LOG_WITNESSES", "witness.example.org", "log_witnesses"),
            ("LANYARD_DATABSE_URL", "sqlite://x", "LANYARD_DATABSE_URL"),
        ] {
            let error = read(&[(name, value)]).err().unwrap();
            assert!(error.contains(setting), "{name}={value}: {error}");
        }
    }
}
