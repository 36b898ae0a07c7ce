//! Documents on paper: tagged PDF (PDF/UA-1, ISO 14289-1) of headings, paragraphs and
//! tables, with fonts embedded, so that a screen reader reads what an eye sees and text
//! can be searched and copied.
//!
//! It knows nothing of what it prints.

mod block;
mod font;
mod layout;
mod write;

pub use block::{Block, Column, Document};
pub use write::{PrintError, pdf};
