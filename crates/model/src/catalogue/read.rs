//! From YAML to a [`Catalogue`], or to everything that is wrong with it.

use std::collections::BTreeMap;

use super::{
    Catalogue, CatalogueError, Programme,
    check::{self, Defined},
    drafts,
    entries::Desk,
    form::{Faults, Form, Place},
    maintenance,
    yaml::{self, Node, Value},
};
use crate::id::Slug;

/// Reads catalogue files, each a name (for errors) and a YAML text, in any
/// order; several may add to the same section. `pictures` answers with the SVG
/// document of a picture's name as an entry's `image.file` gives it.
///
/// Answers with every fault of every file, sorted by file and line, if there is
/// one. Whether an SVG is safe is for `artwork` to say, which knows SVG.
pub fn read(
    files: &[(String, String)],
    pictures: &dyn Fn(&str) -> Option<String>,
) -> Result<Catalogue, Vec<CatalogueError>> {
    let faults = Faults::default();
    let documents: Vec<(&str, Node)> = files
        .iter()
        .filter_map(|(file, text)| Some((file.as_str(), document(file, text, &faults)?)))
        .collect();

    let mut desk = Desk { faults: &faults, references: Vec::new(), pictures };
    let mut catalogue = Catalogue::default();
    let mut defined = Defined::default();
    let (mut programmes, mut requirements, mut policies) = (Vec::new(), Vec::new(), Vec::new());
    for (file, node) in &documents {
        let place = Place { file: (*file).to_owned(), line: node.line, field: String::new() };
        let Some(mut form) = Form::new(&faults, place, node) else { continue };
        for (slug, entry) in section(&mut form, "organisations", &mut defined.organisations, &faults) {
            catalogue.organisations.extend(desk.organisation(slug.clone(), entry).map(|it| (slug, it)));
        }
        for (slug, entry) in section(&mut form, "achievements", &mut defined.achievements, &faults) {
            catalogue.achievements.extend(desk.achievement(slug.clone(), entry).map(|it| (slug, it)));
        }
        for (slug, entry) in section(&mut form, "programmes", &mut defined.programmes, &faults) {
            programmes.extend(desk.programme(slug, entry));
        }
        for (slug, entry) in section(&mut form, "requirements", &mut defined.requirements, &faults) {
            requirements.extend(desk.requirement(slug, entry));
        }
        for entry in form.groups("accreditations") {
            catalogue.accreditations.extend(desk.accreditations(entry));
        }
        for (slug, entry) in section(&mut form, "job_families", &mut defined.job_families, &faults) {
            catalogue.job_families.extend(desk.job_family(slug.clone(), entry).map(|it| (slug, it)));
        }
        for (slug, entry) in section(&mut form, "core_skills", &mut defined.core_skills, &faults) {
            catalogue.core_skills.extend(desk.core_skill(slug.clone(), entry).map(|it| (slug, it)));
        }
        for (slug, entry) in section(&mut form, "cpd_schemes", &mut defined.cpd_schemes, &faults) {
            catalogue.cpd_schemes.extend(desk.scheme(slug.clone(), entry).map(|it| (slug, it)));
        }
        for (slug, entry) in section(&mut form, "maintenance", &mut defined.maintenance, &faults) {
            policies.extend(desk.maintenance(slug, entry));
        }
        form.finish();
    }
    let programmes = drafts::resolve(programmes, &catalogue.achievements, &faults);
    for draft in &requirements {
        drafts::check_set(draft, &catalogue.achievements, &faults);
    }
    check::successions(&catalogue, &defined, &faults);
    check::references(&desk.references, &catalogue, &defined, &faults);
    check::programmes(&programmes, &faults);
    catalogue.requirements = requirements.into_iter().map(|it| (it.set.slug.clone(), it.set)).collect();
    catalogue.programmes = programmes.into_iter().map(|it| (it.value.slug.clone(), it.value)).collect();
    catalogue.maintenance = maintenance::resolve(policies, &catalogue, &faults);
    concluded(catalogue, faults)
}

