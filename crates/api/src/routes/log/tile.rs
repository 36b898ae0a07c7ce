//! `GET /log/tile/…`: the tree and the entries of the log.

use actix_web::{HttpRequest, HttpResponse, web};
use proof::log::Resource;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
};

/// A tile of the log, or a bundle of its entries
///
/// `/log/tile/{level}/{index}` has hashes, `/log/tile/entries/{index}` entries, each
/// after its length in two bytes; `.p/{width}` asks for the beginning of one that is not
/// full (C2SP tlog-tiles). What is there never changes.
#[utoipa::path(
    get,
    path = "/log/tile/{path}",
    operation_id = "getLogTile",
    tag = "Log",
    params(("path" = String, Path, description = "As in `0/x001/234` or `entries/000.p/17`")),
    responses(
        (status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "The log has no such tile yet, or the path is not written as it must be"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let absent = || Problem::not_found("tile of the log");
    let resource = Resource::from_path(&format!("tile/{path}")).map_err(|_| absent())?;
    let bytes = blocking::run(&state, move |state| Ok(state.service.log_resource(resource)?)).await?;
    Ok(answer(&request, "application/octet-stream", bytes.ok_or_else(absent)?, Keep::Forever))
}
