//! The command line as an operator meets it: what it prints, and exit codes
//! that scripts can rely on.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    bad_input::recorded,
    server::{Server, project},
};

/// Exit code, standard output, standard error.
pub type Ran = (i32, String, String);

fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let code = output.status.code().unwrap_or_else(|| panic!("it ended with {}: {out}{err}", output.status));
    (code, out, err)
}

/// `lanyard` in `folder` with these settings and no others.
fn lanyard(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lanyard"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LANYARD_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).env("LANYARD_CATALOGUE_DIR", project().join("catalogue"));
    ran(&command.envs(settings.iter().copied()).stdin(Stdio::null()).output().unwrap())
}

pub fn run(server: &Server, arguments: &[&str]) -> Ran {
    ran(&server.command(arguments).output().unwrap())
}

/// Runs SQL on the server's SQLite file, behind its back.
fn sql(server: &Server, statement: &str) -> String {
    let script = "import sqlite3,sys\nd=sqlite3.connect(sys.argv[1],timeout=20)\nr=d.execute(sys.argv[2]).fetchall()\nd.commit()\nprint(r)";
    let database = server.folder().join("lanyard.db");
    let output = Command::new("python3").args(["-c", script]).arg(database).arg(statement).output().unwrap();
    let (code, out, err) = ran(&output);
    assert_eq!(code, 0, "{err}");
    out
}

