//! A credential as VC-JWT, issued and verified, beside the raw operations of
//! the libraries used, on the same bytes in the same run.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, not a library")]

#[path = "../../../tests/bench/measured.rs"]
#[expect(dead_code, reason = "another bench uses more of it")]
mod measured;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jose::{Algorithm, PrivateKey, VerifyingKey};
use mimalloc::MiMalloc;
use openssl::{bn::BigNum, ec, ecdsa::EcdsaSig, nid::Nid, sha};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    pkcs8::DecodePrivateKey as _,
};

/// As in the service.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const KID: &str = "did:web:badges.example.org#k";

fn measure(criterion: &mut Criterion) {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let public = VerifyingKey::from_jwk(key.public_jwk()).unwrap();
    let badge = measured::badge("did:web:badges.example.org");
    let issue = || jose::issue_credential(black_box(&badge), &key, KID).unwrap();
    let token = issue();

    let input = token.rsplit_once('.').unwrap().0.as_bytes();
    let signer = SigningKey::from_pkcs8_der(&key.to_pkcs8_der().unwrap()).unwrap();
    let sign = || -> Signature { signer.sign(black_box(input)) };
    let signature = sign().to_bytes();
    let [r, s] = [&signature[..32], &signature[32..]].map(|half| BigNum::from_slice(half).unwrap());
    let raw_signature = EcdsaSig::from_private_components(r, s).unwrap();
    let point = signer.verifying_key().to_sec1_point(false);
    let [x, y] = [point.x().unwrap(), point.y().unwrap()].map(|it| BigNum::from_slice(it).unwrap());
    let group = ec::EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let raw_key = ec::EcKey::from_public_key_affine_coordinates(&group, &x, &y).unwrap();

    criterion.bench_function("es256 issue", |bench| bench.iter(issue));
    criterion.bench_function("es256 raw sign", |bench| bench.iter(sign));
    criterion.bench_function("es256 verify", |bench| {
        bench.iter(|| jose::verify_credential(black_box(&token), &public).unwrap());
    });
    criterion.bench_function("es256 raw verify", |bench| {
        bench.iter(|| assert!(raw_signature.verify(&sha::sha256(black_box(input)), &raw_key).unwrap()));
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);
