//! SD-JWT: claims that their holder discloses one by one (RFC 9901), and SD-JWT
//! VC, credentials of that form (`dc+sd-jwt`).
//!
//! The issuer makes a [`Concealed`] of the claims and signs its payload. The
//! holder [`present`]s some of the disclosures and may [`bind`] them to a
//! verifier. Anybody [`read_sd_jwt`]s the result, which applies every rule of the
//! format, and then checks the issuer's signature and the holder's.

mod conceal;
mod credential;
mod disclosure;
mod holder;
mod key_binding;
mod read;
mod reveal;

pub use conceal::Concealed;
pub use credential::{TOKEN_STATUS_ENTRY, credential_of_sd_jwt, sd_jwt_claims};
pub use disclosure::Disclosure;
pub use holder::{bind, present};
pub use key_binding::Window;
pub use read::{SdJwt, read_sd_jwt};

/// `typ` of an SD-JWT VC, without the `application/` that may be left out.
pub const DC_SD_JWT: &str = "dc+sd-jwt";
/// The same in earlier drafts, and of VC-JOSE-COSE (3.2.1): read, never written.
pub const VC_SD_JWT: &str = "vc+sd-jwt";

/// The member that holds the digests of an object's concealed members.
const DIGESTS: &str = "_sd";
/// The member that holds the digest of a concealed element of an array.
const ELEMENT: &str = "...";
/// The member that names how digests are made.
const ALGORITHM: &str = "_sd_alg";
/// The one way that digests are made and read here.
const SHA_256: &str = "sha-256";

#[cfg(test)]
mod tests;
