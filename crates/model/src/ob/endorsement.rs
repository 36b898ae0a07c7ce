//! Endorsements: what a third party says of a credential, an achievement or a profile.

use serde_json::Value;

use crate::ob::IssuerRef;
use crate::schema::{
    ContextRule,
    Kind::{Context, DateTime, Iri, Issuer, Object, Text},
    Rule,
};
use crate::vc::{
    CredentialSchema, CredentialStatus, OneOrMany, Proof, RefreshService, TermsOfUse, Timestamp,
};

class! {
    /// A claim about a credential, an achievement or a profile, made by a third party.
    EndorsementCredential
    set [["VerifiableCredential"], ["EndorsementCredential"]]
    rules [Rule::Dated] {
        head {
            /// The contexts: the VC Data Model, then Open Badges, then others.
            context / "@context": Vec<Value> = Context(&[ContextRule::Credentials, ContextRule::OpenBadges]),
            /// Unambiguous reference to the credential.
            id / "id": String = Iri,
        }
        required {
            /// The name of the credential for display in wallets.
            name / "name": String = Text,
            /// Who makes the endorsement.
            issuer / "issuer": IssuerRef = Issuer,
            /// What is endorsed.
            credential_subject / "credentialSubject": EndorsementSubject = Object(EndorsementSubject::class),
        }
        optional {
            /// A short description of the credential for display in wallets.
            description / "description": String = Text,
            /// When the credential becomes valid.
            valid_from / "validFrom": Timestamp = DateTime,
            /// When the credential ceases to be valid.
            valid_until / "validUntil": Timestamp = DateTime,
            /// When the credential becomes valid, in version 1.1 of the VC Data Model.
            issuance_date / "issuanceDate": Timestamp = DateTime,
            /// When the credential ceases to be valid, in version 1.1 of the VC Data Model.
            expiration_date / "expirationDate": Timestamp = DateTime,
            /// When the endorsement was given.
            awarded_date / "awardedDate": Timestamp = DateTime,
            /// Where its status can be found.
            credential_status / "credentialStatus": OneOrMany<CredentialStatus> = Object(CredentialStatus::class),
            /// Where a newer form can be fetched.
            refresh_service / "refreshService": OneOrMany<RefreshService> = Object(RefreshService::class),
        }
        many {
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
    /// What is endorsed.
    EndorsementSubject set [["EndorsementSubject"]] {
        head {
            /// The person, organisation, achievement or credential endorsed.
            id / "id": String = Iri,
        }
        optional {
            /// The endorser's comment.
            endorsement_comment / "endorsementComment": String = Text,
        }
    }
}
