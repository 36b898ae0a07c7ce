use std::{fs, os::unix::fs::PermissionsExt};

use model::{chance::SystemEntropy, clock::FixedClock};
use tempfile::TempDir;

use super::*;
use crate::PublicMaterial;

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn issuer() -> Slug {
    Slug::new("sample-academy").unwrap()
}

fn clock() -> FixedClock {
    FixedClock::new("2026-03-01T09:00:00Z".parse().unwrap())
}

struct Fixture {
    dir: TempDir,
    vault: Vault,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    Vault::create(dir.path(), &secret("a long sample secret"), VaultKind::Real, &SystemEntropy).unwrap();
    let vault = open(dir.path(), Mode::Production).unwrap();
    Fixture { dir, vault }
}

fn open(dir: &Path, mode: Mode) -> Result<Vault, SigningError> {
    Vault::open(dir, &secret("a long sample secret"), mode)
}

fn generate(vault: &Vault, algorithm: KeyAlgorithm) -> KeyRecord {
    vault.generate(&issuer(), algorithm, &clock(), &SystemEntropy).unwrap()
}

#[test]
fn keys_of_every_algorithm_are_there_again_after_reopening() {
    let fixture = fixture();
    for algorithm in KeyAlgorithm::ALL {
        let record = generate(&fixture.vault, algorithm);
        assert!(record.id.starts_with(&format!("sample-academy-{algorithm}-20260301-")), "{}", record.id);
        assert!(record.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        let again = open(fixture.dir.path(), Mode::Production).unwrap().keys();
        assert_eq!(again.active(&issuer(), algorithm).unwrap().record(), &record);
    }
    assert_eq!(fixture.vault.keys().of_issuer(&issuer()).count(), 3);
    assert!(fixture.vault.keys().active(&Slug::new("other").unwrap(), KeyAlgorithm::Ed25519).is_none());
}

#[test]
fn files_are_closed_to_others_and_no_temporary_one_stays() {
    let fixture = fixture();
    generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let mut files = 0;
    for entry in fs::read_dir(fixture.dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        assert!(!entry.file_name().to_string_lossy().ends_with(".tmp"));
        files += 1;
    }
    assert_eq!(files, 2);
    let below = fixture.dir.path().join("a/b");
    Vault::create(&below, &secret("a long sample secret"), VaultKind::Real, &SystemEntropy).unwrap();
    assert_eq!(fs::metadata(below).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn only_the_secret_opens_the_vault() {
    let fixture = fixture();
    let wrong = Vault::open(fixture.dir.path(), &secret("another long secret"), Mode::Production);
    assert!(matches!(wrong, Err(SigningError::WrongSecret(_))), "{wrong:?}");
    let create = |dir: &Path, text: &str| {
        Vault::create(dir, &secret(text), VaultKind::Real, &SystemEntropy).unwrap_err()
    };
    let refused = create(fixture.dir.path(), "a long sample secret");
    assert!(matches!(refused, SigningError::VaultExists(_)), "{refused}");
    let empty = tempfile::tempdir().unwrap();
    let refused = create(empty.path(), "short");
    assert!(matches!(refused, SigningError::WeakSecret { found: 5, least: 12 }), "{refused}");
    let missing = open(empty.path(), Mode::Production);
    assert!(matches!(missing, Err(SigningError::NoVault(_))), "{missing:?}");
}

#[test]
fn a_private_key_is_nowhere_in_clear() {
    struct Same;
    impl Entropy for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0x5a);
        }
    }
    let fixture = fixture();
    let record = fixture.vault.generate(&issuer(), KeyAlgorithm::Ed25519, &clock(), &Same).unwrap();
    let text = fs::read_to_string(fixture.dir.path().join(file::key_file(&record.id))).unwrap();
    // The seed in hex and base64, whole or in part; the nonce is 24 of the same bytes, so look
    // only at the ciphertext.
    let ciphertext = text.split("ciphertext").nth(1).unwrap();
    assert!(!ciphertext.contains("5a5a5a5a") && !ciphertext.contains("WlpaWlpa"), "{text}");
    let shown = format!("{:?} {:?}", fixture.vault, fixture.vault.keys());
    assert!(!shown.contains("90, 90, 90") && !shown.contains("5a5a"), "{shown}");
}

