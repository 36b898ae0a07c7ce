//! Keys and signatures: the vault that keeps private keys, the names issuers
//! sign under, and the one way from a draft to a signed badge:
//! [`Prepared`] → [`Recorded`] → [`Signed`].

mod award;
mod credential;
mod document;
mod error;
mod form;
mod identity;
mod key;
mod key_set;
mod learner_record;
mod lint;
mod publish;
mod request;
mod selective;
mod token;
mod vault;

pub use award::{Draft, Intent, Linted, PROFILE_VERSION, Prepared, Recorded, StoredIntent, Unsigned};
pub use credential::{CredentialSigner, cryptosuites};
pub use document::{sign_document, sign_manifest, sign_token_status_list};
pub use error::SigningError;
pub use form::{Signed, SignedBadge, Unchecked, Way, checked};
pub use identity::{Identity, Named};
pub use key::{Key, KeyAlgorithm, KeyPurpose, KeyRecord, PublicMaterial, Signer};
pub use key_set::KeySet;
pub use lint::{AS_OF, RECEIPT, STATEMENT};
pub use publish::{compromised, compromised_since, controlled_document, is_named, jwks};
pub use request::{sign_request, verifier_name};
pub use token::{Token, TokenFault};
pub use vault::{Compromise, Mode, Place, Vault, VaultKind};
