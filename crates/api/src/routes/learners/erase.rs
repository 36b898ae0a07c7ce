//! `POST /v1/learners/{id}/erasure`: forgets a person, for good.

use actix_web::{HttpResponse, web};
use model::{field::FieldError, id::LearnerId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::{auth::scope::Scope, blocking, problem::Problem, state::AppState, wire::ledger::rfc3339};

/// That a learner is to be erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "erase": "0197c1d2-7b3a-7c4d-8e5f-60718293a4b5", "revoke": false }))]
pub struct ErasureRequest {
    /// The learner's UUID once more, since nothing brings them back.
    #[schema(format = Uuid)]
    pub erase: String,
    /// Whether their badges are revoked too. Without it they stay valid for whoever has
    /// kept them.
    pub revoke: Option<bool>,
}

/// A learner who was erased.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureAnswer {
    /// The learner's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// When they were erased.
    #[schema(format = DateTime)]
    pub erased_at: String,
    /// Whether they had been erased before; then only what `revoke` asked for was done.
    pub was_already_erased: bool,
    /// The badges that were revoked now.
    pub revoked: Vec<String>,
}

/// Erase a learner
///
/// Deletes the key under which everything about the person is sealed, for good. Their badges,
/// ledger and pathways are answered with 410 from then on; status lists, the log and everybody
/// else's badges stay as they are. Erasing again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/erasure",
    operation_id = "eraseLearner",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = ErasureRequest,
    responses(
        (status = 200, description = "They are erased", body = ErasureAnswer),
        (status = 403, description = "The client lacks the scope, or is a provider's"),
        (status = 404, description = "No such learner"),
        (status = 422, description = "The body does not name the learner of the address"),
    ),
    security(("oauth2" = ["learners:erase"]), ("apiKey" = [])),
)]
pub async fn erase(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LearnersErase, &path, "learner")?;
    let revoke = confirmed(&document, learner).map_err(Problem::invalid)?;
    let erased =
        blocking::run(&state, move |state| Ok(state.service.erase(&caller.acting, learner, revoke)?)).await?;
    let erasure = erased.ok_or_else(|| Problem::not_found("learner"))?;
    metrics::counter!("lanyard_learners_erased_total").increment(u64::from(!erasure.was_already));
    metrics::counter!("lanyard_credentials_revoked_total")
        .increment(u64::try_from(erasure.revoked.len()).unwrap_or(u64::MAX));
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(ErasureAnswer {
        id: learner.to_string(),
        erased_at: rfc3339(erasure.at),
        was_already_erased: erasure.was_already,
        revoked: erasure.revoked.iter().map(ToString::to_string).collect(),
    }))
}

/// Whether badges are to be revoked, if the body means this learner.
fn confirmed(document: &Value, learner: LearnerId) -> Result<bool, Vec<FieldError>> {
    let expected =
        "an object with `erase`, the learner\u{2019}s id as in the address, and perhaps `revoke`, a boolean";
    let fault = |pointer: &str, code, detail: &str| FieldError::new(pointer, code, detail, expected);
    let Some(members) = document.as_object() else {
        return Err(vec![fault("", "not-an-object", "the body is not an object")]);
    };
    let mut faults: Vec<FieldError> = members
        .keys()
        .filter(|name| !["erase", "revoke"].contains(&name.as_str()))
        .map(|name| fault(&format!("/{name}"), "unknown-member", "this member is not known"))
        .collect();
    let named = members.get("erase").and_then(Value::as_str).and_then(|text| text.parse().ok());
    if named != Some(learner) {
        faults.push(fault("/erase", "not-confirmed", "it does not name the learner of the address"));
    }
    let revoke = members.get("revoke").map_or(Some(false), Value::as_bool);
    match revoke {
        Some(revoke) if faults.is_empty() => return Ok(revoke),
        Some(_) => {}
        None => faults.push(fault("/revoke", "not-a-boolean", "it is neither true nor false")),
    }
    Err(faults)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_body_that_names_the_same_learner_confirms() {
        let learner: LearnerId = "0197c1d2-7b3a-7c4d-8e5f-60718293a4b5".parse().unwrap();
        let same = learner.to_string();
        assert_eq!(confirmed(&json!({"erase": same}), learner), Ok(false));
        assert_eq!(confirmed(&json!({"erase": same, "revoke": true}), learner), Ok(true));
        for (bad, pointer) in [
            (json!("erase"), ""),
            (json!({}), "/erase"),
            (json!({"erase": true}), "/erase"),
            (json!({"erase": "0197c1d2-7b3a-7c4d-8e5f-60718293a4b6"}), "/erase"),
            (json!({"erase": same, "revoke": "yes"}), "/revoke"),
            (json!({"erase": same, "reason": "x"}), "/reason"),
        ] {
            let faults = confirmed(&bad, learner).unwrap_err();
            assert_eq!(
                faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(),
                [pointer],
                "{bad}"
            );
        }
    }
}
