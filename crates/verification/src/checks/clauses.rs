//! The clauses that checks follow.

use model::report::Clause;

macro_rules! clauses {
    ($($name:ident: $words:literal, $url:literal;)*) => {
        $(pub(crate) static $name: Clause = Clause { name: $words, url: $url };)*
    };
}

clauses! {
    SD_JWT_VC: "SD-JWT VC, section 3", "https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/";
    KEY_BINDING: "RFC 9901, section 7.3", "https://www.rfc-editor.org/rfc/rfc9901#section-7.3";
    TOKEN_STATUS: "Token Status List, section 8.3", "https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/";
    IJSON: "RFC 7493 (I-JSON), section 2", "https://www.rfc-editor.org/rfc/rfc7493#section-2";
    JWS: "RFC 7515 (JWS), sections 4 and 7.1", "https://www.rfc-editor.org/rfc/rfc7515#section-4";
    JWS_SIGNATURE: "RFC 7515 (JWS), section 5.2", "https://www.rfc-editor.org/rfc/rfc7515#section-5.2";
    BAKING: "Open Badges 3.0, Baked Badge", "https://www.imsglobal.org/spec/ob/v3p0/#baked-badge";
    VC_TYPES: "VC Data Model 2.0, section 4.5", "https://www.w3.org/TR/vc-data-model-2.0/#types";
    VC_CONTEXTS: "VC Data Model 2.0, section 4.3", "https://www.w3.org/TR/vc-data-model-2.0/#contexts";
    CONTEXT_VALIDATION: "VC Data Integrity 1.0, section 4.6", "https://www.w3.org/TR/vc-data-integrity/#context-validation";
    SAFE_MODE: "Open Badges 3.0, Verification: safe mode", "https://www.imsglobal.org/spec/ob/v3p0/#verification";
    RDFC: "RDF Dataset Canonicalization 1.0, section 7.1", "https://www.w3.org/TR/rdf-canon/#dataset-poisoning";
    OB_MODEL: "Open Badges 3.0, Data Models", "https://www.imsglobal.org/spec/ob/v3p0/#data-models";
    OB_SUBJECT: "Open Badges 3.0, AchievementSubject", "https://www.imsglobal.org/spec/ob/v3p0/#achievementsubject";
    DI_VERIFY: "VC Data Integrity 1.0, section 4.4", "https://www.w3.org/TR/vc-data-integrity/#verify-proof";
    DI_SETS: "VC Data Integrity 1.0, section 4.5", "https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains";
    SELECTIVE: "VC DI ECDSA Cryptosuites 1.0, section 3.6.7", "https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023";
    METHODS: "Controlled Identifiers 1.0, section 3.3", "https://www.w3.org/TR/cid-1.0/#retrieve-verification-method";
    ISSUER_METADATA: "SD-JWT VC, Issuer-signed JWT Verification Key Validation", "https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/";
    METHOD_DATES: "Controlled Identifiers 1.0, section 2.2", "https://www.w3.org/TR/cid-1.0/#verification-methods";
    REFRESH: "Open Badges 3.0, RefreshService", "https://www.imsglobal.org/spec/ob/v3p0/#refreshservice";
    STATUS: "VC Data Model 2.0, section 4.10", "https://www.w3.org/TR/vc-data-model-2.0/#status";
    BITSTRING: "Bitstring Status List 1.0, section 3.2", "https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm";
    REVOCATION_LIST: "Open Badges 3.0, 1EdTechRevocationList", "https://purl.imsglobal.org/spec/vcrl/v1p0/";
    PRESENTATIONS: "VC Data Model 2.0, section 4.13", "https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations";
    RECORDS: "CLR 2.0, ClrSubject", "https://www.imsglobal.org/spec/clr/v2p0/#clrsubject";
    PROOF_MEMBERS: "VC Data Integrity 1.0, section 2.1", "https://www.w3.org/TR/vc-data-integrity/#proofs";
    VALIDITY: "VC Data Model 2.0, section 4.9", "https://www.w3.org/TR/vc-data-model-2.0/#validity-period";
    IDENTITY: "Open Badges 3.0, IdentityObject", "https://www.imsglobal.org/spec/ob/v3p0/#identityobject";
    ENDORSING: "Open Badges 3.0, EndorsementCredential", "https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential";
    TRUST: "Lanyard: whom to trust is data", "";
    EVIDENCE: "Open Badges 3.0, Evidence", "https://www.imsglobal.org/spec/ob/v3p0/#evidence";
    ACHIEVEMENT: "Open Badges 3.0, Achievement", "https://www.imsglobal.org/spec/ob/v3p0/#achievement";
    LOG: "RFC 9162, section 2.1.3", "https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3";
    LEDGER: "Lanyard: what is awarded stands in a ledger", "";
    LEVEL: "Lanyard: levels ask for badges", "";
    MAINTENANCE: "Lanyard: policies keep badges in force", "";
    AS_OF: "Lanyard: the state of any moment can be told", "";
    PDF_FILES: "ISO 32000-2, section 7.11.4", "https://www.iso.org/standard/75839.html";
    OB2: "Open Badges 2.0, Assertion", "https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#Assertion";
    OB2_HOSTED: "Open Badges 2.0, VerificationObject", "https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#VerificationObject";
    REGISTER: "Lanyard: providers are accredited", "";
    GUARDED: "Lanyard: verification reaches out guardedly", "";
    JSON: "RFC 8259 (JSON)", "https://www.rfc-editor.org/rfc/rfc8259";
    VC_JWT: "Open Badges 3.0, VC-JWT proof format", "https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof";
    PROFILE: "Open Badges 3.0, Profile", "https://www.imsglobal.org/spec/ob/v3p0/#profile";
    ISSUER: "VC Data Model 2.0, section 4.7", "https://www.w3.org/TR/vc-data-model-2.0/#issuer";
    STATUS_ENTRY: "Bitstring Status List 1.0, section 2.1", "https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry";
    STATUS_LIST: "Bitstring Status List 1.0, section 2.2", "https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistcredential";
}
