//! A CPD statement as a signed credential: a badge by its type, so that any verifier of
//! Open Badges reads it, which awards nothing and says as of when it was derived.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use model::{
    catalogue::Catalogue,
    cpd::{
        scheme::{Rules, Scheme},
        standing::balances,
    },
    id::{LearnerId, Slug, StatementId},
    ob::{
        self, AchievementSubject, AchievementType, Criteria, Evidence, ResultDescription, ResultStatus,
        ResultType,
    },
    site::Site,
};
use rust_decimal::Decimal;
use serde_json::Value;
use signing::{Identity, Signed, sign_document};

use crate::{
    CpdPeriod, CpdStatement, IssuingError, Service,
    badge::{holder, identities},
    describe::profile,
    documents::to_value,
};

const AMOUNT: &str = "ext:CpdCredit";

impl Service {
    /// A CPD scheme as the achievement that statements under it are about, by its
    /// present rules. `None` when the catalogue has none such.
    pub fn scheme_document(&self, slug: &Slug) -> Result<Option<Value>, IssuingError> {
        let catalogue = self.catalogue()?;
        let Some(scheme) = catalogue.cpd_schemes.get(slug) else { return Ok(None) };
        let Some(rules) = scheme.rules_on(self.clock.now().date_naive()) else { return Ok(None) };
        Ok(Some(to_value(&about(&self.site, &catalogue, scheme, rules))?))
    }

    /// One period of a learner's CPD statement, the one that holds `day` or else the
    /// latest, signed by the organisation at the root in both forms. It is derived from
    /// the ledger as it stood at `as_of` (or stands now), says so, and is not kept. `None`
    /// when there is no such learner, scheme or period.
    pub fn signed_cpd_statement(
        &self,
        learner: LearnerId,
        scheme: &Slug,
        as_of: Option<DateTime<Utc>>,
        day: Option<NaiveDate>,
    ) -> Result<Option<Signed>, IssuingError> {
        let Some(statement) = self.cpd_statement(learner, scheme, as_of)? else { return Ok(None) };
        let Some(period) = statement.period(day) else { return Ok(None) };
        let Some(rules) = statement.scheme.rules_on(period.standing.span.first) else { return Ok(None) };
        let catalogue = self.catalogue()?;
        let root = self.site.root_issuer();
        let organisation = catalogue.organisations.get(root);
        let organisation = organisation
            .ok_or_else(|| IssuingError::Catalogue(format!("the organisation `{root}` has gone")))?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let identity = Identity::of(&self.site, root, &keys)?;
        let mut issuer = profile(&self.site, organisation);
        issuer.id.clone_from(&identity.data_integrity.issuer_id);
        let id = format!("urn:uuid:{}", StatementId::random(self.entropy.as_ref()));
        let achievement = about(&self.site, &catalogue, &statement.scheme, rules);
        let subject = subject(&statement, period, achievement);
        let description = subject.narrative.clone();
        let mut credential = ob::AchievementCredential::new(ob::contexts(), id, issuer, subject);
        credential.name = Some(title(&statement.scheme));
        credential.description = description;
        credential.valid_from = Some(now.into());
        credential.evidence = period.own_words.iter().map(|words| evidence(&words.text)).collect();
        Ok(Some(sign_document(&to_value(&credential)?, identity, now, &keys, &self.site)?))
    }
}

fn title(scheme: &Scheme) -> String {
    format!("CPD statement: {}", scheme.name)
}

