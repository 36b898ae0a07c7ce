//! Open Badges 3.0 (1EdTech): three editions of one vocabulary.
//!
//! What a learner, an issuer or a verifier sees is the same in all; they
//! differ in protection, in the datatype of plain text, and in a few IRIs.

use super::{Base, JWT, OB, SCHEMA, Scope, Vocabulary, XSD_UNDEFINED, XSDS, XSDS_SHORT, prefix, term, text};

pub(crate) const FIRST: u8 = 1;

/// XML Schema, as the edition writes it.
pub(crate) const fn xsd(edition: u8) -> Base {
    if edition == FIRST { XSDS_SHORT } else { XSDS }
}

/// The edition we issue with, as published since June 2026. The one published
/// before under the same URL lacked `jti` and `endorsementJwt`.
pub const V3P0_3: Vocabulary = edition("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", 3);
/// Read only.
pub const V3P0_2: Vocabulary = edition("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", 2);
/// Read only; for VCDM 1.1.
pub const V3P0_1: Vocabulary = edition("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", FIRST);

const fn edition(url: &'static str, edition: u8) -> Vocabulary {
    Vocabulary { url, edition, scope: &ROOT }
}

/// The `1EdTech…` types of schemas, revocation lists and refresh services.
pub const EXTENSIONS: Vocabulary = Vocabulary {
    url: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    edition: 0,
    scope: &Scope::open(&[
        term(
            "1EdTechJsonSchemaValidator2019",
            Base::full("https://purl.imsglobal.org/spec/vccs/v1p0/context.json#"),
        )
        .short(),
        term("1EdTechRevocationList", Base::full("https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#"))
            .short(),
        term(
            "1EdTechCredentialRefresh",
            Base::full("https://purl.imsglobal.org/spec/vccr/v1p0/context.json#"),
        )
        .short(),
    ]),
};

const ROOT: Scope = Scope::later_protected(&[
    prefix("xsd", XSDS).only(FIRST),
    term("OpenBadgeCredential", OB),
    term("Achievement", OB).scope(&ACHIEVEMENT),
    // Written as the term, not as an IRI: an alias of the term above.
    term("AchievementCredential", Base::prefixed("", OB.iri)).named("OpenBadgeCredential"),
    term("AchievementSubject", OB).scope(&ACHIEVEMENT_SUBJECT),
    term("Address", OB).scope(&ADDRESS),
    term("Alignment", SCHEMA).named("AlignmentObject").scope(&ALIGNMENT),
    term("Criteria", OB),
    term("EndorsementCredential", OB),
    term("EndorsementSubject", OB).scope(&ENDORSEMENT_SUBJECT),
    term("Evidence", OB).scope(&EVIDENCE),
    term("GeoCoordinates", OB).scope(&GEO_COORDINATES),
    term("IdentifierEntry", OB).scope(&IDENTIFIER_ENTRY),
    term("IdentityObject", OB).scope(&IDENTITY_OBJECT),
    term("Image", OB).scope(&IMAGE),
    term("Profile", OB).scope(&PROFILE),
    term("Related", OB).scope(&RELATED),
    term("Result", OB).scope(&RESULT),
    term("ResultDescription", OB).scope(&RESULT_DESCRIPTION),
    term("RubricCriterionLevel", OB).scope(&RUBRIC_CRITERION_LEVEL),
    term("alignment", OB).set(),
    text("description", SCHEMA),
    term("endorsement", OB).set().credentials(),
    term("endorsementJwt", OB).set().since(3),
    term("image", OB).link().only(FIRST),
    term("image", OB).named("Image").link().only(2),
    term("image", OB).link().since(3),
    term("inLanguage", SCHEMA).since(3),
    text("name", SCHEMA),
    text("narrative", OB),
    term("url", SCHEMA).xsd("anyURI"),
    term("awardedDate", OB).xsd("dateTime").only(FIRST),
    term("awardedDate", OB).typed(XSD_UNDEFINED, "dateTime").since(3),
    term("jti", JWT).link().since(3),
])
.aliased();

