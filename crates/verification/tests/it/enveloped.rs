//! Presentations that show tokens in envelopes (VC Data Model 2.0, section 4.13).

use std::sync::LazyLock;

use jose::{Algorithm, Concealed, Content, DC_SD_JWT, PrivateKey};
use model::report::{Outcome, Report, Verdict};
use proof::presentation::{Asked, presenting};
use serde_json::{Value, json};
use verification::{Expectation, Submission};

use crate::jwt_badges::{did_jwk, token};
use crate::presentations::{holder, present, token as presentation_token};
use crate::support::*;

static ISSUER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

fn about_the_holder() -> Value {
    let mut badge = badge(&did_jwk(&ISSUER));
    badge["credentialSubject"]["id"] = holder().did().into();
    badge
}

fn jwt(credential: &Value) -> String {
    let Submission::Jwt(token) = token(credential, &ISSUER, &format!("{}#0", did_jwk(&ISSUER))) else {
        unreachable!()
    };
    token
}

fn sd_jwt(credential: &Value, typ: &str) -> String {
    let claims =
        jose::sd_jwt_claims(credential, "https://badges.example.org/vct", now().timestamp(), None).unwrap();
    let name = ["/credentialSubject/identifier"];
    let concealed = Concealed::new(claims, &name, &mut |pointer| format!("salt of {pointer}")).unwrap();
    let kid = format!("{}#0", did_jwk(&ISSUER));
    let jws = jose::sign_compact(concealed.payload().as_bytes(), &ISSUER, &kid, Some(typ)).unwrap();
    concealed.with_signature(&jws)
}

/// A presentation of these with the holder's embedded proof.
fn shown(credentials: Vec<Value>) -> Value {
    let asked = Asked { challenge: Some("c-1"), domain: Some("verifier.example.org") };
    present(presenting(&holder().did(), credentials), &holder(), &holder().method(), asked)
}

async fn verify(presentation: &Value) -> Report {
    let submission = Submission::Json(presentation.to_string().into_bytes());
    verifier(Web::default()).verify(&submission, &Expectation::default()).await
}

#[tokio::test]
async fn every_token_in_an_envelope_is_opened_and_reported_by_itself() {
    let badge = about_the_holder();
    let mut as_in_the_standard = jose::envelop(Content::VcJwt, &jwt(&badge));
    as_in_the_standard["@context"] = "https://www.w3.org/ns/credentials/v2".into();
    let envelopes = vec![
        as_in_the_standard,
        jose::envelop(Content::DcSdJwt, &sd_jwt(&badge, DC_SD_JWT)),
        jose::envelop(Content::VcSdJwt, &sd_jwt(&badge, "vc+sd-jwt")),
        issuer().sign({
            let mut embedded = badge.clone();
            embedded["issuer"]["id"] = issuer().did().into();
            embedded
        }),
    ];
    let report = verify(&shown(envelopes.clone())).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    for code in ["proof-verified", "contexts-known", "schema-fits", "holder-is-subject"] {
        assert_eq!(check(&report, code).outcome, Outcome::Pass);
    }
    assert_eq!(report.credentials.len(), 4);
    for inner in &report.credentials {
        assert_eq!(inner.summary.id.as_deref(), Some(BADGE_ID));
        assert_eq!((inner.verdict, inner.summary.holder.as_deref()), (Verdict::Valid, Some("Alex Sample")));
        check(inner, "proof-verified");
    }

    // The same in the holder's token.
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let did = did_jwk(&key);
    let token = presentation_token(&presenting(&did, envelopes), &key, &did, NOW);
    let report = verify_with(Web::default(), &Submission::Jwt(token)).await;
    assert_eq!((report.verdict, report.credentials.len()), (Verdict::Valid, 4), "{report:#?}");
}

#[tokio::test]
async fn an_envelope_changed_after_signing_breaks_the_presentation() {
    let mut other = about_the_holder();
    other["name"] = "Another module".into();
    let good = shown(vec![jose::envelop(Content::VcJwt, &jwt(&about_the_holder()))]);
    let swapped = jose::envelop(Content::VcJwt, &jwt(&other));

    // Another of the issuer's badges in its place: good in itself, and not what was shown.
    let mut changed = good.clone();
    changed["verifiableCredential"][0]["id"] = swapped["id"].clone();
    let report = verify(&changed).await;
    assert_eq!(report.verdict, Verdict::Invalid);
    check(&report, "proof-mismatch");
    assert_eq!(check(&report, "credential-valid").outcome, Outcome::Pass);

    // A byte of the token: both signatures say so.
    let mut changed = good.clone();
    let id = changed["verifiableCredential"][0]["id"].as_str().unwrap();
    let (rest, signature) = id.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    changed["verifiableCredential"][0]["id"] = format!("{rest}.{first}{}", &signature[1..]).into();
    let report = verify(&changed).await;
    check(&report, "proof-mismatch");
    check(&report, "credential-invalid");
    check(&report.credentials[0], "proof-mismatch");

    // The media type is signed too.
    let mut changed = good;
    let id = changed["verifiableCredential"][0]["id"].as_str().unwrap();
    changed["verifiableCredential"][0]["id"] = id.replace("vc+jwt", "jwt").into();
    check(&verify(&changed).await, "proof-mismatch");
}

/// Signed by the holder as they stand: the presentation's own proof is good, and
/// what is in the envelope is not.
#[tokio::test]
async fn what_is_in_no_good_envelope_is_named() {
    let badge = about_the_holder();
    let (token, disclosed) = (jwt(&badge), sd_jwt(&badge, DC_SD_JWT));
    let nested = presentation_token(
        &presenting(&did_jwk(&ISSUER), vec![jose::envelop(Content::VcJwt, &token)]),
        &ISSUER,
        &did_jwk(&ISSUER),
        NOW,
    );
    let padded = format!("{token}==");
    for (media_type, content, code) in [
        ("text/plain", token.as_str(), "format-not-credential"),
        ("application/vc+jwt;base64", &token, "format-not-credential"),
        ("application/vp+jwt", &nested, "format-not-credential"),
        // A presentation that says it is a credential.
        ("application/vc+jwt", &nested, "format-bad-jws"),
        ("application/vc+jwt", &disclosed, "format-bad-jws"),
        ("application/vc+jwt", "AAAA", "format-bad-jws"),
        ("application/vc+jwt", &padded, "format-bad-jws"),
        ("application/vc+jwt", "%7B%7D.e30.AA", "format-bad-jws"),
        ("application/dc+sd-jwt", &token, "format-bad-jws"),
        ("application/vc+sd-jwt", "a.b.c~", "format-bad-jws"),
    ] {
        let envelope = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:{media_type},{content}"),
        });
        let report = verify(&shown(vec![envelope])).await;
        assert_eq!(check(&report, "proof-verified").outcome, Outcome::Pass, "{media_type}");
        assert_eq!(report.verdict, Verdict::Invalid, "{media_type},{content}: {report:#?}");
        check(&report, "credential-invalid");
        assert_eq!(check(&report.credentials[0], code).outcome, Outcome::Fail);
    }
}
