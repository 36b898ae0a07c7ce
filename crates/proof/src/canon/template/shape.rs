//! What a document must be for a template.

use oxrdf::NamedNodeRef;
use serde_json::{Map, Number, Value};

use super::super::tables::Tables;

/// What stands at a place of a document.
#[derive(Debug)]
pub(super) enum Shape {
    /// This very value.
    Same(Value),
    /// A text of its own, of which the walk asks what [`Gap`] says.
    Gap(Gap),
    /// These members in this order.
    Object(Vec<(String, Shape)>),
    /// These items.
    Array(Vec<Shape>),
}

/// How the walk passes on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// As the lexical form of a literal: any text.
    Literal,
    /// As an IRI.
    Iri,
}

impl Shape {
    /// Whether `value` has this shape; its gaps, in the order of the document.
    pub(super) fn fits<'v>(&self, value: &'v Value, tables: &Tables, gaps: &mut Vec<&'v str>) -> bool {
        match (self, value) {
            (Self::Gap(gap), Value::String(text)) => {
                gaps.push(text);
                *gap == Gap::Literal || passes(text, tables)
            }
            (Self::Object(_), Value::Object(members)) => self.fits_members(members, None, tables, gaps),
            (Self::Array(shapes), Value::Array(items)) => {
                shapes.len() == items.len()
                    && shapes.iter().zip(items).all(|(shape, item)| shape.fits(item, tables, gaps))
            }
            (Self::Same(one), other) => same(one, other),
            _ => false,
        }
    }

    /// The same of the members of an object, one of which is left aside.
    pub(super) fn fits_members<'v>(
        &self,
        members: &'v Map<String, Value>,
        without: Option<&str>,
        tables: &Tables,
        gaps: &mut Vec<&'v str>,
    ) -> bool {
        let Self::Object(shapes) = self else { return false };
        let mut members = members.iter().filter(|(name, _)| without.is_none_or(|aside| aside != *name));
        for (name, shape) in shapes {
            match members.next() {
                Some((found, value)) if found == name && shape.fits(value, tables, gaps) => {}
                _ => return false,
            }
        }
        members.next().is_none()
    }
}

/// Whether the walk passes `text` on where it expects an IRI, whatever contexts
/// are active: it has a scheme that no context could take for a prefix, and is
/// no term, keyword or blank node.
fn passes(text: &str, tables: &Tables) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let plain = scheme != "_" && (rest.starts_with("//") || tables.name(scheme).is_none());
    plain && !text.starts_with('@') && tables.name(text).is_none() && NamedNodeRef::new(text).is_ok()
}

/// Whether two values are the same to every reader, the order of members
/// included.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one == other,
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Number(one), Value::Number(other)) => one == other && bits(one) == bits(other),
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

/// Tells zero from minus zero, which are equal.
fn bits(number: &Number) -> Option<u64> {
    number.as_f64().map(f64::to_bits)
}
