//! What the handlers that write have in common: a client of the Academy's with a scope, who
//! posts a document about what the address names.

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web};
use serde_json::Value;

use crate::{
    auth::{caller::Caller, scope::Scope},
    body,
    problem::Problem,
    routes::segment,
};

/// A request that a client sends with a document.
pub struct Asked {
    caller: Caller,
    request: HttpRequest,
    payload: web::Bytes,
}

impl Asked {
    /// The caller, if it is the Academy's and has `scope`; the id in the address, of a
    /// `thing`; and the document. The first that is wrong is told.
    pub fn by_the_academy<T: FromStr>(
        self,
        scope: Scope,
        id: &str,
        thing: &'static str,
    ) -> Result<(Caller, T, Value), Problem> {
        self.caller.need(scope)?;
        super::need_academy(&self.caller)?;
        let id = segment(id, thing)?;
        let document = body::json(&self.request, &self.payload)?;
        Ok((self.caller, id, document))
    }
}

impl FromRequest for Asked {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move { Ok(Self { caller: caller.await?, request, payload: bytes.await? }) })
    }
}