#[test]
fn a_changed_file_is_noticed() {
    let fixture = fixture();
    let record = generate(&fixture.vault, KeyAlgorithm::Es256);
    fixture.vault.retire(&record.id, &clock(), &SystemEntropy).unwrap();
    let path = fixture.dir.path().join(file::key_file(&record.id));
    let good = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("\"retired\": \"2026-03-01T09:00:00Z\"", "\"retired\": null"),
        ("\"issuer\": \"sample-academy\"", "\"issuer\": \"other-academy\""),
        ("\"example\": false", "\"example\": true"),
        ("\"alg\": \"ES256\"", "\"alg\": \"ES384\""),
        ("\"key\": {", "\"extra\": 1, \"key\": {"),
        ("\"nonce\": \"", "\"nonce\": \"AAAA"),
    ] {
        let changed = good.replace(from, to);
        assert_ne!(changed, good, "{from}");
        fs::write(&path, changed).unwrap();
        let refused = open(fixture.dir.path(), Mode::Development);
        assert!(matches!(refused, Err(SigningError::VaultFile { .. })), "{from}: {refused:?}");
    }
    fs::write(&path, &good).unwrap();
    fs::rename(&path, fixture.dir.path().join("renamed.json")).unwrap();
    let refused = open(fixture.dir.path(), Mode::Development).unwrap_err();
    assert!(refused.to_string().contains("not named after its key"), "{refused}");
}

#[test]
fn a_key_of_another_vault_is_refused() {
    let (fixture, other) = (fixture(), fixture());
    let record = generate(&other.vault, KeyAlgorithm::Ed25519);
    let name = file::key_file(&record.id);
    fs::copy(other.dir.path().join(&name), fixture.dir.path().join(&name)).unwrap();
    let refused = fixture.vault.refresh();
    assert!(matches!(refused, Err(SigningError::VaultFile { .. })), "{refused:?}");
}

#[test]
fn production_refuses_files_open_to_others() {
    let fixture = fixture();
    let record = generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let path = fixture.dir.path().join(file::key_file(&record.id));
    for (mode, fine) in [(0o600, true), (0o640, true), (0o604, false), (0o644, false), (0o620, false)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let opened = open(fixture.dir.path(), Mode::Production);
        assert_eq!(opened.is_ok(), fine, "{mode:o} {opened:?}");
        assert!(fine || matches!(opened, Err(SigningError::Permissions { .. })), "{mode:o}");
        assert!(open(fixture.dir.path(), Mode::Development).is_ok());
    }
}

#[test]
fn derived_secrets_differ_by_purpose_and_outlive_rotations() {
    let fixture = fixture();
    let digest = fixture.vault.derive("digest");
    assert_ne!(digest, fixture.vault.derive("cookie"));
    fixture.vault.rotate(&issuer(), KeyAlgorithm::Ed25519, &clock(), &SystemEntropy).unwrap();
    assert_eq!(open(fixture.dir.path(), Mode::Production).unwrap().derive("digest"), digest);
    assert_ne!(self::fixture().vault.derive("digest"), digest);
}

#[test]
fn another_process_s_rotation_is_seen_by_a_refresh() {
    let fixture = fixture();
    let first = generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let elsewhere = open(fixture.dir.path(), Mode::Production).unwrap();
    assert!(!elsewhere.refresh().unwrap());
    let second = fixture.vault.rotate(&issuer(), KeyAlgorithm::Ed25519, &clock(), &SystemEntropy).unwrap();
    let before = elsewhere.keys();
    assert!(elsewhere.refresh().unwrap());
    assert!(!elsewhere.refresh().unwrap());
    let after = elsewhere.keys();
    let active = |keys: &KeySet| keys.active(&issuer(), KeyAlgorithm::Ed25519).unwrap().id().to_owned();
    assert_eq!((active(&before), active(&after)), (first.id.clone(), second.id));
    assert!(after.by_id(&first.id).unwrap().record().retired.is_some());

    fs::write(fixture.dir.path().join("half.json"), "{").unwrap();
    assert!(elsewhere.refresh().is_err());
    assert_eq!(elsewhere.keys().all().count(), 2);
}

#[test]
fn a_reader_beside_a_rotating_writer_never_fails_and_always_has_a_key() {
    let fixture = fixture();
    generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let reader = open(fixture.dir.path(), Mode::Production).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..20 {
                fixture.vault.rotate(&issuer(), KeyAlgorithm::Ed25519, &clock(), &SystemEntropy).unwrap();
            }
        });
        while !writer.is_finished() {
            reader.refresh().unwrap();
            assert!(reader.keys().active(&issuer(), KeyAlgorithm::Ed25519).is_some());
        }
    });
    reader.refresh().unwrap();
    assert_eq!(reader.keys().all().count(), 21);
    let active = reader.keys().all().filter(|key| key.record().retired.is_none()).count();
    assert_eq!(active, 1);
}

