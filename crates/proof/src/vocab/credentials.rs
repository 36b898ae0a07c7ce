//! The W3C contexts of the Verifiable Credentials Data Model, 2.0 and 1.1.

use super::security::DATA_INTEGRITY_PROOF;
use super::{
    CRED, CRED_SHORT, DC, JOSE, JWT, SCHEMA, SEC, SEC_SHORT, SEC_UNDEFINED, STATUS, Scope, Vocabulary, XSD,
    XSD_SHORT, XSD_UNDEFINED, XSDS, prefix, term,
};

/// VCDM 2.0.
pub const V2: Vocabulary = Vocabulary {
    url: "https://www.w3.org/ns/credentials/v2",
    edition: 0,
    scope: &Scope::protected(&[
        term("description", SCHEMA).short(),
        term("digestMultibase", SEC).typed(SEC, "multibase"),
        term("digestSRI", CRED).typed(CRED, "sriString"),
        term("mediaType", SCHEMA).named("encodingFormat"),
        term("name", SCHEMA).short(),
        term("VerifiableCredential", CRED).scope(&VERIFIABLE_CREDENTIAL),
        term("EnvelopedVerifiableCredential", CRED).short(),
        term("VerifiablePresentation", CRED).scope(&Scope::protected(&[
            term("holder", CRED).link(),
            term("proof", SEC).link().graph(),
            term("termsOfUse", CRED).link(),
            term("verifiableCredential", CRED).link().graph().null_scope().credentials(),
        ])),
        term("EnvelopedVerifiablePresentation", CRED).short(),
        term("JsonSchemaCredential", CRED).short(),
        term("JsonSchema", CRED).scope(&Scope::protected(&[term("jsonSchema", CRED).json()])),
        term("BitstringStatusListCredential", STATUS).short(),
        term("BitstringStatusList", STATUS).scope(&Scope::protected(&[
            term("encodedList", STATUS).typed(SEC, "multibase"),
            term("statusPurpose", STATUS).short(),
            term("ttl", STATUS).short(),
        ])),
        term("BitstringStatusListEntry", STATUS).scope(&Scope::protected(&[
            term("statusListCredential", STATUS).link(),
            term("statusListIndex", STATUS).short(),
            term("statusPurpose", STATUS).short(),
            term("statusMessage", STATUS)
                .scope(&Scope::protected(&[term("message", STATUS).short(), term("status", STATUS).short()])),
            term("statusReference", STATUS).link(),
            term("statusSize", STATUS).typed(XSDS, "integer"),
        ])),
        term("DataIntegrityProof", SEC).scope(&DATA_INTEGRITY_PROOF),
        term("...", JWT),
        term("_sd", JWT).json(),
        term("_sd_alg", JWT),
        term("aud", JWT).link(),
        term("cnf", JWT)
            .scope(&Scope::protected(&[term("kid", JWT).link(), term("jwk", JWT).json()]).without_aliases()),
        term("exp", JWT).typed(XSDS, "nonNegativeInteger"),
        term("iat", JWT).typed(XSDS, "nonNegativeInteger"),
        term("iss", JOSE).link(),
        term("jku", JOSE).link(),
        term("kid", JOSE).link(),
        term("nbf", JWT).typed(XSDS, "nonNegativeInteger"),
        term("sub", JOSE).link(),
        term("x5u", JOSE).link(),
    ]),
};

const VERIFIABLE_CREDENTIAL: Scope = Scope::protected(&[
    term("confidenceMethod", CRED).link(),
    term("credentialSchema", CRED).link(),
    term("credentialStatus", CRED).link(),
    term("credentialSubject", CRED).link(),
    term("description", SCHEMA).short(),
    term("evidence", CRED).link(),
    term("issuer", CRED).link(),
    term("name", SCHEMA).short(),
    term("proof", SEC).link().graph(),
    term("refreshService", CRED).link(),
    term("relatedResource", CRED).link(),
    term("renderMethod", CRED).link(),
    term("termsOfUse", CRED).link(),
    term("validFrom", CRED).typed(XSD, "dateTime"),
    term("validUntil", CRED).typed(XSD, "dateTime"),
]);

