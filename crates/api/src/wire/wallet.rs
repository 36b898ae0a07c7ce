//! Offers to wallets and requests for presentations, as clients see them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{standards::CredentialOffer, verification::ReportDocument};
use crate::routes::requirements::check::CheckAnswer;

/// How a badge is to be offered; all of it may be left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "transactionCode": true, "expiresIn": 3600 }))]
#[serde(rename_all = "camelCase")]
pub struct OfferRequest {
    /// Whether six digits are asked for beside the link. True.
    pub transaction_code: Option<bool>,
    /// Seconds until the offer ends, at most a week. 3600.
    #[schema(minimum = 60, maximum = 604_800)]
    pub expires_in: Option<u32>,
}

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferAnswer {
    /// The offer's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Until when it can be taken.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// The offer itself (OID4VCI 1.0, section 4.1.1).
    #[schema(value_type = CredentialOffer)]
    pub offer: Value,
    /// A link that holds the offer; opens a wallet on the device where it is followed.
    pub link: String,
    /// A shorter link, to where the offer is. Not for wallets that take offers by value alone.
    pub link_by_reference: Option<String>,
    /// Where a wallet finds each protocol by which it can take the offer, and a browser a page
    /// that leads to wallets (W3C VCALM 1.0, "Initiating interactions"). Not for wallets that
    /// take offers by value alone.
    #[schema(format = "uri")]
    pub interaction_url: Option<String>,
    /// The shorter of the links as a QR code, an SVG document.
    pub qr_svg: String,
    /// The six digits, to be sent to the holder by another way than the link.
    pub transaction_code: Option<String>,
}

/// What was offered of a badge.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffersAnswer {
    /// The latest first.
    pub offers: Vec<OfferItem>,
}

/// An offer without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferItem {
    /// The offer's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// The client that made it.
    pub by: String,
    /// When.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Until when it can be taken.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// `open`, `taken`, `expired`, or `void` after too many wrong transaction codes.
    #[schema(pattern = "^(open|taken|expired|void)$")]
    pub state: &'static str,
    /// When it was taken.
    #[schema(format = DateTime)]
    pub taken_at: Option<String>,
    /// What the wallet says became of the badge: `credential_accepted`, `credential_failure`
    /// or `credential_deleted`.
    pub event: Option<String>,
}

/// What a holder is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "purpose": "To check your training before your first shift",
    "achievements": ["introduction-digital-data-technology"],
    "claims": ["name"]
}))]
#[serde(rename_all = "camelCase")]
pub struct PresentationRequestBody {
    /// What you want to know it for; the holder sees it.
    #[schema(max_length = 200)]
    pub purpose: String,
    /// The badges wanted, by the short names of their achievements: any version of each.
    pub achievements: Option<Vec<String>>,
    /// Instead, a level that is to be met; the holder shows what they choose.
    pub level: Option<String>,
    /// What of an SD-JWT VC the holder is asked to show: `name`, `credits`, `results`,
    /// `evidence`. `["name"]`.
    pub claims: Option<Vec<String>>,
    /// Where the holder's browser goes afterwards, on the same device.
    pub redirect_uri: Option<String>,
    /// Seconds until the request ends, at most a day. 600.
    #[schema(minimum = 60, maximum = 86_400)]
    pub expires_in: Option<u32>,
}

/// A request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresentationRequestAnswer {
    /// The request's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Where you read the answer.
    #[schema(format = "uri")]
    pub url: String,
    /// Until when it can be answered.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Where a wallet finds each protocol by which it can answer, and a browser a page that
    /// leads to wallets (W3C VCALM 1.0, "Initiating interactions").
    #[schema(format = "uri")]
    pub interaction_url: String,
    /// Opens a wallet on the device where it is followed.
    pub link: String,
    /// The same as a QR code, an SVG document.
    pub qr_svg: String,
}

/// What came of a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresentationAnswer {
    /// The request's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// `waiting`, `expired`, `answered`, `declined`, or `erased` with whom it was about.
    #[schema(pattern = "^(waiting|expired|answered|declined|erased)$")]
    pub state: &'static str,
    /// What it was for.
    pub purpose: String,
    /// Until when it can be answered.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// When it was answered.
    #[schema(format = DateTime)]
    pub answered_at: Option<String>,
    /// A report on each presentation, as `/v1/verify` gives it.
    #[schema(value_type = Option<Vec<ReportDocument>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Value>,
    /// Of each badge asked for, whether one that is good and was issued here was `shown`.
    #[schema(value_type = Option<Vec<AskedBadge>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badges: Option<Value>,
    /// How the level is met, as `/v1/requirements/{level}/check` says it.
    #[schema(value_type = Option<CheckAnswer>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<Value>,
    /// Why the wallet presented nothing, in its words.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<Value>,
}

/// A badge that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedBadge {
    /// The short name of its achievement.
    pub achievement: String,
    /// Whether a good one that was issued here was shown.
    pub shown: bool,
}
