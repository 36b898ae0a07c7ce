//! `POST /v1/learners/{id}/prior-learning`: a badge that was brought in is accepted as prior
//! learning.

use actix_web::{HttpResponse, web};
use issuing::PriorLearningError;
use model::{id::LearnerId, site::Site};

use super::asked::Asked;
use crate::{
    accepting::not_accepted,
    auth::scope::Scope,
    blocking,
    problem::{Problem, table},
    routes::completions::create::count,
    state::AppState,
    wire::{cpd::PriorLearningRequest, issued::CompletionAnswer},
};

/// Accept a badge from elsewhere as prior learning
///
/// A badge whose credit was brought in counts in no programme by itself. Accepted as prior
/// learning that the catalogue knows, it is the evidence of an award, which counts wherever a
/// programme accepts that prior learning. Who brought it in cannot decide; a transfer is accepted
/// once; the award earns no credit, since the transfer did.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/prior-learning",
    operation_id = "acceptPriorLearning",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = PriorLearningRequest,
    responses(
        (status = 201, description = "It is accepted, and the award issued", body = CompletionAnswer),
        (status = 200, description = "It was accepted before; nothing has changed", body = CompletionAnswer),
        (status = 403, description = "This client brought it in"),
        (status = 404, description = "No such transfer of this learner's"),
        (status = 409, description = "The transfer was decided about before, and otherwise"),
        (status = 422, description = "It is no prior learning, or could not be awarded on that day"),
    ),
    security(("oauth2" = ["ledger:approve"]), ("apiKey" = [])),
)]
pub async fn accept(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LedgerApprove, &path, "learner")?;
    let asked = model::parse::prior_learning(&document).map_err(Problem::invalid)?;
    let acceptance = blocking::run(&state, move |state| {
        let answer = state.service.accept_prior_learning(&caller.acting, learner, &asked);
        answer.map_err(|error| refused(&state.site, error))
    })
    .await?;
    count(&acceptance);
    let mut response = if acceptance.replayed { HttpResponse::Ok() } else { HttpResponse::Created() };
    let answer = CompletionAnswer::of(&state.site, &acceptance);
    Ok(response
        .insert_header(("location", answer.credential.url.clone()))
        .insert_header(("cache-control", "no-store"))
        .json(answer))
}

fn refused(site: &Site, error: PriorLearningError) -> Problem {
    use issuing::AcceptError::{Unmet, Withdrawn};
    match error {
        PriorLearningError::NotFound => Problem::not_found("transfer of this learner"),
        PriorLearningError::SamePerson => {
            Problem::new(&table::TWO_PEOPLE, "This client brought the badge in; another must decide.")
        }
        PriorLearningError::Accept(Unmet { existing: Some(id), .. } | Withdrawn(id)) => {
            let detail = "The badge was accepted before, otherwise, or that was taken back.";
            Problem::new(&table::ALREADY_DECIDED, detail).with("credential", site.credential(id))
        }
        PriorLearningError::Accept(error) => not_accepted(site, error),
    }
}
