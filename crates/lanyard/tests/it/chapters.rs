//! The stories of chapters of docs/, told to a running service: what a chapter says is
//! pasted into a shell comes out as the chapter says.

use std::{fs, process::Command};

use crate::server::{Server, project};

/// A block of commands, and what they print.
pub struct Step {
    commands: String,
    printed: String,
}

/// The commands of a chapter. A program in it, whose first line is a comment with the name of its
/// file, is written there.
pub fn steps(chapter: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        let kind = line.strip_prefix("```").unwrap_or_default();
        if !matches!(kind, "sh" | "text" | "python" | "ts") {
            continue;
        }
        let mut block = String::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            block.push_str(line);
            block.push('\n');
        }
        match steps.last_mut() {
            Some(step) if kind == "text" => step.printed = block,
            _ => {
                let file = block
                    .lines()
                    .next()
                    .filter(|_| kind != "sh")
                    .map(|name| name.trim_start_matches(['#', '/', ' ']));
                let commands = match file {
                    Some(file) => format!("cat > {file} <<'END OF FILE'\n{block}END OF FILE\n"),
                    None => block,
                };
                steps.push(Step { commands, printed: String::new() });
            }
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
        tell(&server, &steps, &[]);
        let audit = server.audit();
        assert_eq!(audit["audit"]["findings"].as_array().map_or(0, Vec::len), 0, "{audit}");
    }
}

/// Pastes the steps into a shell with the settings of the service and these variables, and
/// compares what each prints.
pub fn tell(server: &Server, steps: &[Step], with: &[(&str, String)]) {
    let mut script = String::from("set -o pipefail\n");
    for step in steps {
        script
            .push_str(&step.commands.replace("BASE=http://127.0.0.1:8080", &format!("BASE={}", server.base)));
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
        .envs(with.iter().cloned())
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
}

#[test]
fn three_dots_stand_for_anything() {
    assert!(is_like("added 4, unchanged 70", "added 4, unchanged …"));
    assert!(is_like("a (b) c", "a (…) c"));
    assert!(!is_like("a (b) d", "a (…) c"));
    assert!(!is_like("a b", "a"));
}
