//! `POST /v1/programmes/preview`: what publishing changed programmes would change.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use issuing::{Affected, Preview};
use model::{
    catalogue::{Catalogue, CatalogueError},
    field::FieldError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    body::{media_type, unsupported},
    problem::{Problem, table},
    state::AppState,
    wire::standards::CatalogueFile,
};

/// What would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewAnswer {
    /// The programmes that would be new, in another version, or gone; copies that follow
    /// their blueprint among them.
    pub programmes: Vec<AffectedItem>,
    /// The programmes that would change under a version that is published: loading is
    /// refused until they, or their blueprint, have a new one.
    pub refused: Vec<String>,
}

/// A programme that would change, and for how many.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AffectedItem {
    /// Its short name.
    pub programme: String,
    /// The version now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The blueprint that a copy follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Learners who have begun and may finish under the version they began.
    pub in_progress: u64,
    /// Of these, those who would satisfy the new version at once.
    pub would_finish: u64,
    /// Learners who have its award; nothing changes for them.
    pub finished: u64,
}

/// Preview changed programmes
///
/// Takes a catalogue file (YAML, or JSON of the same members) with the `programmes`, and
/// the `achievements` and `requirements` if any, that would be new or changed. Stores nothing.
/// For the Academy alone.
#[utoipa::path(
    post,
    path = "/v1/programmes/preview",
    operation_id = "previewProgrammes",
    tag = "Catalogue",
    request_body(description = "A catalogue file", content(
        (CatalogueFile = "application/json"),
        (String = "application/yaml"),
    )),
    responses(
        (status = 200, description = "Who is affected", body = PreviewAnswer),
        (status = 422, description = "The programmes cannot be published; every fault with its path"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn preview(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let preview =
        previewed(caller, &request, state, payload, |state, amended| Ok(state.service.preview(amended)?))
            .await?;
    let Preview { programmes, refused } = preview;
    let answer = PreviewAnswer {
        programmes: programmes.into_iter().map(item).collect(),
        refused: refused.iter().map(ToString::to_string).collect(),
    };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

/// What `look` makes of the published catalogue with what a file changes, for the Academy.
pub async fn previewed<T: Send + 'static>(
    caller: Caller,
    request: &HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
    look: impl FnOnce(&AppState, &Catalogue) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    caller.need(Scope::LedgerRead)?;
    if caller.confined_to().is_some() {
        let detail = "This is for the Academy: it counts the learners of every provider.";
        return Err(Problem::new(&table::FORBIDDEN, detail));
    }
    let text = catalogue_file(request, &payload)?;
    blocking::run(&state, move |state| look(state, &amended(state, &text)?)).await
}

/// A body that is a catalogue file.
fn catalogue_file(request: &HttpRequest, payload: &web::Bytes) -> Result<String, Problem> {
    let essence = media_type(request);
    if !matches!(essence.as_str(), "application/json" | "application/yaml" | "text/yaml" | "text/plain") {
        return Err(unsupported(&essence, &["application/json", "application/yaml"]));
    }
    String::from_utf8(payload.to_vec()).map_err(|_| Problem::malformed("The body is not UTF-8 text."))
}

/// The published catalogue with what a file changes.
fn amended(state: &AppState, text: &str) -> Result<Catalogue, Problem> {
    let published = state.service.catalogue()?;
    let pictures = |_: &str| Some(String::new());
    model::catalogue::amend(&published, "the file", text, &pictures)
        .map_err(|faults| Problem::invalid(faults.into_iter().map(fault).collect()))
}

fn item(affected: Affected) -> AffectedItem {
    AffectedItem {
        programme: affected.programme.to_string(),
        from: affected.from,
        to: affected.to,
        follows: affected.follows.map(|slug| slug.to_string()),
        in_progress: affected.in_progress,
        would_finish: affected.would_finish,
        finished: affected.finished,
    }
}

/// A catalogue's fault as the fault of a body: its path as a JSON Pointer.
fn fault(error: CatalogueError) -> FieldError {
    let pointer = error.field.replace('[', ".").replace(']', "").replace('.', "/");
    FieldError::new(
        if pointer.is_empty() { pointer } else { format!("/{pointer}") },
        "catalogue-fault",
        format!("line {}: {}", error.line, error.detail),
        error.expected,
    )
}
