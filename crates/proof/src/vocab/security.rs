//! Data Integrity proofs, `https://w3id.org/security/data-integrity/v2`, and
//! the proofs of a type of their own that went before.

use super::{DC, SEC, Scope, Vocabulary, XSD, term};

/// The context that a VCDM 1.1 credential adds to carry a Data Integrity proof.
pub const DATA_INTEGRITY_V2: Vocabulary = Vocabulary {
    url: "https://w3id.org/security/data-integrity/v2",
    edition: 0,
    scope: &Scope::protected(&[
        term("proof", SEC).link().graph(),
        term("DataIntegrityProof", SEC).scope(&DATA_INTEGRITY_PROOF),
    ]),
};

/// Inside a `DataIntegrityProof` (VC Data Integrity 1.0 section 2.1).
pub(crate) const DATA_INTEGRITY_PROOF: Scope = Scope::protected(&[
    term("challenge", SEC).short(),
    term("created", DC).typed(XSD, "dateTime"),
    term("cryptosuite", SEC).typed(SEC, "cryptosuiteString"),
    term("domain", SEC).short(),
    term("expires", SEC).named("expiration").typed(XSD, "dateTime"),
    term("nonce", SEC).short(),
    term("previousProof", SEC).link(),
    term("proofPurpose", SEC).choice().scope(&PURPOSE),
    term("proofValue", SEC).typed(SEC, "multibase"),
    term("verificationMethod", SEC).link(),
]);

const PURPOSE: Scope = Scope::protected(&[
    term("assertionMethod", SEC).link().set(),
    term("authentication", SEC).named("authenticationMethod").link().set(),
    term("capabilityDelegation", SEC).named("capabilityDelegationMethod").link().set(),
    term("capabilityInvocation", SEC).named("capabilityInvocationMethod").link().set(),
    term("keyAgreement", SEC).named("keyAgreementMethod").link().set(),
]);

/// The context of `Ed25519Signature2020`: read only.
pub const ED25519_2020_V1: Vocabulary = Vocabulary {
    url: "https://w3id.org/security/suites/ed25519-2020/v1",
    edition: 0,
    scope: &Scope::protected(&[
        term("proof", SEC).link().graph(),
        term("Ed25519VerificationKey2020", SEC).scope(&Scope::protected(&[
            term("controller", SEC).link(),
            term("revoked", SEC).typed(XSD, "dateTime"),
            term("publicKeyMultibase", SEC).typed(SEC, "multibase"),
        ])),
        term("Ed25519Signature2020", SEC).scope(&Scope::protected(&[
            term("challenge", SEC).short(),
            term("created", DC).typed(XSD, "dateTime"),
            term("domain", SEC).short(),
            term("expires", SEC).named("expiration").typed(XSD, "dateTime"),
            term("nonce", SEC).short(),
            term("proofPurpose", SEC).choice().scope(&PURPOSE),
            term("proofValue", SEC).typed(SEC, "multibase"),
            term("verificationMethod", SEC).link(),
        ])),
    ]),
};
