//! `POST /v1/watches`: be told when a credential stands otherwise.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use chrono::{DateTime, Utc};
use model::{
    field::FieldError,
    id::{CredentialId, StatusListId, WatchId},
    report::{Outcome, Question, Report},
};
use registry::{NewWatch, RegistryError, Watched};
use serde_json::{Map, Value};
use verification::{Expectation, Statement, Submission, recognise};
use zeroize::Zeroizing;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::{Problem, table},
    routes::verification::handed::is_address,
    state::AppState,
    watching::{next_look, secret, status},
    wire::watches::{Watch, WatchBody},
};

const MEMBERS: [&str; 4] = ["credential", "endpoint", "secret", "expiresAt"];

/// Watch a credential
///
/// Has messages sent to `endpoint` (Standard Webhooks) when the status of a credential
/// changes: a badge of this service, or anybody's that verifies now and names a status list
/// or an end. Of the latter nothing of its holder is kept. The answer shows the secret,
/// once.
#[utoipa::path(
    post,
    path = "/v1/watches",
    operation_id = "createWatch",
    tag = "Watches",
    request_body = WatchBody,
    responses(
        (status = 201, description = "The watch, with its secret", body = Watch),
        (status = 409, description = "This client has as many watches as it may"),
        (status = 422, description = "Some fields are wrong"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let document = body::json(&request, &payload)?;
    let wanted = Wanted::read(&document, &state).map_err(Problem::invalid)?;
    let watched = match wanted.credential {
        Named::Own(id) => Watched::Own(id),
        Named::At(url) => match state.verifier.retrieve(&url).await {
            Ok(submission) => other(&state, &submission).await?,
            Err(report) => return Err(refused(&report)),
        },
        Named::Sent(submission) => other(&state, &submission).await?,
    };
    let (endpoint, secret, expires) = (wanted.endpoint, wanted.secret, wanted.expires);
    let watch = blocking::run(&state, move |state| {
        let (now, entropy) = (state.clock.now(), state.entropy.as_ref());
        let secret = secret.unwrap_or_else(|| secret::fresh(entropy));
        let client = caller.acting.client.as_str();
        let id = WatchId::ordered(now, entropy);
        let most = state.limits.watches_of(caller.limits);
        let new = NewWatch { id, client, watched, endpoint: &endpoint, secret: &secret, expires, most };
        match state.registry.watch(&new, now, entropy) {
            Ok(true) => {}
            Ok(false) => {
                let detail = format!("This client has {most} watches already.");
                return Err(Problem::new(&table::WATCH_LIMIT, detail));
            }
            Err(RegistryError::Missing { what: "credential", .. }) => return Err(unknown()),
            Err(error) => return Err(error.into()),
        }
        let watch = Watch::new(super::own(state, &caller, id)?, &state.site);
        Ok(Watch { secret: Some(secret.to_string()), ..watch })
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("location", watch.url.clone()))
        .json(watch))
}

/// A credential, as the body names it.
enum Named {
    Own(CredentialId),
    At(String),
    Sent(Submission),
}

struct Wanted {
    credential: Named,
    endpoint: String,
    secret: Option<Zeroizing<String>>,
    expires: Option<DateTime<Utc>>,
}

impl Wanted {
    fn read(document: &Value, state: &AppState) -> Result<Self, Vec<FieldError>> {
        let Some(members) = document.as_object() else {
            return Err(vec![FieldError::new("", "not-an-object", "the body is not an object", "an object")]);
        };
        let mut errors = Vec::new();
        for name in members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
            let expected = format!("one of {}", MEMBERS.join(", "));
            errors.push(wrong(&format!("/{name}"), "unknown-member", "this member is not known", &expected));
        }
        let credential = named(members, state);
        let endpoint = endpoint(members, state);
        let secret = secret_of(members);
        let expires = expires(members, state.clock.now());
        match (credential, endpoint, secret, expires) {
            (Ok(credential), Ok(endpoint), Ok(secret), Ok(expires)) if errors.is_empty() => {
                Ok(Self { credential, endpoint, secret, expires })
            }
            (credential, endpoint, secret, expires) => {
                errors.extend(credential.err());
                errors.extend(endpoint.err());
                errors.extend(secret.err());
                errors.extend(expires.err());
                Err(errors)
            }
        }
    }
}

fn wrong(pointer: &str, code: &'static str, detail: &str, expected: &str) -> FieldError {
    FieldError::new(pointer, code, detail, expected)
}

