//! The vocabulary of credentials, as tables: one definition from which the
//! context documents are generated ([`context`](crate::context)) and against
//! which documents are checked ([`canon::safe`](crate::canon)).
//!
//! A [`Vocabulary`] is a JSON-LD context (JSON-LD 1.1 section 3.1); a
//! [`Scope`] its terms, or those of a type-scoped or property-scoped context;
//! a [`Term`] one definition. What the three published editions of the Open
//! Badges context do differently is said per term.

pub mod clr;
pub mod credentials;
pub mod openbadges;
pub mod security;

/// Every vocabulary whose context may stand in a document.
pub const ALL: &[&Vocabulary] = &[
    &credentials::V2,
    &credentials::V1,
    &security::DATA_INTEGRITY_V2,
    &security::ED25519_2020_V1,
    &openbadges::V3P0_3,
    &openbadges::V3P0_2,
    &openbadges::V3P0_1,
    &openbadges::EXTENSIONS,
    &clr::V2P0_1,
];

/// A published context document.
#[derive(Debug)]
pub struct Vocabulary {
    /// The URL that names it in `@context`.
    pub url: &'static str,
    /// Which edition of its terms it publishes (only Open Badges has several).
    pub edition: u8,
    /// Its terms.
    pub scope: &'static Scope,
}

/// The terms of a context, or of the scoped context of a term.
#[derive(Debug)]
pub struct Scope {
    /// The first edition in which `@protected` is true; [`NEVER`] if it is not.
    pub protected_from: u8,
    /// The first edition that defines `id` and `type`; [`NEVER`] if it does not.
    pub aliased_from: u8,
    /// Whether the context says `"@version": 1.1`.
    pub versioned: bool,
    /// `@vocab`: where terms without a definition belong.
    pub vocab: Option<&'static str>,
    /// The definitions, of all editions.
    pub terms: &'static [Term],
}

/// Beyond every edition.
pub const NEVER: u8 = u8::MAX;

/// The start of an IRI: as a context document writes it, and in full.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    /// As written: a prefix such as `cred:`, or the full IRI.
    pub written: &'static str,
    /// In full.
    pub iri: &'static str,
}

impl Base {
    /// An IRI that is written in full.
    pub const fn full(iri: &'static str) -> Self {
        Self { written: iri, iri }
    }

    /// An IRI that is written with a prefix which the context defines.
    pub const fn prefixed(written: &'static str, iri: &'static str) -> Self {
        Self { written, iri }
    }
}

// Where the terms of the tables belong.
pub(crate) const OB: Base = Base::full("https://purl.imsglobal.org/spec/vc/ob/vocab.html#");
pub(crate) const CLR: Base = Base::full("https://purl.imsglobal.org/spec/vc/clr/vocab.html#");
pub(crate) const SCHEMA: Base = Base::full("https://schema.org/");
pub(crate) const CRED: Base = Base::full("https://www.w3.org/2018/credentials#");
pub(crate) const SEC: Base = Base::full("https://w3id.org/security#");
pub(crate) const STATUS: Base = Base::full("https://www.w3.org/ns/credentials/status#");
pub(crate) const JWT: Base = Base::full("https://www.iana.org/assignments/jwt#");
pub(crate) const JOSE: Base = Base::full("https://www.iana.org/assignments/jose#");
pub(crate) const DC: Base = Base::full("http://purl.org/dc/terms/");
pub(crate) const XSD: Base = Base::full("http://www.w3.org/2001/XMLSchema#");
/// What 1EdTech writes for XML Schema: with `https`, which is another IRI.
pub(crate) const XSDS: Base = Base::full("https://www.w3.org/2001/XMLSchema#");
/// `xsd:` where no context defines that prefix: the IRI stays as written.
pub(crate) const XSD_UNDEFINED: Base = Base::full("xsd:");
/// `xsd:` as the first edition of the Open Badges context defines it.
pub(crate) const XSDS_SHORT: Base = Base::prefixed("xsd:", XSDS.iri);
pub(crate) const XSD_SHORT: Base = Base::prefixed("xsd:", XSD.iri);
pub(crate) const CRED_SHORT: Base = Base::prefixed("cred:", CRED.iri);
pub(crate) const SEC_SHORT: Base = Base::prefixed("sec:", SEC.iri);
/// `sec:` where no context defines that prefix.
pub(crate) const SEC_UNDEFINED: Base = Base::full("sec:");
pub(crate) const OBI_SHORT: Base = Base::prefixed("obi:", OB.iri);

