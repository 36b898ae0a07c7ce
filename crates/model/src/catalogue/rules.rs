//! Programmes and requirement sets, from their fields.

use std::collections::BTreeMap;

use super::{
    AchievementDefinition, Catalogue, Programme, RequirementSet, Role,
    check::Target,
    entries::{Desk, VERSION, one_line, values, version},
    form::{Faults, Form, Located, Place},
    yaml::{Node, Value},
};
use crate::{
    id::Slug,
    programme::{self, AllOf, Counting, Credits, NOf, OnRevocation, Open, Rule, RuleFault, Window},
};

/// A programme as it was written: whole, or as a copy of another.
pub(super) struct Draft {
    slug: Slug,
    place: Place,
    /// Where each part of its rule stands, by its path.
    lines: BTreeMap<String, Place>,
    written: Written,
}

enum Written {
    Whole(Box<Programme>),
    Copy(Box<Copy>),
}

struct Copy {
    version: String,
    achievement: Slug,
    of: Located<Slug>,
    fills: BTreeMap<Slug, Vec<Rule>>,
    optional: Vec<Slug>,
}

/// A requirement set, and where each part of its rule stands.
pub(super) struct DraftSet {
    pub set: RequirementSet,
    place: Place,
    lines: BTreeMap<String, Place>,
}

type Lines = BTreeMap<String, Place>;

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

impl Draft {
    /// A published programme, as if it were written once more.
    pub(super) fn published(programme: &Programme, catalogue: &Catalogue) -> Self {
        let slug = programme.slug.clone();
        let place = Place {
            file: "the published catalogue".to_owned(),
            line: 0,
            field: format!("programmes.{slug}"),
        };
        let written = match &programme.lineage {
            None => Written::Whole(Box::new(programme.clone())),
            Some(lineage) => {
                let blueprint = catalogue.programmes.get(&lineage.blueprint);
                let is_own = |one: &&Slug| blueprint.is_none_or(|it| !it.optional.contains(one));
                Written::Copy(Box::new(Copy {
                    version: lineage.own_version.clone(),
                    achievement: programme.achievement.clone(),
                    of: Located { value: lineage.blueprint.clone(), place: place.clone() },
                    fills: lineage.fills.clone(),
                    optional: programme.optional.iter().filter(is_own).cloned().collect(),
                }))
            }
        };
        Self { slug, place, lines: Lines::new(), written }
    }
}

fn level(form: &mut Form<'_>) -> Option<u8> {
    form.whole("at_level", "a level, 1 to 8", 1..=8).and_then(|level| u8::try_from(level).ok())
}

/// Makes every copy from its blueprint, and says what forbids publishing.
pub(super) fn resolve(
    drafts: Vec<Draft>,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) -> Vec<Located<Programme>> {
    let mut done: BTreeMap<Slug, Located<Programme>> = BTreeMap::new();
    let (mut waiting, known): (Vec<Draft>, Vec<Slug>) = {
        let known = drafts.iter().map(|draft| draft.slug.clone()).collect();
        (drafts, known)
    };
    loop {
        let before = waiting.len();
        let mut later = Vec::new();
        for draft in waiting {
            match made(draft, &done, achievements, faults) {
                Ok(Some(programme)) => {
                    done.insert(programme.value.slug.clone(), programme);
                }
                Ok(None) => {}
                Err(draft) => later.push(draft),
            }
        }
        waiting = later;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for Draft { place, written, .. } in &waiting {
        let Written::Copy(copy) = written else { continue };
        // A blueprint that could not be read has faults of its own.
        if waiting.iter().any(|other| other.slug == copy.of.value) {
            let detail = format!("copies of each other: {} \u{2192} \u{2026}", copy.of.value);
            place.fault(faults, detail, "a blueprint that is not made, by any way, of its own copy");
        } else if !known.contains(&copy.of.value) {
            copy.of.place.fault(
                faults,
                format!("there is no programme `{}`", copy.of.value),
                "a programme of the catalogue, by its short name",
            );
        }
    }
    done.into_values().collect()
}

/// The programme of a draft; `Ok(None)` if it has faults, the draft again if its
/// blueprint is not made yet.
fn made(
    draft: Draft,
    done: &BTreeMap<Slug, Located<Programme>>,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) -> Result<Option<Located<Programme>>, Draft> {
    let programme = match &draft.written {
        Written::Whole(programme) => (**programme).clone(),
        Written::Copy(copy) => {
            let Some(blueprint) = done.get(&copy.of.value) else { return Err(draft) };
            let made = programme::resolve(
                &blueprint.value,
                draft.slug.clone(),
                copy.version.clone(),
                copy.achievement.clone(),
                copy.fills.clone(),
                copy.optional.clone(),
            );
            match made {
                Ok(programme) => programme,
                Err(errors) => {
                    for error in errors {
                        copy.of.place.fault(
                            faults,
                            error.to_string(),
                            "a programme with `open` parts, and `fills` for those alone",
                        );
                    }
                    return Ok(None);
                }
            }
        }
    };
    let is_copy = programme.lineage.is_some();
    let slots = if is_copy { slots(&programme.rule) } else { Vec::new() };
    let mut told = programme::faults(&programme, achievements);
    for fault in &mut told {
        for (open, slot) in &slots {
            // What is wrong with the part itself, or with something in it.
            if fault.path == *open {
                fault.path = format!("fills.{slot}");
            } else if let Some(within) = fault.path.strip_prefix(&format!("{open}.of")) {
                fault.path = format!("fills.{slot}{within}");
            }
        }
    }
    tell(&told, &draft.place, &draft.lines, faults);
    let place =
        draft.lines.get("all_of").or_else(|| draft.lines.get("fills")).unwrap_or(&draft.place).clone();
    Ok(Some(Located { value: programme, place }))
}

/// What forbids publishing a requirement set.
pub(super) fn check_set(
    draft: &DraftSet,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) {
    tell(&programme::requirement_faults(&draft.set, achievements), &draft.place, &draft.lines, faults);
}

/// The paths of what copies may fill, each with its slot.
fn slots(rule: &AllOf) -> Vec<(String, Slug)> {
    fn below(path: &str, rule: &Rule, found: &mut Vec<(String, Slug)>) {
        if let Rule::Open(open) = rule {
            found.push((path.to_owned(), open.slot.clone()));
        }
        for (path, rule) in rule.children(path) {
            below(&path, rule, found);
        }
    }
    let mut found = Vec::new();
    for (path, rule) in rule.paths() {
        below(&path, rule, &mut found);
    }
    found
}

fn tell(told: &[RuleFault], place: &Place, lines: &Lines, faults: &Faults) {
    // Names that nothing defines are told, with a hint, by those who look for them.
    for fault in told.iter().filter(|fault| fault.code != "unknown-achievement") {
        let line = nearest(&fault.path, lines).map_or(place.line, |place| place.line);
        let at = place.below(line, &fault.path);
        at.fault(faults, fault.detail.clone(), fault.expected.clone());
    }
}

/// Where the path stands, or the nearest part around it that is known.
fn nearest<'l>(path: &str, lines: &'l Lines) -> Option<&'l Place> {
    let mut path = path;
    loop {
        if let Some(place) = lines.get(path) {
            return Some(place);
        }
        path = path.rsplit_once(['.', '[']).map(|(above, _)| above)?;
    }
}
