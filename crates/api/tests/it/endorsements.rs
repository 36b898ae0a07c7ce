//! Endorsements by professional bodies.

use ed25519_dalek::{Signer as _, SigningKey};
use model::catalogue::{Organisation, Role};
use proof::{
    multikey::PublicKey,
    suite::{ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022},
};
use serde_json::{Value, json};
use testkit::{
    at, backends,
    catalogue::{self, ACADEMY, CORE, INTRODUCTION, UNIVERSITY},
    noon,
};

use crate::world::{World, completion, run, slug};

const BODY: &str = "example-body";
const ADDRESS: &str = "https://badges.example.org/achievements/digital-introduction/1.0";

fn wanted() -> Value {
    json!({
        "by": ACADEMY, "achievement": INTRODUCTION, "comment": "A sound module.",
        "validUntil": "2026-12-31T00:00:00Z",
    })
}

/// A badge of the trust's, and what verification says of it.
async fn badge(world: &World, reference: &str) -> (Value, String) {
    let issued = world.post_as(&world.trust, "/v1/completions", &completion(reference)).await;
    let url = issued.json()["credential"]["url"].as_str().unwrap().to_owned();
    (world.get(&url, "application/vc+ld+json").await.json(), url)
}

async fn report(world: &World, url: &str, form: &str) -> Value {
    let badge = world.get(url, form).await;
    world.post("/v1/verify", form, badge.body).await.json()
}

fn check<'a>(report: &'a Value, code: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == code).unwrap_or_else(|| panic!("{code}: {report:#}"))
}

pub fn did_key(key: &SigningKey) -> String {
    format!("did:key:{}", PublicKey::Ed25519(key.verifying_key()).to_multibase())
}

/// A body of the catalogue that signs elsewhere, with its key and name.
fn outside_body(world: &World) -> (SigningKey, String) {
    let key = SigningKey::from_bytes(&[5; 32]);
    let name = did_key(&key);
    let mut catalogue = catalogue::sample();
    let organisation = Organisation {
        slug: slug(BODY),
        name: "Example Body".to_owned(),
        roles: vec![Role::Body],
        ods: None,
        url: None,
        email: None,
        description: None,
        signs_as: vec![name.clone()],
        succession: None,
    };
    catalogue.organisations.insert(organisation.slug.clone(), organisation);
    world.state.registry.load_catalogue(&catalogue, noon()).unwrap();
    (key, name)
}

fn endorsement(by: &str, about: &str) -> Value {
    json!({
        "@context": model::ob::contexts(),
        "id": "urn:uuid:2f1c7e0e-5a5b-4a07-9a3e-0a8f6f3f1f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recognised by Example Body",
        "issuer": {"id": by, "type": ["Profile"], "name": "Example Body"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "A sound module."}
    })
}

pub fn sign(credential: Value, key: &SigningKey, by: &str) -> Value {
    let multibase = by.strip_prefix("did:key:").unwrap();
    let options = ProofOptions {
        verification_method: format!("{by}#{multibase}"),
        created: at("2026-06-01T00:00:00Z"),
        proof_purpose: ASSERTION_METHOD,
    };
    let input = eddsa_rdfc_2022::signing_input(&credential, &options).unwrap();
    let mut signed = eddsa_rdfc_2022::attach(credential, &options, &key.sign(input.as_ref()).to_bytes());
    signed["proof"] = json!([signed["proof"].take()]);
    signed
}

