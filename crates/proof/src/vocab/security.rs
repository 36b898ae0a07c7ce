//! Data Integrity proofs: `https://w3id.org/security/data-integrity/v2`.

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
    term("proofPurpose", SEC).choice().scope(&Scope::protected(&[
        term("assertionMethod", SEC).link().set(),
        term("authentication", SEC).named("authenticationMethod").link().set(),
        term("capabilityDelegation", SEC).named("capabilityDelegationMethod").link().set(),
        term("capabilityInvocation", SEC).named("capabilityInvocationMethod").link().set(),
        term("keyAgreement", SEC).named("keyAgreementMethod").link().set(),
    ])),
    term("proofValue", SEC).typed(SEC, "multibase"),
    term("verificationMethod", SEC).link(),
]);