/// VCDM 1.1, to read.
pub const V1: Vocabulary = Vocabulary {
    url: "https://www.w3.org/2018/credentials/v1",
    edition: 0,
    scope: &Scope::protected(&[
        term("VerifiableCredential", CRED).scope(&VERIFIABLE_CREDENTIAL_1),
        term("VerifiablePresentation", CRED).scope(
            &Scope::protected(&[
                prefix("cred", CRED),
                prefix("sec", SEC),
                term("holder", CRED_SHORT).link(),
                term("proof", SEC_SHORT).link().graph(),
                term("verifiableCredential", CRED_SHORT).link().graph().credentials(),
            ])
            .versioned(),
        ),
        term("EcdsaSecp256k1Signature2019", SEC).scope(&SIGNATURE),
        term("EcdsaSecp256r1Signature2019", SEC).scope(&SIGNATURE),
        term("Ed25519Signature2018", SEC).scope(&SIGNATURE),
        term("RsaSignature2018", SEC).scope(&RSA_SIGNATURE),
        term("proof", SEC).link().graph(),
    ])
    .versioned(),
};

const VERIFIABLE_CREDENTIAL_1: Scope = Scope::protected(&[
    prefix("cred", CRED),
    prefix("sec", SEC),
    prefix("xsd", XSD),
    term("credentialSchema", CRED_SHORT).link().scope(
        &Scope::protected(&[prefix("cred", CRED), term("JsonSchemaValidator2018", CRED_SHORT).short()])
            .versioned(),
    ),
    term("credentialStatus", CRED_SHORT).link(),
    term("credentialSubject", CRED_SHORT).link(),
    term("evidence", CRED_SHORT).link(),
    term("expirationDate", CRED_SHORT).typed(XSD_SHORT, "dateTime"),
    term("holder", CRED_SHORT).link(),
    term("issued", CRED_SHORT).typed(XSD_SHORT, "dateTime"),
    term("issuer", CRED_SHORT).link(),
    term("issuanceDate", CRED_SHORT).typed(XSD_SHORT, "dateTime"),
    term("proof", SEC_SHORT).link().graph(),
    term("refreshService", CRED_SHORT).link().scope(
        &Scope::protected(&[prefix("cred", CRED), term("ManualRefreshService2018", CRED_SHORT).short()])
            .versioned(),
    ),
    term("termsOfUse", CRED_SHORT).link(),
    term("validFrom", CRED_SHORT).typed(XSD_SHORT, "dateTime"),
    term("validUntil", CRED_SHORT).typed(XSD_SHORT, "dateTime"),
])
.versioned();

const SIGNATURE: Scope = Scope::protected(&[
    prefix("sec", SEC),
    prefix("xsd", XSD),
    term("challenge", SEC_SHORT).short(),
    term("created", DC).typed(XSD_SHORT, "dateTime"),
    term("domain", SEC_SHORT).short(),
    term("expires", SEC_SHORT).named("expiration").typed(XSD_SHORT, "dateTime"),
    term("jws", SEC_SHORT).short(),
    term("nonce", SEC_SHORT).short(),
    term("proofPurpose", SEC_SHORT).choice().scope(&PURPOSE),
    term("proofValue", SEC_SHORT).short(),
    term("verificationMethod", SEC_SHORT).link(),
])
.versioned();

/// The same without prefixes and without `id` and `type`: as published, its
/// `sec:` IRIs stay as they are written.
const RSA_SIGNATURE: Scope = Scope::protected(&[
    term("challenge", SEC_UNDEFINED).short(),
    term("created", DC).typed(XSD_UNDEFINED, "dateTime"),
    term("domain", SEC_UNDEFINED).short(),
    term("expires", SEC_UNDEFINED).named("expiration").typed(XSD_UNDEFINED, "dateTime"),
    term("jws", SEC_UNDEFINED).short(),
    term("nonce", SEC_UNDEFINED).short(),
    term("proofPurpose", SEC_UNDEFINED).choice().scope(&PURPOSE),
    term("proofValue", SEC_UNDEFINED).short(),
    term("verificationMethod", SEC_UNDEFINED).link(),
])
.without_aliases()
.versioned();

const PURPOSE: Scope = Scope::protected(&[
    prefix("sec", SEC),
    term("assertionMethod", SEC_SHORT).link().set(),
    term("authentication", SEC_SHORT).named("authenticationMethod").link().set(),
])
.versioned();
