use model::{chance::SystemEntropy, clock::FixedClock};
use secrecy::SecretString;

use super::*;
use crate::{Identity, Mode, Vault, VaultKind};

struct Fixture {
    _dir: tempfile::TempDir,
    vault: Vault,
    issuer: Slug,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let secret = SecretString::from("a long sample secret".to_owned());
    Vault::create(dir.path(), &secret, VaultKind::Real, &SystemEntropy).unwrap();
    let vault = Vault::open(dir.path(), &secret, Mode::Production).unwrap();
    let issuer = Slug::new("sample-academy").unwrap();
    let clock = FixedClock::new("2026-03-01T09:00:00Z".parse().unwrap());
    for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256, KeyAlgorithm::Es256] {
        vault.rotate(&issuer, algorithm, &clock, &SystemEntropy).unwrap();
    }
    Fixture { _dir: dir, vault, issuer }
}

fn site(url: &str) -> Site {
    Site::new(url, Slug::new("other-academy").unwrap()).unwrap()
}

#[test]
fn the_controlled_document_holds_every_key_retired_ones_too() {
    let fixture = fixture();
    let keys = fixture.vault.keys();
    let document = controlled_document(&site("https://badges.example.org"), &fixture.issuer, &keys);
    assert_eq!(document["id"], "did:web:badges.example.org:issuers:sample-academy");
    assert_eq!(document["alsoKnownAs"], json!(["https://badges.example.org/issuers/sample-academy"]));
    let methods = document["verificationMethod"].as_array().unwrap();
    assert_eq!(methods.len(), 3);
    let ids: Vec<_> = methods.iter().map(|method| method["id"].clone()).collect();
    assert_eq!(document["assertionMethod"], Value::from(ids));
    for method in methods {
        assert_eq!(method["controller"], document["id"]);
        assert!(method.get("revoked").is_none() && method.get("expires").is_none());
        assert!(method.pointer("/publicKeyJwk/d").is_none());
    }
    let read = did::read(&document).unwrap();
    for key in keys.all() {
        let method = format!("{}#{}", read.id, key.id());
        assert!(read.asserting(&method).is_some(), "{method}");
    }
}

#[test]
fn without_a_domain_the_document_names_the_dids_that_badges_carry() {
    let fixture = fixture();
    let keys = fixture.vault.keys();
    let site = site("http://127.0.0.1:8080");
    let document = controlled_document(&site, &fixture.issuer, &keys);
    assert_eq!(document["id"], "http://127.0.0.1:8080/issuers/sample-academy");
    let identity = Identity::of(&site, &fixture.issuer, &keys).unwrap();
    let known = document["alsoKnownAs"].as_array().unwrap();
    assert!(known.contains(&identity.data_integrity.issuer_id.into()));
    assert!(known.contains(&identity.jwt.issuer_id.into()));
}

#[test]
fn the_key_set_holds_what_the_tokens_name_and_no_private_half() {
    let fixture = fixture();
    let keys = fixture.vault.keys();
    for url in ["https://badges.example.org", "http://127.0.0.1:8080"] {
        let site = site(url);
        let identity = Identity::of(&site, &fixture.issuer, &keys).unwrap();
        let set = jwks(&site, Some(&fixture.issuer), &keys);
        let list = set["keys"].as_array().unwrap();
        assert_eq!(list.len(), 2);
        assert!(list.iter().any(|key| key["kid"] == identity.jwt.verification_method.as_str()));
        assert!(list.iter().all(|key| key.get("d").is_none() && key["use"] == "sig"));
        assert_eq!(jwks(&site, None, &keys), set);
        assert_eq!(jwks(&site, Some(&Slug::new("nobody").unwrap()), &keys), json!({"keys": []}));
    }
}

#[test]
fn every_key_is_found_where_it_is_published_on_any_address() {
    let fixture = fixture();
    let keys = fixture.vault.keys();
    for url in ["https://badges.example.org", "https://badges.example.org:8443", "http://127.0.0.1:8080"] {
        for key in keys.all() {
            let found = published_key(&site(url), key, &keys).unwrap();
            match (&key.record().public, &*found) {
                (PublicMaterial::Multibase(own), Published::Multikey(found)) => {
                    assert_eq!(&found.to_multibase(), own);
                }
                (PublicMaterial::Jwk(_), Published::Jws(found)) => {
                    let signer = key.signer_as_of(key.record().created).unwrap();
                    let token = signer.sign_jws(b"{}", "k", "JWT").unwrap();
                    jose::read_compact(&token).unwrap().verify_by(found).unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_compromised_key_is_published_as_revoked_and_leaves_the_key_set() {
    let fixture = fixture();
    let since = "2026-02-01T00:00:00Z";
    let clock = FixedClock::new("2026-03-02T09:00:00Z".parse().unwrap());
    for web in ["https://badges.example.org", "http://127.0.0.1:8080"] {
        let site = site(web);
        let stolen = Identity::of(&site, &fixture.issuer, &fixture.vault.keys()).unwrap();
        let id = &stolen.jwt.key_id;
        fixture.vault.compromise(id, since.parse().unwrap(), &clock, &SystemEntropy).unwrap();
        let keys = fixture.vault.keys();

        let document = controlled_document(&site, &fixture.issuer, &keys);
        for method in document["verificationMethod"].as_array().unwrap() {
            let is_stolen = method["id"].as_str().unwrap().ends_with(id.as_str());
            if is_stolen {
                assert_eq!(method["revoked"], since);
                assert!(document["assertionMethod"].as_array().unwrap().contains(&method["id"]));
            }
        }
        let method = format!("{}#{id}", document["id"].as_str().unwrap());
        let read = did::read(&document).unwrap();
        assert_eq!(read.asserting(&method).unwrap().revoked, Some(since.parse().unwrap()));
        assert!(!jwks(&site, None, &keys).to_string().contains(&stolen.jwt.verification_method));
        // A did:web has a document that says it; a did:jwk has none.
        let told = compromised_since(&site, &keys, &stolen.jwt.issuer_id);
        assert_eq!(told, (!site.uses_did_web()).then(|| since.parse().unwrap()));
        let next = Identity::of(&site, &fixture.issuer, &keys).unwrap();
        assert_eq!(compromised_since(&site, &keys, &next.jwt.issuer_id), None);
    }
}
