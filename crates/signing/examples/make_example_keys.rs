//! Makes `keys.example/` anew: throw-away keys of the root issuer under the
//! documented secret. Run it in the root of the project, after removing the
//! JSON files there.

use std::path::Path;

use model::{
    chance::SystemEntropy,
    clock::SystemClock,
    id::{Slug, SlugError},
};
use secrecy::SecretString;
use signing::{KeyAlgorithm, Mode, SigningError, Vault, VaultKind};

/// Why the keys were not made.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Signing(#[from] SigningError),
    #[error(transparent)]
    Slug(#[from] SlugError),
}

fn main() -> Result<(), Error> {
    let dir = Path::new("keys.example");
    let secret = SecretString::from("example-secret".to_owned());
    Vault::create(dir, &secret, VaultKind::Example, &SystemEntropy)?;
    let vault = Vault::open(dir, &secret, Mode::Development)?;
    let issuer = Slug::new("nhs-digital-academy")?;
    for algorithm in KeyAlgorithm::ALL {
        vault.generate(&issuer, algorithm, &SystemClock, &SystemEntropy)?;
    }
    Ok(())
}