/// The value after `label: ` in what a command printed.
pub fn printed<'a>(out: &'a str, label: &str) -> &'a str {
    let line = out.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {label} in {out}"))
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "",
        "serve",
        "migrate",
        "keys",
        "keys generate",
        "keys list",
        "keys rotate",
        "keys retire",
        "keys compromise",
        "catalogue",
        "catalogue check",
        "catalogue load",
        "programme",
        "programme check",
        "programme preview",
        "programme reviews",
        "programme keep",
        "clients",
        "clients add",
        "clients list",
        "clients revoke",
        "learners naming",
        "cpd",
        "cpd show",
        "cpd activity",
        "cpd transfer",
        "cpd prior-learning",
        "cpd adjust",
        "cpd decide",
        "cpd join",
        "cpd words",
        "credentials",
        "credentials revoke",
        "credentials renew",
        "endorse",
        "import",
        "import completions",
        "import withdrawals",
        "verify",
        "doctor",
    ] {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let (code, out, _) = lanyard(folder.path(), &arguments, &[]);
        assert_eq!(code, 0, "{command}");
        assert!(out.contains("Usage: lanyard") && out.lines().count() > 4, "{command}: {out}");
    }
    let add = ["clients", "add", "--provider", "elfh", "--name", "x"];
    let (code, _, err) = lanyard(folder.path(), &add, &[]);
    assert!(code == 2 && err.contains("lanyard catalogue load"), "{err}");
    assert_eq!(lanyard(folder.path(), &["catalogue", "load"], &[]).0, 0);
    for (arguments, told) in [
        (vec!["dance"], "dance"),
        (vec!["keys", "generate"], "--issuer"),
        (vec!["keys", "generate", "--issuer", "Not A Slug"], "--issuer"),
        (vec!["keys", "generate", "--issuer", "x-y", "--algorithm", "rot13"], "rot13"),
        (vec!["clients", "add", "--name", "x"], "--provider"),
        (vec!["clients", "add", "--provider", "elfh", "--name", "x", "--scopes", "all"], "completions:write"),
        (vec!["clients", "add", "--provider", "nobody", "--name", "x"], "nobody"),
        (vec!["clients", "revoke", "nobody"], "nobody"),
        (vec!["import", "completions", "nothing.csv", "--provider", "elfh"], "nothing.csv"),
        (vec!["import", "completions", "rows.xlsx", "--provider", "elfh"], "--format"),
        (vec!["keys", "retire", "no-such-key"], "no-such-key"),
        (vec!["verify", "no-such-file.json"], "no-such-file.json"),
        (vec!["catalogue", "check", "no-such-folder"], "no-such-folder"),
        (vec!["--config", "no-such.toml", "migrate"], "no-such.toml"),
    ] {
        let (code, out, err) = lanyard(folder.path(), &arguments, &[]);
        assert_eq!(code, 2, "{arguments:?}: {out}{err}");
        assert!(err.contains(told), "{arguments:?}: {err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn a_wrong_setting_is_named_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let https = ("LANYARD_PUBLIC_URL", "https://badges.example.org");
    let secret = ("LANYARD_SECRET", "correct horse battery staple");
    let examples = project().join("keys.example");
    let copied = folder.path().join("copied");
    fs::create_dir(&copied).unwrap();
    for file in fs::read_dir(&examples).unwrap().map(Result::unwrap) {
        let copy = copied.join(file.file_name());
        fs::copy(file.path(), &copy).unwrap();
        // A checkout leaves files open to others.
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
    }
    fs::write(folder.path().join("short"), "abc").unwrap();
    for (settings, named) in [
        (vec![("LANYARD_DATABASE_URL", "mysql://localhost/x")], vec!["database_url", "sqlite://"]),
        (vec![("LANYARD_PUBLIC_URL", "badges.example.org")], vec!["public_url"]),
        (vec![("LANYARD_PUBLIC_URL", "https://badges.example.org/path")], vec!["public_url"]),
        (vec![("LANYARD_LISTEN", "8080")], vec!["listen"]),
        (vec![("LANYARD_WORKERS", "0")], vec!["workers"]),
        (vec![("LANYARD_DATABASE_POOL", "0")], vec!["database_pool"]),
        (vec![("LANYARD_ROOT_ISSUER", "The Academy")], vec!["root_issuer"]),
        (vec![("LANYARD_MODE", "staging")], vec!["mode"]),
        (vec![("LANYARD_LOG_FORMAT", "xml")], vec!["log_format"]),
        (vec![("LANYARD_LOG", ",,=")], vec!["log"]),
        (vec![("LANYARD_BEHIND_PROXY", "perhaps")], vec!["behind_proxy"]),
        (vec![("LANYARD_DATABSE_URL", "x")], vec!["LANYARD_DATABSE_URL", "LANYARD_DATABASE_URL"]),
        (vec![("LANYARD_MODE", "production")], vec!["public_url", "https"]),
        (vec![https], vec!["secret", "LANYARD_SECRET"]),
        (vec![https, ("LANYARD_SECRET", "short")], vec!["secret", "12"]),
        (vec![("LANYARD_SECRET_FILE", "short")], vec!["secret", "12"]),
        (
            vec![
                https,
                ("LANYARD_SECRET", "example-secret"),
                ("LANYARD_KEYS_DIR", examples.to_str().unwrap()),
            ],
            vec!["example"],
        ),
        (vec![https, ("LANYARD_SECRET", "example-secret"), ("LANYARD_KEYS_DIR", "copied")], vec!["example"]),
        (
            vec![https, secret, ("LANYARD_DATABASE_URL", "postgres://127.0.0.1:1/none")],
            vec!["database", "127.0.0.1"],
        ),
    ] {
        let (code, out, err) = lanyard(folder.path(), &["serve"], &settings);
        assert_eq!(code, 2, "{settings:?}: {out}{err}");
        for word in named {
            assert!(err.contains(word), "{settings:?}: no {word} in {err}");
        }
        assert!(!err.contains("correct horse"), "no secret is shown: {err}");
    }
    let (code, _, err) = lanyard(folder.path(), &["serve", "--sample"], &[https, secret]);
    assert_eq!(code, 2);
    assert!(err.contains("development"), "{err}");

    // Example keys are for trying things out.
    let settings = [("LANYARD_SECRET", "example-secret"), ("LANYARD_KEYS_DIR", "copied")];
    let (code, out, _) = lanyard(folder.path(), &["keys", "list"], &settings);
    assert_eq!((code, out.lines().count()), (0, 3), "{out}");
    let (code, _, err) =
        lanyard(folder.path(), &["keys", "list"], &[settings[1], ("LANYARD_SECRET", "another-secret")]);
    assert_eq!(code, 2);
    assert!(err.contains("does not open"), "{err}");
}

#[test]
fn a_broken_catalogue_is_told_by_file_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = lanyard(folder.path(), &["catalogue", "check"], &[]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("no fault"), "{out}");

    for (file, good, bad, told) in [
        (
            "foundation.yaml",
            "issuer: nhs-digital-academy",
            "issuer: nhs-digital-acadmy",
            vec!["issuer", "nhs-digital-acadmy", "did you mean `nhs-digital-academy`"],
        ),
        (
            "foundation.yaml",
            "available_from: 2024-01-01",
            "available_from: 2024-13-01",
            vec!["available_from", "2024-13-01"],
        ),
        ("foundation.yaml", "kind: module", "kind: modul", vec!["kind", "modul", "module"]),
        ("foundation.yaml", "unit: hours", "unit: days", vec!["credit", "days"]),
        ("foundation.yaml", "version: \"1.0\"", "version: 1.0", vec!["version"]),
        ("foundation.yaml", "    description:", "    descripton:", vec!["descripton", "description"]),
        ("foundation.yaml", "file: images/", "file: pictures/", vec!["image", "pictures/"]),
        (
            "accreditations.yaml",
            "- user-centred-design",
            "- user-centered-design",
            vec!["accreditations", "user-centered-design"],
        ),
        ("organisations.yaml", "organisations:", "organisation:", vec!["organisation"]),
        ("organisations.yaml", "organisations:\n", "organisations:\n\t- x\n", vec!["organisations.yaml:"]),
    ] {
        let copy = folder.path().join("copy");
        let _ = fs::remove_dir_all(&copy);
        let copied =
            Command::new("cp").arg("-r").arg(project().join("catalogue")).arg(&copy).status().unwrap();
        assert!(copied.success());
        let path = copy.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let line = text[..text.find(good).unwrap()].lines().count().max(1);
        fs::write(&path, text.replacen(good, bad, 1)).unwrap();
        let (code, out, err) = lanyard(folder.path(), &["catalogue", "check", "copy"], &[]);
        assert_eq!(code, 1, "{bad}: {out}{err}");
        for word in &told {
            assert!(out.contains(word), "{bad}: no {word} in {out}");
        }
        let at = out.lines().filter_map(|fault| {
            fault.strip_prefix(&format!("{file}:"))?.split(':').next()?.parse::<usize>().ok()
        });
        let near = at.into_iter().any(|at| at.abs_diff(line) <= 2);
        assert!(near, "{bad}: not at {file}:{line}: {out}");
    }
    assert_eq!(lanyard(folder.path(), &["catalogue", "load", "copy"], &[]).0, 1);
    assert!(!folder.path().join("data/lanyard.db").exists(), "a fault is found before a database is made");

    // A picture with a script is a fault, and so is a changed achievement under a published version.
    let copy = folder.path().join("copy");
    let _ = fs::remove_dir_all(&copy);
    Command::new("cp").arg("-r").arg(project().join("catalogue")).arg(&copy).status().unwrap();
    let (code, out, _) = lanyard(folder.path(), &["catalogue", "load", "copy"], &[]);
    assert_eq!(code, 0, "{out}");
    let foundation = copy.join("foundation.yaml");
    let text = fs::read_to_string(&foundation).unwrap();
    fs::write(&foundation, text.replacen("name: User centred design", "name: Something else", 1)).unwrap();
    let (code, _, err) = lanyard(folder.path(), &["catalogue", "load", "copy"], &[]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("user-centred-design") && err.contains("1.0") && err.contains("version"), "{err}");
    let picture = copy.join("images/user-centred-design.svg");
    let text = fs::read_to_string(&picture).unwrap();
    fs::write(&picture, text.replacen("</svg>", "<script>alert(1)</script></svg>", 1)).unwrap();
    let (code, out, _) = lanyard(folder.path(), &["catalogue", "check", "copy"], &[]);
    assert_eq!(code, 1);
    assert!(out.contains("images/user-centred-design.svg") && out.contains("script"), "{out}");
}

