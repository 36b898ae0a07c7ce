//! Maintenance policies, from their fields.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Catalogue,
    check::Target,
    entries::{Desk, HTTPS, https, one_line, values},
    form::{Faults, Form, Located, Place},
};
use crate::{
    cpd::Unit,
    id::Slug,
    maintenance::{Asks, Cpd, MaintenancePolicy, Reinstatement, Renewal, Rules},
};

/// The most days of a window, a grace or a reminder.
const MOST_DAYS: u32 = 3_650;
/// Fewer days than any month has.
const DAYS_OF_A_MONTH: u32 = 28;

/// A policy, and where its parts stand that only the whole catalogue can judge.
pub(super) struct DraftPolicy {
    policy: MaintenancePolicy,
    place: Place,
    programmes: Vec<Located<Slug>>,
    schemes: Vec<Located<Slug>>,
    /// Categories, each with the unit of its amount.
    categories: Vec<(Located<Slug>, Unit)>,
    /// Achievements that are to be completed again.
    reassessments: Vec<Located<Slug>>,
}

/// What is found in rules on the way.
#[derive(Default)]
struct Named {
    schemes: Vec<Located<Slug>>,
    categories: Vec<(Located<Slug>, Unit)>,
    reassessments: Vec<Located<Slug>>,
}

