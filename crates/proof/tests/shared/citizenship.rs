//! What the vectors of `ecdsa-sd-2023` use of the citizenship vocabulary.

use proof::canon::Processor;
use proof::vocab::{self, Base, Coercion, NEVER, Scope, Scoped, Term, Vocabulary};

const CITIZENSHIP: Base = Base::full("https://w3id.org/citizenship#");
const SCHEMA: Base = Base::full("https://schema.org/");
const DATE: Coercion = Coercion::Typed(Base::full("http://www.w3.org/2001/XMLSchema#"), "dateTime");

static VOCABULARY: Vocabulary = Vocabulary {
    url: "https://w3id.org/citizenship/v4rc1",
    edition: 0,
    scope: &Scope {
        protected_from: NEVER,
        aliased_from: NEVER,
        versioned: false,
        vocab: None,
        terms: &[
            term("EmployablePerson", CITIZENSHIP, None),
            term("EmploymentAuthorizationDocument", CITIZENSHIP, None),
            term("EmploymentAuthorizationDocumentCredential", CITIZENSHIP, None),
            term("PermanentResident", CITIZENSHIP, None),
            term("PermanentResidentCard", CITIZENSHIP, None),
            term("PermanentResidentCardCredential", CITIZENSHIP, None),
            term("Person", SCHEMA, None),
            term("additionalName", SCHEMA, None),
            term("birthCountry", CITIZENSHIP, None),
            term("birthDate", SCHEMA, Some(DATE)),
            term("commuterClassification", CITIZENSHIP, None),
            term("employmentAuthorizationDocument", CITIZENSHIP, Some(Coercion::Link)),
            term("familyName", SCHEMA, None),
            term("gender", SCHEMA, None),
            term("givenName", SCHEMA, None),
            term("identifier", SCHEMA, None),
            term("image", SCHEMA, Some(Coercion::Link)),
            term("lprCategory", CITIZENSHIP, None),
            term("lprNumber", CITIZENSHIP, None),
            term("permanentResidentCard", CITIZENSHIP, Some(Coercion::Link)),
            term("residentSince", CITIZENSHIP, Some(DATE)),
        ],
    },
};

const fn term(name: &'static str, base: Base, coercion: Option<Coercion>) -> Term {
    Term {
        name,
        base,
        local: name,
        short: false,
        coercion,
        container: None,
        scoped: Scoped::No,
        credentials: false,
        editions: (0, NEVER),
    }
}

pub(crate) fn processor() -> Processor {
    Processor::with(&[vocab::ALL, &[&VOCABULARY]].concat())
}
