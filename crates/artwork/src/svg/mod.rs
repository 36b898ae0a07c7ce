//! Baking SVG pictures (Open Badges 3.0, 5.3; CLR 2.0 in the same way): the credential
//! is one element `credential` in the standard's namespace, a compact JWS in its `verify`
//! attribute or JSON in a CDATA section.

use std::ops::Range;

pub(crate) use safe::check_drawable;
pub use safe::check_safe;

use crate::{ArtworkError, MOST_CREDENTIAL, MOST_PICTURE, Standard, error::check_size};
use walk::{Element, Step, walk};

mod safe;
mod walk;

/// The local name of the element.
const CREDENTIAL: &str = "credential";

/// The namespace of Open Badges 2.0.
const LEGACY: &str = "http://openbadges.org";

/// What to bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// A credential as JSON text, with its embedded proof.
    Json(&'a str),
    /// A credential as a compact JWS.
    Jws(&'a str),
}

/// What was baked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baked {
    /// A credential as JSON text.
    Json(String),
    /// A credential as a compact JWS.
    Jws(String),
}

/// [`bake_as`] an Open Badge.
pub fn bake(svg: &str, payload: Payload<'_>) -> Result<String, ArtworkError> {
    bake_as(Standard::OpenBadges, svg, payload)
}

