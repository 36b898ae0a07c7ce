//! Pages to render: invented people, and content chosen to break pages.

mod docs;

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    catalogue::Kind,
    cpd::{Credit, scheme::Span},
    maintenance::{Need, Standing, State, Term, Way, WayKind},
    report::{Check, Clause, Conclusion, FaultOwner, Outcome, Question, Report, Summary},
    sentence::{Phrase, Sentence},
    site::Site,
};
use web::*;

use docs::docs;

pub const NASTY: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> & {{ t }} \u{202e}drawkcab\u{200f} \
                         عائشة الحسن 👩🏽‍⚕️ Llŷr";

/// A page waiting for its chrome.
pub type Render = Box<dyn Fn(&Chrome<'_>) -> String>;

pub fn site() -> Site {
    Site::new("https://badges.example.org", "nhs-digital-academy".parse().unwrap()).unwrap()
}

/// Every page under a name, with `words` for whatever somebody else writes.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn pages(words: Option<&str>) -> Vec<(&'static str, Render)> {
    let w = |ordinary: &str| words.unwrap_or(ordinary).to_owned();
    let badge = |status| BadgePage { status, ..badge(&w) };
    let mut all: Vec<(&'static str, Render)> = Vec::new();
    macro_rules! page {
        ($name:literal, $page:expr) => {
            let page = $page;
            all.push(($name, Box::new(move |chrome| page.render(chrome))));
        };
    }
    page!("home", HomePage { achievements: earnables(&w), issuers: vec![academy(&w)] });
    page!("badge", badge(BadgeStatus::Valid));
    page!("badge-not-yet", badge(BadgeStatus::NotYetValid));
    page!("badge-expired", badge(BadgeStatus::Expired));
    page!(
        "badge-revoked",
        badge(BadgeStatus::Revoked {
            at: moment("2026-11-20T09:30:00Z"),
            reason: Some(w("Awarded in error"))
        })
    );
    let other = || BadgeLink {
        id: "5b1e0c52-6d0d-4a9b-8f3c-2a1b7c9d0e33".parse().unwrap(),
        name: w("User centred design"),
    };
    let revoked = || BadgeStatus::Revoked { at: moment("2026-11-20T09:30:00Z"), reason: None };
    page!(
        "badge-corrected",
        BadgePage {
            corrected_to: Some(CorrectedBadge::Own(other())),
            corrects: Some(CorrectedBadge::AnotherHolders),
            ..badge(revoked())
        }
    );
    page!(
        "badge-corrected-elsewhere",
        BadgePage {
            corrected_to: Some(CorrectedBadge::AnotherHolders),
            corrects: Some(CorrectedBadge::Own(other())),
            ..badge(revoked())
        }
    );
    page!("badge-of-programme", badge_of_programme(&w));
    page!("badge-due", badge_kept(&w, State::Due));
    page!("badge-lapsed", badge_kept(&w, State::Lapsed));
    page!("badge-renewed", badge_renewed(&w));
    page!("verify", VerifyPage::default());
    let failed = |error| VerifyPage {
        text: w("{\"id\":"),
        url: w("badges"),
        recipient: w("sian@example.org"),
        achievement: w("User centred design"),
        level: "practitioner".into(),
        levels: vec![("practitioner".into(), w("Practitioner"))],
        as_of: [w("31"), w("3"), w("2026")],
        also: vec!["log".into(), "ledger".into()],
        policy: "nhs-employers".into(),
        policies: vec![("nhs-employers".into(), w("NHS employers"))],
        error: Some(error),
    };
    page!("verify-nothing", VerifyPage { error: Some(VerifyFormError::Nothing), ..VerifyPage::default() });
    page!("verify-not-url", failed(VerifyFormError::NotUrl));
    page!("verify-not-fetched", failed(VerifyFormError::NotFetched));
    page!("verify-not-date", failed(VerifyFormError::NotDate));
    page!("verify-more", failed(VerifyFormError::MoreThanOne));
    page!("verify-large", failed(VerifyFormError::TooLarge { field: VerifyField::File, limit: 262_144 }));
    let offer = |fault| OfferPage {
        hidden: vec![("client_id", w("wallet")), ("state", w("a state"))],
        wallet: w("https://wallet.example.org"),
        fault,
    };
    page!("offer", offer(None));
    page!("offer-missing", offer(Some(OfferFault::Missing)));
    page!("offer-wrong", offer(Some(OfferFault::Wrong { left: 3 })));
    page!("offer-void", offer(Some(OfferFault::Void)));
    let interaction = |kind, learner_wallet| InteractionPage {
        kind,
        wallet: w("openid-credential-offer://?credential_offer_uri=x"),
        learner_wallet,
        qr: "/interactions/x/qr.svg".to_owned(),
        until: moment("2026-11-20T09:30:00Z"),
    };
    let learner = || LearnerWallet::Link(w("https://lcw.app/request?request=x"));
    page!("interaction", interaction(InteractionKind::Offer, learner()));
    page!(
        "interaction-opened",
        interaction(InteractionKind::Offer, LearnerWallet::Opened(w("https://lcw.app/")))
    );
    page!("interaction-code", interaction(InteractionKind::Offer, LearnerWallet::Code(None)));
    let fault = LearnerWallet::Code(Some(OfferFault::Wrong { left: 4 }));
    page!("interaction-wrong", interaction(InteractionKind::Offer, fault));
    let void = LearnerWallet::Code(Some(OfferFault::Void));
    page!("interaction-void", interaction(InteractionKind::Offer, void));
    let request =
        InteractionKind::Request { asker: w("Example Trust"), purpose: w("To check your training") };
    page!("interaction-request", interaction(request, learner()));
    let connect = |fault| ConnectPage {
        system: w("Sample Passport"),
        address: w("https://passport.example.org"),
        permissions: vec![
            Permission::ReadBadges,
            Permission::AddBadges,
            Permission::ReadProfile,
            Permission::WriteProfile,
        ],
        hidden: vec![("client_id", w("a client")), ("state", w("a state"))],
        refuse: w("https://passport.example.org/back?error=access_denied"),
        fault,
    };
    page!("connect", connect(None));
    page!("connect-missing", connect(Some(ConnectFault::Missing)));
    page!("connect-wrong", connect(Some(ConnectFault::Wrong)));
    let host = |step| HostPage { host: w("https://backpack.example.org"), step };
    let hidden = vec![("state", w("a state")), ("code", w("a code"))];
    page!("host", host(HostStep::Ask { learner: w("Siân Example-Jones"), hidden }));
    page!("host-done", host(HostStep::Done));
    page!("host-refused", host(HostStep::Refused));
    page!("host-over", HostPage { host: String::new(), step: HostStep::Over });
    page!("host-failed", host(HostStep::Failed));
    page!("report-valid", ReportPage { report: report(&w, Outcome::Pass), issuer: Some(academy(&w)) });
    page!("report-invalid", ReportPage { report: report(&w, Outcome::Fail), issuer: None });
    page!("report-forged", ReportPage { report: report(&w, Outcome::Fail), issuer: Some(academy(&w)) });
    page!(
        "report-of-person",
        ReportPage {
            report: expecting(report(&w, Outcome::Pass), &w("It names its subject `Siân Example-Jones`.")),
            issuer: Some(academy(&w))
        }
    );
    page!(
        "report-presentation",
        ReportPage {
            report: report(&w, Outcome::Pass)
                .with_credentials(vec![report(&w, Outcome::Pass), report(&w, Outcome::Fail)]),
            issuer: None
        }
    );
    page!("report-undetermined", ReportPage { report: report(&w, Outcome::NotChecked), issuer: None });
    let enough = |proof| ReportPage { report: for_level(report(&w, proof)), issuer: Some(academy(&w)) };
    page!("report-below-level", enough(Outcome::Pass));
    page!("report-open-below-level", enough(Outcome::NotChecked));
    page!("achievement", achievement(&w));
    page!("issuer", issuer(&w));
    page!(
        "problem",
        ProblemPage {
            slug: "idempotency-key-reused".into(),
            title: w("The Idempotency-Key was used for another request"),
            status: 422,
            meaning: w("The same key came with a different body. Nothing was changed."),
            action: w("Send the first body again, or choose a new key."),
            example: Some(w(
                "{\n  \"type\": \"https://badges.example.org/problems/idempotency-key-reused\",\n  \"status\": 422\n}"
            )),
        }
    );
    page!(
        "problems",
        ProblemListPage {
            problems: vec![ProblemLink {
                slug: "not-found".into(),
                title: w("There is nothing here"),
                status: 404
            }]
        }
    );
    page!("docs", docs(&w));
    let failure = |kind| FailurePage { kind, detail: None, reference: Some("0199f0e2-5a0c-7d8e".into()) };
    let detailed =
        |kind| FailurePage { detail: Some(w("No such system is registered here.")), ..failure(kind) };
    page!("not-found", FailurePage { kind: FailureKind::NotFound, detail: None, reference: None });
    page!("gone", FailurePage { kind: FailureKind::Gone, detail: None, reference: None });
    page!("ended", failure(FailureKind::Ended));
    page!("refused", detailed(FailureKind::Refused));
    page!("too-slow", failure(FailureKind::TooSlow));
    page!("too-large", detailed(FailureKind::TooLarge));
    page!("bad-request", detailed(FailureKind::BadRequest));
    page!("too-many", failure(FailureKind::TooMany { retry_after: 30 }));
    page!("internal", failure(FailureKind::Internal));
    page!("elsewhere", detailed(FailureKind::Elsewhere));
    page!("unavailable", failure(FailureKind::Unavailable));
    all
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn academy(w: &dyn Fn(&str) -> String) -> OrganisationLink {
    OrganisationLink { slug: "nhs-digital-academy".parse().unwrap(), name: w("NHS Digital Academy") }
}

fn module(slug: &str, name: String) -> AchievementLink {
    AchievementLink { slug: slug.parse().unwrap(), version: "1.0".into(), name }
}

fn modules(w: &dyn Fn(&str) -> String) -> Vec<AchievementLink> {
    vec![
        module("introduction-to-digital", w("Introduction to digital, data and technology")),
        module("user-centred-design", w("User centred design")),
        module("introduction-to-data", w("Introduction to using data and analytics")),
    ]
}

fn earnables(w: &dyn Fn(&str) -> String) -> Vec<Earnable> {
    let earnable = |slug, name, kind, parts| Earnable {
        achievement: module(slug, w(name)),
        kind,
        language: "en-GB".into(),
        parts,
    };
    vec![
        earnable("user-centred-design", "User centred design", Kind::Module, None),
        earnable("diploma", "Senior leadership diploma", Kind::Diploma, Some((2, 0))),
        earnable("foundation", "Foundation Certificate", Kind::Certificate, Some((5, 1))),
        earnable("topol", "Topol Fellowship", Kind::PriorLearning, None),
    ]
}

fn credit() -> Credit {
    Credit::new("7.5".parse().unwrap(), "hours".parse().unwrap()).unwrap()
}

const CRITERIA: &str = "To earn this badge the learner:\n\n- took part in the four workshops\n- tested a service \
                        with **five or more** of its users\n- wrote up what they learned\n\nSee the [service \
                        manual](https://service-manual.nhs.uk/).";

fn badge(w: &dyn Fn(&str) -> String) -> BadgePage {
    let download = |format: &str| format!("https://badges.example.org/badges/1/badge.{format}");
    BadgePage {
        id: "3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e11".parse().unwrap(),
        status: BadgeStatus::Valid,
        holder: w("Siân Example-Jones"),
        achievement: module("user-centred-design", w("User centred design")),
        description: w(
            "Designing services with the people who use them: research, prototypes and testing, so \
                        that digital services meet the needs of patients and staff.",
        ),
        criteria: w(CRITERIA),
        language: "en".into(),
        image_alt: w("A hexagonal badge with a person at its centre and the words User centred design"),
        issuer: academy(w),
        provider: OrganisationLink {
            slug: "example-university".parse().unwrap(),
            name: w("Example University"),
        },
        credit: credit(),
        credit_is_sample: true,
        results: vec![ResultLine { name: w("Final quiz"), value: w("92 %") }],
        evidence: vec![
            EvidenceLine {
                name: Some(w("Portfolio")),
                url: Some("https://learning.example.org/portfolio/1".into()),
                narrative: Some(w("A service redesigned with its users.")),
            },
            EvidenceLine {
                name: None,
                url: Some("http://learning.example.org/plain".into()),
                narrative: None,
            },
            EvidenceLine {
                name: Some(w("Not a link")),
                url: Some("javascript:alert(1)".into()),
                narrative: None,
            },
            EvidenceLine { name: None, url: None, narrative: Some(w("Seen at work.")) },
        ],
        upkeep: None,
        superseded_by: None,
        corrected_to: None,
        corrects: None,
        made_of: Vec::new(),
        answering: vec![Answering {
            ended: OrganisationLink { slug: "example-trust".parse().unwrap(), name: w("Example Trust") },
            since: day("2026-04-01"),
            by: vec![OrganisationLink { slug: "example-group".parse().unwrap(), name: w("Example Group") }],
        }],
        counts_towards: vec![module("foundation", w("Digital Academy Online Foundation Certificate"))],
        started_on: Some(day("2026-09-01")),
        awarded_at: moment("2026-11-02T15:00:00Z"),
        valid_from: moment("2026-11-03T08:15:00Z"),
        valid_until: Some(moment("2029-11-03T08:15:00Z")),
        downloads: Downloads {
            json: download("json"),
            jwt: download("jwt"),
            sd_jwt: Some(download("sd-jwt")),
            png: download("png"),
            svg: download("svg"),
            clr: None,
            qr: download("qr.svg"),
        },
    }
}

/// A programme's own award: no credit, and what it is made up of.
fn badge_of_programme(w: &dyn Fn(&str) -> String) -> BadgePage {
    BadgePage {
        credit: Credit::new("0".parse().unwrap(), "hours".parse().unwrap()).unwrap(),
        results: Vec::new(),
        evidence: Vec::new(),
        downloads: Downloads { clr: Some("https://badges.example.org/v1/credentials/3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e11/clr?format=json".into()), ..badge(w).downloads },
        superseded_by: Some(BadgeLink {
            id: "3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e12".parse().unwrap(),
            name: w("Post Graduate Diploma in Digital Health Leadership"),
        }),
        made_of: vec![BadgeLink {
            id: "7d9c1a52-6d0d-4a9b-8f3c-2a1b7c9d0e22".parse().unwrap(),
            name: w("User centred design"),
        }],
        counts_towards: Vec::new(),
        ..badge(w)
    }
}

/// A badge whose policy asks for hours and an assessment.
fn badge_kept(w: &dyn Fn(&str) -> String, state: State) -> BadgePage {
    let page = badge(w);
    let hours = |have: &str| Need::Cpd {
        have: have.parse().unwrap(),
        of: "20".parse().unwrap(),
        unit: "hours".parse().unwrap(),
        category: None,
        scheme: None,
        span: Span { first: day("2027-03-02"), last: day("2028-03-01") },
    };
    let assessment = Need::Completion {
        achievement: "assessment".parse().unwrap(),
        from: moment("2028-03-01T12:00:01Z"),
        by: moment("2029-03-31T12:00:00Z"),
        done: None,
    };
    let is_due = state == State::Due;
    let way = Way {
        kind: if is_due { WayKind::Renewal } else { WayKind::Reinstatement },
        opens: moment(if is_due { "2027-12-02T12:00:00Z" } else { "2028-03-31T12:00:01Z" }),
        closes: moment(if is_due { "2028-03-31T12:00:00Z" } else { "2029-03-31T12:00:00Z" }),
        on_request: !is_due,
        needs: if is_due { vec![hours("20"), hours("8.5")] } else { vec![assessment] },
    };
    let end = moment("2028-03-01T12:00:00Z");
    let term = Term { credential: page.id, issue: 1, begun: page.valid_from, until: Some(end) };
    let standing = Standing {
        state,
        since: way.opens,
        until: Some(if is_due { end } else { way.closes }),
        term,
        before: None,
        policy: Some("sample-policy".parse().unwrap()),
        way: Some(way),
    };
    let names = [("assessment".parse().unwrap(), w("The assessment"))].into();
    BadgePage {
        status: if is_due { BadgeStatus::Valid } else { BadgeStatus::Expired },
        valid_until: Some(end),
        upkeep: Some(Upkeep { standing, is_sample: true, names }),
        ..page
    }
}

/// The first credential of an award that was renewed.
fn badge_renewed(w: &dyn Fn(&str) -> String) -> BadgePage {
    let page = badge_kept(w, State::Lapsed);
    let mut upkeep = page.upkeep.clone().unwrap();
    upkeep.standing.before = Some(page.id);
    upkeep.standing.term.credential = "3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e13".parse().unwrap();
    upkeep.standing.state = State::InForce;
    BadgePage { upkeep: Some(upkeep), ..page }
}

fn expecting(report: Report, finding: &str) -> Report {
    let mut checks = report.checks;
    checks.retain(|check| check.question != Question::Recipient);
    checks.push(Check {
        question: Question::Recipient,
        outcome: Outcome::Warning,
        code: "recipient-name-matches".into(),
        finding: Sentence::quoted(finding),
        advice: None,
        clause: None,
        fault: None,
        as_of: None,
    });
    Report::conclude(report.checked_at, &report.form, report.summary, checks)
}

static CLAUSE: Clause = Clause {
    name: "VC Data Integrity 1.0, 4.4",
    url: "https://www.w3.org/TR/vc-data-integrity/#verify-proof",
};
static ADVICE: Phrase = Phrase::plain(
    "Ask the holder for the badge as it was issued.",
    "Gofynnwch i'r deiliad am y bathodyn fel y'i cyhoeddwyd.",
);

fn report(w: &dyn Fn(&str) -> String, proof: Outcome) -> Report {
    let check = |question, code: &str, finding: &str| Check {
        question,
        outcome: Outcome::Pass,
        code: code.into(),
        finding: Sentence::quoted(w(finding)),
        advice: None,
        clause: None,
        fault: None,
        as_of: None,
    };
    let proof_check = Check {
        outcome: proof,
        advice: (proof != Outcome::Pass).then_some(&ADVICE),
        clause: Some(&CLAUSE),
        fault: (proof != Outcome::Pass).then_some(FaultOwner::Holder),
        as_of: None,
        ..check(Question::Proof, "proof", "The `eddsa-rdfc-2022` signature covers exactly this content.")
    };
    let dates =
        Check { outcome: Outcome::Warning, ..check(Question::Dates, "ends-soon", "It ends in nine days.") };
    let summary = Summary {
        id: Some("https://badges.example.org/v1/credentials/3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e11".into()),
        achievement: Some(w("User centred design")),
        holder: Some(w("Siân Example-Jones")),
        issuer_id: Some("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK".into()),
        issuer_name: Some(w("NHS Digital Academy")),
        valid_from: Some("2026-11-03T08:15:00Z".into()),
        valid_until: None,
    };
    Report::conclude(
        moment("2026-11-23T10:00:00Z"),
        "json",
        summary,
        vec![
            check(Question::Format, "format", "It is a signed JSON credential of 4,212 bytes."),
            check(Question::Contexts, "contexts", "All contexts are known and every term is defined."),
            check(Question::Schema, "schema", "It has the shape of an Open Badges 3.0 credential."),
            proof_check,
            check(Question::IssuerBinding, "issuer-bound", "The key is listed in the issuer's document."),
            check(Question::Status, "status", "It has not been revoked."),
            dates,
            Check {
                outcome: Outcome::NotChecked,
                ..check(Question::Recipient, "recipient-not-asked", "No recipient was asked for.")
            },
        ],
    )
}

/// The same of somebody who asked whether a level is met, which it is not.
fn for_level(report: Report) -> Report {
    let Report { conclusion, checked_at, form, summary, mut checks, .. } = report;
    let level = Check {
        question: Question::Level,
        outcome: Outcome::Fail,
        code: "level-not-met".into(),
        finding: Sentence::quoted("It does not meet the level Practitioner.".to_owned()),
        ..checks.first().unwrap().clone()
    };
    checks.push(level);
    let is_only_below_level = conclusion == Conclusion::Valid;
    Report { is_only_below_level, ..Report::conclude(checked_at, &form, summary, checks) }
}

fn achievement(w: &dyn Fn(&str) -> String) -> AchievementPage {
    AchievementPage {
        achievement: module("user-centred-design", w("User centred design")),
        achievement_type: "Course".into(),
        description: w("Designing services with the people who use them."),
        criteria: w(CRITERIA),
        language: "en".into(),
        image_alt: w("A hexagonal badge with a person at its centre"),
        credit: credit(),
        credit_is_sample: true,
        issuer: academy(w),
        creator: academy(w),
        endorsements: endorsements(w),
        providers: vec![Accredited {
            what: OrganisationLink {
                slug: "example-university".parse().unwrap(),
                name: w("Example University"),
            },
            by: academy(w),
            from: day("2024-01-01"),
            until: Some(day("2027-12-31")),
        }],
        rule: [
            "All of:",
            "  User centred design",
            "  at least 1 of “Practice”:",
            "    Action learning set",
            "All of it earned within 36 months.",
        ]
        .map(w)
        .into(),
        made_of: modules(w),
        optional: vec![module("masterclass", w("Artificial intelligence"))],
        window_months: Some(36),
        counts_towards: vec![module("foundation", w("Digital Academy Online Foundation Certificate"))],
        alignments: vec![
            Alignment {
                name: w("User researcher"),
                url: "https://example.org/roles".into(),
                framework: Some(w("DDaT")),
            },
            Alignment { name: w("Not a link"), url: "javascript:alert(1)".into(), framework: None },
        ],
        available_from: day("2026-01-01"),
        withdrawn_on: Some(day("2027-01-01")),
        valid_for_months: Some(36),
        newer: Some(module("user-centred-design", w("User centred design"))),
    }
}

fn endorsements(w: &dyn Fn(&str) -> String) -> Vec<EndorsementLine> {
    let by = |slug: &str, name: &str| OrganisationLink { slug: slug.parse().unwrap(), name: w(name) };
    vec![
        EndorsementLine {
            by: by("example-body", "Example Body"),
            comment: w("A sound introduction for library and knowledge staff."),
            until: day("2027-12-31"),
        },
        EndorsementLine {
            by: by("other-body", "Other Body"),
            comment: String::new(),
            until: day("2026-09-30"),
        },
    ]
}

fn issuer(w: &dyn Fn(&str) -> String) -> IssuerPage {
    let key = |n: u32, retired| KeyLine {
        id: format!("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#key-{n}"),
        algorithm: "Ed25519".into(),
        created: moment("2026-01-01T00:00:00Z"),
        retired,
    };
    IssuerPage {
        organisation: academy(w),
        description: Some(w(
            "Learning in digital, data and technology for everybody who works in health and care.",
        )),
        url: Some(w("https://academy.example.org")),
        email: Some(w("academy@example.org")),
        ods: Some("X26".into()),
        dids: vec!["did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK".into()],
        keys: vec![key(2, None), key(1, Some(moment("2026-06-01T00:00:00Z")))],
        achievements: modules(w),
        endorsements: endorsements(w),
        accredited: vec![Accredited {
            what: module("masterclass", w("Artificial intelligence")),
            by: academy(w),
            from: day("2024-01-01"),
            until: None,
        }],
        answering: Some(Answering {
            ended: academy(w),
            since: day("2026-04-01"),
            by: vec![
                OrganisationLink { slug: "example-north".parse().unwrap(), name: w("Example North") },
                OrganisationLink { slug: "example-south".parse().unwrap(), name: w("Example South") },
            ],
        }),
    }
}
