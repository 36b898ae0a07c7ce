//! `lanyard keys`.

use model::{
    chance::{Entropy, SystemEntropy},
    clock::{Clock, SystemClock},
    id::Slug,
};
use signing::{KeyAlgorithm, KeyRecord, Vault};

use crate::{
    cli::{AlgorithmName, KeyChoice, Keys},
    context,
    error::CommandError,
    output::say,
    settings::Settings,
};

/// Makes, lists, rotates or retires keys.
pub fn run(settings: &Settings, action: Keys) -> Result<(), CommandError> {
    let vault = context::open_or_create_vault(settings, &SystemEntropy)?;
    match action {
        Keys::Generate(choice) => {
            for (issuer, algorithm) in wanted(&choice)? {
                match ensure(&vault, &issuer, algorithm, &SystemClock, &SystemEntropy)? {
                    Some(record) => say(format_args!("made {}", line(&record))),
                    None => say(format_args!(
                        "{issuer} has a key for {algorithm:?}; `lanyard keys rotate` makes a new one"
                    )),
                }
            }
        }
        Keys::List => {
            for key in vault.keys().all() {
                say(line(key.record()));
            }
        }
        Keys::Rotate(choice) => {
            for (issuer, algorithm) in wanted(&choice)? {
                let record = vault.rotate(&issuer, algorithm, &SystemClock, &SystemEntropy)?;
                say(format_args!("made {}", line(&record)));
            }
        }
        Keys::Retire { key } => {
            let record = vault.retire(&key, &SystemClock, &SystemEntropy)?;
            say(format_args!("retired {}", line(&record)));
        }
    }
    Ok(())
}

/// A key of `algorithm` for `issuer` where it has none in force.
pub fn ensure(
    vault: &Vault,
    issuer: &Slug,
    algorithm: KeyAlgorithm,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Option<KeyRecord>, CommandError> {
    if vault.keys().active(issuer, algorithm).is_some() {
        return Ok(None);
    }
    Ok(Some(vault.generate(issuer, algorithm, clock, entropy)?))
}

fn wanted(choice: &KeyChoice) -> Result<Vec<(Slug, KeyAlgorithm)>, CommandError> {
    let issuer =
        Slug::new(&*choice.issuer).map_err(|error| CommandError::Usage(format!("--issuer: {error}")))?;
    let algorithms = match choice.algorithm {
        None => vec![KeyAlgorithm::Ed25519, KeyAlgorithm::Es256],
        Some(AlgorithmName::Ed25519) => vec![KeyAlgorithm::Ed25519],
        Some(AlgorithmName::Es256) => vec![KeyAlgorithm::Es256],
        Some(AlgorithmName::Rs256) => vec![KeyAlgorithm::Rs256],
    };
    Ok(algorithms.into_iter().map(|algorithm| (issuer.clone(), algorithm)).collect())
}

fn line(record: &KeyRecord) -> String {
    let retired = record.retired.map_or_else(|| "in force".to_owned(), |at| format!("retired {at}"));
    let example = if record.example { ", example" } else { "" };
    format!("{}  {:?}  made {}  {retired}{example}", record.id, record.algorithm, record.created)
}
