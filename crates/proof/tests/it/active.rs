//! Which terms may stand on a node, by the tables alone: enough to make
//! documents that say something, without the code that reads them.

use proof::vocab::{Scope, Scoped, Term, Vocabulary};

/// A term in one edition of its context.
#[derive(Clone, Copy)]
pub struct Placed {
    pub term: &'static Term,
    pub edition: u8,
}

impl Placed {
    /// Names the definition in a list of what was covered.
    pub fn key(&self) -> String {
        let Term { name, coercion, container, .. } = self.term;
        format!("{name} <{}> {coercion:?} {container:?} in edition {}", self.term.iri(), self.edition)
    }

    /// Whether it names classes of nodes rather than properties.
    pub fn is_class(&self) -> bool {
        self.term.name.starts_with(|first: char| first.is_ascii_uppercase() || first == '1')
    }

    pub fn scope(&self) -> Option<&'static Scope> {
        match self.term.scoped {
            Scoped::Terms(scope) => Some(scope),
            Scoped::No | Scoped::Null => None,
        }
    }
}

/// The contexts in force on a node.
#[derive(Clone, Default)]
pub struct Active {
    layers: Vec<(&'static Scope, u8)>,
    /// How many of them reach into the nodes below.
    reaching: usize,
}

impl Active {
    pub fn of(contexts: &[&'static Vocabulary]) -> Self {
        let mut active = Self::default();
        for context in contexts {
            active.push(context.scope, context.edition);
        }
        active
    }

    /// With a context that nodes below see too.
    pub fn push(&mut self, scope: &'static Scope, edition: u8) {
        self.layers.push((scope, edition));
        self.reaching = self.layers.len();
    }

    /// With the context of a type, which nodes below do not see.
    pub fn enter_type(&mut self, class: Placed) {
        if let Some(scope) = class.scope() {
            self.layers.push((scope, class.edition));
        }
    }

    /// What the value of a property starts from.
    pub fn below(&self, property: Placed) -> Self {
        if matches!(property.term.scoped, Scoped::Null) {
            return Self::default();
        }
        let mut active = self.clone();
        active.layers.truncate(self.reaching);
        if let Some(scope) = property.scope() {
            active.push(scope, property.edition);
        }
        active
    }

    /// The definitions in force, each name once.
    pub fn terms(&self) -> Vec<Placed> {
        let mut found: Vec<Placed> = Vec::new();
        for (scope, edition) in self.layers.iter().rev() {
            for term in scope.terms(*edition) {
                if found.iter().all(|known| known.term.name != term.name) {
                    found.push(Placed { term, edition: *edition });
                }
            }
        }
        found
    }

    pub fn aliased(&self) -> bool {
        self.layers.iter().any(|(scope, edition)| scope.has_aliases(*edition))
    }
}

/// Every definition of `contexts`, those of scoped contexts included.
pub fn definitions(contexts: &[&'static Vocabulary]) -> Vec<Placed> {
    fn walk(scope: &'static Scope, edition: u8, found: &mut Vec<Placed>) {
        for term in scope.terms(edition) {
            let placed = Placed { term, edition };
            found.push(placed);
            if let Some(inner) = placed.scope() {
                walk(inner, edition, found);
            }
        }
    }
    let mut found = Vec::new();
    for context in contexts {
        walk(context.scope, context.edition, &mut found);
    }
    found
}
