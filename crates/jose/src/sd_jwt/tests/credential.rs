//! SD-JWT VC: claims of a credential, there and back.

use serde_json::{Value, json};

use super::{failing, issue, key, object, public};
use crate::{DC_SD_JWT, JoseError, VC_SD_JWT, credential_of_sd_jwt, read_sd_jwt, sd_jwt_claims};

const VCT: &str = "https://badges.example.org/vct/achievement";

fn credential() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://badges.example.org/v1/credentials/1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:web:badges.example.org", "type": ["Profile"]},
        "validFrom": "2026-03-01T09:00:00Z",
        "validUntil": "2027-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:1", "identifier": [{"identityHash": "Bronwen Pugh"}], "achievement": {"name": "A"}
        },
    })
}

#[test]
fn a_credential_comes_back_as_far_as_it_is_shown() {
    let key = key();
    let holder = super::key();
    let claims = sd_jwt_claims(&credential(), VCT, 1_772_355_600, Some(holder.public_jwk())).unwrap();
    assert_eq!((&claims["vct"], &claims["nbf"]), (&json!(VCT), &json!(1_772_355_600)));
    assert_eq!(claims["cnf"]["jwk"], *holder.public_jwk());
    let issued = issue(claims, &["/credentialSubject/identifier"], &key, DC_SD_JWT);
    let read = read_sd_jwt(&issued).unwrap();
    read.verify(&public(&key)).unwrap();
    assert_eq!(credential_of_sd_jwt(&read).unwrap(), credential());
    let withheld = read_sd_jwt(&crate::present(&issued, &[]).unwrap()).unwrap();
    let mut expected = credential();
    expected["credentialSubject"].as_object_mut().unwrap().remove("identifier");
    assert_eq!(credential_of_sd_jwt(&withheld).unwrap(), expected);
}

#[test]
fn what_must_be_visible_cannot_be_left_to_the_holder() {
    let key = key();
    for name in ["iss", "vct", "exp", "nbf", "validUntil", "issuer"] {
        let claims = sd_jwt_claims(&credential(), VCT, 1, None).unwrap();
        let issued = issue(claims, &[&format!("/{name}")], &key, DC_SD_JWT);
        assert_eq!(failing(credential_of_sd_jwt(&read_sd_jwt(&issued).unwrap())), name);
    }
}

#[test]
fn type_and_header_are_needed() {
    let key = key();
    let read = |claims: Value, typ| {
        credential_of_sd_jwt(&read_sd_jwt(&issue(object(claims), &[], &key, typ)).unwrap())
    };
    let claims = Value::Object(sd_jwt_claims(&credential(), VCT, 1, None).unwrap());
    assert!(read(claims.clone(), VC_SD_JWT).is_ok());
    assert!(matches!(read(claims.clone(), "example+sd-jwt"), Err(JoseError::Header(_))));
    for vct in [json!(""), json!(1), Value::Null] {
        let mut other = claims.clone();
        other["vct"] = vct;
        assert_eq!(failing(read(other, DC_SD_JWT)), "vct");
    }
    let mut other = claims.clone();
    other["iss"] = "did:web:other.example.org".into();
    assert_eq!(failing(read(other, DC_SD_JWT)), "iss");
    // VC-JOSE-COSE has no `vct`.
    assert!(read(credential(), VC_SD_JWT).is_ok());
    assert_eq!(failing(read(credential(), DC_SD_JWT)), "vct");
    let mut taken = credential();
    taken["cnf"] = json!({});
    assert!(sd_jwt_claims(&taken, VCT, 1, None).is_err());
}

#[test]
fn plain_claims_become_a_credential() {
    let key = key();
    let claims = object(json!({
        "iss": "https://issuer.example.org", "iat": 1_772_355_600, "exp": 1_803_891_600,
        "vct": "urn:example:pid", "sub": "urn:uuid:1", "given_name": "Bronwen",
        "status": {"status_list": {"idx": 7, "uri": "https://issuer.example.org/status/1"}},
    }));
    let issued = issue(claims, &["/given_name"], &key, DC_SD_JWT);
    let expected = json!({
        "type": ["VerifiableCredential"], "issuer": "https://issuer.example.org",
        "validFrom": "2026-03-01T09:00:00Z", "validUntil": "2027-03-01T09:00:00Z",
        "credentialSubject": {"id": "urn:uuid:1", "given_name": "Bronwen"},
        "credentialStatus": {
            "idx": 7, "uri": "https://issuer.example.org/status/1", "type": "TokenStatusListEntry"
        },
    });
    assert_eq!(credential_of_sd_jwt(&read_sd_jwt(&issued).unwrap()).unwrap(), expected);
    let nobody = issue(object(json!({"vct": "urn:example:pid"})), &[], &key, DC_SD_JWT);
    assert_eq!(failing(credential_of_sd_jwt(&read_sd_jwt(&nobody).unwrap())), "iss");
}
