//! The files of a vault.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use model::chance::Entropy;
use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{
    Mode,
    seal::{MasterKey, Sealed, Stretching},
};
use crate::{KeyRecord, SigningError};

pub(super) const VAULT_FILE: &str = "vault.json";
const FORMAT: u32 = 1;
/// Permissions a file may not give in production: anything to everybody,
/// writing to the group. (A group may read: orchestrators mount secrets so.)
const FORBIDDEN_MODE: u32 = 0o027;

pub(super) fn key_file(id: &str) -> String {
    format!("{id}.json")
}

/// `vault.json`: how the operator's secret opens the master key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VaultFile {
    vault: VaultHeader,
    /// The master key. It opens only with the right secret, so it is also the
    /// check of the secret.
    sealed_master_key: Sealed,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VaultHeader {
    format: u32,
    example: bool,
    stretching: Stretching,
}

impl VaultFile {
    pub(super) fn new(
        secret: &SecretString,
        example: bool,
        entropy: &dyn Entropy,
    ) -> Result<Self, SigningError> {
        let vault = VaultHeader { format: FORMAT, example, stretching: Stretching::new(entropy) };
        let stretched = vault.stretching.stretch(secret).map_err(SigningError::Library)?;
        let master = MasterKey::random(entropy);
        let sealed_master_key = stretched.seal(master.as_bytes(), &authenticated(&vault)?, entropy)?;
        Ok(Self { vault, sealed_master_key })
    }

    pub(super) fn is_example(&self) -> bool {
        self.vault.example
    }

    pub(super) fn unlock(&self, secret: &SecretString, dir: &Path) -> Result<MasterKey, SigningError> {
        let refuse = |detail: String| SigningError::VaultFile { file: dir.join(VAULT_FILE), detail };
        if self.vault.format != FORMAT {
            let found = self.vault.format;
            return Err(refuse(format!("format {found}; this version reads format {FORMAT}")));
        }
        let stretched = self.vault.stretching.stretch(secret).map_err(refuse)?;
        stretched
            .unseal(&self.sealed_master_key, &authenticated(&self.vault)?)
            .and_then(|master| MasterKey::from_bytes(&master))
            .ok_or_else(|| SigningError::WrongSecret(dir.to_owned()))
    }
}

/// `<key id>.json`: the record in clear, the private key sealed and bound to it.
/// Of a key in a token there is no private part: only the seal, which says that
/// the record is this vault's and unchanged.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct KeyFile {
    pub(super) key: KeyRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed_private_key: Option<Sealed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<Sealed>,
}

