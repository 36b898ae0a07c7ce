//! SD-JWT: what is disclosed comes out whole, what is withheld does not come
//! out, and what was concealed is found again.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jose::{Concealed, SdJwt, present, read_sd_jwt};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

/// `{"alg":"ES256","typ":"dc+sd-jwt"}`, a payload to come, and no signature that holds.
const HEADER: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9";

/// Whether something of the format itself is left among the claims.
fn has_digests(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, value)| ["_sd", "..."].contains(&name.as_str()) || has_digests(value))
        }
        Value::Array(items) => items.iter().any(has_digests),
        _ => false,
    }
}

fn claims(read: &SdJwt) -> Value {
    Value::Object(read.claims().clone())
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(read) = read_sd_jwt(text) {
        assert!(!has_digests(&claims(&read)), "digests among the claims");
        let _ = jose::credential_of_sd_jwt(&read);
        let all: Vec<&str> = read.disclosures().map(|(_, pointer)| pointer).collect();
        for (disclosure, pointer) in read.disclosures() {
            let shown = claims(&read).pointer(pointer).cloned().expect("a pointer leads to what is disclosed");
            if !has_digests(disclosure.value()) {
                assert_eq!(&shown, disclosure.value());
            }
        }
        let whole = present(text, &all).expect("what could be read can be presented");
        assert_eq!(claims(&read_sd_jwt(&whole).expect("and read")), claims(&read));
        let none = present(text, &[]).expect("nothing need be shown");
        let least = read_sd_jwt(&none).expect("what shows nothing can be read");
        assert_eq!(least.disclosures().count(), 0);
    }
    if let Ok(Value::Object(members)) = proof::json::parse(bytes, &proof::json::Limits::default()) {
        conceal(members);
    }
});

/// Every member at the top and below it, concealed and read again.
fn conceal(claims: Map<String, Value>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let mut pointers = Vec::new();
    for (name, value) in claims.iter().take(20) {
        pointers.push(format!("/{}", escaped(name)));
        if let Value::Object(members) = value {
            pointers.extend(members.keys().take(5).map(|inner| format!("/{}/{}", escaped(name), escaped(inner))));
        }
        if let Value::Array(items) = value {
            pointers.extend((0..items.len().min(3)).map(|index| format!("/{}/{index}", escaped(name))));
        }
    }
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let mut number = 0;
    let mut salt = |_: &str| {
        number += 1;
        format!("salt{number:08}AAAAAAAAAA")
    };
    let Ok(concealed) = Concealed::new(claims.clone(), &pointers, &mut salt) else { return };
    let token = format!("{HEADER}.{}.c2ln", URL_SAFE_NO_PAD.encode(concealed.payload()));
    if let Ok(read) = read_sd_jwt(&concealed.with_signature(&token)) {
        assert_eq!(Value::Object(read.claims().clone()), Value::Object(claims));
    }
}
