//! `lanyard keys`.

mod compromise;

use model::{
    chance::{Entropy, SystemEntropy},
    clock::{Clock, SystemClock},
    id::Slug,
};
use signing::{KeyAlgorithm, KeyRecord, Place, Vault};

use crate::{
    cli::{AlgorithmName, KeyChoice, Keys},
    context,
    error::CommandError,
    output::say,
    settings::Settings,
};

/// Makes, lists, rotates or retires keys, or marks them as compromised.
pub fn run(settings: &Settings, action: Keys) -> Result<(), CommandError> {
    let vault = context::open_or_create_vault(settings, &SystemEntropy)?;
    match action {
        Keys::Generate(choice) => {
            let place = if choice.pkcs11 { Place::Token } else { Place::File };
            for (issuer, algorithm) in wanted(&choice)? {
                match ensure(&vault, place, &issuer, algorithm, &SystemClock, &SystemEntropy)? {
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
            let place = choice.pkcs11.then_some(Place::Token);
            for (issuer, algorithm) in wanted(&choice)? {
                let record = vault.rotate_into(place, &issuer, algorithm, &SystemClock, &SystemEntropy)?;
                say(format_args!("made {}", line(&record)));
            }
        }
        Keys::Retire { key } => {
            let record = vault.retire(&key, &SystemClock, &SystemEntropy)?;
            say(format_args!("retired {}", line(&record)));
        }
        Keys::Compromise { key, since, yes } => compromise::run(settings, &vault, &key, &since, yes)?,
    }
    Ok(())
}

/// A key of `algorithm` for `issuer`, made in `place` where it has none in force.
pub fn ensure(
    vault: &Vault,
    place: Place,
    issuer: &Slug,
    algorithm: KeyAlgorithm,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Option<KeyRecord>, CommandError> {
    if vault.keys().active(issuer, algorithm).is_some() {
        return Ok(None);
    }
    Ok(Some(vault.generate_in(place, issuer, algorithm, clock, entropy)?))
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
    let state = match (record.compromised, record.retired) {
        (Some(since), _) => format!("compromised since {since}"),
        (None, Some(at)) => format!("retired {at}"),
        (None, None) => "in force".to_owned(),
    };
    let place = record.token.as_ref().map_or_else(String::new, |label| format!(", in the token `{label}`"));
    let example = if record.example { ", example" } else { "" };
    format!("{}  {:?}  made {}  {state}{place}{example}", record.id, record.algorithm, record.created)
}
