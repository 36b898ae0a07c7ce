//! Signing keys in a PKCS#11 token (OASIS PKCS #11 3.1): made inside, never
//! exportable. The only user of `cryptoki`, which loads the token's library at
//! run time.

mod connection;
mod fault;
mod keys;

use std::{
    fmt,
    path::PathBuf,
    sync::{OnceLock, PoisonError, RwLock},
};

use cryptoki::mechanism::{
    Mechanism,
    eddsa::{EddsaParams, EddsaSignatureScheme},
};
use proof::multikey::PublicKey;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use signing::{KeyAlgorithm, Token, TokenFault};

use crate::{connection::Connection, fault::Failure};

/// How a token is reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// Its library, such as `/usr/lib/softhsm/libsofthsm2.so`.
    pub module: PathBuf,
    /// Its label.
    pub label: String,
    /// The PIN of its user. Never shown.
    pub pin: SecretString,
}

/// A PKCS#11 token. It is reached when it is first asked for something, and
/// again whenever it was lost.
pub struct Pkcs11Token {
    access: Access,
    state: RwLock<State>,
    /// A PIN that was refused is not tried again: tokens lock themselves.
    refused: OnceLock<TokenFault>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// How many connections there have been.
    count: u64,
}

impl fmt::Debug for Pkcs11Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs11Token").field("access", &self.access).finish_non_exhaustive()
    }
}

impl Pkcs11Token {
    /// The token, not yet reached.
    pub fn new(access: Access) -> Self {
        Self { access, state: RwLock::default(), refused: OnceLock::new() }
    }

    /// Reaches the token and signs in: what it is, and which of our algorithms
    /// it knows, for people.
    pub fn check(&self) -> Result<String, TokenFault> {
        self.with(Connection::describe)
    }

    /// Does `work` over the connection; once more over a new one if it turns
    /// out to be lost. All work may be repeated: a signature that nobody got
    /// harms nobody.
    fn with<T>(&self, work: impl Fn(&Connection) -> Result<T, Failure>) -> Result<T, TokenFault> {
        match self.attempt(&work) {
            Err(Failure { is_lost: true, .. }) => self.attempt(&work).map_err(|failure| failure.fault),
            answer => answer.map_err(|failure| failure.fault),
        }
    }

    fn attempt<T>(&self, work: impl Fn(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        if let Some(refused) = self.refused.get() {
            return Err(refused.clone().into());
        }
        self.connect()?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let lost =
            || Failure { is_lost: true, fault: TokenFault::Away("the connection was lost".to_owned()) };
        let answer = work(state.connection.as_ref().ok_or_else(lost)?);
        let used = state.count;
        drop(state);
        match &answer {
            Err(Failure { is_lost: true, .. }) => self.disconnect(used),
            Err(Failure { fault: fault @ TokenFault::Pin(_), .. }) => {
                self.refused.get_or_init(|| fault.clone());
            }
            _ => {}
        }
        answer
    }

    fn connect(&self) -> Result<(), TokenFault> {
        if self.state.read().unwrap_or_else(PoisonError::into_inner).connection.is_some() {
            return Ok(());
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.connection.is_none() {
            state.connection = Some(Connection::open(&self.access)?);
            state.count += 1;
        }
        Ok(())
    }

    /// Ends the connection numbered `used`, unless another thread has already.
    /// Waits for those who are at work in it.
    fn disconnect(&self, used: u64) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.count == used
            && let Some(connection) = state.connection.take()
        {
            connection.close();
        }
    }
}

impl Token for Pkcs11Token {
    fn label(&self) -> &str {
        &self.access.label
    }

    fn generate(&self, id: &str, algorithm: KeyAlgorithm) -> Result<PublicKey, TokenFault> {
        self.with(|connection| connection.writing(|session| keys::generate(session, id, algorithm)))
    }

    fn sign(&self, id: &str, algorithm: KeyAlgorithm, message: &[u8]) -> Result<[u8; 64], TokenFault> {
        let digest = Sha256::digest(message);
        let (mechanism, message) = match algorithm {
            KeyAlgorithm::Ed25519 => {
                (Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519)), message)
            }
            // CKM_ECDSA takes the digest, so that the token need not know SHA-256.
            KeyAlgorithm::Es256 => (Mechanism::Ecdsa, digest.as_slice()),
            KeyAlgorithm::Rs256 => return Err(TokenFault::Unable("sign by rs256".to_owned())),
        };
        let signature = self.with(|connection| {
            connection.reading(|session| {
                let key = connection.private_key(session, id)?;
                Ok(session.sign(&mechanism, key, message)?)
            })
        })?;
        signature.as_slice().try_into().map_err(|_| {
            TokenFault::Wrong(format!("a signature of {} bytes; 64 were expected", signature.len()))
        })
    }
}
