//! `GET /v1/credentials/{id}/clr`: a programme's award with the badges it is made of.

use actix_web::{HttpRequest, HttpResponse, web};
use artwork::{Standard, png, svg};
use model::id::CredentialId;
use signing::Signed;

use super::{
    get::{Query, drawing, named, on_demand, unlisted},
    offers::{Offer, baked, signed},
};
use crate::{
    blocking,
    caching::{Keep, answer},
    negotiate,
    problem::{Problem, table},
    state::AppState,
    wire::standards::ClrCredential,
};

/// A form of a learner record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    DataIntegrity,
    Jwt,
    Png,
    Svg,
}

/// What can be asked for, by media type, in our order of preference.
fn offers() -> Vec<Offer<Form>> {
    [&signed(Form::DataIntegrity, Form::Jwt)[..], &baked(Form::Png, Form::Svg)].concat()
}

/// A learner record
///
/// The Comprehensive Learner Record (CLR 2.0, `ClrCredential`) of an award that was made of
/// others: the award and the badges that counted, each signed, and how they belong together.
/// It has the dates, the issuer and the status entry of the award's own credential.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}/clr",
    operation_id = "getLearnerRecord",
    tag = "Credentials",
    params(
        ("id" = String, Path, description = "The UUID of the credential of a programme's award"),
        (
            "format" = Option<String>, Query,
            description = "`json`, `jwt`, `png` or `svg`: as a download",
            pattern = "^(json|jwt|png|svg)$",
        ),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the form already held"),
    ),
    responses(
        (status = 200, description = "The record in the form asked for", content(
            (ClrCredential = "application/vc+ld+json"),
            (ClrCredential = "application/json"),
            (String = "application/vc+jwt"),
            (String = "text/plain"),
            (String = "image/png"),
            (String = "image/svg+xml"),
        ), headers(("ETag" = String, description = "Changes when the form changes"))),
        (status = 304, description = "The form already held is current"),
        (status = 400, description = "`format` is none of the four"),
        (status = 404, description = "No such credential, or its award was not made of others"),
        (status = 406, description = "The record does not exist in any form accepted"),
    ),
)]
pub async fn clr(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "credential")?;
    let download = query.format.as_deref().map(download).transpose()?;
    let (form, media_type) = match download {
        Some((form, media_type, _)) => (form, media_type),
        None => negotiate::choose(request.headers(), &offers())?,
    };
    let body = blocking::run(&state, move |state| represent(state, id, form)).await?;
    let response = unlisted(answer(&request, media_type, body, Keep::AskFirst));
    Ok(named(response, download.map(|(.., extension)| format!("record-{id}.{extension}"))))
}

fn represent(state: &AppState, id: CredentialId, form: Form) -> Result<Vec<u8>, Problem> {
    let record = state.registry.credential(id)?.ok_or_else(|| Problem::not_found("credential"))?;
    let detail = "This award was not made of other badges, so that there is no record of them.";
    let Signed { data_integrity, vc_jwt, .. } = on_demand(state.service.learner_record(id))?
        .ok_or_else(|| Problem::new(&table::NOT_FOUND, detail))?;
    Ok(match form {
        Form::DataIntegrity => data_integrity.into_bytes(),
        Form::Jwt => vc_jwt.into_bytes(),
        Form::Png => {
            let picture = state.pictures.png(&drawing(state, &record)?);
            let picture = picture.map_err(|error| Problem::internal(&error))?;
            let baked = png::bake_as(Standard::Clr, &picture, &data_integrity);
            baked.map_err(|error| Problem::internal(&error))?
        }
        Form::Svg => {
            let payload = svg::Payload::Json(&data_integrity);
            let baked = svg::bake_as(Standard::Clr, &drawing(state, &record)?, payload);
            baked.map_err(|error| Problem::internal(&error))?.into_bytes()
        }
    })
}

/// A download by its short name: form, media type, file extension.
fn download(format: &str) -> Result<(Form, &'static str, &'static str), Problem> {
    match format {
        "json" => Ok((Form::DataIntegrity, "application/vc+ld+json", "json")),
        "jwt" => Ok((Form::Jwt, "text/plain; charset=utf-8", "jwt")),
        "png" => Ok((Form::Png, "image/png", "png")),
        "svg" => Ok((Form::Svg, "image/svg+xml", "svg")),
        _ => Err(Problem::malformed("`format` is none of `json`, `jwt`, `png` and `svg`.")),
    }
}
