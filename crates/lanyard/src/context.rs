//! What every command needs: database, keys, clock, chance, put together from
//! the settings.

use std::{fmt::Write as _, fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use issuing::{Parts, Service};
use model::{
    chance::{Entropy, SystemEntropy},
    clock::{Clock, SystemClock},
};
use pkcs11::Pkcs11Token;
use registry::{Options, Registry};
use secrecy::SecretString;
use signing::{Token, Vault, VaultKind};

use crate::{
    error::CommandError,
    settings::{Mode, Settings},
};

/// The fewest characters of a secret, as the vault has it.
const SHORTEST_SECRET: usize = 12;

/// The service's parts, opened.
pub struct Context {
    /// What was set.
    pub settings: Settings,
    /// The database, migrated.
    pub registry: Registry,
    /// The keys.
    pub vault: Arc<Vault>,
    /// What issues.
    pub service: Arc<Service>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Context {
    /// Opens keys and database, and brings the database to the present schema; where it is
    /// only read from, both must be there and current.
    pub fn open(settings: Settings) -> Result<Self, CommandError> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let vault = if settings.read_only {
            open_vault(&settings, entropy.as_ref())?
        } else {
            open_or_create_vault(&settings, entropy.as_ref())?
        };
        let vault = Arc::new(vault);
        let registry = open_registry(&settings, &vault)?;
        if !settings.read_only {
            registry.migrate(entropy.as_ref())?;
        } else if !registry.check_schema()?.is_empty() {
            return Err(CommandError::Setting {
                name: "read_only".to_owned(),
                detail: "the database is not at the present schema; migrate the one that it is a copy of"
                    .to_owned(),
            });
        }
        let service = Arc::new(Service::new(Parts {
            registry: registry.clone(),
            vault: Arc::clone(&vault),
            site: settings.site.clone(),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
        }));
        Ok(Self { settings, registry, vault, service, clock, entropy })
    }
}

/// The registry under the keys that the vault derives for it.
pub fn open_registry(settings: &Settings, vault: &Vault) -> Result<Registry, CommandError> {
    let digest_key = vault.derive("registry digests");
    let sealing_key = vault.derive("person keys");
    let options = Options { pool_size: settings.database_pool, digest_key, sealing_key };
    Ok(if settings.read_only {
        Registry::open_to_read(&settings.database_url, options)?
    } else {
        Registry::open(&settings.database_url, options)?
    })
}

/// The vault, which must be there.
pub fn open_vault(settings: &Settings, entropy: &dyn Entropy) -> Result<Vault, CommandError> {
    let mode = match settings.mode {
        Mode::Development => signing::Mode::Development,
        Mode::Production => signing::Mode::Production,
    };
    let token = token(settings).map(|token| -> Arc<dyn Token> { Arc::new(token) });
    Ok(Vault::open_beside(&settings.keys_dir, &secret(settings, entropy)?, mode, token)?)
}

/// The PKCS#11 token, if one is set up. It is reached when it is first needed.
pub fn token(settings: &Settings) -> Option<Pkcs11Token> {
    settings.pkcs11.clone().map(Pkcs11Token::new)
}

/// The vault, made if there is none: by the first start and by `keys generate`.
pub fn open_or_create_vault(settings: &Settings, entropy: &dyn Entropy) -> Result<Vault, CommandError> {
    if !Vault::exists(&settings.keys_dir) {
        if is_database_in_use(settings) {
            return Err(CommandError::Setting {
                name: "keys_dir".to_owned(),
                detail: format!(
                    "there are no keys in {}, yet there is a database, whose badges and digests need them; put the keys back or point to them",
                    settings.keys_dir.display()
                ),
            });
        }
        Vault::create(&settings.keys_dir, &secret(settings, entropy)?, VaultKind::Real, entropy)?;
    }
    open_vault(settings, entropy)
}

/// A fresh vault beside an old SQLite file would orphan its digests and badges.
fn is_database_in_use(settings: &Settings) -> bool {
    settings
        .database_url
        .strip_prefix("sqlite://")
        .is_some_and(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
}

/// The secret given, else the one in the secret file; in development the file is
/// made on first use.
fn secret(settings: &Settings, entropy: &dyn Entropy) -> Result<SecretString, CommandError> {
    if let Some(secret) = &settings.secret {
        return Ok(secret.clone());
    }
    let path = &settings.secret_file;
    match fs::read_to_string(path) {
        Ok(text) if text.trim().chars().count() >= SHORTEST_SECRET => Ok(text.trim().to_owned().into()),
        Ok(_) => Err(CommandError::Setting {
            name: "secret_file".to_owned(),
            detail: format!("{} holds fewer than {SHORTEST_SECRET} characters", path.display()),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match settings.mode {
            Mode::Development => make_secret(path, entropy),
            Mode::Production => Err(CommandError::Setting {
                name: "secret".to_owned(),
                detail: format!(
                    "set LANYARD_SECRET, or put a secret of at least {SHORTEST_SECRET} characters into {}",
                    path.display()
                ),
            }),
        },
        Err(error) => Err(CommandError::file(path, error)),
    }
}

fn make_secret(path: &Path, entropy: &dyn Entropy) -> Result<SecretString, CommandError> {
    let text = entropy.array::<32>().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| CommandError::file(parent, error))?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{text}"))
        .map_err(|error| CommandError::file(path, error))?;
    Ok(text.into())
}
