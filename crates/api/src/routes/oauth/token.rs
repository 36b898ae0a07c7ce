//! `POST /oauth2/token`: an access token for a system (RFC 6749, section 4.4), or for a wallet
//! that takes an offer (`super::wallet`).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use registry::{ClientRecord, NewToken};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{
        scope::Scope,
        secret::{AccessToken, ClientSecret},
    },
    blocking, body,
    problem::Problem,
    state::AppState,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What is sent, as a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenRequest {
    /// `client_credentials`; of a wallet
    /// `urn:ietf:params:oauth:grant-type:pre-authorized_code` or `authorization_code`.
    pub grant_type: String,
    /// The scopes wanted, separated by spaces; all the client has if absent.
    pub scope: Option<String>,
    /// With `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    pub client_assertion_type: Option<String>,
    /// With `private_key_jwt`: a JWT whose `iss` and `sub` are the client's id,
    /// whose `aud` is this address, and whose `jti` was never used before.
    pub client_assertion: Option<String>,
    /// The client's id; optional beside an assertion.
    pub client_id: Option<String>,
    /// Of a wallet: the code of the offer.
    #[serde(rename = "pre-authorized_code")]
    pub pre_authorized_code: Option<String>,
    /// Of a wallet: the transaction code, if the offer asks for one.
    pub tx_code: Option<String>,
    /// Of a wallet: the authorisation code.
    pub code: Option<String>,
    /// Of a wallet, with a code: as at the authorisation endpoint.
    pub redirect_uri: Option<String>,
    /// Of a wallet, with a code: what the code challenge was made of (RFC 7636).
    pub code_verifier: Option<String>,
    /// Of a wallet: what it wants, to be told `credential_identifiers` (OID4VCI 1.0, section 6.2).
    pub authorization_details: Option<String>,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// The token; means nothing to its holder.
    pub access_token: String,
    /// `Bearer`; of a wallet's token `bearer`, as one wallet library insists.
    pub token_type: &'static str,
    /// Seconds until it ends.
    pub expires_in: u64,
    /// What it may do; not of a wallet's token, which is for one badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// At the service API of Open Badges: for new tokens when this one has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Of a wallet's token, if it was asked for: by which names the badge can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<AuthorizationDetail>>)]
    pub authorization_details: Option<serde_json::Value>,
}

/// By which names a badge can be had (OID4VCI 1.0, section 6.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizationDetail {
    /// `openid_credential`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which form.
    pub credential_configuration_id: String,
    /// The names.
    pub credential_identifiers: Vec<String>,
}

/// Why no token is given (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenError {
    /// `invalid_request`, `invalid_client`, `invalid_grant`, `unauthorized_client`, `unsupported_grant_type` or
    /// `invalid_scope`.
    pub error: &'static str,
    /// For people.
    pub error_description: String,
}

/// Get an access token
///
/// Client credentials (RFC 6749, section 4.4), authenticated by
/// `private_key_jwt` (RFC 7523) or `client_secret_basic`. Wallets, which nobody registers,
/// exchange the code of an offer (OID4VCI 1.0, section 6), or an authorisation code with PKCE.
#[utoipa::path(
    post,
    path = "/oauth2/token",
    operation_id = "createToken",
    tag = "Tokens",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = TokenAnswer),
        (status = 400, description = "The request is not in order (RFC 6749, section 5.2)", body = TokenError),
        (status = 401, description = "The client did not prove who it is", body = TokenError),
    ),
    security((), ("clientSecret" = [])),
)]
pub async fn token(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let granted = grant(&request, &state, &payload).await;
    respond(&request, &state, granted)
}