impl KeyFile {
    pub(super) fn seal(
        key: KeyRecord,
        private: &[u8],
        master: &MasterKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SigningError> {
        let sealed_private_key = Some(master.seal(private, &authenticated(&key)?, entropy)?);
        Ok(Self { key, sealed_private_key, seal: None })
    }

    /// Of a key in a token.
    pub(super) fn without_private(
        key: KeyRecord,
        master: &MasterKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SigningError> {
        let seal = Some(master.seal(&[], &authenticated(&key)?, entropy)?);
        Ok(Self { key, sealed_private_key: None, seal })
    }

    /// The same key under a changed record.
    pub(super) fn with_record(
        &self,
        record: KeyRecord,
        master: &MasterKey,
        path: &Path,
        entropy: &dyn Entropy,
    ) -> Result<Self, SigningError> {
        match self.open(master, path)? {
            Some(private) => Self::seal(record, &private, master, entropy),
            None => Self::without_private(record, master, entropy),
        }
    }

    /// The private key; `None` of a key in a token.
    pub(super) fn open(
        &self,
        master: &MasterKey,
        path: &Path,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, SigningError> {
        let refuse =
            |detail: &str| SigningError::VaultFile { file: path.to_owned(), detail: detail.to_owned() };
        let (sealed, in_token) = match (&self.sealed_private_key, &self.seal, &self.key.token) {
            (Some(sealed), None, None) => (sealed, false),
            (None, Some(sealed), Some(_)) => (sealed, true),
            _ => return Err(refuse("a private key is sealed in the file or kept in a token, one of both")),
        };
        let opened = master.unseal(sealed, &authenticated(&self.key)?);
        let opened = opened.ok_or_else(|| {
            refuse("it was changed, or belongs to another vault; restore it from the backup")
        })?;
        Ok(Some(opened).filter(|_| !in_token))
    }
}

/// What a sealed value is bound to: serde writes the members in the order of
/// the type, so the same value always gives the same bytes.
fn authenticated(header: &impl Serialize) -> Result<Vec<u8>, SigningError> {
    serde_json::to_vec(header).map_err(|error| SigningError::Library(error.to_string()))
}

/// What the directory's key files look like from outside, to notice changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(Vec<Seen>);

/// A rename gives a file a new inode, so even two changes within one tick of
/// the file system's clock are told apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    name: String,
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Seen {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Fingerprint {
    /// The key files, by name.
    pub(super) fn files(&self) -> impl Iterator<Item = &Seen> {
        self.0.iter()
    }

    /// Whether this very file was there.
    pub(super) fn contains(&self, file: &Seen) -> bool {
        self.0.binary_search(file).is_ok()
    }
}

pub(super) fn fingerprint(dir: &Path) -> Result<Fingerprint, SigningError> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).map_err(|source| failed(dir, source))? {
        let entry = entry.map_err(|source| failed(dir, source))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_json = Path::new(&name).extension().is_some_and(|extension| extension == "json");
        let is_key = is_json && !name.starts_with('.') && name != VAULT_FILE;
        if !is_key {
            continue;
        }
        let metadata = match fs::metadata(entry.path()) {
            Ok(metadata) => metadata,
            Err(source) if source.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(failed(&entry.path(), source)),
        };
        let changed = (metadata.mtime(), metadata.mtime_nsec());
        all.push(Seen { name, inode: metadata.ino(), size: metadata.len(), changed });
    }
    all.sort();
    Ok(Fingerprint(all))
}

pub(super) fn read<T: DeserializeOwned>(dir: &Path, name: &str, mode: Mode) -> Result<T, SigningError> {
    let path = dir.join(name);
    let metadata = fs::metadata(&path).map_err(|source| failed(&path, source))?;
    let bits = metadata.permissions().mode() & 0o777;
    if mode == Mode::Production && bits & FORBIDDEN_MODE != 0 {
        return Err(SigningError::Permissions { file: path, mode: bits });
    }
    let text = fs::read(&path).map_err(|source| failed(&path, source))?;
    serde_json::from_slice(&text)
        .map_err(|error| SigningError::VaultFile { file: path, detail: error.to_string() })
}

/// A text that may not be there.
pub(super) fn read_text(dir: &Path, name: &str) -> Result<Option<String>, SigningError> {
    let path = dir.join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(&path, source)),
    }
}

pub(super) fn make_dir(dir: &Path) -> Result<(), SigningError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|source| failed(dir, source))
}

/// Writes a file so that it is there whole or not at all, after a crash too.
pub(super) fn write(
    dir: &Path,
    name: &str,
    content: &impl Serialize,
    entropy: &dyn Entropy,
) -> Result<(), SigningError> {
    let mut text =
        serde_json::to_string_pretty(content).map_err(|error| SigningError::Library(error.to_string()))?;
    text.push('\n');
    write_text(dir, name, &text, entropy)
}

/// The same of a text as it is.
pub(super) fn write_text(
    dir: &Path,
    name: &str,
    text: &str,
    entropy: &dyn Entropy,
) -> Result<(), SigningError> {
    let temporary = dir.join(format!(".{name}.{:016x}.tmp", u64::from_le_bytes(entropy.array())));
    let written = write_new(&temporary, text)
        .and_then(|()| fs::rename(&temporary, dir.join(name)))
        .and_then(|()| fs::File::open(dir)?.sync_all());
    written.map_err(|source| {
        // Best effort: what matters is the first error.
        let _ = fs::remove_file(&temporary);
        failed(&dir.join(name), source)
    })
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(path: &Path, source: io::Error) -> SigningError {
    SigningError::Io { path: path.to_owned(), source }
}
