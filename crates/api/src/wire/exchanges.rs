//! The bodies of exchanges of the VC API and of interactions, for the description; what is
//! sent and taken is decided where they are served.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::standards::VerifiablePresentation;

/// Where an interaction goes on (W3C VCALM 1.0, "Interaction Protocols Response").
#[derive(Debug, Serialize, ToSchema)]
pub struct InteractionProtocols {
    /// Each way.
    pub protocols: InteractionWays,
}

/// The ways in which an interaction goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct InteractionWays {
    /// The address of an exchange of the VC API. Not of an offer whose transaction code was
    /// not given yet.
    #[schema(format = "uri")]
    vcapi: Option<String>,
    /// Of an offer: the link of OpenID for Verifiable Credential Issuance.
    #[serde(rename = "OID4VCI")]
    oid4vci: Option<String>,
    /// Of a request: the link of OpenID for Verifiable Presentations.
    #[serde(rename = "OID4VP")]
    oid4vp: Option<String>,
}

/// What a wallet posts to an exchange: nothing at first, then a presentation, in
/// `verifiablePresentation` or as the whole body.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeMessage {
    /// Signed by its holder, with the challenge and the domain of the exchange.
    #[schema(value_type = Option<VerifiablePresentation>)]
    pub verifiable_presentation: Option<Value>,
    /// Taken, and not looked at.
    pub reference_id: Option<String>,
}

/// What a wallet is answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeAnswer {
    /// What is wanted.
    pub verifiable_presentation_request: Option<VerifiablePresentationRequest>,
    /// What is handed over: a presentation, unsigned, that holds the badge.
    #[schema(value_type = Option<VerifiablePresentation>)]
    pub verifiable_presentation: Option<Value>,
    /// Where the holder's browser goes.
    #[schema(format = "uri")]
    pub redirect_url: Option<String>,
}

/// What is wanted of a wallet (W3C VCALM 1.0, "Verifiable Presentation Request").
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifiablePresentationRequest {
    /// `QueryByExample` for each badge that is wanted, and `DIDAuthentication`.
    pub query: Vec<WantedQuery>,
    /// To be signed.
    pub challenge: String,
    /// For whom it is to be signed.
    pub domain: String,
    /// Where the answer is posted.
    pub interact: ExchangeServices,
}

/// One thing that is wanted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WantedQuery {
    /// `QueryByExample`, or `DIDAuthentication`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What has the same group is wanted together.
    pub group: Option<String>,
    /// Of `QueryByExample`: the badge that is wanted.
    pub credential_query: Option<WantedCredential>,
    /// Of `DIDAuthentication`: the DID methods by which a holder may go.
    pub accepted_methods: Option<Vec<AcceptedMethod>>,
    /// Of `DIDAuthentication`: how the holder may sign.
    pub accepted_cryptosuites: Option<Vec<AcceptedCryptosuite>>,
}

/// A badge that is wanted.
#[derive(Debug, Serialize, ToSchema)]
pub struct WantedCredential {
    /// Why, for the holder.
    pub reason: String,
    /// What it looks like.
    pub example: CredentialExample,
}

/// What a credential must have to be one that is wanted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialExample {
    /// The contexts.
    #[serde(rename = "@context")]
    pub context: Vec<String>,
    /// The types.
    #[serde(rename = "type")]
    pub kinds: Vec<String>,
    /// The achievement, if it is to be that one.
    pub credential_subject: Option<ExampleSubject>,
}

/// What the subject of a wanted credential achieved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleSubject {
    /// The achievement.
    pub achievement: ExampleAchievement,
}

/// An achievement by its address.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleAchievement {
    /// Its address.
    #[schema(format = "uri")]
    pub id: String,
}

/// A DID method.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedMethod {
    /// Its name: `key`, `jwk` or `web`.
    pub method: String,
}

/// A way to sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedCryptosuite {
    /// Its name; that of the proof's type where it is older than cryptosuites.
    pub cryptosuite: String,
}

/// Where answers are posted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeServices {
    /// One place.
    pub service: Vec<ExchangeService>,
}

/// Where an answer is posted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeService {
    /// `UnmediatedHttpPresentationService2021`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address of the exchange.
    #[schema(format = "uri")]
    pub service_endpoint: String,
}

/// How far an exchange has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeProgress {
    /// The last segment of its address.
    pub id: String,
    /// `pending`, `active` once a wallet was there, `complete`, or `invalid` when it ended
    /// before that.
    #[schema(pattern = "^(pending|active|complete|invalid)$")]
    pub state: &'static str,
    /// Until when a wallet can take part.
    #[schema(format = DateTime)]
    pub expires: String,
}