/// What a term makes of a plain JSON value (JSON-LD 1.1 section 4.2.3).
#[derive(Debug, Clone, Copy)]
pub enum Coercion {
    /// `@id`: a string is an IRI.
    Link,
    /// `@vocab`: a string is a term or an IRI.
    Choice,
    /// `@json`: the value is one JSON literal.
    Json,
    /// A datatype.
    Typed(Base, &'static str),
    /// An XML Schema datatype of Open Badges: with a prefix in the first
    /// edition, in full later.
    Xsd(&'static str),
    /// `xsd:string` in the first edition of Open Badges, nothing later.
    Text,
}

/// `@container` (JSON-LD 1.1 section 4.3, 4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Unordered; always an array in compacted form.
    Set,
    /// Ordered.
    List,
    /// Each value is a graph of its own.
    Graph,
}

/// The scoped context of a term.
#[derive(Debug, Clone, Copy)]
pub enum Scoped {
    /// None.
    No,
    /// `null`: values start from an empty context.
    Null,
    /// Further terms.
    Terms(&'static Scope),
}

/// A term definition.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// The term.
    pub name: &'static str,
    /// Start of its IRI.
    pub base: Base,
    /// Rest of its IRI.
    pub local: &'static str,
    /// Written as a plain string, not as an object with `@id`.
    pub short: bool,
    /// How plain values are read.
    pub coercion: Option<Coercion>,
    /// How several values are held together.
    pub container: Option<Container>,
    /// The context inside its values (of a property) or nodes (of a type).
    pub scoped: Scoped,
    /// Whether whole credentials, each with its own `@context`, are values.
    pub credentials: bool,
    /// First and last edition with this definition.
    pub editions: (u8, u8),
}

pub(crate) const fn term(name: &'static str, base: Base) -> Term {
    Term {
        name,
        base,
        local: name,
        short: false,
        coercion: None,
        container: None,
        scoped: Scoped::No,
        credentials: false,
        editions: (0, NEVER),
    }
}

pub(crate) const fn text(name: &'static str, base: Base) -> Term {
    term(name, base).coerced(Coercion::Text)
}

pub(crate) const fn prefix(name: &'static str, base: Base) -> Term {
    term(name, base).named("").short()
}

impl Term {
    pub(crate) const fn named(mut self, local: &'static str) -> Self {
        self.local = local;
        self
    }

    pub(crate) const fn short(mut self) -> Self {
        self.short = true;
        self
    }

    const fn coerced(mut self, coercion: Coercion) -> Self {
        self.coercion = Some(coercion);
        self
    }

    pub(crate) const fn link(self) -> Self {
        self.coerced(Coercion::Link)
    }

    pub(crate) const fn choice(self) -> Self {
        self.coerced(Coercion::Choice)
    }

    pub(crate) const fn json(self) -> Self {
        self.coerced(Coercion::Json)
    }

    pub(crate) const fn typed(self, base: Base, local: &'static str) -> Self {
        self.coerced(Coercion::Typed(base, local))
    }

    pub(crate) const fn xsd(self, local: &'static str) -> Self {
        self.coerced(Coercion::Xsd(local))
    }

    const fn held(mut self, container: Container) -> Self {
        self.container = Some(container);
        self
    }

    pub(crate) const fn set(self) -> Self {
        self.held(Container::Set)
    }

    pub(crate) const fn list(self) -> Self {
        self.held(Container::List)
    }

    pub(crate) const fn graph(self) -> Self {
        self.held(Container::Graph)
    }

    pub(crate) const fn scope(mut self, scope: &'static Scope) -> Self {
        self.scoped = Scoped::Terms(scope);
        self
    }

    pub(crate) const fn null_scope(mut self) -> Self {
        self.scoped = Scoped::Null;
        self
    }

