//! Endorsements inside a badge.

use std::sync::LazyLock;

use jose::{Algorithm, PrivateKey, sign_compact};
use model::report::{Outcome, Verdict};
use serde_json::{Value, json};
use verification::Submission;

use crate::jwt_badges::{did_jwk, token};
use crate::support::*;

const ACHIEVEMENT: &str = "https://badges.example.org/achievements/ucd/1";

static ACADEMY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());
static BODY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

fn endorsement(id: &str, about: &str) -> Value {
    json!({
        "@context": badge("")["@context"],
        "id": "urn:uuid:2f1c7e0e-5a5b-4a07-9a3e-0a8f6f3f1f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recognised by Example Body",
        "issuer": {"id": id, "type": ["Profile"], "name": "Example Body"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "A sound module."}
    })
}

fn compact(credential: &Value, key: &PrivateKey, kid: &str) -> String {
    let claims = jose::credential_claims(credential).unwrap();
    sign_compact(claims.to_string().as_bytes(), key, kid, Some("JWT")).unwrap()
}

/// A badge with endorsements as JWT on its achievement.
fn endorsed(endorsements: &[String]) -> Submission {
    let id = did_jwk(&ACADEMY);
    let mut badge = badge(&id);
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = json!(endorsements);
    token(&badge, &ACADEMY, &format!("{id}#0"))
}

#[tokio::test]
async fn an_endorsement_is_verified_like_a_credential() {
    let id = did_jwk(&BODY);
    let kid = format!("{id}#0");
    let good = endorsement(&id, ACHIEVEMENT);
    let mut lapsed = good.clone();
    lapsed["validUntil"] = json!("2026-05-01T00:00:00Z");
    let about_another = endorsement(&id, "https://badges.example.org/achievements/other/1");
    for (name, endorsement, code) in [
        ("good", compact(&good, &BODY, &kid), "endorsement-valid"),
        ("lapsed", compact(&lapsed, &BODY, &kid), "endorsement-lapsed"),
        ("about another", compact(&about_another, &BODY, &kid), "endorsement-invalid"),
        ("signed by another", compact(&good, &ACADEMY, &kid), "endorsement-invalid"),
        ("no endorsement", "eyJ.e30.e30".to_owned(), "endorsement-invalid"),
    ] {
        assert_code(&verify_with(Web::default(), &endorsed(&[endorsement])).await, code, name);
    }
}

#[tokio::test]
async fn an_endorser_who_does_not_answer_leaves_the_badge_valid() {
    let signed = compact(&endorsement("did:web:body.example.org", ACHIEVEMENT), &BODY, "#key-1");
    let report = verify_with(Web::default(), &endorsed(&[signed])).await;
    assert_eq!(check(&report, "endorsement-undetermined").outcome, Outcome::NotChecked);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

#[tokio::test]
async fn no_more_endorsements_are_checked_than_a_few() {
    let id = did_jwk(&BODY);
    let signed = compact(&endorsement(&id, ACHIEVEMENT), &BODY, &format!("{id}#0"));
    let report = verify_with(Web::default(), &endorsed(&vec![signed; 9])).await;
    let valid = report.checks.iter().filter(|check| check.code == "endorsement-valid").count();
    assert_eq!(valid, 8);
    check(&report, "endorsements-too-many");
}

#[tokio::test]
async fn an_endorsement_alone_is_verified_too() {
    let body = Key::new(8);
    let report = verify_json(Web::default(), &body.sign(endorsement(&body.did(), ACHIEVEMENT))).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

/// What a badge whose issuer taught it, awarded on the first of May 2026, shows of the
/// accreditation that `change` makes of a good one.
async fn accredited(change: impl FnOnce(&mut Value)) -> model::report::Check {
    let (academy, body) = (did_jwk(&ACADEMY), did_jwk(&BODY));
    let mut endorsement = endorsement(&body, &academy);
    endorsement["credentialSubject"]["endorsementComment"] =
        json!(format!("Accredited to award User centred design ({ACHIEVEMENT})."));
    change(&mut endorsement);
    let token_of = compact(&endorsement, &BODY, &format!("{body}#0"));
    let mut badge = badge(&academy);
    badge["awardedDate"] = json!("2026-05-01T09:00:00Z");
    badge["issuer"]["endorsementJwt"] = json!([token_of]);
    let report = verify_with(Web::default(), &token(&badge, &ACADEMY, &format!("{academy}#0"))).await;
    let asked = model::report::Question::Accreditation;
    let mut found = report.checks.iter().filter(|check| check.question == asked);
    let check = found.next().unwrap().clone();
    assert!(found.next().is_none());
    check
}

#[tokio::test]
async fn an_endorsement_accredits_a_provider_for_the_day_of_the_award() {
    let good = accredited(|_| {}).await;
    assert_eq!((good.code.as_str(), good.outcome), ("accreditation-endorsed", Outcome::Warning));
    assert_eq!(good.finding.to_string(), "An endorsement by Example Body says so, and covers the day.");
    let expired = accredited(|it| it["validUntil"] = json!("2026-05-15T00:00:00Z")).await;
    assert_eq!(expired.code, "accreditation-endorsed", "it held on the day");
    let comment = "/credentialSubject/endorsementComment";
    let other = format!("Accredited to award {ACHIEVEMENT}0.");
    for (pointer, value, code) in [
        ("/validUntil", "2026-04-30T00:00:00Z", "accreditation-not-endorsed"),
        ("/validFrom", "2026-05-02T00:00:00Z", "accreditation-not-endorsed"),
        (comment, "A sound provider.", "accreditation-not-stated"),
        (comment, other.as_str(), "accreditation-not-stated"),
        ("/credentialSubject/id", ACHIEVEMENT, "accreditation-not-stated"),
    ] {
        let change = |it: &mut Value| {
            let (parent, member) = pointer.rsplit_once('/').unwrap();
            it.pointer_mut(parent).unwrap()[member] = json!(value);
        };
        let check = accredited(change).await;
        assert_eq!((check.code.as_str(), check.outcome), (code, Outcome::NotChecked), "{pointer} {value}");
    }
    let unsigned = accredited(|it| it["issuer"]["id"] = json!(did_jwk(&ACADEMY))).await;
    assert_eq!(unsigned.code, "accreditation-not-endorsed", "somebody else signed it");
}
