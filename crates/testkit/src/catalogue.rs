//! A small made-up catalogue: two issuers, two providers, the core module, one
//! more module and the certificate that both make.

use chrono::NaiveDate;
use model::{
    catalogue::{
        Accreditation, AchievementDefinition, CORE_EQUALITY_MODULE, Catalogue, CoreSkill, JobFamily, Kind,
        OdsCode, Organisation, Picture, Programme, Role,
    },
    cpd::{
        Credit, Unit,
        scheme::{Category, Conversion, Period, Rules, Scheme},
    },
    id::Slug,
    maintenance::{self, Asks, Cpd, MaintenancePolicy, Reinstatement, Renewal},
    programme::{Rule, Window},
};
use rust_decimal::Decimal;

/// The Academy: issuer at the root.
pub const ACADEMY: &str = "nhs-digital-academy";
/// A provider that is accredited for both modules, and signs nothing.
pub const TRUST: &str = "example-trust";
/// A provider that is accredited for one module and is an issuer too.
pub const UNIVERSITY: &str = "example-university";
/// The core module of every programme.
pub const CORE: &str = CORE_EQUALITY_MODULE;
/// A module.
pub const INTRODUCTION: &str = "digital-introduction";
/// A module that [`UNIVERSITY`] signs itself.
pub const SEMINAR: &str = "example-seminar";
/// Prior learning, in [`with_prior_learning`] alone.
pub const FELLOWSHIP: &str = "example-fellowship";
/// The certificate that [`FOUNDATION`] awards.
pub const CERTIFICATE: &str = "foundation-certificate";
/// The programme.
pub const FOUNDATION: &str = "foundation";
/// The CPD scheme.
pub const SCHEME: &str = "sample-revalidation";
/// The version of every achievement.
pub const VERSION: &str = "1.0";

/// The catalogue.
pub fn sample() -> Catalogue {
    let organisations = [
        organisation(ACADEMY, "Sample Digital Academy", &[Role::Issuer, Role::Body], None),
        organisation(TRUST, "Example Trust", &[Role::Provider], Some("RX1")),
        organisation(UNIVERSITY, "Example University", &[Role::Provider, Role::Issuer], None),
    ];
    let achievements = [
        achievement(CORE, Kind::Module, ACADEMY, "2"),
        achievement(INTRODUCTION, Kind::Module, ACADEMY, "7.5"),
        achievement(SEMINAR, Kind::Masterclass, UNIVERSITY, "1.25"),
        achievement(CERTIFICATE, Kind::Certificate, ACADEMY, "0"),
    ];
    let programme = Programme {
        optional: vec![slug(SEMINAR)],
        window: Window { months: Some(36), ..Window::default() },
        ..Programme::plain(slug(FOUNDATION), slug(CERTIFICATE), [slug(CORE), slug(INTRODUCTION)])
    };
    let family = JobFamily {
        slug: slug("sample-analysts"),
        version: "2026".to_owned(),
        name: "Sample analysts".to_owned(),
        description: None,
        url: None,
        achievements: vec![slug(INTRODUCTION)],
    };
    let skill = CoreSkill {
        slug: slug("fire-safety"),
        name: "Fire Safety".to_owned(),
        framework: "Core Skills Training Framework".to_owned(),
        url: None,
        achievements: vec![slug(INTRODUCTION)],
    };
    Catalogue {
        organisations: organisations.into_iter().map(|one| (one.slug.clone(), one)).collect(),
        achievements: achievements.into_iter().map(|one| (one.slug.clone(), one)).collect(),
        programmes: [(programme.slug.clone(), programme)].into(),
        requirements: std::collections::BTreeMap::new(),
        accreditations: vec![
            accreditation(TRUST, INTRODUCTION),
            accreditation(TRUST, CORE),
            accreditation(UNIVERSITY, SEMINAR),
            accreditation(UNIVERSITY, INTRODUCTION),
            accreditation(ACADEMY, CERTIFICATE),
        ],
        job_families: [(family.slug.clone(), family)].into(),
        core_skills: [(skill.slug.clone(), skill)].into(),
        cpd_schemes: [(slug(SCHEME), scheme())].into(),
        maintenance: std::collections::BTreeMap::new(),
    }
}

/// The catalogue with [`FELLOWSHIP`], which [`FOUNDATION`] accepts in the stead of
/// [`INTRODUCTION`].
pub fn with_prior_learning() -> Catalogue {
    let mut catalogue = sample();
    let fellowship = achievement(FELLOWSHIP, Kind::PriorLearning, ACADEMY, "0");
    catalogue.achievements.insert(fellowship.slug.clone(), fellowship);
    catalogue.accreditations.push(accreditation(ACADEMY, FELLOWSHIP));
    for programme in catalogue.programmes.values_mut() {
        "1.1".clone_into(&mut programme.version);
        for rule in &mut programme.rule.rules {
            if let Rule::Place(place) = rule
                && place.achievement.as_str() == INTRODUCTION
            {
                place.prior_learning.push(slug(FELLOWSHIP));
            }
        }
    }
    catalogue
}

