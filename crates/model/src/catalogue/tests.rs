use std::fmt::Write as _;

use super::*;

const ORGANISATIONS: &str = "\
organisations:
  academy:
    name: The Academy
    roles: [issuer]
    url: https://academy.example.org
  trust:
    name: A trust
    roles: [provider]
    ods: EX1
";

const ACHIEVEMENTS: &str = "\
achievements:
  equality-diversity-inclusion: &module
    version: \"1.0\"
    kind: module
    achievement_type: Course
    name: Equality
    description: About equality.
    criteria: Finish it.
    credit: {amount: 2.5, unit: hours}
    credit_is_sample: true
    issuer: academy
    creator: academy
    image: {file: images/a.svg, alt: A ring}
    available_from: 2025-01-01
  second: *module
  award:
    version: \"1.0\"
    kind: certificate
    achievement_type: ext:Sample
    name: Certificate
    description: The whole.
    criteria: Earn all of it.
    credit: {amount: 0, unit: hours}
    issuer: academy
    creator: academy
    image: {file: images/a.svg, alt: A shield}
    available_from: 2025-01-01
    withdrawn_on: 2030-12-31
    valid_for_months: 60
    alignments:
      - {name: A level, url: \"https://framework.example.org/1\", target_type: CTDL}
";

const PROGRAMMES: &str = "\
programmes:
  whole:
    achievement: award
    all_of: [equality-diversity-inclusion]
    optional: [second]
    window_months: 36
accreditations:
  - provider: trust
    accredited_by: academy
    achievements: [equality-diversity-inclusion, second]
    from: 2025-01-01
    until: 2025-12-31
job_families:
  data:
    version: \"2025\"
    name: Data
    achievements: [second]
";

fn read_texts(texts: &[&str]) -> Result<Catalogue, Vec<CatalogueError>> {
    let files: Vec<_> =
        texts.iter().enumerate().map(|(n, text)| (format!("{}.yaml", n + 1), (*text).to_owned())).collect();
    read(&files, &|name| (name == "images/a.svg").then(|| "<svg/>".to_owned()))
}

/// The faults of a catalogue in which `from` has been replaced by `to`.
fn faults_with(from: &str, to: &str) -> String {
    let texts = [ORGANISATIONS, ACHIEVEMENTS, PROGRAMMES].map(|text| text.replacen(from, to, 1));
    assert_ne!(texts.concat(), [ORGANISATIONS, ACHIEVEMENTS, PROGRAMMES].concat(), "`{from}` is not there");
    listed(read_texts(&texts.each_ref().map(String::as_str)))
}

fn listed(read: Result<Catalogue, Vec<CatalogueError>>) -> String {
    read.unwrap_err().iter().fold(String::new(), |mut text, fault| {
        writeln!(text, "{fault}").unwrap();
        text
    })
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_catalogue_is_read_whatever_the_order_of_its_files() {
    let catalogue = read_texts(&[ORGANISATIONS, ACHIEVEMENTS, PROGRAMMES]).unwrap();
    assert_eq!(read_texts(&[PROGRAMMES, ORGANISATIONS, "", ACHIEVEMENTS]).unwrap(), catalogue);
    let award = &catalogue.achievements[&slug("award")];
    assert_eq!((award.kind, award.valid_for_months), (Kind::Certificate, Some(60)));
    assert_eq!(award.image, Picture { svg: "<svg/>".to_owned(), alt: "A shield".to_owned() });
    assert_eq!(catalogue.achievements[&slug("second")].credit.to_string(), "2.5 hours");
    assert_eq!(catalogue.organisations[&slug("trust")].ods, Some(OdsCode::new("EX1").unwrap()));
    assert_eq!(catalogue.counting(&slug("second")).count(), 1);
    assert_eq!(catalogue.programme_awarding(&slug("award")).unwrap().slug, slug("whole"));
    assert_eq!(catalogue.issuers().len(), 1);
}

#[test]
fn a_catalogue_survives_being_stored_as_json() {
    let catalogue = read_texts(&[ORGANISATIONS, ACHIEVEMENTS, PROGRAMMES]).unwrap();
    let stored = serde_json::to_string(&catalogue).unwrap();
    assert_eq!(serde_json::from_str::<Catalogue>(&stored).unwrap(), catalogue);
}

#[test]
fn first_and_last_days_are_included() {
    let catalogue = read_texts(&[ORGANISATIONS, ACHIEVEMENTS, PROGRAMMES]).unwrap();
    let accredited =
        |provider, achievement, on| catalogue.accredited(&slug(provider), &slug(achievement), date(on));
    assert!(accredited("trust", "second", "2025-01-01"));
    assert!(accredited("trust", "second", "2025-12-31"));
    assert!(!accredited("trust", "second", "2024-12-31"));
    assert!(!accredited("trust", "second", "2026-01-01"));
    assert!(!accredited("trust", "award", "2025-06-01"));
    assert!(!accredited("academy", "second", "2025-06-01"));
    let award = &catalogue.achievements[&slug("award")];
    assert!(award.available_on(date("2025-01-01")) && award.available_on(date("2030-12-31")));
    assert!(!award.available_on(date("2024-12-31")) && !award.available_on(date("2031-01-01")));
}

#[test]
fn every_fault_of_every_file_is_told_at_once() {
    let organisations = "\
organisations:
  academy:
    name: The Academy
    roles: [issuer, chief]
    ods: ex1
    url: http://academy.example.org
    email: nobody
    telephone: '1'
  Bad Name: {name: x, roles: [body]}
colours: {}
";
    let achievements = "\
achievements:
  second:
    version: 1.0
    kind: seminar
    achievement_type: Seminar
    name: \"  \"
    criteria: Finish it.
    credit: {amount: -1, unit: days}
    credit_is_sample: perhaps
    issuer: akademy
    creator: academy
    image: {file: ../a.svg}
    language: English
    alignments: [{url: nowhere, target_type: CFitem}]
    tags: [a, a]
    available_from: 2025-02-30
    withdrawn_on: 2024-01-01
    valid_for_months: 0
";
    insta::assert_snapshot!(listed(read_texts(&[organisations, achievements])));
}

#[test]
fn cross_checks_name_the_line() {
    let mut told = String::new();
    for (from, to) in [
        ("issuer: academy", "issuer: acadmy"),
        ("issuer: academy", "issuer: trust"),
        ("provider: trust", "provider: academy"),
        ("optional: [second]", "optional: [\n      third]"),
        ("optional: [second]", "optional: [equality-diversity-inclusion]"),
        ("all_of: [equality-diversity-inclusion]", "all_of: [second]"),
        ("    all_of: [equality-diversity-inclusion]\n", ""),
        ("achievement: award", "achievement: second"),
        ("all_of: [equality-diversity-inclusion]", "all_of: [equality-diversity-inclusion, award]"),
        ("withdrawn_on: 2030-12-31", "withdrawn_on: 2024-12-31"),
        ("until: 2025-12-31", "until: 2024-12-31"),
        ("images/a.svg", "images/b.svg"),
        ("alt: A ring", "alt: ''"),
        ("amount: 2.5", "amount: 2.555"),
        ("window_months: 36", "builds_on: hole"),
        ("achievements: [second]", "achievements: [fourth]"),
    ] {
        writeln!(told, "{from} → {to}\n{}", faults_with(from, to)).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_name_defined_twice_is_refused_in_one_file_and_across_files() {
    let again =
        "organisations:\n  trust: {name: Again, roles: [body]}\n  trust: {name: And again, roles: [body]}\n";
    insta::assert_snapshot!(listed(read_texts(&[ORGANISATIONS, again])), @"
    2.yaml:2: organisations.trust: defined already, in 1.yaml on line 6; expected each name once; remove or rename one
    2.yaml:3: organisations.trust: defined already, on line 2; expected each name once; remove or rename one
    ");
}

#[test]
fn programmes_that_need_each_other_are_refused() {
    let circle = "\
achievements:
  first-award: &award
    version: \"1\"
    kind: diploma
    achievement_type: Diploma
    name: Diploma
    description: d
    criteria: c
    credit: {amount: 0, unit: hours}
    issuer: academy
    creator: academy
    image: {file: images/a.svg, alt: A shield}
    available_from: 2025-01-01
  other-award: *award
programmes:
  first:
    achievement: first-award
    all_of: [equality-diversity-inclusion, other-award]
  other:
    achievement: other-award
    all_of: [equality-diversity-inclusion]
    builds_on: first
  same:
    achievement: first-award
    all_of: [equality-diversity-inclusion]
";
    insta::assert_snapshot!(listed(read_texts(&[ORGANISATIONS, ACHIEVEMENTS, circle])));
}

#[test]
fn a_file_that_is_not_yaml_does_not_hide_the_faults_of_the_others() {
    let faults = read_texts(&["organisations: [", "achievements: 1\n", "- a list\n"]).unwrap_err();
    let places: Vec<_> = faults.iter().map(|f| (f.file.as_str(), f.line, f.field.as_str())).collect();
    assert_eq!(places, [("1.yaml", 1, "the file"), ("2.yaml", 1, "achievements"), ("3.yaml", 1, "")]);
}

#[test]
fn garbage_never_panics() {
    use proptest::prelude::*;
    proptest!(|(text in "[ a-z:\\-\\[\\]{}&*!|>'\"#%@\n0-9]{0,200}")| {
        let _ = read_texts(&[&text]);
        let _ = read_texts(&[&format!("achievements:\n  x1:\n    {text}")]);
    });
}

/// The catalogue that ships with the service, in `catalogue/`.
fn shipped() -> Catalogue {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue"));
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = names
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    read(&files, &|name| std::fs::read_to_string(folder.join(name)).ok()).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn the_academys_catalogue_has_no_fault() {
    let catalogue = shipped();
    let counts = (catalogue.organisations.len(), catalogue.achievements.len(), catalogue.programmes.len());
    assert_eq!(counts, (13, 29, 5));
    let issuers: Vec<_> = catalogue.issuers().into_iter().map(Slug::as_str).collect();
    assert_eq!(issuers, ["fedip", "imperial", "nhs-digital-academy"]);
    assert_eq!(catalogue.programmes[&slug("senior-leadership")].builds_on, Some(slug("aspirant-leaders")));
    let copy = catalogue.programmes[&slug("knowledge-services-academy")].lineage.as_ref().unwrap();
    assert_eq!(copy.blueprint, slug("analysts-academy"));
    assert_eq!(catalogue.requirements.len(), 4);
    assert!(catalogue.accredited(&slug("example-trust"), &slug("user-centred-design"), date("2026-06-01")));
    assert!(!catalogue.accredited(
        &slug("example-trust"),
        &slug("senior-leadership-diploma"),
        date("2026-06-01")
    ));
    assert!(catalogue.organisations.values().all(|organisation| organisation.ods.is_none()));
}

#[test]
fn the_academys_catalogue_invents_no_figures() {
    for achievement in shipped().achievements.values() {
        let carries = !achievement.credit.amount().is_zero();
        assert_eq!(carries, achievement.credit_is_sample, "{}", achievement.slug);
        if matches!(achievement.kind, Kind::RegistrationLevel | Kind::PriorLearning) {
            assert!(!carries && achievement.valid_for_months.is_none(), "{}", achievement.slug);
        }
    }
    assert!(shipped().maintenance.values().all(|policy| policy.is_sample));
    for set in shipped().requirements.values() {
        let asks_for_credit = serde_json::to_string(set).unwrap().contains("\"credit");
        assert!(set.is_sample && !asks_for_credit && set.window.months.is_none(), "{}", set.slug);
    }
}

#[test]
fn every_picture_of_the_academys_catalogue_is_used_once() {
    let catalogue = shipped();
    let mut pictures: Vec<_> =
        catalogue.achievements.values().map(|it| (&it.image.svg, &it.image.alt)).collect();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue/images")).unwrap();
    assert_eq!(pictures.len(), files.count());
    pictures.sort();
    pictures.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(pictures.len(), catalogue.achievements.len());
}

#[test]
fn a_cpd_scheme_is_read_and_its_faults_are_told() {
    let scheme = |rules: &str| {
        format!(
            "{ORGANISATIONS}cpd_schemes:\n  sample:\n    name: Sample\n    body: academy\n    rules:\n{rules}"
        )
    };
    let good = scheme(
        "      - from: 2025-01-01\n        unit: hours\n        period: {by: calendar, month: 4, day: 1, months: 12}\n        \
         minimum: 20\n        categories:\n          - {slug: reading, name: Reading, at_most: 8}\n        \
         conversions:\n          - {unit: points, worth: 0.5, from: 2025-01-01}\n",
    );
    let catalogue = read_texts(&[&good]).unwrap();
    let rules = &catalogue.cpd_schemes[&slug("sample")].rules[0];
    assert_eq!(
        (rules.minimum.to_string().as_str(), rules.categories.len(), rules.conversions.len()),
        ("20", 1, 1)
    );
    let bad = scheme(
        "      - from: 2025-01-01\n        unit: naps\n        period: {by: moon, months: 0}\n        minimum: -1\n      \
         - from: 2025-01-01\n        unit: hours\n        period: {by: calendar, months: 12}\n        minimum: 5\n        \
         statement_words: 0\n        categories:\n          - {slug: reading, name: Reading, at_most: 1, at_least: 9}\n          \
         - {slug: reading, name: Again}\n        conversions:\n          - {unit: hours, worth: 0, from: 2025-01-01}\n",
    );
    insta::assert_snapshot!(listed(read_texts(&[&bad])));
    insta::assert_snapshot!(listed(read_texts(&[
        &scheme("      []\n").replace("body: academy", "body: nobody")
    ])));
    let consistent = scheme(
        "      - from: 2025-01-01\n        unit: hours\n        period: {by: anniversary, months: 12}\n        minimum: 5\n        \
         categories:\n          - {slug: reading, name: Reading, at_most: 1, at_least: 9}\n          \
         - {slug: reading, name: Again}\n        conversions:\n          - {unit: hours, worth: 2, from: 2025-01-01}\n",
    );
    insta::assert_snapshot!(listed(read_texts(&[&consistent])));
}

const FOLLOWERS: &str = "\
organisations:
  old-trust:
    name: The old trust
    roles: [provider]
    succession: {on: 2025-04-01, manner: split, by: [north, south]}
  north:
    name: The north
    roles: [provider]
    succession: {on: 2026-04-01, manner: merged, by: [south]}
  south:
    name: The south
    roles: [provider]
";

#[test]
fn who_answers_for_an_organisation_is_who_follows_it_in_the_end() {
    let catalogue = read_texts(&[FOLLOWERS]).unwrap();
    let answering = |day: &str| -> Vec<String> {
        let found = catalogue.answering_for(&slug("old-trust"), date(day));
        found.into_iter().map(|one| one.slug.to_string()).collect()
    };
    assert!(answering("2025-03-31").is_empty(), "it stands itself");
    assert_eq!(answering("2025-04-01"), ["north", "south"]);
    assert_eq!(answering("2026-04-01"), ["south"]);
    assert!(catalogue.answering_for(&slug("south"), date("2030-01-01")).is_empty());
    assert_eq!(catalogue.succession(&slug("north"), date("2026-04-01")).unwrap().manner, Manner::Merged);
}

#[test]
fn a_succession_that_cannot_be_is_refused_with_its_place() {
    let bad = FOLLOWERS.replace("manner: split, by: [north, south]", "manner: renamed, by: [north, south]")
        + "    succession: {on: 2027-04-01, manner: swallowed, by: [nobody]}\n";
    insta::assert_snapshot!(listed(read_texts(&[&bad])));
    let round = FOLLOWERS.to_owned() + "    succession: {on: 2027-04-01, manner: merged, by: [north]}\n";
    insta::assert_snapshot!(listed(read_texts(&[&round])));
}
