//! `POST /add-checkpoint` (C2SP tlog-witness, «add-checkpoint»).

use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use proof::log::{AddCheckpoint, Refusal};

use super::Witness;
use crate::error::CommandError;

/// The most bytes of a request: a proof and a checkpoint with many signatures.
const LARGEST: usize = 64 * 1024;

pub fn run(witness: Witness, listen: &str) -> Result<(), CommandError> {
    let witness = web::Data::from(Arc::new(witness));
    let cannot = |error| CommandError::Setting {
        name: "listen".to_owned(),
        detail: format!("{listen} cannot be bound: {error}"),
    };
    actix_web::rt::System::new().block_on(async {
        let app = move || {
            App::new()
                .app_data(witness.clone())
                .app_data(web::PayloadConfig::new(LARGEST))
                .route("/add-checkpoint", web::post().to(add))
        };
        let server = HttpServer::new(app).workers(1).bind(listen).map_err(cannot)?.run();
        tracing::info!(%listen, "witnessing");
        server.await.map_err(CommandError::Server)
    })
}

async fn add(witness: web::Data<Witness>, body: String) -> HttpResponse {
    let request: Result<AddCheckpoint, _> = body.parse();
    let done = match request {
        Err(error) => Ok(Err(Refusal::Malformed(error.to_string()))),
        Ok(request) => match web::block(move || witness.add(&request)).await {
            Ok(done) => done,
            Err(_) => return HttpResponse::InternalServerError().finish(),
        },
    };
    match done {
        Ok(Ok(signature)) => {
            HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("{signature}\n"))
        }
        Ok(Err(refusal)) => refused(&refusal),
        Err(error) => {
            tracing::error!(%error, "a checkpoint could not be cosigned");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn refused(refusal: &Refusal) -> HttpResponse {
    tracing::warn!(%refusal, "a checkpoint is not cosigned");
    let status = actix_web::http::StatusCode::from_u16(refusal.status());
    let mut response = HttpResponse::build(status.unwrap_or(actix_web::http::StatusCode::BAD_REQUEST));
    match refusal {
        Refusal::StandsAt(size) => response.content_type("text/x.tlog.size").body(format!("{size}\n")),
        other => response.content_type("text/plain; charset=utf-8").body(format!("{other}\n")),
    }
}