/// Twenty hours a year from the day of joining, of which at most eight by reading, and
/// a statement; a point is half an hour.
fn scheme() -> Scheme {
    let day: NaiveDate = "2020-01-01".parse().unwrap();
    let reading = Category {
        slug: slug("reading"),
        name: "Reading".to_owned(),
        at_most: Some(Decimal::from(8)),
        at_least: None,
    };
    Scheme {
        slug: slug(SCHEME),
        name: "Sample revalidation".to_owned(),
        body: slug(ACADEMY),
        url: None,
        is_sample: true,
        rules: vec![Rules {
            from: day,
            unit: Unit::Hours,
            period: Period::Anniversary { months: 12 },
            minimum: Decimal::from(20),
            categories: vec![reading],
            carry_over: Some(Decimal::from(5)),
            statement_words: Some(250),
            conversions: vec![Conversion { unit: Unit::Points, worth: Decimal::new(5, 1), from: day }],
        }],
    }
}

/// The catalogue with a policy for [`INTRODUCTION`].
pub fn maintained(rules: Vec<maintenance::Rules>) -> Catalogue {
    let policy = MaintenancePolicy {
        slug: slug("sample-policy"),
        name: "Sample policy".to_owned(),
        body: slug(ACADEMY),
        url: None,
        is_sample: true,
        achievements: vec![slug(INTRODUCTION)],
        programmes: Vec::new(),
        rules,
        until: None,
    };
    Catalogue { maintenance: [(policy.slug.clone(), policy)].into(), ..sample() }
}

/// Two years; ten hours in each; renewed within 90 days of the end or 30 after it; for
/// a year after that by [`CORE`].
pub fn maintenance_rules(from: &str) -> maintenance::Rules {
    maintenance::Rules {
        from: from.parse().unwrap(),
        for_running_terms: false,
        valid_months: Some(24),
        renewal: Some(Renewal {
            opens_days_before: 90,
            on_request: false,
            asks: Asks {
                cpd: vec![Cpd::Amount { credit: hours("10"), category: None, every_months: Some(12) }],
                reassessment: None,
            },
            reminders_days_before: vec![90, 30, 7],
        }),
        grace_days: 30,
        reinstatement: Some(Reinstatement {
            within_days: 365,
            on_request: false,
            asks: Asks { cpd: Vec::new(), reassessment: Some(slug(CORE)) },
        }),
    }
}

/// A short name that the test knows to be well formed.
pub fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// Hours of learning, as decimal text.
pub fn hours(amount: &str) -> Credit {
    Credit::new(amount.parse::<Decimal>().unwrap(), Unit::Hours).unwrap()
}

fn organisation(name: &str, title: &str, roles: &[Role], ods: Option<&str>) -> Organisation {
    Organisation {
        slug: slug(name),
        name: title.to_owned(),
        roles: roles.to_vec(),
        ods: ods.map(|code| OdsCode::new(code).unwrap()),
        url: Some(format!("https://{name}.example.org")),
        email: Some(format!("badges@{name}.example.org")),
        description: None,
        signs_as: Vec::new(),
        succession: None,
    }
}

fn achievement(name: &str, kind: Kind, issuer: &str, credit: &str) -> AchievementDefinition {
    AchievementDefinition {
        slug: slug(name),
        version: VERSION.to_owned(),
        kind,
        achievement_type: if kind == Kind::Certificate { "Certificate" } else { "Course" }.to_owned(),
        name: format!("Sample {}", name.replace('-', " ")),
        description: "A sample for tests.".to_owned(),
        criteria: "Finish the *sample*.".to_owned(),
        credit: hours(credit),
        credit_is_sample: true,
        issuer: slug(issuer),
        creator: slug(ACADEMY),
        image: Picture {
            svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" r=\"4\" fill=\"#005eb8\"/></svg>"
                .to_owned(),
            alt: "A blue disc".to_owned(),
        },
        tags: vec!["sample".to_owned()],
        field_of_study: None,
        human_code: None,
        language: "en-GB".to_owned(),
        level: None,
        alignments: Vec::new(),
        available_from: day(2020),
        withdrawn_on: None,
        valid_for_months: None,
    }
}

fn accreditation(provider: &str, achievement: &str) -> Accreditation {
    Accreditation {
        provider: slug(provider),
        achievement: slug(achievement),
        from: day(2021),
        until: None,
        accredited_by: slug(ACADEMY),
    }
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
}
