//! `GET /v1/endorsements/{id}`: an endorsement as it was signed.

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::EndorsementId;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::standards::EndorsementCredential,
};

/// An endorsement
///
/// The signed `EndorsementCredential` (Open Badges 3.0), as badges carry it. One that was
/// withdrawn is not here any more.
#[utoipa::path(
    get,
    path = "/v1/endorsements/{id}",
    operation_id = "getEndorsement",
    tag = "Catalogue",
    params(("id" = String, Path, description = "The endorsement's UUID")),
    responses(
        (status = 200, description = "The endorsement", content((EndorsementCredential = "application/vc+ld+json"))),
        (status = 404, description = "No such endorsement"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: EndorsementId = super::super::segment(&path, "endorsement")?;
    let found = blocking::run(&state, move |state| Ok(state.service.endorsement(id)?)).await?;
    let found = found.filter(|found| found.withdrawn.is_none());
    let found = found.ok_or_else(|| Problem::not_found("endorsement"))?;
    Ok(answer(&request, "application/vc+ld+json", found.document, Keep::AskFirst))
}
