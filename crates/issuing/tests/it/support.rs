//! What a stranger can check, and ways to break a database and mend it.

use chrono::TimeDelta;
use issuing::{AcceptError, Acceptance};
use model::{
    catalogue::{Accreditation, Catalogue, Programme},
    id::CredentialId,
    programme::Window,
};
use proof::did::{self, KeyMaterial};
use registry::Backend;
use serde_json::Value;
use testkit::{
    CompletionBuilder, TestDb, TestService,
    catalogue::{self, ACADEMY, CERTIFICATE, INTRODUCTION, TRUST, slug},
    completion,
};

/// No age: everything counts as left behind.
pub const AT_ONCE: TimeDelta = TimeDelta::zero();

/// Siân's completion of the sample module.
pub fn sian() -> CompletionBuilder {
    completion("Siân Example").email("sian@example.org")
}

/// The badge in the Data Integrity form, checked with the published key.
pub fn data_integrity(service: &TestService, id: CredentialId) -> Value {
    let record = service.db.credential(id).unwrap().unwrap();
    verified(service, &record.data_integrity)
}

/// A document whose proof holds with the key its issuer publishes.
pub fn verified(service: &TestService, text: &str) -> Value {
    let document = proof::json::parse(text.as_bytes(), &proof::json::Limits::default()).unwrap();
    let proof = &document["proof"][0];
    let method = proof["verificationMethod"].as_str().unwrap();
    let issuer = document.pointer("/issuer/id").unwrap_or(&document["issuer"]).as_str().unwrap();
    let published = published(service, issuer);
    let KeyMaterial::Multikey(key) = &published.asserting(method).unwrap().key else { panic!("{method}") };
    proof::suite::verify(&document, proof, key).unwrap();
    document
}

/// The payload of a VC-JWT whose signature holds with the key its issuer
/// publishes, and the credential in it.
pub fn verified_jwt(service: &TestService, token: &str) -> (Value, Value) {
    let read = jose::read_compact(token).unwrap();
    let kid = read.header.kid.clone().unwrap();
    let published = published(service, kid.split('#').next().unwrap());
    let KeyMaterial::Jwk(jwk) = &published.asserting(&kid).unwrap().key else { panic!("{kid}") };
    read.verify(jwk).unwrap();
    let payload: Value = serde_json::from_slice(&read.payload).unwrap();
    let credential = jose::credential_of(payload.clone()).unwrap();
    (payload, credential)
}

fn published(service: &TestService, did: &str) -> did::ControlledDocument {
    let issuer = did.strip_prefix("did:web:badges.example.org").unwrap();
    let issuer = issuer.strip_prefix(":issuers:").unwrap_or(ACADEMY);
    did::read(&service.controlled_document(&slug(issuer)).unwrap().unwrap()).unwrap()
}

/// Where the refusal points, and its codes.
pub fn faults(answer: Result<Acceptance, AcceptError>) -> Vec<(String, &'static str)> {
    match answer {
        Err(AcceptError::Invalid(faults)) => {
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
        }
        other => panic!("expected a refusal, found {other:?}"),
    }
}

pub fn count(db: &TestDb, table: &str) -> i64 {
    db.number(&format!("SELECT count(*) AS number FROM {table}"))
}

/// Makes inserts of some rows into a table fail; `when` is a condition on
/// `NEW`, `message` what the database says.
pub fn break_table(db: &TestDb, table: &str, when: &str, message: &str) {
    let sql = match db.backend() {
        Backend::Sqlite => format!(
            "CREATE TRIGGER broken BEFORE INSERT ON {table} WHEN {when} \
             BEGIN SELECT RAISE(ABORT, '{message}'); END"
        ),
        Backend::Postgres => format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION '{message}'; END $$; \
             CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW WHEN ({when}) \
             EXECUTE FUNCTION broken()"
        ),
    };
    db.sql(&sql).unwrap();
}

pub fn mend_table(db: &TestDb, table: &str) {
    let sql = match db.backend() {
        Backend::Sqlite => "DROP TRIGGER broken".to_owned(),
        Backend::Postgres => format!("DROP TRIGGER broken ON {table}; DROP FUNCTION broken()"),
    };
    db.sql(&sql).unwrap();
}

/// The sample catalogue with a further programme: `award` for `all_of`, each of
/// which the trust may award unless a programme does.
pub fn with_programme(mut catalogue: Catalogue, award: &str, all_of: &[&str]) -> Catalogue {
    let like = |model: &str, name: &str, catalogue: &Catalogue| {
        let mut achievement = catalogue.achievements[&slug(model)].clone();
        achievement.slug = slug(name);
        achievement.name = format!("Sample {}", name.replace('-', " "));
        achievement
    };
    for name in all_of {
        if catalogue.achievements.contains_key(&slug(name)) {
            continue;
        }
        let module = like(INTRODUCTION, name, &catalogue);
        catalogue.achievements.insert(slug(name), module);
        let model: Accreditation =
            catalogue.accreditations.iter().find(|one| one.provider == slug(TRUST)).unwrap().clone();
        catalogue.accreditations.push(Accreditation { achievement: slug(name), ..model });
    }
    let certificate = like(CERTIFICATE, award, &catalogue);
    catalogue.achievements.insert(slug(award), certificate);
    let needed = all_of.iter().map(|name| slug(name));
    let programme = Programme {
        window: Window { months: Some(36), ..Window::default() },
        ..Programme::plain(slug(&format!("{award}-programme")), slug(award), needed)
    };
    catalogue.programmes.insert(programme.slug.clone(), programme);
    catalogue
}

/// The sample catalogue.
pub fn sample() -> Catalogue {
    catalogue::sample()
}
