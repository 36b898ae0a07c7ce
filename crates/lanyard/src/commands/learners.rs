//! `lanyard learners`.

use issuing::{Authority, Caller};
use model::id::{CredentialId, LearnerId};

use crate::{
    cli::Learners,
    context::Context,
    error::CommandError,
    output::{ask, say},
};

/// Whoever works at the command line: the Academy, under one name.
pub(super) fn operator() -> Caller {
    Caller { client: "operator".to_owned(), authority: Authority::Academy }
}

/// Looks after what is kept of learners.
pub fn run(context: &Context, action: Learners) -> Result<(), CommandError> {
    match action {
        Learners::Erase { learner, badge, revoke, yes } => {
            let learner = match (learner, badge) {
                (Some(learner), _) => id("learner", &learner)?,
                (None, badge) => holder(context, &badge.unwrap_or_default())?,
            };
            erase(context, learner, revoke, yes)
        }
        Learners::EraseAgain => {
            let count = context.service.erase_again()?;
            say(format_args!("{count} learner(s) had come back and are erased again"));
            Ok(())
        }
        Learners::Naming { name } => {
            let groups = context.registry.groups_naming(&name)?;
            for (learner, group) in &groups {
                say(format_args!("{learner}  {group}"));
            }
            if groups.is_empty() {
                say("no team and no board names them");
            }
            Ok(())
        }
    }
}

fn erase(context: &Context, learner: LearnerId, revoke: bool, is_sure: bool) -> Result<(), CommandError> {
    let badges = context.registry.awards_of(learner)?.len();
    let then = if revoke { "are revoked" } else { "stay valid for whoever has kept them" };
    let question = format!(
        "What is kept of the learner {learner} is erased: {badges} badge(s) can no longer be seen or fetched \
         here, and {then}. This cannot be undone.\nType yes to go on: "
    );
    if !is_sure && !ask(&question) {
        return Err(CommandError::Usage("nothing was changed; answer yes, or give --yes".to_owned()));
    }
    let erased = context.service.erase(&operator(), learner, revoke)?;
    let Some(erasure) = erased else {
        return Err(CommandError::Usage(format!("there is no learner {learner}")));
    };
    let when = if erasure.was_already { "had been erased" } else { "was erased" };
    say(format_args!("{learner} {when} at {}", erasure.at));
    for badge in &erasure.revoked {
        say(format_args!("revoked {badge}"));
    }
    Ok(())
}

/// Whose a badge is, by its id or its address.
fn holder(context: &Context, badge: &str) -> Result<LearnerId, CommandError> {
    let credential = credential(badge)?;
    let learner = context.registry.holder_of(credential)?;
    learner.ok_or_else(|| CommandError::Usage(format!("there is no badge {credential}")))
}

/// A credential by its id or its address.
pub(super) fn credential(text: &str) -> Result<CredentialId, CommandError> {
    id("badge", text)
}

/// What is named by its id or its address.
pub(super) fn id<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, CommandError> {
    let id = text.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| CommandError::Usage(format!("`{text}` is not the id of a {what}")))
}
