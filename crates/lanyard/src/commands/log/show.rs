use proof::log::{Checkpoint, SignedNote, VerifierKey};
use serde_json::json;

use crate::{
    context::Context,
    error::CommandError,
    output::{say, say_json},
};

/// Prints the log's name, keys and state.
pub fn run(context: &Context, as_json: bool) -> Result<(), CommandError> {
    let service = &context.service;
    let failed = |error: issuing::IssuingError| CommandError::Usage(error.to_string());
    let note = service.log_checkpoint(None).map_err(failed)?;
    let stated = note.as_ref().map(Checkpoint::of).transpose();
    let stated = stated.map_err(|error| CommandError::Usage(error.to_string()))?;
    let waiting = context.registry.log_waiting()?;
    let keys: Vec<String> = service.log_keys().iter().map(ToString::to_string).collect();
    let witnesses = signed_by(note.as_ref(), &context.settings.log_witnesses);
    if as_json {
        say_json(&json!({
            "origin": service.log_origin(),
            "keys": keys,
            "size": stated.as_ref().map_or(0, |stated| stated.size),
            "root": stated.as_ref().map(|stated| stated.root.to_string()),
            "waiting": waiting,
            "witnesses": witnesses.iter().map(|(name, signed)| json!({"key": name, "signed": signed})).collect::<Vec<_>>(),
            "checkpoint": note.as_ref().map(ToString::to_string),
        }));
        return Ok(());
    }
    say(format_args!("log      {}", service.log_origin()));
    for key in keys {
        say(format_args!("key      {key}"));
    }
    for (name, signed) in witnesses {
        say(format_args!(
            "witness  {name}  {}",
            if signed { "signed the last checkpoint" } else { "has not signed yet" }
        ));
    }
    say(format_args!("waiting  {waiting} entries"));
    match (stated, note) {
        (Some(stated), Some(note)) => say(format_args!("size     {} entries\n\n{note}", stated.size)),
        _ => say("size     no entries yet"),
    }
    Ok(())
}

/// For each witness that is known, whether it signed.
fn signed_by(note: Option<&SignedNote>, witnesses: &[VerifierKey]) -> Vec<(String, bool)> {
    let signed = |key: &VerifierKey| note.is_some_and(|note| note.is_signed_by(key) == Ok(true));
    witnesses.iter().map(|key| (key.to_string(), signed(key))).collect()
}
