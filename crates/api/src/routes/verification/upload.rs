//! What is uploaded to be checked. Most is small; a photo may be large, and of those only so many
//! are taken in at the same time that memory stays within bounds.

use std::{io::ErrorKind, pin::Pin, sync::Arc, time::Duration};

use actix_web::{
    Error, HttpRequest,
    dev::Decompress,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    web,
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout, timeout_at},
};
use verification::is_raster;

use super::FORM_OVERHEAD;
use crate::{
    problem::{Problem, table},
    state::{AppState, Limits},
};

/// Seconds after which whoever found no room asks again.
const AGAIN: u64 = 10;

/// A body as it comes.
type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// The room that a body takes, held until it was checked.
#[derive(Debug)]
pub struct Room {
    /// How long it says that it is; 0 if it does not.
    pub stated: usize,
    /// The most bytes of it.
    most: usize,
    held: Option<Held>,
}

/// A turn to take in a large body, which keeps others out.
#[derive(Debug)]
struct Held {
    _turn: OwnedSemaphorePermit,
    /// How long the body may take.
    time: Duration,
}

impl Room {
    /// Room for the body of `request`: at once for a small one. One that says that it is large
    /// waits for its turn; one that does not say how long it is is taken to be small.
    pub async fn find(request: &HttpRequest, state: &AppState) -> Result<Self, Problem> {
        let stated = request.headers().get(CONTENT_LENGTH);
        let stated = stated.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
        let Limits { upload, picture, idle, picture_time, .. } = state.limits;
        let (small, large) = (upload + FORM_OVERHEAD, picture.max(upload) + FORM_OVERHEAD);
        if stated <= small {
            return Ok(Self { stated, most: small, held: None });
        }
        if stated > large {
            return Err(too_large(&state.limits));
        }
        if let Ok(Ok(turn)) = timeout(idle, Arc::clone(&state.room).acquire_owned()).await {
            let held = Held { _turn: turn, time: picture_time };
            return Ok(Self { stated, most: large, held: Some(held) });
        }
        let detail = "Other large pictures are being checked just now.";
        Err(Problem::new(&table::UNAVAILABLE, detail).after(AGAIN))
    }

    /// The pieces of the body, as they are when a coding is undone; in place of what there is no
    /// room or no time for, an error.
    pub fn pieces(&self, request: &HttpRequest, payload: web::Payload) -> Pieces {
        let end = self.held.as_ref().map(|held| Instant::now() + held.time);
        let in_time = stream::unfold(Some(payload), move |payload| async move {
            let mut payload = payload?;
            let next = match end {
                Some(end) => timeout_at(end, payload.next()).await,
                None => Ok(payload.next().await),
            };
            match next {
                Ok(piece) => Some((piece?, Some(payload))),
                Err(_) => Some((Err(PayloadError::Incomplete(Some(ErrorKind::TimedOut.into()))), None)),
            }
        });
        // Counted behind the decoder: a few bytes can stand for very many.
        let decoded = Decompress::from_headers(Box::pin(in_time.fuse()), request.headers());
        let counted = stream::unfold((Some(decoded), self.most), |(decoded, left)| async move {
            let mut decoded = decoded?;
            Some(match decoded.next().await? {
                Ok(piece) => match left.checked_sub(piece.len()) {
                    Some(left) => (Ok(piece), (Some(decoded), left)),
                    None => (Err(PayloadError::Overflow), (None, 0)),
                },
                Err(error) => (Err(error), (None, 0)),
            })
        });
        // Readers may ask again behind the end.
        Box::pin(counted.fuse())
    }

    /// The whole of a body that is one thing to be checked.
    pub async fn whole(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        limits: &Limits,
    ) -> Result<Bytes, Error> {
        // Most is small and as it is: nothing has to be undone or waited for.
        let is_plain = self.held.is_none() && !request.headers().contains_key(CONTENT_ENCODING);
        let mut pieces: Pieces = if is_plain { Box::pin(payload) } else { self.pieces(request, payload) };
        let mut body = BytesMut::with_capacity(self.stated);
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => body.extend_from_slice(&piece),
                Err(PayloadError::Overflow) => return Err(too_large(limits).into()),
                Err(error) => return Err(error.into()),
            }
            if body.len() > most(&body, limits).min(self.most) {
                return Err(too_large(limits).into());
            }
        }
        Ok(body.freeze())
    }
}

/// The most bytes of something that begins like `content`.
pub fn most(content: &[u8], limits: &Limits) -> usize {
    if is_raster(content) { limits.picture } else { limits.upload }
}

/// What is too large to be checked.
pub fn too_large(limits: &Limits) -> Problem {
    let Limits { upload, picture, .. } = limits;
    let detail = format!(
        "The body is larger than this address takes: {upload} bytes at most, or {picture} bytes of a PNG or JPEG \
         picture with a Content-Length."
    );
    Problem::new(&table::TOO_LARGE, detail)
}
