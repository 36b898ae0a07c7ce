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
    Key, KeyAlgorithm, KeyPurpose, KeyRecord, KeySet, PublicMaterial, Signer, SigningError, Token,
    TokenFault,
    key::MemorySigner,
    token::{TokenSigner, public_material},
    vault::{
        file::{Fingerprint, KeyFile, VaultFile},
        seal::MasterKey,
    },
};

/// The name of the folder of throw-away keys in the source tree.
const EXAMPLE_FOLDER: &str = "keys.example";
/// The shortest secret that a vault is made with, in characters.
const LEAST_SECRET: usize = 12;

/// The file that remembers who was erased.
const ERASED: &str = "erased.txt";

/// The file of the log's last checkpoint.
const LOG_HEAD: &str = "log-head.note";

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

/// Where a private key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Sealed in the key's file.
    File,
    /// In the PKCS#11 token, which never gives it away.
    Token,
}

/// What came of marking a key as compromised.
#[derive(Debug)]
pub struct Compromise {
    /// The key, marked.
    pub marked: KeyRecord,
    /// The key that took over, if the marked one was in force. Where none could
    /// be made the issuer signs nothing until there is one.
    pub next: Option<Result<KeyRecord, SigningError>>,
}

/// The keys of the service in a directory: `vault.json` and a file per key,
/// each private key sealed under a key that the operator's secret opens.
///
/// Changes made by another process are seen by [`Vault::refresh`].
pub struct Vault {
    dir: PathBuf,
    mode: Mode,
    kind: VaultKind,
    opener: Opener,
    state: RwLock<State>,
    /// One change at a time in this process.
    changing: Mutex<()>,
}

