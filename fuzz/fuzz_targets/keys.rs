//! Multikeys, DIDs and controlled documents: a key has one way of being
//! written, and a document never lets a key speak that it does not hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proof::did;
use proof::multikey::PublicKey;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = PublicKey::from_multibase(text) {
        assert_eq!(key.to_multibase(), text);
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()).as_ref(), Ok(&key));
        let document = did::resolve_key(&format!("did:key:{text}")).expect("a multikey is a did:key");
        assert_eq!(document.asserting(&format!("did:key:{text}#{text}")).unwrap().public_key(), Ok(key));
    }
    if let Ok(document) = did::resolve_key(text).or_else(|_| did::resolve_jwk(text)) {
        assert_eq!(document.id, text);
        assert_eq!(document.methods.len(), 1);
        assert!(document.methods[0].id.starts_with(&format!("{text}#")));
    }
    if let Ok(url) = did::web_url(text) {
        let rest = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix("/did.json"));
        let (host, path) = rest.and_then(|rest| rest.split_once('/')).expect("https, a host and a path");
        assert!(!host.is_empty() && !host.contains('@'), "{url}");
        assert!(!path.contains(['#', '?', '\\']) && !path.contains("/../"), "{url}");
    }
    let Ok(json) = proof::json::parse(bytes, &proof::json::Limits::default()) else { return };
    if let Ok(key) = PublicKey::from_jwk(&json) {
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()).as_ref(), Ok(&key));
        assert_eq!(PublicKey::from_multibase(&key.to_multibase()), Ok(key));
    }
    if let Ok(document) = did::read(&json) {
        for id in &document.assertion_method {
            if let Some(method) = document.asserting(id) {
                assert_eq!(&method.id, id);
            }
        }
        for method in &document.methods {
            let _ = method.public_key();
        }
    }
    let _ = did::read_jwks(&json);
});
