//! The stories of chapters of docs/, told to a running service: what a chapter says is
//! pasted into a shell comes out as the chapter says.

use std::{fs, process::Command};

use crate::server::{Server, project};

/// A block of commands, and what they print.
struct Step {
    commands: String,
    printed: String,
}

fn steps(chapter: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        let kind = line.strip_prefix("```").unwrap_or_default();
        if !matches!(kind, "sh" | "text") {
            continue;
        }
        let mut block = String::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            block.push_str(line);
            block.push('\n');
        }
        match steps.last_mut() {
            Some(step) if kind == "text" => step.printed = block,
            _ => steps.push(Step { commands: block, printed: String::new() }),
        }
    }
    steps
}

/// Whether a line is as the chapter has it, `…` standing for anything.
fn is_like(line: &str, told: &str) -> bool {
    let mut parts = told.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut ends_open = false;
    for part in parts {
        ends_open = part.is_empty();
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    ends_open || rest.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapter_on_programmes_is_true() {
    is_true("docs/programmes.md", 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapter_on_maintenance_is_true() {
    is_true("docs/maintenance.md", 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapter_on_endorsements_is_true() {
    is_true("docs/endorsements.md", 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapter_on_corrections_is_true() {
    is_true("docs/corrections.md", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapter_on_erasure_is_true() {
    is_true("docs/erasure.md", 4).await;
}

async fn is_true(chapter: &str, fewest: usize) {
    let steps = steps(&fs::read_to_string(project().join(chapter)).unwrap());
    assert!(steps.len() > fewest, "the chapter has lost its commands");
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        let copied = Command::new("cp")
            .arg("-r")
            .arg(project().join("catalogue"))
            .arg(server.folder().join("catalogue"))
            .status()
            .unwrap();
        assert!(copied.success());
        let mut script = String::from("set -o pipefail\n");
        for step in &steps {
            script.push_str(
                &step.commands.replace("BASE=http://127.0.0.1:8080", &format!("BASE={}", server.base)),
            );
            script.push_str("echo ':: end of a step'\n");
        }
        // The settings of the service, for a shell that finds its command line.
        let service = server.command(&[]);
        let binary = std::path::Path::new(service.get_program()).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let settings = service.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(server.folder())
            .envs(settings)
            .env("PATH", path)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let told: Vec<&str> = printed.split(":: end of a step\n").collect();
        assert_eq!(told.len(), steps.len() + 1, "{printed}{complaints}");
        for (step, told) in steps.iter().zip(told) {
            let (told, wanted): (Vec<_>, Vec<_>) = (told.lines().collect(), step.printed.lines().collect());
            let is_true = told.len() == wanted.len()
                && told.iter().zip(&wanted).all(|(told, wanted)| is_like(told, wanted));
            assert!(
                is_true,
                "{}\nprints\n{}\nnot\n{}\n{complaints}",
                step.commands,
                told.join("\n"),
                step.printed
            );
        }
        let audit = server.audit();
        assert_eq!(audit["audit"]["findings"].as_array().map_or(0, Vec::len), 0, "{audit}");
    }
}

#[test]
fn three_dots_stand_for_anything() {
    assert!(is_like("added 4, unchanged 70", "added 4, unchanged …"));
    assert!(is_like("a (b) c", "a (…) c"));
    assert!(!is_like("a (b) d", "a (…) c"));
    assert!(!is_like("a b", "a"));
}