/// The scheme as an achievement, with a description of each result that a period has.
fn about(site: &Site, catalogue: &Catalogue, scheme: &Scheme, rules: &Rules) -> ob::Achievement {
    let id = site.cpd_scheme(&scheme.slug);
    let mut criteria = Criteria::new();
    criteria.narrative = Some(criterion(rules));
    let whose = if scheme.is_sample { " Its figures are samples, and not the body's." } else { "" };
    let description = format!(
        "What a learner's ledger of CPD credit comes to in one period under the scheme, derived from the ledger \
         as of the moment it states. It awards nothing.{whose}"
    );
    let mut achievement = ob::Achievement::new(id.clone(), title(scheme), description, criteria);
    achievement.achievement_type = Some(AchievementType::from(signing::STATEMENT));
    achievement.creator = catalogue.organisations.get(&scheme.body).map(|body| profile(site, body));
    achievement.in_language = Some("en-GB".to_owned());
    let describe = |name: &str, title: String, kind: &str| {
        ResultDescription::new(format!("{id}#{name}"), title, ResultType::from(kind))
    };
    let unit = &rules.unit;
    let mut total = describe("total", format!("CPD credit that counts, in {unit}"), AMOUNT);
    total.required_value = Some(exact(rules.minimum));
    achievement.result_description = vec![
        describe("as-of", "As of when the ledger was read".to_owned(), signing::AS_OF),
        describe("standing", "Whether the period has what it needs".to_owned(), "Status"),
        total,
        describe("carried-in", format!("Taken over from the period before, in {unit}"), AMOUNT),
    ];
    for category in &rules.categories {
        let title = format!("{}: what counts, in {unit}", category.name);
        let mut description = describe(&format!("category-{}", category.slug), title, AMOUNT);
        description.required_value = category.at_least.map(exact);
        description.value_max = category.at_most.map(exact);
        achievement.result_description.push(description);
    }
    if let Some(asked) = rules.statement_words {
        let title = "Words of the learner's own statement".to_owned();
        let mut words = describe("words", title, "ext:WordCount");
        words.required_value = Some(asked.to_string());
        achievement.result_description.push(words);
    }
    achievement
}

fn criterion(rules: &Rules) -> String {
    let mut sentences = vec![format!("At least {} {} in each period.", exact(rules.minimum), rules.unit)];
    for category in &rules.categories {
        let bounds = [("at least", category.at_least), ("at most", category.at_most)];
        for (bound, amount) in bounds.into_iter().filter_map(|(bound, amount)| Some((bound, amount?))) {
            sentences.push(format!("{}: {bound} {}.", category.name, exact(amount)));
        }
    }
    if let Some(words) = rules.statement_words {
        sentences.push(format!("A statement of {words} words of the learner's own."));
    }
    sentences.join(" ")
}

fn subject(statement: &CpdStatement, period: &CpdPeriod, achievement: ob::Achievement) -> AchievementSubject {
    let standing = &period.standing;
    let (span, unit) = (standing.span, &standing.unit);
    let as_of = statement.as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
    let id = achievement.id.clone();
    let mut subject = AchievementSubject::new(achievement);
    subject.id = Some(holder(&statement.learner.stated, statement.learner.subject_id));
    subject.identifier = identities(&statement.learner.stated);
    subject.activity_start_date = Some(midnight(span.first).into());
    subject.activity_end_date = Some(midnight(span.last).into());
    subject.credits_earned = Some(ob::credits(standing.total.max(Decimal::ZERO)));
    subject.narrative = Some(format!(
        "{} of {} {unit} under {}, from {} to {}, as of {as_of}.",
        exact(standing.total),
        exact(standing.minimum),
        statement.scheme.name,
        span.first,
        span.last,
    ));
    let result = |name: &str, value: String| {
        let mut result = ob::Result::new();
        result.result_description = Some(format!("{id}#{name}"));
        result.value = Some(value);
        result
    };
    let mut met = result("standing", if period.is_complete() { "met" } else { "not met" }.to_owned());
    met.status = Some(if period.is_complete() { ResultStatus::Completed } else { ResultStatus::InProgress });
    subject.result = vec![
        result("as-of", as_of),
        met,
        result("total", exact(standing.total)),
        result("carried-in", exact(standing.carried_in)),
    ];
    for category in &standing.categories {
        let Some(slug) = &category.category else { continue };
        subject.result.push(result(&format!("category-{slug}"), exact(category.counts)));
    }
    if period.asked_words.is_some() {
        let count = period.own_words.as_ref().map_or(0, model::cpd::statement::OwnWords::count);
        subject.result.push(result("words", count.to_string()));
    }
    // What was earned, each unit by itself, before anything was converted or capped.
    let lines = standing.lines.iter().map(|counted| &counted.line).chain(&standing.uncounted);
    for (unit, amount) in balances(lines) {
        let name = format!("earned-{unit}");
        let title = format!("CPD credit earned, in {unit}");
        let described = ResultDescription::new(format!("{id}#{name}"), title, ResultType::from(AMOUNT));
        subject.achievement.result_description.push(described);
        subject.result.push(result(&name, exact(amount)));
    }
    subject
}

fn evidence(text: &str) -> Evidence {
    let mut evidence = Evidence::new();
    evidence.name = Some("The learner's own statement".to_owned());
    evidence.narrative = Some(text.to_owned());
    evidence
}

fn exact(amount: Decimal) -> String {
    amount.normalize().to_string()
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