/// How many keys a command says it made.
fn made(out: &str) -> usize {
    out.lines().filter(|line| line.starts_with("made ")).count()
}

/// Without a domain an issuer is named by its keys, and new keys make another
/// issuer: the old one must go on answering for its badges.
#[tokio::test]
async fn without_a_domain_old_badges_keep_their_issuer_and_its_status_list() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("before").await;
    let forms = ["application/json", "application/vc+jwt"];
    let (code, _, err) = run(&server, &["keys", "rotate", "--issuer", "nhs-digital-academy"]);
    assert_eq!(code, 0, "{err}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    for (revoked, expected) in [(false, "valid"), (true, "invalid")] {
        if revoked {
            server.revoke(&url).await;
        }
        for form in forms {
            let report = server.verify(form, server.form(&url, form).await).await;
            assert_eq!(report["verdict"], expected, "{form}: {report:#}");
        }
        // And for a stranger, who must fetch the list.
        let (code, out, _) = run(&server, &["verify", &url]);
        assert_eq!(code == 0, !revoked, "{out}");
    }
}

#[tokio::test]
async fn keys_rotate_under_a_running_service() {
    // As it stands behind a proxy that ends TLS: issuers are named by did:web.
    const SITE: &str = "https://badges.example.org";
    let server = Server::start(None, &[("LANYARD_PUBLIC_URL", SITE), ("LANYARD_MODE", "development")]).await;
    let badge = async |reference: &str| server.badge(reference).await.replace(SITE, &server.base);
    let before = badge("before").await;
    let forms = ["application/json", "application/vc+jwt"];
    let mut old = Vec::new();
    for form in forms {
        old.push(server.form(&before, form).await);
    }
    let (code, listed, _) = run(&server, &["keys", "list"]);
    assert_eq!(code, 0);
    assert_eq!(listed.lines().count(), 7, "two keys for each of three issuers, and the log's: {listed}");
    let (code, out, _) = run(&server, &["keys", "generate", "--issuer", "nhs-digital-academy"]);
    assert_eq!(code, 0);
    assert!(out.contains("rotate") && made(&out) == 0, "a key that is there stays: {out}");

    let (code, out, err) = run(&server, &["keys", "rotate", "--issuer", "nhs-digital-academy"]);
    assert_eq!((code, made(&out)), (0, 2), "{out}{err}");
    let (_, listed, _) = run(&server, &["keys", "list"]);
    assert_eq!((listed.lines().count(), listed.matches("retired").count()), (9, 2), "{listed}");

    // Within two seconds a new badge is signed by the new key.
    let method = |badge: &[u8]| -> String {
        let badge: Value = serde_json::from_slice(badge).unwrap();
        let proof = badge.pointer("/proof/0").unwrap_or(&badge["proof"]);
        proof["verificationMethod"].as_str().unwrap().to_owned()
    };
    let begun = Instant::now();
    let mut n = 0;
    let after = loop {
        n += 1;
        let url = badge(&format!("after-{n}")).await;
        if method(&server.form(&url, forms[0]).await) != method(&old[0]) {
            break url;
        }
        assert!(begun.elapsed() < Duration::from_secs(2), "the service does not notice the new key");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    for (form, old) in forms.iter().zip(&old) {
        for badge in [old.clone(), server.form(&after, form).await] {
            let report = server.verify(form, badge).await;
            assert_eq!(report["verdict"], "valid", "{form}: {report:#}");
        }
    }

    // Without a key nothing is acknowledged, and doctor says what to do.
    let (_, listed, _) = run(&server, &["keys", "list"]);
    let in_force: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with("nhs-digital-academy") && line.contains("in force"))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    for key in &in_force {
        let (code, out, _) = run(&server, &["keys", "retire", key]);
        assert_eq!(code, 0);
        assert!(out.contains(key), "{out}");
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let response = server.complete("keyless").await.unwrap();
    assert!(response.status().is_server_error(), "{}", response.text().await.unwrap());
    let (code, out, _) = run(&server, &["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("lanyard keys generate --issuer") && out.contains("nhs-digital-academy"), "{out}");
    // A status list cannot be signed either: old badges are in doubt, not bad.
    assert_ne!(server.verify(forms[0], old[0].clone()).await["verdict"], "invalid");
    let (code, out, _) = run(&server, &["keys", "generate", "--issuer", "nhs-digital-academy"]);
    assert_eq!((code, made(&out)), (0, 2), "{out}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    badge("keyless").await;
    assert_eq!(server.verify(forms[0], old[0].clone()).await["verdict"], "valid", "old badges verify still");
}

#[tokio::test]
async fn doctor_finds_what_is_broken() {
    let server = Server::start(None, &[]).await;
    for n in 0..3 {
        server.badge(&format!("doctored-{n}")).await;
    }
    let (code, out, _) = run(&server, &["doctor", "--audit"]);
    assert_eq!(code, 0, "{out}");
    assert!(!out.contains("WRONG") && out.contains("3 completions"), "{out}");

    // What the database itself refuses to change is changed without its triggers.
    let id = sql(&server, "SELECT id FROM ledger_entries ORDER BY id LIMIT 1");
    let id = id.split('\'').nth(1).unwrap().to_owned();
    let triggers =
        sql(&server, "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='ledger_entries'");
    for trigger in triggers.split('\'').skip(1).step_by(2) {
        sql(&server, &format!("DROP TRIGGER {trigger}"));
    }
    sql(&server, &format!("UPDATE ledger_entries SET amount='600' WHERE id='{id}'"));
    let (code, out, _) = run(&server, &["doctor", "--audit"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains(&id) && out.contains("ledger_entries"), "the row is named: {out}");
    let audit = server.audit();
    assert_eq!(audit["audit"]["findings"][0]["id"], id, "{audit:#}");
    sql(&server, &format!("DELETE FROM ledger_entries WHERE id='{id}'"));
    let (code, out, _) = run(&server, &["doctor", "--audit"]);
    assert_eq!(code, 1, "a missing entry: {out}");

    sql(
        &server,
        "DELETE FROM __diesel_schema_migrations WHERE version=(SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let (code, out, _) = run(&server, &["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("WRONG  database") && out.contains("lanyard migrate"), "{out}");

    let keys = server.folder().join("data/keys");
    for file in fs::read_dir(&keys).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().starts_with("fedip") {
            fs::remove_file(file.path()).unwrap();
        }
    }
    let (_, out, _) = run(&server, &["doctor"]);
    assert!(out.contains("WRONG  keys") && out.contains("fedip"), "{out}");
    fs::rename(&keys, server.folder().join("elsewhere")).unwrap();
    let (code, out, _) = run(&server, &["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("WRONG  keys"), "{out}");
    let (code, _, err) = run(&server, &["keys", "generate", "--issuer", "fedip"]);
    assert_eq!(code, 2, "no new vault beside an old database");
    assert!(err.contains("keys_dir"), "{err}");
}

#[tokio::test]
async fn an_import_says_what_it_took_and_what_not() {
    let server = Server::start(None, &[]).await;
    let folder = server.folder();
    let csv = "name,email,achievement,completed_at,reference\n\
        Ann Example,ann@example.org,user-centred-design,2026-05-01,i-1\n\
        Bob Example,nowhere,user-centred-design,2026-05-01,i-2\n\
        Cy Example,cy@example.org,topol-fellowship,2026-05-01,i-3\n\
        Di Example,ann@example.org,user-centred-design,2026-05-01,i-4\n\
        Ed Example,ed@example.org,user-centred-design,2026-05-01,i-5\n";
    fs::write(folder.join("rows.csv"), csv).unwrap();
    let import = ["import", "completions", "rows.csv", "--provider", "example-trust"];
    for told in ["2 issued, 0 recorded before, 3 not taken", "0 issued, 2 recorded before, 3 not taken"] {
        let (code, out, err) = run(&server, &import);
        assert_eq!(code, 1, "{err}");
        assert!(out.contains(told) && out.contains("rows.csv.rejected.ndjson"), "{out}");
        assert!(out.contains("rows a second"), "{out}");
    }
    let rejected = fs::read_to_string(folder.join("rows.csv.rejected.ndjson")).unwrap();
    let rejected: Vec<Value> = rejected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = rejected
        .iter()
        .map(|row| {
            (
                row["row"].as_u64().unwrap(),
                row["line"].as_u64().unwrap(),
                row["errors"][0]["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(2, 3, "not-an-email"), (3, 4, "provider-not-accredited"), (4, 5, "learner-conflict")]);
    for row in &rejected {
        assert!(!row["errors"][0]["expected"].as_str().unwrap().is_empty(), "{row}");
    }
    let good =
        [csv.lines().next().unwrap(), csv.lines().nth(1).unwrap(), csv.lines().nth(5).unwrap()].join("\n");
    fs::write(folder.join("rows.csv"), &good).unwrap();
    let (code, out, _) = run(&server, &import);
    assert_eq!(code, 0, "{out}");
    assert!(!folder.join("rows.csv.rejected.ndjson").exists(), "nothing is left over");
    assert_eq!(recorded(&server), [2; 4]);

    // A row that has changed since corrects what it stated.
    fs::write(folder.join("rows.csv"), good.replace("2026-05-01,i-1", "2026-05-02,i-1")).unwrap();
    let (code, out, _) = run(&server, &[&import[..], &["--no-corrections"]].concat());
    assert!(code == 1 && out.contains("0 issued, 1 recorded before, 1 not taken, 0 corrected"), "{out}");
    let told = fs::read_to_string(folder.join("rows.csv.rejected.ndjson")).unwrap();
    assert!(told.contains("not-new") && told.contains("completedAt"), "{told}");
    let (code, out, _) = run(&server, &import);
    assert!(code == 0 && out.contains("0 issued, 1 recorded before, 0 not taken, 1 corrected"), "{out}");

    fs::write(folder.join("none.csv"), "name;email\nAnn;ann@example.org\n").unwrap();
    let (code, _, _) = run(&server, &["import", "completions", "none.csv", "--provider", "example-trust"]);
    assert_eq!(code, 1);
    let told = fs::read_to_string(folder.join("none.csv.rejected.ndjson")).unwrap();
    assert!(told.contains("missing-column") && told.contains("completed_at"), "{told}");
    let (code, _, err) = run(&server, &["import", "completions", "rows.csv", "--provider", "nobody"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("nobody"), "{err}");
}

#[tokio::test]
async fn withdrawals_come_by_file_one_reason_a_row() {
    let server = Server::start(None, &[]).await;
    let folder = server.folder();
    let csv = "name,email,achievement,completed_at,reference\n\
        Ann Example,ann@example.org,user-centred-design,2026-05-01,w-1\n\
        Bob Example,bob@example.org,user-centred-design,2026-05-01,w-2\n\
        Cy Example,cy@example.org,user-centred-design,2026-05-01,w-3\n";
    fs::write(folder.join("rows.csv"), csv).unwrap();
    let of = ["--provider", "example-trust"];
    let (code, out, _) = run(&server, &[&["import", "completions", "rows.csv"][..], &of].concat());
    assert_eq!(code, 0, "{out}");
    fs::write(
        folder.join("back.csv"),
        "reference,reason\nw-1,Marked wrongly\nw-9,A reason\nw-2,\nw-3,\"Sent twice, by mistake\"\n",
    )
    .unwrap();
    let import = [&["import", "withdrawals", "back.csv"][..], &of].concat();
    for told in ["2 withdrawn, 0 withdrawn or revoked before, 2 not taken", "0 withdrawn, 2 withdrawn"] {
        let (code, out, err) = run(&server, &import);
        assert!(code == 1 && out.contains(told) && out.contains("back.csv.rejected.ndjson"), "{out}{err}");
    }
    let rejected = fs::read_to_string(folder.join("back.csv.rejected.ndjson")).unwrap();
    let told: Vec<(u64, String)> = rejected
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| (row["line"].as_u64().unwrap(), row["errors"][0]["code"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(told, [(3, "not-found".to_owned()), (4, "reason-required".to_owned())]);
    let revoked = "SELECT count(*) FROM credentials WHERE state = 'revoked'";
    assert_eq!(sql(&server, revoked).trim(), "[(2,)]");
    // Another provider's references are its own.
    let (code, out, _) = run(&server, &["import", "withdrawals", "back.csv", "--provider", "imperial"]);
    assert!(code == 1 && out.contains("0 withdrawn, 0 withdrawn or revoked before, 4 not taken"), "{out}");
    fs::write(folder.join("back.ndjson"), "{\"reference\": \"w-2\", \"reason\": \"Late\"}\n").unwrap();
    let (code, out, _) = run(&server, &[&["import", "withdrawals", "back.ndjson"][..], &of].concat());
    assert!(code == 0 && out.contains("1 withdrawn"), "{out}");
    assert!(!folder.join("back.ndjson.rejected.ndjson").exists());
}

#[tokio::test]
async fn verify_reads_files_pipes_and_addresses() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("verified").await;
    let png = server.folder().join("badge.png");
    fs::write(&png, server.form(&url, "image/png").await).unwrap();
    for badge in [url.as_str(), png.to_str().unwrap()] {
        let (code, out, err) = run(&server, &["verify", badge]);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.starts_with("VALID") && out.contains("Learner verified"), "{out}");
    }
    for (recipient, code) in [("Learner verified", 0), ("Somebody Else", 1)] {
        assert_eq!(run(&server, &["verify", &url, "--recipient", recipient]).0, code, "{recipient}");
    }
    let mut child =
        server.command(&["verify", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let jwt = server.form(&url, "text/plain").await;
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &jwt).unwrap();
    let (code, out, _) = ran(&child.wait_with_output().unwrap());
    assert_eq!(code, 0, "{out}");
    server.revoke(&url).await;
    let (code, out, _) = run(&server, &["verify", &url]);
    assert_eq!(code, 1);
    assert!(out.starts_with("NOT VALID") && out.contains("FAIL         status-revoked"), "{out}");
    let large = server.folder().join("large");
    fs::write(&large, vec![b' '; 13 * 1024 * 1024]).unwrap();
    assert_eq!(run(&server, &["verify", large.to_str().unwrap()]).0, 2);
}
