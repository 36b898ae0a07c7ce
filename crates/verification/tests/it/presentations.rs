//! Presentations: whose key, for whom, and what they show.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::report::{Outcome, Report, Verdict};
use proof::canon::Processor;
use proof::presentation::{Asked, Prepared, presenting};
use proof::suite::{ProofOptions, eddsa_rdfc_2022::SUITE};
use serde_json::{Value, json};
use verification::{Contexts, Expectation, Submission};

use crate::support::{Key, Web, badge, check, codes, issuer, verifier};

pub fn holder() -> Key {
    Key::new(7)
}

fn credential(subject: Option<&str>) -> Value {
    let mut badge = badge(&issuer().did());
    match subject {
        Some(subject) => badge["credentialSubject"]["id"] = subject.into(),
        None => drop(badge["credentialSubject"].as_object_mut().unwrap().remove("id")),
    }
    issuer().sign(badge)
}

/// A presentation by the holder's key, under the name `method`.
pub fn present(presentation: Value, key: &Key, method: &str, asked: Asked<'_>) -> Value {
    let options = ProofOptions {
        verification_method: method.to_owned(),
        created: "2026-05-31T00:00:00Z".parse().unwrap(),
        proof_purpose: "assertionMethod",
    };
    let prepared = Prepared::new(presentation, &SUITE, &options, asked);
    let input = prepared.input(&SUITE, Processor::general()).unwrap();
    prepared.signed(&SUITE, &key.sign_bytes(input.as_ref()))
}

const ASKED: Asked<'_> = Asked { challenge: Some("c-1"), domain: Some("verifier.example.org") };

fn good() -> Value {
    let did = holder().did();
    present(presenting(&did, vec![credential(Some(&did))]), &holder(), &holder().method(), ASKED)
}

async fn verify(document: &Value, expectation: &Expectation) -> Report {
    let submission = Submission::Json(document.to_string().into_bytes());
    verifier(Web::default()).verify(&submission, expectation).await
}

fn expecting(challenge: &str, domain: &str) -> Expectation {
    let some = |text: &str| Some(text.to_owned());
    Expectation { challenge: some(challenge), domain: some(domain), ..Expectation::default() }
}

#[tokio::test]
async fn a_presentation_by_the_holder_is_valid_with_a_report_on_each_credential() {
    let report = verify(&good(), &expecting("c-1", "verifier.example.org")).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(
        codes(&report),
        [
            "format-presentation",
            "contexts-known",
            "schema-fits",
            "proof-verified",
            "binding-holds",
            "key-in-force",
            "challenge-answered",
            "domain-matches",
            "holder-is-subject",
            "credential-valid",
        ]
    );
    assert!(check(&report, "binding-holds").finding.to_string().ends_with("for authentication."));
    assert_eq!(report.summary.holder, Some(holder().did()));
    let [inner] = report.credentials.as_slice() else { panic!("{report:#?}") };
    assert_eq!((inner.verdict, inner.summary.issuer_id.clone()), (Verdict::Valid, Some(issuer().did())));
}

#[tokio::test]
async fn challenge_and_domain_are_compared_when_they_are_given() {
    for (expected, code, outcome) in [
        (Expectation::default(), "challenge-not-asked", Outcome::NotChecked),
        (Expectation::default(), "domain-not-asked", Outcome::NotChecked),
        (expecting("c-2", "verifier.example.org"), "challenge-differs", Outcome::Fail),
        (expecting("c-1", "other.example.org"), "domain-differs", Outcome::Fail),
    ] {
        let report = verify(&good(), &expected).await;
        assert_eq!(check(&report, code).outcome, outcome);
        let verdict = if outcome == Outcome::Fail { Verdict::Invalid } else { Verdict::Valid };
        assert_eq!(report.verdict, verdict, "{code}");
        // The signature itself is good: that is said beside.
        assert_eq!(check(&report, "proof-verified").outcome, Outcome::Pass);
    }
    let did = holder().did();
    let silent = present(presenting(&did, vec![]), &holder(), &holder().method(), Asked::default());
    let report = verify(&silent, &expecting("c-1", "verifier.example.org")).await;
    assert_eq!(check(&report, "challenge-differs").outcome, Outcome::Fail);
    assert_eq!(check(&report, "domain-differs").outcome, Outcome::Fail);
    assert_eq!(check(&report, "credentials-none").outcome, Outcome::Warning);
}

