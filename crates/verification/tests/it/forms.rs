//! What people hand in.

use artwork::svg::Payload;
use model::report::Verdict;
use serde_json::json;
use verification::{Submission, recognise};

use crate::support::*;

const PICTURE: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><rect width=\"8\" height=\"8\"/></svg>";

#[tokio::test]
async fn pictures_are_verified_by_what_is_baked_in() {
    let signed = issuer().sign(badge(&issuer().did())).to_string();
    let png = artwork::render::png(PICTURE, 16).unwrap();
    let baked_png = artwork::png::bake(&png, &signed).unwrap();
    let baked_svg = artwork::svg::bake(PICTURE, Payload::Json(&signed)).unwrap();
    for (form, bytes) in [("png", baked_png), ("svg", baked_svg.into_bytes()), ("json", signed.into_bytes())]
    {
        let report = verify_with(Web::default(), &recognise(&bytes, None)).await;
        assert_eq!((report.verdict, report.form.as_str()), (Verdict::Valid, form), "{report:#?}");
    }
    for (bytes, code) in [
        (png.clone(), "format-no-credential-in-picture"),
        (PICTURE.as_bytes().to_vec(), "format-no-credential-in-picture"),
        (png[..40].to_vec(), "format-bad-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>".to_vec(), "format-bad-picture"),
    ] {
        assert_code(&verify_with(Web::default(), &recognise(&bytes, None)).await, code, code);
    }
}

#[tokio::test]
async fn what_is_no_credential_is_told_apart() {
    let signed = issuer().sign(badge(&issuer().did())).to_string();
    let doubled = signed.replacen("\"name\":", "\"name\":\"Surgery\",\"name\":", 1);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(300_000));
    for (name, text, code) in [
        ("empty", String::new(), "format-not-json"),
        ("words", "hello".to_owned(), "format-not-json"),
        ("half", signed[..signed.len() / 2].to_owned(), "format-not-json"),
        ("a page", "<!DOCTYPE html><html></html>".to_owned(), "format-web-page"),
        ("duplicate member", doubled, "format-ambiguous-json"),
        ("huge number", "{\"a\":9007199254740993}".to_owned(), "format-ambiguous-json"),
        ("very deep", deep, "format-too-large"),
        ("deep", nested, "format-too-large"),
        ("long", long, "format-too-large"),
        ("other JSON", "{}".to_owned(), "format-not-credential"),
        ("an array", "[1]".to_owned(), "format-not-credential"),
        ("wrapped", json!({"verifiableCredential": {}}).to_string(), "format-not-credential"),
        ("a broken JWT", "eyJhbGciOiJFUzI1NiJ9.e30".to_owned(), "format-bad-jws"),
    ] {
        let report = verify_with(Web::default(), &recognise(text.as_bytes(), None)).await;
        assert_code(&report, code, name);
    }
    let report = verify_with(Web::default(), &Submission::Json(vec![0xff, 0xfe])).await;
    assert_code(&report, "format-not-json", "not UTF-8");
}

#[tokio::test]
async fn findings_do_not_repeat_control_characters() {
    let mut badge = badge(&issuer().did());
    badge["credentialStatus"] = json!({"id": LIST, "type": "a\u{202e}b\u{0}c"});
    let report = verify_json(Web::default(), &badge).await;
    assert!(
        report.checks.iter().all(|check| !check.finding.to_string().contains(['\u{202e}', '\u{0}'])),
        "{report:#?}"
    );
}

/// A PDF that carries these files, and a page's stream.
fn pdf(files: &[&str]) -> Submission {
    let mut pdf = b"%PDF-1.7\n4 0 obj\n<< /Length 3 >>\nstream\nq Q\nendstream\nendobj\n".to_vec();
    for (number, file) in files.iter().enumerate() {
        let head =
            format!("{} 0 obj\n<< /Type /EmbeddedFile /Length {} >>\nstream\n", number + 5, file.len());
        pdf.extend_from_slice(head.as_bytes());
        pdf.extend_from_slice(file.as_bytes());
        pdf.extend_from_slice(b"\nendstream\nendobj\n");
    }
    recognise(&pdf, Some("application/pdf"))
}

#[tokio::test]
async fn a_pdf_is_verified_by_the_one_credential_it_carries() {
    let signed = issuer().sign(badge(&issuer().did())).to_string();
    let invoice = r#"{"invoice": 7}"#;
    let report = verify_with(Web::default(), &pdf(&[invoice, &signed])).await;
    assert_eq!((report.verdict, report.form.as_str()), (Verdict::Valid, "pdf"), "{report:#?}");
    assert_eq!(
        check(&report, "format-read").finding.to_string(),
        "The PDF carries a credential with an embedded proof."
    );
    for (files, code) in [
        (vec![], "format-no-credential-in-pdf"),
        (vec![invoice], "format-no-credential-in-pdf"),
        (vec![signed.as_str(), signed.as_str()], "format-several-in-pdf"),
    ] {
        assert_code(&verify_with(Web::default(), &pdf(&files)).await, code, code);
    }
}
