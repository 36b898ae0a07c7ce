//! Badges and other credentials as SD-JWT VC.

use std::sync::LazyLock;

use jose::{Algorithm, Challenge, Concealed, Content, DC_SD_JWT, PrivateKey, sign_compact};
use model::report::Verdict;
use serde_json::{Map, Value, json};
use verification::{Expectation, Submission, recognise};

use crate::jwt_badges::{did_jwk, token};
use crate::support::*;

static ISSUER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());
static HOLDER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

const NAME: &str = "/credentialSubject/identifier";

/// Signed by the issuer over `claims` with `pointers` for the holder to show.
fn signed(claims: Map<String, Value>, pointers: &[&str], typ: &str) -> String {
    let concealed = Concealed::new(claims, pointers, &mut |pointer| format!("salt of {pointer}")).unwrap();
    let kid = format!("{}#0", did_jwk(&ISSUER));
    let jws = sign_compact(concealed.payload().as_bytes(), &ISSUER, &kid, Some(typ)).unwrap();
    concealed.with_signature(&jws)
}

fn badge_bound_to(holder: Option<&PrivateKey>) -> String {
    let badge = with_status(badge(&did_jwk(&ISSUER)), "8", "revocation");
    let holder = holder.map(PrivateKey::public_jwk);
    let vct = "https://badges.example.org/vct/achievement";
    signed(jose::sd_jwt_claims(&badge, vct, now().timestamp(), holder).unwrap(), &[NAME], DC_SD_JWT)
}

fn list(set: &[usize]) -> Web {
    let id = did_jwk(&ISSUER);
    let Submission::Jwt(list) = token(&status_list(&id, "revocation", set), &ISSUER, &format!("{id}#0"))
    else {
        unreachable!()
    };
    Web::default().answering(LIST, Ok(answer(200, "application/vc+jwt", list)))
}

fn submitted(text: &str) -> Submission {
    recognise(text.as_bytes(), None)
}

#[tokio::test]
async fn a_badge_verifies_whatever_is_shown_of_it_until_it_is_revoked() {
    let form = badge_bound_to(None);
    for (shown, holder) in [(form.clone(), Some("Alex Sample")), (jose::present(&form, &[]).unwrap(), None)] {
        let report = verify_with(list(&[7]), &submitted(&shown)).await;
        assert_eq!((report.verdict, report.form.as_str()), (Verdict::Valid, "sd-jwt"), "{report:#?}");
        assert_eq!(report.summary.holder.as_deref(), holder);
        assert_complete(&report);
        for code in ["format-read", "schema-fits", "proof-verified", "binding-holds", "status-clear"] {
            check(&report, code);
        }
        let report = verify_with(list(&[8]), &submitted(&shown)).await;
        assert_code(&report, "status-revoked", "revoked");
    }
    let envelope = jose::envelop(Content::DcSdJwt, &form);
    assert_eq!(verify_json(list(&[]), &envelope).await.verdict, Verdict::Valid);
}

#[tokio::test]
async fn a_changed_or_foreign_one_is_refused_with_the_reason() {
    let form = badge_bound_to(None);
    let (jws, disclosure) = form.trim_end_matches('~').split_once('~').unwrap();
    let forged = jws.rsplit_once('.').unwrap().0;
    let signature = badge_bound_to(Some(&HOLDER));
    let signature = signature.split('~').next().unwrap().rsplit('.').next().unwrap();
    for (text, code) in [
        (format!("{jws}~{}~", disclosure.replacen('W', "X", 1)), "format-bad-jws"),
        (format!("{jws}~WyJzYWx0IiwiYSIsMV0~"), "format-bad-jws"),
        (format!("{forged}.{signature}~{disclosure}~"), "proof-mismatch"),
        (format!("{jws}~{disclosure}~{jws}"), "format-bad-jws"),
    ] {
        let report = verify_with(list(&[]), &submitted(&text)).await;
        assert_eq!(report.verdict, Verdict::Invalid, "{text}: {report:#?}");
        check(&report, code);
    }
    // Without its `~` it is a JWT of a type that is no credential.
    assert_code(&verify_with(list(&[]), &submitted(jws)).await, "format-bad-jws", "bare");
}

#[tokio::test]
async fn the_holder_s_signature_is_checked_where_there_is_one() {
    let form = badge_bound_to(Some(&HOLDER));
    let asked = Challenge { nonce: "n", audience: "https://employer.example.org" };
    let shown = jose::present(&form, &[NAME]).unwrap();
    let bound = jose::bind(&shown, &asked, now(), &HOLDER).unwrap();
    let by_another = jose::bind(&shown, &asked, now(), &ISSUER).unwrap();
    let (_, binding) = bound.rsplit_once('~').unwrap();
    let shown_less = format!("{}{binding}", jose::present(&form, &[]).unwrap());
    let unbound = jose::bind(&badge_bound_to(None), &asked, now(), &HOLDER).unwrap();
    for (text, code) in [
        (form, "proof-holder-absent"),
        (bound, "proof-holder-signed"),
        (by_another, "proof-holder-mismatch"),
        (shown_less, "proof-holder-mismatch"),
        (unbound, "proof-holder-mismatch"),
    ] {
        assert_code(&verify_with(list(&[]), &submitted(&text)).await, code, code);
    }
}

