//! Core skills: read and sent by consent, and every attempt told to whom it is about.

use actix_web::test::TestRequest;
use api::Scope;
use serde_json::{Value, json};
use testkit::backends;

use crate::world::{Answer, World, client, completion, local, run};

const QUERY: &str = "/v1/core-skills/query";
const SEND: &str = "/v1/core-skills";

/// A client that is a staff passport: it may ask, and nothing more.
fn passport(world: &World, id: &str) -> String {
    client(&world.state, id, None, &[Scope::CoreSkillsRead, Scope::CoreSkillsWrite]).0
}

/// A learner whose badge shows fire safety; gives the path of what is theirs.
async fn learner(world: &World, reference: &str) -> String {
    let answer = world.post_as(&world.trust, "/v1/completions", &completion(reference)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    format!("/v1/learners/{}", answer.json()["learner"]["id"].as_str().unwrap())
}

fn asked(reference: &str) -> Value {
    json!({
        "person": { "identifiers": [{ "type": "email", "value": format!("sample.{reference}@example.org") }] },
        "purpose": "pre-employment-check",
    })
}

fn sent(reference: &str, subject: &str, provider: &str) -> Value {
    let mut body = asked(reference);
    body["coreSkills"] = json!([{
        "subject": subject, "completedOn": "2026-04-01", "expiresOn": "2027-03-31",
        "claim": {
            "Origin": "https://learning.example.org", "AssurancePolicy": "Local", "AssuranceOutcome": "Passed",
            "Provider": provider, "Verifier": "Sample Trust", "VerificationMethod": "Register",
            "Pedigree": "secondary", "LastRefresh": "2026-05-01T00:00:00Z", "UniqueIdentifier": "course-1",
        },
    }]);
    body
}

fn consent(data: &[&str]) -> Value {
    json!({ "client": "passport", "purpose": "pre-employment-check", "data": data, "until": "2026-12-01T00:00:00Z" })
}

async fn consented(world: &World, learner: &str, body: &Value) -> String {
    let given = world.post_as(&world.academy, &format!("{learner}/consents"), body).await;
    assert_eq!(given.status, 201, "{}", given.text());
    given.json()["id"].as_str().unwrap().to_owned()
}

async fn withdraw(world: &World, key: &str, path: &str) -> Answer {
    let request = TestRequest::delete().uri(path).insert_header(("authorization", format!("Bearer {key}")));
    world.send(request).await
}

/// What a refusal says, without what names the one occurrence.
fn said(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem["instance"] = Value::Null;
    problem
}

backends! {
    fn core_skills_are_read_by_consent_and_it_is_withdrawn_at_once(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let path = learner(&world, "a").await;
            let refused = world.post_as(&key, QUERY, &asked("a")).await;
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "no-consent"));
            let nobody = world.post_as(&key, QUERY, &asked("nobody")).await;
            assert_eq!(said(&refused), said(&nobody), "whether somebody is known is not told");

            let id = consented(&world, &path, &consent(&["read-core-skills"])).await;
            let answer = world.post_as(&key, QUERY, &asked("a")).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
            let answer = answer.json();
            assert_eq!((&answer["name"], &answer["consent"]), (&json!("Sample Learner a"), &json!(id)));
            assert_eq!(answer["until"], "2026-12-01T00:00:00Z");
            let [skill] = &answer["coreSkills"].as_array().unwrap()[..] else { panic!("{answer}") };
            assert_eq!((&skill["subject"], &skill["name"]), (&json!("fire-safety"), &json!("Fire Safety")));
            assert_eq!((&skill["kind"], &skill["completedOn"]), (&json!("award"), &json!("2026-06-30")));
            let claim = &skill["claim"];
            assert_eq!(claim.as_object().unwrap().len(), 9);
            assert_eq!((&claim["Origin"], &claim["Pedigree"]), (&json!("https://badges.example.org"), &json!("primary")));
            assert_eq!(claim["UniqueIdentifier"], skill["credential"]);
            assert_eq!(claim["LastRefresh"], "2026-07-01T12:00:00Z");
            let url = skill["credential"].as_str().unwrap();
            let badge = world.get(url, "application/vc+ld+json").await.json();
            assert_eq!(badge["issuer"]["name"], claim["Verifier"], "{badge}");

            // Another client, another purpose, to send, and of another subject's holder.
            let other = passport(&world, "other");
            assert_eq!(world.post_as(&other, QUERY, &asked("a")).await.problem(), "no-consent");
            let mut purpose = asked("a");
            purpose["purpose"] = json!("appraisal");
            assert_eq!(world.post_as(&key, QUERY, &purpose).await.problem(), "no-consent");
            assert_eq!(world.post_as(&key, SEND, &sent("a", "fire-safety", "x")).await.problem(), "no-consent");

            let one = format!("{path}/consents/{id}");
            let neighbour = learner(&world, "b").await;
            let theirs = format!("{neighbour}/consents/{id}");
            assert_eq!(withdraw(&world, &world.academy, &theirs).await.status, 404, "not another's");
            assert_eq!(world.post_as(&key, QUERY, &asked("a")).await.status, 200);
            for _ in 0..2 {
                assert_eq!(withdraw(&world, &world.academy, &one).await.status, 204);
            }
            assert_eq!(world.post_as(&key, QUERY, &asked("a")).await.problem(), "no-consent");
            let consents = world.get_as(&world.academy, &format!("{path}/consents")).await.json();
            assert_eq!(consents["consents"].as_array().unwrap().len(), 1);
            assert_eq!(consents["consents"][0]["withdrawnAt"], "2026-07-01T12:00:00Z", "{consents}");

            // A revoked badge shows nothing.
            consented(&world, &path, &consent(&["read-core-skills"])).await;
            let revoking = format!("{}/revoke", local(url));
            assert_eq!(world.post_as(&world.trust, &revoking, &json!({ "reason": "A test" })).await.status, 200);
            assert_eq!(world.post_as(&key, QUERY, &asked("a")).await.json()["coreSkills"], json!([]));
            world.clock.set(testkit::at("2026-12-01T00:00:00Z"));
            assert_eq!(world.post_as(&key, QUERY, &asked("a")).await.problem(), "no-consent", "it is over");
        });
    }

    fn what_is_sent_is_a_claim_of_its_origin_once_by_its_reference(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let path = learner(&world, "a").await;
            let ledger = world.get_as(&world.academy, &format!("{path}/ledger")).await.text();
            consented(&world, &path, &consent(&["read-core-skills", "write-core-skills"])).await;
            let mut outcomes = Vec::new();
            for provider in ["Sample Trust", "Sample Trust", "Example Trust"] {
                let answer = world.post_as(&key, SEND, &sent("a", "fire-safety", provider)).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                outcomes.push(answer.json()["coreSkills"][0].clone());
            }
            let said: Vec<&str> = outcomes.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
            assert_eq!(said, ["created", "unchanged", "replaced"]);
            assert!(outcomes.iter().all(|one| one["id"] == outcomes[0]["id"]));

            let answer = world.post_as(&key, QUERY, &asked("a")).await.json();
            let kinds: Vec<&Value> = answer["coreSkills"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
            assert_eq!(kinds, ["claim", "award"], "the earlier first: {answer}");
            let claim = &answer["coreSkills"][0];
            assert_eq!(claim["claim"], sent("a", "fire-safety", "Example Trust")["coreSkills"][0]["claim"]);
            assert_eq!((&claim["sentBy"], &claim["expiresOn"]), (&json!("passport"), &json!("2027-03-31")));
            assert_eq!(claim["credential"], Value::Null);
            let after = world.get_as(&world.academy, &format!("{path}/ledger")).await.text();
            assert_eq!(ledger, after, "nothing counts by it");
        });
    }

    fn a_consent_is_for_its_subjects_and_makes_sense(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let path = learner(&world, "a").await;
            let mut catalogue = testkit::catalogue::sample();
            let mut another = catalogue.core_skills.values().next().unwrap().clone();
            another.slug = crate::world::slug("resuscitation");
            catalogue.core_skills.insert(another.slug.clone(), another);
            world.state.registry.load_catalogue(&catalogue, testkit::noon()).unwrap();
            let mut limited = consent(&["read-core-skills", "write-core-skills"]);
            limited["subjects"] = json!(["resuscitation"]);
            consented(&world, &path, &limited).await;
            let subjects = |answer: &Answer| -> Vec<String> {
                let skills = answer.json()["coreSkills"].as_array().unwrap().clone();
                skills.iter().map(|one| one["subject"].as_str().unwrap().to_owned()).collect()
            };
            let all = world.post_as(&key, QUERY, &asked("a")).await;
            assert_eq!(subjects(&all), ["resuscitation"], "who names none is told of those of the consent");
            let mut named = asked("a");
            named["subjects"] = json!(["resuscitation", "fire-safety"]);
            assert_eq!(world.post_as(&key, QUERY, &named).await.problem(), "no-consent");
            assert_eq!(world.post_as(&key, SEND, &sent("a", "fire-safety", "x")).await.problem(), "no-consent");
            assert_eq!(world.post_as(&key, SEND, &sent("a", "resuscitation", "x")).await.status, 200);
            named["subjects"] = json!(["resuscitation", "juggling"]);
            assert_eq!(world.post_as(&key, QUERY, &named).await.fields(), ["/subjects/1"]);
            let juggling = world.post_as(&key, SEND, &sent("a", "juggling", "x")).await;
            assert_eq!(juggling.fields(), ["/coreSkills/0/subject"]);

            let consents = format!("{path}/consents");
            for (member, value) in [
                ("client", json!("nobody")),
                ("until", json!("2026-07-01T12:00:00Z")),
                ("subjects", json!(["juggling"])),
                ("data", json!(["everything"])),
            ] {
                let mut bad = consent(&["read-core-skills"]);
                bad[member] = value;
                let answer = world.post_as(&world.academy, &consents, &bad).await;
                assert_eq!(answer.status, 422, "{member}");
                assert!(answer.fields().iter().all(|field| field.starts_with(&format!("/{member}"))), "{}", answer.text());
            }
            let nobody = "/v1/learners/0197c1d2-7b3a-7c4d-8e5f-60718293a4b5";
            let answer = world.post_as(&world.academy, &format!("{nobody}/consents"), &consent(&["read-core-skills"])).await;
            assert_eq!(answer.status, 404);
            assert_eq!(world.get_as(&world.academy, &format!("{nobody}/accesses")).await.status, 404);
        });
    }

    fn the_holder_sees_every_attempt_page_by_page_and_it_goes_with_them(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let path = learner(&world, "a").await;
            let later = |second: u32| world.clock.set(testkit::at(&format!("2026-07-01T12:00:0{second}Z")));
            world.post_as(&key, QUERY, &asked("a")).await;
            later(1);
            let id = consented(&world, &path, &consent(&["read-core-skills"])).await;
            let mut one = asked("a");
            one["subjects"] = json!(["fire-safety"]);
            world.post_as(&key, QUERY, &one).await;
            later(2);
            world.post_as(&key, SEND, &sent("a", "fire-safety", "x")).await;
            world.post_as(&key, QUERY, &asked("nobody")).await;

            let mut seen = Vec::new();
            let mut next = Some(format!("{path}/accesses?limit=1"));
            while let Some(page) = next {
                let answer = world.get_as(&world.academy, &page).await.json();
                assert!(seen.len() < 4, "{answer}");
                seen.extend(answer["accesses"].as_array().unwrap().clone());
                next = answer["next"].as_str().map(ToOwned::to_owned);
            }
            let of = |member: &str| -> Vec<Value> { seen.iter().map(|one| one[member].clone()).collect() };
            assert_eq!(of("kind"), ["write", "read", "read"], "the latest first: {seen:?}");
            assert_eq!(of("granted"), [false, true, false]);
            assert_eq!(of("refused"), [json!("no-consent"), Value::Null, json!("no-consent")]);
            assert_eq!(of("consent"), [Value::Null, json!(id), Value::Null]);
            assert_eq!(of("subjects"), [json!(["fire-safety"]), json!(["fire-safety"]), json!([])]);
            let first = &seen[0];
            assert_eq!((&first["client"], &first["clientName"]), (&json!("passport"), &json!("Sample passport")));
            assert_eq!((&first["purpose"], &first["at"]), (&json!("pre-employment-check"), &json!("2026-07-01T12:00:02Z")));
            for bad in ["limit=0", "limit=501", "before=x"] {
                let answer = world.get_as(&world.academy, &format!("{path}/accesses?{bad}")).await;
                assert_eq!(answer.problem(), "malformed-request", "{bad}");
            }

            let erasing = json!({ "erase": path.rsplit('/').next().unwrap() });
            assert_eq!(world.post_as(&world.academy, &format!("{path}/erasure"), &erasing).await.status, 200);
            for what in ["accesses", "consents"] {
                let gone = world.get_as(&world.academy, &format!("{path}/{what}")).await;
                assert_eq!((gone.status.as_u16(), gone.problem().as_str()), (410, "erased"), "{what}");
            }
            let again = world.post_as(&world.academy, &format!("{path}/consents"), &consent(&["read-core-skills"])).await;
            assert_eq!(again.status, 410);
            assert_eq!(withdraw(&world, &world.academy, &format!("{path}/consents/{id}")).await.status, 410);
            assert_eq!(world.post_as(&key, QUERY, &asked("a")).await.problem(), "no-consent", "as of nobody");
        });
    }

    fn the_holder_sees_attempts_that_were_refused_for_their_faults(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let path = learner(&world, "a").await;
            consented(&world, &path, &consent(&["read-core-skills", "write-core-skills"])).await;
            let with = |mut body: Value, pointer: &str, value: Value| {
                *body.pointer_mut(pointer).unwrap() = value;
                body
            };
            let mut national = asked("a");
            national["person"]["nhsNumber"] = json!("9434765919");
            let mut unknown = asked("a");
            unknown["subjects"] = json!(["fire-safety", "no-such-subject"]);
            let faulty = sent("a", "fire-safety", "x");
            let nino = format!("{QUERY}?NINO=QQ123456C");
            for (number, (address, body, status)) in [
                (QUERY, with(asked("a"), "/purpose", json!("No Purpose")), 422),
                (QUERY, national, 422),
                (QUERY, unknown, 422),
                (nino.as_str(), asked("a"), 400),
                (SEND, with(faulty.clone(), "/coreSkills/0/completedOn", json!("2026-02-30")), 422),
                (SEND, with(faulty.clone(), "/coreSkills/0/subject", json!("no-such-subject")), 422),
                // What does not name them, or cannot be read, is not theirs to see.
                (QUERY, with(asked("nobody"), "/purpose", json!(7)), 422),
                (QUERY, with(asked("a"), "/person", json!("sample.a@example.org")), 422),
                (QUERY, with(asked("a"), "/person/identifiers/0/value", json!("sample.a")), 422),
            ]
            .into_iter()
            .enumerate()
            {
                world.clock.set(testkit::at(&format!("2026-07-01T12:00:0{number}Z")));
                let answer = world.post_as(&key, address, &body).await;
                assert_eq!(answer.status.as_u16(), status, "{number}: {}", answer.text());
            }
            let (reads, _) = client(&world.state, "reads", None, &[Scope::CoreSkillsRead]);
            assert_eq!(world.post_as(&reads, SEND, &faulty).await.problem(), "forbidden");

            let seen = world.get_as(&world.academy, &format!("{path}/accesses")).await.json();
            let seen = seen["accesses"].as_array().unwrap();
            let of = |member: &str| -> Vec<&Value> { seen.iter().map(|one| &one[member]).collect() };
            assert_eq!(of("kind"), ["write", "write", "read", "read", "read", "read"], "{seen:#?}");
            assert!(of("granted").iter().all(|granted| **granted == json!(false)));
            assert!(of("refused").iter().all(|refused| **refused == json!("invalid")));
            assert_eq!(seen[5]["purpose"], Value::Null, "it could not be read");
            assert_eq!(seen[4]["purpose"], "pre-employment-check");
            assert_eq!(seen[3]["subjects"], json!(["fire-safety", "no-such-subject"]));
            assert!(!json!(seen).to_string().contains("9434765919"));
        });
    }

    fn people_with_like_identifiers_are_never_mixed(db: TestDb) {
        run(db, async |world| {
            let key = passport(&world, "passport");
            let number = |organisation: &str| json!({ "type": "staffNumber", "value": "4711", "organisation": organisation });
            let email = json!({ "type": "email", "value": "shared@example.org" });
            let mut paths = Vec::new();
            for (name, organisation) in [("Rhiannon Test", "RXX"), ("Rhodri Test", "RYY")] {
                let mut body = completion(organisation);
                body["learner"] = json!({ "name": name, "identifiers": [email, number(organisation)] });
                let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
                assert_eq!(answer.status, 201, "{}", answer.text());
                paths.push(format!("/v1/learners/{}", answer.json()["learner"]["id"].as_str().unwrap()));
            }
            assert_ne!(paths[0], paths[1]);
            consented(&world, &paths[0], &consent(&["read-core-skills"])).await;
            let by = async |identifiers: Value| {
                let mut body = asked("x");
                body["person"]["identifiers"] = identifiers;
                world.post_as(&key, QUERY, &body).await
            };
            assert_eq!(by(json!([number("RXX")])).await.json()["name"], "Rhiannon Test");
            assert_eq!(by(json!([email, number("RXX")])).await.json()["name"], "Rhiannon Test");
            for identifiers in [json!([email]), json!([number("RYY")]), json!([email, number("RYY")]), json!([number("RZZ")])] {
                assert_eq!(by(identifiers.clone()).await.problem(), "no-consent", "{identifiers}");
            }
        });
    }
}