/// Puts a credential into an SVG that [`check_safe`] lets through, as `standard` has it. A credential
/// that is there already is replaced; all else stays as it is.
///
/// JSON goes in as it is, except that `]]>`, which would end its CDATA section,
/// becomes `]]\u003e`: within a JSON string the same, and outside one it cannot be.
pub fn bake_as(standard: Standard, svg: &str, payload: Payload<'_>) -> Result<String, ArtworkError> {
    check_safe(svg)?;
    let (prefix, namespace) = (standard.prefix(), standard.namespace());
    let element = element_of(prefix, payload)?;
    let found = find(svg)?;
    let Found { root, credentials, .. } = found;

    let mut baked = String::with_capacity(svg.len() + element.len() + 64);
    let declaration = match root.declared.iter().find(|(declared, _)| *declared == prefix) {
        None => format!(r#" xmlns:{prefix}="{namespace}""#),
        Some((_, other)) if other == namespace => String::new(),
        Some((_, other)) => {
            return Err(ArtworkError::NotSvg(format!(
                "its prefix `{prefix}` stands for `{other}` already; it must be free or `{namespace}`"
            )));
        }
    };
    let piece = |range: Range<usize>| svg.get(range).unwrap_or_default();
    let tag = piece(root.tag.clone());
    let inside = tag.strip_suffix("/>").or_else(|| tag.strip_suffix('>')).unwrap_or(tag);
    baked.push_str(piece(0..root.tag.start));
    baked.push_str(inside);
    baked.push_str(&declaration);
    baked.push('>');
    baked.push_str(&element);
    if root.empty {
        let name =
            inside.trim_start_matches('<').split(|c: char| c.is_ascii_whitespace()).next().unwrap_or("svg");
        baked.extend(["</", name, ">"]);
    }
    let mut from = root.tag.end;
    for old in &credentials {
        baked.push_str(piece(from..old.span.start));
        from = old.span.end;
    }
    baked.push_str(piece(from..svg.len()));
    check_size("the picture", baked.len(), MOST_PICTURE)?;
    Ok(baked)
}

/// Takes the credential out of an SVG; `None` if it holds none. The document may
/// hold anything else that is well formed, except a document type: it is read
/// and never shown.
pub fn unbake(svg: &str) -> Result<Option<Baked>, ArtworkError> {
    let Found { mut credentials, legacy, .. } = find(svg)?;
    match (credentials.pop(), credentials.is_empty()) {
        (Some(_), false) => Err(ArtworkError::TwoCredentials),
        (Some(credential), true) => credential.read().map(Some),
        (None, _) if legacy => Err(ArtworkError::Legacy("2")),
        (None, _) => Ok(None),
    }
}

fn element_of(prefix: &str, payload: Payload<'_>) -> Result<String, ArtworkError> {
    let unfit = |why| Err(ArtworkError::UnfitCredential(why));
    match payload {
        Payload::Jws(jws) => {
            check_size("the credential", jws.len(), MOST_CREDENTIAL)?;
            let letters =
                |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            if jws.split('.').count() != 3 || !jws.split('.').all(|part| !part.is_empty() && letters(part)) {
                return unfit("it is not a compact JWS: three base64url parts joined by full stops");
            }
            Ok(format!(r#"<{prefix}:{CREDENTIAL} verify="{jws}"></{prefix}:{CREDENTIAL}>"#))
        }
        Payload::Json(json) => {
            check_size("the credential", json.len(), MOST_CREDENTIAL)?;
            if !json.trim_start().starts_with('{') {
                return unfit("it is not a JSON object");
            }
            // XML 1.0, 2.2: these cannot stand in a document, not even in CDATA.
            if json.chars().any(
                |c| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}'),
            ) {
                return unfit("it has a character that XML cannot hold; write it as a JSON escape");
            }
            let json = json.replace("]]>", r"]]\u003e");
            Ok(format!("<{prefix}:{CREDENTIAL}><![CDATA[{json}]]></{prefix}:{CREDENTIAL}>"))
        }
    }
}

struct Found {
    root: Root,
    credentials: Vec<Credential>,
    /// Whether there is an assertion of Open Badges 2.0.
    legacy: bool,
}

#[derive(Default)]
struct Root {
    tag: Range<usize>,
    empty: bool,
    /// What the prefixes of the standards stand for, those that are declared.
    declared: Vec<(&'static str, String)>,
}

struct Credential {
    /// From its start tag to its end tag, both included.
    span: Range<usize>,
    depth: usize,
    verify: Option<String>,
    body: String,
    has_elements: bool,
}

impl Credential {
    fn read(self) -> Result<Baked, ArtworkError> {
        let unreadable = |why: &str| Err(ArtworkError::UnreadableCredential(why.to_owned()));
        let verify = self.verify.filter(|jws| !jws.trim().is_empty());
        let body = self.body.trim();
        check_size("the credential", body.len(), MOST_CREDENTIAL)?;
        match verify {
            _ if self.has_elements => unreadable("there are elements inside it"),
            Some(_) if !body.is_empty() => {
                unreadable("it has a `verify` attribute and a body; there is no telling which is meant")
            }
            Some(jws) => {
                check_size("the credential", jws.len(), MOST_CREDENTIAL)?;
                Ok(Baked::Jws(jws.trim().to_owned()))
            }
            None if body.is_empty() => unreadable("it is empty"),
            None if body.starts_with('{') => Ok(Baked::Json(body.to_owned())),
            None => Ok(Baked::Jws(body.to_owned())),
        }
    }
}

fn find(svg: &str) -> Result<Found, ArtworkError> {
    let mut found = Found { root: Root::default(), credentials: Vec::new(), legacy: false };
    let mut depth: usize = 0;
    // Whether the last credential is still open.
    let mut inside = false;
    walk(svg, |step| {
        match step {
            Step::Open(element) => {
                depth = element.depth + 1;
                if element.depth == 0 {
                    found.root =
                        Root { declared: declared(&element), tag: element.tag, empty: element.empty };
                } else if inside {
                    found.credentials.iter_mut().for_each(|open| open.has_elements |= open.depth < depth);
                } else if is_credential(&element) {
                    found.credentials.push(Credential::of(&element));
                    inside = true;
                } else {
                    found.legacy |= element.is(LEGACY, "assertion");
                }
            }
            Step::Text(text) if inside => {
                if let Some(open) = found.credentials.last_mut() {
                    open.body.push_str(&text);
                }
            }
            Step::Close { end } => {
                depth = depth.saturating_sub(1);
                if inside
                    && let Some(open) = found.credentials.last_mut()
                    && open.depth == depth
                {
                    open.span.end = end;
                    inside = false;
                }
            }
            Step::Text(_) | Step::Instruction => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// Whether the element holds a credential by one of the standards.
fn is_credential(element: &Element) -> bool {
    Standard::ALL.into_iter().any(|standard| element.is(standard.namespace(), CREDENTIAL))
}

fn declared(root: &Element) -> Vec<(&'static str, String)> {
    let declared = |standard: Standard| {
        let namespace = root.attribute(&format!("xmlns:{}", standard.prefix()))?;
        Some((standard.prefix(), namespace.to_owned()))
    };
    Standard::ALL.into_iter().filter_map(declared).collect()
}

impl Credential {
    fn of(element: &Element) -> Self {
        Self {
            span: element.tag.clone(),
            depth: element.depth,
            verify: element.attribute("verify").map(ToOwned::to_owned),
            body: String::new(),
            has_elements: false,
        }
    }
}

#[cfg(test)]
mod tests;
