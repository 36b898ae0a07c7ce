//! What may be attached to a credential of any kind.

use crate::schema::Kind::{DateTime, Iri, Text};
use crate::vc::Timestamp;

class! {
    /// A JSON-LD Linked Data proof (OB 3.0, Proof; VC Data Integrity 1.0).
    Proof free {
        required {
            /// Signature suite used to produce the proof, such as `DataIntegrityProof`.
            kind / "type": String = Text,
        }
        optional {
            /// Date the proof was created.
            created / "created": Timestamp = DateTime,
            /// The cryptographic suite, such as `eddsa-rdfc-2022`.
            cryptosuite / "cryptosuite": String = Text,
            /// A value chosen by the verifier to mitigate replay attacks.
            challenge / "challenge": String = Text,
            /// The domain of the proof, to restrict its use to a particular target.
            domain / "domain": String = Text,
            /// A value chosen by the creator of the proof to randomise it.
            nonce / "nonce": String = Text,
            /// The purpose of the proof, `assertionMethod` for a credential.
            proof_purpose / "proofPurpose": String = Text,
            /// The value of the proof, in multibase.
            proof_value / "proofValue": String = Text,
            /// The key that can be used to verify the proof.
            verification_method / "verificationMethod": String = Text,
        }
    }
}

class! {
    /// Where the current status of a credential can be found, such as whether it has been revoked.
    CredentialStatus free {
        required {
            /// The entry. An IRI.
            id / "id": String = Iri,
            /// The method, such as `BitstringStatusListEntry`.
            kind / "type": String = Text,
        }
        optional {
            /// What the entry says, such as `revocation` (Bitstring Status List 1.0).
            status_purpose / "statusPurpose": String = Text,
            /// The position in the list, in digits (Bitstring Status List 1.0).
            status_list_index / "statusListIndex": String = Text,
            /// The credential that carries the list (Bitstring Status List 1.0).
            status_list_credential / "statusListCredential": String = Iri,
        }
    }
}

class! {
    /// Where a newer form of the credential can be fetched.
    RefreshService free {
        required {
            /// The URL of the service.
            id / "id": String = Iri,
            /// The method, such as `1EdTechCredentialRefresh`.
            kind / "type": String = Text,
        }
    }
}

class! {
    /// The terms under which a credential or presentation was issued.
    TermsOfUse free {
        required {
            /// The kind of terms.
            kind / "type": String = Text,
        }
        optional {
            /// The terms.
            id / "id": String = Iri,
        }
    }
}

class! {
    /// The type and location of a data schema.
    CredentialSchema free {
        required {
            /// The schema file.
            id / "id": String = Iri,
            /// The kind of schema, such as `1EdTechJsonSchemaValidator2019`.
            kind / "type": String = Text,
        }
    }
}
