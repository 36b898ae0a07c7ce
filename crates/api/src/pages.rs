//! From what the service knows to what the pages of `web` show. These read the
//! registry: call them on the blocking pool, but for [`report`], which goes there
//! itself.

use actix_web::HttpRequest;
use chrono::NaiveDate;
use model::{
    catalogue::{AchievementDefinition, Catalogue},
    id::Slug,
    report::Report,
};
use registry::{CredentialRecord, CredentialState};
use signing::KeyAlgorithm;
use web::{
    AchievementLink, AchievementPage, Alignment, BadgePage, BadgeStatus, Chrome, Downloads, FailureKind,
    FailurePage, HomePage, IssuerPage, KeyLine, OrganisationLink, ReportPage,
};

use crate::{blocking, problem::Problem, state::AppState};

/// What the request asks for: its path and query.
pub fn target(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// What surrounds a page that answers the request for `target`.
pub fn chrome<'a>(state: &'a AppState, target: &str) -> Chrome<'a> {
    Chrome::new(&state.site, target, state.development)
}

/// The page of a problem, for a browser.
pub fn failure(state: &AppState, target: &str, problem: &Problem, instance: &str) -> String {
    let kind = match problem.kind.status.as_u16() {
        404 => FailureKind::NotFound,
        410 => FailureKind::Gone,
        429 => FailureKind::TooMany { retry_after: problem.retry_after.unwrap_or(60) },
        503 => FailureKind::Unavailable,
        500.. => FailureKind::Internal,
        status => FailureKind::BadRequest { status, detail: problem.detail.clone() },
    };
    FailurePage { kind, reference: Some(instance.to_owned()) }.render(&chrome(state, target))
}

/// The definition of an achievement in the version a credential was issued for.
pub fn definition(state: &AppState, slug: &Slug, version: &str) -> Result<AchievementDefinition, Problem> {
    let found = state.service.achievement(slug, version)?;
    found.ok_or_else(|| {
        Problem::internal(&format!("achievement {slug} {version} of a credential is not recorded"))
    })
}

/// The page of a badge.
pub fn badge(state: &AppState, target: &str, record: &CredentialRecord) -> Result<String, Problem> {
    let definition = definition(state, &record.achievement, &record.achievement_version)?;
    let catalogue = state.service.catalogue()?;
    let download = |format: &str| format!("{}?format={format}", state.site.credential(record.id));
    let page = BadgePage {
        id: record.id,
        status: status(state, record),
        holder: record.learner_name.clone(),
        achievement: AchievementLink {
            slug: definition.slug,
            version: definition.version,
            name: definition.name,
        },
        description: definition.description,
        criteria: definition.criteria,
        language: definition.language,
        image_alt: definition.image.alt,
        issuer: organisation(&catalogue, &record.issuer),
        provider: organisation(&catalogue, &record.provider),
        credit_is_sample: definition.credit_is_sample && record.credit == definition.credit,
        credit: record.credit.clone(),
        started_on: started_on(&record.data_integrity),
        awarded_at: record.awarded_at,
        valid_from: record.valid_from,
        valid_until: record.valid_until,
        downloads: Downloads {
            json: download("json"),
            jwt: download("jwt"),
            png: download("png"),
            svg: download("svg"),
            qr: format!("{}/qr.svg", state.site.badge_page(record.id)),
        },
    };
    Ok(page.render(&chrome(state, target)))
}

/// Whether a credential holds now; the bounds belong to it.
fn status(state: &AppState, record: &CredentialRecord) -> BadgeStatus {
    let now = state.clock.now();
    match &record.state {
        // The reason is the provider's note, not the public's.
        CredentialState::Revoked { at, .. } => BadgeStatus::Revoked { at: *at, reason: None },
        CredentialState::Issued if record.valid_until.is_some_and(|end| now > end) => BadgeStatus::Expired,
        CredentialState::Issued if now < record.valid_from => BadgeStatus::NotYetValid,
        CredentialState::Issued => BadgeStatus::Valid,
    }
}

/// `activityStartDate`, as the signed credential states it.
fn started_on(credential: &str) -> Option<NaiveDate> {
    let document: serde_json::Value = serde_json::from_str(credential).ok()?;
    let stated = document.pointer("/credentialSubject/activityStartDate")?.as_str()?;
    stated.get(..10)?.parse().ok()
}

/// The page of a report. The organisation behind the issuer is named only if
/// it is one of our own: what a badge calls its issuer proves nothing.
pub async fn report(
    state: &actix_web::web::Data<AppState>,
    target: String,
    report: Report,
) -> Result<String, Problem> {
    blocking::run(state, move |state| {
        let catalogue = state.service.catalogue()?;
        let stated = report.summary.issuer_id.as_deref();
        let is_ours = |slug: &&Slug| {
            state.service.identity(slug).is_ok_and(|identity| {
                [identity.data_integrity.issuer_id, identity.jwt.issuer_id]
                    .iter()
                    .any(|own| Some(own.as_str()) == stated)
            })
        };
        let issuer = catalogue.issuers().into_iter().find(is_ours).map(|slug| organisation(&catalogue, slug));
        Ok(ReportPage { report, issuer }.render(&chrome(state, &target)))
    })
    .await
}

