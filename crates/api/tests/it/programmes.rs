//! Programmes, where learners stand, and what a level asks for.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use model::{
    catalogue::{Catalogue, Kind},
    id::Slug,
    programme::{AllOf, Counting, NOf, Open, Place, Programme, RequirementSet, Rule, Window},
};
use serde_json::{Value, json};
use testkit::{
    TestDb, backends,
    catalogue::{CERTIFICATE, CORE, FOUNDATION, INTRODUCTION, SEMINAR, sample},
    noon,
};

use crate::world::{World, local, run, slug, steady};

/// The sample catalogue with a diploma above the certificate, a copy of the
/// diploma's programme, and two levels.
fn catalogue() -> Catalogue {
    let mut catalogue = sample();
    for (name, kind) in [("diploma", Kind::Diploma), ("copied-award", Kind::Programme)] {
        let mut award = catalogue.achievements[&slug(CERTIFICATE)].clone();
        (award.slug, award.kind, award.name) = (slug(name), kind, format!("Sample {name}"));
        catalogue.achievements.insert(slug(name), award);
    }
    let group = Rule::NOf(NOf {
        n: 1,
        name: Some("Practice".to_owned()),
        at_level: None,
        from: vec![Rule::achievement(slug(SEMINAR)), Rule::achievement(slug(INTRODUCTION))],
    });
    let open = Rule::Open(Open { slot: slug("practice"), name: None, of: vec![group] });
    let higher = Programme {
        rule: AllOf { name: None, rules: vec![Rule::achievement(slug(CORE)), open] },
        counting: Counting::Alone,
        builds_on: Some(slug(FOUNDATION)),
        ..Programme::plain(slug("higher"), slug("diploma"), [])
    };
    let fills = [(slug("practice"), vec![Rule::achievement(slug(SEMINAR))])].into();
    let copy = model::programme::resolve(
        &higher,
        slug("copy"),
        "1.0".to_owned(),
        slug("copied-award"),
        fills,
        Vec::new(),
    );
    let copy = copy.unwrap();
    let level = |name: &str, needed: Place| RequirementSet {
        slug: slug(name),
        version: "sample-1".to_owned(),
        name: format!("Sample {name}"),
        is_sample: true,
        body: slug(testkit::catalogue::ACADEMY),
        rule: AllOf { name: None, rules: vec![Rule::Place(needed)] },
        window: Window::default(),
    };
    let either = Place { equivalents: vec![slug("diploma")], ..Place::of(slug(CERTIFICATE)) };
    for programme in [higher, copy] {
        catalogue.programmes.insert(programme.slug.clone(), programme);
    }
    for set in [level("practitioner", either), level("expert", Place::of(slug("diploma")))] {
        catalogue.requirements.insert(set.slug.clone(), set);
    }
    catalogue
}

fn load(world: &World, catalogue: &Catalogue) {
    world.state.registry.load_catalogue(catalogue, noon()).unwrap();
}

