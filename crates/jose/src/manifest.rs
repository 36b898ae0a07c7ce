//! The token that signs an offline bundle.

use crate::{
    JoseError,
    claims::media_type,
    compact::{Unverified, read_within},
};

/// `typ` of the token.
pub const MANIFEST_JWT: &str = "lanyard-offline-bundle+jwt";

/// The longest manifest that is read, in bytes: about 50,000 documents, each of which takes
/// some 300.
pub const MAX_MANIFEST_BYTES: usize = 16_777_216;

/// Reads the manifest of an offline bundle of at most 16 MiB, whose `typ` must be [`MANIFEST_JWT`], so that
/// no token signed for another purpose passes for one.
pub fn read_manifest(token: &str) -> Result<Unverified, JoseError> {
    read_within(token, MAX_MANIFEST_BYTES, |typ| media_type(typ) == MANIFEST_JWT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, sign_compact};

    #[test]
    fn a_token_for_another_purpose_is_no_manifest() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let signed = |typ| sign_compact(b"{}", &key, "k", typ).unwrap();
        let read = read_manifest(&signed(Some(MANIFEST_JWT))).unwrap();
        read.verify(key.public_jwk()).unwrap();
        // It lists documents, and may be longer than any other token.
        let long = format!("{{\"iss\": \"{}\"}}", "x".repeat(1_000_000));
        let long = sign_compact(long.as_bytes(), &key, "k", Some(MANIFEST_JWT)).unwrap();
        read_manifest(&long).unwrap().verify(key.public_jwk()).unwrap();
        assert!(matches!(crate::read_compact(&long), Err(JoseError::TooLarge { .. })));
        let endless = "x".repeat(MAX_MANIFEST_BYTES + 1);
        assert!(matches!(read_manifest(&endless), Err(JoseError::TooLarge { .. })));
        for typ in [None, Some("JWT"), Some("vc+jwt"), Some("statuslist+jwt")] {
            assert!(matches!(read_manifest(&signed(typ)), Err(JoseError::Header(_))), "{typ:?}");
        }
    }
}
