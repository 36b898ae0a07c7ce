//! Catalogue and documentation texts in Markdown, as HTML that can do nothing:
//! raw HTML is shown as text, pictures become their description, and only web
//! and mail links are links.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// HTML of `text`, whose topmost headings are `<h3>`: the pages put it below
/// an `<h2>`.
pub(crate) fn to_html(text: &str) -> String {
    let mut link_depth = Vec::new();
    let events = Parser::new_ext(text, Options::empty()).filter_map(|event| harmless(event, &mut link_depth));
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    out
}

/// `links` remembers, for every link that is open, whether it was kept.
fn harmless<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level: below(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let kept = leads_somewhere_safe(&dest_url);
            links.push(kept);
            let title = CowStr::Borrowed("");
            kept.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link)),
        other => Some(other),
    }
}

fn leads_somewhere_safe(url: &str) -> bool {
    let own_path = url.starts_with('/') && !url.starts_with("//");
    own_path || url.starts_with('#') || ["https://", "http://", "mailto:"].iter().any(|s| url.starts_with(s))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_links_are_kept() {
        assert_eq!(
            to_html("# One\n\nTwo *three* [four](https://example.org/?a=1&b=2)\n\n- five\n- six"),
            "<h3>One</h3>\n<p>Two <em>three</em> <a href=\"https://example.org/?a=1&amp;b=2\">four</a></p>\n\
             <ul>\n<li>five</li>\n<li>six</li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_in_a_text_becomes_markup_of_its_own() {
        let nasty = "<script>alert(1)</script>\n\nx <img src=x onerror=alert(1)> <b style=\"color:red\">y</b>\n\n\
                     [go](javascript:alert(1)) ![pic](https://evil.example/x.png) <javascript:alert(1)> \
                     [out](//evil.example) [q](https://a.example/\"onclick=\"x)";
        let html = to_html(nasty);
        for forbidden in ["<script", "<img", "<b ", "href=\"javascript", "href=\"//", "\"onclick"] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
        assert!(html.contains("&lt;script&gt;"));
        assert!(html.contains("pic"));
    }

    #[test]
    fn a_link_that_is_dropped_keeps_its_words() {
        assert_eq!(to_html("[go [x](y)](data:text/html,z)"), "<p>[go x](data:text/html,z)</p>\n");
    }
}
