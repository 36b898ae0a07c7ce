//! The SD-JWT VC of a badge.

use serde_json::json;
use signing::{
    Intent,
    KeyAlgorithm::{Ed25519, Es256, Rs256},
    Prepared, Recorded,
};

use crate::badge::{self, DID_KEY, DID_WEB, Row, changed, service};

const CREATED: &str = "2026-03-01T09:00:00Z";

#[test]
fn the_third_form_says_the_same_and_comes_out_the_same_however_often() {
    for url in [DID_WEB, DID_KEY] {
        for algorithm in [Es256, Rs256] {
            let service = service(url, &[Ed25519, algorithm]);
            let keys = service.vault.keys();
            let row = Row(Prepared::new(service.draft(CREATED)).unwrap().into_intent());
            let sign = || Recorded::of(&row).sign_selective(None, &keys, &service.site).unwrap().unwrap();
            let form = sign();
            assert_eq!(sign(), form);
            let read = jose::read_sd_jwt(&form).unwrap();
            let claims = read.claims();
            let status = &claims["credentialStatus"];
            assert_eq!(
                claims["status"]["status_list"],
                json!({"idx": 94567, "uri": status["statusListCredential"]})
            );
            assert_eq!(claims["vct"], service.site.credential_type());
            let signed = badge::sign(&row, &service).unwrap();
            let jwt = jose::read_compact(&signed.vc_jwt).unwrap();
            assert_eq!(read.header().kid, jwt.header.kid);
            let other = jose::credential_of(serde_json::from_slice(&jwt.payload).unwrap()).unwrap();
            assert_eq!(jose::credential_of_sd_jwt(&read).unwrap(), other);
        }
    }
}

#[test]
fn the_achievement_is_always_shown_and_the_person_only_if_they_choose() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let keys = service.vault.keys();
    let evidence = |name| json!({"type": ["Evidence"], "name": name});
    let draft = changed(service.draft(CREATED), |credential| {
        credential["evidence"] = json!([evidence("A redesigned service"), evidence("A talk")]);
    });
    let row = Row(Prepared::new(draft).unwrap().into_intent());
    let holder = json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y"});
    let form = Recorded::of(&row).sign_selective(Some(&holder), &keys, &service.site).unwrap().unwrap();
    let withheld = jose::read_sd_jwt(&jose::present(&form, &[]).unwrap()).unwrap();
    let text = serde_json::to_string(withheld.claims()).unwrap();
    for hidden in ["Llinos", "redesigned", "A talk", "creditsEarned"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert_eq!(withheld.claims()["credentialSubject"]["achievement"]["name"], "Introduction to Sample Data");
    assert_eq!(withheld.claims()["cnf"]["jwk"], holder);
    let one = jose::read_sd_jwt(&jose::present(&form, &["/evidence/1"]).unwrap()).unwrap();
    assert_eq!(one.claims()["evidence"], json!([evidence("A talk")]));
    assert!(!one.claims()["credentialSubject"].as_object().unwrap().contains_key("identifier"));
    let all = jose::read_sd_jwt(&form).unwrap();
    let salts: std::collections::BTreeSet<_> =
        all.disclosures().map(|(one, _)| one.encoded().get(..24)).collect();
    assert_eq!((salts.len(), all.disclosures().count()), (5, 5));
}

#[test]
fn an_intent_of_the_first_profile_gives_two_forms_and_no_third() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let keys = service.vault.keys();
    let now = Prepared::new(service.draft(CREATED)).unwrap().into_intent();
    let before = Intent { profile_version: "1".to_owned(), disclosure_seed: None, ..now.clone() };
    let sign = |intent: &Intent| badge::sign(&Row(intent.clone()), &service).unwrap();
    assert_eq!(sign(&before), sign(&now));
    let third = Recorded::of(&Row(before)).sign_selective(None, &keys, &service.site);
    assert_eq!(third.unwrap(), None);
}
