//! `POST /v1/presentation-requests`: ask a holder to present badges.

use std::collections::BTreeSet;

use ::wallet::{Claim, Query, is_returnable, query, request_link};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::TimeDelta;
use model::{
    catalogue::Catalogue,
    field::FieldError,
    id::{PresentationRequestId, Slug},
};
use registry::NewPresentationRequest;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use super::stored::Asked;
use crate::{
    auth::{caller::Caller, scope::Scope, secret::fresh},
    blocking, body,
    problem::Problem,
    routes::exchanges::interaction,
    state::AppState,
    wire::{
        ledger::rfc3339,
        wallet::{PresentationRequestAnswer, PresentationRequestBody},
    },
};

const MEMBERS: [&str; 6] = ["purpose", "achievements", "level", "claims", "redirectUri", "expiresIn"];
/// Characters of a purpose.
const PURPOSE: usize = 200;
/// Badges that one request may name.
const MOST: usize = 16;
/// How long a request lives, in seconds: at least, at most, and if nothing is said.
const SECONDS: (i64, i64, i64) = (60, 24 * 3600, 600);
/// How long an answer can be read.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Ask for badges
///
/// Makes a request (OID4VP 1.0) that a holder's wallet answers, once, until it ends: as a QR
/// code for another device, and as a link for this one. Ask for named badges, or for whatever
/// shows that a level is met; the holder sees the purpose and decides. `interactionUrl` leads a
/// wallet to whichever protocol it speaks, and a browser to a page. With `redirectUri`
/// their browser comes back there with a `response_code`, without which the answer is not
/// told: so nobody else's answer is taken for theirs.
#[utoipa::path(
    post,
    path = "/v1/presentation-requests",
    operation_id = "createPresentationRequest",
    tag = "Wallets",
    request_body = PresentationRequestBody,
    responses(
        (status = 201, description = "The request", body = PresentationRequestAnswer),
        (status = 422, description = "Some fields are wrong"),
    ),
    security(("oauth2" = ["presentations:request"]), ("apiKey" = [])),
)]
pub async fn ask(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::PresentationsRequest)?;
    let document = body::json(&request, &payload)?;
    let answer = blocking::run(&state, move |state| {
        let catalogue = state.service.catalogue()?;
        let wanted = Wanted::read(&document, &catalogue).map_err(Problem::invalid)?;
        make(state, &caller, wanted)
    })
    .await?;
    metrics::counter!("lanyard_presentation_requests_total").increment(1);
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("location", answer.url.clone()))
        .json(answer))
}

struct Wanted {
    purpose: String,
    achievements: Vec<Slug>,
    level: Option<Slug>,
    claims: Vec<Claim>,
    redirect_uri: Option<String>,
    lifetime: TimeDelta,
}

impl Wanted {
    fn read(document: &Value, catalogue: &Catalogue) -> Result<Self, Vec<FieldError>> {
        let Some(members) = document.as_object() else {
            return Err(vec![FieldError::new("", "not-an-object", "the body is not an object", "an object")]);
        };
        let mut fields = Fields { members, errors: Vec::new() };
        fields.unknown();
        let wanted = Self {
            purpose: fields.purpose(),
            achievements: fields.achievements(catalogue),
            level: fields.level(catalogue),
            claims: fields.claims(),
            redirect_uri: fields.redirect_uri(),
            lifetime: fields.lifetime(),
        };
        if wanted.level.is_some() && !wanted.achievements.is_empty() {
            fields.wrong(
                "level",
                "one-or-the-other",
                "there are achievements too",
                "a level or achievements",
            );
        }
        if fields.errors.is_empty() { Ok(wanted) } else { Err(fields.errors) }
    }
}

