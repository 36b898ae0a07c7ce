//! From what the service knows to what the pages of `web` show. These read the
//! registry: call them on the blocking pool, but for [`report`], which goes there
//! itself.

mod achievement;
mod badge;
mod home;
mod issuer;
mod statement;

pub use achievement::achievement_page;
pub use badge::badge;
pub use home::home;
pub use issuer::issuer_page;
pub use statement::statement_pdf;

use actix_web::HttpRequest;
use model::{
    catalogue::{Accreditation, AchievementDefinition, Catalogue, Programme},
    endorsement::Endorsed,
    id::Slug,
    report::Report,
};
use registry::EndorsementRecord;
use serde_json::Value;
use web::{
    Accredited, AchievementLink, Answering, Chrome, EndorsementLine, FailureKind, FailurePage,
    OrganisationLink, ReportPage,
};

use crate::{
    blocking,
    problem::{Problem, table},
    state::AppState,
};

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
        401 | 403 => FailureKind::Refused,
        404 => FailureKind::NotFound,
        408 => FailureKind::TooSlow,
        410 if problem.kind == &table::EXCHANGE_OVER => FailureKind::Ended,
        410 => FailureKind::Gone,
        413 => FailureKind::TooLarge,
        429 => FailureKind::TooMany { retry_after: problem.retry_after.unwrap_or(60) },
        502 => FailureKind::Elsewhere,
        503 => FailureKind::Unavailable,
        500.. => FailureKind::Internal,
        _ => FailureKind::BadRequest,
    };
    // Where the page says all that there is, the detail says it once more.
    let says_more = matches!(
        kind,
        FailureKind::Refused | FailureKind::TooLarge | FailureKind::BadRequest | FailureKind::Elsewhere
    );
    let detail = says_more.then(|| problem.detail.clone());
    FailurePage { kind, detail, reference: Some(instance.to_owned()) }.render(&chrome(state, target))
}

/// The definition of an achievement in the version a credential was issued for.
pub fn definition(state: &AppState, slug: &Slug, version: &str) -> Result<AchievementDefinition, Problem> {
    let found = state.service.achievement(slug, version)?;
    found.ok_or_else(|| {
        Problem::internal(&format!("achievement {slug} {version} of a credential is not recorded"))
    })
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

/// A report as PDF, in that language.
pub fn report_pdf(state: &AppState, lang: ::web::Lang, report: &Report) -> Result<Vec<u8>, Problem> {
    print::pdf(&::web::report_print(report, lang, state.clock.now()))
        .map_err(|error| Problem::internal(&error))
}

/// An organisation by its name in the catalogue, by its short name if it has left it.
fn organisation(catalogue: &Catalogue, slug: &Slug) -> OrganisationLink {
    let name = catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone());
    OrganisationLink { slug: slug.clone(), name }
}

/// Who answers for an organisation today, if it is no more.
fn answering(state: &AppState, catalogue: &Catalogue, slug: &Slug) -> Option<Answering> {
    let today = state.clock.now().date_naive();
    let succession = catalogue.succession(slug, today)?;
    let by = catalogue.answering_for(slug, today).into_iter();
    Some(Answering {
        ended: organisation(catalogue, slug),
        since: succession.on,
        by: by.map(|one| organisation(catalogue, &one.slug)).collect(),
    })
}

/// Who endorses something today.
fn endorsements(
    state: &AppState,
    catalogue: &Catalogue,
    is_it: impl Fn(&Endorsed) -> bool,
) -> Result<Vec<EndorsementLine>, Problem> {
    let found = state.service.standing_endorsements(|one| is_it(&one.endorsed))?;
    let line = |record: &EndorsementRecord| {
        let credential: Value = serde_json::from_str(&record.document).unwrap_or_default();
        let comment = credential.pointer("/credentialSubject/endorsementComment").and_then(Value::as_str);
        EndorsementLine {
            by: organisation(catalogue, &record.by),
            comment: comment.unwrap_or_default().to_owned(),
            until: record.valid_until.date_naive(),
        }
    };
    Ok(found.iter().map(line).collect())
}

/// An accreditation, of what the page is not about.
fn accredited<T>(catalogue: &Catalogue, accreditation: &Accreditation, what: T) -> Accredited<T> {
    Accredited {
        what,
        by: organisation(catalogue, &accreditation.accredited_by),
        from: accreditation.from,
        until: accreditation.until,
    }
}

/// An achievement in the version of the catalogue.
fn achievement(definition: &AchievementDefinition) -> AchievementLink {
    AchievementLink {
        slug: definition.slug.clone(),
        version: definition.version.clone(),
        name: definition.name.clone(),
    }
}

/// What may be chosen in a programme: what counts in a group, and what is
/// optional altogether.
fn chosen(programme: &Programme) -> Vec<&Slug> {
    let needed: Vec<&Slug> =
        programme.rule.needed().into_iter().flat_map(model::programme::Place::accepts).collect();
    let mut chosen: Vec<&Slug> = Vec::new();
    for slug in programme.rule.achievements().chain(&programme.optional) {
        if !needed.contains(&slug) && !chosen.contains(&slug) {
            chosen.push(slug);
        }
    }
    chosen
}

/// What awards the programmes in which an achievement counts.
fn counts_towards(catalogue: &Catalogue, slug: &Slug) -> Vec<AchievementLink> {
    let programmes = catalogue.counting(slug);
    programmes
        .filter_map(|programme| catalogue.achievements.get(&programme.achievement).map(achievement))
        .collect()
}
