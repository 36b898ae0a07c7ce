//! Every field of a completion that can be wrong, and what is told of it.

use serde_json::{Value, json};

use crate::{
    bad_input::{problem, recorded},
    server::{Server, completion},
};

/// A completion with the value at `pointer` (whose parent exists) replaced.
fn with(pointer: &str, value: impl Into<Value>) -> Value {
    let mut body = completion("refused");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.into(),
        parent => parent[name] = value.into(),
    }
    body
}

fn without(pointer: &str) -> Value {
    let mut body = completion("refused");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    body
}

fn identified_by(identifiers: Value) -> Value {
    with("/learner/identifiers", identifiers)
}

#[tokio::test]
async fn every_wrong_field_is_named_with_what_was_expected() {
    let server = Server::start(None, &[]).await;
    let before = recorded(&server);
    for (context, body, pointer, code, expected) in wrong_fields() {
        let response = server.post("/v1/completions").json(&body).send().await.unwrap();
        let problem = problem(response, 422, "invalid", context).await;
        let errors = problem["errors"].as_array().unwrap();
        let found = errors.iter().find(|error| error["pointer"] == pointer && error["code"] == code);
        let error = found.unwrap_or_else(|| panic!("{context}: no {pointer} {code} in {problem:#}"));
        assert_eq!(errors.len(), 1, "{context}: one fault is told once: {problem:#}");
        assert!(error["expected"].as_str().unwrap().contains(expected), "{context}: {error}");
        assert!(!error["detail"].as_str().unwrap().is_empty(), "{context}: {error}");
    }
    assert_eq!(recorded(&server), before);
}

type WrongField = (&'static str, Value, &'static str, &'static str, &'static str);

