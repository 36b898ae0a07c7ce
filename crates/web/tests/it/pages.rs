use std::collections::BTreeSet;

use web::{Chrome, Lang};

use crate::{
    html::{Tag, tags},
    samples::{NASTY, pages, site},
};

/// Every page in both languages with ordinary, nasty and very long content.
fn every_page(mut look: impl FnMut(&str, Lang, &str, &[Tag])) {
    let site = site();
    let long = "Llanfairpwllgwyngyll".repeat(10);
    for (kind, words) in [("ordinary", None), ("nasty", Some(NASTY)), ("long", Some(long.as_str()))] {
        for (name, render) in pages(words) {
            for target in ["/somewhere?lang=en", "/somewhere?lang=cy"] {
                let chrome = Chrome::new(&site, target, true);
                let page = render(&chrome);
                look(&format!("{name}, {kind}, {target}"), chrome.lang(), &page, &tags(&page));
            }
        }
    }
}

#[test]
fn nothing_can_run_and_nothing_comes_from_elsewhere() {
    every_page(|name, _, page, tags| {
        for tag in tags {
            assert!(
                !["script", "style", "iframe", "object", "embed", "base"].contains(&tag.name.as_str()),
                "{name}"
            );
            for (key, value) in &tag.attributes {
                assert!(!key.starts_with("on") && key != "style", "{name}: {tag:?}");
                let loads = key == "src" || (tag.name == "link" && key == "href") || key == "action";
                assert!(!loads || (value.starts_with('/') && !value.starts_with("//")), "{name}: {tag:?}");
                let leads = key == "href" || key == "src";
                assert!(!leads || !value.trim_start().starts_with("javascript"), "{name}: {tag:?}");
            }
        }
        assert!(!page.contains("<script") && !page.contains("style="), "{name}");
    });
}

#[test]
fn every_page_has_its_landmarks_one_title_and_headings_in_order() {
    every_page(|name, lang, page, tags| {
        let count = |wanted: &str| tags.iter().filter(|tag| tag.name == wanted).count();
        for landmark in ["header", "main", "footer", "h1", "title"] {
            assert_eq!(count(landmark), 1, "{landmark} in {name}");
        }
        assert_eq!(tags[0].get("lang"), Some(lang.tag()), "{name}");
        let first = tags.iter().find(|tag| tag.name == "a").unwrap();
        assert_eq!(first.get("href"), Some("#maincontent"), "{name}: the skip link comes first");
        assert!(page.contains("id=\"maincontent\""), "{name}");
        let main = tags.iter().position(|tag| tag.name == "main").unwrap();
        let level = |tag: &Tag| tag.name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok());
        let levels: Vec<_> = tags[main..].iter().filter_map(level).collect();
        let skipped = levels.windows(2).any(|pair| pair[1] > pair[0] + 1);
        assert!(!skipped, "{name}: {levels:?}");
    });
}

#[test]
fn everything_that_is_pointed_at_is_there_once() {
    every_page(|name, _, _, tags| {
        let ids: Vec<_> = tags.iter().filter_map(|tag| tag.get("id")).collect();
        let distinct: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len(), "{name}: {ids:?}");
        for tag in tags {
            let fragment = tag.get("href").and_then(|href| href.strip_prefix('#'));
            let described =
                ["for", "aria-describedby", "aria-labelledby"].iter().filter_map(|key| tag.get(key));
            for id in fragment.into_iter().chain(described.flat_map(str::split_whitespace)) {
                assert!(distinct.contains(id), "{name}: {tag:?} points at {id}, which is not there");
            }
        }
    });
}

#[test]
fn every_picture_is_described_and_every_control_is_labelled() {
    every_page(|name, _, _, tags| {
        let labelled: BTreeSet<_> =
            tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.get("for")).collect();
        for tag in tags {
            match tag.name.as_str() {
                "img" => assert!(tag.get("alt").is_some_and(|alt| !alt.is_empty()), "{name}: {tag:?}"),
                "input" | "textarea" => assert!(labelled.contains(tag.get("id").unwrap()), "{name}: {tag:?}"),
                _ => {}
            }
        }
    });
}

#[test]
fn badges_reports_and_errors_stay_out_of_search_engines() {
    every_page(|name, _, page, _| {
        let private =
            ["badge", "report", "not-found", "gone", "internal", "unavailable", "too-many", "bad-request"];
        let expected = private.iter().any(|prefix| name.starts_with(prefix));
        assert_eq!(page.contains("<meta name=\"robots\" content=\"noindex\">"), expected, "{name}");
    });
}

#[test]
fn previews_show_an_absolute_png() {
    every_page(|name, _, _, tags| {
        let property = |wanted| {
            tags.iter().find(|tag| tag.get("property") == Some(wanted)).and_then(|tag| tag.get("content"))
        };
        let image = property("og:image").unwrap();
        assert!(
            image.starts_with("https://badges.example.org/") && image.strip_suffix(".png").is_some(),
            "{name}: {image}"
        );
        assert!(property("og:title").is_some_and(|title| !title.is_empty()), "{name}");
        assert!(property("og:description").is_some_and(|text| !text.is_empty()), "{name}");
    });
}

#[test]
fn names_of_people_cannot_turn_the_text_around_them() {
    let site = site();
    let chrome = Chrome::new(&site, "/badges/1", false);
    for (name, render) in pages(Some("\u{202e}Mallory Example")) {
        if name.starts_with("badge") || name.starts_with("report") {
            assert!(render(&chrome).contains("<bdi>\u{202e}Mallory Example</bdi>"), "{name}");
        }
    }
}

#[test]
fn a_stranger_is_never_shown_as_one_of_our_issuers() {
    let site = site();
    let chrome = Chrome::new(&site, "/verify", false);
    for (name, render) in pages(None).into_iter().filter(|(name, _)| name.starts_with("report")) {
        let known = render(&chrome).contains("href=\"/issuers/");
        assert_eq!(known, name == "report-valid", "{name}");
        assert_eq!(render(&chrome).contains("is not an organisation of this service"), !known, "{name}");
    }
}

#[test]
fn classes_of_the_templates_are_in_the_style_sheet() {
    let site = site();
    let page = pages(None)[0].1(&Chrome::new(&site, "/", false));
    let css = tags(&page).iter().find(|tag| tag.get("rel") == Some("stylesheet")).unwrap().clone();
    let tail = css.get("href").unwrap().strip_prefix("/assets/").unwrap();
    let css = String::from_utf8(web::assets::get(tail).unwrap().bytes.to_vec()).unwrap();
    // Names that mark a component or a purpose but carry no rule of their own.
    let bare = ["nhsuk-header__service", "nhsuk-file-upload", "lan-verdict--valid"];
    every_page(|name, _, _, tags| {
        for class in tags.iter().filter_map(|tag| tag.get("class")).flat_map(str::split_whitespace) {
            assert!(
                css.contains(&format!(".{class}")) || bare.contains(&class),
                "{name}: no rule for {class}"
            );
        }
    });
}

#[test]
fn pages_as_they_are() {
    let site = site();
    for (name, render) in pages(None) {
        if ["badge-revoked", "report-invalid", "verify-not-url", "not-found"].contains(&name) {
            for lang in ["en", "cy"] {
                let page = render(&Chrome::new(&site, &format!("/here?lang={lang}"), false));
                let main = page.find("<main").unwrap()..page.find("</main>").unwrap();
                insta::assert_snapshot!(format!("{name}_{lang}"), &page[main]);
            }
        }
    }
}
