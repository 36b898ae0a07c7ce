//! `GET /v1/accreditations/{provider}/{achievement}/{from}/{by}`: an accreditation, signed.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use model::id::Slug;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::standards::EndorsementCredential,
};

/// An accreditation as a credential
///
/// An `EndorsementCredential` (Open Badges 3.0) of the provider, signed by who accredited it. It
/// is good for the days of the accreditation, at most until 90 days from now: fetch it anew then.
/// One that has ended or was withdrawn is proved for the days on which it held.
#[utoipa::path(
    get,
    path = "/v1/accreditations/{provider}/{achievement}/{from}/{by}",
    operation_id = "getAccreditation",
    tag = "Catalogue",
    params(
        ("provider" = String, Path, description = "The provider's short name"),
        ("achievement" = String, Path, description = "The achievement's short name"),
        ("from" = String, Path, description = "The first day of the accreditation"),
        ("by" = String, Path, description = "The short name of who accredited"),
    ),
    responses(
        (status = 200, description = "The accreditation", content((EndorsementCredential = "application/vc+ld+json"))),
        (status = 404, description = "No such accreditation, it has not begun, or who gave it signs nothing here"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    const WHAT: &str = "accreditation that is signed here";
    let (provider, achievement, from, by) = path.into_inner();
    let provider: Slug = super::super::segment(&provider, WHAT)?;
    let achievement: Slug = super::super::segment(&achievement, WHAT)?;
    let from: NaiveDate = super::super::segment(&from, WHAT)?;
    let by: Slug = super::super::segment(&by, WHAT)?;
    let signed = blocking::run(&state, move |state| {
        let all = state.service.accreditations(Some(&provider), Some(&achievement))?;
        let is_it = |one: &&model::catalogue::AccreditationVersion| {
            one.accreditation.from == from && one.accreditation.accredited_by == by
        };
        let Some(version) = all.iter().find(is_it) else { return Ok(None) };
        Ok(state.service.accreditation_credential(version)?)
    })
    .await?;
    let signed = signed.ok_or_else(|| Problem::not_found(WHAT))?;
    Ok(answer(&request, "application/vc+ld+json", signed, Keep::Briefly))
}
