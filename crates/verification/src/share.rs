//! Pages that show a badge, and where they say that the badge itself stands.

use crate::Fetched;
use crate::recognise::looks_like_page;

/// What a credential may be offered as.
const TYPES: [&str; 8] = [
    "application/vc+ld+json",
    "application/vc",
    "application/vc+jwt",
    "application/dc+sd-jwt",
    "application/ld+json",
    "application/json",
    "image/png",
    "image/svg+xml",
];
/// Bytes of a page that are searched.
const SEARCHED: usize = 65_536;

/// Where the badge stands that the page at `url` shows: an alternate of the page in a form of
/// a badge, by the `Link` header (RFC 8288) or a `link` element. `None` if the answer is no
/// page, or says nothing.
pub(crate) fn badge_of(url: &str, answer: &Fetched) -> Option<String> {
    let text = std::str::from_utf8(&answer.body).ok()?;
    if !looks_like_page(text) {
        return None;
    }
    let stated = answer.link.as_deref().and_then(in_header).or_else(|| in_page(text))?;
    let goal = url::Url::parse(url).ok()?.join(&stated).ok()?;
    (goal.as_str() != url).then(|| goal.to_string())
}

fn in_header(link: &str) -> Option<String> {
    link.split('<').skip(1).find_map(|link| {
        let (goal, parameters) = link.split_once('>')?;
        let parameter = |name: &str| {
            let mut all = parameters.split([';', ',']).filter_map(|one| one.trim().split_once('='));
            all.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().trim_matches('"'))
        };
        is_badge(parameter("rel"), parameter("type")).then(|| goal.trim().to_owned())
    })
}

fn in_page(page: &str) -> Option<String> {
    let end = page.char_indices().map(|(at, _)| at).take_while(|at| *at < SEARCHED).last().unwrap_or(0);
    let head = page.get(..end)?;
    head.split("<link").skip(1).find_map(|rest| {
        let (tag, _) = rest.split_once('>')?;
        let found = is_badge(attribute(tag, "rel"), attribute(tag, "type"));
        found.then(|| attribute(tag, "href").map(|href| href.replace("&amp;", "&")))?
    })
}

fn is_badge(relation: Option<&str>, media_type: Option<&str>) -> bool {
    let is_alternate =
        relation.is_some_and(|all| all.split_whitespace().any(|one| one.eq_ignore_ascii_case("alternate")));
    let essence = media_type.and_then(|it| it.split(';').next()).unwrap_or_default().trim();
    is_alternate && TYPES.iter().any(|known| known.eq_ignore_ascii_case(essence))
}

/// A quoted attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let is_it = before.split_whitespace().next_back().is_some_and(|key| key.eq_ignore_ascii_case(name));
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| ['"', '\''].contains(c))?;
        let (value, next) = after.get(1..)?.split_once(quote)?;
        if is_it {
            return Some(value);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(link: Option<&str>, page: &str) -> Option<String> {
        let mut answer = Fetched::new(200, None, page.to_owned());
        answer.link = link.map(str::to_owned);
        badge_of("https://a.example.org/share/1", &answer)
    }

    #[test]
    fn a_page_says_where_its_badge_stands() {
        let page = |head: &str| format!("<!DOCTYPE html><html><head>{head}</head></html>");
        for (link, head, expected) in [
            (
                None,
                "<link rel=\"alternate\" type=\"application/vc+ld+json\" href=\"/b/1?x=1&amp;y=2\">",
                Some("https://a.example.org/b/1?x=1&y=2"),
            ),
            (
                None,
                "<link href='b.json' rel='shortcut alternate' type='application/json; charset=utf-8'>",
                Some("https://a.example.org/share/b.json"),
            ),
            (
                Some("</b/2>; rel=\"alternate\"; type=\"application/vc\""),
                "",
                Some("https://a.example.org/b/2"),
            ),
            (
                Some("</style>; rel=preload, <https://b.example.org/3>; type=image/png; rel=alternate"),
                "",
                Some("https://b.example.org/3"),
            ),
            (None, "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed\">", None),
            (None, "<link rel=\"stylesheet\" type=\"application/json\" href=\"/b\">", None),
            (None, "<link rel=\"alternate\" type=\"application/json\">", None),
            (None, "<link rel=\"alternate\" type=\"application/json\" href=\"/share/1\">", None),
            (None, "", None),
        ] {
            assert_eq!(found(link, &page(head)).as_deref(), expected, "{link:?} {head}");
        }
        assert_eq!(found(Some("</b/2>; rel=alternate; type=\"application/vc\""), "{}"), None, "no page");
    }

    proptest::proptest! {
        #[test]
        fn anything_is_searched_without_harm(page: String, link: String) {
            let _ = found(Some(&link), &format!("<html>{page}"));
        }
    }
}
