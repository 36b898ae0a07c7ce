//! An award as SD-JWT VC with six disclosures: issued, presented with a key
//! binding, and verified.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../../../tests/bench/measured.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod measured;

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use jose::{Algorithm, Challenge, Concealed, DC_SD_JWT, PrivateKey, VerifyingKey, Window};
use mimalloc::MiMalloc;

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const DISCLOSED: [&str; 6] = [
    "/credentialSubject/identifier",
    "/credentialSubject/creditsEarned",
    "/credentialSubject/result",
    "/credentialSubject/result/0",
    "/credentialSubject/activityEndDate",
    "/credentialSubject/activityStartDate",
];
const VCT: &str = "https://badges.example.org/vct/achievement";
const ASKED: Challenge<'_> = Challenge { nonce: "n-0S6_WzA2Mj", audience: "https://employer.example.org" };

fn measure(criterion: &mut Criterion) {
    let (key, holder): (PrivateKey, PrivateKey) =
        [(), ()].map(|()| PrivateKey::generate(Algorithm::Es256).unwrap()).into();
    let public = VerifyingKey::from_jwk(key.public_jwk()).unwrap();
    let badge = measured::badge("did:web:badges.example.org");
    let issue = || {
        let claims = jose::sd_jwt_claims(black_box(&badge), VCT, 1_772_355_600, Some(holder.public_jwk()));
        let mut salt = |_: &str| "sixteen-bytes-of-salt".to_owned();
        let concealed = Concealed::new(claims.unwrap(), &DISCLOSED, &mut salt).unwrap();
        let jws = jose::sign_compact(concealed.payload().as_bytes(), &key, "k", Some(DC_SD_JWT)).unwrap();
        concealed.with_signature(&jws)
    };
    let issued = issue();
    let now: DateTime<Utc> = DateTime::from_timestamp(1_772_355_600, 0).unwrap();
    let present = || {
        let shown = jose::present(black_box(&issued), &["/credentialSubject/identifier"]).unwrap();
        jose::bind(&shown, &ASKED, now, &holder).unwrap()
    };
    let presented = present();

    criterion.bench_function("sd_jwt issue", |bench| bench.iter(issue));
    criterion.bench_function("sd_jwt present", |bench| bench.iter(present));
    criterion.bench_function("sd_jwt verify", |bench| {
        bench.iter(|| {
            let read = jose::read_sd_jwt(black_box(&presented)).unwrap();
            read.verify(&public).unwrap();
            read.verify_holder(Some(&ASKED), Window::default(), now).unwrap();
            jose::credential_of_sd_jwt(&read).unwrap()
        });
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);
