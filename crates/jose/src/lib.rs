//! JSON Object Signing: JWS in compact form, the VC-JWT profile of Open
//! Badges 3.0, and client assertions. The only user of josekit and OpenSSL.

mod error;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use zeroize::Zeroizing;

pub use error::JoseError;

/// What we sign with. Reading also takes `EdDSA`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256, deterministic (RFC 6979).
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2,048 bits or more.
    Rs256,
}

/// A private key.
pub struct PrivateKey(());

impl PrivateKey {
    /// A fresh key from OpenSSL's generator; RSA keys have 3,072 bits.
    pub fn generate(_algorithm: Algorithm) -> Result<Self, JoseError> {
        todo!()
    }
    /// Reads a PKCS#8 `PrivateKeyInfo` in DER.
    pub fn from_pkcs8_der(_der: &[u8], _algorithm: Algorithm) -> Result<Self, JoseError> {
        todo!()
    }
    /// The key as PKCS#8 in DER.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        todo!()
    }
    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        todo!()
    }
    /// The public half as a JWK (RFC 7517).
    pub fn public_jwk(&self) -> Value {
        todo!()
    }
}

/// Signs `payload` as a compact JWS.
pub fn sign_compact(
    _payload: &[u8],
    _key: &PrivateKey,
    _kid: &str,
    _typ: Option<&str>,
) -> Result<String, JoseError> {
    todo!()
}

/// The header of a token that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `ES256`, `RS256` or `EdDSA`.
    pub alg: String,
    /// The key's name.
    pub kid: Option<String>,
    /// A key the token brings with it: reported, never trusted.
    pub jwk: Option<Value>,
    /// The media type.
    pub typ: Option<String>,
}

/// A well-formed token whose signature nobody has checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Unverified {
    /// Its header.
    pub header: Header,
    /// Its payload as sent.
    pub payload: Vec<u8>,
}

impl Unverified {
    /// Checks the signature with a public JWK; the key pins the algorithm.
    pub fn verify(&self, _jwk: &Value) -> Result<(), JoseError> {
        todo!()
    }
}

/// Reads a compact JWS strictly.
pub fn read_compact(_token: &str) -> Result<Unverified, JoseError> {
    todo!()
}

/// The claims of a credential (OB 3.0, VC-JWT).
pub fn credential_claims(_credential: &Value) -> Result<Value, JoseError> {
    todo!()
}

/// The credential of a payload (OB 3.0, VC-JWT).
pub fn credential_of(_payload: &Value) -> Result<Value, JoseError> {
    todo!()
}

/// What a valid client assertion leaves to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionClaims {
    /// Unique per assertion; the caller refuses it a second time.
    pub jti: String,
    /// Until when `jti` must be remembered.
    pub exp: DateTime<Utc>,
}

/// Checks a client assertion (RFC 7523) that lives at most five minutes.
pub fn verify_client_assertion(
    token: &str,
    jwks: &Value,
    expected_audience: &[&str],
    client_id: &str,
    now: DateTime<Utc>,
) -> Result<AssertionClaims, JoseError> {
    verify_client_assertion_within(token, jwks, expected_audience, client_id, now, TimeDelta::minutes(5))
}

/// The same with another longest lifetime.
pub fn verify_client_assertion_within(
    _token: &str,
    _jwks: &Value,
    _expected_audience: &[&str],
    _client_id: &str,
    _now: DateTime<Utc>,
    _longest: TimeDelta,
) -> Result<AssertionClaims, JoseError> {
    todo!()
}
