//! Programmes and requirement sets as drafts, from their fields.

use std::collections::BTreeMap;

use super::{
    Programme, RequirementSet, Role,
    check::Target,
    drafts::{Copy, Draft, DraftSet, Lines, Written},
    entries::{Desk, VERSION, one_line, values, version},
    form::{Form, Located, Place},
    yaml::{Node, Value},
};
use crate::{
    id::Slug,
    programme::{self, AllOf, Counting, Credits, NOf, OnRevocation, Open, Rule, Window},
};

/// The version of a programme whose entry gives none.
const FIRST: &str = "1.0";

impl Desk<'_> {
    pub fn programme(&mut self, slug: Slug, mut form: Form<'_>) -> Option<Draft> {
        let place = form.place.clone();
        let version = form.may("version", VERSION, version).map(|version| version.value);
        let version = version.unwrap_or_else(|| FIRST.to_owned());
        let achievement = form.slug("achievement");
        if let Some(named) = &achievement {
            self.refer(named, Target::ProgrammeAward);
        }
        let optional = form.slugs("optional");
        for component in &optional {
            self.refer(component, Target::Achievement);
        }
        let mut lines = Lines::new();
        let written = if form.has("copy_of") {
            let of = form.slug("copy_of");
            let fills = self.fills(&mut form, &mut lines);
            form.finish();
            let (of, achievement) = (of?, achievement?.value);
            Written::Copy(Box::new(Copy { version, achievement, of, fills, optional: values(optional) }))
        } else {
            let rule = AllOf { name: None, rules: self.rules(&mut form, "all_of", "", &mut lines) };
            for component in &optional {
                if rule.achievements().any(|one| *one == component.value) {
                    component.place.fault(
                        self.faults,
                        format!("`{}` counts and is optional at once", component.value),
                        "each achievement in the rule or under `optional`",
                    );
                }
            }
            let mut before = self.rules(&mut form, "prerequisites", "", &mut lines);
            before.retain(|rule| {
                let is_place = matches!(rule, Rule::Place(_));
                if !is_place {
                    form.place_of_field("prerequisites").fault(
                        self.faults,
                        "a prerequisite is a rule",
                        "achievements, with `equivalents` and `prior_learning` if you like",
                    );
                }
                is_place
            });
            let window = self.window(&mut form);
            let counting = form.may("counting", "`shared` or `alone`", |text| match text {
                "shared" => Some(Counting::Shared),
                "alone" => Some(Counting::Alone),
                _ => None,
            });
            let on_revocation = form.may("on_revocation", "`review` or `revoke`", |text| match text {
                "review" => Some(OnRevocation::Review),
                "revoke" => Some(OnRevocation::Revoke),
                _ => None,
            });
            let builds_on =
                form.may("builds_on", "the short name of another programme", |text| text.parse().ok());
            if let Some(named) = &builds_on {
                self.refer(named, Target::Programme);
            }
            lines.insert("all_of".to_owned(), form.place_of_field("all_of"));
            lines.insert("window.until".to_owned(), form.place_of_field("window"));
            form.finish();
            Written::Whole(Box::new(Programme {
                slug: slug.clone(),
                version,
                achievement: achievement?.value,
                rule,
                prerequisites: before
                    .into_iter()
                    .filter_map(|rule| match rule {
                        Rule::Place(place) => Some(place),
                        _ => None,
                    })
                    .collect(),
                optional: values(optional),
                window,
                counting: counting.map(|it| it.value).unwrap_or_default(),
                builds_on: builds_on.map(|slug| slug.value),
                on_revocation: on_revocation.map(|it| it.value).unwrap_or_default(),
                lineage: None,
            }))
        };
        Some(Draft { slug, place, lines, written })
    }

    pub fn requirement(&mut self, slug: Slug, mut form: Form<'_>) -> Option<DraftSet> {
        let place = form.place.clone();
        let version = form.need("version", VERSION, version);
        let name = form.need("name", "the level's name, on one line", one_line);
        let is_sample = form.flag("is_sample");
        let body = self.organisation_named(&mut form, "body", Some(Role::Body));
        let mut lines = Lines::new();
        let rule = AllOf { name: None, rules: self.rules(&mut form, "all_of", "", &mut lines) };
        let window = self.window(&mut form);
        lines.insert("all_of".to_owned(), form.place_of_field("all_of"));
        lines.insert("window.until".to_owned(), form.place_of_field("window"));
        form.finish();
        let set = RequirementSet {
            slug,
            version: version?.value,
            name: name?.value,
            is_sample,
            body: body?,
            rule,
            window,
        };
        Some(DraftSet { set, place, lines })
    }

    fn window(&self, form: &mut Form<'_>) -> Window {
        let months = form.months("window_months");
        let Some(mut inner) = form.optional_group("window") else {
            return Window { months, ..Window::default() };
        };
        if months.is_some() {
            form.place_of_field("window_months").fault(
                self.faults,
                "the window is given twice",
                "`window_months`, or `months` inside `window`",
            );
        }
        let window = Window {
            months: inner.months("months"),
            from: inner.optional_date("from").map(|day| day.value),
            until: inner.optional_date("until").map(|day| day.value),
        };
        inner.finish();
        window
    }

    fn fills(&mut self, form: &mut Form<'_>, lines: &mut Lines) -> BTreeMap<Slug, Vec<Rule>> {
        let Some(fills) = form.optional_group("fills") else { return BTreeMap::new() };
        let mut filled = BTreeMap::new();
        for (slot, parts) in fills.named_parts() {
            let path = format!("fills.{}", slot.value);
            lines.insert(path.clone(), slot.place.clone());
            let rules = parts
                .into_iter()
                .enumerate()
                .filter_map(|(n, (place, node))| self.one_rule(&format!("{path}[{n}]"), &place, node, lines));
            let rules = rules.collect();
            filled.insert(slot.value, rules);
        }
        filled
    }

    /// The rules of a list, below the path `above`.
    fn rules(
        &mut self,
        form: &mut Form<'_>,
        name: &'static str,
        above: &str,
        lines: &mut Lines,
    ) -> Vec<Rule> {
        let dot = if above.is_empty() { "" } else { "." };
        let parts = form.parts(name).into_iter().enumerate();
        let rules = parts.filter_map(|(n, (place, node))| {
            self.one_rule(&format!("{above}{dot}{name}[{n}]"), &place, node, lines)
        });
        rules.collect()
    }

    /// A short name, or a group of fields that says which rule it is.
    fn one_rule(&mut self, path: &str, place: &Place, node: &Node, lines: &mut Lines) -> Option<Rule> {
        lines.insert(path.to_owned(), place.clone());
        if let Value::Text(text) = &node.value {
            let slug = match Slug::new(text.as_str()) {
                Ok(slug) => slug,
                Err(error) => {
                    place.fault(self.faults, error.to_string(), "the short name of an achievement");
                    return None;
                }
            };
            self.refer(&Located { value: slug.clone(), place: place.clone() }, Target::Achievement);
            return Some(Rule::achievement(slug));
        }
        let mut form = Form::new(self.faults, place.clone(), node)?;
        let name = form.may("name", "what people call it, on one line", one_line).map(|name| name.value);
        let rule = if form.has("n_of") {
            let n = form.whole("n_of", "how many of the group: a whole number", 0..=1000);
            let at_level = level(&mut form);
            let from = self.rules(&mut form, "from", path, lines);
            n.map(|n| Rule::NOf(NOf { n, name, at_level, from }))
        } else if form.has("credits") {
            let credit = self.credit(&mut form, "credits");
            let at_level = level(&mut form);
            let from = self.listed(&mut form, "from", path, lines);
            credit.map(|credit| Rule::Credits(Credits { credit, name, at_level, from }))
        } else if form.has("all_of") {
            Some(Rule::AllOf(AllOf { name, rules: self.rules(&mut form, "all_of", path, lines) }))
        } else if form.has("open") {
            let slot = form.slug("open").map(|slot| slot.value);
            let of = self.rules(&mut form, "of", path, lines);
            slot.map(|slot| Rule::Open(Open { slot, name, of }))
        } else {
            let achievement = form.slug("achievement");
            if let Some(named) = &achievement {
                self.refer(named, Target::Achievement);
            }
            let equivalents = self.listed(&mut form, "equivalents", path, lines);
            let prior_learning = self.listed(&mut form, "prior_learning", path, lines);
            achievement.map(|named| {
                Rule::Place(programme::Place { achievement: named.value, equivalents, prior_learning })
            })
        };
        form.finish();
        rule
    }

    /// Achievements, and where each stands.
    fn listed(
        &mut self,
        form: &mut Form<'_>,
        name: &'static str,
        path: &str,
        lines: &mut Lines,
    ) -> Vec<Slug> {
        let slugs = form.slugs(name);
        for (n, slug) in slugs.iter().enumerate() {
            self.refer(slug, Target::Achievement);
            lines.insert(format!("{path}.{name}[{n}]"), slug.place.clone());
        }
        values(slugs)
    }
}

fn level(form: &mut Form<'_>) -> Option<u8> {
    form.whole("at_level", "a level, 1 to 8", 1..=8).and_then(|level| u8::try_from(level).ok())
}
