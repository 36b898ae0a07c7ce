//! Pictures of QR codes.

use model::report::Verdict;
use verification::{Expectation, recognise};

use crate::support::*;

const ADDRESS: &str = "https://badges.example.org/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10";

fn picture(text: &str) -> Vec<u8> {
    artwork::render::png(&artwork::qr::svg(text, "A code").unwrap(), 1024).unwrap()
}

async fn report(picture: &[u8], web: Web) -> model::report::Report {
    verifier(web).verify(&recognise(picture, None), &Expectation::default()).await
}

#[tokio::test]
async fn what_a_code_leads_to_is_checked() {
    let signed = issuer().sign(badge(&issuer().did())).to_string();
    let web = || Web::default().answering(ADDRESS, Ok(answer(200, "application/json", signed.as_str())));
    let photo = include_bytes!("../../../../fuzz/seeds/qr/photo.jpg");
    for picture in [picture(ADDRESS), photo.to_vec()] {
        let report = report(&picture, web()).await;
        assert_eq!((report.form.as_str(), report.verdict), ("qr", Verdict::Valid), "{report:#?}");
        assert_complete(&report);
    }
    let changed = signed.replacen("2026", "2025", 1);
    let web = Web::default().answering(ADDRESS, Ok(answer(200, "application/json", changed.as_str())));
    assert_eq!(report(photo, web).await.verdict, Verdict::Invalid);
}

#[tokio::test]
async fn a_code_without_a_badge_says_what_is_wrong() {
    let nothing = report(&picture("Bore da"), Web::default()).await;
    check(&nothing, "format-not-json");
    let absent = Web::default().answering(ADDRESS, Ok(answer(404, "text/html", "")));
    check(&report(&picture(ADDRESS), absent).await, "format-not-fetched");
    check(&report(&picture("http://169.254.169.254/latest"), Web::default()).await, "format-not-fetched");
    // A code that leads to a picture of a code leads no further.
    let around = picture(ADDRESS);
    let web = Web::default().answering(ADDRESS, Ok(picture_answer(&around)));
    check(&report(&around, web).await, "format-no-credential-in-picture");
    let plain = artwork::render::png("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 64).unwrap();
    check(&report(&plain, Web::default()).await, "format-no-credential-in-picture");
    check(&report(b"\xff\xd8\xff\xe0 rubbish", Web::default()).await, "format-bad-picture");
}

fn picture_answer(picture: &[u8]) -> verification::Fetched {
    verification::Fetched::new(200, Some("image/png".to_owned()), picture.to_vec())
}
