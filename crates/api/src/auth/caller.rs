//! The authenticated client of a request.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web};
use issuing::Authority;
use model::id::Slug;
use registry::{ApiKeyRecord, ClientLimits, TokenRecord};

use super::{
    api_key::{self, ApiKey},
    scope::Scope,
    secret::AccessToken,
};
use crate::{
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// The client behind a request, authenticated by an access token (RFC 6750) or
/// an API key. As an extractor it answers 401 for nobody and 429 beyond the
/// client's quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// On whose behalf `issuing` is asked.
    pub acting: issuing::Caller,
    /// What it may do that others may do more or less of, as it stood when it was asked who it is.
    pub limits: ClientLimits,
    scopes: Vec<Scope>,
}

impl Caller {
    /// Refuses a caller without `scope` (403).
    pub fn need(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) {
            Ok(())
        } else {
            Err(Problem {
                challenge: Some("Bearer error=\"insufficient_scope\""),
                ..Problem::new(
                    &table::FORBIDDEN,
                    format!("This needs the scope `{scope}`, which was not granted."),
                )
            })
        }
    }

    /// Whose things alone the caller may see; `None` for the Academy, which
    /// sees everybody's.
    pub fn confined_to(&self) -> Option<&Slug> {
        match &self.acting.authority {
            Authority::Provider(slug) => Some(slug),
            Authority::Academy => None,
        }
    }

    fn new(client: String, provider: Option<Slug>, limits: ClientLimits, scopes: Vec<Scope>) -> Self {
        let authority = provider.map_or(Authority::Academy, Authority::Provider);
        Self { acting: issuing::Caller { client, authority }, limits, scopes }
    }

    /// Counts a request against the client's quota.
    fn count(&self, request: &HttpRequest, state: &AppState) -> Result<(), Problem> {
        let per_minute = state.limits.requests_of(self.limits);
        state.quotas.client(&self.acting.client, per_minute, request)
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Who was counted before, on the way in, is not counted again.
        if let Some(caller) = request.extensions().get::<Self>().cloned() {
            return Box::pin(async { Ok(caller) });
        }
        let request = request.clone();
        Box::pin(async move {
            let Some(state) = request.app_data::<web::Data<AppState>>().cloned() else {
                return Err(Problem::internal(&"there is no state"));
            };
            match authenticate(&request, &state).await {
                Ok(caller) => {
                    request.extensions_mut().insert(caller.clone());
                    caller.count(&request, &state)?;
                    Ok(caller)
                }
                Err(problem) => {
                    count_failure(&problem, &request, &state)?;
                    Err(problem)
                }
            }
        })
    }
}

/// Counts a request to an address that is open to everybody: of a client that shows who it
/// is against its own quota, and of anybody else against that of their address. Whoever brings
/// a key or token that is not good is counted among those who fail, too: nobody may guess here
/// what may not be guessed elsewhere.
pub async fn count_visitor(request: &HttpRequest, state: &web::Data<AppState>) -> Result<(), Problem> {
    if matches!(presented(request), Ok(Presented::Nothing)) {
        return state.quotas.anonymous(request);
    }
    match authenticate(request, state).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            caller.count(request, state)
        }
        Err(problem) => {
            count_failure(&problem, request, state)?;
            state.quotas.anonymous(request)
        }
    }
}

/// A request whose failure to show who sends it was counted.
struct Failed;

/// Counts a failure to show who sends a request, once.
fn count_failure(problem: &Problem, request: &HttpRequest, state: &AppState) -> Result<(), Problem> {
    if problem.kind != &table::UNAUTHENTICATED || request.extensions().contains::<Failed>() {
        return Ok(());
    }
    request.extensions_mut().insert(Failed);
    state.quotas.failure(request)
}

/// Somebody who need not show who they are, and may: what shows them nothing more is no
/// reason to refuse them. As an extractor it answers 401 for a key or token that is not
/// good, so that nobody takes less for all there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor(Option<Caller>);

impl Visitor {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&str> {
        self.0.as_ref().map(|caller| caller.acting.client.as_str())
    }

    /// Whether this is a client, and not just anybody.
    pub fn is_client(&self) -> bool {
        self.0.is_some()
    }

