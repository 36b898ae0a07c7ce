//! JSON Object Signing: JWS in compact form, the VC-JWT profile of Open
//! Badges 3.0, and client assertions. The only user of josekit and OpenSSL.

mod assertion;
mod claims;
mod compact;
mod error;
mod json;
mod key;
mod public;

pub use assertion::{AssertionClaims, verify_client_assertion, verify_client_assertion_within};
pub use claims::{Profile, credential_claims, credential_in, credential_of};
pub use compact::{Header, MAX_TOKEN_BYTES, Unverified, read_compact};
pub use error::JoseError;
pub use key::{Algorithm, PrivateKey, sign_compact};
