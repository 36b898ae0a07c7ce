//! `GET /v1/credentials/{id}`: a credential in the form the reader prefers.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use issuing::IssuingError;
use model::id::CredentialId;
use registry::{CredentialRecord, Relative};
use serde::Deserialize;
use signing::SigningError;

use super::offers::{Offer, baked, signed};
use crate::{
    blocking,
    caching::{Keep, answer},
    negotiate, pages,
    problem::{Problem, table},
    state::AppState,
    wire::standards::AchievementCredential,
};

/// A form of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON with a Data Integrity proof.
    DataIntegrity,
    /// A compact JWS.
    Jwt,
    /// An SD-JWT VC.
    SdJwt,
    /// A compact JWS in an envelope of JSON-LD.
    Enveloped,
    /// A picture with the credential baked in.
    Png,
    /// A drawing with the credential baked in.
    Svg,
    /// The page for people.
    Page,
}

/// What can be asked for, by media type, in our order of preference.
fn offers() -> Vec<Offer<Form>> {
    let sd_jwt = ("application/dc+sd-jwt", (Form::SdJwt, "application/dc+sd-jwt"));
    let page = ("text/html", (Form::Page, "text/html; charset=utf-8"));
    let texts = signed(Form::DataIntegrity, Form::Jwt);
    [&texts[..], &[sd_jwt], &baked(Form::Png, Form::Svg), &[page]].concat()
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// Which form to download, for links, which cannot set an `Accept` header.
    pub(super) format: Option<String>,
}