impl Desk<'_> {
    /// A policy; its rules in the order of their first days.
    pub fn maintenance(&mut self, slug: Slug, mut form: Form<'_>) -> Option<DraftPolicy> {
        let place = form.place.clone();
        let name = form.need("name", "the policy's name, on one line", one_line);
        let body = self.organisation_named(&mut form, "body", None);
        let url = form.may("url", HTTPS, https).map(|url| url.value);
        let is_sample = form.flag("is_sample");
        let achievements = form.slugs("achievements");
        for named in &achievements {
            self.refer(named, Target::Achievement);
        }
        let programmes = form.slugs("programmes");
        for named in &programmes {
            self.refer(named, Target::Programme);
        }
        if achievements.is_empty() && programmes.is_empty() {
            form.place_of_field("achievements").fault(
                self.faults,
                "the policy keeps nothing in force",
                "`achievements`, `programmes`, or both",
            );
        }
        let until = form.optional_date("until");
        let groups = form.groups("rules");
        if groups.is_empty() {
            let detail = "no rules are given";
            form.place_of_field("rules").fault(self.faults, detail, "a list of one or more rules");
        }
        let mut named = Named::default();
        let read: Vec<_> =
            groups.into_iter().map(|group| self.maintenance_rules(group, &mut named)).collect();
        form.finish();
        let mut rules: Vec<Located<Rules>> = read.into_iter().collect::<Option<_>>()?;
        rules.sort_by_key(|rules| rules.value.from);
        self.dated(&rules, until.as_ref());
        let policy = MaintenancePolicy {
            slug,
            name: name?.value,
            body: body?,
            url,
            is_sample,
            achievements: values(achievements),
            programmes: programmes.iter().map(|programme| programme.value.clone()).collect(),
            rules: values(rules),
            until: until.map(|until| until.value),
        };
        let Named { schemes, categories, reassessments } = named;
        Some(DraftPolicy { policy, place, programmes, schemes, categories, reassessments })
    }

    /// Each rule from a day of its own, and the policy not over before it begins.
    fn dated(&self, rules: &[Located<Rules>], until: Option<&Located<NaiveDate>>) {
        for pair in rules.windows(2) {
            if let [first, second] = pair
                && first.value.from == second.value.from
            {
                let detail = format!("two rules begin on {}", second.value.from);
                second.place.fault(self.faults, detail, "each from a day of its own");
            }
        }
        if let (Some(until), Some(last)) = (until, rules.last())
            && until.value < last.value.from
        {
            let detail = format!("ends on {}, before its rules of {} begin", until.value, last.value.from);
            until.place.fault(self.faults, detail, "a day on or after the last `from`");
        }
    }

    fn maintenance_rules(&mut self, mut form: Form<'_>, named: &mut Named) -> Option<Located<Rules>> {
        let place = form.place.clone();
        let from = form.date("from");
        let for_running_terms = form.flag("for_running_terms");
        let valid_months = form.months("valid_months");
        let renewal_place = form.place_of_field("renewal");
        let renewal =
            form.optional_group("renewal").map(|group| self.renewal(group, valid_months, named).ok_or(()));
        let grace_place = form.place_of_field("grace_days");
        let grace_days = form.whole("grace_days", DAYS, 1..=MOST_DAYS);
        let reinstatement_place = form.place_of_field("reinstatement");
        let reinstatement =
            form.optional_group("reinstatement").map(|group| self.reinstatement(group, named).ok_or(()));
        form.finish();
        let parts = [
            ("renewal", renewal.is_some(), &renewal_place),
            ("grace", grace_days.is_some(), &grace_place),
            ("reinstatement", reinstatement.is_some(), &reinstatement_place),
        ];
        if valid_months.is_none() {
            for (part, _, place) in parts.iter().filter(|(_, is_there, _)| *is_there) {
                let detail = format!("there is a {part}, and the badge never ends");
                place.fault(self.faults, detail, "`valid_months` as well, or none of them");
            }
        } else if renewal.is_none() {
            for (part, _, place) in parts.iter().filter(|(_, is_there, _)| *is_there) {
                let detail = format!("there is a {part}, and the badge cannot be renewed");
                place.fault(self.faults, detail, "a `renewal` as well");
            }
        }
        let shortest = valid_months.map(|months| months.saturating_mul(DAYS_OF_A_MONTH));
        if let (Some(grace), Some(shortest)) = (grace_days, shortest)
            && grace >= shortest
        {
            let detail = format!("a grace of {grace} days is as long as the badge holds");
            grace_place.fault(self.faults, detail, format!("fewer than {shortest} days"));
        }
        let rules = Rules {
            from: from?.value,
            for_running_terms,
            valid_months,
            renewal: renewal.transpose().ok()?,
            grace_days: grace_days.unwrap_or_default(),
            reinstatement: reinstatement.transpose().ok()?,
        };
        self.one_unit(&rules, &place);
        Some(Located { value: rules, place })
    }

    fn renewal(
        &mut self,
        mut form: Form<'_>,
        valid_months: Option<u32>,
        named: &mut Named,
    ) -> Option<Renewal> {
        let opens_place = form.place_of_field("opens_days_before");
        let opens = form.whole("opens_days_before", DAYS, 1..=MOST_DAYS);
        if !form.has("opens_days_before") {
            opens_place.fault(self.faults, "it is not said when it opens", DAYS);
        }
        let on_request = form.flag("on_request");
        let asks = self.asks(&mut form, valid_months, Kind::Renewal, named);
        let reminders = self.reminders(&mut form, opens);
        let place = form.place.clone();
        form.finish();
        if let (Some(opens), Some(months)) = (opens, valid_months)
            && opens >= months.saturating_mul(DAYS_OF_A_MONTH)
        {
            let detail =
                format!("the window opens {opens} days before the end, as the badge begins or sooner");
            let expected = format!("fewer than {} days", months.saturating_mul(DAYS_OF_A_MONTH));
            opens_place.fault(self.faults, detail, expected);
        }
        let asks = asks?;
        if asks.is_nothing() && !on_request {
            let detail = "it asks for nothing, so that the badge would never end";
            place.fault(self.faults, detail, "`cpd`, `reassessment` or `on_request: true`");
        }
        Some(Renewal { opens_days_before: opens?, on_request, asks, reminders_days_before: reminders? })
    }

    /// Days before the end, within the window; the most first.
    fn reminders(&self, form: &mut Form<'_>, opens: Option<u32>) -> Option<Vec<u32>> {
        let place = form.place_of_field("reminders_days_before");
        let mut reminders = form.wholes("reminders_days_before", DAYS, 0..=MOST_DAYS)?;
        if let Some(opens) = opens {
            for late in reminders.iter().filter(|days| **days > opens) {
                let detail =
                    format!("a reminder {late} days before the end, and the window opens {opens} before");
                place.fault(self.faults, detail, format!("days from 0 to {opens}"));
            }
        }
        reminders.sort_unstable_by(|a, b| b.cmp(a));
        reminders.dedup();
        Some(reminders)
    }

    fn reinstatement(&mut self, mut form: Form<'_>, named: &mut Named) -> Option<Reinstatement> {
        let place = form.place.clone();
        let within_place = form.place_of_field("within_days");
        let within = form.whole("within_days", DAYS, 1..=MOST_DAYS);
        if !form.has("within_days") {
            within_place.fault(self.faults, "it is not said until when", DAYS);
        }
        let on_request = form.flag("on_request");
        let asks = self.asks(&mut form, None, Kind::Reinstatement, named);
        form.finish();
        let asks = asks?;
        if asks.is_nothing() && !on_request {
            let detail = "it asks for nothing, so that the badge would never lapse";
            place.fault(self.faults, detail, "`cpd`, `reassessment` or `on_request: true`");
        }
        Some(Reinstatement { within_days: within?, on_request, asks })
    }

    fn asks(
        &mut self,
        form: &mut Form<'_>,
        valid_months: Option<u32>,
        kind: Kind,
        named: &mut Named,
    ) -> Option<Asks> {
        let groups = form.groups("cpd");
        let read: Vec<_> =
            groups.into_iter().map(|group| self.cpd(group, valid_months, kind, named)).collect();
        let reassessment =
            form.may("reassessment", "an achievement, by its short name", |text| text.parse().ok());
        if let Some(achievement) = &reassessment {
            self.refer(achievement, Target::Achievement);
            named.reassessments.push(achievement.clone());
        }
        let cpd = read.into_iter().collect::<Option<_>>()?;
        Some(Asks { cpd, reassessment: reassessment.map(|named| named.value) })
    }

    fn cpd(
        &self,
        mut form: Form<'_>,
        valid_months: Option<u32>,
        kind: Kind,
        named: &mut Named,
    ) -> Option<Cpd> {
        if form.has("scheme") {
            let scheme = form.slug("scheme");
            let place = form.place.clone();
            form.finish();
            if kind == Kind::Reinstatement {
                let detail = "a scheme asks by periods, and who has lapsed is between them";
                place.fault(self.faults, detail, "an `amount` and a `unit`");
            }
            let scheme = scheme?;
            named.schemes.push(scheme.clone());
            return Some(Cpd::Scheme { scheme: scheme.value });
        }
        let credit = self.credit_here(&mut form);
        let category = form.may("category", "a category of a CPD scheme", |text| text.parse::<Slug>().ok());
        let every_place = form.place_of_field("every_months");
        let every_months = if kind == Kind::Renewal { form.months("every_months") } else { None };
        let place = form.place_of_field("amount");
        form.finish();
        if let (Some(every), Some(months)) = (every_months, valid_months)
            && every > months
        {
            let detail = format!("a period of {every} months, and the badge holds for {months}");
            every_place.fault(self.faults, detail, "a period that ends before the badge does");
        }
        let credit = credit?;
        if credit.amount().is_zero() {
            place.fault(self.faults, "no credit is asked for", "an amount above 0");
        }
        if let Some(category) = &category {
            named.categories.push((category.clone(), credit.unit().clone()));
        }
        Some(Cpd::Amount { credit, category: category.map(|named| named.value), every_months })
    }

    /// Units never mix: what one rule asks for is in one.
    fn one_unit(&self, rules: &Rules, place: &Place) {
        let renewal = rules.renewal.iter().map(|renewal| &renewal.asks);
        let reinstatement = rules.reinstatement.iter().map(|reinstatement| &reinstatement.asks);
        let amounts = renewal.chain(reinstatement).flat_map(|asks| &asks.cpd).filter_map(|cpd| match cpd {
            Cpd::Amount { credit, .. } => Some(credit.unit()),
            Cpd::Scheme { .. } => None,
        });
        let mut units: Vec<&Unit> = amounts.collect();
        units.sort();
        units.dedup();
        if let [first, second, ..] = units.as_slice() {
            let detail = format!("it asks for {first} and for {second}");
            place.fault(self.faults, detail, "one unit; a CPD scheme converts others");
        }
    }
}