#[test]
fn retiring_twice_keeps_the_first_date_and_an_unknown_key_is_named() {
    let fixture = fixture();
    let record = generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let first = fixture.vault.retire(&record.id, &clock(), &SystemEntropy).unwrap();
    let later = FixedClock::new("2027-03-01T09:00:00Z".parse().unwrap());
    assert_eq!(fixture.vault.retire(&record.id, &later, &SystemEntropy).unwrap(), first);
    assert!(matches!(first.public, PublicMaterial::Multibase(text) if text.starts_with("z6Mk")));
    let unknown = fixture.vault.retire("../vault", &clock(), &SystemEntropy);
    assert!(matches!(unknown, Err(SigningError::UnknownKey(_))), "{unknown:?}");
}

#[test]
fn a_compromised_key_is_marked_for_good_and_another_takes_over() {
    let fixture = fixture();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let stolen = generate(&fixture.vault, KeyAlgorithm::Es256);
    let mark = |since: &str| fixture.vault.compromise(&stolen.id, at(since), &clock(), &SystemEntropy);

    let first = mark("2026-02-20T12:00:00Z").unwrap();
    assert_eq!(first.marked.compromised, Some(at("2026-02-20T12:00:00Z")));
    assert_eq!(first.marked.retired, Some(clock().now()));
    let next = first.next.unwrap().unwrap();
    assert_eq!(fixture.vault.keys().active(&issuer(), KeyAlgorithm::Es256).unwrap().record(), &next);

    let later = mark("2026-02-25T12:00:00Z").unwrap();
    assert_eq!((later.marked, later.next.is_none()), (first.marked, true));
    let earlier = mark("2026-02-01T00:00:00Z").unwrap();
    assert_eq!(earlier.marked.compromised, Some(at("2026-02-01T00:00:00Z")));
    assert_eq!(fixture.vault.keys().all().count(), 2);
    let reopened = open(fixture.dir.path(), Mode::Production).unwrap().keys();
    assert_eq!(reopened.by_id(&stolen.id).unwrap().record(), &earlier.marked);

    assert!(matches!(mark("2026-03-01T09:00:01Z"), Err(SigningError::NotYet(_))));
    let unknown = fixture.vault.compromise("k", clock().now(), &clock(), &SystemEntropy);
    assert!(matches!(unknown, Err(SigningError::UnknownKey(_))));
}

#[test]
fn a_key_in_a_token_is_not_made_where_none_is_set_up() {
    let fixture = fixture();
    let made =
        fixture.vault.generate_in(Place::Token, &issuer(), KeyAlgorithm::Ed25519, &clock(), &SystemEntropy);
    assert!(matches!(made, Err(SigningError::Token { fault: TokenFault::NotSetUp, .. })), "{made:?}");
    assert_eq!(fixture.vault.keys().all().count(), 0);
}

#[test]
fn a_key_of_the_log_signs_nothing_else_and_is_no_issuer_s() {
    let fixture = fixture();
    let own = generate(&fixture.vault, KeyAlgorithm::Ed25519);
    let made =
        fixture.vault.generate_for(Some("log.example.org"), &issuer(), &clock(), &SystemEntropy).unwrap();
    let keys = open(fixture.dir.path(), Mode::Production).unwrap().keys();
    let log = keys.active_for(KeyPurpose::Log).unwrap();
    assert_eq!((log.record(), log.record().purpose), (&made, KeyPurpose::Log));
    assert!(log.sign_statement(KeyPurpose::Log, b"a checkpoint").is_ok());
    assert!(log.sign_statement(KeyPurpose::Witness, b"a checkpoint").is_err());
    assert!(log.sign_statement(KeyPurpose::Credentials, b"a badge").is_err());
    assert!(log.signer_as_of(clock().now()).is_err());
    let issuers = keys.by_id(&own.id).unwrap();
    assert!(issuers.sign_statement(KeyPurpose::Log, b"a checkpoint").is_err());
    assert_eq!(keys.active(&issuer(), KeyAlgorithm::Ed25519).unwrap().id(), own.id);
    assert_eq!(keys.of_issuer(&issuer()).map(Key::id).collect::<Vec<_>>(), [own.id.as_str()]);
    // A rotation of the issuer's keys leaves it alone.
    fixture.vault.rotate(&issuer(), KeyAlgorithm::Ed25519, &clock(), &SystemEntropy).unwrap();
    assert_eq!(fixture.vault.keys().active_for(KeyPurpose::Log).unwrap().record(), &made);
}
