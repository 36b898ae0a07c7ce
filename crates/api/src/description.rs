//! The description of the API: OpenAPI 3.1, gathered from the endpoints, with
//! what all of them share added in one place.

mod shape;
mod vocabulary;

use std::time::Duration;

use model::site::Site;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::{
    auth::scope::Scope,
    problem::{
        MEDIA_TYPE,
        table::{self, Kind},
    },
    routes::{
        accreditations, achievements, badges, completions, core_skills, credentials, documentation,
        endorsements, exchanges, issuers, learners, log, maintenance, oauth, ob_service, oid4vci, oid4vp,
        operations, outbox, programmes, requirements, schemes, status, trust, types, usage, vc_api,
        verification, watches,
    },
    wire,
};

#[derive(OpenApi)]
#[openapi(
    paths(
        oauth::token::token,
        oauth::metadata::metadata,
        ob_service::discovery::discovery,
        ob_service::register::register,
        ob_service::token::token,
        ob_service::token::revoke,
        ob_service::credentials::list,
        ob_service::upsert::upsert,
        ob_service::profile::read,
        ob_service::profile::write,
        learners::connections::begin,
        learners::consents::give::give,
        learners::consents::list::list,
        learners::consents::withdraw::withdraw,
        learners::accesses::list,
        core_skills::query::query,
        core_skills::send::send,
        learners::hosts::begin::begin,
        learners::hosts::list::list,
        learners::hosts::list::forget,
        learners::hosts::import::import,
        learners::hosts::export::export,
        oid4vci::offers::create,
        oid4vci::offers::list,
        oid4vci::offer::offer,
        oid4vci::metadata::metadata,
        oid4vci::nonce::nonce,
        oid4vci::credential::credential,
        oid4vci::deferred::deferred,
        oid4vci::notification::notify,
        oid4vp::ask::ask,
        oid4vp::read::read,
        oid4vp::request_object::get,
        oid4vp::request_object::post,
        oid4vp::answer::answer,
        exchanges::interaction::show,
        exchanges::participate::participate,
        exchanges::read::read,
        completions::create::create,
        completions::batch::batch,
        completions::withdraw::withdraw,
        credentials::clr::clr,
        credentials::get::get,
        credentials::revoke::revoke,
        credentials::current::get,
        credentials::maintenance::get,
        credentials::renew::renew,
        credentials::log_proof::get,
        log::checkpoint::get,
        log::tile::get,
        log::checkpoints::list,
        log::checkpoints::one,
        log::consistency::get,
        log::cosignatures::add,
        status::get::get,
        status::get::by_keys,
        types::achievement::get,
        learners::activities::create,
        learners::adjustments::request,
        learners::balances::balances,
        learners::decide::decide,
        learners::erase::erase,
        learners::ledger::ledger,
        learners::pathways::pathways,
        learners::maintenance::maintenance,
        maintenance::preview::preview,
        outbox::list::list,
        programmes::list::list,
        programmes::get::get,
        programmes::preview::preview,
        requirements::check::check,
        learners::schemes::join,
        learners::own_words::write,
        learners::transfers::create,
        learners::prior_learning::accept,
        schemes::get::get,
        trust::lists::get,
        trust::list::list,
        trust::decide::add,
        trust::decide::withdraw,
        verification::offline::bundle,
        learners::statement::statement,
        verification::check::check,
        verification::batch::batch,
        verification::jobs::create::create,
        verification::jobs::get::get,
        verification::jobs::remove::remove,
        verification::jobs::results::results,
        usage::usage,
        watches::create::create,
        watches::list::list,
        watches::get::get,
        watches::remove::remove,
        watches::test::test,
        watches::secret::rotate,
        watches::deliveries::list,
        badges::page::page,
        badges::qr::qr,
        accreditations::list::list,
        accreditations::get::get,
        endorsements::list::list,
        endorsements::create::create,
        endorsements::get::get,
        endorsements::withdraw::withdraw,
        achievements::get::get,
        achievements::image::svg,
        achievements::image::png,
        issuers::profile::profile,
        issuers::controller::of_root,
        issuers::controller::of_issuer,
        issuers::keys::jwks,
        documentation::openapi::openapi,
        documentation::problems::list,
        documentation::problems::one,
        operations::health::health,
        operations::ready::ready,
        operations::metrics::metrics,
    ),
    components(schemas(wire::problem::ProblemDocument, wire::problem::FieldFault)),
    tags(
        (name = "Completions", description = "What your learners finished"),
        (name = "Credentials", description = "What was issued"),
        (name = "Verification", description = "Is this badge good?"),
        (name = "Watches", description = "Be told when it is no longer good"),
        (name = "Learners", description = "CPD credit"),
        (name = "Log", description = "Nothing was changed behind anybody's back"),
        (name = "Wallets", description = "Badges into wallets, and out of them"),
        (name = "Passport", description = "The service API of Open Badges 3.0, and core skills"),
        (name = "Tokens", description = "Who you are"),
        (name = "Catalogue", description = "What can be earned, and from whom"),
        (name = "Keys", description = "What signatures are checked with"),
        (name = "Pages", description = "What people see"),
        (name = "Documentation", description = "This API"),
        (name = "Operations", description = "For those who run the service"),
    ),
    info(
        title = "Lanyard",
        description = "Open Badges 3.0 for the NHS Digital Academy: post a completion, get a signed badge; check anybody's badge.\n\nErrors are problem documents (RFC 9457). Dates are UTC. Identifiers are opaque.",
    ),
)]
struct Description;

