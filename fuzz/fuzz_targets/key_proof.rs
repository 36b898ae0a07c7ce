//! The proof of a wallet that it holds a key (OID4VCI 1.0, appendix F.1): whoever is believed
//! is a public key, and a proof for another issuer or from another time is not believed.

#![no_main]

use chrono::{DateTime, TimeDelta};
use libfuzzer_sys::fuzz_target;

const ISSUER: &str = "https://badges.example.org";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let Ok(holder) = wallet::holder(text, ISSUER, now) else { return };
    assert!(holder.jwk.get("d").is_none(), "a private key is nobody's name");
    assert!(wallet::holder(text, "https://other.example.org", now).is_err());
    assert!(wallet::holder(text, ISSUER, now + TimeDelta::days(400)).is_err());
});
