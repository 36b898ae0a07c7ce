//! Documents in the words of other specifications, for the API's description. They are written and
//! read elsewhere; here each has the name by which a generated client knows it.

use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{AdditionalProperties, ObjectBuilder, Schema},
    },
};

/// Makes objects whose members the description leaves open. Those of the classes of Open Badges
/// 3.0 and CLR 2.0 are filled in by `description::vocabulary`.
macro_rules! documents {
    ($($(#[doc = $about:literal])+ $name:ident;)+) => { $(
        $(#[doc = $about])+
        #[derive(Debug, Serialize)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                open(concat!($($about),+))
            }
        }

        impl ToSchema for $name {}
    )+ };
}

fn open(about: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .description(Some(about.trim()))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .build()
        .into()
}

documents! {
    /// A badge (Open Badges 3.0, `AchievementCredential`).
    AchievementCredential;
    /// A learner record (CLR 2.0, `ClrCredential`).
    ClrCredential;
    /// An endorsement (Open Badges 3.0, `EndorsementCredential`).
    EndorsementCredential;
    /// What can be earned (Open Badges 3.0, `Achievement`).
    Achievement;
    /// A person or an organisation (Open Badges 3.0, `Profile`).
    Profile;
    /// Any credential of the VC Data Model, in the members that its own contexts define.
    VerifiableCredential;
    /// Any presentation of the VC Data Model.
    VerifiablePresentation;
    /// Authorization server metadata (RFC 8414, section 2).
    AuthorizationServerMetadata;
    /// Credential issuer metadata (OID4VCI 1.0, section 12.2.4).
    CredentialIssuerMetadata;
    /// A credential offer (OID4VCI 1.0, section 4.1.1).
    CredentialOffer;
    /// A credential request (OID4VCI 1.0, section 8.2).
    WalletCredentialRequest;
    /// Type metadata of an SD-JWT VC.
    CredentialTypeMetadata;
    /// A description by OpenAPI.
    ApiDescription;
    /// A catalogue file as JSON: `achievements`, `programmes`, `requirements`, `maintenance`.
    CatalogueFile;
    /// What is written with a message, by its topic.
    OutboxPayload;
}
