//! What can go wrong with keys and signatures.

use std::{io, path::PathBuf};

use chrono::{DateTime, Utc};
use jose::JoseError;
use model::{field::FieldError, id::Slug};
use proof::{json::JsonError, suite::ProofError};

use crate::{KeyAlgorithm, TokenFault};

/// Why something was not signed, or why keys could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The document is not what may be signed; every fault is named. Whose
    /// fault: whoever built the document.
    #[error("not signed: {}", joined(.0))]
    Lint(Vec<FieldError>),
    /// The stored document is not strict JSON. Whose fault: whoever stored it.
    #[error("the stored document is not strict JSON: {0}")]
    Json(#[from] JsonError),
    /// The document was prepared under rules this version does not know. Whose
    /// fault: the operator's, who runs an older version than prepared it.
    #[error("prepared under the signing profile `{0}`, which this version does not know; run the newer one")]
    UnknownProfile(String),
    /// No such key in the vault. Whose fault: the operator's, who lost it.
    #[error("the vault has no key `{0}`; restore it from the backup")]
    UnknownKey(String),
    /// The key had been retired when the document was prepared. Whose fault:
    /// the caller's, who must prepare it anew.
    #[error("the key `{key}` was retired at {retired} and signs nothing prepared since")]
    Retired {
        /// The key.
        key: String,
        /// When it was retired.
        retired: DateTime<Utc>,
    },
    /// Somebody else may have the key, so that it signs nothing any more, not
    /// even what was prepared before. Whose fault: nobody's; the operator said so.
    #[error("the key `{key}` is marked as compromised since {since}; it signs nothing")]
    Compromised {
        /// The key.
        key: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// A moment of compromise that is still to come. Whose fault: the operator's.
    #[error("a key cannot be compromised since {0}, which is still to come")]
    NotYet(DateTime<Utc>),
    /// The token that keeps a key did not do its work. Whose fault: see
    /// [`TokenFault`].
    #[error("the PKCS#11 token `{token}`: {fault}")]
    Token {
        /// Its label.
        token: String,
        /// What happened.
        fault: TokenFault,
    },
    /// The issuer has no key that signs. Whose fault: the operator's.
    #[error(
        "`{issuer}` has no active {algorithm} key; make one: lanyard keys generate --issuer {issuer} --algorithm {algorithm}"
    )]
    NoActiveKey {
        /// The organisation.
        issuer: Slug,
        /// What the key is for.
        algorithm: &'static str,
    },
    /// A key was named for what it cannot do. Whose fault: the caller's.
    #[error("the key `{key}` is {found}; {expected} is needed")]
    WrongKey {
        /// The key.
        key: String,
        /// What it is.
        found: String,
        /// What was needed.
        expected: String,
    },
    /// The document cannot be canonicalised in safe mode: an undefined term,
    /// an unknown context, a malformed IRI. Whose fault: whoever built it.
    #[error("not signed: {0}")]
    Proof(#[from] ProofError),
    /// The document cannot be a JWT, or a private key cannot be used.
    #[error("not signed: {0}")]
    Jose(#[from] JoseError),
    /// What was signed does not verify with the key that we publish; nothing
    /// was given out. Whose fault: ours.
    #[error(
        "signed, but it does not verify with the published key `{method}`, so it was thrown away: {detail}"
    )]
    SelfCheck {
        /// The verification method.
        method: String,
        /// What the verification found.
        detail: String,
    },
    /// There is no vault. Whose fault: the operator's.
    #[error("no vault in {}; make one: lanyard keys generate", .0.display())]
    NoVault(PathBuf),
    /// There is a vault already, and it is not overwritten. Whose fault: the
    /// operator's.
    #[error("there is a vault in {} already", .0.display())]
    VaultExists(PathBuf),
    /// The secret does not open the vault. Whose fault: the operator's.
    #[error("the secret does not open the vault in {}; give the secret it was made with", .0.display())]
    WrongSecret(PathBuf),
    /// The secret is too short to protect anything. Whose fault: the operator's.
    #[error("the vault's secret has {found} characters; give at least {least}")]
    WeakSecret {
        /// Characters given.
        found: usize,
        /// Characters needed.
        least: usize,
    },
    /// A file of the vault is not what it should be, or was changed. Whose
    /// fault: whoever changed it.
    #[error("{}: {detail}", file.display())]
    VaultFile {
        /// The file.
        file: PathBuf,
        /// What was found.
        detail: String,
    },
    /// Everybody knows the example keys. Whose fault: the operator's.
    #[error("{} holds throw-away example keys, which are refused in production; make your own", .0.display())]
    ExampleKeys(PathBuf),
    /// Others on the machine could read or change the file. Whose fault: the
    /// operator's.
    #[error("{} has mode {mode:o}; others may read or change it: chmod 600 it", file.display())]
    Permissions {
        /// The file.
        file: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The operating system refused. Whose fault: the operator's.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A cryptographic library failed where it should not. Whose fault: ours.
    #[error("a cryptographic library failed: {0}")]
    Library(String),
}

impl SigningError {
    pub(crate) fn token(label: &str, fault: TokenFault) -> Self {
        Self::Token { token: label.to_owned(), fault }
    }

    pub(crate) fn no_active_key(issuer: &Slug, algorithm: KeyAlgorithm) -> Self {
        Self::NoActiveKey { issuer: issuer.clone(), algorithm: algorithm.as_str() }
    }
}

fn joined(faults: &[FieldError]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
