//! Was the provider accredited on the day of the award?

use chrono::TimeDelta;
use model::catalogue::{Accreditation, Catalogue};
use serde_json::{Value, json};
use testkit::{
    backends,
    catalogue::{self, INTRODUCTION, TRUST},
    noon,
};

use crate::world::{World, completion, run};

/// The check of the badge at `url`.
async fn accreditation(world: &World, url: &str) -> Value {
    let badge = world.get(url, "application/vc+ld+json").await;
    let report = world.post("/v1/verify", "application/vc+ld+json", badge.body).await.json();
    let checks = report["checks"].as_array().unwrap();
    let mut found = checks.iter().filter(|check| check["question"] == "accreditation");
    let check = found.next().unwrap_or_else(|| panic!("{report:#}")).clone();
    assert!(found.next().is_none());
    assert_eq!(check["outcome"] == "fail", report["verdict"] == "invalid", "{report:#}");
    check
}

fn badge(issued: &Value) -> String {
    issued["credential"]["url"].as_str().unwrap().to_owned()
}

/// The sample with the trust's accreditation for the introduction changed.
fn with(change: impl FnOnce(&mut Accreditation)) -> Catalogue {
    let mut catalogue = catalogue::sample();
    let is_it =
        |one: &&mut Accreditation| one.provider.as_str() == TRUST && one.achievement.as_str() == INTRODUCTION;
    change(catalogue.accreditations.iter_mut().find(is_it).unwrap());
    catalogue
}

backends! {
    fn what_was_awarded_while_it_held_stays_so(db: TestDb) {
        run(db, async |world| {
            let url = badge(&world.issue().await);
            let check = accreditation(&world, &url).await;
            assert_eq!((&check["code"], &check["outcome"]), (&json!("accreditation-held"), &json!("pass")));
            let finding = check["finding"].as_str().unwrap();
            assert_eq!(finding, "Example Trust was accredited on 30 June 2026: by Sample Digital Academy, from 1 January 2021.");

            let load = |catalogue: &Catalogue, days| {
                world.state.registry.load_catalogue(catalogue, noon() + TimeDelta::days(days)).unwrap();
            };
            load(&with(|one| one.until = Some("2024-12-31".parse().unwrap())), 1);
            world.clock.set(noon() + TimeDelta::days(2));
            let check = accreditation(&world, &url).await;
            assert_eq!((&check["code"], &check["outcome"]), (&json!("accreditation-ended-since"), &json!("pass")), "an end set back: {check}");
            let mut without = catalogue::sample();
            without.accreditations.retain(|one| one.achievement.as_str() != INTRODUCTION);
            load(&without, 2);
            assert_eq!(accreditation(&world, &url).await["code"], "accreditation-ended-since", "withdrawn altogether");
            let refused = world.post_as(&world.trust, "/v1/completions", &completion("b")).await;
            assert_eq!(refused.fields(), ["/achievement"], "and nothing new is awarded");
        });
    }

    fn a_provider_that_was_not_accredited_shows(db: TestDb) {
        run(db, async |world| {
            let url = badge(&world.issue().await);
            // As somebody would do behind the service's back, so that no trace of it is left.
            for table in ["accreditation_versions", "accreditations"] {
                world.tamper(&format!("DELETE FROM {table} WHERE achievement = '{INTRODUCTION}'"));
            }
            world.tamper("UPDATE catalogue_state SET revision = revision + 1");
            let check = accreditation(&world, &url).await;
            assert_eq!((&check["code"], &check["fault"]), (&json!("accreditation-not-held"), &json!("issuer")));
        });
    }

    fn an_award_of_a_rule_has_no_provider(db: TestDb) {
        run(db, async |world| {
            world.issue().await;
            let mut core = completion("a");
            core["achievement"] = json!(catalogue::CORE);
            core["reference"] = json!("core");
            let issued = world.post_as(&world.trust, "/v1/completions", &core).await.json();
            let award = badge(&issued["programmeAwards"][0]);
            assert_eq!(accreditation(&world, &award).await["code"], "accreditation-by-rule");
        });
    }

    fn anybody_may_read_who_may_award_what(db: TestDb) {
        run(db, async |world| {
            let list = async |query: &str| {
                let answer = world.get(&format!("/v1/accreditations?{query}"), "application/json").await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                answer.json()["accreditations"].take()
            };
            let of_trust = list(&format!("provider={TRUST}")).await;
            assert_eq!(of_trust.as_array().unwrap().len(), 2);
            let one = list(&format!("provider={TRUST}&achievement={INTRODUCTION}&on=2026-03-01")).await;
            assert_eq!(one, json!([{
                "provider": { "id": "https://badges.example.org/issuers/example-trust", "slug": TRUST, "name": "Example Trust" },
                "achievement": { "id": "https://badges.example.org/achievements/digital-introduction/1.0", "slug": INTRODUCTION, "name": "Sample digital introduction" },
                "accreditedBy": { "id": "https://badges.example.org/issuers/nhs-digital-academy", "slug": "nhs-digital-academy", "name": "Sample Digital Academy" },
                "from": "2021-01-01",
                "state": "in-force",
                "credential": "https://badges.example.org/v1/accreditations/example-trust/digital-introduction/2021-01-01/nhs-digital-academy",
            }]));
            assert_eq!(list(&format!("achievement={INTRODUCTION}&on=2020-12-31")).await, json!([]));
            let mut without = catalogue::sample();
            without.accreditations.retain(|one| one.provider.as_str() != TRUST);
            world.state.registry.load_catalogue(&without, noon() + TimeDelta::days(1)).unwrap();
            let withdrawn = list(&format!("provider={TRUST}")).await;
            assert_eq!((&withdrawn[0]["state"], &withdrawn[0]["withdrawnOn"]), (&json!("withdrawn"), &json!("2026-07-02")), "{withdrawn}");
            for bad in ["", "on=2026-03-01", "provider=NO", "provider=example-trust&on=soon"] {
                let answer = world.get(&format!("/v1/accreditations?{bad}"), "application/json").await;
                assert_eq!(answer.problem(), "malformed-request", "{bad}");
            }
        });
    }
}
