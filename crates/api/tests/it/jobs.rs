//! Lists of credentials that are checked in their own time.

use actix_web::test::TestRequest;
use api::work_off;
use model::{clock::Clock as _, id::VerificationJobId};
use registry::{JobBegun, NewJobGroup, NewVerificationJob};
use serde_json::{Value, json};
use testkit::{SeededEntropy, backends};

use crate::world::{Answer, World, run};

const NDJSON: &str = "application/x-ndjson";

/// Has the database refuse what was found, by words that it has for troubles that pass, and
/// take it again.
const SQLITE: (&str, &str) = (
    "CREATE TRIGGER refuse_results BEFORE UPDATE OF results ON verification_job_groups
     BEGIN SELECT RAISE(ABORT, 'database is locked'); END",
    "DROP TRIGGER refuse_results",
);
const POSTGRES: (&str, &str) = (
    "CREATE FUNCTION refuse_results() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'canceling statement due to a test'; END $$;
     CREATE TRIGGER refuse_results BEFORE UPDATE OF results ON verification_job_groups
     FOR EACH ROW EXECUTE FUNCTION refuse_results()",
    "DROP TRIGGER refuse_results ON verification_job_groups",
);

async fn send(world: &World, key: &str, query: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
    let mut request = TestRequest::post()
        .uri(&format!("/v1/verification-jobs{query}"))
        .insert_header(("authorization", format!("Bearer {key}")));
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.insert_header(("content-type", NDJSON));
    }
    for (name, value) in headers {
        request = request.insert_header((*name, *value));
    }
    world.send(request.set_payload(body.to_owned())).await
}

fn path(job: &Value, more: &str) -> String {
    format!("/v1/verification-jobs/{}{more}", job["id"].as_str().unwrap())
}

