//! `POST /v1/requirements/{level}/check`: does whoever shares these credentials
//! meet the level?
//!
//! What the holder shares is all that is looked at: sharing it is the consent.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use chrono::{DateTime, Utc};
use model::{
    field::FieldError,
    id::{CredentialId, LearnerId, Slug},
    programme::{Counted, Earned, Standing},
    report::{Outcome, Question, Report, Verdict},
    site::Site,
};
use registry::{CredentialRecord, CredentialState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use verification::{Expectation, Item, Submission, recognise};

use crate::{
    blocking, body,
    problem::{Problem, table},
    routes::verification::check::report,
    state::AppState,
    wire::{
        pathways::{CountedItem, RequirementItem, Writer},
        protocols::CredentialOrToken,
        standards::VerifiablePresentation,
    },
};

/// Each is verified, so there is a limit.
const MOST: usize = 50;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    challenge: Option<String>,
    domain: Option<String>,
}

/// Whether the level is met, by what was shared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckAnswer {
    /// The level, and how the holder stands.
    #[serde(flatten)]
    pub requirement: RequirementItem,
    /// What was shared, in its order.
    pub credentials: Vec<SharedItem>,
}

/// What the holder shares: a list, or a presentation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is described, and read as what it says it is")]
pub enum SharedCredentials {
    /// Several.
    List(CredentialList),
    /// A presentation of them, or one credential.
    Presentation(VerifiablePresentation),
}

/// Several credentials.
#[derive(Debug, Serialize, ToSchema)]
pub struct CredentialList {
    /// Each as JSON, or as a token.
    #[schema(value_type = Vec<CredentialOrToken>, min_items = 1, max_items = 50)]
    pub credentials: Vec<Value>,
}

/// A credential that was shared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SharedItem {
    /// Its `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `valid`, `invalid` or `undetermined`.
    #[schema(value_type = String)]
    pub verdict: Verdict,
    /// Whether it was looked at for the level.
    pub considered: bool,
    /// Why not: `not-valid`, `undetermined`, `presentation`, `not-ours` or `twice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Check a level
