//! `GET /`: what the service is and what can be earned.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    blocking,
    caching::{Keep, answer},
    pages,
    problem::Problem,
    state::AppState,
};

/// The home page.
pub async fn home(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let target = pages::target(&request);
    let html = blocking::run(&state, move |state| pages::home(state, &target)).await?;
    Ok(answer(&request, "text/html; charset=utf-8", html, Keep::AskFirst))
}
