//! `GET /vct/achievement`: the type of badges as SD-JWT VC.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    caching::{Keep, answer},
    state::AppState,
    wire::standards::CredentialTypeMetadata,
};

/// The type of badges as SD-JWT VC
///
/// Type metadata: the name of the type and of its claims in English and Welsh, and
/// which of them the holder may withhold. `vct` of every SD-JWT VC from here is this
/// address.
#[utoipa::path(
    get,
    path = "/vct/achievement",
    operation_id = "getCredentialTypeMetadata",
    tag = "Credentials",
    responses((status = 200, description = "The type metadata", body = CredentialTypeMetadata)),
)]
pub async fn get(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let metadata = state.service.credential_type().to_string();
    answer(&request, "application/json", metadata, Keep::Briefly)
}