#[test]
fn a_national_identifier_is_refused_with_a_reason_and_a_client_needs_its_scope() {
    run(testkit::TestDb::sqlite(), async |world| {
        let key = passport(&world, "passport");
        let mut body = asked("a");
        body["person"]["nhsNumber"] = json!("9434765919");
        let answer = world.post_as(&key, QUERY, &body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["/person/nhsNumber".to_owned()]));
        assert!(answer.text().contains("national identifier") && !answer.text().contains("9434765919"));
        for path in [QUERY, SEND] {
            let answer = world.post_as(&key, &format!("{path}?NINO=QQ123456C"), &asked("a")).await;
            assert_eq!(answer.problem(), "malformed-request");
            assert!(answer.text().contains("national identifier"), "{}", answer.text());
        }
        let (reads, _) = client(&world.state, "reads", None, &[Scope::CoreSkillsRead]);
        assert_eq!(world.post_as(&reads, QUERY, &asked("a")).await.problem(), "no-consent");
        assert_eq!(world.post_as(&reads, SEND, &sent("a", "fire-safety", "x")).await.problem(), "forbidden");
        let path = learner(&world, "a").await;
        for path in [format!("{path}/consents"), format!("{path}/accesses")] {
            assert_eq!(world.get_as(&key, &path).await.problem(), "forbidden", "{path}");
            assert_eq!(world.get_as(&world.trust, &path).await.problem(), "forbidden", "{path}");
        }
    });
}
