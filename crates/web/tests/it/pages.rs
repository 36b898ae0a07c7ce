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
                // A picture beside the name it stands for says nothing more.
                "img" if tag.get("class") == Some("lan-earnable__picture") => {
                    assert_eq!(tag.get("alt"), Some(""), "{name}: {tag:?}");
                    assert!(tag.get("width").is_some() && tag.get("height").is_some(), "{name}: {tag:?}");
                }
                "img" => assert!(tag.get("alt").is_some_and(|alt| !alt.is_empty()), "{name}: {tag:?}"),
                "input" if tag.get("type") == Some("hidden") => {}
                "input" | "textarea" => assert!(labelled.contains(tag.get("id").unwrap()), "{name}: {tag:?}"),
                _ => {}
            }
        }
    });
}

#[test]
fn badges_reports_and_errors_stay_out_of_search_engines() {
    every_page(|name, _, page, _| {
        let private = [
            "badge",
            "connect",
            "host",
            "interaction",
            "offer",
            "report",
            "not-found",
            "gone",
            "internal",
            "unavailable",
            "too-many",
            "bad-request",
            "ended",
            "refused",
            "too-slow",
            "too-large",
            "elsewhere",
        ];
        let expected = private.iter().any(|prefix| name.starts_with(prefix));
        assert_eq!(page.contains("<meta name=\"robots\" content=\"noindex\">"), expected, "{name}");
    });
}

#[test]
fn what_went_wrong_is_said_in_the_readers_language() {
    let site = site();
    let pages: std::collections::BTreeMap<_, _> = pages(None).into_iter().collect();
    for (name, english, welsh) in [
        ("not-found", "Page not found", "Heb ddod o hyd"),
        ("gone", "was erased for good", "am byth"),
        ("ended", "Ask whoever gave it to you for a new one.", "un newydd."),
        ("refused", "You may not do that", "Ni chewch wneud hynny"),
        ("too-slow", "over a steadier connection", "dros gysylltiad mwy sefydlog"),
        ("too-large", "Send a smaller file", "Anfonwch ffeil lai"),
        ("bad-request", "Go back and try again.", "Ewch yn ôl"),
        ("too-many", "wait this many seconds and try again: 30<", "rhoi cynnig arall arni: 30<"),
        ("internal", "The fault is ours.", "Ein bai ni"),
        ("elsewhere", "Another service did not answer", "Ni atebodd gwasanaeth arall"),
        ("unavailable", "Try again in a few minutes.", "ymhen ychydig funudau"),
    ] {
        let page = |target| pages[name](&Chrome::new(&site, target, false)).replace("&#39;", "'");
        let (in_english, in_welsh) = (page("/x?lang=en"), page("/x?lang=cy"));
        assert!(in_english.contains(english) && !in_english.contains(welsh), "{name}: {in_english}");
        assert!(in_welsh.contains(welsh) && !in_welsh.contains(english), "{name}: {in_welsh}");
        // What is in English for whoever helps is marked as such.
        let detail = "<bdi lang=\"en\">No such system is registered here.</bdi>";
        assert_eq!(in_welsh.contains("No such system"), in_welsh.contains(detail), "{name}");
    }
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
        assert_eq!(
            known,
            ["report-valid", "report-of-person", "report-below-level"].contains(&name),
            "{name}"
        );
        let warns = render(&chrome).contains("is not an organisation of this service");
        let is_named_as_ours = ["report-forged", "report-open-below-level"].contains(&name);
        assert_eq!(warns, !known && !is_named_as_ours, "{name}");
    }
}

#[test]
fn a_good_badge_that_is_not_enough_is_not_called_bad() {
    let site = site();
    let pages: std::collections::BTreeMap<_, _> = pages(None).into_iter().collect();
    let page = |name: &str, language: &str| {
        pages[name](&Chrome::new(&site, &format!("/verify?lang={language}"), false))
    };
    let (english, welsh) = (page("report-below-level", "en"), page("report-below-level", "cy"));
    assert!(english.contains(">Genuine and valid, but not enough for the level you chose</h1>"), "{english}");
    assert!(welsh.contains("heb fod yn ddigon ar gyfer y lefel a ddewisoch</h1>"), "{welsh}");
    assert!(
        english.contains("lan-verdict--undetermined") && !english.contains("It is not proved"),
        "{english}"
    );
    // What could not be checked may be anything.
    let open = page("report-open-below-level", "en");
    assert!(open.contains(">Do not rely on this badge</h1>") && open.contains("It is not proved"), "{open}");
}

#[test]
fn each_badge_of_a_presentation_has_its_own_checks() {
    let site = site();
    let chrome = Chrome::new(&site, "/verify", false);
    let pages: std::collections::BTreeMap<_, _> = pages(None).into_iter().collect();
    let page = pages["report-presentation"](&chrome);
    assert!(page.contains("<h2>Badge 1</h2>") && page.contains("<h2>Badge 2</h2>"));
    let (first, second) = page.split_once("<h2>Badge 2</h2>").unwrap();
    let advice = "Ask the holder for the badge as it was issued.";
    assert!(second.contains(advice) && !first.contains(advice), "{page}");
    assert!(page.contains("id=\"check-1001\"") && page.contains("id=\"check-2001\""));
}

#[test]
fn what_is_zero_not_https_or_not_asked_is_not_shown() {
    let site = site();
    let chrome = Chrome::new(&site, "/badges/1", false);
    let pages: std::collections::BTreeMap<_, _> = pages(None).into_iter().collect();
    let page = |name| pages[name](&chrome);
    assert!(page("badge").contains("CPD credit") && !page("badge-of-programme").contains("CPD credit"));
    let badge = page("badge");
    assert!(
        badge.contains(
            "href=\"https://learning.example.org/portfolio/1\" rel=\"nofollow noopener noreferrer\""
        )
    );
    assert!(badge.contains("http://learning.example.org/plain") && !badge.contains("href=\"http://learning"));
    assert!(page("badge-expired").contains("Expired on 3 November 2029"));
    let report = page("report-valid");
    assert!(report.contains("Not asked") && !report.contains("Not checked"), "{report}");
    assert!(report.contains("<code>eddsa-rdfc-2022</code>"));
    let asked = report.rfind("Is it the expected person").unwrap();
    assert!(asked > report.rfind("Is it in force today?").unwrap(), "what was not asked stands last");
}

#[test]
fn what_can_be_earned_stands_under_headings_by_kind() {
    let site = site();
    let (_, home) = pages(None).into_iter().find(|(name, _)| *name == "home").unwrap();
    let page = home(&Chrome::new(&site, "/", false));
    let order = [
        "Programmes and certificates",
        "Foundation Certificate",
        "Made up of 5 modules and 1 optional part<",
        "Senior leadership diploma",
        "Modules<",
        "User centred design",
        "Prior learning",
        "Topol Fellowship",
    ];
    let places: Vec<_> = order.iter().map(|text| page.find(text).expect(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
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