#[tokio::test]
async fn whose_credentials_are_shown_is_said() {
    let did = holder().did();
    for (subject, code) in [
        (Some("did:example:alex"), "holder-not-subject"),
        (None, "holder-subject-unnamed"),
        (Some(did.as_str()), "holder-is-subject"),
    ] {
        let shown = presenting(&did, vec![credential(Some(&did)), credential(subject)]);
        let report =
            verify(&present(shown, &holder(), &holder().method(), ASKED), &Expectation::default()).await;
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        check(&report, code);
        assert_eq!(report.credentials.len(), 2);
    }
    // Without `holder`, whoever's key signed is the holder.
    let mut unnamed = presenting(&did, vec![credential(Some(&did))]);
    unnamed.as_object_mut().unwrap().remove("holder");
    let report =
        verify(&present(unnamed, &holder(), &holder().method(), ASKED), &Expectation::default()).await;
    check(&report, "holder-is-subject");
    assert_eq!(report.verdict, Verdict::Valid);
}

#[tokio::test]
async fn what_is_wrong_with_a_presentation_is_named() {
    let did = holder().did();
    let shown = || presenting(&did, vec![credential(Some(&did))]);
    let stranger = Key::new(9);

    let mut changed = good();
    changed["holder"] = stranger.did().into();
    let mut other_challenge = good();
    other_challenge["proof"]["challenge"] = "c-2".into();
    let mut taken_out = good();
    taken_out["verifiableCredential"] = json!([]);
    let mut assertion = good();
    assertion["proof"]["proofPurpose"] = "assertionMethod".into();
    let mut tampered = good();
    tampered["verifiableCredential"][0]["name"] = "Another".into();
    let mut term = good();
    term["note"] = "x".into();
    let mut shapeless = shown();
    shapeless["verifiableCredential"] =
        json!([{"@context": shapeless["@context"], "type": "VerifiablePresentation", "holder": did}]);
    for (document, code) in [
        (shown(), "proof-missing"),
        (present(shown(), &stranger, &holder().method(), ASKED), "proof-mismatch"),
        (present(shown(), &stranger, &stranger.method(), ASKED), "binding-other-controller"),
        (changed, "binding-other-controller"),
        (other_challenge, "proof-mismatch"),
        (taken_out, "proof-mismatch"),
        (assertion, "proof-malformed"),
        (tampered, "credential-invalid"),
        (term, "contexts-undefined-term"),
        (present(shapeless, &holder(), &holder().method(), ASKED), "schema-invalid"),
    ] {
        let report = verify(&document, &Expectation::default()).await;
        assert_eq!(report.verdict, Verdict::Invalid, "{code}: {report:#?}");
        assert_eq!(check(&report, code).outcome, Outcome::Fail);
    }
}

/// A key that its document lists for assertions alone presents nothing.
#[tokio::test]
async fn the_key_must_be_listed_for_authentication() {
    let (did, key) = ("did:web:holder.example.org", holder());
    let method = format!("{did}#key-1");
    let document = |relationship: &str| {
        json!({
            "id": did,
            "verificationMethod": [{
                "id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.multibase()
            }],
            relationship: [method],
        })
    };
    let presentation = present(presenting(did, vec![credential(Some(did))]), &key, &method, ASKED);
    let submission = Submission::Json(presentation.to_string().into_bytes());
    for (relationship, code, verdict) in [
        ("authentication", "binding-holds", Verdict::Valid),
        ("assertionMethod", "binding-purpose", Verdict::Invalid),
    ] {
        let url = "https://holder.example.org/.well-known/did.json";
        let verifier = verifier(Web::default().with(url, &document(relationship)));
        let report = verifier.verify(&submission, &Expectation::default()).await;
        assert_eq!(report.verdict, verdict, "{report:#?}");
        check(&report, code);
    }
}

