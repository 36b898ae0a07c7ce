//! `POST /ims/ob/v3p0/token` and `/revoke` (RFC 6749, 4.1.3 and 6; RFC 7009).

use ::wallet::CodeChallenge;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CACHE_CONTROL},
    web,
};
use chrono::TimeDelta;
use registry::{PassportClient, PassportTokens};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    auth::secret::fresh,
    blocking,
    problem::Problem,
    routes::oauth::token::{
        Form, Refusal, TokenAnswer, TokenError, TokenRequest, basic, invalid_client, respond,
    },
    state::AppState,
    wire::protocols::RevocationForm,
};

/// How long a refresh token lives.
const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(90);

/// Get a token for a passport
///
/// For an authorisation code with PKCE, or a refresh token, which is then replaced.
/// Authenticated by `client_secret_basic`.
#[utoipa::path(
    post,
    path = "/ims/ob/v3p0/token",
    operation_id = "createPassportToken",
    tag = "Passport",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The tokens", body = TokenAnswer),
        (status = 400, description = "The request is not in order (RFC 6749, section 5.2)", body = TokenError),
        (status = 401, description = "The client did not prove who it is", body = TokenError),
    ),
    security(("clientSecret" = [])),
)]
pub async fn token(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let granted = grant(&request, &state, &payload).await;
    respond(&request, &state, granted)
}

/// Take a token back
///
/// With it goes everything that the learner let the system do (RFC 7009).
#[utoipa::path(
    post,
    path = "/ims/ob/v3p0/revoke",
    operation_id = "revokePassportToken",
    tag = "Passport",
    request_body(content = RevocationForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is good no more, whether or not it was"),
        (status = 400, description = "The request is not in order", body = TokenError),
        (status = 401, description = "The client did not prove who it is", body = TokenError),
    ),
    security(("clientSecret" = [])),
)]
pub async fn revoke(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match take_back(&request, &state, &payload).await {
        Ok(()) => Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).finish()),
        Err(refusal) => respond(&request, &state, Err(refusal)),
    }
}

async fn grant(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<TokenAnswer, Refusal> {
    let form = Form::read(request, payload)?;
    let client = authenticate(request, state).await?;
    let (access, refresh) = (fresh("lop_", state.entropy.as_ref()), fresh("lor_", state.entropy.as_ref()));
    let exchange = Exchange::read(&form)?;
    let (now, lifetime) = (state.clock.now(), state.limits.token_lifetime);
    let scopes = blocking::registry(state, {
        let (access, refresh) = (access.clone(), refresh.clone());
        move |registry| {
            let tokens = PassportTokens {
                access: (access.expose_secret(), now + TimeDelta::from_std(lifetime).unwrap_or_default()),
                refresh: (refresh.expose_secret(), now + REFRESH_LIFETIME),
            };
            match &exchange {
                Exchange::Code { code, redirect_uri, challenge } => {
                    let bound = [redirect_uri.as_str(), challenge.as_str()];
                    registry.exchange_connection(&client.id, code, &bound, tokens, now)
                }
                Exchange::Refresh(held) => registry.refresh_connection(&client.id, held, tokens, now),
            }
        }
    })
    .await?;
    let scopes = scopes.ok_or_else(|| {
        Refusal::of("invalid_grant", "The code or token is not known, has ended, was used, or is another's.")
    })?;
    Ok(TokenAnswer {
        access_token: access.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: lifetime.as_secs(),
        scope: Some(scopes.join(" ")),
        refresh_token: Some(refresh.expose_secret().to_owned()),
        authorization_details: None,
    })
}

/// What is exchanged for tokens.
enum Exchange {
    Code { code: String, redirect_uri: String, challenge: CodeChallenge },
    Refresh(String),
}

impl Exchange {
    fn read(form: &Form) -> Result<Self, Refusal> {
        let needed = |name: &'static str| {
            form.get(name)?.ok_or_else(|| Refusal::of("invalid_request", format!("There is no {name}.")))
        };
        match needed("grant_type")?.as_str() {
            "authorization_code" => {
                let challenge = CodeChallenge::of(&needed("code_verifier")?).ok_or_else(|| {
                    Refusal::of("invalid_request", "code_verifier must be 43 to 128 unreserved characters.")
                })?;
                Ok(Self::Code { code: needed("code")?, redirect_uri: needed("redirect_uri")?, challenge })
            }
            "refresh_token" => Ok(Self::Refresh(needed("refresh_token")?)),
            _ => Err(Refusal::of("unsupported_grant_type", "There is no such grant here.")),
        }
    }
}

async fn take_back(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<(), Refusal> {
    let form = Form::read(request, payload)?;
    let client = authenticate(request, state).await?;
    let token = form.get("token")?.ok_or_else(|| Refusal::of("invalid_request", "There is no token."))?;
    let now = state.clock.now();
    blocking::registry(state, move |registry| registry.revoke_connection(&client.id, &token, now)).await?;
    Ok(())
}

async fn authenticate(request: &HttpRequest, state: &web::Data<AppState>) -> Result<PassportClient, Refusal> {
    let line = request.headers().get(AUTHORIZATION).ok_or_else(invalid_client)?;
    let (id, secret): (String, SecretString) = basic(line).ok_or_else(invalid_client)?;
    let found =
        blocking::registry(state, move |registry| registry.passport_client_with(&id, secret.expose_secret()));
    found.await?.ok_or_else(invalid_client)
}
