//! Comprehensive Learner Record 2.0 (1EdTech).

use super::{CLR, CRED, CRED_SHORT, OB, OBI_SHORT, Scope, Vocabulary, XSD_UNDEFINED, prefix, term};

/// The context of a `ClrCredential`, to stand before the Open Badges context.
pub const V2P0_1: Vocabulary = Vocabulary {
    url: "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    edition: 0,
    scope: &Scope::open(&[
        term("ClrCredential", CLR)
            .scope(&Scope::open(&[term("partial", CLR).typed(XSD_UNDEFINED, "boolean")])),
        term("ClrSubject", CLR).scope(&Scope::open(&[
            prefix("cred", CRED),
            prefix("obi", OB),
            term("achievement", CLR).typed(OBI_SHORT, "Achievement").set(),
            term("association", CLR).typed(CLR, "Association").set(),
            term("verifiableCredential", CLR).typed(CRED_SHORT, "verifiableCredential").set().credentials(),
            term("identifier", CLR).named("identifier-1").typed(OBI_SHORT, "Identifier").set(),
        ])),
        term("Association", CLR).scope(
            &Scope::open(&[
                term("associationType", CLR).named("AssociationType"),
                term("sourceId", CLR).typed(XSD_UNDEFINED, "anyURI"),
                term("targetId", CLR).typed(XSD_UNDEFINED, "anyURI"),
            ])
            .without_aliases(),
        ),
    ]),
};