///
/// Takes what the holder shares: `{"credentials": […]}` with credentials as JSON or JWT, or
/// a presentation, or one credential, in any form that `/v1/verify` takes. Every one is
/// verified; those that are good, were issued here and are of one holder count. Nothing
/// else that is known of the holder is looked at, and nothing is stored.
#[utoipa::path(
    post,
    path = "/v1/requirements/{level}/check",
    operation_id = "checkLevel",
    tag = "Verification",
    params(
        ("level" = String, Path, description = "The level's short name"),
        ("challenge" = Option<String>, Query, description = "Of a presentation: the challenge you gave"),
        ("domain" = Option<String>, Query, description = "Of a presentation: your own domain"),
    ),
    request_body(description = "At most 2 MiB and 50 credentials", content(
        (SharedCredentials = "application/json"),
        (String = "application/vc+jwt"),
    )),
    responses(
        (status = 200, description = "Met, or what is missing", body = CheckAnswer),
        (status = 404, description = "No such level"),
        (status = 422, description = "Nothing was shared, too much, or the credentials of two people"),
    ),
)]
pub async fn check(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let level: Slug = super::super::segment(&path, "level")?;
    let catalogue = blocking::run(&state, |state| Ok(state.service.catalogue()?)).await?;
    if !catalogue.requirements.contains_key(&level) {
        return Err(Problem::not_found("level"));
    }
    let shared = shared(&request, &payload)?;
    let Query { challenge, domain } = query.into_inner();
    let asked = Expectation { challenge, domain, ..Expectation::default() }.into();
    let mut reports = Vec::new();
    for submission in shared {
        reports.push(report(&state, vec![Item::Submission(submission)], &asked).await?);
    }
    state.usage.reports(&request, state.clock.now(), &reports);
    let answer = blocking::run(&state, move |state| level_answer(state, &level, &reports)).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

/// What was shared: the list, or the one thing.
fn shared(request: &HttpRequest, payload: &[u8]) -> Result<Vec<Submission>, Problem> {
    let expected = "one to 50 credentials, or a presentation of them";
    let wrong = |pointer: &str, code, detail: &str| {
        Problem::invalid(vec![FieldError::new(pointer, code, detail, expected)])
    };
    if payload.is_empty() {
        return Err(wrong("", "nothing", "the body is empty"));
    }
    let media_type = body::media_type(request);
    let whole = || vec![recognise(payload, Some(media_type.as_str()).filter(|name| !name.is_empty()))];
    if media_type != "application/json" {
        return Ok(whole());
    }
    let document: Value = body::json(request, payload)?;
    let members = document.as_object().filter(|members| members.len() == 1);
    let Some(list) = members.and_then(|members| members.get("credentials")) else { return Ok(whole()) };
    let list = list.as_array().ok_or_else(|| wrong("/credentials", "not-a-list", "it is not a list"))?;
    if list.is_empty() || list.len() > MOST {
        let detail = format!("there are {} credentials", list.len());
        return Err(wrong("/credentials", "wrong-number", &detail));
    }
    let one = |one: &Value| match one {
        Value::String(text) => recognise(text.as_bytes(), None),
        other => recognise(other.to_string().as_bytes(), Some("application/json")),
    };
    Ok(list.iter().map(one).collect())
}

/// What was shown, for a level.
pub struct Shown {
    /// Each credential, and whether it counts.
    items: Vec<SharedItem>,
    /// What was recorded of those that count, and of those that would if they stood.
    records: Vec<CredentialRecord>,
}

impl Shown {
    /// What was shown, of which these are the reports.
    pub fn of(state: &AppState, reports: &[Report]) -> Result<Self, Problem> {
        let (mut items, mut records) = (Vec::new(), Vec::<CredentialRecord>::new());
        for (one, is_presented_well) in reports.iter().flat_map(each) {
            let found = if is_presented_well { recorded(state, one)? } else { Err("presentation") };
            let known = |record: &CredentialRecord| records.iter().any(|known| known.id == record.id);
            let found = found.and_then(|record| if known(&record) { Err("twice") } else { Ok(record) });
            items.push(SharedItem {
                id: one.summary.id.clone(),
                verdict: one.verdict,
                considered: found.is_ok(),
                reason: found.as_ref().err().copied(),
            });
            // One that has ended or was taken back does not count, and says why a part is missing.
            let ended = if is_presented_well && has_only_ended(one) { own_record(state, one)? } else { None };
            records.extend(found.ok().or(ended.filter(|record| !known(record))));
        }
        Ok(Self { items, records })
    }

    /// Whether it is of more than one person.
    pub fn is_of_several(&self) -> bool {
        let holders: BTreeSet<LearnerId> = self.records.iter().map(|record| record.learner_id).collect();
        holders.len() > 1
    }

    /// Whether some of it could not be judged: it was not checked to its end, or is not ours.
    pub fn is_open(&self) -> bool {
        self.items.iter().any(|item| matches!(item.reason, Some("undetermined" | "not-ours")))
    }

    /// How it stands towards a level at that moment; `None` if there is no such level.
    pub fn standing(
        &self,
        state: &AppState,
        level: &Slug,
        at: DateTime<Utc>,
    ) -> Result<Option<Standing>, Problem> {
        let earned: Vec<Earned> = self.records.iter().map(|record| earned(record, at)).collect();
        Ok(state.service.programmes()?.requirement(level, &earned, at))
    }
}

/// How a level is met by what was shown, of which these are the reports.
pub fn level_answer(state: &AppState, level: &Slug, reports: &[Report]) -> Result<CheckAnswer, Problem> {
    let (catalogue, now) = (state.service.catalogue()?, state.clock.now());
    let shown = Shown::of(state, reports)?;
    if shown.is_of_several() {
        return Err(Problem::invalid(vec![FieldError::new(
            "",
            "several-holders",
            "the credentials are those of different people",
            "the credentials of one person",
        )]));
    }
    let standing = shown
        .standing(state, level, now)?
        .ok_or_else(|| Problem::new(&table::NOT_FOUND, "There is no such level."))?;
    let counted = standing.counted().iter();
    let counted = counted.filter_map(|one| counted_item(&state.site, one, &shown.records)).collect();
    let writer = Writer { site: &state.site, catalogue: &catalogue, at: now };
    let requirement = writer.level(level, &standing, counted).ok_or_else(|| Problem::not_found("level"))?;
    Ok(CheckAnswer { requirement, credentials: shown.items })
}

/// Each credential that a report is about, and whether it was presented as it must be.
fn each(report: &Report) -> Vec<(&Report, bool)> {
    if report.credentials.is_empty() {
        return vec![(report, true)];
    }
    // That one of its credentials is bad is that one's own affair.
    let fails = report
        .checks
        .iter()
        .any(|check| check.outcome == Outcome::Fail && check.question != Question::Credentials);
    report.credentials.iter().map(|one| (one, !fails)).collect()
}

/// What was recorded of a credential that is good and was issued here. What is looked at
/// is the record, not what was sent.
pub fn recorded(
    state: &AppState,
    report: &Report,
) -> Result<Result<CredentialRecord, &'static str>, Problem> {
    match report.verdict {
        Verdict::Valid => {}
        Verdict::Invalid => return Ok(Err("not-valid")),
        Verdict::Undetermined => return Ok(Err("undetermined")),
    }
    Ok(own_record(state, report)?.ok_or("not-ours"))
}

