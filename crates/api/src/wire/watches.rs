//! Watches as clients see them.

use model::site::Site;
use registry::{Delivery, WatchRecord, WatchStatus};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use verification::Statement;

use super::{ledger::rfc3339, protocols::CredentialOrToken};

/// What is to be watched, and who is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "credential": "https://badges.example.org/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
    "endpoint": "https://hr.example.org/webhooks/badges"
}))]
#[serde(rename_all = "camelCase")]
pub struct WatchBody {
    /// A badge of this service by its id or address; or anybody's credential: its address, a
    /// JWT or SD-JWT VC as text, or the credential itself as an object.
    #[schema(value_type = CredentialOrToken)]
    pub credential: Value,
    /// Where messages are sent: https, and no private address.
    pub endpoint: String,
    /// What they are signed with, if you bring it, so that several watches have the same:
    /// `whsec_` and 24 to 64 bytes in base64.
    pub secret: Option<String>,
    /// Until when it is watched.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// A watch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Watch {
    /// The watch's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its address.
    pub url: String,
    /// The id of the credential that is watched, if it has one.
    pub credential: Option<String>,
    /// The credential that it was renewed by, if it was.
    pub current: Option<String>,
    /// Where messages are sent.
    pub endpoint: String,
    /// How it stands.
    pub status: WatchedStatus,
    /// Since when it is watched.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// Since when nothing is sent any more, because the endpoint takes nothing.
    #[schema(format = DateTime)]
    pub disabled_at: Option<String>,
    /// Why: `gone` if it answered 410, `failing` if every attempt failed.
    pub disabled_because: Option<String>,
    /// What messages are signed with. Shown once, when the watch is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// How a watched credential stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WatchedStatus {
    /// It is neither revoked, suspended nor over.
    Active,
    /// It is suspended.
    Suspended,
    /// It was taken back.
    Revoked,
    /// A correction took its place.
    Superseded,
    /// Its time is over.
    Expired,
}

impl From<WatchStatus> for WatchedStatus {
    fn from(status: WatchStatus) -> Self {
        match status {
            WatchStatus::Active => Self::Active,
            WatchStatus::Suspended => Self::Suspended,
            WatchStatus::Revoked => Self::Revoked,
            WatchStatus::Superseded => Self::Superseded,
            WatchStatus::Expired => Self::Expired,
        }
    }
}

impl Watch {
    /// A watch without its secret.
    pub fn new(record: WatchRecord, site: &Site) -> Self {
        let statement =
            record.statement.as_deref().and_then(|text| serde_json::from_str::<Statement>(text).ok());
        let (disabled_at, disabled_because) = record.disabled.map(|(at, why)| (rfc3339(at), why)).unzip();
        let other = statement.and_then(|statement| statement.id().map(str::to_owned));
        Self {
            id: record.id.to_string(),
            url: site.url(&format!("/v1/watches/{}", record.id)),
            credential: record.credential.map(|id| site.credential(id)).or(other),
            current: record
                .current
                .filter(|_| record.current != record.credential)
                .map(|id| site.credential(id)),
            endpoint: record.endpoint,
            status: record.status.into(),
            created_at: rfc3339(record.created),
            expires_at: record.expires.map(rfc3339),
            disabled_at,
            disabled_because,
            secret: None,
        }
    }
}

/// Watches of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchList {
    /// The oldest first.
    pub watches: Vec<Watch>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

/// A fresh secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WatchSecret {
    /// What messages are signed with from now on. Shown once.
    pub secret: String,
    /// Until when they are signed with the one before too.
    #[schema(format = DateTime)]
    pub previous_until: String,
}

/// A test that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchTest {
    /// The `webhook-id` of the test.
    pub event: String,
}

/// What was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchDeliveries {
    /// The latest first.
    pub deliveries: Vec<WatchDelivery>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

/// An event, and each attempt to deliver it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WatchDelivery {
    /// Its `webhook-id`.
    pub event: String,
    /// Such as `credential.revoked`.
    pub r#type: String,
    /// When it came about.
    #[schema(format = DateTime)]
    pub occurred_at: String,
    /// What came of it.
    pub outcome: DeliveryOutcome,
    /// Each attempt, the first first.
    pub attempts: Vec<WatchAttempt>,
}

/// What came of a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryOutcome {
    /// It is to be sent, or sent again.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was not, and is not sent again.
    GivenUp,
}

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WatchAttempt {
    /// When it began.
    #[schema(format = DateTime)]
    pub begun_at: String,
    /// How long it took.
    pub milliseconds: i32,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none.
    pub failure: Option<String>,
    /// When it is tried again, if it is.
    #[schema(format = DateTime)]
    pub next_at: Option<String>,
}

impl From<Delivery> for WatchDelivery {
    fn from(delivery: Delivery) -> Self {
        let attempts = delivery.attempts.into_iter().map(|attempt| WatchAttempt {
            begun_at: rfc3339(attempt.begun),
            milliseconds: attempt.milliseconds,
            status: attempt.status,
            failure: attempt.failure,
            next_at: attempt.next.map(rfc3339),
        });
        Self {
            event: delivery.event.id,
            r#type: delivery.event.kind,
            occurred_at: rfc3339(delivery.event.occurred),
            outcome: match delivery.outcome.as_deref() {
                None => DeliveryOutcome::Waiting,
                Some("delivered") => DeliveryOutcome::Delivered,
                Some(_) => DeliveryOutcome::GivenUp,
            },
            attempts: attempts.collect(),
        }
    }
}
