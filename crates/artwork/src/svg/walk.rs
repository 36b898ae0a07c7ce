//! One careful walk through an SVG document: bounded in size, depth and number
//! of elements, without a document type, namespaces resolved.

use std::ops::Range;

use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
};

use crate::{ArtworkError, MOST_PICTURE, error::check_size};

pub(super) const SVG: &str = "http://www.w3.org/2000/svg";
pub(super) const XLINK: &str = "http://www.w3.org/1999/xlink";

const MOST_DEPTH: usize = 64;
const MOST_ELEMENTS: usize = 10_000;
const MOST_ATTRIBUTES: usize = 128;

/// What the walk comes by.
pub(super) enum Step {
    Open(Element),
    /// The end of the innermost open element. `end` is the byte after its tag.
    Close {
        end: usize,
    },
    /// Text, references resolved, or the body of a CDATA section.
    Text(String),
    /// A processing instruction.
    Instruction,
}

pub(super) struct Element {
    pub namespace: String,
    pub name: String,
    pub attributes: Vec<Attribute>,
    /// Where its start tag stands in the document.
    pub tag: Range<usize>,
    /// Written `<name/>`; its [`Step::Close`] follows all the same.
    pub empty: bool,
    /// 0 for the root.
    pub depth: usize,
}

pub(super) struct Attribute {
    /// `""` for an attribute without a prefix.
    pub namespace: String,
    /// With its prefix, as it is written.
    pub written: String,
    /// Without its prefix.
    pub name: String,
    pub value: String,
}

impl Element {
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    pub fn attribute(&self, written: &str) -> Option<&str> {
        self.attributes.iter().find(|it| it.written == written).map(|it| it.value.as_str())
    }
}

/// Walks through `svg`, whose root must be an SVG's, and shows every step.
pub(super) fn walk(
    svg: &str,
    mut show: impl FnMut(Step) -> Result<(), ArtworkError>,
) -> Result<(), ArtworkError> {
    check_size("the picture", svg.len(), MOST_PICTURE)?;
    // The reader passes over a byte order mark without counting it; a second
    // one is text, which may not stand there.
    let text = svg.strip_prefix('\u{feff}').unwrap_or(svg);
    let mark = svg.len() - text.len();
    if text.starts_with('\u{feff}') {
        return Err(text_outside());
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut elements) = (0, 0);
    loop {
        let before = mark + position(&reader);
        let event = reader.read_event().map_err(|error| not_svg(&error))?;
        let tag = before..mark + position(&reader);
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let empty = matches!(event, Event::Empty(_));
                elements += 1;
                if elements > MOST_ELEMENTS {
                    return Err(ArtworkError::TooComplex { what: "too many elements", most: MOST_ELEMENTS });
                }
                if depth >= MOST_DEPTH {
                    return Err(ArtworkError::TooComplex { what: "elements too deep", most: MOST_DEPTH });
                }
                let end = tag.end;
                let element = element(&reader, start, tag, empty, depth)?;
                if depth == 0 && (elements > 1 || !element.is(SVG, "svg")) {
                    return Err(ArtworkError::NotSvg(format!(
                        "it must be one `svg` element of the namespace {SVG}"
                    )));
                }
                show(Step::Open(element))?;
                if empty {
                    show(Step::Close { end })?;
                } else {
                    depth += 1;
                }
            }
            Event::End(_) => {
                depth -= 1;
                show(Step::Close { end: tag.end })?;
            }
            Event::Text(text) if depth == 0 => {
                if !text.trim().is_empty() {
                    return Err(text_outside());
                }
            }
            Event::Text(text) => show(Step::Text(text.into_inner().into_owned()))?,
            Event::CData(text) => show(Step::Text(text.into_inner().into_owned()))?,
            Event::GeneralRef(reference) => show(Step::Text(resolved(&reference)?))?,
            Event::PI(_) => show(Step::Instruction)?,
            Event::DocType(_) => return Err(ArtworkError::DocumentType),
            Event::Comment(_) | Event::Decl(_) => {}
            Event::Eof if depth > 0 => return Err(ArtworkError::NotSvg("it breaks off".to_owned())),
            Event::Eof if elements == 0 => {
                return Err(ArtworkError::NotSvg("there is no element".to_owned()));
            }
            Event::Eof => return Ok(()),
        }
    }
}

/// The line on which byte `place` stands, counted from 1.
pub(super) fn line(svg: &str, place: usize) -> usize {
    svg.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

fn element(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    tag: Range<usize>,
    empty: bool,
    depth: usize,
) -> Result<Element, ArtworkError> {
    let resolver = reader.resolver();
    let (bound, name) = resolver.resolve_element(start.name());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        if attributes.len() == MOST_ATTRIBUTES {
            return Err(ArtworkError::TooComplex { what: "too many attributes", most: MOST_ATTRIBUTES });
        }
        let attribute = attribute.map_err(|error| ArtworkError::NotSvg(error.to_string()))?;
        let (bound, name) = resolver.resolve_attribute(attribute.key);
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        attributes.push(Attribute {
            namespace: namespace(bound)?,
            written: attribute.key.0.to_owned(),
            name: name.as_ref().to_owned(),
            value: value.map_err(|error| not_svg(&error))?.into_owned(),
        });
    }
    Ok(Element {
        namespace: namespace(bound)?,
        name: name.as_ref().to_owned(),
        attributes,
        tag,
        empty,
        depth,
    })
}

fn namespace(bound: ResolveResult<'_>) -> Result<String, ArtworkError> {
    match bound {
        ResolveResult::Bound(namespace) => Ok(namespace.0.to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(prefix) => {
            Err(ArtworkError::NotSvg(format!("the prefix `{prefix}` has no namespace")))
        }
    }
}

/// One of the five entities of XML itself, or a character by its number.
fn resolved(reference: &BytesRef<'_>) -> Result<String, ArtworkError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| not_svg(&error))? {
        return Ok(character.to_string());
    }
    match &**reference {
        "lt" => Ok("<".to_owned()),
        "gt" => Ok(">".to_owned()),
        "amp" => Ok("&".to_owned()),
        "apos" => Ok("'".to_owned()),
        "quot" => Ok("\"".to_owned()),
        _ => Err(ArtworkError::DocumentType),
    }
}

fn text_outside() -> ArtworkError {
    ArtworkError::NotSvg("there is text outside the `svg` element".to_owned())
}

fn not_svg(error: &quick_xml::Error) -> ArtworkError {
    ArtworkError::NotSvg(error.to_string())
}

fn position(reader: &NsReader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
