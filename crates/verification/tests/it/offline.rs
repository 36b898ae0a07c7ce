//! Badges checked by a bundle, without anybody to ask.

use chrono::{DateTime, TimeDelta, Utc};
use jose::{Algorithm, MANIFEST_JWT, PrivateKey, sign_compact};
use model::bundle::{Listed, Manifest, OfflineBundle, Revoked};
use model::clock::FixedClock;
use model::report::{Outcome, Report, Verdict};
use serde_json::{Value, json};
use std::sync::Arc;
use verification::{Anchor, Bundle, BundleError, Expectation, Submission, Verifier};

use crate::jwt_badges::did_jwk;
use crate::support::*;

const DID: &str = "did:web:badges.example.org";

fn signed(document: Value) -> Value {
    issuer().sign_as(document, &format!("{DID}#key-1"))
}

/// The issuer's document, with its key for badges and its key for bundles.
fn did_document(key: &PrivateKey) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/did/v1",
        "id": DID,
        "verificationMethod": [
            {"id": format!("{DID}#key-1"), "type": "Multikey", "controller": DID,
                "publicKeyMultibase": issuer().multibase()},
            {"id": format!("{DID}#key-2"), "type": "JsonWebKey", "controller": DID,
                "publicKeyJwk": key.public_jwk()},
        ],
        "assertionMethod": [format!("{DID}#key-1"), format!("{DID}#key-2")],
    })
}

struct Made {
    key: PrivateKey,
    manifest: Manifest,
    documents: Vec<String>,
    typ: &'static str,
}

impl Made {
    /// A bundle with the issuer's document and a list in which 3 is revoked; `change` says
    /// more of the list.
    fn new(change: impl FnOnce(&mut Value)) -> Self {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let mut list = status_list(DID, "revocation", &[3]);
        change(&mut list);
        let documents = [
            (
                "https://badges.example.org/.well-known/did.json",
                "application/did+ld+json",
                did_document(&key),
            ),
            (LIST, "application/vc+ld+json", signed(list)),
        ];
        let documents = documents.map(|(url, media_type, document)| (url, media_type, document.to_string()));
        let listed =
            documents.iter().map(|(url, form, document)| Listed::of((*url).to_owned(), form, document));
        let manifest = Manifest {
            iss: DID.to_owned(),
            iat: now().timestamp(),
            documents: listed.collect(),
            revoked: Vec::new(),
        };
        let documents = documents.into_iter().map(|(_, _, document)| document).collect();
        Self { key, manifest, documents, typ: MANIFEST_JWT }
    }

    fn bytes(&self, key: &PrivateKey, kid: &str) -> Vec<u8> {
        let payload = serde_json::to_vec(&self.manifest).unwrap();
        let manifest = sign_compact(&payload, key, kid, Some(self.typ)).unwrap();
        serde_json::to_vec(&OfflineBundle { manifest, documents: self.documents.clone() }).unwrap()
    }

    fn pinned(&self) -> Anchor {
        Anchor::Document(did_document(&self.key).to_string().into_bytes())
    }

    async fn open(&self, at: DateTime<Utc>) -> Result<Bundle, BundleError> {
        let bytes = self.bytes(&self.key, &format!("{DID}#key-2"));
        Bundle::open(&bytes, &self.pinned(), Arc::new(FixedClock::new(at))).await
    }

    async fn verified(&self, badge: &Value, at: DateTime<Utc>) -> Report {
        let bundle = self.open(at).await.unwrap();
        let verifier = Verifier::new(Arc::new(bundle), Arc::new(FixedClock::new(at)));
        let submission = Submission::Json(badge.to_string().into_bytes());
        verifier.verify(&submission, &Expectation::default()).await
    }
}

#[tokio::test]
async fn a_bundle_of_thousands_of_documents_is_read() {
    let mut made = Made::new(|_| {});
    for number in 0..3000 {
        let (url, document) =
            (format!("https://badges.example.org/status/{number}"), format!("{{\"n\": {number}}}"));
        made.manifest.documents.push(Listed::of(url, "application/vc+ld+json", &document));
        made.documents.push(document);
    }
    let length = serde_json::to_vec(&made.manifest).unwrap().len();
    assert!(length > jose::MAX_TOKEN_BYTES, "{length}");
    let bundle = made.open(now()).await.unwrap();
    assert_eq!(bundle.len(), 3002);
    let badge = signed(with_status(badge(DID), "2", "revocation"));
    assert_eq!(made.verified(&badge, now()).await.verdict, Verdict::Valid);
}

#[tokio::test]
async fn a_badge_is_checked_by_what_the_bundle_holds_and_says_of_when_that_is() {
    let made = Made::new(|_| {});
    let entry = |index| signed(with_status(badge(DID), index, "revocation"));
    let at = now() + TimeDelta::hours(1);
    let report = made.verified(&entry("2"), at).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    for code in ["status-clear", "binding-holds"] {
        assert_eq!(check(&report, code).as_of, Some(now()), "{code}");
    }
    assert_code(&made.verified(&entry("3"), at).await, "status-revoked", "revoked");
    let mut changed = entry("2");
    changed["name"] = json!("Another module");
    assert_code(&made.verified(&changed, at).await, "proof-mismatch", "changed");
    let unknown =
        made.verified(&issuer().sign_as(badge("did:web:a.example"), "did:web:a.example#1"), at).await;
    check(&unknown, "binding-unreachable");
    assert_eq!(unknown.verdict, Verdict::Undetermined);
    let mut elsewhere = with_status(badge(DID), "2", "revocation");
    elsewhere["credentialStatus"]["statusListCredential"] = json!("https://badges.example.org/status/8");
    let unlisted = made.verified(&signed(elsewhere), at).await;
    assert_code(&unlisted, "status-unreachable", "a list that it does not hold");
    assert!(check(&unlisted, "status-unreachable").finding.to_string().contains("without a network"));
}

