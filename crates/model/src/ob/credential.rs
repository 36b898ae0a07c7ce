//! The badge itself.

use serde_json::Value;

use crate::ob::{AchievementSubject, EndorsementCredential, Evidence, Image, IssuerRef};
use crate::schema::{
    ContextRule,
    Kind::{CompactJws, Context, DateTime, Iri, Issuer, Object, Text},
    Rule,
};
use crate::vc::{
    CredentialSchema, CredentialStatus, OneOrMany, Proof, RefreshService, TermsOfUse, Timestamp,
};

class! {
    /// An awarded achievement (OB 3.0, `AchievementCredential`, also called `OpenBadgeCredential`).
    AchievementCredential
    set [["VerifiableCredential"], ["OpenBadgeCredential", "AchievementCredential"]]
    rules [Rule::Dated] {
        head {
            /// The contexts: the VC Data Model, then Open Badges, then others.
            context / "@context": Vec<Value> = Context(&[ContextRule::Credentials, ContextRule::OpenBadges]),
            /// Unambiguous reference to the credential.
            id / "id": String = Iri,
        }
        required {
            /// Who issued it.
            issuer / "issuer": IssuerRef = Issuer,
            /// Who achieved what.
            credential_subject / "credentialSubject": AchievementSubject = Object(AchievementSubject::class),
        }
        optional {
            /// The name of the credential for display in wallets.
            name / "name": String = Text,
            /// A short description of the credential for display in wallets.
            description / "description": String = Text,
            /// The image of the credential for display in wallets.
            image / "image": Image = Object(Image::class),
            /// When the credential becomes valid.
            valid_from / "validFrom": Timestamp = DateTime,
            /// When the credential ceases to be valid.
            valid_until / "validUntil": Timestamp = DateTime,
            /// When the credential becomes valid, in version 1.1 of the VC Data Model.
            issuance_date / "issuanceDate": Timestamp = DateTime,
            /// When the credential ceases to be valid, in version 1.1 of the VC Data Model.
            expiration_date / "expirationDate": Timestamp = DateTime,
            /// When the achievement was awarded.
            awarded_date / "awardedDate": Timestamp = DateTime,
            /// Where its status can be found.
            credential_status / "credentialStatus": OneOrMany<CredentialStatus> = Object(CredentialStatus::class),
            /// Where a newer form can be fetched.
            refresh_service / "refreshService": OneOrMany<RefreshService> = Object(RefreshService::class),
        }
        many {
            /// What shows the achievement.
            evidence / "evidence": Evidence = Object(Evidence::class),
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

impl AchievementCredential {
    /// When it becomes valid, by whichever version's name.
    pub fn begins(&self) -> Option<&Timestamp> {
        self.valid_from.as_ref().or(self.issuance_date.as_ref())
    }

    /// When it ceases to be valid, by whichever version's name.
    pub fn ends(&self) -> Option<&Timestamp> {
        self.valid_until.as_ref().or(self.expiration_date.as_ref())
    }
}
