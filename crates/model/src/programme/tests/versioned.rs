//! Under which version a learner stands.

use super::*;

/// Version 1.0 needs `mod-a`, version 2.0, published in 2025, needs `mod-b` too,
/// or `mod-c` in its stead in version 3.0, published in 2026.
fn programmes() -> Programmes {
    let core = "      - equality-diversity-inclusion\n      - mod-a\n";
    let version = |version: &str, more: &str| {
        programme(&format!("    version: \"{version}\"\n    all_of:\n{core}{more}"))
    };
    let third = version("3.0", "      - {n_of: 1, from: [mod-b, mod-c]}\n");
    let mut catalogue = read("    all_of: [equality-diversity-inclusion, mod-a]\n").unwrap();
    catalogue.programmes.insert(slug("whole"), third.clone());
    let published = vec![
        (third, at("2026-01-01")),
        (version("1.0", ""), at("2024-01-01")),
        (version("2.0", "      - mod-b\n"), at("2025-01-01")),
    ];
    Programmes::new(&catalogue, published)
}

fn stood(awards: &[Earned]) -> (String, bool) {
    let programmes = programmes();
    let stood = programmes.standing(&slug("whole"), awards, at("2026-06-01")).unwrap();
    (stood.version.programme.version.clone(), stood.standing.is_met())
}

#[test]
fn a_learner_finishes_under_the_version_they_began_or_a_later_one() {
    let core = || earned(CORE_EQUALITY_MODULE, "2026-05-01");
    assert_eq!(stood(&[]), ("3.0".to_owned(), false), "who has not begun begins now");
    assert_eq!(stood(&[core()]), ("3.0".to_owned(), false), "the core module begins nothing");
    assert_eq!(stood(&[earned("mod-a", "2024-06-01"), core()]), ("1.0".to_owned(), true));
    assert_eq!(stood(&[earned("mod-a", "2023-06-01"), core()]), ("1.0".to_owned(), true), "before the first");
    assert_eq!(stood(&[earned("mod-a", "2025-06-01"), core()]), ("2.0".to_owned(), false));
    let other = [earned("mod-a", "2025-06-01"), core(), earned("mod-c", "2026-05-01")];
    assert_eq!(stood(&other), ("3.0".to_owned(), true), "the later one is better");
    let revoked = Earned { stands: false, ..earned("mod-a", "2024-06-01") };
    let again = [revoked, earned("mod-a", "2026-02-01"), core()];
    assert_eq!(stood(&again), ("3.0".to_owned(), false), "what was revoked began nothing");
}

#[test]
fn an_award_leads_to_the_programmes_it_matters_to() {
    let programmes = programmes();
    let concerned = |name: &str| programmes.concerned(&slug(name)).map(Slug::as_str).collect::<Vec<_>>();
    assert_eq!(concerned("mod-b"), ["whole"]);
    assert_eq!(concerned("mod-f"), [""; 0]);
    let versions: Vec<_> =
        programmes.versions(&slug("whole")).iter().map(|it| it.programme.version.as_str()).collect();
    assert_eq!(versions, ["1.0", "2.0", "3.0"]);
}