#[tokio::test]
async fn what_rests_on_a_document_that_is_too_old_is_a_warning() {
    let end = |list: &mut Value| list["validUntil"] = json!("2026-06-01T13:00:00Z");
    let ttl = |list: &mut Value| list["credentialSubject"]["ttl"] = json!(3_600_000);
    let entry = |index| signed(with_status(badge(DID), index, "revocation"));
    let hour = now() + TimeDelta::hours(1);
    let second = TimeDelta::seconds(1);
    for (made, fresh) in
        [(Made::new(end), hour), (Made::new(ttl), hour), (Made::new(|_| {}), now() + TimeDelta::days(1))]
    {
        check(&made.verified(&entry("2"), fresh).await, "status-clear");
        let report = made.verified(&entry("2"), fresh + second).await;
        assert_eq!(check(&report, "status-stale").outcome, Outcome::Warning, "{report:#?}");
        assert_eq!(report.verdict, Verdict::Valid);
        check(&made.verified(&entry("3"), fresh + second).await, "status-revoked");
    }
    let made = Made::new(|_| {});
    check(&made.verified(&entry("2"), now() + TimeDelta::days(2)).await, "binding-stale");
}

#[tokio::test]
async fn a_bundle_that_is_not_the_named_issuers_is_not_used() {
    let made = Made::new(|_| {});
    let clock = Arc::new(FixedClock::new(now()));
    let kid = format!("{DID}#key-2");
    let other = PrivateKey::generate(Algorithm::Es256).unwrap();
    let refused = async |bytes: &[u8], anchor: &Anchor| match Bundle::open(bytes, anchor, clock.clone()).await
    {
        Ok(_) => panic!("it was taken"),
        Err(error) => error,
    };

    // Another key, under the issuer's name, and under its own.
    let forged = made.bytes(&other, &kid);
    assert!(matches!(refused(&forged, &made.pinned()).await, BundleError::Signature(_)));
    let named = made.bytes(&other, &format!("{}#0", did_jwk(&other)));
    assert!(matches!(refused(&named, &made.pinned()).await, BundleError::Signature(_)));
    let good = made.bytes(&made.key, &kid);
    let anybody = Anchor::Name(did_jwk(&other));
    assert!(matches!(refused(&good, &anybody).await, BundleError::OtherIssuer { .. }));
    // A name that is no key, a document without one, and one of a name that is its own key.
    for anchor in [
        Anchor::Name(DID.to_owned()),
        Anchor::Document(b"{}".to_vec()),
        Anchor::Document(json!({"id": did_jwk(&other)}).to_string().into_bytes()),
    ] {
        assert!(matches!(refused(&good, &anchor).await, BundleError::Anchor(_)), "{anchor:?}");
    }
    let mut revoked = did_document(&made.key);
    revoked["verificationMethod"][1]["revoked"] = json!("2026-01-01T00:00:00Z");
    let anchor = Anchor::Document(revoked.to_string().into_bytes());
    assert!(matches!(refused(&good, &anchor).await, BundleError::Signature(_)));

    // Changed, cut, of another purpose, from the future.
    let mut changed = Made::new(|_| {});
    changed.documents[1] = signed(status_list(DID, "revocation", &[])).to_string();
    let bytes = changed.bytes(&changed.key, &kid);
    assert_eq!(refused(&bytes, &changed.pinned()).await, BundleError::Changed(LIST.to_owned()));
    changed.documents.pop();
    let bytes = changed.bytes(&changed.key, &kid);
    assert!(matches!(refused(&bytes, &changed.pinned()).await, BundleError::Unreadable(_)));
    assert!(matches!(refused(&good[..good.len() - 9], &made.pinned()).await, BundleError::Unreadable(_)));
    let mut token = Made::new(|_| {});
    token.typ = "JWT";
    assert!(matches!(
        refused(&token.bytes(&token.key, &kid), &token.pinned()).await,
        BundleError::Unreadable(_)
    ));
    let early = made.open(now() - TimeDelta::minutes(6)).await;
    assert!(matches!(early, Err(BundleError::Ahead(_))));
}

#[tokio::test]
async fn a_bundle_of_an_issuer_that_is_named_by_its_key_tells_which_names_are_revoked() {
    let mut made = Made::new(|_| {});
    let name = did_jwk(&made.key);
    made.manifest.iss.clone_from(&name);
    made.manifest.revoked = vec![Revoked { id: issuer().did(), since: now() - TimeDelta::days(365) }];
    let bytes = made.bytes(&made.key, &format!("{name}#0"));
    let clock = Arc::new(FixedClock::new(now()));
    let bundle = Bundle::open(&bytes, &Anchor::Name(name.clone()), clock.clone()).await.unwrap();
    assert_eq!((bundle.issuer(), bundle.made(), bundle.len()), (name.as_str(), now(), 2));
    let verifier = Verifier::new(Arc::new(bundle), clock);
    let submission = Submission::Json(issuer().sign(badge(&issuer().did())).to_string().into_bytes());
    let report = verifier.verify(&submission, &Expectation::default()).await;
    assert_code(&report, "key-revoked", "a name that is revoked");
}