/// The members of the body, and what is wrong with them.
struct Fields<'a> {
    members: &'a Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields<'_> {
    fn wrong(&mut self, name: &str, code: &'static str, detail: &str, expected: &str) {
        self.errors.push(FieldError::new(format!("/{name}"), code, detail, expected));
    }

    fn unknown(&mut self) {
        for name in self.members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
            let expected = format!("one of {}", MEMBERS.join(", "));
            self.errors.push(FieldError::new(
                format!("/{name}"),
                "unknown-member",
                "this member is not known",
                expected,
            ));
        }
    }

    fn purpose(&mut self) -> String {
        let stated = self.members.get("purpose").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if !(1..=PURPOSE).contains(&stated.chars().count()) {
            let expected = format!("what you want to know it for, in 1 to {PURPOSE} characters");
            self.wrong("purpose", "purpose-required", "it is missing or too long", &expected);
        }
        stated.to_owned()
    }

    fn achievements(&mut self, catalogue: &Catalogue) -> Vec<Slug> {
        let expected = format!("an array of at most {MOST} short names of achievements");
        let Some(stated) = self.members.get("achievements") else { return Vec::new() };
        let Some(stated) = stated.as_array().filter(|names| (1..=MOST).contains(&names.len())) else {
            self.wrong("achievements", "not-a-list", "it is no such array", &expected);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (place, name) in stated.iter().enumerate() {
            let slug = name.as_str().and_then(|name| Slug::new(name).ok());
            if let Some(slug) = slug.filter(|slug| catalogue.achievements.contains_key(slug)) {
                found.push(slug);
            } else {
                let place = format!("achievements/{place}");
                self.wrong(&place, "unknown-achievement", "there is no such achievement", "a catalogue name");
            }
        }
        let distinct: BTreeSet<&Slug> = found.iter().collect();
        if distinct.len() < found.len() {
            self.wrong("achievements", "twice", "a badge is named twice", "each badge once");
        }
        found
    }

    fn level(&mut self, catalogue: &Catalogue) -> Option<Slug> {
        let stated = self.members.get("level")?;
        let slug = stated.as_str().and_then(|name| Slug::new(name).ok());
        let known = slug.filter(|slug| catalogue.requirements.contains_key(slug));
        if known.is_none() {
            self.wrong("level", "unknown-level", "there is no such level", "a level's short name");
        }
        known
    }

    fn claims(&mut self) -> Vec<Claim> {
        let names = Claim::ALL.map(Claim::as_str).join(", ");
        let Some(stated) = self.members.get("claims") else { return vec![Claim::Name] };
        let known = |name: &Value| Claim::ALL.into_iter().find(|claim| name == claim.as_str());
        let found: Option<BTreeSet<Claim>> =
            stated.as_array().and_then(|names| names.iter().map(known).collect());
        if found.is_none() {
            self.wrong("claims", "unknown-claim", "it is no such array", &format!("an array of {names}"));
        }
        found.unwrap_or_default().into_iter().collect()
    }

    fn redirect_uri(&mut self) -> Option<String> {
        let stated = self.members.get("redirectUri")?;
        let address = stated.as_str().filter(|address| is_returnable(address));
        if address.is_none() {
            let expected = "an absolute https address, http on loopback, or an app's own scheme";
            self.wrong("redirectUri", "not-an-address", "nobody's browser can be sent there", expected);
        }
        address.map(str::to_owned)
    }

    fn lifetime(&mut self) -> TimeDelta {
        let (least, most, usual) = SECONDS;
        let seconds = match self.members.get("expiresIn") {
            None => Some(usual),
            Some(stated) => stated.as_i64().filter(|seconds| (least..=most).contains(seconds)),
        };
        if seconds.is_none() {
            let expected = format!("a number of seconds from {least} to {most}");
            self.wrong("expiresIn", "out-of-range", "it is no such number of seconds", &expected);
        }
        TimeDelta::seconds(seconds.unwrap_or(usual))
    }
}

fn make(state: &AppState, caller: &Caller, wanted: Wanted) -> Result<PresentationRequestAnswer, Problem> {
    let now = state.clock.now();
    let entropy = state.entropy.as_ref();
    let (id, secret) = (PresentationRequestId::random(entropy), fresh("", entropy));
    let secret = secret.expose_secret();
    let client = &caller.acting.client;
    let client_name = state.registry.client(client)?.map_or_else(|| client.clone(), |client| client.name);
    let mut achievements = Vec::new();
    for slug in &wanted.achievements {
        let versions = state.registry.achievement_versions(slug)?;
        achievements.push(versions.iter().map(|version| state.site.achievement(slug, version)).collect());
    }
    let vct = state.site.credential_type();
    let query = query(&Query { vct: &vct, achievements: &achievements, claims: &wanted.claims });
    let asked = Asked {
        client_name,
        purpose: wanted.purpose,
        achievements: wanted.achievements,
        level: wanted.level,
        redirect_uri: wanted.redirect_uri,
        query,
    };
    let audience = state.service.verifier_name()?;
    let expires = now + wanted.lifetime;
    let kept = NewPresentationRequest {
        id,
        client,
        secret,
        audience: &audience,
        asked: &serde_json::to_value(&asked).map_err(|error| Problem::internal(&error))?,
        expires,
        kept_until: expires + KEPT,
    };
    state.registry.ask_presentation(&kept, now)?;
    let request_uri = state.site.url(&format!("/oid4vp/requests/{secret}"));
    let link = request_link(&audience, &request_uri);
    let qr =
        artwork::qr::svg(&link, "QR code: show a badge from your wallet / dangoswch fathodyn o'ch waled");
    Ok(PresentationRequestAnswer {
        id: id.to_string(),
        url: state.site.url(&format!("/v1/presentation-requests/{id}")),
        expires_at: rfc3339(expires),
        qr_svg: qr.map_err(|error| Problem::internal(&error))?,
        interaction_url: interaction::url(state, secret),
        link,
    })
}
