//! Credit of credentials that others issued.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use testkit::{
    at, backends,
    catalogue::{self, CERTIFICATE, CORE, FELLOWSHIP, INTRODUCTION, SCHEME},
};

use crate::{
    endorsements::{did_key, sign},
    world::{World, client, completion, run},
};

/// A badge of another issuer for the learner with that email address.
fn outside(email: &str) -> (Value, SigningKey, String) {
    let key = SigningKey::from_bytes(&[8; 32]);
    let name = did_key(&key);
    let badge = json!({
        "@context": model::ob::contexts(),
        "id": "https://elsewhere.example.org/badges/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": name, "type": ["Profile"], "name": "Elsewhere University"},
        "validFrom": "2026-03-02T00:00:00Z",
        "awardedDate": "2026-03-01T12:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": true, "identityType": "emailAddress", "salt": "s",
                 "identityHash": model::ob::identity_hash(email, "s")},
                {"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "Sample Learner a"}
            ],
            "achievement": {
                "id": "https://elsewhere.example.org/achievements/1", "type": ["Achievement"],
                "name": "Data ethics", "description": "A course.", "criteria": {"narrative": "Finish it."}
            }
        }
    });
    (badge, key, name)
}

async fn learner(world: &World, reference: &str) -> String {
    let issued = world.post_as(&world.trust, "/v1/completions", &completion(reference)).await.json();
    issued["learner"]["ledger"].as_str().unwrap().trim_end_matches("/ledger").to_owned()
}

async fn bring(world: &World, learner: &str, body: &Value) -> crate::world::Answer {
    world.post_as(&world.academy, &format!("{learner}/transfers"), body).await
}

fn worth(credential: &Value, amount: &str) -> Value {
    json!({
        "credential": credential,
        "credit": { "amount": amount, "unit": "points" },
        "equivalence": "Its syllabus has six taught hours",
    })
}

