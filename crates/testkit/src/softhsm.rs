//! A PKCS#11 token in software (Debian's `softhsm2`), in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// SoftHSM's tokens in a folder. They end with the value.
pub struct SoftHsm {
    folder: tempfile::TempDir,
}

/// Names the folder of the tokens to a test in a process of its own.
const FOLDER: &str = "LANYARD_TEST_SOFTHSM";

impl SoftHsm {
    /// Its library.
    pub const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
    /// The PIN of every token's user.
    pub const PIN: &str = "2468-sample-pin";

    /// A folder with a token of this label.
    pub fn new(label: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tokens")).unwrap();
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder.path().join("tokens").display()
        );
        fs::write(folder.path().join("softhsm2.conf"), text).unwrap();
        let made = Self { folder };
        add_softhsm_token(made.folder.path(), label);
        made
    }

    /// What the library must find in the environment.
    pub fn environment(&self) -> (&'static str, PathBuf) {
        ("SOFTHSM2_CONF", self.folder.path().join("softhsm2.conf"))
    }
}

/// Adds a token in the folder that [`in_a_process_of_its_own`] names.
pub fn add_softhsm_token(folder: &Path, label: &str) {
    let output = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", label, "--so-pin", "sample-so-pin"])
        .args(["--pin", SoftHsm::PIN])
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .output()
        .expect("softhsm2-util starts: install softhsm2");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs `body` in a process of its own: a PKCS#11 library belongs to the whole
/// process, and finds its tokens by the environment. `test` is the name of the
/// test that calls this, with its modules; `body` gets the folder of a SoftHSM
/// whose token is called `label`.
pub fn in_a_process_of_its_own(test: &str, label: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(Path::new(&folder));
    }
    let softhsm = SoftHsm::new(label);
    let (name, value) = softhsm.environment();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(name, value)
        .env(FOLDER, softhsm.folder.path())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
