//! For whom another system acts.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header::AUTHORIZATION},
    web,
};
use registry::PassportGrant;

use super::fault::Fault;
use crate::{blocking, state::AppState};

/// What the token of a request stands for, if it has `scope`.
pub async fn grant(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    scope: &str,
) -> Result<PassportGrant, Fault> {
    let refused = || {
        let why = "The access token is not known, has ended or was taken back.";
        Fault::Status(StatusCode::UNAUTHORIZED, "unauthorizedrequest", why.to_owned())
    };
    let line = request.headers().get(AUTHORIZATION).and_then(|line| line.to_str().ok());
    let token = line.and_then(|line| line.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or_else(refused)?;
    let (token, now) = (token.1.trim().to_owned(), state.clock.now());
    let found = blocking::registry(state, move |registry| registry.passport_grant(&token, now)).await?;
    if found.is_none() {
        state.quotas.failure(request)?;
    }
    let grant = found.ok_or_else(refused)?;
    if grant.scopes.iter().any(|held| held == scope) {
        Ok(grant)
    } else {
        let why = format!("This needs the scope {scope}, which was not granted.");
        Err(Fault::Status(StatusCode::FORBIDDEN, "forbidden", why))
    }
}