/// A credential
///
/// The form follows the `Accept` header; `format` in the query asks for a
/// download instead. A revoked credential is still served: its status list
/// says that it is revoked.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}",
    operation_id = "getCredential",
    tag = "Credentials",
    params(
        ("id" = String, Path, description = "The credential's UUID"),
        (
            "format" = Option<String>, Query,
            description = "`json`, `jwt`, `sd-jwt`, `enveloped`, `png` or `svg`: as a download",
            pattern = "^(json|jwt|sd-jwt|enveloped|png|svg)$",
        ),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the form already held"),
    ),
    responses(
        (status = 200, description = "The credential in the form asked for", content(
            (AchievementCredential = "application/vc+ld+json"),
            (AchievementCredential = "application/json"),
            (AchievementCredential = "application/vc"),
            (String = "application/vc+jwt"),
            (String = "application/dc+sd-jwt"),
            (String = "text/plain"),
            (String = "image/png"),
            (String = "image/svg+xml"),
            (String = "text/html"),
        ), headers(
            ("ETag" = String, description = "Changes when the form changes"),
            ("Link" = String, description = "`successor-version`: a later award that builds on this one, which stays valid, or the credential that took the place of this one when it was corrected; `predecessor-version`: the one whose place this one took, or that it renews; `latest-version`: the one that renewed it last"),
        )),
        (status = 304, description = "The form already held is current"),
        (status = 400, description = "`format` is none of the six"),
        (status = 404, description = "No such credential"),
        (status = 406, description = "The credential does not exist in any form accepted, or was issued before there was this one"),
    ),
)]
pub async fn get(
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
    let found = blocking::registry(&state, move |registry| {
        let Some(record) = registry.credential(id)? else { return Ok(None) };
        let later = registry.successor(record.award_id)?.map(|later| later.credential_id);
        let lineage = registry.lineage(record.completion_id)?;
        let may_be_renewed = record.valid_until.is_some() || record.issue > 1;
        let issues = if may_be_renewed { registry.issues_of(record.award_id)? } else { Vec::new() };
        Ok(Some((record, later, lineage, issues)))
    });
    let (record, later, lineage, issues) = found.await?.ok_or_else(|| Problem::not_found("credential"))?;
    let mut response = represent(&request, &state, record, form, media_type).await?;
    // RFC 5829, sections 3.2 to 3.4: the later award that builds on this one, what a
    // correction took the place of or was corrected to, of another holder's nothing, and
    // the credentials that renewed this one last and that this one renews.
    let own = |one: Option<Relative>| one.filter(|one| one.same_holder).map(|one| one.credential_id);
    let links = [
        ("successor-version", later),
        ("successor-version", own(lineage.superseded_by)),
        ("predecessor-version", own(lineage.supersedes)),
        ("latest-version", issues.last().copied().filter(|latest| *latest != id)),
        ("predecessor-version", issues.iter().take_while(|issue| **issue != id).last().copied()),
    ];
    for (relation, other) in links {
        let link = other.map(|other| format!("<{}>; rel=\"{relation}\"", state.site.credential(other)));
        if let Some(Ok(link)) = link.as_deref().map(HeaderValue::from_str) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    Ok(named(response, download.map(|(.., extension)| format!("badge-{id}.{extension}"))))
}

/// The answer to a reader who chose the form, as a file of that name if it was asked
/// for as a download.
pub(super) fn named(mut response: HttpResponse, file: Option<String>) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    let disposition = file.map(|file| HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")));
    if let Some(Ok(value)) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Answers with `record` in `form`.
pub async fn represent(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    record: CredentialRecord,
    form: Form,
    media_type: &str,
) -> Result<HttpResponse, Problem> {
    let target = pages::target(request);
    let body = match form {
        Form::DataIntegrity => record.data_integrity.into_bytes(),
        Form::Jwt => blocking::run(state, move |state| vc_jwt(state, &record)).await?,
        Form::SdJwt => blocking::run(state, move |state| selective(state, &record)).await?,
        Form::Enveloped => blocking::run(state, move |state| enveloped(state, &record)).await?,
        Form::Png => blocking::run(state, move |state| baked_png(state, &record)).await?,
        Form::Svg => blocking::run(state, move |state| baked_svg(state, &record)).await?,
        Form::Page => {
            blocking::run(state, move |state| Ok(pages::badge(state, &target, &record)?.into_bytes())).await?
        }
    };
    Ok(unlisted(answer(request, media_type, body, Keep::AskFirst)))
}

/// Whoever has the address may see it; search engines are not told.
pub(super) fn unlisted(mut response: HttpResponse) -> HttpResponse {
    let robots = header::HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(robots, HeaderValue::from_static("noindex"));
    response
}

/// A form that is signed only now. A key that somebody else may have signs no more of
/// them.
pub(super) fn on_demand<T>(signed: Result<T, IssuingError>) -> Result<T, Problem> {
    match signed {
        Err(IssuingError::Signing(SigningError::Compromised { .. })) => {
            let detail = "The key of this form was reported as compromised, so that nothing is signed with it \
                          any more; try another form.";
            Err(Problem::new(&table::NOT_ACCEPTABLE, detail))
        }
        other => Ok(other?),
    }
}

fn vc_jwt(state: &AppState, record: &CredentialRecord) -> Result<Vec<u8>, Problem> {
    on_demand(state.service.vc_jwt(record)).map(String::into_bytes)
}

fn enveloped(state: &AppState, record: &CredentialRecord) -> Result<Vec<u8>, Problem> {
    on_demand(state.service.enveloped(record)).map(|envelope| envelope.to_string().into_bytes())
}

/// Signed now, by what was stored when the badge was issued.
fn selective(state: &AppState, record: &CredentialRecord) -> Result<Vec<u8>, Problem> {
    let form = on_demand(state.service.selective(record.id))?;
    let detail = "This credential was issued before there were SD-JWT VCs; it can be had in the other forms.";
    form.map(String::into_bytes).ok_or_else(|| Problem::new(&table::NOT_ACCEPTABLE, detail))
}

fn baked_png(state: &AppState, record: &CredentialRecord) -> Result<Vec<u8>, Problem> {
    let picture = state.pictures.png(&drawing(state, record)?).map_err(|error| Problem::internal(&error))?;
    artwork::png::bake(&picture, &record.data_integrity).map_err(|error| Problem::internal(&error))
}

fn baked_svg(state: &AppState, record: &CredentialRecord) -> Result<Vec<u8>, Problem> {
    let payload = artwork::svg::Payload::Json(&record.data_integrity);
    let baked = artwork::svg::bake(&drawing(state, record)?, payload);
    Ok(baked.map_err(|error| Problem::internal(&error))?.into_bytes())
}

/// The achievement's picture, SVG.
pub(super) fn drawing(state: &AppState, record: &CredentialRecord) -> Result<String, Problem> {
    Ok(pages::definition(state, &record.achievement, &record.achievement_version)?.image.svg)
}

/// A download by its short name: form, media type, file extension.
fn download(format: &str) -> Result<(Form, &'static str, &'static str), Problem> {
    match format {
        "json" => Ok((Form::DataIntegrity, "application/vc+ld+json", "json")),
        "sd-jwt" => Ok((Form::SdJwt, "application/dc+sd-jwt", "sd-jwt")),
        "jwt" => Ok((Form::Jwt, "text/plain; charset=utf-8", "jwt")),
        "enveloped" => Ok((Form::Enveloped, "application/vc", "json")),
        "png" => Ok((Form::Png, "image/png", "png")),
        "svg" => Ok((Form::Svg, "image/svg+xml", "svg")),
        _ => Err(Problem::malformed(
            "`format` is none of `json`, `jwt`, `sd-jwt`, `enveloped`, `png` and `svg`.",
        )),
    }
}