/// The description of the service at `site`; with the VC API only where it is on.
pub fn document(site: &Site, token_lifetime: Duration, vc_api: bool) -> Value {
    let mut described = Description::openapi();
    if vc_api {
        described.merge(vc_api::Description::openapi());
    }
    let mut document = serde_json::to_value(described).unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        members.insert("servers".to_owned(), json!([{ "url": site.base() }]));
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("securitySchemes".to_owned(), security_schemes(site, token_lifetime));
        components.insert("responses".to_owned(), shared_responses(site));
        if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
            schemas.extend(vocabulary::classes());
            shape::name_variants(schemas);
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation, site.base());
        }
    }
    shape::enumerate(&mut document);
    document
}

/// Adds to an operation what every one of its kind shares.
fn complete(path: &str, method: &str, operation: &mut Value, base: &str) {
    for (media_type, content) in contents(operation) {
        shape::type_files(media_type, content);
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    parameters.into_iter().flatten().for_each(shape::identify);
    let is_for_clients = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|schemes| schemes.iter().any(|scheme| scheme.get("oauth2").is_some()));
    let Some(operation) = operation.as_object_mut() else { return };
    if let Some(sample) = sample(path) {
        let samples = json!([{ "lang": "Shell", "label": "curl", "source": sample.replace("{base}", base) }]);
        operation.insert("x-codeSamples".to_owned(), samples);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut() {
        let is_error = status.starts_with(['4', '5']);
        if let Some(response) = response.as_object_mut()
            && is_error
            && !has_own_errors(path, status)
        {
            response.insert("content".to_owned(), problem_content());
            response.insert("x-problems".to_owned(), problems(status, path));
        }
    }
    let mut shared = vec![("429", "RateLimited"), ("500", "Internal"), ("503", "Unavailable")];
    if is_for_clients {
        shared.extend([("400", "Malformed"), ("401", "Unauthenticated"), ("403", "Forbidden")]);
    }
    if method == "post" {
        shared.extend([
            ("400", "Malformed"),
            ("408", "Timeout"),
            ("413", "TooLarge"),
            ("415", "UnsupportedMediaType"),
        ]);
    }
    for (status, name) in shared {
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        responses.entry(status).or_insert(reference);
    }
}

/// Whether an address answers that error in the words of another specification.
pub fn has_own_errors(path: &str, status: &str) -> bool {
    match path {
        "/oauth2/token"
        | "/readyz"
        | "/oid4vci/credential"
        | "/oid4vci/deferred"
        | "/oid4vci/notification" => true,
        "/oid4vp/requests/{secret}/answer" => status == "400",
        path => path.starts_with("/ims/ob/v3p0/"),
    }
}

/// The short names of the kinds of problem that a status may stand for.
fn problems(status: &str, path: &str) -> Value {
    let is_possible = |kind: &&&Kind| {
        kind.status.as_str() == status && (*kind != &&table::KEY_REUSED || path == "/v1/completions")
    };
    table::ALL.iter().filter(is_possible).map(|kind| kind.slug).collect()
}

/// The bodies of an operation, by media type: that of the request, and of each answer.
fn contents(operation: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let mut bodies = Vec::new();
    for (name, member) in operation.as_object_mut().into_iter().flatten() {
        match (name.as_str(), member) {
            ("requestBody", body) => bodies.extend(body.get_mut("content")),
            ("responses", responses) => {
                let responses = responses.as_object_mut().into_iter().flatten();
                bodies.extend(responses.filter_map(|(_, response)| response.get_mut("content")));
            }
            _ => {}
        }
    }
    bodies.into_iter().filter_map(Value::as_object_mut).flatten()
}

fn problem_content() -> Value {
    json!({ MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

fn shared_responses(site: &Site) -> Value {
    let names = [
        ("Malformed", &table::MALFORMED_REQUEST),
        ("Unauthenticated", &table::UNAUTHENTICATED),
        ("Forbidden", &table::FORBIDDEN),
        ("Timeout", &table::TIMEOUT),
        ("TooLarge", &table::TOO_LARGE),
        ("UnsupportedMediaType", &table::UNSUPPORTED_MEDIA_TYPE),
        ("RateLimited", &table::RATE_LIMITED),
        ("Internal", &table::INTERNAL),
        ("Unavailable", &table::UNAVAILABLE),
    ];
    let responses = names.into_iter().map(|(name, kind)| {
        let status = kind.status.as_str();
        let mut response = json!({
            "description": kind.title,
            "content": problem_content(),
            "x-problems": problems(status, ""),
        });
        let example = json!({
            "type": site.problem(kind.slug),
            "title": kind.title,
            "status": kind.status.as_u16(),
            "detail": kind.meaning,
            "instance": "urn:uuid:00000000-0000-4000-8000-000000000000",
        });
        if let Some(content) =
            response.pointer_mut("/content/application~1problem+json").and_then(Value::as_object_mut)
        {
            content.insert("example".to_owned(), example);
        }
        if let Some(members) = response.as_object_mut()
            && matches!(kind.status.as_u16(), 429 | 503)
        {
            let header = json!({ "description": "Seconds to wait", "schema": { "type": "integer" } });
            members.insert("headers".to_owned(), json!({ "Retry-After": header }));
        }
        (name.to_owned(), response)
    });
    Value::Object(responses.collect())
}

fn security_schemes(site: &Site, token_lifetime: Duration) -> Value {
    let scopes: Map<String, Value> =
        Scope::ALL.iter().map(|scope| (scope.to_string(), json!(scope.meaning()))).collect();
    json!({
        "oauth2": {
            "type": "oauth2",
            "description": format!("For systems. Tokens end after {} minutes.", token_lifetime.as_secs() / 60),
            "flows": { "clientCredentials": { "tokenUrl": site.url("/oauth2/token"), "scopes": scopes } },
        },
        "apiKey": {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "For small providers; `Authorization: Bearer` takes the key too.",
        },
        "clientSecret": {
            "type": "http",
            "scheme": "basic",
            "description": "The client's id and secret (client_secret_basic), for the token endpoint alone.",
        },
    })
}

/// A request to paste; `{base}` stands for the service's address.
#[expect(clippy::too_many_lines, reason = "one for each address")]
fn sample(path: &str) -> Option<&'static str> {
    Some(match path {
        "/oauth2/token" => {
            "curl -u CLIENT_ID:CLIENT_SECRET -d grant_type=client_credentials \\\n  -d scope=completions:write {base}/oauth2/token"
        }
        "/v1/completions" => {
            "curl {base}/v1/completions -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -H 'Idempotency-Key: course-42-user-7' \\\n  -d '{\"learner\": {\"name\": \"Sample Learner\", \"identifiers\": [{\"type\": \"email\", \"value\": \"sample.learner@example.org\"}]},\n       \"achievement\": \"user-centred-design\", \"completedAt\": \"2026-03-02T15:30:00Z\", \"reference\": \"course-42-user-7\"}'"
        }
        "/v1/completions/batch" => {
            "curl -N {base}/v1/completions/batch -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: text/csv' --data-binary @completions.csv"
        }
        "/v1/credentials/{id}" => "curl {base}/v1/credentials/$ID -H 'Accept: application/vc+ld+json'",
        "/v1/credentials/{id}/clr" => {
            "curl {base}/v1/credentials/$ID/clr -H 'Accept: application/vc+ld+json'"
        }
        "/v1/credentials/{id}/revoke" => {
            "curl {base}/v1/credentials/$ID/revoke -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"reason\": \"Issued to the wrong person\"}'"
        }
        "/status/{list}" => "curl {base}/status/$LIST -H 'Accept: application/vc+jwt'",
        "/v1/learners/{id}/pathways" => {
            "curl {base}/v1/learners/$LEARNER/pathways -H \"Authorization: Bearer $KEY\""
        }
        "/v1/programmes/{slug}" => "curl {base}/v1/programmes/online-foundation",
        "/v1/programmes/preview" => {
            "curl {base}/v1/programmes/preview -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/yaml' --data-binary @specialist-academies.yaml"
        }
        "/v1/requirements/{level}/check" => {
            "curl {base}/v1/requirements/fedip-practitioner/check \\\n  -H 'Content-Type: application/json' --data-binary @shared.json"
        }
        "/v1/learners/{id}/ledger" => {
            "curl {base}/v1/learners/$LEARNER/ledger -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/balances" => {
            "curl {base}/v1/learners/$LEARNER/balances -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/activities" => {
            "curl {base}/v1/learners/$LEARNER/activities -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"title\": \"Read a book on data ethics\", \"credit\": {\"amount\": \"2.5\", \"unit\": \"hours\"}, \"finishedAt\": \"2026-03-01\"}'"
        }
        "/v1/learners/{id}/adjustments" => {
            "curl {base}/v1/learners/$LEARNER/adjustments -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"amount\": \"-1.5\", \"unit\": \"hours\", \"earnedOn\": \"2026-03-01\", \"reason\": \"Counted twice\"}'"
        }
        "/v1/adjustments/{id}/decision" => {
            "curl {base}/v1/adjustments/$ADJUSTMENT/decision -H \"Authorization: Bearer $OTHER_KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"decision\": \"approved\"}'"
        }
        "/v1/learners/{id}/erasure" => {
            "curl {base}/v1/learners/$LEARNER/erasure -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"erase\": \"'$LEARNER'\", \"revoke\": false}'"
        }
        "/v1/learners/{id}/schemes/{scheme}" => {
            "curl -X PUT {base}/v1/learners/$LEARNER/schemes/cilip-revalidation -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"joinedOn\": \"2026-03-01\"}'"
        }
        "/v1/learners/{id}/statements/{scheme}" => {
            "curl {base}/v1/learners/$LEARNER/statements/cilip-revalidation -H \"Authorization: Bearer $KEY\" -H 'Accept: text/csv'"
        }
        "/v1/learners/{id}/statements/{scheme}/{day}" => {
            "curl -X PUT {base}/v1/learners/$LEARNER/statements/cilip-revalidation/2026-03-01 \\\n  -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' --data-binary @statement.json"
        }
        "/v1/learners/{id}/transfers" => {
            "curl {base}/v1/learners/$LEARNER/transfers -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' --data-binary @transfer.json"
        }
        "/v1/schemes/{scheme}" => "curl {base}/v1/schemes/cilip-revalidation",
        "/v1/credentials/{id}/current" => {
            "curl {base}/v1/credentials/$ID/current -H 'Accept: application/vc+ld+json'"
        }
        "/v1/credentials/{id}/maintenance" => "curl {base}/v1/credentials/$ID/maintenance",
        "/v1/credentials/{id}/renew" => {
            "curl -X POST {base}/v1/credentials/$ID/renew -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/maintenance" => {
            "curl {base}/v1/learners/$LEARNER/maintenance -H \"Authorization: Bearer $KEY\""
        }
        "/v1/maintenance/preview" => {
            "curl {base}/v1/maintenance/preview -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/yaml' --data-binary @maintenance.yaml"
        }
        "/v1/credentials/{id}/offers" => {
            "curl {base}/v1/credentials/$ID/offers -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"transactionCode\": true}'"
        }
        "/v1/learners/{id}/connections" => {
            "curl -X POST {base}/v1/learners/$LEARNER/connections -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/consents" => {
            "curl {base}/v1/learners/$LEARNER/consents -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"client\": \"passport\", \"purpose\": \"pre-employment-check\", \"data\": [\"read-core-skills\"], \"until\": \"2027-03-31T00:00:00Z\"}'"
        }
        "/v1/learners/{id}/consents/{consent}" => {
            "curl -X DELETE {base}/v1/learners/$LEARNER/consents/$CONSENT -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/accesses" => {
            "curl {base}/v1/learners/$LEARNER/accesses -H \"Authorization: Bearer $KEY\""
        }
        "/v1/core-skills/query" => {
            "curl {base}/v1/core-skills/query -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"person\": {\"identifiers\": [{\"type\": \"email\", \"value\": \"sample.learner@example.org\"}]}, \"purpose\": \"pre-employment-check\"}'"
        }
        "/v1/learners/{id}/hosts" => {
            "curl {base}/v1/learners/$LEARNER/hosts -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"host\": \"https://backpack.example.org\"}'"
        }
        "/v1/learners/{id}/hosts/{host}" => {
            "curl -X DELETE {base}/v1/learners/$LEARNER/hosts/$HOST -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/hosts/{host}/import" => {
            "curl -X POST {base}/v1/learners/$LEARNER/hosts/$HOST/import -H \"Authorization: Bearer $KEY\""
        }
        "/v1/learners/{id}/hosts/{host}/export" => {
            "curl {base}/v1/learners/$LEARNER/hosts/$HOST/export -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' -d '{\"credentials\": [\"'$ID'\"]}'"
        }
        "/v1/verification-jobs" => {
            "curl {base}/v1/verification-jobs -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/x-ndjson' --data-binary @badges.ndjson"
        }
        "/v1/verification-jobs/{id}" => {
            "curl {base}/v1/verification-jobs/$JOB -H \"Authorization: Bearer $KEY\""
        }
        "/v1/verification-jobs/{id}/results" => {
            "curl '{base}/v1/verification-jobs/$JOB/results?after=0' -H \"Authorization: Bearer $KEY\""
        }
        "/v1/presentation-requests" => {
            "curl {base}/v1/presentation-requests -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"purpose\": \"To check your training\", \"achievements\": [\"introduction-digital-data-technology\"]}'"
        }
        "/v1/presentation-requests/{id}" => {
            "curl {base}/v1/presentation-requests/$REQUEST -H \"Authorization: Bearer $KEY\""
        }
        "/v1/usage" => "curl '{base}/v1/usage?from=2026-11-01' -H \"Authorization: Bearer $KEY\"",
        "/v1/outbox" => "curl '{base}/v1/outbox?topic=maintenance.' -H \"Authorization: Bearer $KEY\"",
        "/v1/credentials/{id}/log-proof" => "curl {base}/v1/credentials/$ID/log-proof",
        "/v1/verify" => "curl {base}/v1/verify --data-binary @badge.png -H 'Content-Type: image/png'",
        _ => return sample_of_trust(path),
    })
}

/// The same of who may award, who endorses and whom to trust.
fn sample_of_trust(path: &str) -> Option<&'static str> {
    Some(match path {
        "/v1/accreditations/{provider}/{achievement}/{from}/{by}" => {
            "curl {base}/v1/accreditations/example-trust/user-centred-design/2024-01-01/nhs-digital-academy"
        }
        "/v1/endorsements" => {
            "curl {base}/v1/endorsements -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"by\": \"cilip\", \"achievement\": \"introduction-data-analytics\", \"comment\": \"Sound.\", \"validUntil\": \"2027-12-31\"}'"
        }
        "/v1/trust/entries" => {
            "curl {base}/v1/trust/entries -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"list\": \"academies\", \"issuer\": \"did:web:badges.example.org\", \"name\": \"Example Academy\", \"reason\": \"Accredited\"}'"
        }
        "/v1/trust/entries/withdrawal" => {
            "curl {base}/v1/trust/entries/withdrawal -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"list\": \"academies\", \"issuer\": \"did:web:badges.example.org\", \"reason\": \"It closed\"}'"
        }
        "/v1/endorsements/{id}" => "curl {base}/v1/endorsements/$ENDORSEMENT",
        "/v1/endorsements/{id}/withdrawal" => {
            "curl -X POST {base}/v1/endorsements/$ENDORSEMENT/withdrawal -H \"Authorization: Bearer $KEY\""
        }
        "/v1/accreditations" => "curl \"{base}/v1/accreditations?provider=example-trust&on=2026-03-01\"",
        _ => return None,
    })
}

#[cfg(test)]
mod kept;
#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Value {
        let site = Site::new("https://badges.example.org", "nhs-digital-academy".parse().unwrap()).unwrap();
        document(&site, Duration::from_mins(30), false)
    }

    #[test]
    fn the_vc_api_is_described_where_it_is_on() {
        let site = Site::new("https://badges.example.org", "nhs-digital-academy".parse().unwrap()).unwrap();
        let on = document(&site, Duration::from_mins(30), true);
        let off = example();
        let (on, off) = (on["paths"].as_object().unwrap(), off["paths"].as_object().unwrap());
        let added: Vec<_> = on.keys().filter(|path| !off.contains_key(*path)).collect();
        assert_eq!(
            added,
            [
                "/credentials/derive",
                "/credentials/issue",
                "/credentials/status",
                "/credentials/verify",
                "/presentations/verify"
            ]
        );
        assert!(off.iter().all(|(path, item)| on.get(path) == Some(item)));
    }

    #[test]
    fn the_description_is_as_it_was() {
        insta::assert_json_snapshot!(example(), { ".info.version" => "[version]" });
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = example();
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn the_walkthrough_names_every_address_for_clients() {
        let walkthrough = include_str!("../../../docs/api.md");
        for path in example()["paths"].as_object().unwrap().keys() {
            if path.starts_with("/v1/") || path.starts_with("/oauth2/") {
                assert!(walkthrough.contains(path.as_str()), "docs/api.md says nothing of {path}");
            }
        }
    }

    #[test]
    fn the_example_completion_is_one_that_is_accepted() {
        let example = serde_json::to_value(wire::completion::CompletionRequest::example()).unwrap();
        model::parse::completion(&example).unwrap();
    }
}