/// Reads a file of `achievements`, `programmes`, `requirements` and `maintenance` as changes to a
/// published catalogue: what it defines takes the place of what was there, and
/// copies of its blueprints follow. Answers as [`read()`]; what is wrong with a
/// published entry then is told of `the published catalogue`.
pub fn amend(
    published: &Catalogue,
    file: &str,
    text: &str,
    pictures: &dyn Fn(&str) -> Option<String>,
) -> Result<Catalogue, Vec<CatalogueError>> {
    let faults = Faults::default();
    let mut catalogue = published.clone();
    let (mut drafts, mut requirements, mut policies) = (Vec::new(), Vec::new(), Vec::new());
    let mut desk = Desk { faults: &faults, references: Vec::new(), pictures };
    let mut defined = Defined::default();
    if let Some(node) = document(file, text, &faults) {
        let place = Place { file: file.to_owned(), line: node.line, field: String::new() };
        if let Some(mut form) = Form::new(&faults, place, &node) {
            for (slug, entry) in section(&mut form, "achievements", &mut defined.achievements, &faults) {
                catalogue.achievements.extend(desk.achievement(slug.clone(), entry).map(|it| (slug, it)));
            }
            for (slug, entry) in section(&mut form, "programmes", &mut defined.programmes, &faults) {
                drafts.extend(desk.programme(slug, entry));
            }
            for (slug, entry) in section(&mut form, "requirements", &mut defined.requirements, &faults) {
                requirements.extend(desk.requirement(slug, entry));
            }
            for (slug, entry) in section(&mut form, "maintenance", &mut defined.maintenance, &faults) {
                policies.extend(desk.maintenance(slug, entry));
            }
            form.finish();
        }
    }
    let is_kept = |programme: &&Programme| !defined.programmes.contains_key(&programme.slug);
    let kept = published.programmes.values().filter(is_kept);
    drafts.extend(kept.map(|programme| drafts::Draft::published(programme, published)));
    let programmes = drafts::resolve(drafts, &catalogue.achievements, &faults);
    for draft in &requirements {
        drafts::check_set(draft, &catalogue.achievements, &faults);
    }
    defined.add(published);
    check::references(&desk.references, &catalogue, &defined, &faults);
    check::programmes(&programmes, &faults);
    catalogue.requirements.extend(requirements.into_iter().map(|it| (it.set.slug.clone(), it.set)));
    catalogue.programmes = programmes.into_iter().map(|it| (it.value.slug.clone(), it.value)).collect();
    catalogue.maintenance.retain(|slug, _| !defined.maintenance.contains_key(slug));
    let changed = maintenance::resolve(policies, &catalogue, &faults);
    catalogue.maintenance.extend(changed);
    concluded(catalogue, faults)
}

fn concluded(catalogue: Catalogue, faults: Faults) -> Result<Catalogue, Vec<CatalogueError>> {
    let mut faults = faults.into_inner();
    faults.sort();
    if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
}

/// The file's tree; `None` for an empty file, or for one that is not YAML.
fn document(file: &str, text: &str, faults: &Faults) -> Option<Node> {
    match yaml::parse(text) {
        Ok(Node { value: Value::Null, .. }) => None,
        Ok(node) => Some(node),
        Err(error) => {
            let place = Place { file: file.to_owned(), line: error.line, field: "the file".to_owned() };
            place.fault(faults, error.detail, "YAML as docs/catalogue.md shows it");
            None
        }
    }
}

/// The entries of a section that no file before has defined.
fn section<'a>(
    form: &mut Form<'a>,
    name: &'static str,
    defined: &mut BTreeMap<Slug, Place>,
    faults: &Faults,
) -> Vec<(Slug, Form<'a>)> {
    let Some(section) = form.optional_group(name) else { return Vec::new() };
    let mut entries = section.named_groups();
    entries.retain(|(slug, entry)| {
        if let Some(first) = defined.get(slug) {
            entry.place.fault(
                faults,
                format!("defined already, in {} on line {}", first.file, first.line),
                "each name once; remove or rename one",
            );
            return false;
        }
        defined.insert(slug.clone(), entry.place.clone());
        true
    });
    entries
}
