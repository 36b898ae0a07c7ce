//! The directory where private keys are kept, encrypted; `docs/keys.md`
//! describes it for operators.

mod file;
mod seal;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use model::{chance::Entropy, clock::Clock, id::Slug};
use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    Key, KeyAlgorithm, KeyRecord, KeySet, SigningError,
    key::MemorySigner,
    vault::{
        file::{Fingerprint, KeyFile, VaultFile},
        seal::MasterKey,
    },
};

/// The name of the folder of throw-away keys in the source tree.
const EXAMPLE_FOLDER: &str = "keys.example";
/// The shortest secret that a vault is made with, in characters.
const LEAST_SECRET: usize = 12;

/// How strictly a vault is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Refuses example keys, and files that others on the machine can read.
    Production,
    /// Takes both.
    Development,
}

/// What a vault is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultKind {
    /// Keys that stand for an organisation.
    Real,
    /// Throw-away keys that everybody may know; refused in production.
    Example,
}

/// The keys of the service in a directory: `vault.json` and a file per key,
/// each private key sealed under a key that the operator's secret opens.
///
/// Changes made by another process are seen by [`Vault::refresh`].
pub struct Vault {
    dir: PathBuf,
    mode: Mode,
    kind: VaultKind,
    master: MasterKey,
    state: RwLock<State>,
    /// One change at a time in this process.
    changing: Mutex<()>,
}

struct State {
    keys: Arc<KeySet>,
    seen: Fingerprint,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("dir", &self.dir).field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Vault {
    /// Whether there is a vault in `dir`.
    pub fn exists(dir: &Path) -> bool {
        dir.join(file::VAULT_FILE).exists()
    }

    /// Makes an empty vault in `dir`, which is made if need be (mode 0700).
    /// The secret must have at least 12 characters.
    pub fn create(
        dir: &Path,
        secret: &SecretString,
        kind: VaultKind,
        entropy: &dyn Entropy,
    ) -> Result<(), SigningError> {
        seal::expect_strong(secret, LEAST_SECRET)?;
        if Self::exists(dir) {
            return Err(SigningError::VaultExists(dir.to_owned()));
        }
        file::make_dir(dir)?;
        let vault = VaultFile::new(secret, kind == VaultKind::Example, entropy)?;
        file::write(dir, file::VAULT_FILE, &vault, entropy)
    }

    /// Opens the vault in `dir`. In production every file of it must be closed
    /// to others, no key an example, and the folder not `keys.example`.
    pub fn open(dir: &Path, secret: &SecretString, mode: Mode) -> Result<Self, SigningError> {
        if !Self::exists(dir) {
            return Err(SigningError::NoVault(dir.to_owned()));
        }
        let vault: VaultFile = file::read(dir, file::VAULT_FILE, mode)?;
        let is_example_folder =
            dir.canonicalize().is_ok_and(|dir| dir.file_name().is_some_and(|name| name == EXAMPLE_FOLDER));
        if mode == Mode::Production && (vault.is_example() || is_example_folder) {
            return Err(SigningError::ExampleKeys(dir.to_owned()));
        }
        let master = vault.unlock(secret, dir)?;
        let kind = if vault.is_example() { VaultKind::Example } else { VaultKind::Real };
        let state = RwLock::new(load(dir, mode, &master, None)?);
        Ok(Self { dir: dir.to_owned(), mode, kind, master, state, changing: Mutex::new(()) })
    }

    /// A secret for another use (`purpose`), independent of every other and
    /// the same as long as the vault lives, whatever keys rotate.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.master.derive(purpose)
    }

    /// The keys as last read.
    pub fn keys(&self) -> Arc<KeySet> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner).keys)
    }

    /// Looks whether another process changed the keys, and reads them if so;
    /// to be called about once a second. `true` if there was a change. On an
    /// error the keys stay as they were.
    pub fn refresh(&self) -> Result<bool, SigningError> {
        let seen = file::fingerprint(&self.dir)?;
        if seen == self.state.read().unwrap_or_else(PoisonError::into_inner).seen {
            return Ok(false);
        }
        // Not beside a change of our own: what it reads could be older.
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.reload()?;
        Ok(true)
    }

    /// Makes a key. The newest key of an issuer and algorithm is the one that
    /// signs. Ed25519 keys come from `entropy`, the others from OpenSSL's
    /// generator.
    pub fn generate(
        &self,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let record = self.add(issuer, algorithm, clock.now(), entropy)?;
        self.reload()?;
        Ok(record)
    }

    /// Makes a key and retires the issuer's other keys of the algorithm.
    pub fn rotate(
        &self,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.reload()?;
        let earlier = self.keys();
        let now = clock.now();
        // The new key first: between the two steps there are two, never none.
        let record = self.add(issuer, algorithm, now, entropy)?;
        let replaced = |key: &&Key| key.record().algorithm == algorithm && key.record().retired.is_none();
        for key in earlier.of_issuer(issuer).filter(replaced) {
            self.set_retired(key.id(), now, entropy)?;
        }
        self.reload()?;
        Ok(record)
    }

    /// Retires a key: it signs nothing prepared from now on (but for a minute
    /// of grace), and stays published. Retiring it again changes nothing.
    pub fn retire(
        &self,
        key_id: &str,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.reload()?;
        let key_is_known = self.keys().by_id(key_id).is_some();
        if !key_is_known {
            return Err(SigningError::UnknownKey(key_id.to_owned()));
        }
        let record = self.set_retired(key_id, clock.now(), entropy)?;
        self.reload()?;
        Ok(record)
    }

    fn add(
        &self,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let (signer, private) = new_private(algorithm, entropy)?;
        let id = loop {
            let id = format!("{issuer}-{algorithm}-{}-{}", now.format("%Y%m%d"), random_suffix(entropy));
            if !self.dir.join(file::key_file(&id)).exists() {
                break id;
            }
        };
        let record = KeyRecord {
            id,
            issuer: issuer.clone(),
            algorithm,
            created: now,
            retired: None,
            public: signer.public(),
            example: self.kind == VaultKind::Example,
        };
        let key_file = KeyFile::seal(record, &private, &self.master, entropy)?;
        file::write(&self.dir, &file::key_file(&key_file.key.id), &key_file, entropy)?;
        Ok(key_file.key)
    }

    fn set_retired(
        &self,
        key_id: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let name = file::key_file(key_id);
        let key_file: KeyFile = file::read(&self.dir, &name, self.mode)?;
        if key_file.key.retired.is_some() {
            return Ok(key_file.key);
        }
        let private = key_file.unseal(&self.master, &self.dir.join(&name))?;
        let record = KeyRecord { retired: Some(now), ..key_file.key };
        let key_file = KeyFile::seal(record, &private, &self.master, entropy)?;
        file::write(&self.dir, &name, &key_file, entropy)?;
        Ok(key_file.key)
    }

    fn reload(&self) -> Result<(), SigningError> {
        let state = {
            let previous = self.state.read().unwrap_or_else(PoisonError::into_inner);
            load(&self.dir, self.mode, &self.master, Some(&previous))?
        };
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }
}

