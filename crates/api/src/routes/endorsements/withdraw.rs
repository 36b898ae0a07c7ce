//! `POST /v1/endorsements/{id}/withdrawal`: an endorsement is taken back.

use actix_web::{HttpResponse, web};
use model::id::EndorsementId;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::endorsement::EndorsementAnswer,
};

/// Withdraw an endorsement
///
/// No badge carries it from now on; those that carry it already go on until it ends, which is
/// why endorsements end. Withdrawing again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/endorsements/{id}/withdrawal",
    operation_id = "withdrawEndorsement",
    tag = "Catalogue",
    params(("id" = String, Path, description = "The endorsement's UUID")),
    responses(
        (status = 200, description = "It is withdrawn", body = EndorsementAnswer),
        (status = 404, description = "No such endorsement of this body"),
    ),
    security(("oauth2" = ["endorsements:write"]), ("apiKey" = [])),
)]
pub async fn withdraw(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::EndorsementsWrite)?;
    let id: EndorsementId = super::super::segment(&path, "endorsement")?;
    let told = blocking::run(&state, move |state| {
        let withdrawn = state.service.withdraw_endorsement(&caller.acting, id)?;
        Ok(EndorsementAnswer::of(&state.site, &*state.service.catalogue()?, &withdrawn))
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(told))
}