fn named(members: &Map<String, Value>, state: &AppState) -> Result<Named, FieldError> {
    let expected = "the id or address of a badge, or a credential";
    match members.get("credential") {
        Some(Value::String(text)) => Ok(match plain_id(text).or_else(|| own_id(text, state)) {
            Some(id) => Named::Own(id),
            None if is_address(text) => Named::At(text.clone()),
            None => Named::Sent(recognise(text.as_bytes(), None)),
        }),
        // A copy of a badge of ours may be old; what counts is what stands here.
        Some(credential @ Value::Object(_)) => {
            let own = credential.get("id").and_then(Value::as_str).and_then(|id| own_id(id, state));
            let sent = || Named::Sent(recognise(credential.to_string().as_bytes(), None));
            Ok(own.map_or_else(sent, Named::Own))
        }
        _ => Err(wrong("/credential", "missing", "it is missing, or neither text nor object", expected)),
    }
}

/// An id as it stands in an address: anybody's credential may be called `urn:uuid:…`.
fn plain_id(text: &str) -> Option<CredentialId> {
    const LENGTH: usize = 36;
    text.parse().ok().filter(|_| text.len() == LENGTH)
}

/// The id of a badge of ours at an address.
fn own_id(address: &str, state: &AppState) -> Option<CredentialId> {
    let path = address.strip_prefix(state.site.base())?;
    ["/v1/credentials/", "/badges/"].into_iter().find_map(|start| path.strip_prefix(start)?.parse().ok())
}

fn endpoint(members: &Map<String, Value>, state: &AppState) -> Result<String, FieldError> {
    let expected = "an https address on port 443 that is public";
    let stated = members.get("endpoint").and_then(Value::as_str).filter(|url| url.len() <= 2048);
    let stated =
        stated.ok_or_else(|| wrong("/endpoint", "missing", "it is missing or too long", expected))?;
    let permitted = state.client.permits(stated);
    permitted.map_err(|error| wrong("/endpoint", "not-permitted", &error.to_string(), expected))?;
    Ok(stated.to_owned())
}

fn secret_of(members: &Map<String, Value>) -> Result<Option<Zeroizing<String>>, FieldError> {
    let Some(stated) = members.get("secret").filter(|stated| !stated.is_null()) else { return Ok(None) };
    let good = stated.as_str().filter(|text| secret::bytes(text).is_some());
    let expected = "`whsec_` and 24 to 64 bytes in base64";
    let good = good.ok_or_else(|| wrong("/secret", "not-a-secret", "it is no such secret", expected))?;
    Ok(Some(Zeroizing::new(good.to_owned())))
}

fn expires(members: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, FieldError> {
    let Some(stated) = members.get("expiresAt").filter(|stated| !stated.is_null()) else { return Ok(None) };
    let at = stated.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let at = at.map(|at| at.to_utc()).filter(|at| *at > now);
    let expected = "a date-time that is still to come";
    at.map(Some).ok_or_else(|| wrong("/expiresAt", "not-in-future", "it is no such date-time", expected))
}

/// Another's credential, which must verify, whether or not it stands.
async fn other(state: &AppState, submission: &Submission) -> Result<Watched, Problem> {
    let report = state.verifier.verify(submission, &Expectation::default()).await;
    let proving = [
        Question::Format,
        Question::Contexts,
        Question::Schema,
        Question::Proof,
        Question::IssuerBinding,
        Question::Key,
    ];
    let unproved = |outcome| matches!(outcome, Outcome::Fail | Outcome::NotChecked);
    if report.checks.iter().any(|check| proving.contains(&check.question) && unproved(check.outcome)) {
        return Err(refused(&report));
    }
    let statement = Statement::of(submission).ok_or_else(|| refused(&report))?;
    if statement.lists().is_empty() && statement.ends().is_none() {
        let detail = "it names no status list and no end, so nothing can change";
        return Err(Problem::invalid(vec![wrong(
            "/credential",
            "nothing-to-watch",
            detail,
            "a credential whose status can change",
        )]));
    }
    let stands = state.verifier.standing(std::slice::from_ref(&statement)).await.pop().flatten();
    // Where a list cannot be had now it is taken to stand: its watcher is told if it does not.
    let stands = stands.map_or(registry::WatchStatus::Active, status);
    let own = |list: &&str| {
        list.strip_prefix(state.site.base())?.strip_prefix("/status/")?.split('/').next()?.parse().ok()
    };
    let lists: Vec<StatusListId> = statement.lists().iter().filter_map(own).collect();
    let text = serde_json::to_string(&statement).map_err(|error| Problem::internal(&error))?;
    let look = next_look(state.clock.now(), state.limits.look);
    Ok(Watched::Other { statement: text, status: stands, lists, look: Some(look) })
}

fn refused(report: &Report) -> Problem {
    let unproved = |outcome| matches!(outcome, Outcome::Fail | Outcome::NotChecked);
    let why = report.checks.iter().find(|check| unproved(check.outcome));
    let why = why.map_or_else(|| "it does not verify".to_owned(), |check| check.finding.to_string());
    Problem::invalid(vec![wrong("/credential", "not-verified", &why, "a credential that verifies")])
}

fn unknown() -> Problem {
    let detail = "there is no such badge here";
    Problem::invalid(vec![wrong("/credential", "unknown", detail, "the id or address of a badge")])
}