backends! {
    fn a_verified_credential_counts_once_and_says_where_it_comes_from(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world, "a").await;
            let (badge, key, name) = outside("sample.a@example.org");
            let signed = sign(badge, &key, &name);
            let added = bring(&world, &learner, &worth(&signed, "6")).await;
            assert_eq!(added.status, 201, "{}", added.text());
            let line = added.json();
            assert_eq!((&line["kind"], &line["amount"], &line["unit"], &line["title"]), (&json!("transfer"), &json!("6"), &json!("points"), &json!("Data ethics")));
            assert_eq!((&line["earnedAt"], &line["selfDeclared"]), (&json!("2026-03-01T12:00:00Z"), &json!(false)));
            assert_eq!(line["origin"]["issuerName"], "Elsewhere University");
            assert_eq!(line["origin"]["credential"], "https://elsewhere.example.org/badges/1");
            assert_eq!(line["origin"]["equivalence"], "Its syllabus has six taught hours");
            let again = bring(&world, &learner, &worth(&signed, "60")).await;
            assert_eq!((again.status.as_u16(), again.json()), (200, line.clone()), "once, whatever is asked for it later");

            let balances = world.get_as(&world.academy, &format!("{learner}/balances")).await.json();
            assert_eq!(balances, json!({ "balances": [
                { "amount": "7.5", "unit": "hours" },
                { "amount": "6", "unit": "points", "transferred": "6" },
            ] }));
            let statement = world.get_as(&world.academy, &format!("{learner}/statements/{SCHEME}")).await.json();
            let counted = statement["periods"][0]["lines"].as_array().unwrap().iter().find(|one| one["line"]["kind"] == "transfer").unwrap();
            assert_eq!((&counted["counts"], &counted["worth"], &counted["line"]["origin"]), (&json!("3"), &json!("0.5"), &line["origin"]));

            // The same badge in another form, and under another id with the same content.
            let mut resigned = signed.clone();
            resigned["proof"][0]["created"] = json!("2026-06-02T00:00:00Z");
            let resigned = sign({ let mut bare = resigned; bare.as_object_mut().unwrap().remove("proof"); bare }, &key, &name);
            assert_eq!(bring(&world, &learner, &worth(&resigned, "6")).await.status, 200);
        });
    }

    fn whose_it_is_and_what_it_is_worth_must_be_shown(db: TestDb) {
        run(db, async |world| {
            let (first, second) = (learner(&world, "a").await, learner(&world, "b").await);
            let (badge, key, name) = outside("sample.a@example.org");
            let signed = sign(badge.clone(), &key, &name);
            let code = |answer: &crate::world::Answer| {
                assert_eq!(answer.status, 422, "{}", answer.text());
                answer.json()["errors"][0]["code"].as_str().unwrap().to_owned()
            };
            assert_eq!(code(&bring(&world, &second, &worth(&signed, "6")).await), "not-the-learners");
            assert_eq!(code(&bring(&world, &first, &json!({ "credential": signed })).await), "missing", "no credit");
            let unexplained = json!({ "credential": signed, "credit": { "amount": "6", "unit": "points" } });
            let refused = bring(&world, &first, &unexplained).await;
            assert_eq!((code(&refused), refused.fields()), ("missing".to_owned(), vec!["/equivalence".to_owned()]));
            let mut changed = signed.clone();
            changed["credentialSubject"]["achievement"]["name"] = json!("Better");
            assert_eq!(code(&bring(&world, &first, &worth(&changed, "6")).await), "does-not-verify");
            let mut bare = worth(&signed, "6");
            bare["category"] = json!("naps");
            assert_eq!(bring(&world, &first, &bare).await.fields(), ["/category"]);
            let (mut expired, ..) = outside("sample.a@example.org");
            expired["validUntil"] = json!("2026-05-01T00:00:00Z");
            assert_eq!(code(&bring(&world, &first, &worth(&sign(expired, &key, &name), "6")).await), "does-not-verify");
            // One of ours whose subject is told, by a DID.
            let mut told = completion("d");
            let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
            told["learner"]["identifiers"].as_array_mut().unwrap().push(json!({ "type": "did", "value": did }));
            let issued = world.post_as(&world.trust, "/v1/completions", &told).await.json();
            let whose = issued["learner"]["ledger"].as_str().unwrap().trim_end_matches("/ledger").to_owned();
            let own = world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await.json();
            assert_eq!(code(&bring(&world, &whose, &worth(&own, "6")).await), "our-own");
            for (key, problem) in [(&world.trust, "forbidden"), (&world.powerless, "forbidden")] {
                let answer = world.post_as(key, &format!("{first}/transfers"), &worth(&signed, "6")).await;
                assert_eq!(answer.problem(), problem);
            }
            let nobody = "/v1/learners/7d9c1a52-6d0d-4a9b-8f3c-2a1b7c9d0e22";
            assert_eq!(bring(&world, nobody, &worth(&signed, "6")).await.problem(), "not-found");
            let ledger = world.get_as(&world.academy, &format!("{first}/ledger")).await.json();
            assert!(ledger["entries"].as_array().unwrap().iter().all(|line| line["kind"] == "award"), "{ledger:#}");
        });
    }

    fn one_credential_counts_for_one_person(db: TestDb) {
        run(db, async |world| {
            let (first, second) = (learner(&world, "a").await, learner(&world, "b").await);
            let (mut badge, key, name) = outside("sample.a@example.org");
            // A badge that is told by either address.
            badge["credentialSubject"]["identifier"][1] = json!({
                "type": "IdentityObject", "hashed": false, "identityType": "emailAddress", "identityHash": "sample.b@example.org"
            });
            let signed = sign(badge, &key, &name);
            assert_eq!(bring(&world, &first, &worth(&signed, "6")).await.status, 201);
            assert_eq!(bring(&world, &second, &worth(&signed, "6")).await.problem(), "counts-elsewhere");
        });
    }

    fn credit_that_a_badge_states_in_a_unit_needs_no_reason(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world, "a").await;
            let (mut badge, key, name) = outside("sample.a@example.org");
            let described = "https://elsewhere.example.org/achievements/1#cpd";
            badge["credentialSubject"]["achievement"]["resultDescription"] = json!([
                {"id": described, "type": ["ResultDescription"], "name": "CPD credit in hours", "resultType": "ext:CpdCredit"}
            ]);
            badge["credentialSubject"]["result"] = json!([{"type": ["Result"], "resultDescription": described, "value": "2.5"}]);
            let signed = sign(badge, &key, &name);
            let added = bring(&world, &learner, &json!({ "credential": signed })).await;
            assert_eq!((added.status.as_u16(), &added.json()["amount"], &added.json()["unit"]), (201, &json!("2.5"), &json!("hours")), "{}", added.text());
            world.clock.set(at("2026-08-01T00:00:00Z"));
            let before = world.get_as(&world.academy, &format!("{learner}/balances?as_of=2026-06-30")).await.json();
            assert_eq!(before, json!({ "balances": [] }), "nothing of it was there before");
        });
    }

    fn a_badge_from_elsewhere_is_accepted_as_prior_learning_by_a_decision(db: TestDb) {
        run(db, async |world| {
            world.state.registry.load_catalogue(&catalogue::with_prior_learning(), world.state.clock.now()).unwrap();
            let (other, _) = client(&world.state, "decides", None, &api::Scope::ALL);
            let mut core = completion("a");
            core["achievement"] = json!(CORE);
            let issued = world.post_as(&world.trust, "/v1/completions", &core).await.json();
            let learner = issued["learner"]["ledger"].as_str().unwrap().trim_end_matches("/ledger").to_owned();
            let (badge, key, name) = outside("sample.a@example.org");
            let signed = sign(badge, &key, &name);
            let line = bring(&world, &learner, &worth(&signed, "6")).await.json();
            let path = format!("{learner}/prior-learning");
            let asked = json!({ "transfer": line["id"], "achievement": FELLOWSHIP, "reason": "Its syllabus is ours" });

            // By itself it counts in no programme.
            let pathways = world.get_as(&world.academy, &format!("{learner}/pathways")).await.json();
            let missing = &pathways["programmes"][0]["gap"]["missing"][0];
            assert_eq!((&missing["achievement"], &missing["or"]), (&json!(INTRODUCTION), &json!([FELLOWSHIP])), "{pathways}");
            // Who brought it in does not decide, and a provider neither.
            assert_eq!(world.post_as(&world.academy, &path, &asked).await.problem(), "two-people");
            assert_eq!(world.post_as(&world.trust, &path, &asked).await.problem(), "forbidden");
            assert_eq!(world.post_as(&world.powerless, &path, &asked).await.problem(), "forbidden");
            for (member, other_value, field) in [
                ("achievement", json!(INTRODUCTION), "/achievement"),
                ("achievement", json!("nowhere"), "/achievement"),
                ("transfer", json!("x"), "/transfer"),
                ("reason", json!(""), "/reason"),
            ] {
                let mut odd = asked.clone();
                odd[member] = other_value;
                assert_eq!(world.post_as(&other, &path, &odd).await.fields(), [field]);
            }
            let mut award = asked.clone();
            award["transfer"] = issued["ledgerEntry"]["id"].clone();
            assert_eq!(world.post_as(&other, &path, &award).await.problem(), "not-found", "no transfer");

            let accepted = world.post_as(&other, &path, &asked).await;
            assert_eq!(accepted.status, 201, "{}", accepted.text());
            let answer = accepted.json();
            assert_eq!((&answer["award"]["achievement"], &answer["ledgerEntry"]["amount"]), (&json!(FELLOWSHIP), &json!("0")));
            assert_eq!(answer["programmeAwards"][0]["award"]["achievement"], CERTIFICATE);
            let url = answer["credential"]["url"].as_str().unwrap().to_owned();
            let own = world.get(&url, "application/vc+ld+json").await.json();
            assert_eq!((&own["evidence"][0]["id"], &own["evidence"][0]["name"]), (&signed["id"], &json!("Data ethics")));
            let narrative = own["evidence"][0]["narrative"].as_str().unwrap();
            let digest = line["origin"]["digest"].as_str().unwrap();
            assert!(narrative.contains(digest) && narrative.ends_with("Its syllabus is ours"), "{narrative}");
            assert_eq!(own["awardedDate"], "2026-03-01T12:00:00Z");
            let report = world.post("/v1/verify", "application/json", own.to_string()).await.json();
            assert_eq!(report["verdict"], "valid", "{report}");

            // Once: the same again changes nothing, another decision is refused, and what was taken back stays so.
            let again = world.post_as(&other, &path, &asked).await;
            assert_eq!((again.status.as_u16(), &again.json()["credential"]["url"]), (200, &json!(url)));
            let mut differing = asked.clone();
            differing["reason"] = json!("Another");
            assert_eq!(world.post_as(&other, &path, &differing).await.problem(), "already-decided");
            let balances = world.get_as(&world.academy, &format!("{learner}/balances")).await.json();
            assert!(balances.to_string().contains("\"6\""), "the transfer's credit, once: {balances}");
        });
    }
}
