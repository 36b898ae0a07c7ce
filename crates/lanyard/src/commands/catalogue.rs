//! `lanyard catalogue`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use model::catalogue::Catalogue;

use crate::{cli, context::Context, error::CommandError, output::say, settings::Settings};

/// A picture that cannot be drawn at this width, in pixels, cannot be shown.
const SMALLEST_SHOWN: u32 = 96;

/// Checks the files; with `load`, stores what is new.
pub fn run(settings: Settings, action: cli::Catalogue) -> Result<(), CommandError> {
    let (folder, load) = match action {
        cli::Catalogue::Check { folder } => (folder, false),
        cli::Catalogue::Load { folder } => (folder, true),
    };
    let folder = folder.unwrap_or_else(|| settings.catalogue_dir.clone());
    let catalogue = read(&folder)?;
    say(format_args!(
        "{}: {} organisations, {} achievements, {} programmes, {} accreditations, {} job families; no fault",
        folder.display(),
        catalogue.organisations.len(),
        catalogue.achievements.len(),
        catalogue.programmes.len(),
        catalogue.accreditations.len(),
        catalogue.job_families.len(),
    ));
    if load {
        let context = Context::open(settings)?;
        let change = context.registry.load_catalogue(&catalogue, context.clock.now())?;
        say(format_args!(
            "added {}, revised {}, unchanged {}",
            change.added, change.revised, change.unchanged
        ));
    }
    Ok(())
}

/// Reads and checks a catalogue's folder: every `.yaml` in it, and the pictures
/// they name. Faults are printed, one a line.
pub fn read(folder: &Path) -> Result<Catalogue, CommandError> {
    let mut files = Vec::new();
    let mut pictures = BTreeMap::new();
    for path in files_below(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let is = |ending: &str| path.extension().is_some_and(|extension| extension == ending);
        if is("yaml") || is("yml") || is("svg") {
            let text = fs::read_to_string(&path).map_err(|error| CommandError::file(&path, error))?;
            if is("svg") {
                pictures.insert(name, text);
            } else {
                files.push((name, text));
            }
        }
    }
    if files.is_empty() {
        return Err(CommandError::Usage(format!("there is no .yaml file in {}", folder.display())));
    }
    let mut faults: Vec<String> = pictures
        .iter()
        .filter_map(|(name, svg)| {
            artwork::render::png(svg, SMALLEST_SHOWN).err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    match model::catalogue::read(&files, &|name| pictures.get(name).cloned()) {
        Ok(catalogue) if faults.is_empty() => return Ok(catalogue),
        Ok(_) => {}
        Err(errors) => faults.extend(errors.iter().map(ToString::to_string)),
    }
    Err(complain(faults.into_iter()))
}

/// Prints faults, one a line.
pub fn complain(faults: impl Iterator<Item = String>) -> CommandError {
    let mut count = 0;
    for fault in faults {
        say(fault);
        count += 1;
    }
    say(format_args!("{count} fault(s); nothing was loaded"));
    CommandError::Refused
}

/// Every file below `folder`, sorted, so that faults come in one order.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).map_err(|error| CommandError::file(&next, error))?;
        for entry in entries {
            let path = entry.map_err(|error| CommandError::file(&next, error))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
