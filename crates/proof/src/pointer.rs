//! Where we are in a document, kept on the stack and written only for errors.

use std::fmt;

/// A JSON pointer (RFC 6901) under construction.
#[derive(Clone, Copy)]
pub(crate) enum Pointer<'a> {
    Root,
    Member(&'a Pointer<'a>, &'a str),
    Item(&'a Pointer<'a>, usize),
}

impl Pointer<'_> {
    fn write(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => {
                parent.write(out)?;
                write!(out, "/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(parent, index) => {
                parent.write(out)?;
                write!(out, "/{index}")
            }
        }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self, Self::Root) { out.write_str("/") } else { self.write(out) }
    }
}