/// The answer of a token endpoint (RFC 6749, sections 5.1 and 5.2).
pub fn respond(
    request: &HttpRequest,
    state: &AppState,
    granted: Result<TokenAnswer, Refusal>,
) -> Result<HttpResponse, Problem> {
    let error = match granted {
        Ok(answer) => {
            return Ok(HttpResponse::Ok()
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::PRAGMA, "no-cache"))
                .json(answer));
        }
        Err(Refusal::Problem(problem)) => return Err(problem),
        Err(Refusal::OAuth(error)) => error,
    };
    let is_client = error.error == "invalid_client";
    if is_client {
        state.quotas.failure(request)?;
    }
    let status = if is_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    if is_client {
        response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"lanyard\", charset=\"UTF-8\""));
    }
    Ok(response.json(error))
}

/// Why no token was given.
pub enum Refusal {
    /// By a code of OAuth's.
    OAuth(TokenError),
    /// It is none of OAuth's.
    Problem(Problem),
}

impl Refusal {
    /// Of that code, and why.
    pub fn of(error: &'static str, description: impl Into<String>) -> Self {
        Self::OAuth(TokenError { error, error_description: description.into() })
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn grant(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<TokenAnswer, Refusal> {
    let form = Form::read(request, payload)?;
    match form.get("grant_type")?.as_deref() {
        Some("client_credentials") => {}
        Some(::wallet::PRE_AUTHORISED) => {
            state.quotas.anonymous(request)?;
            return super::wallet::pre_authorised(request, state, &form).await;
        }
        Some("authorization_code") => {
            state.quotas.anonymous(request)?;
            return super::wallet::by_code(request, state, &form).await;
        }
        Some(_) => {
            return Err(Refusal::of("unsupported_grant_type", "There is no such grant here."));
        }
        None => {
            return Err(Refusal::of("invalid_request", "There is no grant_type; send client_credentials."));
        }
    }
    let client = authenticate(request, state, &form).await?;
    state.quotas.client(&client.id, state.limits.requests_of(client.limits), request)?;
    let scopes = scopes(&client, form.get("scope")?.as_deref())?;
    let token = AccessToken::generate(state.entropy.as_ref());
    let lifetime = state.limits.token_lifetime;
    let now = state.clock.now();
    let stored = NewToken {
        hash: token.digest(),
        client: client.id,
        scopes: scopes.clone(),
        expires: now + chrono::TimeDelta::from_std(lifetime).unwrap_or_default(),
    };
    blocking::registry(state, move |registry| registry.store_token(&stored, now)).await?;
    Ok(TokenAnswer {
        access_token: token.text().expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: lifetime.as_secs(),
        scope: Some(scopes.join(" ")),
        refresh_token: None,
        authorization_details: None,
    })
}

/// The form, in which no parameter may stand twice (RFC 6749, section 3.2).
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the form.
    pub fn read(request: &HttpRequest, payload: &[u8]) -> Result<Self, Refusal> {
        body::must_be_form(request)?;
        Ok(Self(url::form_urlencoded::parse(payload).into_owned().collect()))
    }

    /// A parameter, if it is there.
    pub fn get(&self, name: &str) -> Result<Option<String>, Refusal> {
        let mut values =
            self.0.iter().filter(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Refusal::of("invalid_request", format!("{name} stands twice."))),
            (first, None) => Ok(first.cloned()),
        }
    }
}

async fn authenticate(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    form: &Form,
) -> Result<ClientRecord, Refusal> {
    if form.get("client_secret")?.is_some() {
        let advice =
            "A client secret is taken in the Authorization header (client_secret_basic), not in the form.";
        return Err(Refusal::of("invalid_request", advice));
    }
    match (request.headers().get(header::AUTHORIZATION), form.get("client_assertion")?) {
        (Some(_), Some(_)) => {
            Err(Refusal::of("invalid_request", "Two ways of authentication were used; use one."))
        }
        (Some(line), None) => by_secret(state, basic(line).ok_or_else(invalid_client)?).await,
        (None, Some(assertion)) => by_assertion(state, form, assertion).await,
        (None, None) => Err(invalid_client()),
    }
}

/// One answer for every way to fail, so that nothing can be learned from it.
pub fn invalid_client() -> Refusal {
    Refusal::of(
        "invalid_client",
        "The client did not prove who it is: unknown client, wrong secret, or an assertion that is wrong, expired or used before.",
    )
}

/// An `Authorization` header as `client_secret_basic`, if it can be read.
pub fn basic(line: &header::HeaderValue) -> Option<(String, SecretString)> {
    let (scheme, encoded) = line.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(())?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), SecretString::from(form_decoded(secret))))
}

/// Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn form_decoded(text: &str) -> String {
    let with_equals = format!("x={text}");
    url::form_urlencoded::parse(with_equals.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

async fn find(state: &web::Data<AppState>, id: String) -> Result<Option<ClientRecord>, Refusal> {
    let found = blocking::registry(state, move |registry| registry.client(&id)).await?;
    Ok(found.filter(|client| client.disabled.is_none()))
}

async fn by_secret(
    state: &web::Data<AppState>,
    (id, secret): (String, SecretString),
) -> Result<ClientRecord, Refusal> {
    let secret = ClientSecret::read(secret.expose_secret()).ok_or_else(invalid_client)?;
    let client = find(state, id).await?;
    // An unknown client costs as much time as a wrong secret.
    let stored = client.as_ref().and_then(|client| client.secret_hash);
    let matches = secret.matches(&stored.unwrap_or_default());
    client.filter(|_| stored.is_some() && matches).ok_or_else(invalid_client)
}

async fn by_assertion(
    state: &web::Data<AppState>,
    form: &Form,
    assertion: String,
) -> Result<ClientRecord, Refusal> {
    if form.get("client_assertion_type")?.as_deref() != Some(ASSERTION_TYPE) {
        let expected = format!("client_assertion_type must be {ASSERTION_TYPE}.");
        return Err(Refusal::of("invalid_request", expected));
    }
    // Which key must have signed is known only once the token says whose it
    // claims to be; nothing else of it is believed before it is verified.
    let claimed = jose::read_compact(&assertion)
        .ok()
        .and_then(|token| proof::json::parse(&token.payload, &proof::json::Limits::default()).ok())
        .and_then(|claims| Some(claims.get("sub")?.as_str()?.to_owned()))
        .ok_or_else(invalid_client)?;
    if form.get("client_id")?.is_some_and(|stated| stated != claimed) {
        return Err(invalid_client());
    }
    let client = find(state, claimed).await?.ok_or_else(invalid_client)?;
    let jwks = client.jwks.clone().ok_or_else(invalid_client)?;
    let now = state.clock.now();
    let used = blocking::run(state, move |state| {
        let endpoint = state.site.url("/oauth2/token");
        let audiences = [endpoint.as_str(), state.site.base()];
        let Ok(claims) = jose::verify_client_assertion(&assertion, &jwks, &audiences, &client.id, now) else {
            return Ok(None);
        };
        let is_first = state.registry.use_jti(&client.id, &claims.jti, claims.exp)?;
        Ok(is_first.then_some(client))
    })
    .await?;
    used.ok_or_else(invalid_client)
}

/// What the token may do: what was asked for, if the client may; else all that it may.
fn scopes(client: &ClientRecord, asked: Option<&str>) -> Result<Vec<String>, Refusal> {
    let held = |scope: &str| scope.parse::<Scope>().is_ok() && client.scopes.iter().any(|held| held == scope);
    let granted: Vec<String> = match asked {
        None => client.scopes.iter().filter(|scope| held(scope)).cloned().collect(),
        Some(asked) => {
            let mut asked: Vec<&str> = asked.split_ascii_whitespace().collect();
            asked.sort_unstable();
            asked.dedup();
            if let Some(missing) = asked.iter().find(|scope| !held(scope)) {
                return Err(Refusal::of(
                    "invalid_scope",
                    format!("The client does not have the scope {missing}."),
                ));
            }
            asked.into_iter().map(str::to_owned).collect()
        }
    };
    if granted.is_empty() {
        Err(Refusal::of("invalid_scope", "The client has no scope."))
    } else {
        Ok(granted)
    }
}