/// What only the whole catalogue can tell; and the achievements that the programmes
/// award.
pub(super) fn resolve(
    drafts: Vec<DraftPolicy>,
    catalogue: &Catalogue,
    faults: &Faults,
) -> BTreeMap<Slug, MaintenancePolicy> {
    let already = catalogue.maintenance.values();
    let mut kept: BTreeMap<Slug, Slug> = already
        .flat_map(|policy| policy.achievements.iter().map(|kept| (kept.clone(), policy.slug.clone())))
        .collect();
    let mut policies = BTreeMap::new();
    for mut draft in drafts {
        for programme in &draft.programmes {
            // One that is not there is another check's.
            if let Some(found) = catalogue.programmes.get(&programme.value)
                && !draft.policy.achievements.contains(&found.achievement)
            {
                draft.policy.achievements.push(found.achievement.clone());
            }
        }
        draft.names(catalogue, faults);
        for achievement in &draft.policy.achievements {
            if let Some(other) = kept.insert(achievement.clone(), draft.policy.slug.clone()) {
                let detail = format!("`{achievement}` is kept in force by `{other}` already");
                draft.place.fault(faults, detail, "each achievement under one policy");
            }
            if catalogue.achievements.get(achievement).is_some_and(|known| known.valid_for_months.is_some()) {
                let detail = format!("`{achievement}` says itself for how long it holds");
                draft.place.fault(
                    faults,
                    detail,
                    "`valid_months` here or `valid_for_months` there, and not both",
                );
            }
        }
        policies.insert(draft.policy.slug.clone(), draft.policy);
    }
    policies
}

impl DraftPolicy {
    fn names(&self, catalogue: &Catalogue, faults: &Faults) {
        for Located { value, place } in &self.schemes {
            if !catalogue.cpd_schemes.contains_key(value) {
                place.fault(faults, format!("there is no CPD scheme `{value}`"), "a scheme of the catalogue");
            }
        }
        for (Located { value, place }, unit) in &self.categories {
            let rules = || catalogue.cpd_schemes.values().flat_map(|scheme| &scheme.rules);
            let having = || rules().filter(|rules| rules.categories.iter().any(|one| one.slug == *value));
            if having().next().is_none() {
                place.fault(faults, format!("no CPD scheme has a category `{value}`"), "a category of one");
            } else if having().all(|rules| rules.unit != *unit) {
                let detail = format!("`{value}` is a category of schemes that do not count in {unit}");
                place.fault(faults, detail, "the unit of the category's scheme");
            }
        }
        for Located { value, place } in &self.reassessments {
            if self.policy.achievements.contains(value) {
                let detail = format!("completing `{value}` again earns a new badge of its own");
                place.fault(faults, detail, "another achievement, such as its assessment");
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Renewal,
    Reinstatement,
}

const DAYS: &str = "a whole number of days, at most 3650";

#[cfg(test)]
mod tests;
