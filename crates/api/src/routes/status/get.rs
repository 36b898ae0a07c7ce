//! `GET /status/{list}`: which credentials of an issuer were revoked.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use model::id::StatusListId;

use crate::{
    blocking,
    caching::{Keep, answer},
    negotiate,
    problem::Problem,
    state::AppState,
    wire::standards::VerifiableCredential,
};

/// A form of a status list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A Bitstring Status List credential with a Data Integrity proof.
    DataIntegrity,
    /// The same as a JWT.
    Jwt,
    /// A Token Status List.
    Token,
}

/// What can be asked for: the form, and the media type.
const OFFERS: &[(&str, (Form, &str))] = &[
    ("application/vc+ld+json", (Form::DataIntegrity, "application/vc+ld+json")),
    ("application/vc", (Form::DataIntegrity, "application/vc")),
    ("application/ld+json", (Form::DataIntegrity, "application/ld+json")),
    ("application/json", (Form::DataIntegrity, "application/json")),
    ("application/vc+jwt", (Form::Jwt, "application/vc+jwt")),
    ("application/jwt", (Form::Jwt, "application/jwt")),
    ("application/statuslist+jwt", (Form::Token, "application/statuslist+jwt")),
    ("text/plain", (Form::Jwt, "text/plain; charset=utf-8")),
];

/// A status list
///
/// A Bitstring Status List credential, secured as the badges are, or the same bits
/// as a Token Status List (`application/statuslist+jwt`). It shows a
/// revocation as soon as it is recorded; ask again with the `ETag` rather than
/// keeping it.
#[utoipa::path(
    get,
    path = "/status/{list}",
    operation_id = "getStatusList",
    tag = "Credentials",
    params(("list" = String, Path, description = "The list's UUID")),
    responses(
        (status = 200, description = "The list", content(
            (VerifiableCredential = "application/vc+ld+json"),
            (String = "application/vc+jwt"),
            (String = "application/statuslist+jwt"),
        ), headers(("ETag" = String, description = "Changes with every revocation"))),
        (status = 304, description = "The form already held is current"),
        (status = 404, description = "No such list"),
        (status = 406, description = "The list does not exist in any form accepted"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    list(&request, &state, &path, None).await
}

/// A status list by retired keys
///
/// Where issuers are named by their keys (an address without a domain), the list
/// for the badges that these keys signed. Otherwise there is none here.
#[utoipa::path(
    get,
    path = "/status/{list}/{data_integrity_key}/{jwt_key}",
    operation_id = "getStatusListByKeys",
    tag = "Credentials",
    params(
        ("list" = String, Path, description = "The list's UUID"),
        ("data_integrity_key" = String, Path, description = "The id of the Ed25519 key"),
        ("jwt_key" = String, Path, description = "The id of the ES256 or RS256 key"),
    ),
    responses(
        (status = 200, description = "The list", content(
            (VerifiableCredential = "application/vc+ld+json"),
            (String = "application/vc+jwt"),
            (String = "application/statuslist+jwt"),
        ), headers(("ETag" = String, description = "Changes with every revocation"))),
        (status = 304, description = "The form already held is current"),
        (status = 404, description = "No such list, or not by these keys"),
        (status = 406, description = "The list does not exist in any form accepted"),
    ),
)]
pub async fn by_keys(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, data_integrity, jwt) = path.into_inner();
    list(&request, &state, &id, Some((data_integrity, jwt))).await
}

async fn list(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    id: &str,
    keys: Option<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id: StatusListId = super::super::segment(id, "status list")?;
    let (form, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let list = blocking::run(state, move |state| {
        let keys = keys.as_ref().map(|(first, second)| (first.as_str(), second.as_str()));
        Ok(state.service.status_list(id, keys)?)
    })
    .await?;
    let list = list.ok_or_else(|| Problem::not_found("status list"))?;
    let body = match form {
        Form::DataIntegrity => list.data_integrity.clone(),
        Form::Jwt => list.vc_jwt.clone(),
        Form::Token => list.token.clone(),
    };
    let mut response = answer(request, media_type, body, Keep::AskFirst);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
