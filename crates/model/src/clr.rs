//! CLR 2.0: several credentials of one learner, with what joins them, as one.

use serde_json::Value;

use crate::ob::{Achievement, EndorsementCredential, IdentityObject, Image, IssuerRef, words};
use crate::schema::{
    ContextRule,
    Kind::{Boolean, Choice, CompactJws, Context, Credential, DateTime, Iri, Issuer, Object, Text},
    Rule,
};
use crate::vc::{
    CredentialSchema, CredentialStatus, OneOrMany, Proof, RefreshService, TermsOfUse, Timestamp,
};

/// The contexts of a CLR, in their order.
pub fn contexts() -> Vec<Value> {
    vec![crate::vc::CREDENTIALS_V2.into(), crate::vc::CLR.into(), crate::vc::OPEN_BADGES.into()]
}

class! {
    /// Several credentials of one learner as one (CLR 2.0, `ClrCredential`).
    ClrCredential
    set [["VerifiableCredential"], ["ClrCredential"]]
    rules [Rule::Dated] {
        head {
            /// The contexts: the VC Data Model, CLR, Open Badges, then others.
            context / "@context": Vec<Value> =
                Context(&[ContextRule::Credentials, ContextRule::Clr, ContextRule::OpenBadges]),
            /// Unambiguous reference to the credential.
            id / "id": String = Iri,
        }
        required {
            /// Who issued it.
            issuer / "issuer": IssuerRef = Issuer,
            /// The learner and their credentials.
            credential_subject / "credentialSubject": ClrSubject = Object(ClrSubject::class),
        }
        optional {
            /// The name of the credential for display in wallets.
            name / "name": String = Text,
            /// A short description of the credential for display in wallets.
            description / "description": String = Text,
            /// The image of the credential for display in wallets.
            image / "image": Image = Object(Image::class),
            /// Whether it holds only a part of what the issuer knows of the learner.
            partial / "partial": bool = Boolean,
            /// When the credential becomes valid.
            valid_from / "validFrom": Timestamp = DateTime,
            /// When the credential ceases to be valid.
            valid_until / "validUntil": Timestamp = DateTime,
            /// When the credential becomes valid, in version 1.1 of the VC Data Model.
            issuance_date / "issuanceDate": Timestamp = DateTime,
            /// When the credential ceases to be valid, in version 1.1 of the VC Data Model.
            expiration_date / "expirationDate": Timestamp = DateTime,
            /// When the record was awarded.
            awarded_date / "awardedDate": Timestamp = DateTime,
            /// Where its status can be found.
            credential_status / "credentialStatus": OneOrMany<CredentialStatus> = Object(CredentialStatus::class),
            /// Where a newer form can be fetched.
            refresh_service / "refreshService": OneOrMany<RefreshService> = Object(RefreshService::class),
        }
        many {
            /// Endorsements of the credential.
            endorsement / "endorsement": EndorsementCredential = Object(EndorsementCredential::class),
            /// Endorsements of the credential, signed as VC-JWT.
            endorsement_jwt / "endorsementJwt": String = CompactJws,
            /// The schemas it satisfies.
            credential_schema / "credentialSchema": CredentialSchema = Object(CredentialSchema::class),
            /// The terms under which it was issued.
            terms_of_use / "termsOfUse": TermsOfUse = Object(TermsOfUse::class),
            /// Its proofs.
            proof / "proof": Proof = Object(Proof::class),
        }
    }
}

class! {
    /// The learner and their credentials (CLR 2.0, `ClrSubject`).
    ClrSubject
    set [["ClrSubject"]]
    rules [Rule::AnyOf(&["id", "identifier"]), Rule::AnyOf(&["verifiableCredential"])] {
        optional {
            /// An identifier of the learner. Either this or `identifier` is needed.
            id / "id": String = Iri,
        }
        many {
            /// Other identifiers of the learner.
            identifier / "identifier": IdentityObject = Object(IdentityObject::class),
            /// Achievements that credentials or associations refer to.
            achievement / "achievement": Achievement = Object(Achievement::class),
            /// The learner's credentials, each signed by its own issuer.
            verifiable_credential / "verifiableCredential": Value = Credential,
            /// How the achievements are joined.
            association / "association": Association = Object(Association::class),
        }
    }
}

words! {
    /// How two achievements are joined (CLR 2.0, `AssociationType`; closed).
    AssociationType false {
        ExactMatchOf = "exactMatchOf", Exemplar = "exemplar", HasSkillLevel = "hasSkillLevel",
        IsChildOf = "isChildOf", IsParentOf = "isParentOf", IsPartOf = "isPartOf", IsPeerOf = "isPeerOf",
        IsRelatedTo = "isRelatedTo", Precedes = "precedes", ReplacedBy = "replacedBy",
    }
}

class! {
    /// What joins two achievements (CLR 2.0, Association).
    Association text "Association" {
        required {
            /// How they are joined.
            association_type / "associationType": AssociationType = Choice(AssociationType::CHOICE),
            /// The `id` of the achievement it goes from.
            source_id / "sourceId": String = Iri,
            /// The `id` of the achievement it goes to.
            target_id / "targetId": String = Iri,
        }
    }
}