/// What opens a key's file, and signs with what stands in it.
struct Opener {
    master: MasterKey,
    token: Option<Arc<dyn Token>>,
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
        Self::open_beside(dir, secret, mode, None)
    }

    /// Opens the vault in `dir` beside the token that keeps some of its keys.
    /// The token is asked for nothing before one of them is to sign; keys of a
    /// token that is not set up are published and sign nothing.
    pub fn open_beside(
        dir: &Path,
        secret: &SecretString,
        mode: Mode,
        token: Option<Arc<dyn Token>>,
    ) -> Result<Self, SigningError> {
        if !Self::exists(dir) {
            return Err(SigningError::NoVault(dir.to_owned()));
        }
        let vault: VaultFile = file::read(dir, file::VAULT_FILE, mode)?;
        let is_example_folder =
            dir.canonicalize().is_ok_and(|dir| dir.file_name().is_some_and(|name| name == EXAMPLE_FOLDER));
        if mode == Mode::Production && (vault.is_example() || is_example_folder) {
            return Err(SigningError::ExampleKeys(dir.to_owned()));
        }
        let opener = Opener { master: vault.unlock(secret, dir)?, token };
        let kind = if vault.is_example() { VaultKind::Example } else { VaultKind::Real };
        let state = RwLock::new(load(dir, mode, &opener, None)?);
        Ok(Self { dir: dir.to_owned(), mode, kind, opener, state, changing: Mutex::new(()) })
    }

    /// A secret for another use (`purpose`), independent of every other and
    /// the same as long as the vault lives, whatever keys rotate.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.opener.master.derive(purpose)
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

    /// Makes a key in its file. The newest key of an issuer and algorithm is
    /// the one that signs. Ed25519 keys come from `entropy`, the others from
    /// OpenSSL's generator.
    pub fn generate(
        &self,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        self.generate_in(Place::File, issuer, algorithm, clock, entropy)
    }

    /// Makes a key in `place`. A key in the token is made by the token, of
    /// Ed25519 or ES256, and never leaves it.
    pub fn generate_in(
        &self,
        place: Place,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let record = self.add(place, issuer, algorithm, clock.now(), entropy)?;
        self.reload()?;
        Ok(record)
    }

    /// Makes an Ed25519 key that signs statements of the log of that name, or else of
    /// a witness; `keeper` is whose it is. It is sealed in its file; the newest in
    /// force signs.
    pub fn generate_for(
        &self,
        log: Option<&str>,
        keeper: &Slug,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let purpose = if log.is_some() { KeyPurpose::Log } else { KeyPurpose::Witness };
        let record =
            self.add_for((purpose, log), Place::File, keeper, KeyAlgorithm::Ed25519, clock.now(), entropy)?;
        self.reload()?;
        Ok(record)
    }

    /// Makes a key where the one in force is kept, and retires the issuer's
    /// other keys of the algorithm.
    pub fn rotate(
        &self,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        self.rotate_into(None, issuer, algorithm, clock, entropy)
    }

    /// As [`Vault::rotate`], with the new key in `place`: so an issuer moves
    /// into a token, or out of it.
    pub fn rotate_into(
        &self,
        place: Option<Place>,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.reload()?;
        let earlier = self.keys();
        let now = clock.now();
        let in_force = earlier.active(issuer, algorithm);
        let place = place.unwrap_or_else(|| in_force.map_or(Place::File, place_of));
        // The new key first: between the two steps there are two, never none.
        let record = self.add(place, issuer, algorithm, now, entropy)?;
        let replaced = |key: &&Key| key.record().algorithm == algorithm && key.record().retired.is_none();
        for key in earlier.of_issuer(issuer).filter(replaced) {
            self.change(key.id(), entropy, |record| record.retired = Some(now))?;
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
        self.known(key_id)?;
        let now = clock.now();
        let record = self.change(key_id, entropy, |record| {
            record.retired.get_or_insert(now);
        })?;
        self.reload()?;
        Ok(record)
    }

    /// Marks a key that somebody else may have had since `since`: it signs
    /// nothing any more, at once, and is published as revoked. If it was in
    /// force, a new key takes over, kept in the same place. Marking it again
    /// changes nothing but to an earlier moment.
    pub fn compromise(
        &self,
        key_id: &str,
        since: DateTime<Utc>,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Compromise, SigningError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock.now();
        if since > now {
            return Err(SigningError::NotYet(since));
        }
        let key = self.known(key_id)?;
        let KeyRecord { issuer, algorithm, .. } = key.record();
        let in_force = self.keys().active(issuer, *algorithm).is_some_and(|active| active.id() == key_id);
        // A token that does not answer must not keep a stolen key at work: then
        // the mark comes alone, and `generate` makes the next key later.
        let next = in_force.then(|| self.add(place_of(&key), issuer, *algorithm, now, entropy));
        let marked = self.change(key_id, entropy, |record| {
            record.compromised = Some(record.compromised.map_or(since, |known| known.min(since)));
            record.retired.get_or_insert(now);
        })?;
        self.reload()?;
        Ok(Compromise { marked, next })
    }

    /// The log's last checkpoint as this vault keeps it beside its keys, away from
    /// the database: so that an old backup of that is noticed.
    pub fn log_head(&self) -> Result<Option<String>, SigningError> {
        file::read_text(&self.dir, LOG_HEAD)
    }

    /// Keeps the log's last checkpoint.
    pub fn keep_log_head(&self, note: &str, entropy: &dyn Entropy) -> Result<(), SigningError> {
        file::write_text(&self.dir, LOG_HEAD, note, entropy)
    }

    /// Who was erased, in lines that mean something to whoever keeps them here: beside the
    /// keys and away from the database, an old backup of which does not know.
    pub fn erased(&self) -> Result<Option<String>, SigningError> {
        file::read_text(&self.dir, ERASED)
    }

    /// Keeps who was erased.
    pub fn keep_erased(&self, lines: &str, entropy: &dyn Entropy) -> Result<(), SigningError> {
        file::write_text(&self.dir, ERASED, lines, entropy)
    }

    fn known(&self, key_id: &str) -> Result<Key, SigningError> {
        self.reload()?;
        self.keys().by_id(key_id).cloned().ok_or_else(|| SigningError::UnknownKey(key_id.to_owned()))
    }

    fn add(
        &self,
        place: Place,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        self.add_for((KeyPurpose::Credentials, None), place, issuer, algorithm, now, entropy)
    }

    fn add_for(
        &self,
        (purpose, log): (KeyPurpose, Option<&str>),
        place: Place,
        issuer: &Slug,
        algorithm: KeyAlgorithm,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        let what = match purpose {
            KeyPurpose::Credentials => "",
            KeyPurpose::Log => "-log",
            KeyPurpose::Witness => "-witness",
        };
        let id = loop {
            let id =
                format!("{issuer}{what}-{algorithm}-{}-{}", now.format("%Y%m%d"), random_suffix(entropy));
            if !self.dir.join(file::key_file(&id)).exists() {
                break id;
            }
        };
        let record = |id, token, public| KeyRecord {
            id,
            issuer: issuer.clone(),
            purpose,
            log: log.map(str::to_owned),
            algorithm,
            created: now,
            retired: None,
            compromised: None,
            token,
            public,
            example: self.kind == VaultKind::Example,
        };
        let key_file = match place {
            Place::File => {
                let (signer, private) = new_private(algorithm, entropy)?;
                KeyFile::seal(record(id, None, signer.public()), &private, &self.opener.master, entropy)?
            }
            Place::Token => {
                let (label, public) = self.opener.new_in_token(&id, algorithm)?;
                KeyFile::without_private(record(id, Some(label), public), &self.opener.master, entropy)?
            }
        };
        file::write(&self.dir, &file::key_file(&key_file.key.id), &key_file, entropy)?;
        Ok(key_file.key)
    }

    /// Changes the record of a key; writes nothing if that leaves it as it was.
    fn change(
        &self,
        key_id: &str,
        entropy: &dyn Entropy,
        change: impl FnOnce(&mut KeyRecord),
    ) -> Result<KeyRecord, SigningError> {
        let name = file::key_file(key_id);
        let key_file: KeyFile = file::read(&self.dir, &name, self.mode)?;
        let mut record = key_file.key.clone();
        change(&mut record);
        if record == key_file.key {
            return Ok(record);
        }
        let path = self.dir.join(&name);
        let key_file = key_file.with_record(record, &self.opener.master, &path, entropy)?;
        file::write(&self.dir, &name, &key_file, entropy)?;
        Ok(key_file.key)
    }

    fn reload(&self) -> Result<(), SigningError> {
        let state = {
            let previous = self.state.read().unwrap_or_else(PoisonError::into_inner);
            load(&self.dir, self.mode, &self.opener, Some(&previous))?
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
fn load(dir: &Path, mode: Mode, opener: &Opener, previous: Option<&State>) -> Result<State, SigningError> {
    let mut state = load_once(dir, mode, opener, previous)?;
    for _ in 1..READINGS {
        if file::fingerprint(dir)? == state.seen {
            break;
        }
        state = load_once(dir, mode, opener, Some(&state))?;
    }
    Ok(state)
}

fn load_once(
    dir: &Path,
    mode: Mode,
    opener: &Opener,
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
            None => keys.push(load_key(dir, file.name(), mode, opener)?),
        }
    }
    Ok(State { keys: Arc::new(KeySet::new(keys)), seen })
}

fn load_key(dir: &Path, name: &str, mode: Mode, opener: &Opener) -> Result<Key, SigningError> {
    let path = dir.join(name);
    let key_file: KeyFile = file::read(dir, name, mode)?;
    let refuse = |detail: &str| SigningError::VaultFile { file: path.clone(), detail: detail.to_owned() };
    if name != file::key_file(&key_file.key.id) {
        return Err(refuse("the file is not named after its key"));
    }
    if mode == Mode::Production && key_file.key.example {
        return Err(SigningError::ExampleKeys(path));
    }
    let private = key_file.open(&opener.master, &path)?;
    let signer: Arc<dyn Signer> = match (private, &key_file.key.token) {
        (Some(private), _) => {
            let signer = read_private(key_file.key.algorithm, &private)?;
            if signer.public() != key_file.key.public {
                return Err(refuse("the public half does not belong to the private one"));
            }
            Arc::new(signer)
        }
        (None, label) => {
            let label = label.as_deref().unwrap_or_default();
            Arc::new(TokenSigner::new(opener.token.as_ref(), label, &key_file.key.id))
        }
    };
    Ok(Key::new(key_file.key, signer))
}

impl Opener {
    /// Makes a key in the token: the token's label, and the public half.
    fn new_in_token(
        &self,
        id: &str,
        algorithm: KeyAlgorithm,
    ) -> Result<(String, PublicMaterial), SigningError> {
        let token = self.token.as_ref().ok_or_else(|| SigningError::token("", TokenFault::NotSetUp))?;
        let label = token.label().to_owned();
        let failed = |fault| SigningError::token(&label, fault);
        if algorithm == KeyAlgorithm::Rs256 {
            return Err(failed(TokenFault::Unable("keep rs256 keys; they lie in files".to_owned())));
        }
        let public = token.generate(id, algorithm).map_err(failed)?;
        let public = public_material(public, algorithm);
        let public = public
            .ok_or_else(|| failed(TokenFault::Wrong("the key is of another kind than asked".into())))?;
        Ok((label, public))
    }
}

fn place_of(key: &Key) -> Place {
    if key.record().token.is_some() { Place::Token } else { Place::File }
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