    pub(crate) const fn credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    pub(crate) const fn since(mut self, edition: u8) -> Self {
        self.editions.0 = edition;
        self
    }

    pub(crate) const fn until(mut self, edition: u8) -> Self {
        self.editions.1 = edition;
        self
    }

    pub(crate) const fn only(self, edition: u8) -> Self {
        self.since(edition).until(edition)
    }

    /// Whether the definition stands in `edition`.
    pub const fn stands_in(&self, edition: u8) -> bool {
        self.editions.0 <= edition && edition <= self.editions.1
    }

    /// The term's IRI in full.
    pub fn iri(&self) -> String {
        [self.base.iri, self.local].concat()
    }

    /// Whether the term may be the prefix of a compact IRI: a simple
    /// definition whose IRI ends in a delimiter (JSON-LD 1.1 section 4.4).
    pub fn is_prefix(&self) -> bool {
        let iri = if self.local.is_empty() { self.base.iri } else { self.local };
        self.short && iri.ends_with([':', '/', '?', '#', '[', ']', '@'])
    }

    /// The start of the datatype that values are coerced to in `edition`.
    pub(crate) fn datatype_base(&self, edition: u8) -> Option<Base> {
        match self.coercion? {
            Coercion::Typed(base, _) => Some(base),
            Coercion::Xsd(_) => Some(openbadges::xsd(edition)),
            Coercion::Text => (edition == openbadges::FIRST).then_some(XSDS_SHORT),
            Coercion::Link | Coercion::Choice | Coercion::Json => None,
        }
    }

    /// What values are coerced to in `edition`, as a context document writes it.
    pub(crate) fn written_type(&self, edition: u8) -> Option<String> {
        match self.coercion? {
            Coercion::Link => Some("@id".into()),
            Coercion::Choice => Some("@vocab".into()),
            Coercion::Json => Some("@json".into()),
            Coercion::Typed(base, local) => Some([base.written, local].concat()),
            Coercion::Xsd(local) => Some([openbadges::xsd(edition).written, local].concat()),
            Coercion::Text => (edition == openbadges::FIRST).then(|| [XSDS_SHORT.written, "string"].concat()),
        }
    }

    /// What values are coerced to in `edition`: a keyword or a datatype IRI in full.
    pub fn expanded_type(&self, edition: u8) -> Option<String> {
        match self.coercion? {
            Coercion::Typed(base, local) => Some([base.iri, local].concat()),
            Coercion::Xsd(local) => Some([XSDS.iri, local].concat()),
            Coercion::Text => (edition == openbadges::FIRST).then(|| [XSDS.iri, "string"].concat()),
            Coercion::Link | Coercion::Choice | Coercion::Json => self.written_type(edition),
        }
    }
}

impl Scope {
    pub(crate) const fn open(terms: &'static [Term]) -> Self {
        Self { protected_from: NEVER, aliased_from: 0, versioned: false, vocab: None, terms }
    }

    pub(crate) const fn protected(terms: &'static [Term]) -> Self {
        Self { protected_from: 0, ..Self::open(terms) }
    }

    /// Protected, with `id` and `type`, from the second edition on.
    pub(crate) const fn later_protected(terms: &'static [Term]) -> Self {
        Self { protected_from: 2, aliased_from: 2, ..Self::open(terms) }
    }

    pub(crate) const fn without_aliases(mut self) -> Self {
        self.aliased_from = NEVER;
        self
    }

    pub(crate) const fn aliased(mut self) -> Self {
        self.aliased_from = 0;
        self
    }

    pub(crate) const fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// Whether its terms cannot be redefined (JSON-LD 1.1 section 4.1.11).
    pub const fn is_protected(&self, edition: u8) -> bool {
        self.protected_from <= edition
    }

    /// Whether it defines `id` and `type`.
    pub const fn has_aliases(&self, edition: u8) -> bool {
        self.aliased_from <= edition
    }

    /// Its terms in `edition`.
    pub fn terms(&self, edition: u8) -> impl Iterator<Item = &'static Term> + use<> {
        self.terms.iter().filter(move |term| term.stands_in(edition))
    }
}