#[tokio::test]
async fn what_a_holder_signs_is_for_one_occasion_and_one_verifier() {
    let asked = Challenge { nonce: "c-1", audience: "https://v.example.org" };
    let form = badge_bound_to(Some(&HOLDER));
    let bound = jose::bind(&form, &asked, now(), &HOLDER).unwrap();
    let old = jose::bind(&form, &asked, now() - chrono::TimeDelta::minutes(6), &HOLDER).unwrap();
    let by_another = jose::bind(&form, &asked, now(), &ISSUER).unwrap();
    let expecting = |challenge: &str, domain: &str| Expectation {
        challenge: Some(challenge.to_owned()),
        domain: Some(domain.to_owned()),
        ..Expectation::default()
    };
    let ours = expecting("c-1", "https://v.example.org");
    let good = verifier(list(&[])).verify(&submitted(&bound), &ours).await;
    assert_eq!(good.verdict, Verdict::Valid, "{good:#?}");
    check(&good, "challenge-answered");
    check(&good, "domain-matches");
    assert!(!codes(&good).contains(&"proof-holder-signed"), "for whom it was signed was asked");
    for (why, text, expected, code) in [
        ("another occasion", &bound, expecting("c-2", "https://v.example.org"), "challenge-differs"),
        ("another verifier", &bound, expecting("c-1", "https://w.example.org"), "domain-differs"),
        ("too long ago", &old, ours.clone(), "challenge-differs"),
        ("by another", &by_another, ours.clone(), "domain-differs"),
        ("by nobody", &form, ours.clone(), "challenge-differs"),
    ] {
        let report = verifier(list(&[])).verify(&submitted(text), &expected).await;
        check(&report, code);
        assert_eq!(report.verdict, Verdict::Invalid, "{why}: {report:#?}");
    }
}

fn plain(more: &Value) -> Map<String, Value> {
    let mut claims = json!({
        "iss": did_jwk(&ISSUER), "vct": "urn:example:pid", "iat": now().timestamp(), "given_name": "Bronwen",
        "status": {"status_list": {"idx": 8, "uri": LIST}},
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims.as_object().unwrap().clone()
}

fn token_list(set: &[usize], uri: &str, key: &PrivateKey) -> Web {
    let mut bits = proof::status::BitString::new(0);
    for index in set {
        bits.set(*index, true);
    }
    let claims = json!({
        "sub": uri, "iat": now().timestamp(), "status_list": {"bits": 1, "lst": bits.encode_token_list()},
    });
    let kid = format!("{}#0", did_jwk(&ISSUER));
    let token = sign_compact(claims.to_string().as_bytes(), key, &kid, Some("statuslist+jwt")).unwrap();
    Web::default().answering(LIST, Ok(answer(200, "application/statuslist+jwt", token)))
}

#[tokio::test]
async fn plain_claims_verify_with_a_token_status_list() {
    for typ in [DC_SD_JWT, jose::VC_SD_JWT] {
        let form = signed(plain(&json!({})), &["/given_name"], typ);
        let report = verify_with(token_list(&[7], LIST, &ISSUER), &submitted(&form)).await;
        assert_code(&report, "contexts-none-needed", typ);
        check(&report, "status-clear");
    }
    let form = signed(plain(&json!({})), &[], DC_SD_JWT);
    for (web, code) in [
        (token_list(&[8], LIST, &ISSUER), "status-revoked"),
        (token_list(&[], "https://other.example.org/list", &ISSUER), "status-list-refused"),
        (token_list(&[], LIST, &HOLDER), "status-list-refused"),
        (Web::default(), "status-unreachable"),
        (
            Web::default().answering(LIST, Ok(answer(200, "application/jwt", "e30.e30.c2ln"))),
            "status-list-refused",
        ),
    ] {
        let report = verify_with(web, &submitted(&form)).await;
        check(&report, code);
        assert_ne!(report.verdict, Verdict::Valid, "{code}");
    }
    let elsewhere =
        signed(plain(&json!({"status": {"status_list": {"idx": 131_072, "uri": LIST}}})), &[], DC_SD_JWT);
    let report = verify_with(token_list(&[], LIST, &ISSUER), &submitted(&elsewhere)).await;
    check(&report, "status-index-out-of-range");
    let expired = signed(plain(&json!({"exp": now().timestamp() - 1})), &[], DC_SD_JWT);
    let report = verify_with(token_list(&[], LIST, &ISSUER), &submitted(&expired)).await;
    assert_code(&report, "dates-expired", "expired");
}

#[tokio::test]
async fn a_badge_without_contexts_is_none() {
    let mut claims = jose::sd_jwt_claims(&badge(&did_jwk(&ISSUER)), "urn:example:badge", 1, None).unwrap();
    claims.shift_remove("@context");
    let report = verify_with(Web::default(), &submitted(&signed(claims, &[], DC_SD_JWT))).await;
    assert_code(&report, "contexts-unknown", "no contexts");
}
