use proptest::prelude::*;

use super::*;

const PLAIN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a badge -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">
  <title>A badge &amp; more</title>
  <path fill="url(#g)" d="M0 0h8v8z"/>
</svg>
"#;

fn svg(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" viewBox="0 0 8 8">
{inside}
</svg>"#
    )
}

#[test]
fn a_jws_is_baked_as_the_standard_shows_it() {
    insta::assert_snapshot!(bake(PLAIN, Payload::Jws("eyJ.e30.c2ln")).unwrap());
}

#[test]
fn json_is_baked_in_a_cdata_section() {
    let baked = bake(PLAIN, Payload::Json(r#"{"name":"a ]]> b <c> & d"}"#)).unwrap();
    insta::assert_snapshot!(baked);
    let Some(Baked::Json(json)) = unbake(&baked).unwrap() else { panic!("{baked}") };
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["name"], "a ]]> b <c> & d");
    check_safe(&baked).unwrap();
    crate::render::png(&baked, 64).unwrap();
}

#[test]
fn baking_again_replaces_the_credential_wherever_it_stands() {
    let once = bake(PLAIN, Payload::Json("{}")).unwrap();
    let twice = bake(&once, Payload::Jws("a.b.c")).unwrap();
    assert_eq!(twice, bake(PLAIN, Payload::Jws("a.b.c")).unwrap());
    let elsewhere = svg("<g><openbadges:credential verify='d.e.f'/></g><g/>");
    let baked = bake(&elsewhere, Payload::Jws("a.b.c")).unwrap();
    assert_eq!(unbake(&baked), Ok(Some(Baked::Jws("a.b.c".to_owned()))));
    assert!(baked.contains("<g></g><g/>"), "{baked}");
}

#[test]
fn a_learner_record_is_baked_in_its_own_namespace_and_takes_the_place_of_a_badge() {
    let badge = bake(PLAIN, Payload::Jws("a.b.c")).unwrap();
    let record = bake_as(Standard::Clr, &badge, Payload::Json("{}")).unwrap();
    assert!(record.contains(r#" xmlns:clr="https://purl.imsglobal.org/clr/v2p0">"#), "{record}");
    assert!(record.contains("<clr:credential><![CDATA[{}]]></clr:credential>"), "{record}");
    assert_eq!(unbake(&record), Ok(Some(Baked::Json("{}".to_owned()))));
    check_safe(&record).unwrap();
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    let marked = format!("\u{feff}{}", svg("<openbadges:credential verify='d.e.f'/><g/>"));
    let baked = bake(&marked, Payload::Jws("a.b.c")).unwrap();
    assert!(baked.starts_with("\u{feff}<svg"), "{baked}");
    assert!(baked.contains("<g/>") && !baked.contains("d.e.f"), "{baked}");
    assert_eq!(unbake(&baked), Ok(Some(Baked::Jws("a.b.c".to_owned()))));
    assert!(matches!(unbake(&format!("\u{feff}{marked}")), Err(ArtworkError::NotSvg(_))));
}

#[test]
fn an_empty_root_is_opened() {
    let baked = bake(r#"<s:svg xmlns:s="http://www.w3.org/2000/svg"/>"#, Payload::Jws("a.b.c")).unwrap();
    assert!(baked.ends_with("></openbadges:credential></s:svg>"), "{baked}");
    assert_eq!(unbake(&baked), Ok(Some(Baked::Jws("a.b.c".to_owned()))));
}

#[test]
fn what_others_bake_is_read() {
    for (inside, expected) in [
        ("<openbadges:credential verify='a.b.c'/>", Baked::Jws("a.b.c".to_owned())),
        (
            "<openbadges:credential verify=''>\n<![CDATA[\n{\"a\":1}\n]]>\n</openbadges:credential>",
            Baked::Json("{\"a\":1}".to_owned()),
        ),
        (
            "<openbadges:credential>{&quot;a&quot;:&#34;&lt;&#x22;}</openbadges:credential>",
            Baked::Json("{\"a\":\"<\"}".to_owned()),
        ),
        (
            "<openbadges:credential><![CDATA[{\"a\":\"]]]]><![CDATA[>\"}]]></openbadges:credential>",
            Baked::Json("{\"a\":\"]]>\"}".to_owned()),
        ),
        (
            "<credential xmlns='https://purl.imsglobal.org/ob/v3p0'>a.b.c</credential>",
            Baked::Jws("a.b.c".to_owned()),
        ),
    ] {
        assert_eq!(unbake(&svg(inside)), Ok(Some(expected)), "{inside}");
    }
    assert_eq!(unbake(PLAIN), Ok(None));
    let other_namespace = "<credential verify='a.b.c'/>";
    assert_eq!(unbake(&svg(other_namespace)), Ok(None));
}

#[test]
fn what_cannot_be_read_is_told_apart() {
    let deep = format!("{}{}", "<g>".repeat(70), "</g>".repeat(70));
    let attributes: String =
        (0..200).flat_map(|n| [" a".to_owned(), n.to_string(), "=''".to_owned()]).collect();
    let bomb = "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>".to_owned()
        + &svg("<title>&b;</title>");
    let credential = |inside: &str| svg(&format!("<openbadges:credential{inside}</openbadges:credential>"));
    let told: Vec<String> = [
        ("two", svg("<openbadges:credential verify='a.b.c'/><g><openbadges:credential verify='a.b.c'/></g>")),
        ("empty", credential(">")),
        ("both forms", credential(" verify='a.b.c'>{}")),
        ("elements inside", credential("><g/>{}")),
        ("one in the other", credential("><openbadges:credential verify='a.b.c'/>")),
        ("legacy", svg("<a:assertion xmlns:a='http://openbadges.org' verify='a.b.c'/>")),
        ("entity bomb", bomb),
        ("unknown entity", svg("<title>&unknown;</title>")),
        ("not closed", svg("<g>")),
        ("wrongly closed", svg("<g></h>")),
        ("unknown prefix", svg("<x:g/>")),
        ("attribute twice", svg("<g a='1' a='2'/>")),
        ("deep", svg(&deep)),
        ("full", svg(&"<g/>".repeat(10_001))),
        ("wide", svg(&format!("<g{attributes}/>"))),
        ("HTML", "<html xmlns='http://www.w3.org/1999/xhtml'/>".to_owned()),
        ("no namespace", "<svg/>".to_owned()),
        ("two roots", format!("{}{}", svg(""), svg(""))),
        ("text behind", format!("{}text", svg(""))),
        ("broken off", svg("").replace("</svg>", "")),
        ("nothing", String::new()),
        ("binary", "\u{0}".to_owned()),
        ("large", "a".repeat(MOST_PICTURE + 1)),
    ]
    .iter()
    .map(|(name, text)| format!("{name}: {}", unbake(text).unwrap_err()))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_could_run_or_fetch_is_refused_and_named() {
    let told: Vec<String> = [
        "<script>alert(1)</script>",
        "<s:script xmlns:s='http://www.w3.org/2000/svg'/>",
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>",
        "<foreignObject/>",
        "<g onclick='alert(1)'/>",
        "<g>\n<path\n d='M0 0' ONLOAD='alert(1)'/></g>",
        "<a href='#x'/>",
        "<a xlink:href='javascript:alert(1)'/>",
        "<use href='other.svg#a'/>",
        "<use xlink:href='https://example.org/a.svg#a'/>",
        "<use href=' data:image/svg+xml,x'/>",
        "<image href='https://example.org/a.png'/>",
        "<image href='/a.png'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<feImage href='#a'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onclick' to='alert(1)'/>",
        "<path fill='url(https://example.org/#a)'/>",
        "<path fill='url( &quot;https://example.org/#a&quot; )'/>",
        "<path fill='url(#a) url(b)'/>",
        "<path style='fill: \\75rl(b)'/>",
        "<path style='background: IMAGE-SET(\"a.png\" 1x)'/>",
        "<style><![CDATA[ path { fill: url(a.svg#b) } ]]></style>",
        "<style>@im<!-- --><![CDATA[port]]> 'a.css';</style>",
        "<style>a { font-family: '/*'; fill: url(b) } /* '*/</style>",
        "<style>@font-face { src: local(a) }</style>",
        "<g xml:base='https://example.org/'/>",
        "<?xml-stylesheet href='a.css'?>",
        "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'/>",
        "<iframe src='https://example.org/'/>",
        "<video src='a'/>",
    ]
    .iter()
    .map(|inside| {
        let document = svg(inside);
        let fault = check_safe(&document).unwrap_err();
        assert_eq!(bake(&document, Payload::Jws("a.b.c")), Err(fault.clone()), "{inside}");
        format!("{inside}\n  {fault}")
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_only_draws_is_let_through() {
    for inside in [
        "<defs><linearGradient id='g'><stop stop-color='#005eb8'/></linearGradient></defs><path fill='url(#g)'/>",
        "<path style=\"fill: url('#g'); opacity: .5\"/>",
        "<style>.a { fill: url(#g) }</style>",
        "<use xlink:href='#a'/><use href='#a'/>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:li rdf:resource='x'/></rdf:RDF></metadata>",
        "<title>How to alert(1) with javascript: and onclick</title>",
        "<openbadges:credential verify='javascript:'/>",
        "<filter id='f'><feGaussianBlur stdDeviation='1'/></filter>",
    ] {
        check_safe(&svg(inside)).unwrap_or_else(|fault| panic!("{inside}: {fault}"));
    }
    assert!(check_safe(&svg(&"<use href='#a'/>".repeat(17))).is_err());
}

#[test]
fn what_no_svg_can_hold_is_not_baked() {
    for unfit in [
        Payload::Jws(""),
        Payload::Jws("a.b"),
        Payload::Jws("a.b.c.d"),
        Payload::Jws("a..c"),
        Payload::Jws("a.b.\"/>"),
        Payload::Json(""),
        Payload::Json("[]"),
        Payload::Json("{\"a\":\"\u{ffff}\"}"),
        Payload::Json("{\"a\":\"\u{1}\"}"),
    ] {
        assert!(matches!(bake(PLAIN, unfit), Err(ArtworkError::UnfitCredential(_))), "{unfit:?}");
    }
    let long = format!("{{{}", "a".repeat(MOST_CREDENTIAL));
    assert!(matches!(bake(PLAIN, Payload::Json(&long)), Err(ArtworkError::TooLarge { .. })));
    let taken = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"/>"#;
    assert!(matches!(bake(taken, Payload::Jws("a.b.c")), Err(ArtworkError::NotSvg(_))));
}

proptest! {
    #[test]
    fn what_is_baked_comes_out(name in any::<String>(), jws in "[A-Za-z0-9_-]{1,40}\\.[A-Za-z0-9_-]{1,90}\\.[A-Za-z0-9_-]{1,40}") {
        prop_assume!(!name.contains(['\u{fffe}', '\u{ffff}']));
        let value = serde_json::json!({ "name": name, "end": "]]>" });
        let baked = bake(PLAIN, Payload::Json(&value.to_string())).unwrap();
        let Some(Baked::Json(json)) = unbake(&baked).unwrap() else { panic!("{baked}") };
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
        let baked = bake(&baked, Payload::Jws(&jws)).unwrap();
        prop_assert_eq!(unbake(&baked), Ok(Some(Baked::Jws(jws))));
    }

    #[test]
    fn garbage_never_panics(text in any::<String>(), markup in "[<>/&;=\"'a-z:!\\[\\]?\\- ]{0,120}") {
        for svg in [text, svg(&markup), markup] {
            let _ = unbake(&svg);
            let _ = check_safe(&svg);
            let _ = bake(&svg, Payload::Jws("a.b.c"));
        }
    }
}