#[tokio::test]
async fn other_contexts_are_read_by_who_accepts_them() {
    let did = holder().did();
    let mut shown = presenting(&did, vec![credential(Some(&did))]);
    shown["@context"] = json!(["https://www.w3.org/ns/credentials/v2", {"note": "https://example.org/note"}]);
    shown["note"] = "x".into();
    let presentation = present(shown, &holder(), &holder().method(), ASKED);
    let submission = Submission::Json(presentation.to_string().into_bytes());
    let strict = verifier(Web::default());
    let report = strict.verify(&submission, &Expectation::default()).await;
    assert_eq!(check(&report, "contexts-unknown").outcome, Outcome::Fail);
    let report = strict.accepting(Contexts::Any).verify(&submission, &Expectation::default()).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

/// A holder's token: `vp+jwt` by an ES256 key under a did:jwk, as issued at `at`.
pub fn token(document: &Value, key: &jose::PrivateKey, did: &str, at: &str) -> String {
    let challenge = jose::Challenge { nonce: "c-1", audience: "verifier.example.org" };
    let at = at.parse().unwrap();
    jose::sign_presentation(document, &challenge, at, key, &format!("{did}#0")).unwrap()
}

#[tokio::test]
async fn a_presentation_in_a_token_is_checked_the_same_way() {
    let key = jose::PrivateKey::generate(jose::Algorithm::Es256).unwrap();
    let stranger = jose::PrivateKey::generate(jose::Algorithm::Es256).unwrap();
    let did = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(key.public_jwk().to_string()));
    let document = presenting(&did, vec![credential(Some(&did))]);
    let today = "2026-06-01T00:00:00Z";
    let good = token(&document, &key, &did, today);
    let asked = expecting("c-1", "verifier.example.org");

    let verify = async |token: &str, expectation: &Expectation| {
        let submission = Submission::Jwt(token.to_owned());
        verifier(Web::default()).verify(&submission, expectation).await
    };
    let report = verify(&good, &asked).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    for code in
        ["format-presentation", "proof-verified", "challenge-answered", "domain-matches", "holder-is-subject"]
    {
        check(&report, code);
    }
    assert_eq!((report.form.as_str(), report.credentials.len()), ("jwt", 1));

    let envelope = jose::envelop(jose::Content::VpJwt, &good).to_string();
    let enveloped = verifier(Web::default()).verify(&Submission::Json(envelope.into_bytes()), &asked).await;
    assert_eq!(enveloped.verdict, Verdict::Valid, "{enveloped:#?}");

    let mut tampered = document.clone();
    tampered["verifiableCredential"][0]["name"] = "Another".into();
    for (token, expectation, code) in [
        (good.clone(), expecting("c-2", "verifier.example.org"), "challenge-differs"),
        (good, expecting("c-1", "other.example.org"), "domain-differs"),
        (token(&document, &stranger, &did, today), asked.clone(), "proof-mismatch"),
        (token(&document, &key, &did, "2026-06-02T00:00:00Z"), asked.clone(), "proof-not-yet"),
        (token(&tampered, &key, &did, today), asked.clone(), "credential-invalid"),
        (
            token(&presenting("did:example:other", vec![]), &key, &did, today),
            asked,
            "binding-other-controller",
        ),
    ] {
        let report = verify(&token, &expectation).await;
        assert_eq!(report.verdict, Verdict::Invalid, "{code}: {report:#?}");
        assert_eq!(check(&report, code).outcome, Outcome::Fail);
    }
}
