//! A strict little reader of the HTML we write: enough to know that every tag
//! is closed by its own name and that no text has become markup.

/// A start tag with its attributes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// The start tags of a page. Panics where the page is not well formed.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("begins with its doctype");
    let (mut tags, mut open): (Vec<Tag>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "a bare > in {text:?}");
        rest = &rest[at + 1..];
        if let Some(closing) = rest.strip_prefix('/') {
            let end = closing.find('>').unwrap();
            assert_eq!(open.pop().as_deref(), Some(&closing[..end]), "closed out of order");
            rest = &closing[end + 1..];
        } else {
            let (tag, after) = start_tag(rest);
            if !VOID.contains(&tag.name.as_str()) {
                open.push(tag.name.clone());
            }
            tags.push(tag);
            rest = after;
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    tags
}

fn start_tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
    let (name, mut rest) = text.split_at(end);
    assert!(!name.is_empty(), "a bare < before {text:.40?}");
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name: name.into(), attributes }, after);
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-:".contains(c))).unwrap();
        assert!(end > 0, "in <{name}>: not an attribute: {rest:.40?}");
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let value = if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap();
            let value = &quoted[..end];
            rest = &quoted[end + 1..];
            assert!(!value.contains('<'), "in <{name} {key}>: {value}");
            value.to_owned()
        } else {
            String::new()
        };
        assert!(!attributes.iter().any(|(k, _)| *k == key), "<{name}> has {key} twice");
        attributes.push((key, value));
    }
}
