//! `POST /v1/completions/withdraw`: a provider takes back what it stated.

use actix_web::{HttpRequest, HttpResponse, web};
use issuing::Withdrawal;
use model::{completion::StatedWithdrawal, site::Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accepting::not_withdrawn,
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::{
        issued::{CredentialLinks, Named},
        ledger::rfc3339,
    },
};

/// Which completion is taken back, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "reference": "course-42-user-7", "reason": "The assessment was marked wrongly" }))]
#[serde(deny_unknown_fields)]
pub struct WithdrawRequest {
    /// The provider's own reference; or else `completion`.
    pub reference: Option<String>,
    /// The completion's UUID, for one that has no reference.
    #[schema(format = Uuid)]
    pub completion: Option<String>,
    /// The reason, 1 to 500 characters. It is recorded, not published.
    #[schema(max_length = 500, min_length = 1)]
    pub reason: String,
}

/// A completion that was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawAnswer {
    /// The completion.
    pub completion: Named,
    /// Its credential, which is revoked.
    pub credential: CredentialLinks,
    /// When it was taken back.
    #[schema(format = DateTime)]
    pub withdrawn_at: String,
    /// Why.
    pub reason: String,
    /// Whether it had been taken back, or its credential revoked, before; then nothing
    /// changed, and that time and reason are given.
    pub was_already_withdrawn: bool,
    /// Credentials of programmes in which it counted that were revoked with it.
    pub revoked_with_it: Vec<CredentialLinks>,
    /// Awards of programmes in which it counted that the Academy will look at.
    pub to_review: Vec<Named>,
    /// The status list that says so to everybody.
    #[schema(format = "uri")]
    pub status_list: String,
}

/// Withdraw a completion
///
/// Its credential is revoked and its credit taken out of the ledger, in one step; awards
/// of programmes in which it counted are revoked with it or looked at, as their programme
/// says. Withdrawing twice changes nothing: the first time and reason stand. What was
/// withdrawn does not come back by being posted again.
#[utoipa::path(
    post,
    path = "/v1/completions/withdraw",
    operation_id = "withdrawCompletion",
    tag = "Completions",
    request_body = WithdrawRequest,
    responses(
        (status = 200, description = "It is withdrawn", body = WithdrawAnswer),
        (status = 404, description = "No such completion of this provider"),
        (status = 409, description = "It is in flight, or was corrected since"),
        (status = 422, description = "It is not said which completion, or the reason is missing or too long"),
    ),
    security(("oauth2" = ["completions:write"]), ("apiKey" = [])),
)]
pub async fn withdraw(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CompletionsWrite)?;
    let document = body::json(&request, &payload)?;
    let StatedWithdrawal { which, reason } = model::parse::withdrawal(&document).map_err(Problem::invalid)?;
    let withdrawal = blocking::run(&state, move |state| {
        let done = state.service.withdraw(&caller.acting, &which, &reason);
        done.map_err(|error| not_withdrawn(&state.site, error))
    })
    .await?;
    metrics::counter!("lanyard_completions_withdrawn_total")
        .increment(u64::from(!withdrawal.revocation.was_already));
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(WithdrawAnswer::of(&state.site, &withdrawal)))
}

impl WithdrawAnswer {
    fn of(site: &Site, Withdrawal { completion_id, revocation }: &Withdrawal) -> Self {
        Self {
            completion: Named { id: completion_id.to_string() },
            credential: CredentialLinks::of(site, revocation.credential_id),
            withdrawn_at: rfc3339(revocation.at),
            reason: revocation.reason.clone(),
            was_already_withdrawn: revocation.was_already,
            revoked_with_it: revocation.with_it.iter().map(|id| CredentialLinks::of(site, *id)).collect(),
            to_review: revocation.to_review.iter().map(|id| Named { id: id.to_string() }).collect(),
            status_list: site.status_list(revocation.status_list),
        }
    }
}