    /// Whether this is a client with `scope` that sees what `provider` recorded.
    pub fn sees(&self, scope: Scope, provider: &Slug) -> bool {
        self.0.as_ref().is_some_and(|caller| {
            caller.scopes.contains(&scope) && caller.confined_to().is_none_or(|own| own == provider)
        })
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if matches!(presented(request), Ok(Presented::Nothing)) {
            return Box::pin(async { Ok(Self(None)) });
        }
        let caller = Caller::from_request(request, payload);
        Box::pin(async { Ok(Self(Some(caller.await?))) })
    }
}

async fn authenticate(request: &HttpRequest, state: &web::Data<AppState>) -> Result<Caller, Problem> {
    match presented(request)? {
        Presented::Nothing => Err(Problem {
            challenge: Some("Bearer realm=\"lanyard\""),
            ..Problem::new(&table::UNAUTHENTICATED, "No access token and no API key was sent.")
        }),
        Presented::Key(text) => by_key(&text, state).await,
        Presented::Token(text) => by_token(&text, state).await,
    }
}

/// What a request brings to show who sends it.
enum Presented {
    Nothing,
    Key(String),
    Token(String),
}

fn presented(request: &HttpRequest) -> Result<Presented, Problem> {
    let single = |name: &str| {
        let mut lines = request.headers().get_all(name);
        match (lines.next(), lines.next()) {
            (first, None) => Ok(first.and_then(|line| line.to_str().ok())),
            (_, Some(_)) => Err(Problem::new(
                &table::MALFORMED_REQUEST,
                format!("The header `{name}` was sent more than once."),
            )),
        }
    };
    let key = single("x-api-key")?;
    let bearer = single(header::AUTHORIZATION.as_str())?
        .and_then(|line| line.split_once(' '))
        .and_then(|(scheme, rest)| scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim()));
    match (key, bearer) {
        (Some(_), Some(_)) => Err(Problem::new(
            &table::MALFORMED_REQUEST,
            "Both `Authorization` and `X-API-Key` were sent; send one of them.",
        )),
        (Some(key), None) => Ok(Presented::Key(key.trim().to_owned())),
        (None, Some(bearer)) if api_key::is_api_key(bearer) => Ok(Presented::Key(bearer.to_owned())),
        (None, Some(bearer)) => Ok(Presented::Token(bearer.to_owned())),
        (None, None) => Ok(Presented::Nothing),
    }
}

async fn by_key(text: &str, state: &web::Data<AppState>) -> Result<Caller, Problem> {
    let key = ApiKey::read(text).ok_or_else(|| {
        refused("That is not an API key: it may have been cut or mistyped when it was copied.")
    })?;
    let prefix = key.prefix().to_owned();
    let found = blocking::look_up(state, &state.api_keys, prefix).await?;
    // An unknown prefix takes the same path, so that prefixes cannot be told
    // apart by timing.
    let stored = found.as_ref().map_or([0; 32], |record| record.hash);
    let now = state.clock.now();
    match found.as_deref() {
        Some(ApiKeyRecord { client, scopes, expires, revoked, .. })
            if key.matches(&stored)
                && revoked.is_none()
                && client.disabled.is_none()
                && expires.is_none_or(|end| now < end) =>
        {
            // A key never outgrows its client.
            let scopes = scopes.iter().filter(|scope| client.scopes.contains(scope));
            let scopes = known(scopes);
            Ok(Caller::new(client.id.clone(), client.provider.clone(), client.limits, scopes))
        }
        _ => Err(refused("The API key is not known, has expired or was withdrawn.")),
    }
}

async fn by_token(text: &str, state: &web::Data<AppState>) -> Result<Caller, Problem> {
    let unknown = || refused("The access token is not known or has expired.");
    let digest = AccessToken::read(text).ok_or_else(unknown)?.digest();
    let found = blocking::look_up(state, &state.tokens, digest).await?;
    let now = state.clock.now();
    match found.as_deref() {
        Some(TokenRecord { client, provider, scopes, expires, disabled: None, limits, .. })
            if now < *expires =>
        {
            Ok(Caller::new(client.clone(), provider.clone(), *limits, known(scopes.iter())))
        }
        _ => Err(unknown()),
    }
}

fn known<'a>(scopes: impl Iterator<Item = &'a String>) -> Vec<Scope> {
    scopes.filter_map(|scope| scope.parse().ok()).collect()
}

fn refused(detail: &str) -> Problem {
    Problem {
        challenge: Some("Bearer realm=\"lanyard\", error=\"invalid_token\""),
        ..Problem::new(&table::UNAUTHENTICATED, detail)
    }
}
