//! SVG pictures: what was baked comes out again, and baking makes no picture
//! unsafe that was not.

#![no_main]

use artwork::svg::{self, Baked, Payload};
use libfuzzer_sys::fuzz_target;

const CREDENTIAL: &str = r#"{"name":"Dylunio ]]> &amp; <b>"}"#;
const WITHIN_CDATA: &str = r#"{"name":"Dylunio ]]\u003e &amp; <b>"}"#;
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(Some(found)) = svg::unbake(text)
        && svg::check_safe(text).is_ok()
    {
        let payload = match &found {
            Baked::Json(json) => Payload::Json(json),
            Baked::Jws(token) => Payload::Jws(token),
        };
        // What a stranger baked may be no credential at all, which we would not bake.
        if let Ok(again) = svg::bake(text, payload) {
            let read = svg::unbake(&again).expect("what we bake can be read");
            assert_eq!(read.map(unescaped), Some(unescaped(found)));
        }
    }
    if let Ok(baked) = svg::bake(text, Payload::Json(CREDENTIAL)) {
        assert_eq!(svg::unbake(&baked), Ok(Some(Baked::Json(WITHIN_CDATA.into()))));
        assert_eq!(svg::check_safe(&baked), Ok(()));
        let baked = svg::bake(&baked, Payload::Jws(TOKEN)).expect("a credential can be replaced");
        assert_eq!(svg::unbake(&baked), Ok(Some(Baked::Jws(TOKEN.into()))));
    }
});

/// Baking writes `]]>` another way, which within a JSON string is the same.
fn unescaped(baked: Baked) -> Baked {
    match baked {
        Baked::Json(json) => Baked::Json(json.replace(r"]]\u003e", "]]>")),
        token => token,
    }
}