fn wrong_fields() -> Vec<WrongField> {
    let email = |value: &str| identified_by(json!([{"type": "email", "value": value}]));
    let identifier = "/learner/identifiers/0/value";
    let amount = |amount: Value| with("/credit/amount", amount);
    vec![
        (
            "unknown achievement",
            with("/achievement", "no-such-thing"),
            "/achievement",
            "unknown-achievement",
            "user-centred-design",
        ),
        (
            "not a short name",
            with("/achievement", "User Centred"),
            "/achievement",
            "not-a-slug",
            "user-centred-design",
        ),
        (
            "not accredited",
            with("/achievement", "analyst-practice"),
            "/achievement",
            "provider-not-accredited",
            "accredit",
        ),
        (
            "a programme's award",
            with("/achievement", "foundation-certificate"),
            "/achievement",
            "awarded-by-programme",
            "modules",
        ),
        (
            "in the future",
            with("/completedAt", "2099-01-01T00:00:00Z"),
            "/completedAt",
            "in-the-future",
            "not after",
        ),
        (
            "without a zone",
            with("/completedAt", "2026-05-01T15:30:00"),
            "/completedAt",
            "not-date-time",
            "zone",
        ),
        ("no such day", with("/completedAt", "2026-02-30"), "/completedAt", "not-date-time", "2026-05-01"),
        ("a number for a date", with("/completedAt", 1_777_000_000), "/completedAt", "wrong-type", "date"),
        (
            "begun after its end",
            with("/startedOn", "2026-05-02"),
            "/startedOn",
            "not-in-order",
            "completedAt",
        ),
        ("no learner", without("/learner"), "/learner", "missing", "name"),
        ("no name", without("/learner/name"), "/learner/name", "missing", "badge"),
        ("blank name", with("/learner/name", " \u{200b} "), "/learner/name", "empty", "visible"),
        ("a name too long", with("/learner/name", "x".repeat(201)), "/learner/name", "too-long", "200"),
        (
            "a name of two lines",
            with("/learner/name", "A\nB"),
            "/learner/name",
            "control-character",
            "single line",
        ),
        (
            "a NUL in a name",
            with("/learner/name", "A\u{0}B"),
            "/learner/name",
            "control-character",
            "control",
        ),
        (
            "a right-to-left override",
            with("/learner/name", "Sam \u{202e}elpmaS"),
            "/learner/name",
            "direction-override",
            "without it",
        ),
        (
            "an isolate",
            with("/learner/name", "Sam \u{2067}elpmaS"),
            "/learner/name",
            "direction-override",
            "without it",
        ),
        ("a name that is a number", with("/learner/name", 7), "/learner/name", "wrong-type", "string"),
        (
            "no identifiers",
            without("/learner/identifiers"),
            "/learner/identifiers",
            "missing",
            "staff number",
        ),
        (
            "an empty list of identifiers",
            identified_by(json!([])),
            "/learner/identifiers",
            "empty",
            "one or more",
        ),
        (
            "one identifier outside a list",
            identified_by(json!({"type": "email", "value": "a@example.org"})),
            "/learner/identifiers",
            "not-an-array",
            "array",
        ),
        (
            "an identifier without a type",
            identified_by(json!([{"value": "a@example.org"}])),
            "/learner/identifiers/0/type",
            "missing",
            "staffNumber",
        ),
        (
            "an unknown type",
            identified_by(json!([{"type": "nhsNumber", "value": "9"}])),
            "/learner/identifiers/0/type",
            "not-a-choice",
            "staffNumber",
        ),
        ("an email without a domain", email("someone"), identifier, "not-an-email", "email address"),
        ("an email with a space", email("some one@example.org"), identifier, "not-an-email", "email address"),
        (
            "two emails in one",
            email("a@example.org,b@example.org"),
            identifier,
            "not-an-email",
            "email address",
        ),
        (
            "a staff number without its organisation",
            identified_by(json!([{"type": "staffNumber", "value": "12"}])),
            "/learner/identifiers/0/organisation",
            "missing",
            "organisation",
        ),
        (
            "a staff number as a number",
            identified_by(json!([{"type": "staffNumber", "value": 12, "organisation": "RXX"}])),
            identifier,
            "wrong-type",
            "leading zeros",
        ),
        (
            "a registration without its body",
            identified_by(json!([{"type": "professionalRegistration", "value": "1"}])),
            "/learner/identifiers/0/body",
            "missing",
            "FEDIP",
        ),
        (
            "a DID with a fragment",
            identified_by(json!([{"type": "did", "value": "did:key:z6Mk#x"}])),
            identifier,
            "not-a-did",
            "fragment",
        ),
        (
            "two emails",
            identified_by(
                json!([{"type": "email", "value": "a@example.org"}, {"type": "email", "value": "b@example.org"}]),
            ),
            "/learner/identifiers/1",
            "twice",
            "which one",
        ),
        ("negative credit", amount(json!("-1")), "/credit/amount", "negative", "0 to 10000"),
        ("negative credit as a number", amount(json!(-0.5)), "/credit/amount", "negative", "0 to 10000"),
        ("too much credit", amount(json!("10000.01")), "/credit/amount", "too-much", "10000"),
        ("an absurd amount", amount(json!("9".repeat(400))), "/credit/amount", "not-an-amount", "10000"),
        ("an amount too fine", amount(json!("1.005")), "/credit/amount", "too-fine", "two decimal"),
        ("an amount with a comma", amount(json!("1,5")), "/credit/amount", "not-an-amount", "6.5"),
        ("no amount", without("/credit/amount"), "/credit/amount", "missing", "6.5"),
        ("no unit", without("/credit/unit"), "/credit/unit", "missing", "hours"),
        ("an unknown unit", with("/credit/unit", "days"), "/credit/unit", "unknown-unit", "points"),
        (
            "another unit than the achievement's",
            with("/credit/unit", "points"),
            "/credit/unit",
            "mixed-units",
            "hours",
        ),
        (
            "two units",
            with("/credit", json!([{"amount": 1, "unit": "hours"}, {"amount": 1, "unit": "points"}])),
            "/credit",
            "mixed-units",
            "never mix",
        ),
        (
            "an unknown delivery mode",
            with("/deliveryMode", "post"),
            "/deliveryMode",
            "not-a-choice",
            "blended",
        ),
        (
            "evidence by http",
            with("/evidence", json!([{"url": "http://example.org/"}])),
            "/evidence/0/url",
            "not-https",
            "https",
        ),
        (
            "evidence that is a script",
            with("/evidence", json!([{"url": "javascript:alert(1)"}])),
            "/evidence/0/url",
            "not-https",
            "https",
        ),
        (
            "evidence of nothing",
            with("/evidence", json!([{"name": "x"}])),
            "/evidence/0",
            "missing-one-of",
            "narrative",
        ),
        (
            "an unknown result type",
            with("/results/0/resultType", "Marks"),
            "/results/0/resultType",
            "not-a-choice",
            "Percent",
        ),
        (
            "too many results",
            with("/results", vec![json!({"name": "a", "value": "1", "resultType": "Percent"}); 51]),
            "/results",
            "too-many",
            "50",
        ),
        ("a misspelt member", with("/achievment", "x"), "/achievment", "unknown-member", "achievement"),
        ("an unknown member", with("/colour", "blue"), "/colour", "unknown-member", "learner"),
        ("an array", json!([completion("refused")]), "", "wrong-type", "object"),
        ("null", Value::Null, "", "wrong-type", "object"),
    ]
}

#[tokio::test]
async fn what_is_wrong_in_several_places_is_told_at_once() {
    let server = Server::start(None, &[]).await;
    let mut body = with("/completedAt", "2023-12-31T12:00:00Z");
    body["startedOn"] = Value::Null;
    body["credit"]["unit"] = "points".into();
    let response = server.post("/v1/completions").json(&body).send().await.unwrap();
    let before_it_existed = problem(response, 422, "invalid", "before the achievement existed").await;
    let mut codes: Vec<_> = codes(&before_it_existed);
    codes.sort_unstable();
    assert_eq!(codes, ["achievement-not-yet-available", "mixed-units", "provider-not-accredited"]);

    let response = server.post("/v1/completions").json(&json!({"colour": 1})).send().await.unwrap();
    let everything = problem(response, 422, "invalid", "everything").await;
    assert_eq!(everything["errors"].as_array().unwrap().len(), 4, "{everything:#}");
    assert_eq!(recorded(&server), [0; 4]);
}

fn codes(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}
