//! Whether an SVG can be shown to anybody: only what draws is let through.

use super::{
    is_credential,
    walk::{Attribute, Element, SVG, Step, XLINK, line, walk},
};
use crate::{ArtworkError, Standard};

/// What draws, and cannot run, fetch, lead away or change itself with time.
const DRAWS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// Namespaces of notes that drawing programs leave behind, and that do nothing.
const INERT: &[&str] = &[
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/elements/1.1/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.inkscape.org/namespaces/inkscape",
];

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// So few that a chain of them, each showing the last several times, stays
/// small: 16 in all multiply to 324 at the most.
const MOST_USES: usize = 16;

/// Refuses an SVG that could run code, fetch anything, lead elsewhere or grow
/// when it is drawn: only elements that draw are let through, references only
/// within the document (or to a PNG or JPEG written out in it), no event
/// handlers, no processing instructions, no document type.
///
/// What is let through is safe as a file of its own (`image/svg+xml`, in an
/// `img`); put into the source of an HTML page, it would be read by other rules.
pub fn check_safe(svg: &str) -> Result<(), ArtworkError> {
    check(svg, |_| Ok(()))
}

/// [`check_safe`], and nothing that would be left out of a drawing.
pub(crate) fn check_drawable(svg: &str) -> Result<(), ArtworkError> {
    check(svg, |element| match (element.namespace.as_str(), element.name.as_str()) {
        (SVG, "text") => Err(ArtworkError::Undrawable(
            "it has a `text`, and there is no font to set it in; draw letters as paths".to_owned(),
        )),
        (SVG, "image") => Err(ArtworkError::Undrawable("it has an `image`; draw it as paths".to_owned())),
        _ => Ok(()),
    })
}

fn check(svg: &str, also: impl Fn(&Element) -> Result<(), ArtworkError>) -> Result<(), ArtworkError> {
    let refuse = |place, what| Err(ArtworkError::Unsafe { line: line(svg, place), what });
    // Where each open element begins and, for a style sheet, all its text: a
    // word could be put together from several pieces.
    let mut open: Vec<(usize, Option<String>)> = Vec::new();
    let mut uses = 0;
    walk(svg, |step| {
        match step {
            Step::Open(element) => {
                if let Some(what) = element_fault(&element) {
                    return refuse(element.tag.start, what);
                }
                uses += usize::from(element.is(SVG, "use"));
                if uses > MOST_USES {
                    return Err(ArtworkError::TooComplex {
                        what: "too many `use` elements",
                        most: MOST_USES,
                    });
                }
                also(&element)?;
                open.push((element.tag.start, element.is(SVG, "style").then(String::new)));
            }
            Step::Close { .. } => {
                if let Some((place, Some(style))) = open.pop()
                    && let Some(what) = style_fault(&style)
                {
                    return refuse(place, what);
                }
            }
            Step::Text(text) => {
                if let Some((_, Some(style))) = open.last_mut() {
                    style.push_str(&text);
                }
            }
            Step::Instruction => {
                let place = open.last().map_or(0, |(place, _)| *place);
                return refuse(place, "a processing instruction".to_owned());
            }
        }
        Ok(())
    })
}

fn element_fault(element: &Element) -> Option<String> {
    let name = element.name.as_str();
    if element.namespace == SVG {
        if !DRAWS.contains(&name) {
            return Some(format!("the element `{name}` is not one that only draws"));
        }
    } else if !is_inert(&element.namespace) {
        return Some(format!("the element `{name}` of the namespace `{}`", element.namespace));
    }
    // The credential itself is a text, whatever it says.
    let is_credential = is_credential(element);
    let mut attributes = element.attributes.iter().filter(|it| !(is_credential && it.written == "verify"));
    attributes.find_map(|attribute| attribute_fault(name, attribute))
}

fn is_inert(namespace: &str) -> bool {
    INERT.contains(&namespace) || Standard::ALL.iter().any(|standard| standard.namespace() == namespace)
}

fn attribute_fault(element: &str, attribute: &Attribute) -> Option<String> {
    let Attribute { namespace, written, name, value } = attribute;
    if written == "xmlns" || written.starts_with("xmlns:") {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("on") {
        return Some(format!("the event handler `{written}`"));
    }
    if namespace == XML && lower == "base" {
        return Some("an `xml:base`, which moves references elsewhere".to_owned());
    }
    let refers = lower == "src" || (lower == "href" && (namespace.is_empty() || namespace == XLINK));
    if refers {
        let within = value.trim().starts_with('#');
        let picture = element == "image"
            && ["data:image/png;base64,", "data:image/jpeg;base64,"]
                .iter()
                .any(|it| value.trim().starts_with(it));
        return (!within && !picture).then(|| format!("the reference `{written}` leads out of the document"));
    }
    style_fault(value)
}

/// What a style sheet or an attribute must not say, whatever its blanks and the
/// size of its letters. Comments count like the rest: what is one depends on
/// quotes, and a style sheet of a badge needs none. An escape, which could hide
/// any of this, is a fault itself.
fn style_fault(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let plain = plain.to_ascii_lowercase();
    let mut urls =
        plain.match_indices("url(").map(|(at, url)| plain.get(at + url.len()..).unwrap_or_default());
    if urls.any(|target| !target.trim_start_matches(['"', '\'']).starts_with('#')) {
        return Some("a `url(…)` that leads out of the document".to_owned());
    }
    if let Some(word) = NEVER_SAID.iter().find(|word| plain.contains(*word)) {
        return Some(format!("`{word}`"));
    }
    plain.contains('\\').then(|| "a backslash, which can hide a reference".to_owned())
}

const NEVER_SAID: &[&str] =
    &["@import", "@font-face", "@namespace", "javascript:", "vbscript:", "expression(", "image-set(", "src("];
