//! JSON Object Signing: JWS in compact form, credentials and presentations as
//! JWT (Open Badges 3.0, W3C VC-JOSE-COSE), SD-JWT VC, client assertions, and what wallets
//! sign and are asked. The only user of josekit and OpenSSL.

mod assertion;
mod challenge;
mod claims;
mod compact;
mod envelope;
mod error;
mod json;
mod key;
mod key_proof;
mod manifest;
mod pem;
mod presentation;
mod public;
mod request_object;
mod sd_jwt;
mod status_list;
mod vc_jwt;

pub use assertion::{AssertionClaims, verify_client_assertion, verify_client_assertion_within};
pub use challenge::Challenge;
pub use claims::{Profile, credential_claims, credential_in, credential_of, credential_payload};
pub use compact::{Header, MAX_TOKEN_BYTES, Unverified, read_compact};
pub use envelope::{Content, envelop, is_envelope, read_envelope};
pub use error::JoseError;
pub use key::{Algorithm, PrivateKey, sign_compact, sign_compact_es256};
pub use key_proof::{KEY_PROOF, KeyProof, bare_jwk, read_key_proof};
pub use manifest::{MANIFEST_JWT, read_manifest};
pub use pem::jwk_of_pem;
pub use presentation::{PresentationToken, read_presentation, sign_presentation};
pub use public::VerifyingKey;
pub use request_object::{REQUEST_OBJECT, read_request_object};
pub use sd_jwt::{
    Concealed, DC_SD_JWT, Disclosure, SdJwt, TOKEN_STATUS_ENTRY, VC_SD_JWT, Window, bind,
    credential_of_sd_jwt, present, read_sd_jwt, sd_jwt_claims,
};
pub use status_list::{STATUS_LIST_JWT, StatusListToken, read_status_list};
pub use vc_jwt::{VerifiedCredential, issue_credential, secure_credential, verify_credential};
