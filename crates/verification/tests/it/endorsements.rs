//! Endorsements inside a badge.

use model::report::{Outcome, Verdict};
use serde_json::{Value, json};

use crate::support::*;

const ACHIEVEMENT: &str = "https://badges.example.org/achievements/ucd/1";

fn endorsement(id: &str, about: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:uuid:2f1c7e0e-5a5b-4a07-9a3e-0a8f6f3f1f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recognised by Example Body",
        "issuer": {"id": id, "type": ["Profile"], "name": "Example Body"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "A sound module."}
    })
}

fn endorsed(endorsement: &Value) -> Value {
    let mut badge = badge(&issuer().did());
    badge["credentialSubject"]["achievement"]["endorsement"] = json!([endorsement]);
    issuer().sign(badge)
}

#[tokio::test]
async fn an_endorsement_is_verified_like_a_credential() {
    let body = Key::new(8);
    let good = endorsement(&body.did(), ACHIEVEMENT);
    let mut lapsed = good.clone();
    lapsed["validUntil"] = json!("2026-05-01T00:00:00Z");
    let mut forged = body.sign(good.clone());
    forged["credentialSubject"]["endorsementComment"] = json!("The best module.");
    for (name, endorsement, code) in [
        ("good", body.sign(good.clone()), "endorsement-valid"),
        ("lapsed", body.sign(lapsed), "endorsement-lapsed"),
        ("forged", forged, "endorsement-invalid"),
        ("unsigned", good.clone(), "endorsement-invalid"),
        (
            "about another",
            body.sign(self::endorsement(&body.did(), "https://badges.example.org/achievements/other/1")),
            "endorsement-invalid",
        ),
        ("signed by another", Key::new(9).sign_as(good, &body.method()), "endorsement-invalid"),
    ] {
        assert_code(&verify_json(Web::default(), &endorsed(&endorsement)).await, code, name);
    }
}

#[tokio::test]
async fn an_endorser_who_does_not_answer_leaves_the_badge_valid() {
    let method = "did:web:body.example.org#key-1";
    let signed = Key::new(8).sign_as(endorsement("did:web:body.example.org", ACHIEVEMENT), method);
    let report = verify_json(Web::default(), &endorsed(&signed)).await;
    assert_eq!(check(&report, "endorsement-undetermined").outcome, Outcome::NotChecked);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

#[tokio::test]
async fn an_endorsement_alone_is_verified_too() {
    let body = Key::new(8);
    let report = verify_json(Web::default(), &body.sign(endorsement(&body.did(), ACHIEVEMENT))).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}
