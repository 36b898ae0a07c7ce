//! `GET /v1/credentials/{id}/current`: the present form of what a credential documents,
//! which its `refreshService` names (OB 3.0, `1EdTechCredentialRefresh`).

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use model::id::CredentialId;

use super::{
    get::{Form, represent},
    offers::{Offer, signed},
};
use crate::{blocking, negotiate, problem::Problem, state::AppState, wire::standards::AchievementCredential};

/// What can be asked for, by media type, in our order of preference.
const OFFERS: [Offer<Form>; 7] = signed(Form::DataIntegrity, Form::Jwt);

/// A credential in its present form
///
/// The latest credential of the same award, signed as the one that was asked for: after a
/// renewal the one that renewed it. One that has lapsed or was revoked is answered as it
/// is: its dates and its status list say so.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}/current",
    operation_id = "getCurrentCredential",
    tag = "Credentials",
    params(
        ("id" = String, Path, description = "The UUID of any of the award's credentials"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the form already held"),
    ),
    responses(
        (status = 200, description = "The credential in the form asked for", content(
            (AchievementCredential = "application/vc+ld+json"),
            (AchievementCredential = "application/json"),
            (String = "application/vc+jwt"),
            (String = "text/plain"),
        ), headers(
            ("ETag" = String, description = "Changes when the form changes"),
            ("Content-Location" = String, description = "The address of the credential that is answered"),
        )),
        (status = 304, description = "The form already held is current"),
        (status = 404, description = "No such credential"),
        (status = 406, description = "A credential does not exist in any form accepted"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "credential")?;
    let (form, media_type) = negotiate::choose(request.headers(), &OFFERS)?;
    let found = blocking::registry(&state, move |registry| {
        let Some(asked) = registry.credential(id)? else { return Ok(None) };
        match registry.issues_of(asked.award_id)?.last() {
            Some(latest) if *latest != id => registry.credential(*latest),
            _ => Ok(Some(asked)),
        }
    });
    let record = found.await?.ok_or_else(|| Problem::not_found("credential"))?;
    let location = state.site.credential(record.id);
    let mut response = represent(&request, &state, record, form, media_type).await?;
    let headers = response.headers_mut();
    headers.insert(header::VARY, header::HeaderValue::from_static("Accept"));
    if let Ok(location) = header::HeaderValue::from_str(&location) {
        headers.insert(header::CONTENT_LOCATION, location);
    }
    Ok(response)
}
