//! Embeds `dist/`, which `npm run build` writes, under a hash of its content.

use std::{
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use sha2::{Digest, Sha256};

fn main() -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let home = variable("CARGO_MANIFEST_DIR")?;
    let dist = home.join("dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());

    let mut files = Vec::new();
    for entry in fs::read_dir(&dist).map_err(|error| missing(&dist, &error))? {
        let path = entry.map_err(|error| missing(&dist, &error))?.path();
        let bytes = fs::read(&path).map_err(|error| missing(&path, &error))?;
        files.push((path, bytes));
    }
    files.sort();
    if !files.iter().any(|(path, _)| path.ends_with("lanyard.css")) {
        return Err(missing(&dist.join("lanyard.css"), &"no such file"));
    }

    let mut all = Sha256::new();
    let mut entries = String::new();
    for (path, bytes) in &files {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
        let place = path.to_str().ok_or("the project's path is not UTF-8")?;
        let hash = hex::encode(Sha256::digest(bytes));
        all.update(name.as_bytes());
        all.update(&hash);
        let content_type = content_type(name)?;
        writeln!(
            entries,
            "    Entry {{ name: {name:?}, asset: Asset {{ bytes: include_bytes!({place:?}), \
             content_type: {content_type:?}, immutable: true, etag: {:?} }} }},",
            format!("\"{}\"", hash.get(..32).unwrap_or(&hash)),
        )
        .map_err(|error| error.to_string())?;
    }
    let hash = hex::encode(all.finalize());
    let hash = hash.get(..16).unwrap_or(&hash);
    let code = format!(
        "const HASH: &str = {hash:?};\nconst ROOT: &str = \"/assets/{hash}\";\n\
         static FILES: &[Entry] = &[\n{entries}];\n"
    );
    let out = variable("OUT_DIR")?.join("files.rs");
    fs::write(&out, code).map_err(|error| format!("{}: {error}", out.display()))
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn variable(name: &str) -> Result<PathBuf, String> {
    env::var(name).map(PathBuf::from).map_err(|error| format!("{name}: {error}"))
}

fn missing(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!(
        "the pages' style sheet is not built ({}: {error}); run `make assets`, or `npm ci && npm run build` \
         at the root of the project",
        path.display()
    )
}

fn content_type(name: &str) -> Result<&'static str, String> {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("png") => Ok("image/png"),
        _ => Err(format!("dist/{name} is of a kind that build.rs has no media type for")),
    }
}
