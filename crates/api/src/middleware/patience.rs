//! A body that stops arriving is given up, so that slow or dead clients hold
//! nothing for long.

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::Method,
    middleware::Next,
    web,
};
use futures_util::{StreamExt as _, stream};

use crate::state::AppState;

/// The layer: waits for each piece of a body no longer than
/// [`Limits::idle`](crate::Limits::idle).
pub async fn patience<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
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
    next.call(request).await
}
