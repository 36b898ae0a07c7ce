//! The throw-away keys in the source tree.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use model::id::Slug;
use secrecy::SecretString;
use signing::{KeyAlgorithm, Mode, SigningError, Vault};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../keys.example");

fn open(dir: &Path, mode: Mode) -> Result<Vault, SigningError> {
    Vault::open(dir, &SecretString::from("example-secret".to_owned()), mode)
}

#[test]
fn the_example_keys_open_in_development() {
    let keys = open(Path::new(FOLDER), Mode::Development).unwrap().keys();
    let issuer = Slug::new("nhs-digital-academy").unwrap();
    for algorithm in KeyAlgorithm::ALL {
        assert!(keys.active(&issuer, algorithm).unwrap().record().example);
    }
}

#[test]
fn the_example_keys_are_refused_in_production_wherever_they_lie() {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(FOLDER).unwrap() {
        let entry = entry.unwrap();
        let target = copy.path().join(entry.file_name());
        fs::copy(entry.path(), &target).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
    }
    assert!(open(copy.path(), Mode::Development).is_ok());
    let refused = open(copy.path(), Mode::Production).unwrap_err();
    assert!(matches!(refused, SigningError::ExampleKeys(_)), "{refused}");
    // In the folder itself git's permissions may be what is refused first.
    let refused = open(Path::new(FOLDER), Mode::Production).unwrap_err();
    assert!(matches!(refused, SigningError::ExampleKeys(_) | SigningError::Permissions { .. }), "{refused}");
}

#[test]
fn a_folder_of_that_name_is_refused_in_production_whatever_it_holds() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("keys.example");
    let secret = SecretString::from("example-secret".to_owned());
    Vault::create(&dir, &secret, signing::VaultKind::Real, &model::chance::SystemEntropy).unwrap();
    assert!(matches!(open(&dir, Mode::Production), Err(SigningError::ExampleKeys(_))));
}
