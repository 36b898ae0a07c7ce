//! `GET` and `POST /ims/ob/v3p0/authorize`: a learner lets another system act.

use ::wallet::CodeChallenge;
use ::web::{ConnectFault, ConnectPage, Permission};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    web,
};
use chrono::TimeDelta;
use registry::PassportClient;
use secrecy::ExposeSecret as _;
use url::{Url, form_urlencoded};

use super::{BASE, scope};
use crate::{
    auth::secret::fresh, blocking, body, pages, problem::Problem, routes::learners::connections::plain,
    state::AppState,
};

/// How long a code can be exchanged.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(1);

/// What another system asks, by a client that is known and an address of its own.
struct Asking {
    client: PassportClient,
    redirect_uri: String,
    state: String,
    scopes: Vec<String>,
    challenge: CodeChallenge,
}

/// The page that asks the learner.
pub async fn show(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let parameters: Vec<_> = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let asking = Asking::read(&state, &parameters).await?;
    Ok(page(&state, &pages::target(&request), StatusCode::OK, &asking, None))
}

/// The page as it was sent.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    body::must_be_form(&request)?;
    let parameters: Vec<(String, String)> = form_urlencoded::parse(&payload).into_owned().collect();
    let asking = Asking::read(&state, &parameters).await?;
    let typed = parameters.iter().find(|(name, _)| name == "connection").map(|(_, value)| plain(value));
    let typed = typed.unwrap_or_default();
    let is_welsh = ::web::Lang::of_query(request.query_string()) == ::web::Lang::Cy;
    let target = asking.target(is_welsh);
    if typed.is_empty() {
        let fault = Some(ConnectFault::Missing);
        return Ok(page(&state, &target, StatusCode::UNPROCESSABLE_ENTITY, &asking, fault));
    }
    let (code, now) = (fresh("", state.entropy.as_ref()), state.clock.now());
    let connected = blocking::registry(&state, {
        let (code, client, scopes) = (code.clone(), asking.client.id.clone(), asking.scopes.clone());
        let (redirect_uri, challenge) = (asking.redirect_uri.clone(), asking.challenge.clone());
        move |registry| {
            let bound = [redirect_uri.as_str(), challenge.as_str()];
            let code = (code.expose_secret(), bound.as_slice());
            registry.authorise_connection(&typed, (&client, &scopes), code, now + CODE_LIFETIME, now)
        }
    })
    .await?;
    if !connected {
        state.quotas.failure(&request)?;
        return Ok(page(
            &state,
            &target,
            StatusCode::UNPROCESSABLE_ENTITY,
            &asking,
            Some(ConnectFault::Wrong),
        ));
    }
    let back = asking.back(&[("code", code.expose_secret()), ("iss", state.site.base())]);
    Ok(super::super::oauth::back_to(&back))
}

impl Asking {
    /// Reads the parameters. What is wrong is shown: an address that nobody registered is not
    /// one to send a browser to.
    async fn read(state: &web::Data<AppState>, parameters: &[(String, String)]) -> Result<Self, Problem> {
        let one = |name: &'static str| {
            let mut values = parameters.iter().filter(|(key, value)| key == name && !value.is_empty());
            match (values.next(), values.next()) {
                (Some((_, value)), None) => Ok(value.clone()),
                _ => Err(Problem::malformed(format!("The parameter `{name}` is missing or stands twice."))),
            }
        };
        let id = one("client_id")?;
        let client = blocking::registry(state, move |registry| registry.passport_client(&id)).await?;
        let client = client.ok_or_else(|| Problem::malformed("No such system is registered here."))?;
        let redirect_uri = one("redirect_uri")?;
        if !client.redirect_uris.contains(&redirect_uri) {
            return Err(Problem::malformed("`redirect_uri` is not one that the system registered."));
        }
        if one("response_type")? != "code" || one("code_challenge_method")? != "S256" {
            return Err(Problem::malformed("`response_type` must be `code`, with PKCE by the method S256."));
        }
        let challenge = CodeChallenge::new(&one("code_challenge")?)
            .ok_or_else(|| Problem::malformed("`code_challenge` is not the SHA-256 of a verifier."))?;
        let scopes = scope::read(&one("scope")?)
            .filter(|scopes| scopes.iter().all(|scope| client.scopes.contains(scope)))
            .ok_or_else(|| {
                Problem::malformed("`scope` names none, or one that the system did not register.")
            })?;
        Ok(Self { client, redirect_uri, state: one("state")?, scopes, challenge })
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client.id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("state", self.state.clone()),
            ("scope", self.scopes.join(" ")),
            ("code_challenge", self.challenge.as_str().to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ]
    }

    /// The page's own address, which its switch of language leads to.
    fn target(&self, is_welsh: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.parameters());
        if is_welsh {
            query.append_pair("lang", "cy");
        }
        format!("{BASE}/authorize?{}", query.finish())
    }

    /// Where the browser goes, with these parameters and the system's own `state`.
    fn back(&self, parameters: &[(&str, &str)]) -> String {
        let Ok(mut target) = Url::parse(&self.redirect_uri) else { return self.redirect_uri.clone() };
        target.query_pairs_mut().extend_pairs(parameters).append_pair("state", &self.state);
        target.into()
    }

    /// What a page's `form-action` must name for the browser to go there.
    fn form_action(&self) -> String {
        match Url::parse(&self.redirect_uri) {
            Ok(target) if matches!(target.scheme(), "http" | "https") => {
                target.origin().ascii_serialization()
            }
            Ok(target) => format!("{}:", target.scheme()),
            Err(_) => String::new(),
        }
    }
}

fn page(
    state: &AppState,
    target: &str,
    status: StatusCode,
    asking: &Asking,
    fault: Option<ConnectFault>,
) -> HttpResponse {
    let back = asking.form_action();
    let permission = |scope: &String| match scope.as_str() {
        scope::READ => Some(Permission::ReadBadges),
        scope::UPSERT => Some(Permission::AddBadges),
        scope::PROFILE_READ => Some(Permission::ReadProfile),
        scope::PROFILE_WRITE => Some(Permission::WriteProfile),
        _ => None,
    };
    let page = ConnectPage {
        system: asking.client.name.clone(),
        address: back.clone(),
        permissions: asking.scopes.iter().filter_map(permission).collect(),
        hidden: asking.parameters(),
        refuse: asking.back(&[("error", "access_denied")]),
        fault,
    };
    let policy = ::web::CSP.replace("form-action 'self'", &format!("form-action 'self' {back}"));
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .body(page.render(&pages::chrome(state, target)))
}