async fn results(world: &World, job: &Value, after: u64) -> Vec<Value> {
    let answer = world.get_as(&world.trust, &path(job, &format!("/results?after={after}"))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A job of the trust's of two rows and of one, kept in this form.
fn kept_by_another(world: &World, asked: &Value, groups: [&Value; 2]) -> Value {
    let (now, entropy) = (world.clock.now(), SeededEntropy::new(99));
    let id = VerificationJobId::random(world.state.entropy.as_ref());
    let job = NewVerificationJob { id, client: "trust", asked, idempotency: None, held_until: now, most: 9 };
    let registry = world.db.registry();
    let Ok(JobBegun::Begun(key)) = registry.begin_verification_job(&job, now, &entropy) else {
        panic!("it is begun")
    };
    for ((first_line, last_line), lines) in [(1, 2), (3, 3)].into_iter().zip(groups.map(Value::to_string)) {
        let group = NewJobGroup { first_line, last_line, count: last_line + 1 - first_line, lines: &lines };
        assert!(registry.add_to_verification_job(&key, group, &entropy).unwrap());
    }
    assert!(registry.accept_verification_job(id, &[7; 32]).unwrap());
    json!({ "id": id })
}

backends! {
    fn a_list_is_kept_checked_and_read_in_order(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let good = world.get(issued["credential"]["url"].as_str().unwrap(), "application/json").await.text();
            let altered = good.replacen("Sample Learner", "Another Learner", 1);
            let rows: Vec<&str> = (0..200).map(|n| match n % 50 { 7 => "nonsense", 8 => &altered, 9 => "{}", _ => &good }).collect();
            let answer = send(&world, &world.trust, "", &[], &rows.join("\n")).await;
            assert_eq!(answer.status, 202, "{}", answer.text());
            let job = answer.json();
            assert_eq!((answer.header("location"), &job["state"]), (job["url"].as_str().unwrap(), &json!("working")));
            assert_eq!((&job["counted"], &job["done"]), (&json!(200), &json!(0)));
            assert_eq!(results(&world, &job, 0).await, [json!({"summary": {"after": 0, "more": true}})]);

            work_off(world.state.clone()).await.unwrap();
            let done = world.get_as(&world.trust, &path(&job, "")).await.json();
            let sums = ["state", "done", "valid", "invalid", "unreadable"].map(|name| done[name].clone());
            assert_eq!(sums, [json!("done"), json!(200), json!(188), json!(8), json!(4)], "{done}");
            assert!(done["keptUntil"].is_string() && done["finishedAt"].is_string(), "{done}");

            let all = results(&world, &job, 0).await;
            assert_eq!(all.len(), 201);
            for (number, (line, row)) in all.iter().zip(&rows).enumerate() {
                assert_eq!(line["line"], number + 1, "{line}");
                let found = line["result"]["verdict"].as_str().unwrap_or("unreadable");
                let expected = match *row { "{}" => "unreadable", row if row == good => "valid", _ => "invalid" };
                assert_eq!(found, expected, "{line}");
            }
            assert_eq!(all[200], json!({"summary": {"after": 200, "more": false}}));
            // From the middle of a group on, and after the end.
            let later = results(&world, &job, 130).await;
            assert_eq!((later.len(), &later[0]), (71, &all[130]));
            assert_eq!(results(&world, &job, 200).await, [json!({"summary": {"after": 200, "more": false}})]);
        });
    }

    fn a_job_is_its_own_client_s_alone_and_goes_when_it_is_told_to(db: TestDb) {
        run(db, async |world| {
            let job = send(&world, &world.trust, "", &[], "nonsense").await.json();
            for more in ["", "/results"] {
                for other in [&world.university, &world.academy] {
                    assert_eq!(world.get_as(other, &path(&job, more)).await.status, 404);
                }
                assert_eq!(world.get_as(&world.powerless, &path(&job, more)).await.status, 403);
            }
            let remove = async |key: &str| {
                let request = TestRequest::delete().uri(&path(&job, "")).insert_header(("authorization", format!("Bearer {key}")));
                world.send(request).await.status.as_u16()
            };
            assert_eq!([remove(&world.university).await, remove(&world.trust).await, remove(&world.trust).await], [404, 204, 404]);
            work_off(world.state.clone()).await.unwrap();
            assert_eq!(world.get_as(&world.trust, &path(&job, "/results")).await.status, 404);
        });
    }

    fn the_same_request_makes_one_job_and_another_by_its_key_is_refused(db: TestDb) {
        run(db, async |world| {
            let key = [("idempotency-key", "monday")];
            let first = send(&world, &world.trust, "", &key, "nonsense").await;
            let again = send(&world, &world.trust, "", &key, "nonsense").await;
            assert_eq!((first.status.as_u16(), again.status.as_u16()), (202, 200));
            assert_eq!((&first.json()["id"], again.header("idempotency-replayed")), (&again.json()["id"], "true"));
            for (query, body) in [("", "other"), ("?report=full", "nonsense")] {
                assert_eq!(send(&world, &world.trust, query, &key, body).await.problem(), "idempotency-key-reused");
            }
            assert_eq!(send(&world, &world.university, "", &key, "other").await.status, 202, "another's key");
        });
    }

    fn a_database_that_takes_nothing_is_no_fault_of_the_lines(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let good = world.get(issued["credential"]["url"].as_str().unwrap(), "application/json").await.text();
            let job = send(&world, &world.trust, "", &[], &[&good, "nonsense"].join("\n")).await.json();
            let (refuse, take) = if world.db.url().starts_with("sqlite:") { SQLITE } else { POSTGRES };
            world.db.sql(refuse).unwrap();
            for time in 0..7 {
                // Each time another process, since the one before has not said anything for so long.
                world.clock.set(testkit::noon() + chrono::TimeDelta::seconds(16 * time));
                let refused = work_off(world.state.clone()).await.unwrap_err();
                assert_eq!(refused.kind.slug, "unavailable");
                let waiting = world.get_as(&world.trust, &path(&job, "")).await.json();
                assert_eq!((&waiting["state"], &waiting["done"]), (&json!("working"), &json!(0)));
            }
            world.db.sql(take).unwrap();
            world.clock.set(testkit::noon() + chrono::TimeDelta::minutes(5));
            work_off(world.state.clone()).await.unwrap();
            let lines = results(&world, &job, 0).await;
            let verdicts = [0, 1].map(|line: usize| lines[line]["result"]["verdict"].clone());
            assert_eq!(verdicts, ["valid", "invalid"].map(Value::from), "{lines:?}");
        });
    }

    fn a_job_that_cannot_be_read_keeps_no_other_from_being_checked(db: TestDb) {
        run(db, async |world| {
            let broken = send(&world, &world.trust, "", &[], "nonsense").await.json();
            let good = send(&world, &world.trust, "", &[], "nonsense").await.json();
            let [id, other] = [&broken, &good].map(|job| job["id"].as_str().unwrap());
            // Its key is another's.
            world.db.tamper(&format!(
                "UPDATE verification_jobs SET job_key = (SELECT job_key FROM verification_jobs WHERE id = '{other}') WHERE id = '{id}'"
            ));
            work_off(world.state.clone()).await.unwrap();
            let states = [&broken, &good].map(|job| path(job, ""));
            assert_eq!(world.get_as(&world.trust, &states[0]).await.json()["state"], "working");
            assert_eq!(world.get_as(&world.trust, &states[1]).await.json()["state"], "done");
        });
    }

    fn a_group_that_opens_and_is_not_understood_ends_with_a_fault(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let good = world.get(issued["credential"]["url"].as_str().unwrap(), "application/json").await.text();
            // What another release kept, sealed in the place of what this one would; the group after
            // it is as it must be.
            let row = |number: u64, text: &str| json!({ "row": number, "line": number, "what": { "Text": text } });
            let as_it_was = json!({ "policy": null, "whole": false, "welsh": false });
            let told = [(json!([row(1, &good), { "row": 2 }]), as_it_was.clone()), (json!({}), as_it_was)];
            for (kept, asked) in told {
                let job = kept_by_another(&world, &asked, [&kept, &json!([row(3, &good)])]);
                work_off(world.state.clone()).await.unwrap();
                let told = world.get_as(&world.trust, &path(&job, "")).await.json();
                assert_eq!(told["state"], "done", "{told}");
                let sums = ["counted", "done", "valid", "unreadable"].map(|sum| told[sum].as_u64().unwrap());
                assert_eq!(sums, [3, 3, 1, 2], "{told}");
                let lines = results(&world, &job, 1).await;
                assert_eq!((lines.len(), &lines[0]["line"], &lines[0]["problem"]["status"]), (3, &json!(2), &json!(500)));
                let detail = lines[0]["problem"]["detail"].as_str().unwrap();
                assert!(detail.starts_with("The rows on the lines 1 to 2 were kept, and cannot be read back"), "{detail}");
                assert_eq!((&lines[1]["result"]["verdict"], &lines[2]["summary"]["more"]), (&json!("valid"), &json!(false)));
            }
            let row = json!([row(1, &good)]);
            let job = kept_by_another(&world, &json!({ "policy": 7 }), [&row, &row]);
            work_off(world.state.clone()).await.unwrap();
            let told = world.get_as(&world.trust, &path(&job, "")).await.json();
            assert_eq!((&told["state"], &told["unreadable"]), (&json!("done"), &json!(3)), "{told}");
        });
    }

    fn what_is_no_list_leaves_nothing(db: TestDb) {
        run(db, async |world| {
            let long = "x\n".repeat(100_001);
            for (query, headers, body, status) in [
                ("", [].as_slice(), "", 422),
                ("", &[("content-type", "text/csv")], "name\nx\n", 422),
                ("", &[("content-type", "application/json")], "[]", 415),
                ("?report=long", &[], "x", 422),
                ("?policy=nobody", &[], "x", 422),
                ("", &[], &long, 413),
            ] {
                let answer = send(&world, &world.trust, query, headers, body).await;
                assert_eq!(answer.status, status, "{}", answer.text());
            }
            // So there is room for as many as there may be, and no more.
            for number in 0..17 {
                let answer = send(&world, &world.trust, "", &[], "x").await;
                assert_eq!(answer.status, if number < 16 { 202 } else { 409 }, "{number}: {}", answer.text());
            }
            assert_eq!(send(&world, &world.powerless, "", &[], "x").await.status, 403);
            let more = registry::ClientLimits { jobs: std::num::NonZeroU32::new(17), ..registry::ClientLimits::default() };
            world.state.registry.limit_client("trust", registry::LimitChange::To(more), testkit::noon()).unwrap();
            for status in [202, 409] {
                assert_eq!(send(&world, &world.trust, "", &[], "x").await.status, status);
            }
        });
    }
}