/// How often a reading is repeated because a file changed meanwhile.
const READINGS: usize = 32;

/// Reads the directory as it stood at one moment. A rotation writes the new key
/// and then retires the old one: seeing only the second would leave the issuer
/// without a key.
fn load(dir: &Path, mode: Mode, master: &MasterKey, previous: Option<&State>) -> Result<State, SigningError> {
    let mut state = load_once(dir, mode, master, previous)?;
    for _ in 1..READINGS {
        if file::fingerprint(dir)? == state.seen {
            break;
        }
        state = load_once(dir, mode, master, Some(&state))?;
    }
    Ok(state)
}

fn load_once(
    dir: &Path,
    mode: Mode,
    master: &MasterKey,
    previous: Option<&State>,
) -> Result<State, SigningError> {
    // Taken before reading: a change made meanwhile shows in the next one.
    let seen = file::fingerprint(dir)?;
    let mut keys = Vec::new();
    for file in seen.files() {
        let unchanged = previous.filter(|state| state.seen.contains(file));
        let known = unchanged.and_then(|state| state.keys.by_id(file.name().strip_suffix(".json")?));
        match known {
            Some(key) => keys.push(key.clone()),
            None => keys.push(load_key(dir, file.name(), mode, master)?),
        }
    }
    Ok(State { keys: Arc::new(KeySet::new(keys)), seen })
}

fn load_key(dir: &Path, name: &str, mode: Mode, master: &MasterKey) -> Result<Key, SigningError> {
    let path = dir.join(name);
    let key_file: KeyFile = file::read(dir, name, mode)?;
    let refuse = |detail: &str| SigningError::VaultFile { file: path.clone(), detail: detail.to_owned() };
    if name != file::key_file(&key_file.key.id) {
        return Err(refuse("the file is not named after its key"));
    }
    if mode == Mode::Production && key_file.key.example {
        return Err(SigningError::ExampleKeys(path));
    }
    let private = key_file.unseal(master, &path)?;
    let signer = read_private(key_file.key.algorithm, &private)?;
    if signer.public() != key_file.key.public {
        return Err(refuse("the public half does not belong to the private one"));
    }
    Ok(Key::new(key_file.key, Arc::new(signer)))
}

/// A fresh private key, and its bytes as they are sealed: the seed of Ed25519
/// (RFC 8032), PKCS#8 of the others.
fn new_private(
    algorithm: KeyAlgorithm,
    entropy: &dyn Entropy,
) -> Result<(MemorySigner, Zeroizing<Vec<u8>>), SigningError> {
    let jose_algorithm = match algorithm {
        KeyAlgorithm::Ed25519 => {
            let mut seed = entropy.array::<32>();
            let signer = MemorySigner::Ed25519(SigningKey::from_bytes(&seed));
            let private = Zeroizing::new(seed.to_vec());
            seed.zeroize();
            return Ok((signer, private));
        }
        KeyAlgorithm::Es256 => jose::Algorithm::Es256,
        KeyAlgorithm::Rs256 => jose::Algorithm::Rs256,
    };
    let key = jose::PrivateKey::generate(jose_algorithm)?;
    let private = key.to_pkcs8_der()?;
    Ok((MemorySigner::Jose(key), private))
}

fn read_private(algorithm: KeyAlgorithm, private: &[u8]) -> Result<MemorySigner, SigningError> {
    let jose_algorithm = match algorithm {
        KeyAlgorithm::Ed25519 => {
            let key = SigningKey::try_from(private);
            let key =
                key.map_err(|_| SigningError::Library("a sealed Ed25519 seed is not 32 bytes".into()))?;
            return Ok(MemorySigner::Ed25519(key));
        }
        KeyAlgorithm::Es256 => jose::Algorithm::Es256,
        KeyAlgorithm::Rs256 => jose::Algorithm::Rs256,
    };
    Ok(MemorySigner::Jose(jose::PrivateKey::from_pkcs8_der(private, jose_algorithm)?))
}

/// Four characters of Crockford's base32, in lower case.
fn random_suffix(entropy: &dyn Entropy) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let drawn = entropy.array::<4>();
    drawn
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|byte| char::from(*byte))
        .collect()
}

#[cfg(test)]
mod tests;
