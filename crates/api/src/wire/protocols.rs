//! The bodies of the protocols between wallets, other services and this one, for the API's
//! description; what is sent and taken is decided where each protocol is served.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::standards::AchievementCredential;

/// The keys that an issuer signs with, as its DID has them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DidDocument {
    /// Its contexts.
    #[serde(rename = "@context")]
    pub context: Vec<String>,
    /// The DID, or the address that stands for it.
    pub id: String,
    /// Other names of the same issuer.
    pub also_known_as: Option<Vec<String>>,
    /// The keys.
    pub verification_method: Vec<VerificationMethod>,
    /// The ids of the keys that sign credentials.
    pub assertion_method: Vec<String>,
}

/// A key of an issuer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerificationMethod {
    /// Its id, which proofs name.
    pub id: String,
    /// `Multikey`, or `JsonWebKey`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whose it is.
    pub controller: String,
    /// Of a `Multikey`: the key.
    pub public_key_multibase: Option<String>,
    /// Of a `JsonWebKey`: the key.
    pub public_key_jwk: Option<Jwk>,
}

/// A set of keys (RFC 7517, section 5).
#[derive(Debug, Serialize, ToSchema)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

/// A public key (RFC 7517, section 4).
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// `EC`, `OKP` or `RSA`.
    pub kty: String,
    /// Its name.
    pub kid: Option<String>,
    /// The algorithm it signs by.
    pub alg: Option<String>,
    /// What it is for: `sig`.
    #[serde(rename = "use")]
    pub purpose: Option<String>,
    /// Of `EC` and `OKP`: the curve.
    pub crv: Option<String>,
    /// Of `EC` and `OKP`: the coordinate.
    pub x: Option<String>,
    /// Of `EC`: the other coordinate.
    pub y: Option<String>,
    /// Of `RSA`: the modulus.
    pub n: Option<String>,
    /// Of `RSA`: the exponent.
    pub e: Option<String>,
}

/// What a wallet is given (OID4VCI 1.0, sections 8.3 and 9.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct WalletCredentialAnswer {
    /// The badge, once it is signed.
    pub credentials: Option<Vec<WalletCredential>>,
    /// By which the wallet says what became of it.
    pub notification_id: Option<String>,
    /// By which the wallet asks again, where it must wait.
    pub transaction_id: Option<String>,
    /// Seconds to wait.
    pub interval: Option<u32>,
}

/// A badge as a wallet is given it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WalletCredential {
    /// An object, or a token as text, by the form that was asked for.
    #[schema(value_type = CredentialOrToken)]
    pub credential: Value,
}

/// A badge as JSON, or as a token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is described, and read as JSON")]
pub enum CredentialOrToken {
    /// With a Data Integrity proof.
    Document(AchievementCredential),
    /// A VC-JWT or an SD-JWT VC.
    Token(String),
}

/// Asks for a badge that was deferred (OID4VCI 1.0, section 9.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct DeferredRequest {
    /// As it was given.
    pub transaction_id: String,
}

/// What became of a badge in a wallet (OID4VCI 1.0, section 11.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct WalletNotification {
    /// As it came with the badge.
    pub notification_id: String,
    /// What became of it.
    #[schema(pattern = "^(credential_accepted|credential_failure|credential_deleted)$")]
    pub event: String,
    /// In words; not kept.
    pub event_description: Option<String>,
}

/// A refusal by a code of OAuth 2 or of what builds on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProtocolError {
    /// The code.
    pub error: String,
    /// What is wrong.
    pub error_description: Option<String>,
    /// Of a wallet's proof: a nonce for the next.
    pub c_nonce: Option<String>,
    /// Seconds until that nonce ends.
    pub c_nonce_expires_in: Option<u32>,
}

/// Asks for a request, signed (OID4VP 1.0, section 5.10).
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestObjectForm {
    /// To be signed with it.
    pub wallet_nonce: Option<String>,
}

/// What a wallet presents, or why it does not (OID4VP 1.0, sections 8.2 and 8.5).
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentationForm {
    /// An object as text: presentations by the id of the credential query.
    pub vp_token: Option<String>,
    /// Why nothing is presented.
    pub error: Option<String>,
    /// The same in words.
    pub error_description: Option<String>,
}

/// The answer is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentationTaken {
    /// Where the holder's browser goes.
    pub redirect_uri: Option<String>,
}

/// Takes a token back (RFC 7009, section 2.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct RevocationForm {
    /// The token.
    pub token: String,
    /// Which of the two it is.
    pub token_type_hint: Option<String>,
}

/// A system that wants to use passports (RFC 7591, section 2).
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationRequest {
    /// What it calls itself.
    #[schema(max_length = 100)]
    pub client_name: String,
    /// Where learners come back to.
    #[schema(min_items = 1, max_items = 10)]
    pub redirect_uris: Vec<String>,
    /// What it wants to be let do, with spaces between; everything if absent.
    pub scope: Option<String>,
    /// `client_secret_basic`.
    pub token_endpoint_auth_method: Option<String>,
    /// `authorization_code` and `refresh_token`.
    pub grant_types: Option<Vec<String>>,
    /// `code`.
    pub response_types: Option<Vec<String>>,
}

/// A system that is registered (RFC 7591, section 3.2.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationAnswer {
    /// Its id.
    pub client_id: String,
    /// Its secret, shown this once.
    pub client_secret: String,
    /// When: seconds since 1970.
    pub client_id_issued_at: i64,
    /// 0: the secret does not end.
    pub client_secret_expires_at: i64,
    /// As it was stated.
    pub client_name: String,
    /// As they were stated.
    pub redirect_uris: Vec<String>,
    /// What it may ask learners for.
    pub scope: String,
    /// `client_secret_basic`.
    pub token_endpoint_auth_method: String,
    /// What it may use.
    pub grant_types: Vec<String>,
    /// What it may use.
    pub response_types: Vec<String>,
}

/// The credentials of a passport (Open Badges 3.0, section 6.1, `GetOpenBadgeCredentialsResponse`).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassportCredentials {
    /// Those with a Data Integrity proof.
    #[schema(value_type = Vec<AchievementCredential>)]
    pub credential: Vec<Value>,
    /// The others, each a compact JWS.
    pub compact_jws_string: Vec<String>,
}

/// Why a request is not served (Open Badges 3.0, section 6.1, `Imsx_StatusInfo`).
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusInfo {
    /// `failure`.
    #[serde(rename = "imsx_codeMajor")]
    pub code_major: String,
    /// `error`.
    #[serde(rename = "imsx_severity")]
    pub severity: String,
    /// What is wrong.
    #[serde(rename = "imsx_description")]
    pub description: Option<String>,
    /// The same by a code.
    #[serde(rename = "imsx_codeMinor")]
    pub code_minor: Option<CodeMinor>,
}

/// Codes of a fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeMinor {
    /// The codes.
    #[serde(rename = "imsx_codeMinorField")]
    pub fields: Vec<CodeMinorField>,
}

/// A code of a fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeMinorField {
    /// Who says it: `TargetEndSystem`.
    #[serde(rename = "imsx_codeMinorFieldName")]
    pub name: String,
    /// The code, such as `invalid_data` or `not_found`.
    #[serde(rename = "imsx_codeMinorFieldValue")]
    pub value: String,
}