/// Posts what a learner finished; the answer.
async fn finish(world: &World, who: &str, achievement: &str) -> Value {
    let body = json!({
        "learner": {
            "name": format!("Sample {who}"),
            "identifiers": [{ "type": "email", "value": format!("{who}@example.org") }],
        },
        "achievement": achievement,
        "completedAt": "2026-06-30T15:30:00Z",
        "reference": format!("{who} {achievement}"),
    });
    let key = if achievement == SEMINAR { &world.university } else { &world.trust };
    let answer = world.post_as(key, "/v1/completions", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn credential(world: &World, answer: &Value, form: &str) -> Value {
    let got = world.get(answer["credential"]["url"].as_str().unwrap(), form).await;
    if form.ends_with("jwt") { Value::String(got.text()) } else { got.json() }
}

async fn check(world: &World, level: &str, shared: &[Value]) -> crate::world::Answer {
    let body = json!({ "credentials": shared }).to_string();
    world.post(&format!("/v1/requirements/{level}/check"), "application/json", body).await
}

backends! {
    fn a_programme_is_told_in_words_and_as_data(db: TestDb) {
        run(db, async |world| {
            load(&world, &catalogue());
            let list = world.get("/v1/programmes", "").await.json();
            insta::assert_json_snapshot!("programmes", list);
            let higher = world.get("/v1/programmes/higher", "").await;
            assert!(higher.header("cache-control").contains("max-age"));
            insta::assert_json_snapshot!("programme", higher.json());
            let copy = world.get("/v1/programmes/copy", "").await.json();
            assert_eq!((&copy["version"], &copy["lineage"]["blueprint"]), (&json!("1.0-b1.0"), &json!("higher")));
            assert_eq!(copy["copies"], json!([]));

            let mut revised = catalogue();
            let higher = revised.programmes.get_mut(&slug("higher")).unwrap();
            higher.version = String::from("1.1");
            higher.window.months = Some(12);
            world.state.registry.load_catalogue(&revised, noon() + TimeDelta::days(1)).unwrap();
            let versions = world.get("/v1/programmes/higher", "").await.json();
            assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
            assert_eq!((&versions["version"], &versions["window"]["months"]), (&json!("1.1"), &json!(12)));
            let old = world.get("/v1/programmes/higher?version=1.0", "").await.json();
            assert_eq!((&old["version"], &old["window"]), (&json!("1.0"), &json!({})));
            for path in ["/v1/programmes/nothing", "/v1/programmes/higher?version=7", "/v1/programmes/N"] {
                assert_eq!(world.get(path, "").await.problem(), "not-found", "{path}");
            }
        });
    }

    fn a_learner_sees_where_they_stand_and_what_is_next(db: TestDb) {
        run(db, async |world| {
            load(&world, &catalogue());
            let first = finish(&world, "sian", INTRODUCTION).await;
            let learner = first["learner"]["id"].as_str().unwrap().to_owned();
            let path = format!("/v1/learners/{learner}/pathways");
            let pathways = world.get_as(&world.academy, &path).await;
            assert_eq!(pathways.header("cache-control"), "no-store");
            insta::assert_json_snapshot!("pathways_begun", steady(pathways.json()));
            finish(&world, "sian", CORE).await;
            let finished = world.get_as(&world.academy, &path).await.json();
            insta::assert_json_snapshot!("pathways_finished", steady(finished));

            // A provider is told what follows from its own completions alone.
            assert_eq!(world.get_as(&world.university, &path).await.problem(), "not-found");
            let own = world.get_as(&world.trust, &path).await.json();
            assert_eq!(own["basis"], "own");
            assert_eq!(own["requirements"][1]["standing"], "not_begun", "the certificate is the Academy's");
            assert_eq!(world.get_as(&world.powerless, &path).await.problem(), "forbidden");
            assert_eq!(world.get(&path, "").await.problem(), "unauthenticated");
            let nobody = "/v1/learners/3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e11/pathways";
            assert_eq!(world.get_as(&world.academy, nobody).await.problem(), "not-found");
        });
    }

    fn an_award_names_the_later_one_that_builds_on_it(db: TestDb) {
        run(db, async |world| {
            let mut later = catalogue();
            let higher = later.programmes.get_mut(&slug("higher")).unwrap();
            higher.rule.rules.push(Rule::achievement(slug(SEMINAR)));
            later.programmes.remove(&slug("copy"));
            load(&world, &later);
            finish(&world, "sian", INTRODUCTION).await;
            let certificate = finish(&world, "sian", CORE).await["programmeAwards"][0].clone();
            let url = certificate["credential"]["url"].as_str().unwrap().to_owned();
            assert_eq!(world.get(&url, "").await.header("link"), "");
            let diploma = finish(&world, "sian", SEMINAR).await["programmeAwards"][0].clone();
            let successor = diploma["credential"]["url"].as_str().unwrap();
            let link = world.get(&url, "").await.header("link").to_owned();
            assert_eq!(link, format!("<{successor}>; rel=\"successor-version\""));
            let page = world.get(local(certificate["credential"]["page"].as_str().unwrap()), "text/html").await;
            assert!(page.text().contains("A later award of the holder builds on this one"), "{}", page.text());
            let verified = world.get(&url, "").await.text();
            let report = world.post("/v1/verify", "application/vc+ld+json", verified).await.json();
            assert_eq!(report["verdict"], "valid", "the certificate stays valid");
        });
    }

    fn an_employer_checks_a_level_with_what_is_shared(db: TestDb) {
        run(db, async |world| {
            load(&world, &catalogue());
            finish(&world, "sian", INTRODUCTION).await;
            let brought = finish(&world, "sian", CORE).await;
            let certificate = credential(&world, &brought["programmeAwards"][0], "application/json").await;
            let as_jwt = credential(&world, &brought["programmeAwards"][0], "application/vc+jwt").await;
            let core = credential(&world, &brought, "application/json").await;

            let met = check(&world, "practitioner", &[core.clone(), certificate.clone(), as_jwt.clone()]).await;
            assert_eq!(met.status, 200, "{}", met.text());
            insta::assert_json_snapshot!("level_met", steady(met.json()));
            let gap = check(&world, "expert", &[core.clone(), certificate.clone()]).await.json();
            insta::assert_json_snapshot!("level_gap", steady(gap));
            assert_eq!(check(&world, "practitioner", &[as_jwt]).await.json()["standing"], "met");
            // What is not shared is not looked at, though it is known here.
            assert_eq!(check(&world, "practitioner", std::slice::from_ref(&core)).await.json()["standing"], "not_begun");

            let mut changed = certificate.clone();
            changed["name"] = json!("Another name");
            let answer = check(&world, "practitioner", &[changed, json!("no credential")]).await.json();
            assert_eq!(answer["standing"], "not_begun");
            let reasons: Vec<_> = answer["credentials"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap().to_owned()).collect();
            assert_eq!(reasons, ["not-valid", "not-valid"]);

            let owens = finish(&world, "owen", CORE).await;
            let owens = credential(&world, &owens, "application/json").await;
            let mixed = check(&world, "practitioner", &[certificate.clone(), owens]).await;
            assert_eq!(mixed.problem(), "invalid");
            assert!(mixed.text().contains("several-holders"), "{}", mixed.text());

            let id = brought["programmeAwards"][0]["credential"]["id"].as_str().unwrap();
            let reason = json!({ "reason": "Not earned" });
            world.post_as(&world.academy, &format!("/v1/credentials/{id}/revoke"), &reason).await;
            let revoked = check(&world, "practitioner", std::slice::from_ref(&certificate)).await.json();
            assert_eq!((&revoked["standing"], &revoked["credentials"][0]["reason"]), (&json!("not_begun"), &json!("not-valid")));

            assert_eq!(check(&world, "nothing", &[core]).await.problem(), "not-found");
            assert_eq!(check(&world, "expert", &[]).await.problem(), "invalid");
            let empty = world.post("/v1/requirements/expert/check", "application/json", "").await;
            assert_eq!(empty.problem(), "invalid");
            let many = vec![json!("x"); 51];
            assert_eq!(check(&world, "expert", &many).await.problem(), "invalid");
        });
    }

    fn a_report_says_whether_a_level_is_met_part_by_part(db: TestDb) {
        run(db, async |world| {
            load(&world, &catalogue());
            finish(&world, "sian", INTRODUCTION).await;
            let brought = finish(&world, "sian", CORE).await;
            let certificate = credential(&world, &brought["programmeAwards"][0], "application/json").await.to_string();
            let core = credential(&world, &brought, "application/json").await.to_string();
            let ask = async |level: &str, badge: &str| {
                let path = format!("/v1/verify?level={level}");
                world.post(&path, "application/json", badge.to_owned()).await
            };
            let level = |report: &Value| {
                let checks = report["checks"].as_array().unwrap().clone();
                let of = checks.into_iter().filter(|check| check["question"] == "level");
                of.map(|check| format!("{} {}", check["code"].as_str().unwrap(), check["finding"].as_str().unwrap())).collect::<Vec<_>>()
            };
            let met = ask("practitioner", &certificate).await.json();
            assert_eq!(met["verdict"], "valid");
            assert_eq!(level(&met), ["level-met It meets the level Sample practitioner.", "level-part-met Met: Sample foundation certificate."]);
            let gap = ask("practitioner", &core).await.json();
            assert_eq!(gap["verdict"], "invalid");
            assert_eq!(level(&gap)[0], "level-not-met It does not meet the level Sample practitioner.");
            assert!(level(&gap)[1].starts_with("level-part-missing Missing: Sample foundation certificate or Sample diploma"), "{gap}");

            let changed = certificate.replacen("Sample sian", "Sample Owen", 1);
            assert_eq!(ask("practitioner", &changed).await.json()["verdict"], "invalid");
            let unknown = ask("wizard", &certificate).await;
            assert_eq!((unknown.status.as_u16(), unknown.fields()), (422, vec!["/level".to_owned()]));
            let receipt = TestRequest::post().uri("/v1/verify?level=practitioner").insert_header(("accept", "application/vc"));
            let receipt = world.send(receipt.insert_header(("content-type", "application/json")).set_payload(certificate.clone())).await;
            assert!(receipt.text().contains("pass: level-met"), "{}", receipt.text());

            let id = brought["programmeAwards"][0]["credential"]["id"].as_str().unwrap();
            let before = world.state.clock.now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            world.clock.set(world.state.clock.now() + TimeDelta::days(2));
            let reason = json!({ "reason": "Not earned" });
            world.post_as(&world.academy, &format!("/v1/credentials/{id}/revoke"), &reason).await;
            let revoked = ask("practitioner", &certificate).await.json();
            assert!(level(&revoked)[1].starts_with("level-part-revoked Revoked: Sample foundation certificate"), "{revoked}");
            let then = ask(&format!("practitioner&as_of={before}"), &certificate).await.json();
            assert_eq!((&then["verdict"], level(&then).len()), (&json!("valid"), 2), "as of then it was met");
            let page = world.get("/verify", "text/html").await;
            assert!(page.text().contains("<option value=\"practitioner\">Sample practitioner</option>"));
        });
    }

    fn an_editor_sees_who_a_revision_affects(db: TestDb) {
        run(db, async |world| {
            load(&world, &catalogue());
            for who in ["sian", "owen"] {
                finish(&world, who, SEMINAR).await;
            }
            finish(&world, "mali", INTRODUCTION).await;
            let whole = finish(&world, "mali", CORE).await;
            assert_eq!(whole["programmeAwards"].as_array().unwrap().len(), 2, "certificate and diploma");
            let revised = json!({ "programmes": { "higher": {
                "version": "1.1",
                "achievement": "diploma",
                "all_of": [CORE, { "open": "practice", "of": [SEMINAR] }],
                "counting": "alone",
                "builds_on": FOUNDATION,
            } } });
            let answer = world.post_as(&world.academy, "/v1/programmes/preview", &revised).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            insta::assert_json_snapshot!("preview", answer.json());
            assert_eq!(world.state.registry.programme_versions().unwrap().len(), 3, "nothing is stored");

            let mut same_version = revised.clone();
            same_version["programmes"]["higher"]["version"] = json!("1.0");
            let refused = world.post_as(&world.academy, "/v1/programmes/preview", &same_version).await.json();
            assert_eq!(refused["refused"], json!(["higher"]), "the copy fills what changed in its own way");

            let mut without_core = revised.clone();
            without_core["programmes"]["higher"]["all_of"] = json!([{ "open": "craft", "of": [SEMINAR] }]);
            let faults = world.post_as(&world.academy, "/v1/programmes/preview", &without_core).await;
            assert_eq!(faults.problem(), "invalid");
            assert_eq!(faults.fields(), ["/programmes/higher/all_of", "/programmes/copy"]);
            let yaml = TestRequest::post()
                .uri("/v1/programmes/preview")
                .insert_header(("x-api-key", world.academy.as_str()))
                .insert_header(("content-type", "application/yaml"))
                .set_payload("programmes: [");
            assert_eq!(world.send(yaml).await.problem(), "invalid");
            assert_eq!(world.post_as(&world.trust, "/v1/programmes/preview", &revised).await.problem(), "forbidden");
            assert_eq!(world.get("/v1/programmes/preview", "").await.problem(), "method-not-allowed");
        });
    }
}

/// A signed document that calls itself ours and is not.
#[test]
fn what_somebody_else_signed_does_not_count() {
    run(TestDb::sqlite(), async |world| {
        load(&world, &catalogue());
        finish(&world, "sian", INTRODUCTION).await;
        let brought = finish(&world, "sian", CORE).await;
        let mut forged = credential(&world, &brought["programmeAwards"][0], "application/json").await;
        forged.as_object_mut().unwrap().remove("proof");
        // A stranger signs it with a good key of their own, in their own name.
        let signed = signed_by_a_stranger(forged);
        let answer = check(&world, "practitioner", &[signed]).await.json();
        assert_eq!(answer["standing"], "not_begun", "{answer}");
        let shared = &answer["credentials"][0];
        assert_eq!((&shared["verdict"], &shared["reason"]), (&json!("valid"), &json!("not-ours")));
    });
}

/// Every achievement that a gap names can be looked at.
#[test]
fn what_is_next_is_there() {
    run(TestDb::sqlite(), async |world| {
        load(&world, &catalogue());
        let first = finish(&world, "sian", INTRODUCTION).await;
        let path = format!("/v1/learners/{}/pathways", first["learner"]["id"].as_str().unwrap());
        let pathways = world.get_as(&world.academy, &path).await.json();
        let mut seen = 0;
        for item in pathways["programmes"].as_array().unwrap() {
            for next in item["gap"]["next"].as_array().into_iter().flatten() {
                let page = world.get(local(next["url"].as_str().unwrap()), "text/html").await;
                assert_eq!(page.status, 200, "{next}");
                assert!(Slug::new(next["achievement"].as_str().unwrap()).is_ok());
                seen += 1;
            }
        }
        assert!(seen >= 3, "{pathways}");
    });
}

fn signed_by_a_stranger(mut document: Value) -> Value {
    use ed25519_dalek::{Signer as _, SigningKey};
    use proof::{
        multikey::PublicKey,
        suite::eddsa_rdfc_2022::{ProofOptions, attach, signing_input},
    };

    let key = SigningKey::from_bytes(&[7; 32]);
    let name = PublicKey::Ed25519(key.verifying_key()).to_multibase();
    document["issuer"]["id"] = json!(format!("did:key:{name}"));
    document.as_object_mut().unwrap().remove("credentialStatus");
    let options = ProofOptions {
        verification_method: format!("did:key:{name}#{name}"),
        created: noon(),
        proof_purpose: "assertionMethod",
    };
    let input = signing_input(&document, &options).unwrap();
    let signature = key.sign(input.as_ref()).to_bytes();
    attach(document, &options, &signature)
}