const ACHIEVEMENT: Scope = Scope::later_protected(&[
    text("achievementType", OB),
    term("alignment", OB).set(),
    term("creator", OB),
    term("creditsAvailable", OB).xsd("float"),
    term("criteria", OB).named("Criteria").link(),
    text("fieldOfStudy", OB),
    text("humanCode", OB),
    term("image", OB).named("Image").link().until(2),
    term("image", OB).link().since(3),
    term("otherIdentifier", OB).set(),
    term("related", OB).set(),
    term("resultDescription", OB).set(),
    text("specialization", OB),
    text("tag", SCHEMA).named("keywords").set(),
    text("version", OB),
    term("inLanguage", SCHEMA).since(3),
]);

const ACHIEVEMENT_SUBJECT: Scope = Scope::later_protected(&[
    term("achievement", OB).named("achievement-0").until(2),
    term("achievement", OB).since(3),
    term("activityEndDate", OB).xsd("date"),
    term("activityStartDate", OB).xsd("date"),
    term("creditsEarned", OB).xsd("float"),
    term("identifier", OB).set(),
    term("image", OB).named("Image").link().until(2),
    term("image", OB).link().since(3),
    text("licenseNumber", OB),
    term("result", OB).set(),
    text("role", OB),
    term("source", OB).link(),
    text("term", OB),
]);

const ADDRESS: Scope = Scope::later_protected(&[
    text("addressCountry", SCHEMA),
    text("addressCountryCode", OB).named("CountryCode"),
    text("addressLocality", SCHEMA),
    text("addressRegion", SCHEMA),
    term("geo", OB).named("GeoCoordinates"),
    text("postOfficeBoxNumber", SCHEMA),
    text("postalCode", SCHEMA),
    text("streetAddress", SCHEMA),
]);

const ALIGNMENT: Scope = Scope::later_protected(&[
    text("targetCode", OB),
    text("targetDescription", SCHEMA),
    text("targetFramework", SCHEMA),
    text("targetName", SCHEMA),
    text("targetType", OB),
    term("targetUrl", SCHEMA).xsd("anyURI"),
]);

const ENDORSEMENT_SUBJECT: Scope = Scope::later_protected(&[text("endorsementComment", OB)]);

const EVIDENCE: Scope = Scope::later_protected(&[text("audience", SCHEMA), text("genre", SCHEMA)]);

const GEO_COORDINATES: Scope = Scope::later_protected(&[text("latitude", SCHEMA), text("longitude", SCHEMA)]);

const IDENTIFIER_ENTRY: Scope = Scope::later_protected(&[text("identifier", OB), text("identifierType", OB)]);

const IDENTITY_OBJECT: Scope = Scope::later_protected(&[
    term("hashed", OB).xsd("boolean"),
    text("identityHash", OB),
    text("identityType", OB),
    text("salt", OB),
]);

const IMAGE: Scope = Scope::later_protected(&[text("caption", SCHEMA)]);

const PROFILE: Scope = Scope::later_protected(&[
    text("additionalName", SCHEMA),
    term("address", OB).link(),
    term("dateOfBirth", OB).xsd("date"),
    text("email", SCHEMA),
    text("familyName", SCHEMA),
    text("familyNamePrefix", OB),
    text("givenName", SCHEMA),
    text("honorificPrefix", SCHEMA),
    text("honorificSuffix", SCHEMA),
    term("image", OB).named("Image").link().until(2),
    term("image", OB).link().since(3),
    term("otherIdentifier", OB).set(),
    term("parentOrg", OB).link(),
    text("patronymicName", OB),
    text("phone", OB),
    text("official", OB),
]);

const RELATED: Scope = Scope::later_protected(&[text("version", OB), term("inLanguage", SCHEMA).since(3)]);

const RESULT: Scope = Scope::later_protected(&[
    term("achievedLevel", OB).xsd("anyURI"),
    term("resultDescription", OB).xsd("anyURI"),
    text("status", OB),
    text("value", SCHEMA),
]);

const RESULT_DESCRIPTION: Scope = Scope::later_protected(&[
    text("allowedValue", OB).set().only(FIRST),
    text("allowedValue", OB).list().since(2),
    term("requiredLevel", OB).xsd("anyURI"),
    text("requiredValue", OB),
    text("resultType", OB),
    term("rubricCriterionLevel", OB).set(),
    text("valueMax", OB),
    text("valueMin", OB),
]);

const RUBRIC_CRITERION_LEVEL: Scope = Scope::later_protected(&[text("level", OB), text("points", OB)]);
