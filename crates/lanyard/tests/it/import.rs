//! A large import that is killed at random and run again comes to the same as one that
//! was left alone.

use std::{fmt::Write as _, fs, process::Stdio, time::Duration};

use model::chance::{Entropy, SystemEntropy};

use crate::{bad_input::recorded, cli::run, server::Server};

const KILLS: usize = 4;
const LEARNERS: usize = 300;
/// The first five make a certificate.
const ACHIEVEMENTS: [&str; 8] = [
    "equality-diversity-inclusion",
    "introduction-digital-data-technology",
    "user-centred-design",
    "introduction-data-analytics",
    "implementing-digital-solutions",
    "masterclass-artificial-intelligence",
    "masterclass-cyber-security",
    "action-learning-set",
];
/// One row in so many is bad.
const BAD: usize = 41;
const IMPORT: [&str; 5] = ["import", "completions", "rows.csv", "--provider", "example-trust"];

#[tokio::test]
async fn a_killed_import_comes_to_the_same_on_sqlite() {
    comes_to_the_same(None, None).await;
}

#[tokio::test]
async fn a_killed_import_comes_to_the_same_on_postgres() {
    let [killed, alone] = [(); 2].map(|()| testkit::PostgresDatabase::empty());
    comes_to_the_same(Some(killed.url().to_owned()), Some(alone.url().to_owned())).await;
}

async fn comes_to_the_same(killed: Option<String>, alone: Option<String>) {
    let (killed, alone) = (Server::start(killed, &[]).await, Server::start(alone, &[]).await);
    let rows = LEARNERS * ACHIEVEMENTS.len();
    for server in [&killed, &alone] {
        fs::write(server.folder().join("rows.csv"), file()).unwrap();
    }
    for _ in 0..KILLS {
        let mut import = killed.command(&IMPORT);
        let mut import = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let [high, low] = (&SystemEntropy as &dyn Entropy).array();
        let moment = u64::from(u16::from_be_bytes([high, low]) % 2500);
        tokio::time::sleep(Duration::from_millis(500 + moment)).await;
        import.kill().unwrap();
        import.wait().unwrap();
    }
    let reports = [&killed, &alone].map(|server| {
        let (code, out, err) = run(server, &IMPORT);
        assert_eq!(code, 1, "some rows are bad: {out}{err}");
        assert!(out.contains(&format!(" {} not taken", rows / BAD)), "{out}");
        fs::read_to_string(server.folder().join("rows.csv.rejected.ndjson")).unwrap()
    });
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0].lines().count(), rows / BAD);
    // Whose certificate lacks a module has none.
    let without = (0..rows).filter(|row| is_bad(*row) && row / LEARNERS < 5).count();
    let expected = u64::try_from(rows - rows / BAD + LEARNERS - without).unwrap();
    assert_eq!(recorded(&alone), [expected; 4]);
    assert_eq!(recorded(&killed), [expected; 4]);

    let (_, out, _) = run(&killed, &IMPORT);
    assert!(out.contains(&format!("0 issued, {} recorded before", rows - rows / BAD)), "{out}");
    assert_eq!(recorded(&killed), [expected; 4]);
}

fn is_bad(row: usize) -> bool {
    row % BAD == BAD - 1
}

/// Everybody's first completion, then everybody's second.
fn file() -> String {
    let mut file = "reference,name,email,achievement,completed_at\n".to_owned();
    for row in 0..LEARNERS * ACHIEVEMENTS.len() {
        let (nth, learner) = (row / LEARNERS, row % LEARNERS);
        let email = if is_bad(row) { "nowhere".to_owned() } else { format!("l{learner}@example.org") };
        let achievement = ACHIEVEMENTS[nth];
        writeln!(file, "R-{row},Learner {learner},{email},{achievement},2026-0{}-11", nth + 1).unwrap();
    }
    file
}
