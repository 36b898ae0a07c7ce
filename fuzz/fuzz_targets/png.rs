//! PNG pictures: what was baked comes out again, and nothing else does.

#![no_main]

use artwork::png;
use libfuzzer_sys::fuzz_target;

const CREDENTIAL: &str = r#"{"name":"Dylunio"}"#;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some(text)) = png::unbake(bytes) {
        assert!(!text.trim().is_empty());
        let again = png::bake(bytes, &text).expect("what was in a picture fits into it");
        assert_eq!(png::unbake(&again), Ok(Some(text)));
    }
    // A picture that can be baked is one that can be un-baked.
    if let Ok(baked) = png::bake(bytes, CREDENTIAL) {
        assert_eq!(png::unbake(&baked), Ok(Some(CREDENTIAL.to_owned())));
        assert_eq!(png::bake(&baked, CREDENTIAL).as_ref(), Ok(&baked), "baking twice is baking once");
    }
});
