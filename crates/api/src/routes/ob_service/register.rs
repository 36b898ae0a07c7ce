//! `POST /ims/ob/v3p0/register`: dynamic registration (RFC 7591; Open Badges 3.0, 7.2.3).

use actix_web::{HttpRequest, HttpResponse, web};
use registry::NewPassportClient;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use wallet::is_returnable;

use super::scope;
use crate::{
    auth::secret::fresh,
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::protocols::{ProtocolError, RegistrationAnswer, RegistrationRequest},
};

/// Addresses that one system may register.
const MOST: usize = 10;
/// Characters of a name.
const LONGEST_NAME: usize = 100;

/// Register a system
///
/// Anybody may: what is registered can do nothing until a learner lets it. The name is shown
/// to the learner, and is what the system calls itself.
#[utoipa::path(
    post,
    path = "/ims/ob/v3p0/register",
    operation_id = "registerPassportClient",
    tag = "Passport",
    request_body = RegistrationRequest,
    responses(
        (status = 201, description = "The client's id and secret, shown this once", body = RegistrationAnswer),
        (status = 400, description = "The metadata is refused (RFC 7591, section 3.2.2)", body = ProtocolError),
    ),
)]
pub async fn register(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let metadata = body::json(&request, &payload)?;
    let wanted = match Wanted::read(&metadata) {
        Ok(wanted) => wanted,
        Err((code, why)) => {
            return Ok(HttpResponse::BadRequest()
                .insert_header(("cache-control", "no-store"))
                .json(json!({"error": code, "error_description": why})));
        }
    };
    let now = state.clock.now();
    let (id, secret) = (state.entropy.uuid().to_string(), fresh("los_", state.entropy.as_ref()));
    let answer = json!({
        "client_id": id,
        "client_secret": secret.expose_secret(),
        "client_id_issued_at": now.timestamp(),
        "client_secret_expires_at": 0,
        "client_name": wanted.name,
        "redirect_uris": wanted.redirect_uris,
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": wanted.scopes.join(" "),
    });
    blocking::registry(&state, move |registry| {
        let client = NewPassportClient {
            id: &id,
            secret: secret.expose_secret(),
            name: &wanted.name,
            redirect_uris: &wanted.redirect_uris,
            scopes: &wanted.scopes,
        };
        registry.register_passport_client(&client, now)
    })
    .await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(answer))
}

struct Wanted {
    name: String,
    redirect_uris: Vec<String>,
    scopes: Vec<String>,
}

impl Wanted {
    fn read(metadata: &Value) -> Result<Self, (&'static str, String)> {
        let wrong = |why: &str| ("invalid_client_metadata", why.to_owned());
        let text = |name: &str| metadata.get(name).and_then(Value::as_str);
        let name = text("client_name").map(str::trim).unwrap_or_default();
        if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
            return Err(wrong("client_name must have 1 to 100 characters"));
        }
        let uris = metadata.get("redirect_uris").and_then(Value::as_array);
        let uris: Option<Vec<String>> = uris
            .filter(|uris| (1..=MOST).contains(&uris.len()))
            .and_then(|uris| uris.iter().map(|uri| Some(uri.as_str()?.to_owned())).collect());
        let redirect_uris = uris.filter(|uris| uris.iter().all(|uri| is_returnable(uri))).ok_or_else(|| {
            let why = "redirect_uris must be 1 to 10 absolute https addresses, http on loopback, or an app's own";
            ("invalid_redirect_uri", why.to_owned())
        })?;
        if text("token_endpoint_auth_method").is_some_and(|method| method != "client_secret_basic") {
            return Err(wrong("token_endpoint_auth_method must be client_secret_basic"));
        }
        let listed = |name: &str, known: &[&str]| {
            let stated = metadata.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            stated.iter().all(|one| one.as_str().is_some_and(|one| known.contains(&one)))
        };
        if !listed("grant_types", &["authorization_code", "refresh_token"])
            || !listed("response_types", &["code"])
        {
            return Err(wrong("only the authorisation code and its refresh are granted"));
        }
        let all = || scope::ALL.map(|(name, _)| name.to_owned()).to_vec();
        let scopes = match text("scope") {
            None => all(),
            Some(asked) => {
                scope::read(asked).ok_or_else(|| wrong("scope names none, or one that there is not"))?
            }
        };
        Ok(Self { name: name.to_owned(), redirect_uris, scopes })
    }
}
