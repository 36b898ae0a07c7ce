//! The VC API: any credential is signed, checked, revoked and disclosed in part.

use serde_json::{Value, json};
use testkit::backends;

use crate::world::{Answer, World, local, run};

const V2: &str = "https://www.w3.org/ns/credentials/v2";

/// A credential that no table of ours knows: its terms stand in it.
fn licence() -> Value {
    json!({
        "@context": [V2, {
            "@protected": true,
            "LicenceCredential": "urn:example:LicenceCredential",
            "Licence": {"@id": "urn:example:Licence", "@context": {
                "@protected": true, "id": "@id", "type": "@type",
                "category": "urn:example:category", "number": "urn:example:number"
            }},
            "licence": {"@id": "urn:example:licence", "@type": "@id"}
        }],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000021",
        "type": ["VerifiableCredential", "LicenceCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:holder",
            "licence": {"type": "Licence", "category": "B", "number": "42"}
        }
    })
}

async fn issue(world: &World, credential: &Value, options: Value) -> Answer {
    let body = json!({"credential": credential, "options": options});
    world.post_as(&world.academy, "/credentials/issue", &body).await
}

async fn issued(world: &World, credential: &Value, options: Value) -> Value {
    let answer = issue(world, credential, options).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["verifiableCredential"].clone()
}

