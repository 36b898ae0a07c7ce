//! `GET /assets/…` and `GET /favicon.ico`: the files that pages refer to.

use ::web::assets::{self, Asset};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    caching::{Keep, answer},
    problem::Problem,
};

/// A file.
pub async fn asset(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    serve(&request, assets::get(&path))
}

/// The icon that browsers ask for unasked.
pub async fn favicon(request: HttpRequest) -> Result<HttpResponse, Problem> {
    serve(&request, assets::favicon())
}

fn serve(request: &HttpRequest, asset: Option<Asset>) -> Result<HttpResponse, Problem> {
    let asset = asset.ok_or_else(|| Problem::not_found("file"))?;
    let keep = if asset.immutable { Keep::Forever } else { Keep::Briefly };
    Ok(answer(request, asset.content_type, bytes::Bytes::from_static(asset.bytes), keep))
}