/// What was recorded of a credential that was issued here.
fn own_record(state: &AppState, report: &Report) -> Result<Option<CredentialRecord>, Problem> {
    let id = report.summary.id.as_deref().and_then(|id| own_credential(&state.site, id));
    let record = id.map(|id| state.registry.credential(id)).transpose()?.flatten();
    Ok(match record {
        Some(record) if is_by_its_issuer(state, &record, report)? => Some(record),
        _ => None,
    })
}

/// Whether nothing is wrong with a credential but that it has ended or was taken back.
fn has_only_ended(report: &Report) -> bool {
    let is_end = |question| matches!(question, Question::Dates | Question::Status | Question::Ledger);
    report.verdict == Verdict::Invalid
        && report.checks.iter().all(|check| match check.outcome {
            Outcome::Pass | Outcome::Warning => true,
            Outcome::Fail => is_end(check.question),
            // What nobody proved to be ours tells nothing of what is recorded here.
            Outcome::NotChecked => !check.question.is_necessary(),
        })
}

/// Which credential of ours a credential says it is.
pub fn own_credential(site: &Site, id: &str) -> Option<CredentialId> {
    let uuid: CredentialId = id.rsplit('/').next()?.parse().ok()?;
    (site.credential(uuid) == id).then_some(uuid)
}

/// Anybody may sign a document that says it is ours; only our issuer's name, proved by
/// its key, makes it so.
fn is_by_its_issuer(state: &AppState, record: &CredentialRecord, report: &Report) -> Result<bool, Problem> {
    let Some(named) = report.summary.issuer_id.as_deref() else { return Ok(false) };
    let in_json = serde_json::from_str::<Value>(&record.data_integrity).ok();
    if in_json.as_ref().and_then(|document| document.pointer("/issuer/id")?.as_str()) == Some(named) {
        return Ok(true);
    }
    let in_jwt = jose::read_compact(&state.service.vc_jwt(record)?).ok();
    let in_jwt = in_jwt.and_then(|token| serde_json::from_slice::<Value>(&token.payload).ok());
    Ok(in_jwt.as_ref().and_then(|payload| payload.get("iss")?.as_str()) == Some(named))
}

/// An award as it stood at that moment.
fn earned(record: &CredentialRecord, at: DateTime<Utc>) -> Earned {
    let stated: Option<Value> = serde_json::from_str(&record.data_integrity).ok();
    let evidence = stated.as_ref().and_then(|stated| stated.get("evidence"));
    Earned {
        award: record.award_id,
        achievement: record.achievement.clone(),
        at: record.awarded_at,
        until: record.valid_until,
        credit: record.credit.clone(),
        stands: match record.state {
            CredentialState::Issued => true,
            CredentialState::Revoked { at: since, .. } => since > at,
        },
        evidenced: evidence.is_some(),
        counted: Vec::new(),
    }
}

fn counted_item(site: &Site, one: &Counted, records: &[CredentialRecord]) -> Option<CountedItem> {
    let record = records.iter().find(|record| record.award_id == one.award)?;
    Some(CountedItem {
        achievement: record.achievement.to_string(),
        credential: site.credential(record.id),
        stands_for: one.stands_for.as_ref().map(ToString::to_string),
    })
}
