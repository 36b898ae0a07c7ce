//! A body that stops arriving is given up, so that slow or dead clients hold
//! nothing for long.

use actix_web::{
    Error, HttpMessage as _,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::Method,
    middleware::Next,
    web,
};
use futures_util::{StreamExt as _, stream};

use crate::{body, state::AppState};

/// The codings that the extractors of actix-web undo (its feature `compress-gzip`).
const CODINGS: [&str; 2] = ["gzip", "deflate"];

/// The layer: refuses what could not be decoded, and waits for each piece of a body no longer than
/// [`Limits::idle`](crate::Limits::idle).
pub async fn patience<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    if let Err(problem) = body::must_be_coded_as(request.headers(), &CODINGS) {
        return Ok(request.error_response(problem).map_into_right_body());
    }
    let idle = request.app_data::<web::Data<AppState>>().map(|state| state.limits.idle);
    if let Some(idle) = idle.filter(|_| request.method() == Method::POST) {
        let pieces = stream::unfold(Some(request.take_payload()), move |payload| async move {
            let mut payload = payload?;
            match tokio::time::timeout(idle, payload.next()).await {
                Ok(Some(piece)) => Some((piece, Some(payload))),
                Ok(None) => None,
                Err(_) => {
                    let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                    Some((Err(PayloadError::Incomplete(Some(late))), None))
                }
            }
        });
        request.set_payload(Payload::Stream { payload: Box::pin(pieces) });
    }
    Ok(next.call(request).await?.map_into_left_body())
}
