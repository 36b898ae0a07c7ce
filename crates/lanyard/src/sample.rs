//! The sample service of `make run`: what is missing is made, and a request to
//! try is printed.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

use api::{ApiKey, Scope};
use chrono::TimeDelta;
use model::id::Slug;
use registry::{NewApiKey, NewClient};
use secrecy::ExposeSecret;
use signing::{KeyAlgorithm, Place};

use crate::{
    commands::{catalogue, keys::ensure},
    context::Context,
    error::CommandError,
    output::say,
    settings::Mode,
};

/// The provider that the sample request posts for; the catalogue marks it as a sample.
const PROVIDER: &str = "example-trust";
/// What the sample request says was completed.
const ACHIEVEMENT: &str = "introduction-digital-data-technology";

/// Makes keys, catalogue and sample provider where they are missing; answers
/// with the sample provider's API key.
pub fn prepare(context: &Context) -> Result<String, CommandError> {
    if context.settings.mode == Mode::Production {
        return Err(CommandError::Usage(
            "--sample is for development; it makes a client anybody may use".to_owned(),
        ));
    }
    let catalogue = catalogue::read(&context.settings.catalogue_dir)?;
    context.registry.load_catalogue(&catalogue, context.clock.now())?;
    let (clock, entropy) = (context.clock.as_ref(), context.entropy.as_ref());
    for issuer in catalogue.issuers() {
        ensure(&context.vault, Place::File, issuer, KeyAlgorithm::Ed25519, clock, entropy)?;
        if context.vault.keys().active(issuer, KeyAlgorithm::Rs256).is_none() {
            ensure(&context.vault, Place::File, issuer, KeyAlgorithm::Es256, clock, entropy)?;
        }
    }
    api_key(context)
}

/// The API key kept beside the secret, made on first use.
fn api_key(context: &Context) -> Result<String, CommandError> {
    let path = key_file(context);
    if let Ok(text) = fs::read_to_string(&path)
        && let Some(key) = ApiKey::read(text.trim())
        && context.registry.find_api_key(key.prefix())?.is_some()
    {
        return Ok(text.trim().to_owned());
    }
    let now = context.clock.now();
    let provider = Slug::new(PROVIDER).map_err(|error| CommandError::Usage(error.to_string()))?;
    let scopes: Vec<String> = Scope::ALL.iter().map(ToString::to_string).collect();
    context.registry.create_client(
        &NewClient {
            id: "sample".to_owned(),
            name: "Sample provider".to_owned(),
            provider: Some(provider),
            role: "provider".to_owned(),
            scopes: scopes.clone(),
            jwks: None,
            secret_hash: None,
        },
        now,
    )?;
    let key = ApiKey::generate(context.entropy.as_ref());
    context.registry.create_api_key(
        &NewApiKey {
            prefix: key.prefix().to_owned(),
            hash: key.digest(),
            client: "sample".to_owned(),
            scopes,
            expires: Some(now + TimeDelta::days(365)),
        },
        now,
    )?;
    let text = key.text().expose_secret().to_owned();
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| writeln!(file, "{text}"))
        .map_err(|error| CommandError::file(&path, error))?;
    Ok(text)
}

fn key_file(context: &Context) -> PathBuf {
    context.settings.secret_file.with_file_name("sample-api-key")
}

/// Prints where the service is and a request to paste.
pub fn announce(context: &Context, api_key: &str) {
    let base = context.settings.site.base();
    let day = (context.clock.now() - TimeDelta::days(1)).format("%Y-%m-%d");
    say(format_args!(
        r#"
Lanyard serves at {base}

Post a completion from another terminal:

curl --silent --show-error --include {base}/v1/completions \
  --header 'Authorization: Bearer {api_key}' \
  --header 'Content-Type: application/json' \
  --header 'Idempotency-Key: sample-1' \
  --data '{{
    "learner": {{
      "name": "Siân Sampleton",
      "identifiers": [{{"type": "email", "value": "sian.sampleton@example.org"}}]
    }},
    "achievement": "{ACHIEVEMENT}",
    "completedAt": "{day}T15:30:00Z",
    "startedOn": "{day}",
    "deliveryMode": "online",
    "results": [{{"name": "Final quiz", "value": "92", "resultType": "Percent"}}],
    "reference": "sample-1"
  }}'

The answer names the badge's page ({base}/badges/…). Check any badge at {base}/verify
"#
    ));
}
