//! What wallets and the service say to each other: OpenID for Verifiable Credential
//! Issuance 1.0 ("OID4VCI"), OpenID for Verifiable Presentations 1.0 ("OID4VP"), and the
//! exchange of the VC API (W3C VCALM 1.0).
//!
//! Documents are made and read here, and nothing else: no network, no database, no key.
//! Who may have what, and what was used before, is the caller's.

mod authorisation;
mod credential_request;
mod dcql;
mod error;
mod exchange;
mod form;
mod holder;
mod interaction;
mod metadata;
mod notification;
mod offer;
mod presentation;

pub use authorisation::{Asking, AskingError, CodeChallenge, is_returnable};
pub use credential_request::{CredentialRequest, Wanted};
pub use dcql::{Claim, Query, query};
pub use error::RequestError;
pub use exchange::{Demand, Example, Message, handed_over};
pub use form::{Form, Profile};
pub use holder::{Holder, holder};
pub use interaction::{Protocol, interaction_url, is_interaction, learner_wallet_link, protocols};
pub use metadata::{authorization_details, issuer_metadata, json_web_key_2020};
pub use notification::{Event, Notification};
pub use offer::{Link, Offer, PRE_AUTHORISED, link_by_reference, link_by_value, read_link};
pub use presentation::{Presented, Request, Response, ResponseError, request_link};