/// The home page.
pub fn home(state: &AppState, target: &str) -> Result<String, Problem> {
    let catalogue = state.service.catalogue()?;
    let today = state.clock.now().date_naive();
    let achievements = catalogue.achievements.values().filter(|definition| definition.available_on(today));
    let page = HomePage {
        achievements: achievements.map(achievement).collect(),
        issuers: catalogue.issuers().into_iter().map(|slug| organisation(&catalogue, slug)).collect(),
    };
    Ok(page.render(&chrome(state, target)))
}

/// The page of an achievement in one version, if there is one.
pub fn achievement_page(
    state: &AppState,
    target: &str,
    slug: &Slug,
    version: &str,
) -> Result<Option<String>, Problem> {
    let Some(definition) = state.service.achievement(slug, version)? else { return Ok(None) };
    let catalogue = state.service.catalogue()?;
    let today = state.clock.now().date_naive();
    let named = |slug: &Slug| catalogue.achievements.get(slug).map(achievement);
    let accreditations = catalogue.accreditations.iter();
    let mut providers: Vec<&Slug> = accreditations
        .filter(|accreditation| accreditation.achievement == *slug && accreditation.covers(today))
        .map(|accreditation| &accreditation.provider)
        .collect();
    providers.sort();
    providers.dedup();
    let programme = catalogue.programme_awarding(slug);
    let page = AchievementPage {
        achievement: achievement(&definition),
        achievement_type: definition.achievement_type,
        description: definition.description,
        criteria: definition.criteria,
        language: definition.language,
        image_alt: definition.image.alt,
        credit: definition.credit,
        credit_is_sample: definition.credit_is_sample,
        issuer: organisation(&catalogue, &definition.issuer),
        creator: organisation(&catalogue, &definition.creator),
        providers: providers.into_iter().map(|slug| organisation(&catalogue, slug)).collect(),
        made_of: programme
            .map(|programme| programme.all_of.iter().chain(&programme.optional).filter_map(named).collect())
            .unwrap_or_default(),
        counts_toward: catalogue
            .counting(slug)
            .filter_map(|programme| named(&programme.achievement))
            .collect(),
        alignments: definition
            .alignments
            .into_iter()
            .map(|alignment| Alignment {
                name: alignment.name,
                url: alignment.url,
                framework: alignment.framework,
            })
            .collect(),
        available_from: definition.available_from,
        withdrawn_on: definition.withdrawn_on,
        valid_for_months: definition.valid_for_months,
        newer: named(slug).filter(|current| current.version != version),
    };
    Ok(Some(page.render(&chrome(state, target))))
}

/// The page of an organisation, if there is one.
pub fn issuer_page(state: &AppState, target: &str, slug: &Slug) -> Result<Option<String>, Problem> {
    let catalogue = state.service.catalogue()?;
    let Some(known) = catalogue.organisations.get(slug) else { return Ok(None) };
    let keys = state.vault.keys();
    let mut lines: Vec<KeyLine> = keys
        .of_issuer(slug)
        .map(|key| {
            let record = key.record();
            KeyLine {
                id: record.id.clone(),
                algorithm: algorithm(record.algorithm).to_owned(),
                created: record.created,
                retired: record.retired,
            }
        })
        .collect();
    lines.sort_by(|one, other| other.created.cmp(&one.created).then_with(|| one.id.cmp(&other.id)));
    // An organisation without keys teaches or endorses, and has no such name.
    let mut dids = state
        .service
        .identity(slug)
        .map(|identity| vec![identity.data_integrity.issuer_id, identity.jwt.issuer_id])
        .unwrap_or_default();
    dids.dedup();
    let achievements = catalogue.achievements.values().filter(|definition| definition.issuer == *slug);
    let page = IssuerPage {
        organisation: organisation(&catalogue, slug),
        description: known.description.clone(),
        url: known.url.clone(),
        email: known.email.clone(),
        ods: known.ods.as_ref().map(|code| code.as_str().to_owned()),
        dids,
        keys: lines,
        achievements: achievements.map(achievement).collect(),
    };
    Ok(Some(page.render(&chrome(state, target))))
}

fn algorithm(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::Ed25519 => "Ed25519",
        KeyAlgorithm::Es256 => "ES256",
        KeyAlgorithm::Rs256 => "RS256",
    }
}

/// An organisation by its name in the catalogue, by its short name if it has left it.
fn organisation(catalogue: &Catalogue, slug: &Slug) -> OrganisationLink {
    let name = catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone());
    OrganisationLink { slug: slug.clone(), name }
}

/// An achievement in the version of the catalogue.
fn achievement(definition: &AchievementDefinition) -> AchievementLink {
    AchievementLink {
        slug: definition.slug.clone(),
        version: definition.version.clone(),
        name: definition.name.clone(),
    }
}
