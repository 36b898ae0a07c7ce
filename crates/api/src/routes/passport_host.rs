//! `GET` and `POST /passport/hosts/{id}`: a learner comes back from another host.
//!
//! What they bring shows that somebody gave leave there, not that it was the learner: a link
//! can be passed on. So the page says whose passport it is, and waits for a yes.

use ::web::{HostPage, HostStep, Lang};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, REFERRER_POLICY},
    },
    web::{self, ServiceConfig, post},
};
use model::id::PassportHostId;
use registry::PassportHost;
use url::form_urlencoded;

use super::learners::hosts::Kept;
use crate::{blocking, body, pages, problem::Problem, state::AppState};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let routes = [super::reading(show), post().to(submit)];
    config.service(super::counted(super::resource("/passport/hosts/{id}", "GET, HEAD, POST", routes)));
}

/// Where a learner comes back to from the host `id`.
pub fn path(id: PassportHostId) -> String {
    format!("/passport/hosts/{id}")
}

/// What a learner comes back with (RFC 6749, 4.1.2; RFC 9207).
struct Back {
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

impl Back {
    fn read(parameters: &[u8]) -> Self {
        let parameters: Vec<(String, String)> = form_urlencoded::parse(parameters).into_owned().collect();
        // What stands twice is not there.
        let one = |wanted: &str| {
            let mut found = parameters.iter().filter(|(name, value)| name == wanted && !value.is_empty());
            found.next().filter(|_| found.next().is_none()).map(|(_, value)| value.clone())
        };
        Self { state: one("state").unwrap_or_default(), code: one("code"), iss: one("iss") }
    }
}

/// The page that asks whether it is they.
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let back = Back::read(request.query_string().as_bytes());
    let Some((record, learner)) = asked(&state, &path, &back).await? else {
        return Ok(page(&state, &request, String::new(), HostStep::Over));
    };
    let host = Kept::of(record)?.host;
    let step = match back.code {
        None => HostStep::Refused,
        Some(_) if !host.is_issuer(back.iss.as_deref()) => HostStep::Failed,
        Some(code) => HostStep::Ask { learner, hidden: vec![("state", back.state), ("code", code)] },
    };
    Ok(page(&state, &request, host.address, step))
}

/// The page as it was sent.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    body::must_be_form(&request)?;
    let back = Back::read(&payload);
    let (Some((record, _)), Some(code)) = (asked(&state, &path, &back).await?, back.code) else {
        return Ok(page(&state, &request, String::new(), HostStep::Over));
    };
    let id = record.id;
    // First, so that of two who send it one goes on: a code is good once.
    let is_first = blocking::run(&state, move |state| {
        Ok(state.registry.connect_passport_host(id, &back.state, state.clock.now())?)
    })
    .await?;
    let mut kept = Kept::of(record)?;
    let host = kept.host.address.clone();
    if !is_first {
        return Ok(page(&state, &request, host, HostStep::Over));
    }
    if let Err(error) = kept.host.exchange(&state.client, &code, state.clock.now()).await {
        tracing::info!(error.message = %error, "a host gave no token for a learner's code");
        let learner = kept.record.learner;
        blocking::run(&state, move |state| Ok(state.registry.forget_passport_host(learner, id)?)).await?;
        return Ok(page(&state, &request, host, HostStep::Failed));
    }
    kept.keep(&state).await?;
    Ok(page(&state, &request, host, HostStep::Done))
}

/// The host that somebody comes back from, in time, and the name of whose passport it is.
async fn asked(
    state: &web::Data<AppState>,
    id: &str,
    back: &Back,
) -> Result<Option<(PassportHost, String)>, Problem> {
    let Ok(id) = id.parse::<PassportHostId>() else { return Ok(None) };
    let token = back.state.clone();
    blocking::run(state, move |state| {
        let Some(found) = state.registry.passport_host_asked(id, &token, state.clock.now())? else {
            return Ok(None);
        };
        let learner = state.registry.learner(found.learner)?;
        Ok(learner.map(|learner| (found, learner.stated.name)))
    })
    .await
}

fn page(state: &AppState, request: &HttpRequest, host: String, step: HostStep) -> HttpResponse {
    let status = match step {
        HostStep::Ask { .. } | HostStep::Done => StatusCode::OK,
        HostStep::Refused | HostStep::Over => StatusCode::UNPROCESSABLE_ENTITY,
        HostStep::Failed => StatusCode::BAD_GATEWAY,
    };
    // A switch of language takes what is sent along, but not to where it was sent already.
    let target = match step {
        HostStep::Ask { .. } => pages::target(request),
        _ if Lang::of_query(request.query_string()) == Lang::Cy => format!("{}?lang=cy", request.path()),
        _ => request.path().to_owned(),
    };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(HostPage { host, step }.render(&pages::chrome(state, &target)))
}
