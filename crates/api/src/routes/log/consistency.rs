//! `GET /v1/log/consistency`: did the log only grow?

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::log::ConsistencyDocument,
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    from: u64,
    to: u64,
}

/// The proof that the log only grew
///
/// Between any two sizes, checkpoints or not (RFC 9162, section 2.1.4). Compare the
/// roots with checkpoints you hold: what is said here is signed by nobody.
#[utoipa::path(
    get,
    path = "/v1/log/consistency",
    operation_id = "getLogConsistency",
    tag = "Log",
    params(
        ("from" = u64, Query, description = "The smaller size"),
        ("to" = u64, Query, description = "The larger size, at most the log's"),
    ),
    responses(
        (status = 200, description = "The proof", body = ConsistencyDocument),
        (status = 400, description = "A size is missing, or they are not in this order"),
        (status = 404, description = "The log is not as large yet"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let Query { from, to } = query.into_inner();
    if from > to {
        return Err(Problem::malformed("`from` is larger than `to`."));
    }
    let proof = blocking::run(&state, move |state| Ok(state.service.log_consistency(from, to)?)).await?;
    let proof = proof.ok_or_else(|| Problem::not_found("size of the log"))?;
    let body = serde_json::to_string(&ConsistencyDocument::new(from, to, &proof));
    let body = body.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::Forever))
}