async fn verify(world: &World, credential: &Value) -> Value {
    let body = json!({"verifiableCredential": credential, "options": {}}).to_string();
    let answer = world.post("/credentials/verify", "application/json", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

backends! {
    fn any_credential_is_signed_by_every_suite_and_verifies(db: TestDb) {
        run(db, async |world| {
            for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"] {
                let signed = issued(&world, &licence(), json!({"cryptosuite": suite})).await;
                assert_eq!(signed["issuer"], "did:web:badges.example.org");
                assert_eq!(signed["proof"]["cryptosuite"], suite);
                let answer = verify(&world, &signed).await;
                assert_eq!((&answer["verified"], &answer["problemDetails"]), (&json!(true), &json!([])), "{answer:#}");

                let mut changed = signed;
                changed["credentialSubject"]["licence"]["category"] = "C".into();
                let answer = verify(&world, &changed).await;
                assert_eq!(answer["verified"], false);
                assert_eq!(answer["problemDetails"][0]["title"], "proof-mismatch");
                assert_eq!(
                    answer["problemDetails"][0]["type"],
                    "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
                );
            }
            // The strict door of Open Badges stays shut to what stands in the credential.
            let signed = issued(&world, &licence(), json!({})).await;
            let strict = world.post("/v1/verify", "application/vc+ld+json", signed.to_string()).await.json();
            assert_eq!(strict["verdict"], "invalid");
        });
    }

    fn version_1_1_is_signed_with_the_context_it_needs(db: TestDb) {
        run(db, async |world| {
            let credential = json!({
                "@context": ["https://www.w3.org/2018/credentials/v1", {"claim": "urn:example:claim"}],
                "type": ["VerifiableCredential"],
                "issuanceDate": "2026-01-01T00:00:00Z",
                "credentialSubject": {"id": "did:example:holder", "claim": "x"}
            });
            let signed = issued(&world, &credential, json!({})).await;
            assert_eq!(signed["@context"][2], "https://w3id.org/security/data-integrity/v2");
            assert_eq!(verify(&world, &signed).await["verified"], true);
        });
    }

    fn the_issuer_must_be_a_name_of_ours_for_the_suite(db: TestDb) {
        run(db, async |world| {
            let by_key = issued(&world, &licence(), json!({})).await["proof"]["verificationMethod"].clone();
            assert!(by_key.as_str().unwrap().starts_with("did:web:badges.example.org#"));
            // The key's own name is ours too.
            let document = world.get("/.well-known/did.json", "").await.json();
            let methods = document["verificationMethod"].as_array().unwrap();
            let ed25519 = methods.iter().find(|method| method["type"] == "Multikey").unwrap();
            let did = format!("did:key:{}", ed25519["publicKeyMultibase"].as_str().unwrap());
            let mut named = licence();
            named["issuer"] = json!({"id": did, "name": "Sample Academy"});
            let signed = issued(&world, &named, json!({})).await;
            assert_eq!(signed["issuer"]["name"], "Sample Academy");
            assert_eq!(verify(&world, &signed).await["verified"], true);

            for (issuer, options) in [
                (json!("did:example:stranger"), json!({})),
                // That key does not sign by this suite.
                (json!(did), json!({"cryptosuite": "ecdsa-rdfc-2019"})),
            ] {
                named["issuer"] = issuer;
                let refused = issue(&world, &named, options).await;
                assert_eq!((refused.problem().as_str(), refused.fields()), ("invalid-credential", vec!["/credential/issuer".to_owned()]));
            }
        });
    }

    fn a_status_entry_can_be_revoked_by_its_place_or_by_the_credential(db: TestDb) {
        run(db, async |world| {
            for by_place in [true, false] {
                let signed = issued(&world, &licence(), json!({"statusPurpose": "revocation"})).await;
                let entry = signed["credentialStatus"].clone();
                assert_eq!(entry["type"], "BitstringStatusListEntry");
                let report = verify(&world, &signed).await;
                assert_eq!(report["verified"], true, "{report:#}");
                let etag = |answer: &Answer| answer.header("etag").to_owned();
                let list = world.get(entry["statusListCredential"].as_str().unwrap(), "application/vc+ld+json").await;

                let target = if by_place {
                    json!({"credentialStatus": entry, "status": true})
                } else {
                    json!({"credentialId": signed["id"], "credentialStatus": {"type": "BitstringStatusList", "statusPurpose": "revocation"}, "status": true})
                };
                let answer = world.post_as(&world.academy, "/credentials/status", &target).await;
                assert_eq!((answer.status.as_u16(), answer.json()["wasAlready"].clone()), (200, json!(false)));
                let again = world.post_as(&world.academy, "/credentials/status", &target).await;
                assert_eq!(again.json()["wasAlready"], true);

                let report = verify(&world, &signed).await;
                assert_eq!(report["problemDetails"][0]["title"], "status-revoked", "{report:#}");
                let after = world.get(local(entry["statusListCredential"].as_str().unwrap()), "application/vc+ld+json").await;
                assert_ne!(etag(&list), etag(&after));
            }
            // The badges' list and theirs are one: neither takes the other's place.
            let badge = world.issue().await;
            let badge = world.get(badge["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await;
            assert_eq!(verify(&world, &badge.json()).await["verified"], true);

            for (body, problem) in [
                (json!({"credentialId": "urn:uuid:none", "status": true}), "not-found"),
                (json!({"credentialId": "urn:uuid:none", "status": false}), "invalid-credential"),
                (json!({"status": true}), "invalid-credential"),
                (json!({"credentialStatus": {"statusListCredential": "https://example.org/status/1", "statusListIndex": "1"}}), "not-found"),
            ] {
                assert_eq!(world.post_as(&world.academy, "/credentials/status", &body).await.problem(), problem, "{body}");
            }
            let unknown = issue(&world, &licence(), json!({"statusPurpose": "message"})).await;
            assert_eq!(unknown.fields(), ["/options/statusPurpose"]);
        });
    }

    fn a_suspension_can_be_taken_back_and_a_revocation_cannot(db: TestDb) {
        run(db, async |world| {
            let signed = issued(&world, &licence(), json!({"statusPurpose": ["suspension", "revocation"]})).await;
            let [suspension, revocation] = signed["credentialStatus"].as_array().unwrap().as_slice() else {
                panic!("{signed:#}")
            };
            assert_eq!((&suspension["statusPurpose"], &revocation["statusPurpose"]), (&json!("suspension"), &json!("revocation")));
            assert_ne!(suspension["statusListCredential"], revocation["statusListCredential"]);
            assert_eq!(verify(&world, &signed).await["verified"], true);
            let list = async || {
                let address = local(suspension["statusListCredential"].as_str().unwrap());
                world.get(address, "application/vc+ld+json").await
            };
            assert_eq!(list().await.json()["credentialSubject"]["statusPurpose"], "suspension");

            let set = async |entry: &Value, status: bool| {
                let body = json!({"credentialStatus": entry, "status": status});
                let answer = world.post_as(&world.academy, "/credentials/status", &body).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                assert_eq!(answer.json()["status"], status);
                answer.json()["wasAlready"] == true
            };
            let suspended = async || {
                let report = verify(&world, &signed).await;
                let title = report["problemDetails"][0]["title"].clone();
                assert_eq!(report["verified"] == true, title.is_null(), "{report:#}");
                title == "status-suspended"
            };
            let by_id = json!({"statusPurpose": "suspension"});
            for round in 0..2 {
                let before = list().await.header("etag").to_owned();
                assert!(!set(suspension, true).await && set(suspension, true).await);
                assert!(suspended().await, "{round}");
                assert_ne!(list().await.header("etag"), before);
                assert!(!set(suspension, false).await && set(suspension, false).await);
                assert!(!suspended().await, "{round}");
            }
            let of_credential = async |status: bool| {
                let body = json!({"credentialId": signed["id"], "credentialStatus": by_id, "status": status});
                world.post_as(&world.academy, "/credentials/status", &body).await.json()
            };
            assert_eq!(of_credential(true).await, json!({"status": true, "wasAlready": false}));
            assert!(suspended().await);
            assert_eq!(of_credential(false).await, json!({"status": false, "wasAlready": false}));

            // Nothing but the entry's own list knows it, and a revocation stays.
            let mut confused = suspension.clone();
            confused["statusPurpose"] = json!("revocation");
            let mut other = revocation.clone();
            other["statusPurpose"] = json!("suspension");
            for (entry, status, problem) in [
                (&confused, true, "not-found"),
                (&other, true, "not-found"),
                (revocation, false, "invalid-credential"),
                (&json!({"statusPurpose": "message"}), true, "invalid-credential"),
            ] {
                let body = json!({"credentialStatus": entry, "status": status});
                let answer = world.post_as(&world.academy, "/credentials/status", &body).await;
                assert_eq!(answer.problem(), problem, "{body}");
            }
            set(revocation, true).await;
            set(suspension, true).await;
            set(suspension, false).await;
            assert_eq!(verify(&world, &signed).await["problemDetails"][0]["title"], "status-revoked");
        });
    }

    fn a_holder_discloses_what_they_choose(db: TestDb) {
        run(db, async |world| {
            let base = issued(&world, &licence(), json!({"cryptosuite": "ecdsa-sd-2023", "mandatoryPointers": ["/issuer"]})).await;
            let refused = verify(&world, &base).await;
            assert_eq!(refused["problemDetails"][0]["title"], "proof-not-derived", "{refused:#}");

            let body = json!({"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject/licence/category"]}});
            let answer = world.post("/credentials/derive", "application/json", body.to_string()).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            let derived = answer.json()["verifiableCredential"].clone();
            assert!(derived.pointer("/credentialSubject/licence/number").is_none(), "{derived:#}");
            let report = verify(&world, &derived).await;
            assert_eq!(report["verified"], true, "{report:#}");

            let signed = issued(&world, &licence(), json!({})).await;
            for body in [
                json!({"verifiableCredential": signed, "options": {"selectivePointers": ["/issuer"]}}),
                json!({"verifiableCredential": base, "options": {"selectivePointers": ["/nothing"]}}),
                json!({"verifiableCredential": base, "options": {"selectivePointers": "/issuer"}}),
            ] {
                let answer = world.post("/credentials/derive", "application/json", body.to_string()).await;
                assert_eq!(answer.problem(), "invalid-credential");
            }
        });
    }

    fn what_is_no_credential_is_refused_with_the_places_of_its_faults(db: TestDb) {
        run(db, async |world| {
            type Change = fn(&mut Value);
            let cases: [(Change, &str); 12] = [
                (|it| it["@context"] = json!(["https://www.w3.org/ns/credentials/examples/v2"]), "/credential/@context/0"),
                (|it| it["type"] = json!(["LicenceCredential"]), "/credential/type"),
                (|it| it["credentialSubject"] = json!({}), "/credential/credentialSubject"),
                (|it| it["id"] = json!("not a url"), "/credential/id"),
                (|it| it["validUntil"] = json!("2025-01-01T00:00:00Z"), "/credential/validUntil"),
                (|it| it["evidence"] = json!([{"id": "urn:x:1"}]), "/credential/evidence/0/type"),
                // What only the contexts can tell.
                (|it| it["note"] = json!("x"), "/credential/note"),
                (|it| it["credentialSubject"]["licence"]["note"] = json!("x"), "/credential/credentialSubject/licence/note"),
                (|it| it["type"][1] = json!("Unheard"), "/credential/type"),
                (|it| it["credentialSubject"]["licence"] = json!("relative"), "/credential/credentialSubject/licence"),
                (|it| it["@context"][1]["id"] = json!("urn:other"), "/credential/@context/1/id"),
                (|it| it["@context"][1] = json!("https://example.org/unknown"), "/credential/@context/1"),
            ];
            for (change, place) in cases {
                let mut credential = licence();
                change(&mut credential);
                let refused = issue(&world, &credential, json!({})).await;
                assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (400, "invalid-credential"));
                assert_eq!(refused.fields(), [place]);
            }
            for body in ["[]", "{}", r#"{"credential": "x"}"#, r#"{"credential": {}, "options": 1}"#] {
                let refused = world.post_as(&world.academy, "/credentials/issue", &serde_json::from_str(body).unwrap()).await;
                assert_eq!(refused.problem(), "invalid-credential", "{body}");
            }
            assert_eq!(issue(&world, &licence(), json!({"cryptosuite": "bbs-2023"})).await.fields(), ["/options/cryptosuite"]);
            let wrong = json!({"verifiableCredential": {"type": "x"}}).to_string();
            assert_eq!(world.post("/credentials/verify", "application/json", wrong).await.problem(), "invalid-credential");
            let wrong = json!({"verifiablePresentation": {"@context": [V2], "type": []}}).to_string();
            assert_eq!(world.post("/presentations/verify", "application/json", wrong).await.problem(), "invalid-credential");
            let term = json!({"@context": [V2], "type": "VerifiablePresentation", "holder": "did:example:h", "note": "x"});
            let unsigned = json!({"verifiablePresentation": term}).to_string();
            let answer = world.post("/presentations/verify", "application/json", unsigned).await.json();
            assert_eq!(answer["verified"], false, "{answer:#}");
        });
    }

    /// Whoever signs here signs as the Academy.
    fn nobody_but_the_academy_signs_or_revokes_in_production(db: TestDb) {
        run(db, async |world| {
            let body = json!({"credential": licence()});
            for path in ["/credentials/issue", "/credentials/status"] {
                let stranger = world.post(path, "application/json", body.to_string()).await;
                assert_eq!(stranger.problem(), "unauthenticated");
                for key in [&world.trust, &world.powerless, &world.university] {
                    assert_eq!(world.post_as(key, path, &body).await.problem(), "forbidden");
                }
            }
        });
    }
}