backends! {
    fn badges_carry_what_a_body_says_until_it_ends(db: TestDb) {
        run(db, async |world| {
            let (before, _) = badge(&world, "before").await;
            let made = world.post_as(&world.academy, "/v1/endorsements", &wanted()).await;
            assert_eq!(made.status, 201, "{}", made.text());
            let endorsement = world.get(made.json()["credential"].as_str().unwrap(), "application/vc+ld+json").await;
            assert_eq!(made.json()["bytes"], endorsement.body.len());
            let endorsed_issuer = json!({ "by": ACADEMY, "organisation": ACADEMY, "comment": "Ours.", "validUntil": "2026-12-31" });
            assert_eq!(world.post_as(&world.academy, "/v1/endorsements", &endorsed_issuer).await.status, 201);

            let (carrying, url) = badge(&world, "after").await;
            assert!(before["credentialSubject"]["achievement"].get("endorsement").is_none());
            assert_eq!(carrying["credentialSubject"]["achievement"]["endorsement"], json!([endorsement.json()]));
            assert_eq!(carrying["issuer"]["endorsement"].as_array().unwrap().len(), 1);
            for form in ["application/vc+ld+json", "application/vc+jwt", "application/dc+sd-jwt", "image/png"] {
                let report = report(&world, &url, form).await;
                assert_eq!(report["verdict"], "valid", "{form}: {report:#}");
                let valid = report["checks"].as_array().unwrap().iter().filter(|check| check["code"] == "endorsement-valid");
                assert_eq!(valid.count(), 2, "{form}");
            }
            let achievement = world.get(ADDRESS, "application/json").await.json();
            assert_eq!(achievement["endorsement"], json!([endorsement.json()]));
            let profile = world.get("/issuers/nhs-digital-academy", "application/json").await.json();
            assert_eq!(profile["endorsement"], carrying["issuer"]["endorsement"]);
            for (path, text) in [(ADDRESS, "A sound module."), ("/issuers/nhs-digital-academy?lang=cy", "hyd at 31 Rhagfyr 2026")] {
                let page = world.get(path, "text/html").await.text();
                assert!(page.contains(text), "{page}");
            }

            world.clock.set(at("2027-02-01T00:00:00Z"));
            let report = report(&world, &url, "application/vc+ld+json").await;
            assert_eq!(check(&report, "endorsement-lapsed")["outcome"], "warning");
            assert_eq!(report["verdict"], "valid", "the badge stands without it: {report:#}");
            let (later, _) = badge(&world, "later").await;
            assert!(later["credentialSubject"]["achievement"].get("endorsement").is_none(), "{later:#}");
        });
    }

    fn what_is_changed_inside_shows_and_hides_nothing_else(db: TestDb) {
        run(db, async |world| {
            for comment in ["First.", "Second."] {
                let mut wanted = wanted();
                wanted["comment"] = comment.into();
                assert_eq!(world.post_as(&world.academy, "/v1/endorsements", &wanted).await.status, 201);
            }
            let (mut carrying, _) = badge(&world, "a").await;
            carrying["credentialSubject"]["achievement"]["endorsement"][0]["credentialSubject"]["endorsementComment"] = "Best.".into();
            let report = world.post("/v1/verify", "application/vc+ld+json", carrying.to_string()).await.json();
            check(&report, "endorsement-invalid");
            check(&report, "endorsement-valid");
            check(&report, "proof-mismatch");
        });
    }

    fn a_withdrawn_endorsement_is_carried_no_more(db: TestDb) {
        run(db, async |world| {
            let made = world.post_as(&world.academy, "/v1/endorsements", &wanted()).await.json();
            let path = format!("/v1/endorsements/{}/withdrawal", made["id"].as_str().unwrap());
            assert_eq!(world.post_as(&world.university, &path, &json!({})).await.problem(), "not-found", "another's");
            assert_eq!(world.post_as(&world.powerless, &path, &json!({})).await.problem(), "forbidden");
            let listed = async || world.get(&format!("/v1/endorsements?achievement={INTRODUCTION}"), "application/json").await.json();
            assert_eq!(listed().await["endorsements"].as_array().unwrap().len(), 1);
            let (carrying, url) = badge(&world, "carrying").await;
            let carried = carrying["credentialSubject"]["achievement"]["endorsement"][0].clone();
            assert_eq!(carried["credentialStatus"]["statusPurpose"], "revocation");
            check(&report(&world, &url, "application/vc+ld+json").await, "endorsement-valid");
            let first = world.post_as(&world.academy, &path, &json!({})).await;
            assert_eq!((first.status.as_u16(), first.json()["withdrawnAt"].is_string()), (200, true), "{}", first.text());
            assert_eq!(world.post_as(&world.academy, &path, &json!({})).await.json(), first.json());
            assert_eq!(listed().await, json!({ "endorsements": [] }));
            let (next, _) = badge(&world, "a").await;
            assert!(next["credentialSubject"]["achievement"].get("endorsement").is_none());
            // A badge that carries it already stands, and shows that it was taken back.
            let lapsed = report(&world, &url, "application/vc+ld+json").await;
            let found = check(&lapsed, "endorsement-lapsed");
            assert_eq!((&lapsed["verdict"], &found["outcome"]), (&json!("valid"), &json!("warning")), "{lapsed:#}");
            assert!(found["finding"].as_str().unwrap().contains("revoked"), "{found}");
            let alone = world.post("/v1/verify", "application/vc+ld+json", carried.to_string()).await.json();
            assert_eq!(alone["verdict"], "invalid", "{alone:#}");
            assert_eq!(world.get(made["credential"].as_str().unwrap(), "application/json").await.problem(), "not-found");
        });
    }

    fn a_body_posts_what_it_signed_itself(db: TestDb) {
        run(db, async |world| {
            let (key, name) = outside_body(&world);
            let signed = sign(endorsement(&name, ADDRESS), &key, &name);
            let post = async |credential: &Value| {
                world.post_as(&world.academy, "/v1/endorsements", &json!({ "by": BODY, "credential": credential })).await
            };
            let kept = post(&signed).await;
            assert_eq!((kept.status.as_u16(), &kept.json()["hosted"]), (201, &json!(false)), "{}", kept.text());
            assert_eq!(post(&signed).await.json(), kept.json(), "again is the same");
            let (_, url) = badge(&world, "a").await;
            let report = report(&world, &url, "application/vc+ld+json").await;
            assert_eq!(report["verdict"], "valid", "{report:#}");
            let finding = check(&report, "endorsement-valid")["finding"].as_str().unwrap();
            assert!(finding.contains("Example Body"), "{finding}");
            let mut other = endorsement(&name, ADDRESS);
            other["name"] = "Another".into();
            assert_eq!(post(&sign(other, &key, &name)).await.problem(), "other-endorsement");
        });
    }

    fn each_fault_of_a_posted_endorsement_is_named(db: TestDb) {
        run(db, async |world| {
            let (key, name) = outside_body(&world);
            let with = |pointer: &str, value: Value| {
                let mut changed = endorsement(&name, ADDRESS);
                let (parent, member) = pointer.rsplit_once('/').unwrap();
                changed.pointer_mut(parent).unwrap()[member] = value;
                sign(changed, &key, &name)
            };
            let stranger = SigningKey::from_bytes(&[6; 32]);
            let stranger_name = did_key(&stranger);
            let mut tampered = sign(endorsement(&name, ADDRESS), &key, &name);
            tampered["name"] = "Changed".into();
            let mut endless = endorsement(&name, ADDRESS);
            endless.as_object_mut().unwrap().remove("validUntil");
            for (credential, code, pointer) in [
                (tampered, "does-not-verify", "/credential"),
                (endorsement(&name, ADDRESS), "does-not-verify", "/credential"),
                (sign(endorsement(&stranger_name, ADDRESS), &stranger, &stranger_name), "not-the-body", "/credential/issuer"),
                (with("/credentialSubject/id", "https://badges.example.org/achievements/no-such/1".into()), "not-ours", "/credential/credentialSubject/id"),
                (with("/credentialSubject/id", "https://elsewhere.example.org/1".into()), "not-ours", "/credential/credentialSubject/id"),
                (sign(endless, &key, &name), "no-end", "/credential/validUntil"),
                (with("/validUntil", "2032-01-01T00:00:00Z".into()), "too-long", "/credential/validUntil"),
                (with("/validUntil", "2026-05-01T00:00:00Z".into()), "does-not-verify", "/credential"),
                (with("/@context", json!(["https://www.w3.org/ns/credentials/v2", model::vc::OPEN_BADGES, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"])), "other-contexts", "/credential/@context"),
                (with("/description", "long ".repeat(2000).into()), "too-large", "/credential"),
            ] {
                let refused = world.post_as(&world.academy, "/v1/endorsements", &json!({ "by": BODY, "credential": credential })).await;
                assert_eq!(refused.status, 422, "{code}: {}", refused.text());
                let errors = refused.json()["errors"].take();
                let named = |error: &Value| error["code"] == code && error["pointer"] == pointer;
                assert!(errors.as_array().unwrap().iter().any(named), "{code} at {pointer}: {errors:#}");
            }
            assert_eq!(world.get("/v1/endorsements", "application/json").await.json(), json!({ "endorsements": [] }));
        });
    }

    fn only_a_body_endorses_what_there_is(db: TestDb) {
        run(db, async |world| {
            let asked = async |key: &str, members: Value| {
                let mut wanted = wanted();
                for (name, value) in members.as_object().unwrap() {
                    wanted[name.as_str()] = value.clone();
                }
                world.post_as(key, "/v1/endorsements", &wanted).await
            };
            assert_eq!(asked(&world.trust, json!({})).await.problem(), "forbidden", "in another's name");
            assert_eq!(asked(&world.powerless, json!({})).await.problem(), "forbidden");
            for (members, fields) in [
                (json!({ "by": UNIVERSITY }), vec!["/by"]),
                (json!({ "achievement": "no-such" }), vec!["/achievement"]),
                (json!({ "version": "9" }), vec!["/achievement"]),
                (json!({ "validUntil": "2026-01-01" }), vec!["/validUntil"]),
                (json!({ "validUntil": "2032-01-01" }), vec!["/validUntil"]),
                (json!({ "organisation": ACADEMY }), vec![""]),
            ] {
                let refused = asked(&world.academy, members.clone()).await;
                assert_eq!((refused.status.as_u16(), refused.fields()), (422, fields.iter().map(ToString::to_string).collect()), "{members}: {}", refused.text());
            }
            outside_body(&world);
            assert_eq!(asked(&world.academy, json!({ "by": BODY })).await.fields(), ["/by"], "it has no key here");
        });
    }

    fn an_accreditation_is_a_credential_that_ends(db: TestDb) {
        run(db, async |world| {
            let list = world.get("/v1/accreditations?provider=example-trust", "application/json").await.json();
            let url = list["accreditations"].as_array().unwrap().iter()
                .find(|one| one["achievement"]["slug"] == INTRODUCTION).unwrap()["credential"].as_str().unwrap().to_owned();
            let signed = world.get(&url, "application/vc+ld+json").await;
            assert_eq!(signed.status, 200, "{}", signed.text());
            let credential = signed.json();
            assert_eq!(credential["credentialSubject"]["id"], "https://badges.example.org/issuers/example-trust");
            assert_eq!(credential["credentialSubject"]["endorsementComment"], format!("Accredited to award Sample digital introduction ({ADDRESS})."));
            assert_eq!((&credential["validFrom"], &credential["validUntil"]), (&json!("2021-01-01T00:00:00Z"), &json!("2026-09-29T12:00:00Z")));
            let report = world.post("/v1/verify", "application/vc+ld+json", signed.body).await.json();
            assert_eq!(report["verdict"], "valid", "{report:#}");
            let mut without = catalogue::sample();
            without.accreditations.retain(|one| one.achievement.as_str() == CORE);
            world.clock.set(at("2026-08-01T00:00:00Z"));
            world.state.registry.load_catalogue(&without, at("2026-07-15T00:00:00Z")).unwrap();
            let ended = world.get(&url, "application/vc+ld+json").await.json();
            assert_eq!(ended["validUntil"], "2026-07-15T00:00:00Z", "withdrawn, and proved for the days before");
            let unknown = url.replace("2021-01-01", "2021-01-02");
            assert_eq!(world.get(&unknown, "application/json").await.problem(), "not-found");
        });
    }
}
