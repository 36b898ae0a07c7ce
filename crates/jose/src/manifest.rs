//! The token that signs an offline bundle.

use crate::{
    JoseError,
    claims::media_type,
    compact::{Unverified, read_typed},
};

/// `typ` of the token.
pub const MANIFEST_JWT: &str = "lanyard-offline-bundle+jwt";

/// Reads the manifest of an offline bundle, whose `typ` must be [`MANIFEST_JWT`], so that
/// no token signed for another purpose passes for one.
pub fn read_manifest(token: &str) -> Result<Unverified, JoseError> {
    read_typed(token, |typ| media_type(typ) == MANIFEST_JWT)
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
        for typ in [None, Some("JWT"), Some("vc+jwt"), Some("statuslist+jwt")] {
            assert!(matches!(read_manifest(&signed(typ)), Err(JoseError::Header(_))), "{typ:?}");
        }
    }
}
