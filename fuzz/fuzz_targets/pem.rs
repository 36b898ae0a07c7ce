//! PEM public keys, as badges of Open Badges 2.0 publish them: what is read is a key that can
//! be used, and no private part of one.

#![no_main]

use jose::VerifyingKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(jwk) = jose::jwk_of_pem(text) else { return };
    for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        assert!(jwk.get(private).is_none(), "{jwk}");
    }
    assert_eq!(jose::jwk_of_pem(text).as_ref(), Ok(&jwk), "the same twice");
    let _ = VerifyingKey::from_jwk(&jwk);
});
